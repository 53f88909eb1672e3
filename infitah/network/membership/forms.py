from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from infitah.ground.accounts.models import Person, Role
from infitah.lib import text
from infitah.lib.forms import LEAST, LocalizedFormField, Upload, day, email, key, past, seen, to_come, words
from infitah.lib.i18n import Written
from infitah.lib.states import mark

from .models import Charter, Cohort, Member, Type
from .queries import last_change, sole

SIGNED = ("pdf", "image")  # kinds of what bears a signature


def paper() -> Upload:
    """A field for the document that a change of a member stands on."""
    help_text = _("A PDF or a photo, 10 MB at most. It will be public: no telephone number, no home address.")
    return Upload(kinds=SIGNED, label=_("The decision or the letter"), help_text=help_text, required=False)


class Admission(forms.Form):
    """Who is admitted, to which cohort."""

    kind = forms.ChoiceField(label=_("Type"), choices=Type.choices, initial=Type.COMMUNE, widget=forms.RadioSelect)
    name = forms.CharField(label=_("Name"), help_text=_("In Arabic or French, any spelling."), max_length=100)
    cohort = forms.ModelChoiceField(Cohort.objects.order_by("-number"), label=_("Cohort"), empty_label=None)
    document = paper()

    def clean(self) -> dict[str, Any]:
        """The place meant: the only one found of that type, or the first if its name is the very one typed."""
        given = super().clean() or self.cleaned_data
        if "name" not in given or "kind" not in given:
            return given
        try:
            place = sole(given["name"], given["kind"])
        except forms.ValidationError as fault:
            raise forms.ValidationError({"name": fault}) from None
        return {"place": place, "cohort": given.get("cohort"), "document": given.get("document")}


class Signing(forms.Form):
    """Who signed the charter, in which function, when, and the signed document."""

    key = key()
    signatory = forms.CharField(
        label=_("Name of the person who signed"), help_text=_("It will be public."), max_length=120, required=False
    )
    function = LocalizedFormField(label=_("Function"), max_length=200)
    signed_on = day(_("Signed on"))
    document = Upload(
        kinds=SIGNED,
        label=_("The signed charter, or the decision of the council"),
        help_text=_("A PDF or a photo, 10 MB at most."),
        required=False,
    )

    def clean_signatory(self) -> str:
        return text.clean(self.cleaned_data["signatory"])

    def clean_signed_on(self) -> Any:
        return past(self.cleaned_data["signed_on"])


class Turn(forms.Form):
    """Why a member rests, is active again or leaves, and since when."""

    reason = LocalizedFormField(label=_("Why"), help_text=_("It will be public."), rows=3, max_length=1000)
    on = day(_("From which day"))
    document = paper()

    def __init__(self, *arguments: Any, member: Member, **options: Any) -> None:
        options.setdefault("initial", {"on": timezone.localdate()})
        self.member = member
        super().__init__(*arguments, **options)

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        past(on)
        if on < last_change(self.member):
            raise forms.ValidationError(_("This day comes before the last change."))
        return on


LANGUAGES = ("ar", "fr", "en", "zgh")
NUMBERS = range(1, 6)  # the charter has five commitments


class Wording(forms.Form):
    """The next version of the charter, as it is drafted."""

    seen = seen()
    text = LocalizedFormField(label=_("Text of the charter"), rows=6, max_length=20000, languages=LANGUAGES)

    def __init__(self, last: Charter | None, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, initial=self.told(last) if last else None, **options)
        for number in NUMBERS:
            label = _("Commitment %(number)s") % {"number": number}
            self.fields[f"c{number}"] = LocalizedFormField(label=label, rows=2, max_length=1000, languages=LANGUAGES)
        self.fields["in_force_on"] = day(_("In force from"))
        source = _("Where this text comes from")
        self.fields["source"] = forms.URLField(label=source, max_length=200, required=False, assume_scheme="https")

    def told(self, last: Charter) -> dict[str, Any]:
        """What the form shows at first: the latest version as it is worded."""
        worded = {f"c{turn}": words for turn, words in zip(NUMBERS, last.commitments, strict=False)}
        begins = last.in_force_on if last.published_at is None else None
        worded |= {"text": last.text, "in_force_on": begins, "source": last.source}
        return worded | {"seen": mark(last, *Charter.WORDS)}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        worded = [{"id": f"C{number}", **given.pop(f"c{number}", {})} for number in NUMBERS]
        return {**given, "commitments": worded}


class Enrolment(forms.Form):
    """What is said of a cohort."""

    number = forms.IntegerField(label=_("Number"), min_value=1, max_value=999)
    label = forms.CharField(label=_("What the cohort is called"), help_text=_("Its years: 2025-2027."), max_length=40)
    enrolled_on = day(_("Joined on"))
    source = forms.URLField(label=_("Where this is announced"), max_length=200, required=False, assume_scheme="https")

    def __init__(self, *arguments: Any, cohort: Cohort | None = None, **options: Any) -> None:
        self.cohort = cohort
        super().__init__(*arguments, **options)

    def clean_number(self) -> int:
        number: int = self.cleaned_data["number"]
        same = Cohort.objects.filter(number=number).first()
        if same and same != self.cohort:
            raise forms.ValidationError(_("There is a cohort of this number already."))
        return number


class Succession(forms.Form):
    """Who takes over which role, from which day."""

    key = key()
    whose = forms.ChoiceField(label=_("Which role"), widget=forms.RadioSelect)
    email = email(
        _("E-mail of the person who takes over"),
        _("Someone without an account gets one: they sign in with a code sent to this address."),
    )
    on = day(_("From which day"), _("Until the day before, nothing changes."))
    note = words(
        _("A word to the person who takes over"),
        _("What no list says: whom to call, what was promised aloud. It is not public."),
        rows=5,
        longest=5000,
        shortest=LEAST,
        required=False,
    )
    language = forms.ChoiceField(label=_("Language of this word"), choices=Written.choices)

    def __init__(self, *arguments: Any, roles: list[tuple[str, Person | None]], **options: Any) -> None:
        options.setdefault("initial", {"on": timezone.localdate(), "language": get_language()})
        super().__init__(*arguments, **options)
        self.held = {f"{role}-{holder.pk if holder else ''}": (role, holder) for role, holder in roles}
        self.fields["whose"].choices = [  # type: ignore[attr-defined]
            (value, f"{Role(role).label}{_(':')} {holder or _('nobody today')}")
            for value, (role, holder) in self.held.items()
        ]
        self.fields["whose"].initial = next(iter(self.held), None)

    def clean_on(self) -> date | None:
        return to_come(self.cleaned_data["on"])

    def clean(self) -> dict[str, Any]:
        """The role, who holds it now, and the address of who takes it over."""
        given = super().clean() or self.cleaned_data
        role, holder = self.held.get(given.pop("whose", ""), ("", None))
        to = given.pop("email", "")
        if holder and to and to.lower() == (holder.email or "").lower():
            raise forms.ValidationError({"email": _("This person holds the role already.")})
        return {**given, "role": role, "outgoing": holder, "to": to}
