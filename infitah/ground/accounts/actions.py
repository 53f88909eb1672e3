from datetime import date, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from infitah.ground.ledger import actions as ledger
from infitah.ground.territories.models import Territory
from infitah.lib import screening
from infitah.lib.errors import NotPossible, require
from infitah.lib.states import lock
from infitah.lib.text import clean

from . import queries, rules
from .models import Contact, Person, Role, RoleGrant

KEEP_CONTACTS = timedelta(days=365 * 3)  # a cycle and twelve months


@transaction.atomic
def invite(email: str, *, language: str = "ar", full_name: str = "", is_demonstration: bool = False) -> Person:
    """The person with this address; an account is made if there is none, and entered by a code mailed to it."""
    known = queries.by_email(email)
    made = {"language": language, "full_name": full_name, "is_demonstration": is_demonstration}
    return known or Person.objects.create_user(email=email, **made)


@transaction.atomic
def introduce(pseudonym: str, *, language: str = "ar", place: Territory | None = None) -> Person:
    """A made-up person of a demonstration, without an address: a link signs them in."""
    require(rules.can_introduce())
    person = Person(pseudonym=pseudonym, language=language, is_demonstration=True)
    person.set_unusable_password()
    person.save()
    ledger.record("person.introduced", by=None, on=person, place=place)
    return person


@transaction.atomic
def grant(
    person: Person,
    role: str,
    territory: Territory,
    *,
    by: Person | None,
    until: date | None = None,
    since: date | None = None,
) -> RoleGrant:
    """Give a person a role at a place, from today or another day on, until a day if one is named."""
    is_open = lock(person).is_active  # held, so that of two who grant the same at once one is refused
    require(rules.can_grant(by, role, territory, person))
    require(is_open, NotPossible(_("This account is closed.")))
    is_limited = role != Role.COACH or until is not None
    require(is_limited, NotPossible(_("A coach helps for a limited time: name the last day.")))
    held = RoleGrant.objects.filter(person=person, role=role, territory=territory, revoked_at=None)
    require(not held.current().exists(), NotPossible(_("This person already holds this role here.")))
    held.update(revoked_at=timezone.now())
    days = {"since": since or timezone.localdate(), "until": until}
    made = RoleGrant.objects.create(person=person, role=role, territory=territory, granted_by=by, **days)
    person.__dict__.pop("current_grants", None)
    ledger.record("role.granted", by=by, on=made, place=territory, role=role, person=str(person.uid))
    return made


@transaction.atomic
def revoke(grant: RoleGrant, *, by: Person | None) -> RoleGrant:
    """Take a role back; that it was held stays known."""
    grant = lock(grant)
    require_revocable(by, grant)
    return _take_back(grant, by=by)


def require_revocable(by: Person | None, grant: RoleGrant) -> None:
    """The role is held, and is this person's to take back."""
    require(rules.can_revoke(by, grant))
    require(grant.revoked_at is None, NotPossible(_("This role has already been taken back.")))


def _take_back(grant: RoleGrant, *, by: Person | None) -> RoleGrant:
    grant.revoked_at = timezone.now()
    grant.save(update_fields=["revoked_at"])
    ledger.record("role.revoked", by=by, on=grant, place=grant.territory, role=grant.role, person=str(grant.person.uid))
    return grant


@transaction.atomic
def hand_over(
    role: str,
    territory: Territory,
    *,
    to: Person,
    by: Person | None,
    outgoing: Person | None,
    on: date,
    instead_of: Person | None = None,
) -> RoleGrant:
    """From a day on, the role of focal point or deputy is somebody else's; until the day before, it stays.

    `outgoing` is who holds it now, None where nobody does; `instead_of` is who had been named before, and will not
    begin. A deputy who becomes focal point is deputy no more.
    """
    territory = lock(territory)
    require(rules.can_hand_over(by, role, territory, to))
    require(by is not None and rules.is_theirs_to_hand_over(by, role, territory, outgoing))
    require(on >= timezone.localdate(), NotPossible(_("This day has passed.")))
    require(to.is_active, NotPossible(_("This account is closed.")))
    given = RoleGrant.objects.filter(territory=territory, revoked_at=None)
    is_held = given.current().filter(person=to, role=role).exists()
    require(not is_held, NotPossible(_("This person already holds this role here.")))
    holders = given.current().filter(role=role)
    held = holders.filter(person=outgoing).first()
    is_as_said = held is not None if outgoing else not holders.exists()
    require(is_as_said, NotPossible(_("The role has already passed to somebody else.")))
    gone = Q(person=to) | Q(person=instead_of, since__gt=timezone.localdate())  # run out, or not begun
    given.filter(gone, role=role).update(revoked_at=timezone.now())
    made = RoleGrant.objects.create(person=to, role=role, territory=territory, granted_by=by, since=on)
    said = {"role": role, "since": str(on)}
    if held:
        _end(held, on)
        ledger.record("role.passed", by=by, on=held, place=territory, person=str(held.person.uid), **said)
    for deputy in given.current().filter(person=to, role=Role.DEPUTY).exclude(pk=made.pk):
        _end(deputy, on)
    ledger.record("role.taken_over", by=by, on=made, place=territory, person=str(to.uid), **said)
    return made


def _end(grant: RoleGrant, on: date) -> None:
    """The role is not held any more from that day on."""
    if on <= timezone.localdate():
        grant.revoked_at = timezone.now()
    grant.until = on - timedelta(days=1)
    grant.save(update_fields=["until", "revoked_at"])
    grant.person.__dict__.pop("current_grants", None)


@transaction.atomic
def appoint_first(person: Person) -> RoleGrant:
    """Begin the national team with its first person, who then grants every other role. Possible once."""
    country = Territory.objects.get(kind=Territory.Kind.COUNTRY)
    begun = RoleGrant.objects.current().filter(role=Role.NATIONAL).exists()
    require(not begun, NotPossible(_("The national team has begun already: its members grant the other roles.")))
    made = RoleGrant.objects.create(person=person, role=Role.NATIONAL, territory=country)
    person.__dict__.pop("current_grants", None)
    ledger.record("role.granted", by=None, on=made, place=country, role=Role.NATIONAL, person=str(person.uid))
    return made


def keep_contact(email: str, language: str) -> Contact:
    """Keep an address apart from what its owner contributed, and for a time only."""
    return Contact.objects.create(email=email, language=language, retain_until=timezone.localdate() + KEEP_CONTACTS)


@transaction.atomic
def rename(person: Person, pseudonym: str, *, by: Person | None) -> Person:
    """Choose the name that others see."""
    person = lock(person)
    require(rules.can_rename(by, person))
    pseudonym = clean(pseudonym)
    found = screening.found_in(pseudonym)
    require(not found, NotPossible(screening.UNFIT.get(found)))
    person.pseudonym = pseudonym
    person.save(update_fields=["pseudonym"])
    ledger.record("person.renamed", by=by, on=person)
    return person


@transaction.atomic
def choose_language(person: Person, language: str) -> Person:
    """Keep the language a person reads in; not an event of public interest, so not in the ledger."""
    person = lock(person)
    person.language = language
    person.save(update_fields=["language"])
    return person


@transaction.atomic
def export(person: Person, *, by: Person | None) -> dict[str, Any]:
    """All that is kept about a person; that they asked is written down."""
    require(rules.can_export(by, person))
    ledger.record("person.exported", by=by, on=person)
    return queries.kept_about(person)


@transaction.atomic
def erase(person: Person, *, by: Person | None) -> Person:
    """Forget who a person is: name, addresses, keys and sessions go, roles end; what they contributed stays, under
    “a resident”."""
    person = lock(person)
    require(rules.can_erase(by, person))
    _forget(person, by=by)
    _end_sessions([person])
    ledger.record("person.erased", by=by, on=person)
    return person


def _forget(person: Person, *, by: Person | None) -> None:
    """Remove what tells who a person is, wherever it is kept."""
    queries.contacts_of(person).delete()
    for kept in (EmailAddress, Authenticator, SocialAccount):
        kept.objects.filter(user=person).delete()
    _unname(person)
    for held in (person.grants.current() | person.grants.to_come()).select_related("territory"):
        _take_back(held, by=by)
    person.email = None
    person.full_name = person.pseudonym = ""
    person.is_active = False
    person.erased_at = timezone.now()
    person.set_unusable_password()
    person.save()


def _unname(person: Person) -> None:
    """Take the name off what they published under one, found wherever a record of theirs carries a pseudonym."""
    for relation in Person._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel):
            model: type[models.Model] = relation.related_model
            if relation.field.name == "author" and "pseudonym" in {field.name for field in model._meta.fields}:
                model._base_manager.filter(author=person).update(pseudonym="")


def _end_sessions(people: list[Person]) -> None:
    """Sign them out everywhere, and keep nothing of where they were signed in."""
    gone = {str(person.pk) for person in people}
    for session in Session.objects.iterator() if gone else ():
        if session.get_decoded().get("_auth_user_id") in gone:
            session.delete()


@transaction.atomic
def purge(today: date) -> dict[str, int]:
    """Erase what has passed its date: contacts, accounts, sessions; the counts go to the ledger."""
    contacts = Contact.objects.filter(retain_until__lt=today).delete()[1].get(Contact._meta.label, 0)
    people = list(queries.outdated(today).select_for_update(of=("self",)))
    for person in people:
        _forget(person, by=None)
    _end_sessions(people)
    sessions = Session.objects.filter(expire_date__lt=timezone.now()).delete()[0]
    counts = {"contacts": contacts, "people": len(people), "sessions": sessions}
    country = Territory.objects.filter(kind=Territory.Kind.COUNTRY).first()
    if country and any(counts.values()):
        ledger.record("accounts.purged", by=None, on=country, place=country, **counts)
    return counts
