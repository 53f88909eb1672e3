from django import forms
from django.utils.translation import gettext_lazy as _

from infitah.lib import text


class Find(forms.Form):
    """What people type to find their commune."""

    q = forms.CharField(
        label=_("Find your commune"),
        help_text=_("In Arabic or French, any spelling."),
        max_length=100,
        required=False,
        widget=forms.TextInput(
            attrs={"type": "search", "dir": "auto", "autocomplete": "off", "enterkeyhint": "search"}
        ),
    )

    def clean_q(self) -> str:
        return text.clean(self.cleaned_data["q"])
