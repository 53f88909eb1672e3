"""Questions about the pool: who could help, who helps whom, and what a coach did during a mission."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from infitah.ground.accounts.models import Person
from infitah.ground.ledger.models import Entry
from infitah.ground.territories.models import Territory
from infitah.lib.dates import midnight
from infitah.lib.i18n import Written

from .models import Coach, HelpRequest, Mission, Skill

PAGE = 20
DEEDS = 30
# What a coach does as any resident does, and never on behalf of the member: it is nobody else's business.
AS_A_RESIDENT = Q(action__in=["comment.said", "comment.retracted", "idea.supported", "idea.unsupported"])
AS_A_RESIDENT |= Q(action__in=["publication.reported", "ruling.appealed", "registration.made"])
AS_A_RESIDENT |= Q(action="idea.withdrawn") & (Q(particulars__channel="website") | ~Q(particulars__has_key="channel"))
AS_A_RESIDENT |= Q(action__in=["idea.submitted", "opinion.given"], particulars__channel="website")
OF_MISSION = ["coach__person", "coach__place", "place", "request__theme"]


@dataclass(frozen=True)
class Candidate:
    """A coach beside a request: how well they fit, and whether they have room."""

    coach: Coach
    load: int  # missions agreed or under way
    taken: int  # with those proposed
    knows: bool
    speaks: bool
    is_near: bool

    @property
    def is_full(self) -> bool:
        return self.taken >= self.coach.capacity or not self.coach.is_available


@dataclass(frozen=True)
class Figures:
    """What the public page counts: present coaches, missions by state, and coaches by theme and language."""

    coaches: int
    running: int
    ended: int
    places: int
    skills: list[tuple[Skill, int]]
    languages: list[tuple[str, int]]


def coaches() -> QuerySet[Coach]:
    """Those of the pool today, with `load` (missions agreed or under way) and `taken` (with those proposed)."""
    today = timezone.localdate()
    engaged = Q(missions__status__in=Mission.ENGAGED, missions__ends_on__gte=today)
    present = Coach.objects.filter(left_on=None, person__is_active=True).select_related("person", "place__parent")
    counted = present.annotate(
        load=Count("missions", filter=engaged),
        taken=Count("missions", filter=engaged | Q(missions__status=Mission.Status.PROPOSED)),
    )
    return counted.defer("place__outline", "place__parent__outline").order_by("pk")


def load_of(coach: Coach, *, with_proposed: bool = False) -> int:
    """How many missions the coach has agreed to and not finished; and those proposed, if asked."""
    found = coach.missions.engaged().count()
    proposed = coach.missions.filter(status=Mission.Status.PROPOSED).count() if with_proposed else 0
    return found + proposed


def candidates(request: HelpRequest) -> list[Candidate]:
    """Every coach of another place, those with room first, then by theme, language, load and region. Two queries."""
    region = region_of(request.place)
    found = []
    for coach in coaches().exclude(place=request.place).prefetch_related("skills"):
        found.append(
            Candidate(
                coach,
                load=coach.load,  # type: ignore[attr-defined]
                taken=coach.taken,  # type: ignore[attr-defined]
                knows=request.theme_id in {skill.pk for skill in coach.skills.all()},
                speaks=request.language in coach.languages,
                is_near=region_of(coach.place) == region,
            )
        )
    return sorted(found, key=lambda one: (one.is_full, not one.knows, not one.speaks, one.taken, not one.is_near))


def region_of(place: Territory) -> int | None:
    """The key of the region a place lies in, read from the place and its parent."""
    if place.kind == Territory.Kind.REGION:
        return place.pk
    if place.kind == Territory.Kind.COMMUNE and place.parent is not None:
        return place.parent.parent_id
    return place.parent_id


def figures() -> Figures:
    """What is true of the pool today. Four queries."""
    present = Coach.objects.filter(left_on=None, person__is_active=True)
    tongues = Counter(language for languages in present.values_list("languages", flat=True) for language in languages)
    skills = Skill.objects.annotate(n=Count("coaches", filter=Q(coaches__in=present))).order_by("number")
    counted = Mission.objects.begun().aggregate(
        running=Count("pk", filter=Q(status=Mission.Status.RUNNING)),
        ended=Count("pk", filter=Q(status__in=Mission.OVER)),
        places=Count("place", distinct=True),
    )
    languages = [(str(each.label), tongues[each]) for each in Written if tongues[each]]
    return Figures(present.count(), **counted, skills=[(each, each.n) for each in skills], languages=languages)


def named() -> list[Coach]:
    """The coaches who agreed to be named in public."""
    return list(coaches().filter(is_named=True).prefetch_related("skills"))


def coach_of(person: Person | None) -> Coach | None:
    """The person as a coach of the pool, if they are one."""
    if person is None:
        return None
    return Coach.objects.filter(person=person, left_on=None).select_related("person", "place").first()


def missions() -> QuerySet[Mission]:
    """Missions with what their pages show, latest first."""
    return Mission.objects.select_related(*OF_MISSION).defer("place__outline", "coach__place__outline").order_by("-pk")


def lasting_at(place: Territory) -> list[Mission]:
    """The missions during which a coach may act at the place today."""
    return list(missions().filter(pk__in=Mission.objects.lasting(), place=place))


def missions_of(coach: Coach) -> list[Mission]:
    """What the coach is asked for, does and did, latest first."""
    return list(missions().filter(coach=coach)[:PAGE])


def public_missions(*, before: int | None = None) -> tuple[list[Mission], int | None]:
    """The missions begun so far, latest first, a page at a time; and the number before which the next page begins."""
    begun = missions().filter(pk__in=Mission.objects.begun())
    found = list((begun.filter(pk__lt=before) if before else begun)[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None


def requests_of(place: Territory) -> list[HelpRequest]:
    """What the place asked for, latest first, each with its missions."""
    found = HelpRequest.objects.filter(place=place).select_related("theme").prefetch_related("missions__coach__person")
    return list(found.order_by("-pk")[:PAGE])


def waiting() -> QuerySet[HelpRequest]:
    """Requests that wait for the national team, the oldest first."""
    return HelpRequest.objects.filter(status=HelpRequest.Status.OPEN).order_by("pk")


def requests_page(status: str, *, before: int | None = None) -> tuple[list[HelpRequest], int | None]:
    """The requests of that status (any, without), latest first, a page at a time."""
    found = HelpRequest.objects.select_related("place__parent", "theme").prefetch_related("missions__coach__person")
    found = found.defer("place__outline", "place__parent__outline").order_by("-pk")
    if status in HelpRequest.Status.values:
        found = found.filter(status=status)
    rows = list((found.filter(pk__lt=before) if before else found)[: PAGE + 1])
    return rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None


def counts_by_status() -> list[tuple[str, str, int]]:
    """How many requests stand where: status, its name, the count."""
    counted = dict(HelpRequest.objects.values_list("status").annotate(n=Count("pk")).order_by())
    return [(status.value, str(status.label), counted.get(status.value, 0)) for status in HelpRequest.Status]


def deeds(mission: Mission) -> QuerySet[Entry]:
    """What the coach did at the place while the mission lasted, from the ledger, latest first.

    Not what they did about the mission itself, nor as a resident; the coach's own name stands in each entry.
    """
    if mission.status not in [*Mission.ENGAGED, *Mission.OVER]:
        return Entry.objects.none()
    since, until = mission.begun_at or midnight(mission.starts_on), mission.ended_at or timezone.now()
    found = Entry.objects.filter(place=mission.place.code, by=mission.coach.person.uid, at__gte=since)
    found = found.filter(at__lte=until).exclude(AS_A_RESIDENT)
    return found.exclude(action__startswith="mission.").order_by("-id")


def deeds_page(mission: Mission, *, before: int | None = None) -> tuple[list[Entry], int | None]:
    """The same, a page at a time; and the number before which the next page begins."""
    found = deeds(mission)
    rows = list((found.filter(pk__lt=before) if before else found)[: DEEDS + 1])
    return rows[:DEEDS], rows[DEEDS - 1].pk if len(rows) > DEEDS else None


def days_left(mission: Mission) -> int:
    """Today included."""
    return (mission.ends_on - timezone.localdate()).days + 1


def soon_over(person: Person) -> QuerySet[Mission]:
    """Missions of the coach that end within a fortnight, or have ended, and have no report yet."""
    soon = timezone.localdate() + timedelta(days=14)
    mine = missions().filter(coach__person=person, reported_at=None)
    return mine.filter(Q(status=Mission.Status.RUNNING, ends_on__lte=soon) | Q(status=Mission.Status.ENDED))


def to_agree(person: Person) -> QuerySet[Mission]:
    """Missions proposed to the person as a coach, and not yet answered."""
    return missions().filter(coach__person=person, status=Mission.Status.PROPOSED, coach_agreed_at=None)


def missions_awaiting_member(place: Territory) -> QuerySet[Mission]:
    """Missions proposed that the member has not answered, and those over on which it has said nothing yet."""
    proposed = Q(status=Mission.Status.PROPOSED, member_agreed_at=None)
    silent = Q(status=Mission.Status.ENDED, member_word_at=None)
    return missions().filter(proposed | silent, place=place)


def steps(mission: Mission) -> list[dict[str, Any]]:
    """The way of a mission, for `ui/trail.html`."""
    agreed_at = mission.coach_agreed_at and mission.member_agreed_at
    agreed_at = agreed_at and max(mission.coach_agreed_at, mission.member_agreed_at)  # type: ignore[type-var]
    told: list[tuple[str, datetime | None]] = [(_("A coach is proposed"), mission.proposed_at)]
    if mission.status == Mission.Status.DECLINED:
        told.append((_("Declined"), mission.ended_at))
    else:
        told += [(_("The coach and the member agree"), agreed_at), (_("The mission begins"), mission.begun_at)]
        over = _("Cut short") if mission.status == Mission.Status.CUT_SHORT else _("The mission ends")
        told.append((over, mission.ended_at))
    return [{"name": name, "at": at, "text": "", "url": "", "is_done": at is not None} for name, at in told]
