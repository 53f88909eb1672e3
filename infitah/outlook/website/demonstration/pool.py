"""The competency pool: twenty focal points trained in September 2024, a mission that is over, one under way in the
showcase commune, one request that waits. Days count back from today."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from infitah.ground.accounts.models import Person, Role, RoleGrant
from infitah.ground.territories.models import Territory
from infitah.journey.programmes import actions as programmes
from infitah.journey.programmes.models import Phase
from infitah.journey.programmes.queries import current_programme
from infitah.journey.projects import actions as projects
from infitah.network.pool import actions
from infitah.network.pool.models import Coach, Mission, Skill

from .content import key, read
from .player import Clock, Story

TRAINED = datetime(2024, 9, 26, 10, tzinfo=timezone.get_default_timezone())  # the day after the training of trainers
MANY = 20
TONGUES = [["ar", "fr"], ["ar", "ary", "fr"], ["ar", "zgh"], ["ar", "fr", "es"], ["ar", "ary", "zgh", "fr"]]


def stories(place: Territory, national: Person, today: date) -> Iterator[Story]:
    """The stories of the pool; they go on side by side."""
    clock = Clock(today)
    yield from [training(national), helped(national, clock), helping(place, national, clock), waiting(clock)]


def runners() -> list[RoleGrant]:
    """The focal points of today, in the order in which they began."""
    held = RoleGrant.objects.current().filter(role=Role.FOCAL_POINT, person__is_demonstration=True)
    return list(held.select_related("person", "territory").order_by("id"))


def training(national: Person) -> Story:
    """Twenty are taken into the pool, and say what they offer; every other one agrees to be named."""
    yield TRAINED
    skills = list(Skill.objects.order_by("number"))
    for turn, grant in enumerate(runners()[:MANY]):
        known = [skills[turn % len(skills)], skills[(turn + 3) % len(skills)], skills[(2 * turn + 5) % len(skills)]]
        told: dict[str, Any] = {"skills": known, "languages": TONGUES[turn % len(TONGUES)], "capacity": 1 + turn % 3}
        coach = actions.enrol(grant.person, by=national, place=grant.territory, **told)
        if turn % 2:
            note = read("pool")["notes"][turn // 2 % len(read("pool")["notes"])]
            actions.describe(coach, by=grant.person, note=note, is_available=turn % 7 != 6, is_named=True, **told)


def members_to_help() -> list[RoleGrant]:
    """Focal points who are not of the pool."""
    coaches = set(Coach.objects.values_list("person_id", flat=True))
    return [grant for grant in runners() if grant.person_id not in coaches]


def agreed(focal: RoleGrant, coach: Coach, said: str, days: tuple[date, date], national: Person) -> Iterator[datetime]:
    """From the request to the agreement of both, within three days."""
    words = read("pool")[said]
    theme = Skill.objects.get(code=words["theme"])
    asked = actions.ask(
        focal.territory,
        by=focal.person,
        key=key("help", said),
        theme=theme,
        text=words["text"],
        language="ar",
    )
    yield timezone.now() + timedelta(days=1)
    told = {"key": key("mission", said), "starts_on": days[0], "ends_on": days[1], "goals": words["goals"]}
    mission = actions.propose(asked, by=national, coach=coach, **told)
    yield timezone.now() + timedelta(days=1)
    actions.agree(mission, by=focal.person)
    actions.agree(mission, by=coach.person)


def coach_for(theme: str, place: Territory) -> Coach:
    """One of the pool who knows the theme and has room."""
    able = Coach.objects.filter(skills__code=theme, is_available=True, is_named=True, capacity__gte=2)
    return able.exclude(place=place).select_related("person").order_by("id")[0]


def helped(national: Person, clock: Clock) -> Story:
    """A mission that is over: notes, a report, the member's word."""
    yield clock.at(-260)
    focal, words = members_to_help()[0], read("pool")["helped"]
    coach = coach_for(words["theme"], focal.territory)
    yield from agreed(focal, coach, "helped", (clock.on(-256), clock.on(-180)), national)
    yield clock.at(-256, 8)
    actions.keep_time(timezone.localdate())
    mission = Mission.objects.get(key=key("mission", "helped"))
    for turn, (after, text) in enumerate(words["notes"]):
        yield clock.at(-256 + after, 17)
        on, number = timezone.localdate(), key("note", "helped", turn)
        actions.note(mission, by=coach.person, key=number, on=on, text=text, language="ar")
    yield clock.at(-182, 16)
    actions.end(mission, by=coach.person, report=words["report"], change=words["change"])
    yield clock.at(-175)
    actions.say(mission, by=focal.person, words=words["word"])


def helping(place: Territory, national: Person, clock: Clock) -> Story:
    """A mission under way in the showcase commune: what the coach does stands under the coach's own name."""
    yield clock.at(-31)
    focal, words = next(grant for grant in runners() if grant.territory_id == place.pk), read("pool")["helping"]
    coach = coach_for(words["theme"], place)
    yield from agreed(focal, coach, "helping", (clock.on(-28), clock.on(62)), national)
    yield clock.at(-28, 8)
    actions.keep_time(timezone.localdate())
    mission = Mission.objects.get(key=key("mission", "helping"))
    yield clock.at(-21, 15)
    work(place, coach.person, words["partners"])
    for turn, (ago, text) in enumerate(words["notes"]):
        yield clock.at(-ago, 17)
        on, number = timezone.localdate(), key("note", "helping", turn)
        actions.note(mission, by=coach.person, key=number, on=on, text=text, language="ar")


def work(place: Territory, by: Person, partners: dict[str, str]) -> None:
    """What the coach does where the programme still is in preparation: projects reworded, the evaluation planned."""
    programme = current_programme(place)
    if programme is None or programme.is_frozen:
        return
    for project in programme.projects.filter(status="draft").order_by("number")[:3]:
        projects.redraft(project, by=by, partners=partners)
    phase = programme.phases.filter(kind=Phase.Kind.EVALUATION).first()
    if phase:
        days: dict[str, Any] = {"planned_from": phase.planned_from, "planned_until": phase.planned_until}
        programmes.schedule(programme, Phase.Kind.EVALUATION, by=by, **days)


def waiting(clock: Clock) -> Story:
    """A request that waits for the national team."""
    yield clock.at(-4, 11)
    focal, words = members_to_help()[1], read("pool")["waiting"]
    actions.ask(
        focal.territory,
        by=focal.person,
        key=key("help", "waiting"),
        theme=Skill.objects.get(code=words["theme"]),
        text=words["text"],
        language="ar",
        wanted_by=clock.on(24),
    )
