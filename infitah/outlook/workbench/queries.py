from dataclasses import dataclass

from django.db.models import Max, Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from infitah.ground.accounts.models import Person, Role
from infitah.ground.territories.models import Territory
from infitah.journey.consultation.models import Opinion
from infitah.journey.evaluation import queries as evaluation
from infitah.journey.ideas.models import Idea
from infitah.journey.programmes.models import Programme, Seat
from infitah.journey.programmes.queries import current_programme
from infitah.journey.programmes.rules import sits
from infitah.journey.projects.models import Project
from infitah.lib.lists import page_before
from infitah.network.pool import queries as pool
from infitah.outlook.tasks.queries import RUNNING, Task, by_day, of_person, tasks_of

from .catalog import DOORS, For

NEXT = 3
PLACE = "committee__programme__place"  # of a seat
PAGE = 20


@dataclass(frozen=True)
class Desk:
    """One place where the person does something: their roles there, the next three things, and the rest."""

    place: Territory
    programme: Programme | None
    roles: list[str]
    next: list[Task]
    later: list[Task]
    doors: list[tuple[str, str]]


@dataclass(frozen=True)
class Bench:
    """All of a person's tasks: the next three, the most urgent first, then the others; and their desks."""

    next: list[Task]
    later: list[Task]
    desks: list[Desk]
    is_national: bool

    @property
    def is_spread(self) -> bool:
        """Whether the tasks are of several places, so that each says its own."""
        return len({task.place for task in [*self.next, *self.later]}) > 1


def bench(person: Person) -> Bench:
    """What the person has to do, wherever they do it."""
    found = desks(person)
    tasks = [task for one in found for task in [*one.next, *one.later]]
    tasks = by_day([*tasks, *of_person(person)])
    return Bench(tasks[:NEXT], tasks[NEXT:], found, person.is_national)


def desks(person: Person) -> list[Desk]:
    """The places where the person holds a role or a seat, those with something to do first."""
    held: dict[Territory, set[str]] = {}
    for grant in person.current_grants:
        if grant.role not in (Role.NATIONAL, Role.EVALUATOR):
            held.setdefault(grant.territory, set()).add(grant.role)
    for seat in Seat.objects.held(timezone.localdate()).filter(person=person).select_related(PLACE):
        held.setdefault(seat.committee.programme.place, set()).add(Role.COMMITTEE)
    found = [desk(person, place, roles) for place, roles in held.items()]
    return sorted(found, key=lambda one: (not one.next, one.place.code))


def desk(person: Person, place: Territory, roles: set[str]) -> Desk:
    """What there is to do at a place."""
    programme = current_programme(place)
    tasks = by_day(tasks_of(person, place, programme, roles))
    names = [str(Role(role).label) for role in sorted(roles)]
    here = [*missions_here(person, place, roles), *doors(person, place, programme, roles)]
    return Desk(place, programme, names, tasks[:NEXT], tasks[NEXT:], here)


def missions_here(person: Person, place: Territory, roles: set[str]) -> list[tuple[str, str]]:
    """The pages of the person's own missions at the place."""
    lasting = pool.lasting_at(place) if Role.COACH in roles else []
    own = [mission.pk for mission in lasting if mission.coach.person_id == person.pk]
    return [(_("My mission here"), reverse("custody:mission", args=[place.slug, number])) for number in own]


def doors(person: Person, place: Territory, programme: Programme | None, roles: set[str]) -> list[tuple[str, str]]:
    """The desks behind which these roles work, and those of use to whoever only follows."""
    groups = {For.READER}
    if roles & RUNNING:
        groups = {For.RUNNER}
    elif Role.COACH in roles and programme and not programme.is_frozen:
        groups = {For.COACH}
    elif Role.PROJECT_OWNER in roles:
        groups = {For.READER, For.OWNER}
    if Role.TRAINER in roles:
        groups |= {For.TRAINER}
    if For.RUNNER not in groups and programme and sits(person, programme):
        groups |= {For.SEATED}
    here = [door for door in DOORS if door.to & groups and door.is_of_use(programme)]
    board = [(_("Board of the network"), reverse("board:board"))] if Role.WILAYA in roles else []
    return board + [(str(door.name), reverse(door.url, args=[place.slug])) for door in here]


# -- everyone ---------------------------------------------------------------------------------


def given_by(person: Person) -> QuerySet[Idea]:
    """The person's own ideas, latest first."""
    return Idea.objects.filter(author=person).select_related("place", "axis").order_by("-pk")[:20]


def opinions_of(person: Person) -> QuerySet[Opinion]:
    """The person's own opinions, latest first."""
    given = Opinion.objects.filter(author=person, entered_by=None).select_related("project__place", "reply")
    return given.order_by("-pk")[:20]


@dataclass(frozen=True)
class ToReview:
    """A programme whose projects an evaluator may review, each with the day of its latest review as `reviewed_on`."""

    programme: Programme
    projects: list[Project]

    @property
    def reviewed(self) -> int:
        """How many of the projects have been reviewed, by whomever."""
        return len([each for each in self.projects if each.reviewed_on])  # type: ignore[attr-defined]


def to_review(person: Person, before: int | None) -> tuple[list[ToReview], int | None]:
    """A page of the programmes that an independent evaluator may review, with what is reviewed already; and where the
    next begins. Two queries, however many there are."""
    standing = Project.objects.standing().annotate(reviewed_on=Max("reviews__reviewed_on")).order_by("number")
    found = evaluation.to_review(person).select_related("place", "cycle").defer("place__outline")
    rows, last = page_before(found.prefetch_related(Prefetch("projects", standing, to_attr="stand")), before, PAGE)
    return [ToReview(programme, programme.stand) for programme in rows], last  # type: ignore[attr-defined]
