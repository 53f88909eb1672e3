from infitah.ground.accounts.models import Person
from infitah.ground.territories.models import Territory
from infitah.journey.programmes.rules import can_prepare


def can_begin(person: Person | None, country: Territory) -> bool:
    """The national team begins the country's plan."""
    return can_prepare(person, country)
