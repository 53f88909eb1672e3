from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from infitah.lib import files
from infitah.lib.text import clean, guess_language

from .models import Answer

LONGEST = 3000  # characters
KINDS = {"pdf", "image", "document"}
ACCEPTED = ".pdf,.jpg,.jpeg,.png,.webp,.docx,.odt,.xlsx,.ods,.csv,.txt"


class Answering(forms.Form):
    """Rating, explanation, evidence."""

    rating = forms.ChoiceField(label=_("Rating"), choices=Answer.Step.choices, widget=forms.RadioSelect)
    explanation = forms.CharField(
        label=_("Explanation"), widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}), max_length=LONGEST
    )
    link = forms.URLField(label=_("Link to evidence"), max_length=500, required=False, assume_scheme="https")
    file = forms.FileField(
        label=_("Or a file"),
        help_text=_("10 MB at most."),
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )

    def __init__(self, number: int, answer: Answer | None, *arguments: Any, **options: Any) -> None:
        if answer:
            options["initial"] = {name: getattr(answer, name) for name in ("rating", "explanation", "link")}
        super().__init__(*arguments, auto_id=f"id_{number}_%s", **options)

    def clean_explanation(self) -> str:
        explanation = clean(self.cleaned_data["explanation"])
        if not explanation:
            raise forms.ValidationError(_("Explain the rating in a few words: it is published with it."))
        return explanation

    def clean_file(self) -> files.Checked | None:
        sent = self.cleaned_data["file"]
        return files.checked(sent, kinds=KINDS) if sent else None

    def arguments(self) -> dict[str, Any]:
        """What `actions.answer` asks for."""
        return {**self.cleaned_data, "language": guess_language(self.cleaned_data["explanation"])}
