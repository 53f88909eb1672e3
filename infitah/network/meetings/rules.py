from infitah.ground.accounts.models import Person
from infitah.ground.territories.models import Territory

from .models import Meeting


def can_announce(person: Person | None, place: Territory) -> bool:
    """The focal point of the place, or the national team, announces a meeting."""
    return person is not None and (person.is_national or person.is_focal_point_of(place))


def can_hold(person: Person | None, meeting: Meeting) -> bool:
    """Whoever may announce a meeting says how many people came."""
    return can_announce(person, meeting.place)
