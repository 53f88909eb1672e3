from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from infitah.ground.territories.models import Territory
from infitah.ground.territories.queries import find
from infitah.lib import text
from infitah.lib.forms import LEAST, LocalizedFormField, Select, Upload, day, email, key, moment, seen, words
from infitah.lib.states import mark

from .models import PROMISES, Meeting, Minutes, Registration

ROWS = 3  # more for decisions than there are
MOST_ROWS = 40


def optional(choices: Any, label: str, widget: type[forms.Widget] = forms.Select) -> forms.ChoiceField:
    """A question one may leave out."""
    return forms.ChoiceField(label=label, required=False, widget=widget, choices=[("", _("I do not say")), *choices])


class Announcement(forms.Form):
    """A meeting: what, where, when, and what those who come may expect."""

    key = key()
    title = LocalizedFormField(label=_("Subject of the meeting"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind of meeting"), choices=Meeting.Kind.choices, initial=Meeting.Kind.WORKSHOP)
    influence = forms.ChoiceField(
        label=_("What may people expect?"),
        widget=forms.RadioSelect,
        choices=list(PROMISES.items()),
    )
    venue = LocalizedFormField(label=_("Where?"), max_length=200, required=False)
    link = forms.URLField(
        label=_("Link to join from afar"), required=False, max_length=500, assume_scheme="https", widget=forms.URLInput
    )
    starts_at = moment(_("Begins"))
    ends_at = moment(_("Ends"), required=False)
    agenda = LocalizedFormField(label=_("Agenda"), rows=4, required=False)
    has_registration = forms.BooleanField(label=_("People register beforehand"), required=False)
    capacity = forms.IntegerField(
        label=_("How many places are there?"),
        help_text=_("Leave it empty if there is room for everyone. Beyond it people wait, and move up by themselves."),
        min_value=1,
        max_value=100_000,
        required=False,
    )
    source = forms.URLField(
        label=_("Public page that tells of it"), required=False, max_length=500, assume_scheme="https"
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        starts_at, ends_at = given.get("starts_at"), given.get("ends_at")
        if starts_at and ends_at and ends_at <= starts_at:
            self.add_error("ends_at", _("A meeting ends after it begins."))
        if starts_at and starts_at.year > timezone.localdate().year + 2:
            self.add_error("starts_at", _("This is more than two years away. Check the year."))
        if not given.get("venue") and not given.get("link") and not self.has_error("link"):
            self.add_error("venue", _("Say where it takes place, or give the link by which one joins it."))
        given["has_registration"] = bool(given.get("has_registration") or given.get("capacity"))
        return given


class Change(Announcement):
    """The same, of a meeting announced."""

    page = _("Change this meeting")
    submit = _("Keep the change")
    next = _("If the day, the hour, the place or the link changes, everyone who registered is told.")
    said = _("The meeting is changed.")

    key = None
    seen = seen()

    def __init__(self, meeting: Meeting, *arguments: Any, **options: Any) -> None:
        own = {name: getattr(meeting, name) for name in self.base_fields if name != "seen"}
        super().__init__(*arguments, initial={**own, "seen": mark(meeting, *own)}, **options)


class CallingOff(forms.Form):
    """Why it does not take place."""

    is_final = True  # “cancel” beside its button could mean either
    page = _("Call this meeting off")
    submit = _("Call it off")
    next = _("It stays on its page and in calendars, marked as called off. Everyone who registered is told why.")
    said = _("The meeting is called off; those who registered are told.")

    reason = LocalizedFormField(label=_("Why does it not take place?"), rows=2, max_length=500)


class Attendance(forms.Form):
    """How many came."""

    participants = forms.IntegerField(label=_("How many people came?"), min_value=0, max_value=100_000)


def labelled(place: Territory) -> str:
    """A place as it is told from others of its name."""
    return f"{place.name} ({place.get_kind_display()}{f' · {place.parent}' if place.parent_id else ''})"


class Represented(forms.Form):
    """For which collectivity somebody comes: a name as they write it; asked back only where several bear it."""

    collectivity = forms.CharField(
        label=_("For which collectivity do you come?"),
        help_text=_("Only if you represent one: its name in Arabic or French."),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    which = forms.ChoiceField(label=_("Which of these?"), required=False, widget=forms.RadioSelect, choices=[])

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.found = self.places()
        if len(self.found) > 1:
            self.fields["which"].choices = [(place.code, labelled(place)) for place in self.found]  # type: ignore[attr-defined]
        else:
            del self.fields["which"]

    def places(self) -> list[Territory]:
        """The places that what was typed may mean: those that bear the very name, else those that resemble it."""
        typed = str(self.data.get(self.add_prefix("collectivity"), "")) if self.is_bound else ""
        likely = [one.place for one in find(typed, 8) if one.place.is_collectivity]
        exact = [place for place in likely if text.fold(typed) in map(text.fold, place.name.values())]
        return exact or likely

    def clean_collectivity(self) -> Territory | None:
        if not self.cleaned_data["collectivity"].strip():
            return None
        if not self.found:
            raise forms.ValidationError(_("No collectivity bears this name. Check how it is written, or leave it out."))
        asked = self.data.get(self.add_prefix("which"), "")
        meant = self.found if len(self.found) == 1 else [place for place in self.found if place.code == asked]
        if not meant:
            raise forms.ValidationError(_("Several collectivities may be meant. Choose one below."))
        return meant[0]

    def arguments(self) -> dict[str, Any]:
        """What the action asks for."""
        return {name: value for name, value in self.cleaned_data.items() if name != "which"}


class Enrolment(Represented):
    """A place at a meeting: everything may be left empty."""

    key = key()
    name = forms.CharField(
        label=_("Name by which you are found at the door"),
        help_text=_("Any name you like. Only the organisers read it; it is erased 90 days after the meeting."),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "name"}),
    )
    email = email(
        _("E-mail to be told of changes and reminded the day before"),
        _("Never shown, kept apart, and erased 90 days after the meeting."),
        required=False,
    )
    gender = optional(Registration.Gender.choices, _("Gender"))
    age = optional(Registration.Age.choices, _("Age"))
    disability = optional(Registration.Disability.choices, _("Do you live with a disability?"))
    field_order = ["key", "name", "email", "collectivity", "which", "gender", "age", "disability"]

    def __init__(self, *arguments: Any, is_signed_in: bool = False, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if is_signed_in:
            del self.fields["email"]


class WalkIn(Represented):
    """One row at the door."""

    key = key()
    name = forms.CharField(
        label=_("Name"), required=False, max_length=80, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    gender = optional(Registration.Gender.choices, _("Gender"), forms.RadioSelect)  # a list would keep the last answer
    age = optional(Registration.Age.choices, _("Age"), forms.RadioSelect)
    disability = optional(Registration.Disability.choices, _("Do you live with a disability?"), forms.RadioSelect)
    field_order = ["key", "name", "collectivity", "which", "gender", "age", "disability"]

    def __init__(self, *arguments: Any, is_next: bool = False, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["name"].widget.attrs |= {"autofocus": True} if is_next else {}
        self.fields["collectivity"].label, self.fields["collectivity"].help_text = _("Collectivity"), ""


class Added(forms.Form):
    """A document or a photo, and what it is called."""

    page = _("Add a document or a photo")
    submit = _("Publish")
    next = _("Everyone can read it at once.")
    said = _("It is published with the meeting.")

    key = key()
    title = LocalizedFormField(label=_("What is it?"), max_length=200)
    file = Upload(
        label=_("Photo or document"),
        help_text=_("10 MB at most. The place and the camera are erased from photos. Show no one who has not agreed."),
    )


class Withdrawal(forms.Form):
    """Why a document or photo is taken away."""

    page = _("Take this away")
    submit = _("Take it away")
    next = _("The file is erased. That it was there, and why it is gone, stays in the public register.")
    said = _("It is taken away.")

    reason = words(_("Why is it taken away?"), longest=300, shortest=LEAST, widget=forms.TextInput({"dir": "auto"}))


class Record(forms.Form):
    """The minutes; a later version says what it puts right."""

    key = key()
    said = LocalizedFormField(label=_("What was said"), rows=10, max_length=20_000)
    correction = LocalizedFormField(label=_("What does this version put right?"), max_length=500)

    def __init__(self, *arguments: Any, is_first: bool = True, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if is_first:
            del self.fields["correction"]


class Decided(forms.Form):
    """One decision: what, who, until when."""

    text = LocalizedFormField(label=_("What was decided"), max_length=500, required=False)
    who = forms.CharField(
        label=_("Who does it"), max_length=120, required=False, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    due_on = day(_("Until when"), required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if (given.get("who") or given.get("due_on")) and not given.get("text"):
            self.add_error("text", _("Say what was decided."))
        return given


Decisions = forms.formset_factory(Decided, extra=ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS)


def decided(rows: Iterable[Decided]) -> list[dict[str, Any]]:
    """The decisions among the rows."""
    return [dict(row.cleaned_data) for row in rows if row.cleaned_data.get("text")]


def sheets(sent: QueryDict | None, latest: Minutes | None) -> tuple[Record, Any]:
    """The minutes and the rows of decisions, as sent (with more rows if asked), or as last published."""
    if sent is not None:
        sent = sent.copy()
        if "more" in sent and sent.get("form-TOTAL_FORMS", "").isdecimal():
            sent["form-TOTAL_FORMS"] = str(min(int(sent["form-TOTAL_FORMS"]) + ROWS, MOST_ROWS))
        return Record(sent, is_first=latest is None), Decisions(sent)
    if latest is None:
        return Record(), Decisions()
    rows = [{"text": each.text, "who": each.who, "due_on": each.due_on} for each in latest.decisions.all()]
    return Record(initial={"said": latest.text}, is_first=False), Decisions(initial=rows)


class Wanted(forms.Form):
    """What the list of meetings can be narrowed to."""

    scope = forms.ChoiceField(
        label=_("Whose meetings?"),
        required=False,
        widget=Select,
        choices=[("", _("Those of the network")), ("all", _("Those of the network and of its members"))],
    )
    kind = forms.ChoiceField(
        label=_("Kind of meeting"), required=False, widget=Select, choices=[("", _("All kinds")), *Meeting.Kind.choices]
    )
    region = forms.ChoiceField(label=_("Region"), required=False, widget=Select)
    when = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, regions: Iterable[Territory], *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        named = [(region.slug, str(region.name)) for region in regions]
        self.fields["region"].choices = [("", _("All regions")), *named]  # type: ignore[attr-defined]

    def wanted(self) -> dict[str, Any]:
        """The valid choices; others narrow nothing."""
        self.full_clean()
        return {name: value for name, value in self.cleaned_data.items() if name not in self.errors}
