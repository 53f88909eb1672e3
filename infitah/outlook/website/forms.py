from django import forms
from django.utils.translation import gettext_lazy as _

from . import queries


class Search(forms.Form):
    """What is looked for, and of what kind."""

    q = forms.CharField(
        label=_("Words"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "dir": "auto", "enterkeyhint": "search"}),
    )
    kind = forms.CharField(required=False, widget=forms.HiddenInput)

    def asked(self) -> tuple[str, str]:
        """The words and the kind; nothing where they cannot be read."""
        if not self.is_valid():
            return "", ""
        kind = self.cleaned_data["kind"]
        return self.cleaned_data["q"].strip(), kind if kind in dict(queries.kinds()) else ""
