from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from infitah.lib.forms import LocalizedFormField, seen
from infitah.lib.states import mark

from .models import PolicyArea


class Area(forms.Form):
    """A policy area, as it is called in each language."""

    name = LocalizedFormField(label=_("Name of the area"), max_length=120, languages=("ar", "fr", "en"))
    source = forms.URLField(
        label=_("Where the partnership names it"),
        max_length=400,
        required=False,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"dir": "ltr"}),
    )


class Rewording(Area):
    """The same, of one that is in the list."""

    seen = seen()

    def __init__(self, area: PolicyArea, *arguments: Any, **options: Any) -> None:
        said = {"name": area.name, "source": area.source}
        super().__init__(*arguments, initial={**said, "seen": mark(area, *said)}, **options)
