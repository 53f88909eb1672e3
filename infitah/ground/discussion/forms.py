from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from infitah.lib.forms import LEAST, key, meaningful, words

from .models import Comment


class Say(forms.Form):
    """A comment, or an answer to one."""

    key = key()
    answers = forms.ModelChoiceField(Comment.objects.none(), widget=forms.HiddenInput, required=False)
    text = words(_("Your comment"))

    def __init__(self, *args: Any, kind: str, number: int, **options: Any) -> None:
        super().__init__(*args, **options)
        under = Comment.objects.filter(on_kind=kind, on_id=number)
        self.fields["answers"].queryset = under  # type: ignore[attr-defined]

    def above(self) -> Comment | None:
        """The comment that this one answers, to show it beside the form."""
        number = str(self["answers"].value() or "")
        return Comment.objects.filter(pk=number, retracted_at=None).first() if number.isdigit() else None

    def clean_text(self) -> str:
        return meaningful(self.cleaned_data["text"], shortest=LEAST)
