from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from infitah.ground.accounts.models import Person
from infitah.ground.organisations.queries import voices
from infitah.journey.programmes.models import Axis, Programme
from infitah.lib.errors import TooMuch
from infitah.lib.forms import SHORTEST, Select, in_whose_name, key, shown_name, told_at, words
from infitah.lib.i18n import Written
from infitah.network.meetings.models import Meeting
from infitah.network.meetings.queries import begun

from .models import Channel, Idea, Outcome
from .queries import latest_decision


class Submission(forms.Form):
    """The three questions, and what may be added."""

    key = key()
    axis = forms.ModelChoiceField(
        Axis.objects.none(), label=_("What is it about?"), widget=forms.RadioSelect, empty_label=None
    )
    problem = words(
        _("What is the problem?"), _("What do you see, where, since when? In any language."), shortest=SHORTEST
    )
    solution = words(_("What do you propose?"), _("What should your commune do about it?"), shortest=SHORTEST)
    where = forms.CharField(label=_("Where is it?"), max_length=200, required=False)
    pseudonym = shown_name()
    email = told_at()

    def __init__(self, programme: Programme, *arguments: Any, by: Person | None = None, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["axis"].queryset = programme.axes.all()  # type: ignore[attr-defined]
        if by:
            del self.fields["email"], self.fields["pseudonym"]
        in_whose_name(self, voices(by))


class Entry(forms.Form):
    """One row of a workshop's sheet; what stays the same from row to row comes first."""

    STICKY = ("channel", "workshop", "axis")

    key = key()
    channel = forms.ChoiceField(label=_("How it came"), choices=Channel.entered(), initial=Channel.WORKSHOP)
    workshop = forms.ModelChoiceField(
        Meeting.objects.none(), label=_("Workshop"), required=False, empty_label=_("None, or not listed")
    )
    axis = forms.ModelChoiceField(Axis.objects.none(), label=_("Axis"), empty_label=None)
    problem = words(_("Problem"), widget=forms.TextInput(attrs={"dir": "auto"}), shortest=SHORTEST)
    solution = words(_("Proposed solution"), widget=forms.TextInput(attrs={"dir": "auto"}), shortest=SHORTEST)

    def __init__(self, programme: Programme, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["axis"].queryset = programme.axes.all()  # type: ignore[attr-defined]
        self.fields["workshop"].queryset = begun(programme.place)  # type: ignore[attr-defined]

    def sticky(self) -> dict[str, str]:
        """What the next row begins with, as an address carries it."""
        return {name: self.data[name] for name in self.STICKY if self.data.get(name)}


class Filter(forms.Form):
    """What a list of ideas can be narrowed to."""

    q = forms.CharField(label=_("Words"), required=False, widget=forms.SearchInput, max_length=100)
    axis = forms.ChoiceField(label=_("Axis"), required=False, widget=Select)
    state = forms.ChoiceField(label=_("Answer"), required=False, widget=Select)
    channel = forms.ChoiceField(
        label=_("Channel"), required=False, widget=Select, choices=[("", _("All")), *Channel.choices]
    )
    language = forms.ChoiceField(
        label=_("Language"), required=False, widget=Select, choices=[("", _("All")), *Written.choices]
    )
    cycle = forms.ChoiceField(label=_("Cycle"), required=False, widget=Select)

    STATES = (("answered", _("With an answer")), ("waiting", _("Waiting for an answer")), *Outcome.choices)
    PROPOSED = (("proposed", _("Proposed by the committee")),)  # to whoever answers: all that stands there waits

    def __init__(
        self, programmes: list[Programme], *arguments: Any, states: Sequence[tuple[str, Any]] = STATES, **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        self.fields["state"].choices = [("", _("All")), *states]  # type: ignore[attr-defined]
        if not states:
            del self.fields["state"]
        axes = Axis.objects.filter(programme__in=programmes[:1])
        self.fields["axis"].choices = [("", _("All axes")), *((axis.pk, axis) for axis in axes)]  # type: ignore[attr-defined]
        self.of_cycle = {str(programme.cycle_id): programme.pk for programme in programmes}
        cycles = [(str(programme.cycle_id), str(programme.cycle.name)) for programme in programmes]
        self.fields["cycle"].choices = [("", _("All")), *cycles]  # type: ignore[attr-defined]
        if len(programmes) < 2:
            del self.fields["cycle"]

    def filters(self) -> dict[str, Any]:
        """What was chosen; an impossible choice narrows nothing."""
        self.full_clean()
        chosen = self.cleaned_data
        return {**chosen, "axis": int(chosen.get("axis") or 0), "programme": self.of_cycle.get(chosen.get("cycle", ""))}


def seen() -> forms.IntegerField:
    """The latest answer when the form was opened: nobody overwrites what they have not read."""
    return forms.IntegerField(widget=forms.HiddenInput, required=False, initial=latest_decision)


class Answer(forms.Form):
    """An answer and its reason."""

    seen = seen()
    outcome = forms.ChoiceField(
        label=_("Answer"),
        choices=[choice for choice in Outcome.choices if choice[0] != Outcome.KEPT],
        widget=forms.RadioSelect,
    )
    reason = words(
        _("Reason"),
        _("The author and everyone else will read it. Say who is competent, or where it is already planned."),
        shortest=SHORTEST,
    )


class Proposed(forms.Form):
    """The answer that a member of the committee proposes, and why."""

    outcome = forms.ChoiceField(label=_("The answer you propose"), choices=Outcome.choices, widget=forms.RadioSelect)
    reason = words(
        _("Why?"),
        _("The focal point reads it. Say what it would bring, who is competent, or where it is already planned."),
        shortest=SHORTEST,
    )


class Choice(forms.Form):
    """Ideas ticked in a list."""

    ideas = forms.ModelMultipleChoiceField(
        Idea.objects.none(), label=_("Ideas"), error_messages={"required": _("Tick at least one idea.")}
    )

    def __init__(self, programme: Programme, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["ideas"].queryset = Idea.objects.filter(programme=programme)  # type: ignore[attr-defined]


class Sheet(forms.Form):
    """A spreadsheet of ideas."""

    sheet = forms.FileField(
        label=_("Spreadsheet"),
        help_text=_(
            "An .xlsx, .ods or .csv file of at most 10 MB. Its first row names the columns: number, channel, axis, "
            "problem, proposed solution, in Arabic, French or English, in any order."
        ),
        max_length=200,
    )

    def clean_sheet(self) -> UploadedFile:
        sheet: UploadedFile = self.cleaned_data["sheet"]
        if sheet.size and sheet.size > settings.FILE_MAX_BYTES:
            raise TooMuch()
        return sheet
