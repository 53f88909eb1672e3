from infitah.ground.accounts.models import Person
from infitah.ground.territories.models import Territory

from .models import Member


def can_admit(person: Person | None, place: Territory | None = None) -> bool:
    """The national team admits a collectivity to the network."""
    return person is not None and person.is_national


def can_adhere(person: Person | None, member: Member) -> bool:
    """The national team, or the focal point of the member, records the signing of the charter."""
    return person is not None and (person.is_national or person.is_focal_point_of(member.place))


def can_move(person: Person | None, member: Member) -> bool:
    """The national team records that a member rests, is active again, or leaves."""
    return person is not None and person.is_national
