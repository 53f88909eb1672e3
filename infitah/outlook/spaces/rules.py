from infitah.ground.accounts.models import Person
from infitah.ground.territories.models import Territory


def can_publish(person: Person | None, place: Territory) -> bool:
    """The focal point of the place publishes its documents."""
    return person is not None and person.is_focal_point_of(place)
