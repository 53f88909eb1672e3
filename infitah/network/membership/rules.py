from infitah.ground.accounts import rules as accounts
from infitah.ground.accounts.models import RUNNERS, Person, Role
from infitah.ground.territories.models import Territory

from .models import HandOver, Member


def can_admit(person: Person | None) -> bool:
    """The national team admits a collectivity to the network."""
    return person is not None and person.is_national


def can_adhere(person: Person | None, member: Member) -> bool:
    """The national team, or the focal point of the member, records the signing of the charter."""
    return person is not None and (person.is_national or person.is_focal_point_of(member.place))


def can_move(person: Person | None, member: Member) -> bool:
    """The national team records that a member rests, is active again, or leaves."""
    return person is not None and person.is_national


def can_word_charter(person: Person | None) -> bool:
    """The national team drafts a version of the charter and publishes it; once published, nobody changes it."""
    return person is not None and person.is_national


def can_plan_cohort(person: Person | None) -> bool:
    """The national team opens the cohorts and words what is said of them."""
    return person is not None and person.is_national


def can_name_successor(person: Person | None, place: Territory) -> bool:
    """Whoever may hand over the role of focal point or of deputy at a place names who takes it over."""
    return any(accounts.can_hand_over(person, role, place) for role in RUNNERS)


def can_read_hand_over(person: Person | None, place: Territory) -> bool:
    """The focal point, the deputy, the president of the council, the national team and whoever takes over read what is handed over; whoever handed over reads it no more."""  # noqa: E501
    if person is None:
        return False
    if person.is_national or person.holds(*RUNNERS, Role.PRESIDENT, at=place) or can_name_successor(person, place):
        return True
    return person.grants.to_come().filter(role__in=RUNNERS, territory=place).exists()


def can_acknowledge(person: Person | None, hand_over: HandOver) -> bool:
    """Whoever takes over says that they have read what is handed over."""
    return person is not None and person.pk == hand_over.incoming_id
