from datetime import date, timedelta
from functools import partial
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from infitah.ground.territories.models import Territory
from infitah.lib import files
from infitah.lib.dates import midnight
from infitah.lib.errors import TooMuch
from infitah.lib.forms import LEAST, LocalizedFormField, day, email, key, past, seen, words
from infitah.lib.i18n import Localized
from infitah.lib.states import mark
from infitah.network.membership.models import Cohort, Type
from infitah.network.membership.queries import sole, type_of

from .models import COUNCIL, Advice, Application, Call, Kind, Verdict
from .queries import NAMED, asked, papers
from .queries import mark as mark_of_all

MOST_DOCUMENTS = 4  # that a call asks for, besides the decision of the council

own_words = partial(words, longest=4000, shortest=LEAST)


class Writing(forms.Form):
    """A call, as the national team writes it, or changes it."""

    key = key()
    seen = seen()
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
        Cohort.objects.order_by("-number"),
        label=_("Cohort that those admitted join"),
        required=False,
        empty_label=_("A new cohort"),
    )
    new_cohort = forms.CharField(
        label=_("Name of the new cohort"), help_text=_("For example its year."), max_length=40, required=False
    )

    def __init__(self, call: Call | None = None, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, initial=self.told(call) if call else None, **options)
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
        if call:
            self.fields["cohort"].required, self.fields["cohort"].empty_label = True, None  # type: ignore[attr-defined]
        for unasked in ("key", "new_cohort") if call else ("seen",):
            del self.fields[unasked]

    def told(self, call: Call) -> dict[str, Any]:
        """What the call says already."""
        told = {name: getattr(call, name) for name in ("title", "text", "kinds", "regions", "places", "cohort")}
        told |= {"opens_on": call.first_day, "closes_on": call.last_day, "seen": mark(call, *Call.WORDS)}
        for document in call.documents:
            number = document["id"].removeprefix("d")
            told[f"document_{number}"] = Localized(document["name"])
            told[f"required_{number}"] = document["is_required"]
        return told

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        opens, closes = given.get("opens_on"), given.get("closes_on")
        if opens and closes and closes < opens:
            self.add_error("closes_on", _("The last day comes after the first."))
        if "new_cohort" in self.fields and not given.get("cohort") and not given.get("new_cohort"):
            self.add_error("new_cohort", _("Choose a cohort, or name the new one."))
        return given

    def arguments(self) -> dict[str, Any]:
        """What `actions.draft` asks for; or, of a call that stands, `actions.change`."""
        given = dict(self.cleaned_data)
        asked = [
            (f"d{number}", given.pop(f"document_{number}"), given.pop(f"required_{number}"))
            for number in range(1, MOST_DOCUMENTS + 1)
        ]
        documents = [{"id": id, "name": name, "is_required": is_required} for id, name, is_required in asked if name]
        opens_at, closes_at = midnight(given.pop("opens_on")), midnight(given.pop("closes_on") + timedelta(days=1))
        return {**given, "opens_at": opens_at, "closes_at": closes_at, "documents": documents}


class Beginning(forms.Form):
    """Where the link to the application is mailed."""

    email = email(
        _("Your e-mail address"),
        _("We mail you a link. Behind it you fill in the application, in several goes if you like."),
    )

    def arguments(self) -> dict[str, Any]:
        """What `actions.begin` asks for."""
        language = (get_language() or "ar").split("-")[0]
        return {"email": self.cleaned_data["email"].lower(), "language": language}


class Filling(forms.Form):
    """An application, of which every field may wait; what is sound in it is kept, though the rest is not."""

    key = key()
    seen = seen()
    kind = forms.ChoiceField(
        label=_("Type of your collectivity"), choices=Type.choices, widget=forms.RadioSelect, required=False
    )
    name = forms.CharField(
        label=_("Its name"), help_text=_("In Arabic or French, any spelling."), max_length=100, required=False
    )
    function = forms.ChoiceField(
        label=_("You apply as"), choices=Application.Function.choices, widget=forms.RadioSelect, required=False
    )
    president_name = forms.CharField(label=_("Name of the president of the council"), max_length=120, required=False)
    decided_on = day(_("Day on which the council decided to join"), required=False)
    why = own_words(_("Why your council wants to join"), _("A few sentences, in any language."), required=False)
    focal_point_name = forms.CharField(label=_("Focal point: name"), max_length=120, required=False)
    focal_point_email = email(
        _("Focal point: e-mail"),
        _("They run the programme, and sign in with a code sent to this address."),
        required=False,
    )
    deputy_name = forms.CharField(label=_("Deputy: name"), max_length=120, required=False)
    deputy_email = email(_("Deputy: e-mail"), required=False)

    def __init__(self, application: Application, *arguments: Any, **options: Any) -> None:
        self.application = application
        super().__init__(*arguments, initial=self.told(), **options)
        self.asked = asked(application.call)
        for each in self.asked:
            types = _("A PDF, 10 MB at most.") if each.id == COUNCIL else _("A PDF, a photo or a text, 10 MB at most.")
            self.fields[f"paper_{each.id}"] = forms.FileField(label=str(each.name), help_text=types, required=False)
        kinds = [choice for choice in Type.choices if choice[0] in application.call.kinds]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        if application.sent_at:
            del self.fields["kind"], self.fields["name"]

    def told(self) -> dict[str, Any]:
        """What is written already."""
        application, place = self.application, self.application.place
        kind = type_of(place) if place else application.call.kinds[-1]
        told = {name: getattr(application, name) for name in ("function", "decided_on", "why")}
        told |= {"seen": mark_of_all(application), "kind": kind, "name": str(place.name) if place else ""}
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
        if not name or (chosen and name in chosen.name.values() and kind == type_of(chosen)):
            self.cleaned_data["place"] = chosen if name else None
            return
        try:
            self.cleaned_data["place"] = sole(name, kind)
        except forms.ValidationError as fault:
            self.add_error("name", fault)

    def paper_fields(self) -> list[tuple[forms.BoundField, Any]]:
        """Each field for a document, with the document that stands there already."""
        return [(self[f"paper_{each.id}"], each.paper) for each in papers(self.application)]

    def sound(self) -> dict[str, Any]:
        """What `actions.keep` asks for, of the fields that are as they should be."""
        given = self.cleaned_data
        kept: dict[str, Any] = {
            name: given[name] for name in ("place", "function", "decided_on", "why", "seen") if name in given
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

    key = key()
    turn = forms.IntegerField(widget=forms.HiddenInput)
    stance = forms.ChoiceField(label=_("Your opinion"), choices=Advice.Stance.choices, widget=forms.RadioSelect)
    text = own_words(_("In a few words"), _("The applicant and the national team read it."))


class Ruling(forms.Form):
    """What the national team answers."""

    key = key()
    turn = forms.IntegerField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(label=_("Answer"), choices=Verdict.Outcome.choices, widget=forms.RadioSelect)
    reason = own_words(
        _("Reason, or what is missing"), _("The applicant reads it. Needed unless you accept."), required=False
    )
    is_public = forms.BooleanField(label=_("Everyone may read the reason"), required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("outcome") in (Verdict.Outcome.RETURNED, Verdict.Outcome.REFUSED) and not given.get("reason"):
            self.add_error("reason", _("Give the reason: the applicant reads it."))
        return given
