from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Case, Count, F, Max, Q, QuerySet, When
from django.utils.translation import gettext as _

from infitah.ground.accounts import queries as accounts
from infitah.ground.accounts import rules as allowed
from infitah.ground.accounts.models import RUNNERS, Person
from infitah.ground.territories import queries as territories
from infitah.ground.territories.models import Territory
from infitah.lib.i18n import listed

from .models import Adhesion, Change, Charter, Cohort, HandOver, Member

PAGE = 25
WHOLE = ("ar", "fr", "en")  # what a version of the charter is written in before it is published; Tamazight may follow
PRESENT = [Member.Status.ACTIVE, Member.Status.DORMANT]
KINDS = {"region": ["region"], "province": ["prefecture", "province"], "commune": ["commune"]}
REGION = Case(
    When(place__kind="region", then=F("place_id")),
    When(place__kind="commune", then=F("place__parent__parent_id")),
    default=F("place__parent_id"),
)


def sole(typed: str, type: str) -> Territory:
    """The one place of this type that is meant: the only one found, or the one whose very name or address was typed.

    Raises ValidationError, with a sentence for the form, where there is none or more than one.
    """
    meant = territories.meant(typed, KINDS[type])
    if not meant:
        raise ValidationError(_("No place of this name"))
    if len(meant) > 1:
        names = listed(f"{place.name} ({place.parent}): {place.slug}" for place in meant[:5])
        raise ValidationError(_("Several places have this name. Write one of: %s") % names)
    return meant[0]


def type_of(place: Territory) -> str:
    """The type under which the place is found."""
    return next(type for type, kinds in KINDS.items() if place.kind in kinds)


def belongs(place: Territory) -> bool:
    """Whether the place is in the network today: admitted, active or dormant."""
    return Member.objects.filter(place=place).exclude(status=Member.Status.LEFT).exists()


def stands_admitted(member: Member, cohort: Cohort, by: Person | None, sha256: str) -> bool:
    """Whether the same person has admitted it to this cohort by the same document, and nothing has come since."""
    last, admitted = member.changes.last(), Member.Status.ADMITTED
    said = (cohort, by, sha256)
    return member.status == admitted and last is not None and (last.cohort, last.by, last.document_sha256) == said


def present() -> QuerySet[Member]:
    """The members of the network today: those who signed and have not left."""
    return Member.objects.filter(status__in=PRESENT)


def members_by_region() -> dict[int, int]:
    """How many members of today lie in each region, the region itself included, by the key of the region."""
    counted = present().annotate(region=REGION).values_list("region").annotate(Count("pk"))
    return dict(counted.order_by())


def composition() -> dict[str, int]:
    """How many members of today: in all, and regions, prefectures or provinces, communes."""
    return present().aggregate(
        total=Count("pk"), **{kind: Count("pk", filter=Q(place__kind__in=kinds)) for kind, kinds in KINDS.items()}
    )


def current_charter() -> Charter | None:
    """The latest version in force."""
    return Charter.objects.in_force().order_by("version").last()


def latest_charter() -> Charter | None:
    """The latest version published, be its day still to come: the one that members are asked to sign."""
    return Charter.objects.published().order_by("version").last()


def is_whole(charter: Charter) -> bool:
    """Whether the text and every commitment are written in the three languages that a version needs."""
    return bool(charter.commitments) and all(
        text.get(language) for text in [charter.text, *charter.commitments] for language in WHOLE
    )


def charter_awaited(place: Territory) -> Charter | None:
    """The version that the member at this place has not signed yet; None where nothing is asked of it. Two queries."""
    charter = latest_charter()
    if charter is None:
        return None
    asked = Member.objects.filter(place=place).exclude(status=Member.Status.LEFT)
    return charter if asked.exclude(pk__in=signed_by(charter)).exists() else None


def signed_by(charter: Charter) -> QuerySet[Adhesion, Any]:
    """The keys of the members whose adhesion to this version stands."""
    return charter.adhesions.standing().values("member_id")


def awaited(charter: Charter, *, after: str = "") -> tuple[list[Any], str]:
    """The members who signed an earlier version only (`signed`), by code, a page at a time; where the next begins."""
    signed = Max("adhesions__charter__version", filter=Q(adhesions__ended_on=None))
    found: QuerySet[Any] = present().exclude(pk__in=signed_by(charter)).annotate(signed=signed)
    found = found.filter(signed__isnull=False, place__code__gt=after).select_related("place", "cohort")
    page = list(found.defer("place__outline").order_by("place__code")[: PAGE + 1])
    return page[:PAGE], page[PAGE - 1].place.code if len(page) > PAGE else ""


def awaited_count(charter: Charter) -> int:
    """How many members signed an earlier version only."""
    earlier = Adhesion.objects.standing().exclude(charter=charter).values("member_id")
    return present().filter(pk__in=earlier).exclude(pk__in=signed_by(charter)).count()


def signatures(charter: Charter, *, after: int = 0) -> tuple[list[Adhesion], int | None]:
    """Who signed, in the order of the records, a page at a time; and where the next page begins."""
    signed = charter.adhesions.select_related("member__place").defer("member__place__outline").order_by("pk")
    found = list(signed.filter(pk__gt=after)[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None


def cohorts() -> QuerySet[Cohort]:
    """The cohorts, the latest first, each with how many members it counts today (`size`)."""
    return Cohort.objects.annotate(size=Count("members", filter=Q(members__status__in=PRESENT))).order_by("-number")


def last_change(member: Member) -> date:
    """The day of what was last recorded of the member, its joining included: nothing can have changed before."""
    turns = Change.objects.filter(member=member).exclude(status=Member.Status.ADMITTED)
    turned = turns.aggregate(day=Max("changed_on"))["day"]
    return max(member.joined_on or date.min, turned or date.min)


def moves(member: Member) -> dict[str, str]:
    """What may happen to the member next: the verb, and how it is said."""
    said = {
        Member.Status.DORMANT: ("rest", _("Record that this member rests")),
        Member.Status.ACTIVE: ("wake", _("Record that this member is active again")),
        Member.Status.LEFT: ("leave", _("Record that this member leaves the network")),
    }
    signed = member.status != Member.Status.ADMITTED
    return dict(said[status] for status in said if signed and status in Member.MOVES[Member.Status(member.status)])


def roles_to_hand_over(person: Person, place: Territory) -> list[tuple[str, Person | None]]:
    """The roles that this person may hand over at a place, each with who holds it today; None where nobody does."""
    held: list[tuple[str, Person | None]] = [
        (grant.role, grant.person) for grant in accounts.grants_at(place) if grant.role in RUNNERS
    ]
    empty = [(role.value, None) for role in RUNNERS if role not in {role for role, _holder in held}]
    return [
        (role, holder)
        for role, holder in [*held, *empty]
        if allowed.can_hand_over(person, role, place) and allowed.is_theirs_to_hand_over(person, role, place, holder)
    ]


def hand_overs(place: Territory) -> list[HandOver]:
    """Who handed over to whom at a place, the latest first; those replaced in time left out."""
    return list(place.hand_overs.standing().select_related("outgoing", "incoming", "place")[:20])
