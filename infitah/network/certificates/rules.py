from infitah.network.meetings.models import Registration
from infitah.network.meetings.rules import has_come


def can_certify(registration: Registration) -> bool:
    """Whoever was checked in takes their certificate once the meeting is over, until its sheet is purged."""
    return has_come(registration) and registration.meeting.purged_at is None
