from django.conf import settings

from infitah.ground.territories.models import Territory

from . import queries
from .models import LOCAL, RUNNERS, Person, Role, RoleGrant


def can_grant(by: Person | None, role: str, territory: Territory, person: Person | None = None) -> bool:
    """The national team grants every role everywhere; a focal point grants deputy, committee member, service in charge and clerk at home; nobody grants a role to themselves."""  # noqa: E501
    if by is None or by == person:
        return False
    return by.is_national or (role in LOCAL and by.holds(Role.FOCAL_POINT, at=territory))


def grantable(by: Person, territory: Territory) -> list[Role]:
    """The roles this person may grant there; a coach's comes with a mission only."""
    return [role for role in Role if role != Role.COACH and can_grant(by, role, territory)]


def can_revoke(by: Person | None, grant: RoleGrant) -> bool:
    """Whoever may grant a role may take it back, but not their own; a coach's role is also laid down by the coach, or taken back by the focal point of the place."""  # noqa: E501
    if by is not None and grant.role == Role.COACH and (by == grant.person or by.is_focal_point_of(grant.territory)):
        return True
    return can_grant(by, grant.role, grant.territory, grant.person)


def can_hand_over(by: Person | None, role: str, territory: Territory, to: Person | None = None) -> bool:
    """A focal point hands over their own role or the deputy's, a deputy their own, to somebody else; where no focal point is left, the president or the clerk of the council names one; the national team does so everywhere."""  # noqa: E501
    if by is None or by == to or role not in RUNNERS:
        return False
    if by.is_national or by.holds(Role.FOCAL_POINT, role, at=territory):
        return True
    return by.holds(Role.PRESIDENT, Role.CLERK, at=territory) and not queries.holders(Role.FOCAL_POINT, territory)


def is_theirs_to_hand_over(by: Person, role: str, territory: Territory, outgoing: Person | None) -> bool:
    """Whoever may hand over a role passes on their own, or one that nobody holds; a focal point also the deputy's."""
    if outgoing is None or outgoing == by or by.is_national:
        return True
    if role == Role.FOCAL_POINT:
        return not by.holds(Role.FOCAL_POINT, at=territory)
    return not by.holds(Role.DEPUTY, at=territory) or by.holds(Role.FOCAL_POINT, at=territory)


def can_manage_people(by: Person | None, territory: Territory) -> bool:
    """The focal point of a place, and the national team, see and change who holds which role there."""
    return by is not None and (by.is_national or by.holds(Role.FOCAL_POINT, at=territory))


def can_introduce() -> bool:
    """People are made up in a demonstration only."""
    return settings.IS_DEMO


def can_rename(by: Person | None, person: Person) -> bool:
    """Everyone with an account chooses their own public name and language."""
    return by is not None and by == person


def can_export(by: Person | None, person: Person) -> bool:
    """Everyone with an account takes away a copy of all that is kept about them, and nobody else can."""
    return by is not None and by == person


def can_erase(by: Person | None, person: Person) -> bool:
    """Everyone with an account erases it; the national team erases one on request."""
    return by is not None and person.erased_at is None and (by == person or by.is_national)
