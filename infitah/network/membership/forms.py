from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from infitah.ground.territories import queries as territories
from infitah.ground.territories.models import Territory
from infitah.lib import files, text
from infitah.lib.forms import LocalizedFormField

from .models import Cohort
from .queries import KINDS

TYPES = [("region", _("Region")), ("province", _("Prefecture or province")), ("commune", _("Commune"))]


class Admission(forms.Form):
    """Who is admitted, to which cohort."""

    kind = forms.ChoiceField(label=_("Type"), choices=TYPES, initial="commune", widget=forms.RadioSelect)
    name = forms.CharField(label=_("Name"), help_text=_("In Arabic or French, any spelling."), max_length=100)
    cohort = forms.ModelChoiceField(Cohort.objects.all(), label=_("Cohort"), empty_label=None)

    def clean(self) -> dict[str, Any]:
        """The place meant: the only one found of that type, or the first if its name is the very one typed."""
        given = super().clean() or self.cleaned_data
        if "name" not in given or "kind" not in given:
            return given
        meant = _meant(given["name"].strip(), given["kind"])
        if not meant:
            raise forms.ValidationError({"name": _("No place of this name")})
        if len(meant) > 1:
            names = ", ".join(f"{place.name} ({place.parent}): {place.slug}" for place in meant[:5])
            raise forms.ValidationError({"name": _("Several places have this name. Write one of: %s") % names})
        return {"place": meant[0], "cohort": given.get("cohort")}


def _meant(name: str, kind: str) -> list[Territory]:
    """The places of that kind that bear the name or the address typed; if none does, those of nearly that name."""
    named = Territory.objects.filter(slug=name.lower(), kind__in=KINDS[kind])
    found = list(named) or [one.place for one in territories.find(name, 30) if one.place.kind in KINDS[kind]]
    exact = [place for place in found if text.fold(name) in map(text.fold, place.name.values())]
    return exact or found


class Signing(forms.Form):
    """Who signed the charter, in which function, when, and the signed document."""

    signatory = forms.CharField(
        label=_("Name of the person who signed"), help_text=_("It will be public."), max_length=120, required=False
    )
    function = LocalizedFormField(label=_("Function"), max_length=200)
    signed_on = forms.DateField(label=_("Signed on"), widget=forms.DateInput(attrs={"type": "date"}))
    document = forms.FileField(
        label=_("The signed charter, or the decision of the council"),
        help_text=_("A PDF or a photo, 10 MB at most."),
        required=False,
    )

    def clean_signatory(self) -> str:
        return text.clean(self.cleaned_data["signatory"])

    def clean_signed_on(self) -> Any:
        if self.cleaned_data["signed_on"] > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        return self.cleaned_data["signed_on"]

    def clean_document(self) -> files.Checked | None:
        upload = self.cleaned_data["document"]
        return files.checked(upload, kinds={"pdf", "image"}) if upload else None
