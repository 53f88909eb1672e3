from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from infitah.ground.organisations.models import Organisation
from infitah.lib.forms import LEAST, LocalizedFormField, Select, day, email, moment, past, seen, words
from infitah.lib.states import mark
from infitah.lib.text import clean

from . import queries
from .models import Cycle, Phase, Programme, Seat

MOST_AXES = 8
SPARE_AXES = 2


class Preparation(forms.Form):
    """The beginning of a programme."""

    cycle = forms.ModelChoiceField(Cycle.objects.none(), label=_("Cycle"), empty_label=None)
    title = LocalizedFormField(label=_("Title of the programme"), max_length=200)

    def __init__(self, cycles: Any, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["cycle"].queryset = cycles  # type: ignore[attr-defined]


class Axes(forms.Form):
    """The priority axes, in order, and what the consultative bodies said of them."""

    opinion_by = LocalizedFormField(
        label=_("Consultative bodies heard"),
        help_text=_("For a commune, the body for equity, equal opportunity and gender."),
        max_length=300,
        required=False,
    )
    opinion_on = day(_("Day of their opinion"), required=False)
    opinion = LocalizedFormField(label=_("What they said of the axes"), rows=3, required=False)
    seen = seen()

    def __init__(self, programme: Programme, *arguments: Any, **options: Any) -> None:
        worded = list(programme.axes.all())
        initial: dict[str, Any] = {f"axis_{axis.number}": axis.name for axis in worded}
        heard = {name: getattr(programme, name) for name in ("opinion", "opinion_by", "opinion_on")}
        initial |= {**heard, "seen": mark(programme, "axes", *heard)}
        super().__init__(*arguments, initial=initial, **options)
        shown = min(MOST_AXES, max(4, len(worded) + SPARE_AXES))
        axes: dict[str, forms.Field] = {}
        for number in range(1, shown + 1):
            label = _("Axis %(number)s") % {"number": number}
            required = number <= max(1, len(worded))
            axes[f"axis_{number}"] = LocalizedFormField(label=label, max_length=200, required=required)
        self.fields = {**axes, **self.fields}

    def clean_opinion_on(self) -> date | None:
        return past(self.cleaned_data["opinion_on"])

    def arguments(self) -> dict[str, Any]:
        """What `actions.word_axes` asks for."""
        given = dict(self.cleaned_data)
        names = [given.pop(name) for name in list(given) if name.startswith("axis_")]
        return {"names": [name for name in names if name], **given}


class Calendar(forms.Form):
    """The planned days of all phases: one left empty is not planned yet, one that has begun is not planned again."""

    def __init__(self, programme: Programme, *arguments: Any, **options: Any) -> None:
        self.planned = {phase.kind: phase for phase in programme.phases.all()}
        initial: dict[str, Any] = {}
        for kind, phase in self.planned.items():
            initial |= {f"{kind}_from": phase.planned_from, f"{kind}_until": phase.planned_until}
        super().__init__(*arguments, initial=initial, **options)
        for kind in Phase.Kind:
            phase = self.planned.get(kind)
            state = {"required": phase is not None, "disabled": phase is not None and phase.has_begun()}
            self.fields[f"{kind}_from"] = day(_("From"), **state)
            self.fields[f"{kind}_until"] = day(_("Until"), **state)

    def rows(self) -> Iterator[dict[str, Any]]:
        """Each phase with its two fields, and itself with its real days if it is planned."""
        for kind in Phase.Kind:
            fields = {"begins": self[f"{kind}_from"], "ends": self[f"{kind}_until"]}
            phase = self.planned.get(kind)
            days = queries.span(phase) if phase else None
            yield {"kind": kind.value, "name": kind.label, "phase": phase, "days": days, **fields}

    def clean(self) -> None:
        before: date | None = None
        for kind in Phase.Kind:
            begins, ends = self.cleaned_data.get(f"{kind}_from"), self.cleaned_data.get(f"{kind}_until")
            if bool(begins) != bool(ends) and not self.errors:
                self.add_error(f"{kind}_until", _("Give both days, or neither."))
            if begins and ends and ends < begins:
                self.add_error(f"{kind}_until", _("A phase ends after it begins."))
            if begins and before and begins < before:
                self.add_error(f"{kind}_from", _("A phase does not begin before the one that comes before it."))
            before = begins or before

    def arguments(self) -> dict[str, tuple[date, date]]:
        """The phases whose days have changed, for `actions.plan`."""
        given = self.cleaned_data
        return {
            kind.value: (given[f"{kind}_from"], given[f"{kind}_until"])
            for kind in Phase.Kind
            if given[f"{kind}_from"] and {f"{kind}_from", f"{kind}_until"} & set(self.changed_data)
        }


class Shift(forms.Form):
    """Other moments than planned, and why."""

    opens_at = moment(_("Opens"))
    closes_at = moment(_("Closes"))
    reason = words(_("Reason"), _("Residents read it beside the new dates."), rows=2, longest=500, shortest=LEAST)

    def clean(self) -> None:
        opens, closes = self.cleaned_data.get("opens_at"), self.cleaned_data.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("A phase ends after it begins."))


class SettingUp(forms.Form):
    """The decision that sets up the follow-up committee."""

    set_up_on = day(_("Set up on"))
    decision = forms.CharField(
        label=_("Decision"), help_text=_("Its number, or where it was taken."), max_length=200, required=False
    )

    def clean_set_up_on(self) -> date:
        return past(self.cleaned_data["set_up_on"])


def represented() -> forms.ModelChoiceField:
    """A field for the organisation that somebody sits for; its form says which there are."""
    help_text = _("If it is registered and verified here: the seat then leads to its page.")
    told: dict[str, Any] = {"label": _("Organisation"), "help_text": help_text, "empty_label": _("None, or not listed")}
    return forms.ModelChoiceField(Organisation.objects.none(), required=False, widget=Select, **told)


class Seating(forms.Form):
    """A new seat on the committee."""

    side = forms.ChoiceField(label=_("Side"), choices=Seat.Side.choices, widget=forms.RadioSelect)
    name = forms.CharField(
        label=_("Name"),
        help_text=_("It is public, because the function is."),
        max_length=120,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    function = LocalizedFormField(label=_("Function"), max_length=200)
    gender = forms.ChoiceField(
        label=_("Gender"),
        help_text=_("If the member wishes it. Never shown beside a name: only the number of women and of men is."),
        choices=[("", _("Not said")), *Seat.Gender.choices],
        required=False,
    )
    organisation = represented()
    since = day(_("Since"))
    email = email(
        _("E-mail of the member"),
        _("Opens an account with which the member follows, rates and evaluates the programme. Never shown."),
        required=False,
        is_own=False,
    )

    def __init__(self, programme: Programme, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["organisation"].queryset = queries.seatable(programme)  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        name = clean(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(_("Write a name."))
        return name


class Representing(forms.Form):
    """For which organisation somebody sits."""

    organisation = represented()

    def __init__(self, programme: Programme, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["organisation"].queryset = queries.seatable(programme)  # type: ignore[attr-defined]


class Ending(forms.Form):
    """The day on which a seat ends."""

    until = day(_("Until"))

    def clean_until(self) -> date:
        return past(self.cleaned_data["until"])
