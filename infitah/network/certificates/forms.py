from django import forms
from django.utils.translation import gettext_lazy as _

from infitah.lib import text


class OwnName(forms.Form):
    """The name to print."""

    name = forms.CharField(
        label=_("Name to print on the certificate"),
        help_text=_("As you want it read. It is printed and not kept: only its initials are."),
        max_length=80,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "name"}),
    )
    language = forms.ChoiceField(
        label=_("Language of the certificate"),
        widget=forms.RadioSelect,
        choices=[("ar", "العربية"), ("fr", "Français")],
    )

    def clean_name(self) -> str:
        name = text.clean(self.cleaned_data["name"])
        if not text.fold(name):
            raise forms.ValidationError(_("Write a name with letters."))
        return name


class Verification(forms.Form):
    """The code of a certificate, as read from paper."""

    code = forms.CharField(
        label=_("Code of the certificate"),
        help_text=_("Eight letters and digits, such as 4K7-2QM-9T. Capitals, hyphens and spaces do not matter."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "dir": "ltr"}),
    )

    def clean_code(self) -> str:
        read = text.read_receipt(self.cleaned_data["code"])
        if read is None:
            raise forms.ValidationError(_("One character of this code is wrong or missing. Compare it with the paper."))
        return read


class NameCheck(forms.Form):
    """The name on the paper, compared with what was printed."""

    name = forms.CharField(label=_("Name on the paper"), max_length=80, widget=forms.TextInput(attrs={"dir": "auto"}))
