from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from infitah.ground.accounts.models import Person
from infitah.ground.organisations.queries import voices
from infitah.lib.forms import LEAST, in_whose_name, key, meaningful, words

from .models import Comment


class Say(forms.Form):
    """A comment, or an answer to one."""

    key = key()
    answers = forms.ModelChoiceField(
        Comment.objects.none(),
        widget=forms.HiddenInput,
        required=False,
        error_messages={"invalid_choice": _("This comment cannot be answered.")},
    )
    text = words(_("Your comment"))

    def __init__(self, *args: Any, under: QuerySet[Comment], by: Person, **options: Any) -> None:
        super().__init__(*args, **options)
        in_whose_name(self, voices(by))
        self.under = self.fields["answers"].queryset = under  # type: ignore[attr-defined]

    def above(self) -> Comment | None:
        """The comment that this one answers, to show it beside the form."""
        number = str(self["answers"].value() or "")
        return self.under.filter(pk=number).first() if number.isdecimal() else None

    def clean_text(self) -> str:
        return meaningful(self.cleaned_data["text"], shortest=LEAST)
