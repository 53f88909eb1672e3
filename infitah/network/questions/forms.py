from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from infitah.ground.accounts.models import Person
from infitah.ground.territories.models import Territory
from infitah.lib.forms import LEAST, SHORTEST, Select, key, words
from infitah.lib.text import guess_language

from . import queries
from .models import Theme


class Filter(forms.Form):
    """What the list of questions can be narrowed to."""

    q = forms.CharField(label=_("Words"), required=False, widget=forms.SearchInput, max_length=100)
    theme = forms.ChoiceField(
        label=_("Theme"), required=False, widget=Select, choices=[("", _("All themes")), *Theme.choices]
    )
    state = forms.ChoiceField(
        label=_("Answers"),
        required=False,
        widget=Select,
        choices=[
            ("", _("All")),
            ("unanswered", _("Without an answer")),
            ("open", _("Without an accepted answer")),
            ("settled", _("With an accepted answer")),
        ],
    )

    def filters(self) -> queries.Filters:
        """What was chosen; an impossible choice narrows nothing."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) or "" for name in ("q", "theme", "state")}  # type: ignore[return-value]


class Spoken(forms.Form):
    """Somebody's words, for a place where they hold a role; asked for only where there are several."""

    key = key()
    home = forms.ModelChoiceField(Territory.objects.none(), label=_("You speak for"), required=False, empty_label=None)

    def __init__(self, person: Person, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        places = queries.homes(person)
        if len(places) > 1:
            asked: Any = self.fields["home"]
            asked.queryset = Territory.objects.filter(pk__in=[place.pk for place in places])
            asked.initial = places[0]
        else:
            del self.fields["home"]

    def arguments(self) -> dict[str, Any]:
        """What the actions ask for."""
        given = dict(self.cleaned_data)
        return {**given, "language": guess_language(f"{given.get('title', '')} {given['said']}")}


class Ask(Spoken):
    """A question to the other members."""

    theme = forms.ChoiceField(label=_("What is your question about?"), choices=[("", "—"), *Theme.choices])
    title = words(
        _("Your question, in one line"),
        longest=200,
        shortest=SHORTEST,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    said = words(
        _("Tell a little more"),
        _("What have you tried? In any language. No name or number of anybody: everyone reads it."),
        rows=5,
        shortest=LEAST,
    )

    field_order = ["key", "theme", "title", "said", "home"]


class Reply(Spoken):
    """An answer to a question."""

    said = words(_("Your answer"), _("What did you do, and what came of it? In any language."), rows=4, shortest=LEAST)
    field_order = ["key", "said", "home"]
