from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from infitah.ground.territories import queries as territories
from infitah.ground.territories.models import Territory
from infitah.lib import files
from infitah.lib.errors import TooMuch
from infitah.lib.forms import LocalizedFormField, day, past, words
from infitah.lib.i18n import Localized
from infitah.network.membership.models import Cohort
from infitah.network.membership.queries import KINDS

from .models import COUNCIL, Advice, Application, Call, Kind, Verdict
from .queries import NAMED, asked

LONGEST = 4000
MOST_DOCUMENTS = 4  # that a call asks for, besides the decision of the council
ONE = [("region", _("Region")), ("province", _("Prefecture or province")), ("commune", _("Commune"))]


def midnight(on: date) -> datetime:
    """The first moment of a day, by the clock of the place."""
    return timezone.make_aware(datetime(on.year, on.month, on.day))


class Writing(forms.Form):
    """A call, as the national team writes it."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    title = LocalizedFormField(label=_("Title"), max_length=120)
    text = LocalizedFormField(label=_("What the call says"), rows=5)
    kinds = forms.MultipleChoiceField(
        label=_("Who may apply"), choices=Kind.choices, widget=forms.CheckboxSelectMultiple, initial=Kind.values
    )
    regions = forms.MultipleChoiceField(
        label=_("In which regions"),
        help_text=_("Tick none if it is for the whole country."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    places = forms.IntegerField(
        label=_("Number of places"), help_text=_("Empty: no limit."), min_value=1, max_value=1600, required=False
    )
    opens_on = day(_("Opens on"))
    closes_on = day(_("Last day"), _("Until midnight."))
    cohort = forms.ModelChoiceField(
        Cohort.objects.all(), label=_("Cohort that those admitted join"), required=False, empty_label=_("A new cohort")
    )
    new_cohort = forms.CharField(
        label=_("Name of the new cohort"), help_text=_("For example its year."), max_length=40, required=False
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        regions = Territory.objects.filter(kind="region").order_by("code").defer("outline")
        self.fields["regions"].choices = [(region.code, str(region.name)) for region in regions]  # type: ignore[attr-defined]
        for number in range(1, MOST_DOCUMENTS + 1):
            label = _("Document asked for, %(n)s") % {"n": number}
            hint = _("Besides the decision of the council. Ask for nothing that the administration holds already.")
            named = LocalizedFormField(
                label=label, help_text=hint if number == 1 else "", max_length=200, required=False
            )
            self.fields[f"document_{number}"] = named
            self.fields[f"required_{number}"] = forms.BooleanField(label=_("It is required"), required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        opens, closes = given.get("opens_on"), given.get("closes_on")
        if opens and closes and closes < opens:
            self.add_error("closes_on", _("The last day comes after the first."))
        if "new_cohort" in self.fields and not given.get("cohort") and not given.get("new_cohort"):
            self.add_error("new_cohort", _("Choose a cohort, or name the new one."))
        return given

    def arguments(self) -> dict[str, Any]:
        """What `actions.draft` asks for, without the key."""
        given = dict(self.cleaned_data)
        kept = ("title", "text", "kinds", "regions", "places", "cohort", "new_cohort")
        documents = [
            {"id": f"d{number}", "name": given[f"document_{number}"], "is_required": given[f"required_{number}"]}
            for number in range(1, MOST_DOCUMENTS + 1)
            if given[f"document_{number}"]
        ]
        closes_at = midnight(given["closes_on"] + timedelta(days=1))
        times = {"opens_at": midnight(given["opens_on"]), "closes_at": closes_at}
        return {name: given[name] for name in kept} | times | {"documents": documents}


class Change(Writing):
    """The same, for a call that stands already in a cohort."""

    def __init__(self, call: Call, *arguments: Any, **options: Any) -> None:
        told = {name: getattr(call, name) for name in ("title", "text", "kinds", "regions", "places", "cohort")}
        told |= {"opens_on": call.first_day, "closes_on": call.last_day}
        for document in call.documents:
            number = document["id"].removeprefix("d")
            told[f"document_{number}"] = Localized(document["name"])
            told[f"required_{number}"] = document["is_required"]
        super().__init__(*arguments, initial=told, **options)
        del self.fields["new_cohort"]
        self.fields["cohort"].required = True
        self.fields["cohort"].empty_label = None  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        self.cleaned_data.setdefault("new_cohort", "")
        given = super().arguments()
        del given["new_cohort"]
        return given


class Beginning(forms.Form):
    """Where the link to the application is mailed."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("We mail you a link. Behind it you fill in the application, in several goes if you like."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def arguments(self) -> dict[str, Any]:
        """What `actions.begin` asks for."""
        language = (get_language() or "ar").split("-")[0]
        return {"key": self.cleaned_data["key"], "email": self.cleaned_data["email"].lower(), "language": language}


class Filling(forms.Form):
    """An application, of which every field may wait; what is sound in it is kept, though the rest is not."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    kind = forms.ChoiceField(
        label=_("Type of your collectivity"), choices=ONE, widget=forms.RadioSelect, required=False
    )
    name = forms.CharField(
        label=_("Its name"), help_text=_("In Arabic or French, any spelling."), max_length=100, required=False
    )
    function = forms.ChoiceField(
        label=_("You apply as"), choices=Application.Function.choices, widget=forms.RadioSelect, required=False
    )
    president_name = forms.CharField(label=_("Name of the president of the council"), max_length=120, required=False)
    decided_on = day(_("Day on which the council decided to join"), required=False)
    why = words(
        _("Why your council wants to join"), _("A few sentences, in any language."), required=False, longest=LONGEST
    )
    focal_point_name = forms.CharField(label=_("Focal point: name"), max_length=120, required=False)
    focal_point_email = forms.EmailField(
        label=_("Focal point: e-mail"),
        help_text=_("They run the programme, and sign in with a code sent to this address."),
        required=False,
    )
    deputy_name = forms.CharField(label=_("Deputy: name"), max_length=120, required=False)
    deputy_email = forms.EmailField(label=_("Deputy: e-mail"), required=False)

    def __init__(self, application: Application, *arguments: Any, **options: Any) -> None:
        self.application = application
        super().__init__(*arguments, initial=self.told(), **options)
        self.asked = asked(application.call)
        for each in self.asked:
            types = _("A PDF, 10 MB at most.") if each.id == COUNCIL else _("A PDF, a photo or a text, 10 MB at most.")
            self.fields[f"paper_{each.id}"] = forms.FileField(label=str(each.name), help_text=types, required=False)
        kinds = [choice for choice in ONE if choice[0] in application.call.kinds]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        if application.sent_at:
            del self.fields["kind"], self.fields["name"]

    def told(self) -> dict[str, Any]:
        """What is written already."""
        application, place = self.application, self.application.place
        kind = next((kind for kind, kinds in KINDS.items() if place and place.kind in kinds), None)
        told = {name: getattr(application, name) for name in ("function", "decided_on", "why")}
        told |= {"kind": kind or application.call.kinds[-1], "name": str(place.name) if place else ""}
        for role in NAMED:
            contact = getattr(application, role)
            told |= {f"{role}_name": contact.name, f"{role}_email": contact.email} if contact else {}
        return told

    def clean_decided_on(self) -> date | None:
        return past(self.cleaned_data["decided_on"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for each in self.asked:
            self.check_paper(f"paper_{each.id}", {"pdf"} if each.id == COUNCIL else {"pdf", "image", "document"})
        if "name" in given and given.get("kind"):
            self.find_place(given["name"].strip(), given["kind"])
        return given

    def check_paper(self, field: str, kinds: set[str]) -> None:
        """The file as it will be kept; one that is not as it should be is refused alone."""
        upload = self.cleaned_data.get(field)
        if upload:
            try:
                self.cleaned_data[field] = files.checked(upload, kinds=kinds)
            except (forms.ValidationError, TooMuch) as fault:
                self.add_error(field, fault.sentence if isinstance(fault, TooMuch) else fault)

    def find_place(self, name: str, kind: str) -> None:
        """The collectivity meant; the one already chosen where nothing else is written."""
        chosen = self.application.place
        if not name or (chosen and name in chosen.name.values() and chosen.kind in KINDS[kind]):
            self.cleaned_data["place"] = chosen if name else None
            return
        meant = territories.meant(name, KINDS[kind])
        if len(meant) == 1:
            self.cleaned_data["place"] = meant[0]
        elif meant:
            names = ", ".join(f"{place.name} ({place.parent}): {place.slug}" for place in meant[:5])
            self.add_error("name", _("Several places have this name. Write one of: %s") % names)
        else:
            self.add_error("name", _("No place of this name"))

    def paper_fields(self) -> list[tuple[forms.BoundField, Any]]:
        """Each field for a document, with the document that stands there already."""
        given = {paper.asked: paper for paper in self.application.papers.filter(replaced_at=None)}
        return [(self[f"paper_{each.id}"], given.get(each.id)) for each in self.asked]

    def sound(self) -> dict[str, Any]:
        """What `actions.keep` asks for, of the fields that are as they should be."""
        given = self.cleaned_data
        kept: dict[str, Any] = {
            name: given[name] for name in ("place", "function", "decided_on", "why") if name in given
        }
        people: dict[str, dict[str, str]] = {}
        for role in NAMED:
            contact = getattr(self.application, role)
            before = {"name": contact.name, "email": contact.email} if contact else {}
            fields = {part: given[f"{role}_{part}"] for part in ("name", "email") if f"{role}_{part}" in given}
            people[role] = {**before, **fields}
        papers = {each.id: given[f"paper_{each.id}"] for each in self.asked if given.get(f"paper_{each.id}")}
        return {**kept, "people": people, "papers": papers}


class Opinion(forms.Form):
    """What a wilaya or province thinks."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    turn = forms.IntegerField(widget=forms.HiddenInput)
    stance = forms.ChoiceField(label=_("Your opinion"), choices=Advice.Stance.choices, widget=forms.RadioSelect)
    text = words(_("In a few words"), _("The applicant and the national team read it."), longest=LONGEST)


class Ruling(forms.Form):
    """What the national team answers."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    turn = forms.IntegerField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(label=_("Answer"), choices=Verdict.Outcome.choices, widget=forms.RadioSelect)
    reason = words(
        _("Reason, or what is missing"),
        _("The applicant reads it. Needed unless you accept."),
        required=False,
        longest=LONGEST,
    )
    is_public = forms.BooleanField(label=_("Everyone may read the reason"), required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("outcome") in (Verdict.Outcome.RETURNED, Verdict.Outcome.REFUSED) and not given.get("reason"):
            self.add_error("reason", _("Give the reason: the applicant reads it."))
        return given
