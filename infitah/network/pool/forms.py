from collections.abc import Iterable
from functools import partial
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from infitah.ground.accounts import queries as accounts
from infitah.ground.accounts.models import RUNNERS, Person
from infitah.ground.territories.models import Territory
from infitah.lib import text
from infitah.lib.forms import LEAST, SHORTEST, LocalizedFormField, day, email, key, past, to_come, words
from infitah.lib.i18n import Written

from .actions import LONGEST
from .models import Coach, Skill

TONGUES = [(each.value, each.label) for each in Written if each != Written.OTHER]
MOST = 5  # missions at once


own_words = partial(words, rows=5, longest=4000, shortest=SHORTEST)


class Description(forms.Form):
    """What a coach can do, and how much of it."""

    skills = forms.ModelMultipleChoiceField(Skill.objects.all(), label=_("Themes"), widget=forms.CheckboxSelectMultiple)
    languages = forms.MultipleChoiceField(label=_("Languages"), choices=TONGUES, widget=forms.CheckboxSelectMultiple)
    capacity = forms.IntegerField(
        label=_("Missions at once"),
        help_text=_("Nobody is asked for more than this."),
        min_value=1,
        max_value=MOST,
        initial=2,
    )
    note = LocalizedFormField(
        label=_("In a few words"),
        help_text=_("What you have done, what you like to help with."),
        rows=3,
        required=False,
    )


class OwnDescription(Description):
    """The same, as a coach says it of themselves."""

    is_available = forms.BooleanField(label=_("Available for new missions"), required=False)
    is_named = forms.BooleanField(
        label=_("My public name may be shown on the page of the pool"),
        help_text=_("Without this, the page only counts you. You can change your mind at any time."),
        required=False,
    )

    @staticmethod
    def filled(coach: Coach) -> dict[str, Any]:
        names = ["languages", "capacity", "note", "is_available", "is_named"]
        return {name: getattr(coach, name) for name in names} | {"skills": coach.skills.all()}


class Correction(Description):
    """The same, as the national team corrects it."""

    is_available = forms.BooleanField(label=_("Available for new missions"), required=False)


class Enrolment(Description):
    """Who joins the pool: a focal point with an account."""

    email = email(_("E-mail of the focal point"))
    field_order = ["email"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        typed = given.pop("email", "")
        person = accounts.by_email(typed) if typed else None
        if typed and person is None:
            self.add_error("email", _("Nobody has an account with this address."))
        home = home_of(person) if person else None
        if person and home is None:
            self.add_error("email", _("This person is the focal point of no collectivity."))
        return {**given, "person": person, "place": home}


def home_of(person: Person) -> Territory | None:
    """Where the person runs a programme."""
    return next((grant.territory for grant in person.current_grants if grant.role in RUNNERS), None)


class Asking(forms.Form):
    """What help is asked for."""

    key = key()
    theme = forms.ModelChoiceField(Skill.objects.all(), label=_("On which theme?"), empty_label=_("Choose"))
    text = own_words(
        _("What do you need?"),
        _("Where you are, what is difficult, what you have tried. The national team and the coach read it."),
    )
    language = forms.ChoiceField(
        label=_("In which language do you want to work?"), choices=TONGUES, initial=get_language
    )
    wanted_by = day(_("Needed by"), required=False)

    def clean_wanted_by(self) -> Any:
        return to_come(self.cleaned_data["wanted_by"])


class Proposal(forms.Form):
    """A coach, days, and what shall be reached."""

    key = key()
    coach = forms.ModelChoiceField(
        Coach.objects.none(), label=_("Coach"), error_messages={"required": _("Choose a coach who has room.")}
    )
    starts_on = day(_("First day"))
    ends_on = day(_("Last day"), _("What the coach may do ends with this day, by itself."))
    goals = own_words(_("Goals of the mission"), _("What shall be done at its end, so that both can tell."))

    def __init__(self, free: Iterable[Coach], *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["coach"].queryset = Coach.objects.filter(pk__in=[coach.pk for coach in free])  # type: ignore[attr-defined]

    def clean_ends_on(self) -> Any:
        return to_come(self.cleaned_data["ends_on"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        starts_on, ends_on = given.get("starts_on"), given.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("A mission ends after it begins."))
        elif starts_on and ends_on and ends_on - starts_on > LONGEST:
            self.add_error("ends_on", _("A mission lasts half a year at most. Another one can follow."))
        return {**given, "language": text.guess_language(given.get("goals", ""))}


class Reason(forms.Form):
    """Why."""

    reason = own_words(_("Why?"), _("The others concerned read it."), rows=3, shortest=LEAST)


class Note(forms.Form):
    """What was said or done, on a day."""

    key = key()
    on = day(_("Day"), initial=timezone.localdate)
    text = own_words(_("What was said or done"), rows=3, shortest=LEAST)

    def clean_on(self) -> Any:
        return past(self.cleaned_data["on"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        return {**given, "language": text.guess_language(given.get("text", ""))}


class Report(forms.Form):
    """The end of a mission."""

    report = own_words(_("What was done"), _("For the member and the national team."))
    change = own_words(_("What it changed"), _("Everyone can read this."), rows=3)


class Word(forms.Form):
    """The member's word."""

    words = own_words(_("What did this mission bring you?"), _("Everyone can read this."), rows=4, shortest=LEAST)
