from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from infitah.lib.forms import LocalizedFormField, Upload, day, key, past

from .models import Declaration


class Declaring(forms.Form):
    """What shows that a commitment is kept."""

    key = key()
    kind = forms.ChoiceField(label=_("Kind of evidence"), choices=Declaration.Kind.choices)
    text = LocalizedFormField(label=_("In a few words"), rows=3, max_length=1000)
    dated_on = day(_("Its day"), initial=timezone.localdate)
    document = Upload(
        label=_("Document"),
        help_text=_(
            "PDF, photo or office file, 10 MB at most. It will be public: no list of names, no telephone number."
        ),
        required=False,
    )
    link = forms.URLField(label=_("Or the address of a page"), max_length=500, required=False, assume_scheme="https")

    def __init__(self, *arguments: Any, commitment: str = "", **options: Any) -> None:
        super().__init__(*arguments, **options)
        kinds = Declaration.OF.get(commitment, list(Declaration.Kind))
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]

    def clean_dated_on(self) -> date | None:
        return past(self.cleaned_data["dated_on"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not self.errors and not given.get("document") and not given.get("link"):
            raise forms.ValidationError({"document": _("Add a document, or the address of a page.")})
        return given


class Withdrawal(forms.Form):
    """Why it does not hold."""

    reason = LocalizedFormField(label=_("Why"), help_text=_("It will be public."), rows=3, max_length=1000)
