from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, When
from django.utils.translation import gettext as _

from infitah.ground.territories import queries as territories
from infitah.ground.territories.models import Territory
from infitah.lib import text

from .models import Adhesion, Charter, Member

PAGE = 25
PRESENT = [Member.Status.ACTIVE, Member.Status.DORMANT]
KINDS = {"region": ["region"], "province": ["prefecture", "province"], "commune": ["commune"]}
OUTLINES = ["place__outline", "place__parent__outline", "place__parent__parent__outline"]  # long, and not listed
REGION = Case(
    When(place__kind="region", then=F("place_id")),
    When(place__kind="commune", then=F("place__parent__parent_id")),
    default=F("place__parent_id"),
)


@dataclass(frozen=True)
class MemberPage:
    """One page of the directory: its members, the code after which the next page begins, and how many in all."""

    members: list[Member]
    after: str
    total: int


def present() -> QuerySet[Member]:
    """The members of the network today: those who signed and have not left."""
    return Member.objects.filter(status__in=PRESENT)


def directory(chosen: Mapping[str, Any]) -> QuerySet[Member]:
    """The members of today in the order of the register, narrowed by `q`, `region` (a slug), `kind`, `milieu` (urban
    or rural) and `cohort` (a number); empty values narrow nothing."""
    members = present().select_related("place__parent__parent", "cohort").defer(*OUTLINES).order_by("place__code")
    for word in text.fold(chosen.get("q") or "").split():
        members = members.filter(place__search__contains=word)
    if chosen.get("region"):
        region = Territory.objects.filter(slug=chosen["region"], kind="region").first()
        members = members.filter(place__in=territories.inside(region)) if region else members.none()
    if chosen.get("kind"):
        members = members.filter(place__kind__in=KINDS[chosen["kind"]])
    if chosen.get("milieu"):
        members = members.filter(place__is_urban=chosen["milieu"] == "urban")
    if chosen.get("cohort"):
        members = members.filter(cohort__number=chosen["cohort"])
    return members


def directory_page(chosen: Mapping[str, Any], *, after: str = "") -> MemberPage:
    """The members after a code, a page at a time."""
    members = directory(chosen)
    found = list(members.filter(place__code__gt=after)[: PAGE + 1])
    return MemberPage(found[:PAGE], found[PAGE - 1].place.code if len(found) > PAGE else "", members.count())


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
    return Charter.objects.order_by("version").last()


def signatures(charter: Charter, *, after: int = 0) -> tuple[list[Adhesion], int | None]:
    """Who signed, in the order of the records, a page at a time; and where the next page begins."""
    signed = charter.adhesions.select_related("member__place", "member__cohort").order_by("pk")
    found = list(signed.filter(pk__gt=after)[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None


def table(chosen: Mapping[str, Any]) -> Iterator[list[str]]:
    """The directory as the rows of a spreadsheet, its header first; nothing in it runs as a formula."""
    yield [_("Code"), "ar", "fr", _("Type"), _("Province"), _("Region"), _("Milieu"), _("Population"), _("Cohort")] + [
        _("Member since"),
        _("Demonstration"),
    ]
    for member in directory(chosen).iterator(chunk_size=500):
        yield [text.neutral(cell) for cell in _row(member)]


def _row(member: Member) -> list[str]:
    place = member.place
    above = {way.kind: str(way.name) for way in (place.parent, place.parent and place.parent.parent) if way}
    province = above.get("province", "") or above.get("prefecture", "")
    milieu = {True: _("urban"), False: _("rural"), None: ""}[place.is_urban]
    return [
        place.code,
        place.name.get("ar", ""),
        place.name.get("fr", ""),
        place.get_kind_display(),
        province,
        above.get("region", ""),
        milieu,
        str(place.population or ""),
        member.cohort.label,
        str(member.joined_on or ""),
        _("yes") if member.is_demonstration else "",
    ]


def moves(member: Member) -> list[tuple[str, str]]:
    """What may happen to the member next: the verb, and how it is said."""
    said = {
        Member.Status.DORMANT: ("rest", _("Record that this member rests")),
        Member.Status.ACTIVE: ("wake", _("Record that this member is active again")),
        Member.Status.LEFT: ("leave", _("Record that this member leaves the network")),
    }
    signed = member.status != Member.Status.ADMITTED
    return [said[status] for status in said if signed and status in Member.MOVES[Member.Status(member.status)]]
