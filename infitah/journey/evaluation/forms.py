from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from infitah.lib.forms import LEAST, Upload, meaningful, seen, words
from infitah.lib.text import guess_language

from .models import Answer
from .queries import mark_of_answer


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
