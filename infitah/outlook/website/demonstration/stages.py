"""The whole of the demonstration, and where its clock stands."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import time_machine
from django.utils import timezone

from infitah.ground.accounts.models import Person, Role, RoleGrant
from infitah.ground.ledger.models import Entry
from infitah.journey.programmes.models import Seat
from infitah.network.membership.models import Member
from infitah.outlook.website import actions

from . import (
    belonging,
    calls,
    cast,
    cohorts,
    desk,
    gatherings,
    members,
    members_after,
    plans,
    pool,
    sharing,
    showcase,
    showcase_after,
)
from .cycles import COHORTS, Cycle, Dates, second_cycle
from .player import Clock, Story, play
from .showcase import IMPLEMENTED_FROM, Showcase

STAGES = {"ideas": -76, "drafting": -22, "consultation": 14, "implementation": IMPLEMENTED_FROM + 660}
DEFAULT = "consultation"
PLACE = "tetouan"
BEGINNING = datetime(2022, 9, 1, 9, tzinfo=timezone.get_default_timezone())
FATES = {  # how many members of each cohort get how far
    1: {"evaluated": 4, "adopted": 6, "rejected": 1, "postponed": 1},
    2: {"adopted": 11, "postponed": 1, "consulted": 1, "ideas": 1},
    3: {"adopted": 9, "consulted": 3, "drafting": 2},
}
NOW = {"ideas": (9, 3), "consulted": (76, 2)}  # of the first cohort, again: ideas opened so many days ago, how many


def perform(stage: str, say: Callable[[str], None]) -> int:
    """Play everything up to today; returns the number of scenes."""
    today = timezone.localdate()
    with time_machine.travel(BEGINNING, tick=False):
        national = cast.begin()
    say("== Demonstration: the 228 members")
    cohorts.join(by=national)
    place = Member.objects.select_related("place").get(place__slug=PLACE).place
    show = Showcase(place, Clock(today - timedelta(days=STAGES[stage])), national)
    told = [
        *showcase.stories(show),
        *showcase_after.stories(show),
        *passing(national, today),
        *gatherings.stories(national, today),
        *belonging.stories(show, idle(2)),
        *calls.stories(Clock(today - timedelta(days=calls.OPENED_AGO)), national, place),
        *pool.stories(place, national, today),
        *desk.stories(national, today),
        *sharing.stories(today, place),
    ]
    say(f"== Demonstration: {len(told)} stories side by side")
    scenes = play(told, timezone.now(), say)
    say("== Demonstration: the real plans")
    plans.enter(national)
    gatherings.enter(national)
    desk.enter()
    actions.close_demonstration(stage, scenes)
    return scenes


def passing(national: Person, today: date) -> list[Story]:
    """The other members: those whom no public source names, some of each cohort, and some of the first once more."""
    told: list[Story] = []
    for number, fates in FATES.items():
        wanted = [fate for fate, many in fates.items() for _turn in range(many)]
        for turn, (member, fate) in enumerate(zip(chosen(number, len(wanted)), wanted, strict=True)):
            told += one(member, COHORTS[number], fate, 7 * number + turn, national)
    again = [(fate, ago) for fate, (ago, many) in NOW.items() for _turn in range(many)]
    for turn, (member, (fate, ago)) in enumerate(zip(chosen(1, sum(FATES[1].values())), again, strict=False)):
        told += one(member, second_cycle(today, ago + turn), fate, 40 + turn, national)
    return told


def one(member: Member, dates: Dates, fate: str, turn: int, national: Person) -> list[Story]:
    """The story of one cycle, and that of its committee's meetings if it gets so far."""
    cycle = Cycle(member.place, dates, fate, turn, national)
    return [members.story(cycle), *([members_after.meeting(cycle)] if cycle.reaches("adopted") else [])]


def chosen(number: int, many: int) -> list[Member]:
    """As many members of a cohort as no public source names, spread over the regions."""
    found = Member.objects.filter(cohort__number=number, is_demonstration=True).select_related("place")
    every = list(found.exclude(place__slug__in=sum(cohorts.LIKELY.values(), [])).order_by("id"))
    return [every[turn * len(every) // many] for turn in range(many)]


def idle(number: int) -> Member:
    """A member of a cohort, named by no public source, whose programme is not played."""
    busy = [member.pk for member in chosen(number, sum(FATES[number].values()))]
    found = Member.objects.filter(cohort__number=number, is_demonstration=True).exclude(pk__in=busy)
    return found.exclude(place__slug__in=sum(cohorts.LIKELY.values(), [])).order_by("id")[0]


def played() -> str:
    """The stage that has been played here to its end; empty if none has."""
    entry = Entry.objects.filter(action="demonstration.played").order_by("-id").first()
    return entry.particulars["stage"] if entry else ""


def has_begun() -> bool:
    """Whether something has been played here, perhaps not to its end."""
    return Person.objects.filter(is_demonstration=True).exists()


def holds_real_people() -> bool:
    """Whether someone has an account here who is not part of a demonstration."""
    return Person.objects.filter(is_demonstration=False).exists()


def doors() -> list[tuple[str, Person]]:
    """One person for each role, a resident, and a seat of civil society: of the showcase, and of the national team."""
    grants = RoleGrant.objects.current().filter(person__is_demonstration=True).select_related("person", "territory")
    held: dict[str, Person] = {}
    for grant in grants.order_by("id"):
        if grant.role == Role.WILAYA:
            held[grant.role] = grant.person  # the last, of the region: applications wait for its opinion
        elif grant.territory.slug == PLACE or grant.role == Role.NATIONAL:
            held.setdefault(grant.role, grant.person)
    living = Person.objects.filter(is_demonstration=True, is_active=True)
    resident = living.filter(grants=None).earliest("id")
    civil = Seat.objects.filter(
        committee__programme__place__slug=PLACE, side=Seat.Side.CIVIL, until=None, person__isnull=False
    )
    seat = civil.order_by("-committee__programme__cycle__starts_on", "id").first()
    seated = [("civil_society", seat.person)] if seat and seat.person else []
    return [("resident", resident), *((role, held[role]) for role in Role.values if role in held), *seated]
