from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from infitah.ground.accounts.models import Person
from infitah.lib.forms import LEAST, LocalizedFormField, Upload, day, key, meaningful, past, seen, words
from infitah.lib.text import guess_language

from .models import Answer, Review
from .queries import JUDGED, SCALES, mark_of_answer

ASKED = {  # as OGP Local asks (indicators.md 6.2)
    "verifiable": _("Are its aims and activities clear enough to check whether they were carried out?"),
    "lens": _("Does it serve transparency, civic participation or public accountability?"),
    "potential": _(
        "Unclear: it continues what is done already. Modest: a positive step that stands alone. Substantial: a binding "
        "change of rules or institutions."
    ),
    "completion": _("How far had it been carried out at the time of this report?"),
    "information": _(
        "Is more information disclosed, or of better quality, more useful, through better channels, or accessible to "
        "more people?"
    ),
    "participation": _("Have people more or better opportunities to be heard and to influence decisions?"),
    "accountability": _("Can people better hold those in charge answerable for what they do?"),
    "addressed": _("Did it address the problem that it was written for?"),
}
PARTS = {"explanation": _("Explanation"), "link": _("Link to evidence"), "file": _("Or a file")}
LIMIT = _("10 MB at most, all files of the review together.")


class Answering(forms.Form):
    """Rating, explanation, evidence."""

    seen = seen()
    rating = forms.ChoiceField(label=_("Rating"), choices=Answer.Step.choices, widget=forms.RadioSelect)
    explanation = words(_("Explanation"))
    link = forms.URLField(label=_("Link to evidence"), max_length=500, required=False, assume_scheme="https")
    file = Upload(
        label=_("Or a file"),
        help_text=_("10 MB at most."),
        required=False,
    )

    def __init__(self, number: int, answer: Answer | None, *arguments: Any, **options: Any) -> None:
        given = {name: getattr(answer, name) for name in ("rating", "explanation", "link")} if answer else {}
        options["initial"] = given | {"seen": mark_of_answer(answer)}
        super().__init__(*arguments, auto_id=f"id_{number}_%s", **options)

    def clean_explanation(self) -> str:
        return meaningful(self.cleaned_data["explanation"], shortest=LEAST)

    def arguments(self) -> dict[str, Any]:
        """What `actions.answer` asks for."""
        return {**self.cleaned_data, "language": guess_language(self.cleaned_data["explanation"])}


@dataclass(frozen=True)
class Question:
    """The fields of one judgement: the step, its explanation, and the evidence, which is folded away until used."""

    step: forms.BoundField
    explanation: forms.BoundField
    evidence: list[forms.BoundField]

    @property
    def is_open(self) -> bool:
        """Whether something stands in the evidence that its writer must see."""
        return any(each.errors or each.value() for each in self.evidence)


class Reviewing(forms.Form):
    """A review as OGP Local asks for it: each judgement with its explanation and its evidence."""

    key = key()
    kind = forms.ChoiceField(choices=[(kind.value, kind.label) for kind in Review.LOCAL], widget=forms.HiddenInput)
    reviewer = forms.CharField(
        label=_("Who reviews"),
        help_text=_("The monitoring body or the person, as everyone will read it."),
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    reviewed_on = day(_("Date of the review"))
    source = forms.URLField(
        label=_("Link to the whole report, if it is published"), max_length=400, required=False, assume_scheme="https"
    )

    def __init__(self, kind: str, by: Person, *arguments: Any, **options: Any) -> None:
        given = {"kind": kind, "reviewer": by.pseudonym, "reviewed_on": timezone.localdate()}
        super().__init__(*arguments, initial=given, **options)
        for name in JUDGED[kind]:
            self.ask(name)
        if kind == Review.Kind.END:
            hint = _("What stood in the way or helped, what to do otherwise, what to carry on. At least one.")
            self.fields["lessons"] = LocalizedFormField(label=_("Lessons"), help_text=hint, rows=3)

    def ask(self, name: str) -> None:
        """The four fields of one question; each says which question it belongs to."""
        label, steps = SCALES[name]
        told: dict[str, Any] = {"label": label, "help_text": ASKED[name], "widget": forms.RadioSelect}
        self.fields[name] = forms.ChoiceField(choices=steps.choices, **told)
        about = {part: format_lazy("{} – {}", label, said) for part, said in PARTS.items()}
        self.fields[f"{name}_explanation"] = words(about["explanation"], shortest=LEAST)
        link = forms.URLField(label=about["link"], max_length=500, required=False, assume_scheme="https")
        self.fields[f"{name}_link"] = link
        self.fields[f"{name}_file"] = Upload(label=about["file"], help_text=LIMIT, required=False)

    @property
    def about(self) -> list[forms.BoundField]:
        """Who reviews, and when."""
        return [self[name] for name in ("reviewer", "reviewed_on", "source")]

    @property
    def questions(self) -> list[Question]:
        asked = [name for name in SCALES if name in self.fields]
        return [
            Question(self[name], self[f"{name}_explanation"], [self[f"{name}_link"], self[f"{name}_file"]])
            for name in asked
        ]

    def clean_reviewed_on(self) -> date | None:
        return past(self.cleaned_data["reviewed_on"])

    def clean_reviewer(self) -> str:
        return meaningful(self.cleaned_data["reviewer"], shortest=LEAST)

    def arguments(self) -> dict[str, Any]:
        """What `actions.review` asks for."""
        said, findings = dict(self.cleaned_data), {}
        for name in JUDGED[said["kind"]]:
            rests = {part: said.pop(f"{name}_{part}") for part in PARTS}
            findings[name] = {**rests, "language": guess_language(rests["explanation"])}
        return {**said, "findings": findings}
