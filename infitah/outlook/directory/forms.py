from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from infitah.lib.forms import Select
from infitah.network.membership.models import Member

from . import queries

ALL = [("", _("All"))]
TYPES = [("region", _("Region")), ("province", _("Prefecture or province")), ("commune", _("Commune"))]
MILIEUX = [("urban", _("Urban")), ("rural", _("Rural"))]
STATUSES = [(status.value, status.label) for status in Member.Status if status != Member.Status.ADMITTED]


def choice(label: Any, choices: Any = ()) -> forms.ChoiceField:
    """A list to choose from, or all."""
    return forms.ChoiceField(label=label, required=False, choices=[*ALL, *choices], widget=Select)


class Filter(forms.Form):
    """What the directory can be narrowed to."""

    q = forms.CharField(label=_("Name"), required=False, widget=forms.SearchInput, max_length=100)
    region = choice(_("Region"))
    kind = choice(_("Type"), TYPES)
    milieu = choice(_("Milieu"), MILIEUX)
    cohort = choice(_("Cohort"))
    step = choice(_("Step of the programme"))
    status = choice(_("Status"), STATUSES)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        found = {"region": queries.regions(), "cohort": queries.cohorts(), "step": queries.steps()}
        for name, choices in found.items():
            self.fields[name].choices = [*ALL, *choices]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, Any]:
        """What was chosen; an impossible choice narrows nothing."""
        self.is_valid()
        return self.cleaned_data
