from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from infitah.lib.forms import Select

from . import queries


class Filter(forms.Form):
    """What the directory can be narrowed to."""

    q = forms.CharField(label=_("Name"), required=False, widget=forms.SearchInput, max_length=100)
    region = forms.ChoiceField(label=_("Region"), required=False, widget=Select)
    kind = forms.ChoiceField(label=_("Type"), required=False, widget=Select)
    milieu = forms.ChoiceField(label=_("Milieu"), required=False, widget=Select)
    cohort = forms.ChoiceField(label=_("Cohort"), required=False, widget=Select)
    step = forms.ChoiceField(label=_("Step of the programme"), required=False, widget=Select)
    open = forms.ChoiceField(label=_("Open now"), required=False, widget=Select)
    status = forms.ChoiceField(label=_("Status"), required=False, widget=Select)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for name, choices in queries.choices().items():
            self.fields[name].choices = [("", _("All")), *choices]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, Any]:
        """What was chosen; an impossible choice narrows nothing."""
        self.is_valid()
        return self.cleaned_data
