from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from infitah.ground.accounts.models import Person
from infitah.ground.territories.models import Territory
from infitah.lib.forms import Select
from infitah.lib.text import clean, guess_language

from . import queries
from .models import Theme

LONGEST = 3000


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

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
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

    def clean_said(self) -> str:
        said = clean(self.cleaned_data["said"])
        if not said:
            raise forms.ValidationError(_("Write a few words."))
        return said


class Ask(Spoken):
    """A question to the other members."""

    theme = forms.ChoiceField(label=_("What is your question about?"), choices=[("", "—"), *Theme.choices])
    title = forms.CharField(
        label=_("Your question, in one line"), max_length=200, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    said = forms.CharField(
        label=_("Tell a little more"),
        help_text=_("What have you tried? In any language. No name or number of anybody: everyone reads it."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
    )

    field_order = ["key", "theme", "title", "said", "home"]

    def clean_title(self) -> str:
        title = clean(self.cleaned_data["title"])
        if not title:
            raise forms.ValidationError(_("Write a few words."))
        return title


class Reply(Spoken):
    """An answer to a question."""

    said = forms.CharField(
        label=_("Your answer"),
        help_text=_("What did you do, and what came of it? In any language."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
    field_order = ["key", "said", "home"]
