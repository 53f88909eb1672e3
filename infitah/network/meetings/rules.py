from datetime import timedelta

from django.utils import timezone

from infitah.ground.accounts.models import Person, Role
from infitah.ground.territories.models import Territory

from .models import Meeting, Registration

DESK_OPENS = timedelta(hours=12)  # before it begins
DESK_CLOSES = timedelta(hours=24)  # after it ends: late rows of the sheet are still entered


def can_announce(person: Person | None, place: Territory) -> bool:
    """The focal point of a place, a trainer named for it and the national team announce its meetings; a trainer named for the country also announces those of its regions."""  # noqa: E501
    if person is None:
        return False
    return person.is_national or person.is_focal_point_of(place) or trains_at(person, place)


def trains_at(person: Person, place: Territory) -> bool:
    """Named a trainer for the place, or for the country that the region lies in."""
    is_region = place.kind == Territory.Kind.REGION
    here = {place.pk, place.parent_id} if is_region else {place.pk}
    return any(grant.role == Role.TRAINER and grant.territory_id in here for grant in person.current_grants)


def can_hold(person: Person | None, meeting: Meeting) -> bool:
    """Whoever may announce a meeting says how many people came."""
    return can_announce(person, meeting.place)


def can_run(person: Person | None, meeting: Meeting) -> bool:
    """Whoever may announce a meeting changes it, calls it off, checks people in, adds its documents and publishes its minutes."""  # noqa: E501
    return can_announce(person, meeting.place)


def can_register(person: Person | None, meeting: Meeting) -> bool:
    """Everyone registers for a meeting that asks for it, without an account, until it begins."""
    return meeting.is_open


def can_cancel(registration: Registration) -> bool:
    """Whoever holds the link of a registration cancels it, until the meeting begins."""
    return registration.checked_in_at is None and timezone.now() < registration.meeting.starts_at


def has_open_desk(meeting: Meeting) -> bool:
    """People are checked in from 12 hours before a meeting until a day after it."""
    is_day = meeting.starts_at - DESK_OPENS <= timezone.now() < meeting.over_at + DESK_CLOSES
    return is_day and meeting.called_off_at is None


def has_come(registration: Registration) -> bool:
    """Whether they were checked in at a meeting that took place and is over."""
    meeting = registration.meeting
    return registration.checked_in_at is not None and meeting.is_over and meeting.called_off_at is None
