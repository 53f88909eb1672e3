from infitah.ground.accounts.models import Person
from infitah.journey.programmes.models import Programme, Seat
from infitah.journey.programmes.rules import can_run, sits

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
