from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from infitah.ground.accounts.models import Person
from infitah.ground.organisations.queries import voices
from infitah.journey.projects.models import Activity
from infitah.lib.forms import LEAST, LocalizedFormField, Upload, day, in_whose_name, key, meaningful, readable, words
from infitah.lib.i18n import Localized
from infitah.lib.text import guess_language

from . import queries
from .models import Completion


class Reporting(forms.Form):
    """Where an activity stands, in a word and a few more."""

    key = key()
    status = forms.ChoiceField(label=_("State"))
    text = words(_("What was done, or what stands in the way"), rows=2)

    def __init__(self, activity: Activity, *arguments: Any, **options: Any) -> None:
        options.setdefault("initial", {"status": activity.status})
        options.setdefault("auto_id", f"id_{activity.pk}_%s")
        super().__init__(*arguments, **options)
        self.activity = activity
        reachable = {activity.status, *Activity.MOVES[Activity.Status(activity.status)]}
        choices = [choice for choice in Activity.Status.choices if choice[0] in reachable]
        self.fields["status"].choices = choices  # type: ignore[attr-defined]

    def clean_status(self) -> str:
        status: str = self.cleaned_data["status"]
        if queries.lacks_proof(self.activity, status):
            raise forms.ValidationError(queries.PROOF_FIRST)
        return status

    def clean_text(self) -> str:
        return meaningful(self.cleaned_data["text"], shortest=LEAST)

    def arguments(self) -> dict[str, Any]:
        """What `actions.report` asks for."""
        return {**self.cleaned_data, "language": guess_language(self.cleaned_data["text"])}


class Proof(forms.Form):
    """A file or a link that shows what was done."""

    key = key()
    caption = LocalizedFormField(label=_("What does it show?"), max_length=200)
    file = Upload(
        label=_("Photo or document"),
        help_text=_("10 MB at most. The place and the camera are erased from photos. Show no one who has not agreed."),
        required=False,
    )
    link = forms.URLField(label=_("Or a link"), max_length=500, required=False, assume_scheme="https")

    def clean_caption(self) -> Localized:
        told = self.cleaned_data["caption"]
        return Localized({language: meaningful(text, shortest=LEAST) for language, text in told.items()})

    def clean(self) -> None:
        given = [bool(self.cleaned_data.get(name)) or name in self.errors for name in ("file", "link")]
        if sum(given) != 1:
            self.add_error("file", _("Send a file or give a link: one of the two."))


class Judgement(forms.Form):
    """How far an activity is, on the official scale."""

    key = key()
    completion = forms.ChoiceField(
        label=_("How far is it, from what you can see?"), choices=Completion.choices, widget=forms.RadioSelect
    )
    text = words(_("What makes you say so?"), _("Everyone will read it, with your public name."), required=False)

    def __init__(self, by: Person | None, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        in_whose_name(self, voices(by))

    def clean_text(self) -> str:
        return readable(self.cleaned_data["text"])

    def arguments(self) -> dict[str, Any]:
        """What `actions.rate` asks for."""
        return {**self.cleaned_data, "language": guess_language(self.cleaned_data["text"])}


class Value(forms.Form):
    """Where an indicator stands on a day."""

    value = forms.CharField(label=_("Value"), max_length=60)
    read_on = day(_("On"), initial=timezone.localdate)

    def clean_value(self) -> str:
        return meaningful(self.cleaned_data["value"], shortest=1)

    def clean_read_on(self) -> date:
        if self.cleaned_data["read_on"] > timezone.localdate():
            raise forms.ValidationError(_("An indicator is read on a day that has come."))
        day: date = self.cleaned_data["read_on"]
        return day
