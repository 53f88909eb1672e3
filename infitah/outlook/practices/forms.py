from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from infitah.ground.accounts.models import RoleGrant
from infitah.ground.areas.models import PolicyArea
from infitah.ground.territories.models import Territory
from infitah.journey.programmes.models import Axis, Programme
from infitah.journey.projects.models import Theme
from infitah.lib.forms import LEAST, SHORTEST, Select, email, key, seen, words
from infitah.lib.i18n import Written
from infitah.lib.states import mark
from infitah.lib.text import guess_language

from . import queries
from .models import Practice, Review

LONGEST = 4000


told = partial(words, required=False, longest=LONGEST)  # a field of the case; a draft may leave it empty


class Filter(forms.Form):
    """What the list of practices can be narrowed to."""

    q = forms.CharField(label=_("Words"), required=False, widget=forms.SearchInput, max_length=100)
    theme = forms.ModelChoiceField(
        Theme.objects.none(), label=_("Theme"), required=False, empty_label=_("All themes"), widget=Select
    )
    area = forms.ModelChoiceField(
        PolicyArea.objects.none(), label=_("Policy area"), required=False, empty_label=_("All areas"), widget=Select
    )
    region = forms.ModelChoiceField(
        Territory.objects.none(), label=_("Region"), required=False, empty_label=_("All regions"), widget=Select
    )
    language = forms.ChoiceField(
        label=_("Language"), required=False, widget=Select, choices=[("", _("All")), *Written.choices]
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["theme"].queryset = queries.themes_in_use()  # type: ignore[attr-defined]
        self.fields["area"].queryset = queries.areas_in_use()  # type: ignore[attr-defined]
        self.fields["region"].queryset = queries.regions()  # type: ignore[attr-defined]

    def filters(self) -> queries.Filters:
        """What was chosen; an impossible choice narrows nothing."""
        self.is_valid()
        given = self.cleaned_data
        chosen = {name: getattr(given.get(name), "pk", None) for name in ("theme", "area", "region")}
        return {**chosen, "q": given.get("q") or "", "language": given.get("language") or ""}  # type: ignore[typeddict-item]


class Case(forms.Form):
    """A practice, question by question; in one language, whichever comes easiest."""

    key = key()
    language = forms.ChoiceField(
        label=_("In which language do you write?"),
        help_text=_("Any language: it is shown as you write it."),
        choices=Written.choices,
    )
    title = words(
        _("Name of the practice"),
        _("What was done, in one line."),
        longest=200,
        shortest=SHORTEST,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    problem = told(_("Which problem did it answer?"))
    done = told(_("What was done?"), _("Step by step, so that others can do it as well."), rows=6)
    cost = told(_("What did it cost?"), _("Money, and the time of people. Nothing is an answer as well."), rows=2)
    people = told(_("Who did it?"), _("Functions and bodies, no private names."), rows=2)
    change = told(_("What did it change?"), _("For residents, or in the way the collectivity works."))
    evidence = told(_("How can it be seen?"), _("Figures, documents, what residents say."))
    link = forms.URLField(
        label=_("Link to the evidence"),
        max_length=400,
        required=False,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"dir": "ltr"}),
    )
    conditions = told(_("What does it need elsewhere?"), _("What must be there for it to work, and what to beware of."))
    contact = forms.CharField(
        label=_("Whom to ask"),
        help_text=_("A function or a service, never a private name."),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    email = email(
        _("E-mail of the collectivity"),
        _("Everyone will see it: an address of the service, not of a person."),
        required=False,
        is_own=False,
    )
    themes = forms.ModelMultipleChoiceField(
        Theme.objects.all(), label=_("Themes"), required=False, widget=forms.CheckboxSelectMultiple
    )

    SECTIONS = [
        (_("The case"), ["language", "title", "problem", "done", "change"]),
        (_("With what and with whom"), ["cost", "people", "evidence", "link"]),
        (_("For those who want to do it as well"), ["conditions", "contact", "email", "themes"]),
    ]

    def sections(self) -> list[tuple[Any, list[forms.BoundField], bool]]:
        """Each section with its fields, and whether something in it is wrong."""
        found = []
        for name, fields in self.SECTIONS:
            bound = [self[field] for field in fields]
            found.append((name, bound, any(field.errors for field in bound)))
        return found


class Rewording(Case):
    """The same, of a practice that exists."""

    key = None
    seen = seen()

    @staticmethod
    def filled(practice: Practice) -> dict[str, Any]:
        """What it begins with."""
        names = [*Practice.WORDS, "language", "link", "email"]
        told = {name: getattr(practice, name) for name in names}
        return {**told, "themes": practice.themes.all(), "seen": mark(practice, "themes", *names)}


class Word(forms.Form):
    """A peer's word on a practice."""

    key = key()
    is_clear = forms.ChoiceField(
        label=_("Is it clear? Could your collectivity do it after reading?"),
        choices=Review.Word.choices,
        widget=forms.RadioSelect,
    )
    is_useful = forms.ChoiceField(
        label=_("Is it of use elsewhere?"), choices=Review.Word.choices, widget=forms.RadioSelect
    )
    is_proved = forms.ChoiceField(
        label=_("Does the evidence show what it says?"), choices=Review.Word.choices, widget=forms.RadioSelect
    )
    is_ready = forms.TypedChoiceField(
        label=_("Your word"),
        choices=[("yes", _("Ready: publish it")), ("no", _("Not yet: send it back with my advice"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    said = words(
        _("Why? What would make it better?"),
        _("The author and everyone else read it, with the name of your collectivity."),
        rows=4,
        longest=LONGEST,
        shortest=LEAST,
    )

    def arguments(self) -> dict[str, Any]:
        """What `actions.review` asks for."""
        return {**self.cleaned_data, "language": guess_language(self.cleaned_data["said"])}


class Peer(forms.Form):
    """Whom the national team asks."""

    grant = forms.ModelChoiceField(
        RoleGrant.objects.none(), label=_("Whom do you ask to read it?"), empty_label=_("Choose"), widget=Select
    )

    def __init__(self, practice: Practice, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        asked: Any = self.fields["grant"]
        asked.queryset = queries.peers(practice)
        asked.label_from_instance = lambda one: f"{one.territory} · {one.get_role_display()} · {one.person}"


class Reason(forms.Form):
    """Why a practice is withdrawn."""

    reason = words(
        _("Why is it withdrawn?"), _("Everyone reads it in place of the practice."), longest=1000, shortest=LEAST
    )


class Adapt(forms.Form):
    """Into which programme a practice is taken, and under which of its axes."""

    programme = forms.ModelChoiceField(Programme.objects.none(), label=_("In the programme of"), empty_label=None)
    axis = forms.ModelChoiceField(Axis.objects.none(), label=_("Axis"), required=False, empty_label=_("Not chosen yet"))

    def __init__(self, programmes: list[Programme], *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        chosen: Any = self.fields["programme"]
        chosen.queryset = Programme.objects.filter(pk__in=[one.pk for one in programmes]).select_related("place")
        chosen.label_from_instance = lambda one: f"{one.place} · {one.title}"
        axis: Any = self.fields["axis"]
        axis.queryset = Axis.objects.filter(programme__in=programmes).select_related("programme__place")
        if len(programmes) == 1:
            chosen.widget, chosen.initial = forms.HiddenInput(), programmes[0]
        else:
            axis.label_from_instance = lambda one: f"{one.programme.place} · {one}"

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        axis, programme = given.get("axis"), given.get("programme")
        if axis and programme and axis.programme_id != programme.pk:
            self.add_error("axis", _("This axis belongs to another programme."))
        return given
