from infitah.ground.accounts.models import Person, Role
from infitah.ground.territories.models import Territory
from infitah.journey.programmes.models import Programme, Seat
from infitah.journey.programmes.rules import can_prepare, can_run, sits
from infitah.journey.projects.models import Project

from .models import Evaluation


def side_of(person: Person | None, programme: Programme) -> str:
    """For whom a person answers the grid: its runner for the collectivity, civil seats for civil society."""
    if can_run(person, programme):
        return Evaluation.Side.COLLECTIVITY
    return Evaluation.Side.CIVIL if sits(person, programme, Seat.Side.CIVIL) else ""


def can_open(person: Person | None, programme: Programme) -> bool:
    """Either side opens the evaluation."""
    return side_of(person, programme) != ""


def can_answer(person: Person | None, evaluation: Evaluation) -> bool:
    """Each side answers for itself, until it has filed."""
    return is_of(person, evaluation) and evaluation.status == Evaluation.Status.OPEN


def can_file(person: Person | None, evaluation: Evaluation) -> bool:
    """Whoever answers files."""
    return can_answer(person, evaluation)


def can_see(person: Person | None, evaluation: Evaluation) -> bool:
    """Neither side sees the other's answers before both are published together."""
    return evaluation.status == Evaluation.Status.PUBLISHED or is_of(person, evaluation)


def is_of(person: Person | None, evaluation: Evaluation) -> bool:
    return side_of(person, evaluation.programme) == evaluation.side


def can_review(person: Person | None, project: Project) -> bool:
    """An independent evaluator of the territory, or of one around it, reviews the projects of a programme in force, and never those of a collectivity they belong to; what is published of the country's plan is recorded by the national team."""  # noqa: E501
    return reviews_at(person, project.place) and is_reviewable(project) and not belongs(person, project)


def reviews_at(person: Person | None, place: Territory) -> bool:
    """Who records the reviews of a place: of the country, the national team; of all others, their evaluators."""
    if place.kind == Territory.Kind.COUNTRY:
        return can_prepare(person, place)
    return person is not None and evaluates(person, place)


def evaluates(person: Person, place: Territory) -> bool:
    """Whether the person is an independent evaluator of the place, or of a territory that it lies in."""
    held = {grant.territory_id for grant in person.current_grants if grant.role == Role.EVALUATOR}
    around: Territory | None = place
    while held and around is not None:
        if around.pk in held:
            return True
        around = around.parent
    return False


def belongs(person: Person | None, project: Project) -> bool:
    """Whether the person has another role in the collectivity, or a seat on the committee: nobody judges their own."""
    if person is None or project.place.kind == Territory.Kind.COUNTRY:
        return False
    at = project.place_id
    has_role = any(grant.territory_id == at and grant.role != Role.EVALUATOR for grant in person.current_grants)
    return has_role or sits(person, project.programme)


def is_reviewable(project: Project) -> bool:
    """A project is reviewed from its adoption on; what is published of the country's plan, whenever it is."""
    return project.place.kind == Territory.Kind.COUNTRY or project.programme.status in Programme.IN_FORCE
