from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from infitah.ground.accounts.models import Role
from infitah.lib.forms import LocalizedFormField, Select, key, words

from . import queries
from .catalog import ADDRESSED, FILTERS


def filters() -> dict[str, forms.Field]:
    """The fields by which the board is narrowed."""
    found = queries.filter_choices()
    fields: dict[str, forms.Field] = {}
    for name in [name for name in FILTERS if name in found]:
        options = [("", _("All")), *found[name]]
        fields[name] = forms.ChoiceField(label=FILTERS[name], choices=options, required=False, widget=Select)
    fields["q"] = forms.CharField(label=FILTERS["q"], required=False, widget=forms.SearchInput, max_length=100)
    return fields


class Filter(forms.Form):
    """What the board can be narrowed to."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields.update(filters())

    def chosen(self) -> dict[str, Any]:
        """What was chosen; an impossible choice narrows nothing."""
        self.is_valid()
        return self.cleaned_data


class Letter(forms.Form):
    """What is written to whom: the members as on the board, and the roles held there."""

    subject = LocalizedFormField(label=_("Subject"), max_length=120)
    text = LocalizedFormField(label=_("Text"), rows=6, max_length=4000)
    roles = forms.MultipleChoiceField(
        label=_("Written to"),
        choices=[(role.value, role.label) for role in ADDRESSED],
        widget=forms.CheckboxSelectMultiple,
        initial=[Role.FOCAL_POINT],
    )
    key = key()

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        found = filters()
        next(iter(found.values())).help_text = _(
            "Which members? Those that fit all that follows; “All” leaves no one out."
        )
        self.fields.update(found)

    def chosen(self) -> dict[str, Any]:
        """The members chosen, as on the board."""
        return {name: self.cleaned_data[name] for name in FILTERS}

    def segment(self) -> dict[str, Any]:
        """To whom, as it is kept: the roles, and each filter that was set."""
        return {name: self.cleaned_data[name] for name in ["roles", *FILTERS] if self.cleaned_data[name]}


class Noted(forms.Form):
    """What was said on the phone."""

    note = words(_("What was said"), rows=2, required=False, longest=1000)
    key = key()
