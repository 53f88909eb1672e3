"""Questions about people: who holds what where, what is kept about someone, and which rules hold in the house."""

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from importlib import import_module
from importlib.util import find_spec
from inspect import getdoc, isfunction
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from allauth.account.models import EmailAddress
from django.apps import apps
from django.core import signing
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce, Lower
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from infitah.ground.ledger.models import Entry
from infitah.ground.territories.models import Territory

from .models import LOCAL, STAFF, Contact, Person, Role, RoleGrant

KEPT_AFTER_LAST_VISIT = timedelta(days=3 * 365)  # then an account without a role is erased
KEPT_UNCONFIRMED = timedelta(days=7)  # somebody may have typed the address of somebody else
DEMO = "demonstration"
# What each role lets its holder do at its place, and ends with it; the rules of the rooms decide.
ENABLES = {
    Role.FOCAL_POINT: _("Answer ideas, draft projects, open the consultation and report progress here; grant roles."),
    Role.DEPUTY: _("Answer ideas, draft projects, open the consultation and report progress here."),
    Role.COMMITTEE: _("Find the work of the committee on the workbench. A seat on it ends on its own page."),
    Role.CLERK: _("Put the programme on the agenda of the council, and record its sittings and votes."),
    Role.PRESIDENT: _("Read what is handed over here, and name a focal point where there is none."),
    Role.PROJECT_OWNER: _("Report on the activities of the programme, and add the evidence."),
    Role.COACH: _("Enter ideas, draft projects and plan dates here, for the collectivity that the mission helps."),
    Role.TRAINER: _("Announce meetings here, check people in, add documents and publish minutes."),
    Role.WILAYA: _("Read the applications and the board of this territory, and give an opinion on applications."),
    Role.NATIONAL: _("Everything that the national team does: calls, members, roles, letters, and the national plan."),
    Role.EVALUATOR: _("Review the projects of adopted programmes on the official scales, and change nothing in them."),
}
# What is asked for in an export but is a secret, or says nothing to a reader.
NOT_EXPORTED = {"password", "search", "data", "token", "token_secret"}


def signed_in(request: HttpRequest) -> Person | None:
    """Who is asking; None for a visitor."""
    return request.user if isinstance(request.user, Person) else None


def by_email(email: str) -> Person | None:
    return Person.objects.filter(email__iexact=email.strip(), is_active=True).first()


def grants_at(territory: Territory) -> list[RoleGrant]:
    """The roles held at a place today, in the order of the roles."""
    order = {role: turn for turn, role in enumerate(Role.values)}
    grants = RoleGrant.objects.current().filter(territory=territory).select_related("person", "territory")
    return sorted(grants, key=lambda grant: (order[grant.role], grant.pk))


def holders(role: str, territory: Territory) -> list[Person]:
    """Who holds the role at the place today."""
    return [
        grant.person
        for grant in RoleGrant.objects.current().filter(role=role, territory=territory).select_related("person")
    ]


def is_last(grant: RoleGrant) -> bool:
    """Whether nobody is left to run the place once this role of a focal point is taken back."""
    held = RoleGrant.objects.current().filter(role=grant.role, territory=grant.territory).exclude(pk=grant.pk)
    return grant.role == Role.FOCAL_POINT and not held.exists()


def demo_link(person: Person, to: str = "") -> str:
    """The path that signs a demonstration person in; answers 404 outside a demonstration."""
    path = reverse("accounts:demo", kwargs={"token": signing.dumps(person.pk, salt=DEMO)})
    return f"{path}?{urlencode({'next': to})}" if to else path


def kept_about(person: Person) -> dict[str, Any]:
    """All that is kept about a person, as JSON: themselves, each record that names them and how, what they did.

    `{"person": {…}, "records": {"<what>.<how it names them>": [{…}, …]}, "done": [{…}, …]}`. Found by looking at
    every model of the installation, so that a new one is never forgotten.
    """
    records = {}
    contacts = contacts_of(person).order_by("pk")
    if contacts:
        records[Contact._meta.label_lower] = [_row(contact) for contact in contacts]
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.ForeignKey) and field.related_model in (Person, Contact):
                whose = {field.name: person} if field.related_model is Person else {f"{field.name}__in": contacts}
                rows = [_row(row) for row in model._base_manager.filter(**whose).order_by("pk")]
                if rows:
                    records[f"{model._meta.label_lower}.{field.name}"] = rows
    done = Entry.objects.filter(by=person.uid).order_by("id").values("id", "action", "at", "on_kind", "on_id", "place")
    found = {"person": _row(person), "records": records, "done": list(done)}
    told: dict[str, Any] = json.loads(json.dumps(found, cls=DjangoJSONEncoder, default=str))
    return told


def contacts_of(person: Person) -> models.QuerySet[Contact]:
    """What is kept under the addresses that a person has shown to be theirs, beside their account."""
    verified = EmailAddress.objects.filter(user=person, verified=True).values_list("email", flat=True)
    theirs = {address.lower() for address in [*verified, person.email] if address}
    return Contact.objects.annotate(address=Lower("email")).filter(address__in=theirs)


def same_mailbox(contact: Contact) -> models.QuerySet[Contact]:
    """All that is kept under the address of this contact, the oldest first: one for each contribution."""
    if not contact.email:
        return Contact.objects.filter(pk=contact.pk)
    return Contact.objects.annotate(address=Lower("email")).filter(address=contact.email.lower()).order_by("pk")


def outdated(today: date) -> models.QuerySet[Person]:
    """Those without a role whose account has passed its date: unused for long, or never confirmed by its owner."""
    this_morning = timezone.make_aware(datetime.combine(today, time()))
    unused = Q(seen_at__lt=this_morning - KEPT_AFTER_LAST_VISIT)
    unconfirmed = Q(
        last_login=None,
        joined_at__lt=this_morning - KEPT_UNCONFIRMED,
        pk__in=EmailAddress.objects.filter(verified=False).values("user"),
    )
    living = Person.objects.filter(erased_at=None).annotate(seen_at=Coalesce("last_login", "joined_at"))
    return living.filter(unused | unconfirmed).exclude(grants__in=RoleGrant.objects.current())


def _row(row: models.Model) -> dict[str, Any]:
    fields = (field for field in row._meta.concrete_fields if field.name not in NOT_EXPORTED)
    return {field.name: _plain(field.value_from_object(row)) for field in fields}


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | float | str | list | dict) else str(value)


@dataclass(frozen=True)
class RoleSaid:
    """A role as the public page tells it."""

    name: str
    by_focal_point: bool
    second_factor: bool


@dataclass(frozen=True)
class RoomSaid:
    """A room of the house: what it is for, and the sentences of its rules."""

    plate: str
    rules: list[str]


def roles_said() -> list[RoleSaid]:
    """Every role: its name, who grants it, whether it needs a second factor to sign in."""
    return [RoleSaid(str(role.label), role in LOCAL, role in STAFF) for role in Role]


def rooms_said() -> list[RoomSaid]:
    """Who may do what, room by room, read from the rules themselves: the sentence of a rule is its docstring.

    So no sentence stays behind when its rule changes; a rule without a translated sentence fails the tests.
    """
    return [
        RoomSaid(gettext(plate), [gettext(sentence) for sentence in sentences])
        for plate, sentences in sentences_of_rules()
        if sentences
    ]


def sentences_of_rules() -> list[tuple[str, list[str]]]:
    """For each room of the house, the first line of its door plate and the sentence of each `can_…` in its rules."""
    found = []
    for room in apps.get_app_configs():
        if room.name.startswith("infitah.") and find_spec(f"{room.name}.rules"):
            module = import_module(f"{room.name}.rules")
            rules = [rule for name, rule in vars(module).items() if name.startswith("can_") and isfunction(rule)]
            own = [rule for rule in rules if rule.__module__ == module.__name__]
            plate = (getdoc(room.module) or "").splitlines()[0]
            found.append((plate, [" ".join((getdoc(rule) or rule.__qualname__).split()) for rule in own]))
    return found


def by_role(grants: list[RoleGrant]) -> list[tuple[str, list[RoleGrant]]]:
    """Grants, in order of role, under the name of each role."""
    return [(str(Role(role).label), list(held)) for role, held in groupby(grants, key=lambda grant: grant.role)]
