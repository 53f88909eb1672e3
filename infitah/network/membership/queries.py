from django.db.models import Case, Count, F, Q, QuerySet, When
from django.utils.translation import gettext as _

from .models import Adhesion, Charter, Member

PAGE = 25
PRESENT = [Member.Status.ACTIVE, Member.Status.DORMANT]
KINDS = {"region": ["region"], "province": ["prefecture", "province"], "commune": ["commune"]}
REGION = Case(
    When(place__kind="region", then=F("place_id")),
    When(place__kind="commune", then=F("place__parent__parent_id")),
    default=F("place__parent_id"),
)


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
    return Charter.objects.order_by("version").last()


def signatures(charter: Charter, *, after: int = 0) -> tuple[list[Adhesion], int | None]:
    """Who signed, in the order of the records, a page at a time; and where the next page begins."""
    signed = charter.adhesions.select_related("member__place", "member__cohort").order_by("pk")
    found = list(signed.filter(pk__gt=after)[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None


def moves(member: Member) -> list[tuple[str, str]]:
    """What may happen to the member next: the verb, and how it is said."""
    said = {
        Member.Status.DORMANT: ("rest", _("Record that this member rests")),
        Member.Status.ACTIVE: ("wake", _("Record that this member is active again")),
        Member.Status.LEFT: ("leave", _("Record that this member leaves the network")),
    }
    signed = member.status != Member.Status.ADMITTED
    return [said[status] for status in said if signed and status in Member.MOVES[Member.Status(member.status)]]
