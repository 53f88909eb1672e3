from infitah.ground.accounts.models import Person, Role
from infitah.journey.programmes.models import Phase, Programme
from infitah.journey.programmes.queries import is_open
from infitah.journey.programmes.rules import can_run

from .models import Deliberation


def keeps_record(person: Person | None, programme: Programme) -> bool:
    """The clerk of the council, or who runs the programme, records what the council does."""
    return can_run(person, programme) or (person is not None and person.holds(Role.CLERK, at=programme.place))


def can_validate(person: Person | None, programme: Programme) -> bool:
    """Who runs the programme records the committee's agreement, once residents have been consulted."""
    is_consulted = programme.status == Programme.Status.CONSULTED
    return can_run(person, programme) and is_consulted and not is_early(person, programme)


def is_early(person: Person | None, programme: Programme) -> bool:
    """Who runs the programme waits with the validation until residents have had their time."""
    return can_run(person, programme) and is_open(programme, Phase.Kind.CONSULTATION)


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
