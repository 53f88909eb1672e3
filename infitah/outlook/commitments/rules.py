from infitah.ground.accounts.models import Person
from infitah.ground.territories.models import Territory


def can_declare(person: Person | None, place: Territory) -> bool:
    """The focal point of a member declares evidence for the five commitments, and withdraws it with a reason."""
    return person is not None and person.is_focal_point_of(place)
