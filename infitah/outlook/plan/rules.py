from infitah.ground.accounts.models import Person
from infitah.ground.territories.models import Territory
from infitah.journey.programmes.rules import can_prepare
from infitah.journey.projects.models import Project


def can_begin(person: Person | None, country: Territory) -> bool:
    """The national team begins the country's plan."""
    return can_prepare(person, country)


def can_record(person: Person | None, project: Project) -> bool:
    """The national team records what an independent reviewer published of a commitment of the country's plan."""
    return can_prepare(person, project.place) and project.place.kind == Territory.Kind.COUNTRY
