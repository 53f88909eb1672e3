from django.utils import timezone

from infitah.ground.accounts.models import Person
from infitah.ground.territories.models import Territory

from .models import Programme, Seat


def can_prepare(person: Person | None, place: Territory) -> bool:
    """The focal point of the place prepares its programme; the national team prepares the country's."""
    if person is None:
        return False
    if place.kind == Territory.Kind.COUNTRY:
        return person.is_national
    return person.is_focal_point_of(place)


def can_run(person: Person | None, programme: Programme) -> bool:
    """The focal point or the deputy of the place runs its programme; the national team runs only the country's."""
    return can_prepare(person, programme.place)


def can_work_on(person: Person | None, programme: Programme) -> bool:
    """Whoever runs the programme works on it; so does a coach during a mission there, until its last day and under the coach's own name."""  # noqa: E501
    return can_run(person, programme) or (person is not None and person.coaches(programme.place))


def can_word(person: Person | None, programme: Programme) -> bool:
    """Whoever works on the programme words its axes: a coach too."""
    return can_work_on(person, programme)


def can_schedule(person: Person | None, programme: Programme) -> bool:
    """Whoever works on the programme plans its dates: a coach too."""
    return can_work_on(person, programme)


def can_shift(person: Person | None, programme: Programme) -> bool:
    """Whoever runs the programme, and no coach, opens or closes a phase at another moment than planned."""
    return can_run(person, programme)


def can_seat(person: Person | None, programme: Programme) -> bool:
    """Whoever runs the programme records who sits on its committee."""
    return can_run(person, programme)


def can_close(person: Person | None, programme: Programme) -> bool:
    """Whoever runs an adopted programme closes it when its implementation is over."""
    return can_run(person, programme) and programme.status == Programme.Status.ADOPTED


def sits(person: Person | None, programme: Programme, side: str = "") -> bool:
    """Whether the person has a seat on the programme's committee today, on that side if one is named."""
    if person is None:
        return False
    seats = Seat.objects.held(timezone.localdate()).filter(committee__programme=programme, person=person)
    return (seats.filter(side=side) if side else seats).exists()
