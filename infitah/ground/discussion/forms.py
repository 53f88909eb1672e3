from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from infitah.lib.text import clean

from .models import Comment


class Say(forms.Form):
    """A comment, or an answer to one."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    answers = forms.ModelChoiceField(Comment.objects.none(), widget=forms.HiddenInput, required=False)
    text = forms.CharField(
        label=_("Your comment"), max_length=3000, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"})
    )

    def __init__(self, *args: Any, kind: str, number: int, **options: Any) -> None:
        super().__init__(*args, **options)
        under = Comment.objects.filter(on_kind=kind, on_id=number)
        self.fields["answers"].queryset = under  # type: ignore[attr-defined]

    def above(self) -> Comment | None:
        """The comment that this one answers, to show it beside the form."""
        number = str(self["answers"].value() or "")
        return Comment.objects.filter(pk=number, retracted_at=None).first() if number.isdigit() else None

    def clean_text(self) -> str:
        text = clean(self.cleaned_data["text"])
        if not text:
            raise forms.ValidationError(_("Write a few words."))
        return text
