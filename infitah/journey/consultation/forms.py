from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from infitah.ground.accounts.models import Person
from infitah.ground.organisations.queries import voices
from infitah.journey.ideas.models import Channel
from infitah.journey.projects.models import Project
from infitah.lib.forms import (
    LEAST,
    LocalizedFormField,
    day,
    in_whose_name,
    key,
    seen,
    shown_name,
    told_at,
    words,
)
from infitah.network.meetings.models import Meeting
from infitah.network.meetings.queries import begun

from .models import Draft, Opinion

USUAL_DAYS = 14


def says_why(form: forms.Form, given: dict[str, Any]) -> None:
    """A change or a no comes with words."""
    needs_words = given.get("stance") in {Opinion.Stance.CHANGES, Opinion.Stance.DISAGREE}
    if needs_words and not given.get("text") and "text" not in form.errors:
        form.add_error("text", _("Say what should change, or why you disagree: a few words are enough."))


class Voice(forms.Form):
    """What someone thinks of a project of the draft."""

    key = key()
    stance = forms.ChoiceField(
        label=_("What do you think of this project?"), choices=Opinion.Stance, widget=forms.RadioSelect
    )
    text = words(
        _("Why, or what should change?"),
        _("Needed if you do not simply agree. In any language."),
        required=False,
        shortest=LEAST,
    )
    wording = words(_("How would you write it?"), rows=2, required=False, shortest=LEAST)
    pseudonym = shown_name()
    email = told_at()

    def __init__(self, *arguments: Any, by: Person | None = None, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if by:
            del self.fields["email"], self.fields["pseudonym"]
        in_whose_name(self, voices(by))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        says_why(self, given)
        return given


class Entry(forms.Form):
    """One row of what was said in a workshop or on paper; what stays the same from row to row comes first."""

    STICKY = ("channel", "workshop", "project")

    key = key()
    channel = forms.ChoiceField(label=_("How the opinion came"), choices=Channel.entered(), initial=Channel.WORKSHOP)
    workshop = forms.ModelChoiceField(
        Meeting.objects.none(), label=_("Workshop"), required=False, empty_label=_("None, or not listed")
    )
    project = forms.ModelChoiceField(Project.objects.none(), label=_("Project"), empty_label=None)
    stance = forms.ChoiceField(label=_("Opinion"), choices=Opinion.Stance)
    people = forms.IntegerField(label=_("How many people?"), min_value=1, max_value=5000, initial=1)
    text = words(
        _("What they said"),
        required=False,
        shortest=LEAST,
        widget=forms.TextInput(attrs={"dir": "auto", "autofocus": True}),
    )

    def __init__(self, draft: Draft, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        found = Project.objects.filter(programme=draft.programme, number__in=draft.projects()).order_by("number")
        self.fields["project"].queryset = found  # type: ignore[attr-defined]
        self.fields["workshop"].queryset = begun(draft.programme.place)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        says_why(self, given)
        return given

    def sticky(self) -> dict[str, str]:
        """What the next row begins with, as an address carries it."""
        return {name: self.data[name] for name in self.STICKY if self.data.get(name)}


class Reply(forms.Form):
    """The answer to an opinion."""

    seen = seen()
    is_taken_up = forms.TypedChoiceField(
        label=_("Answer"),
        choices=[("yes", _("Taken up")), ("no", _("Not taken up"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    text = words(_("What changes, or why not?"), rows=2, shortest=LEAST)


class Opening(forms.Form):
    """Until when the draft is put to residents, and what it says in short."""

    closes_on = day(
        _("Last day for opinions"),
        _("Online and in workshops. Two weeks are usual."),
        initial=lambda: timezone.localdate() + timedelta(days=USUAL_DAYS),
    )
    summary = LocalizedFormField(
        label=_("The programme in plain words"),
        help_text=_("Four or five sentences for those who will not read it all."),
        rows=5,
        required=False,
    )

    def clean_closes_on(self) -> Any:
        day = self.cleaned_data["closes_on"]
        if day <= timezone.localdate():
            raise forms.ValidationError(_("Give people time: the consultation ends after today."))
        return day
