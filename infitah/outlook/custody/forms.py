import re

from django import forms
from django.utils.translation import gettext_lazy as _

from infitah.lib import text


class ReceiptForm(forms.Form):
    """A receipt, as read from paper."""

    receipt = forms.CharField(
        label=_("Receipt number"),
        help_text=_("Eight letters and digits, such as 4K7-2QM-9T. Capitals, hyphens and spaces do not matter."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "dir": "ltr"}),
    )

    def clean_receipt(self) -> str:
        read = text.read_receipt(self.cleaned_data["receipt"])
        if read is None and len(re.sub(r"[\W_]", "", self.cleaned_data["receipt"])) != text.LENGTH:
            raise forms.ValidationError(_("A receipt has eight letters and digits. Compare it with the paper."))
        if read is None:
            raise forms.ValidationError(
                _("There is a slip in this number: its last sign does not fit the others. Compare it with the paper.")
            )
        return read
