from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from infitah.lib.forms import LocalizedFormField

from .models import PROMISES, Meeting


def moment(label: str, *, required: bool = True) -> forms.DateTimeField:
    """A day and a time, by the clock of the country."""
    chooser = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, required=required, widget=chooser, input_formats=["%Y-%m-%dT%H:%M"])


class Announcement(forms.Form):
    """A meeting: what, where, when, and what those who come may expect."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    title = LocalizedFormField(label=_("Subject of the meeting"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind of meeting"), choices=Meeting.Kind.choices, initial=Meeting.Kind.WORKSHOP)
    influence = forms.ChoiceField(
        label=_("What may people expect?"),
        widget=forms.RadioSelect,
        choices=list(PROMISES.items()),
    )
    venue = LocalizedFormField(label=_("Where?"), max_length=200)
    starts_at = moment(_("Begins"))
    ends_at = moment(_("Ends"), required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        starts_at, ends_at = given.get("starts_at"), given.get("ends_at")
        if starts_at and ends_at and ends_at <= starts_at:
            self.add_error("ends_at", _("A meeting ends after it begins."))
        if starts_at and starts_at.year > timezone.localdate().year + 2:
            self.add_error("starts_at", _("This is more than two years away. Check the year."))
        return given


class Attendance(forms.Form):
    """How many came."""

    participants = forms.IntegerField(label=_("How many people came?"), min_value=0, max_value=100_000)
