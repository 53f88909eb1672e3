from infitah.ground.accounts.models import Person, Role
from infitah.journey.programmes.models import Programme
from infitah.journey.programmes.rules import can_run

from .models import Deliberation


def keeps_record(person: Person | None, programme: Programme) -> bool:
    """The clerk of the council, or who runs the programme, records what the council does."""
    return can_run(person, programme) or (person is not None and person.holds(Role.CLERK, at=programme.place))


def can_validate(person: Person | None, programme: Programme) -> bool:
    """Who runs the programme records the committee's agreement, once residents have been consulted."""
    return can_run(person, programme) and programme.status == Programme.Status.CONSULTED


def can_put_on_agenda(person: Person | None, programme: Programme) -> bool:
    """A version that the committee has validated, or on which the council postponed its vote, goes to a sitting."""
    is_ready = programme.status in {Programme.Status.VALIDATED, Programme.Status.POSTPONED}
    return keeps_record(person, programme) and is_ready


def can_record(person: Person | None, deliberation: Deliberation) -> bool:
    """The vote on what is on the agenda is recorded once."""
    is_pending = deliberation.outcome == Deliberation.Outcome.PENDING
    return keeps_record(person, deliberation.programme) and is_pending


def can_acknowledge(person: Person | None, programme: Programme) -> bool:
    """A plan adopted elsewhere, published at its source, is taken in by who runs it."""
    return can_run(person, programme) and programme.source != ""
