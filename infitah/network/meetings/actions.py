from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from infitah.ground.accounts.models import Person
from infitah.ground.ledger import actions as ledger
from infitah.ground.territories.models import Territory
from infitah.lib.errors import NotPossible, require
from infitah.lib.i18n import Localized
from infitah.lib.states import lock

from . import rules
from .models import Meeting


@transaction.atomic
def announce(
    place: Territory,
    *,
    kind: str,
    influence: str,
    title: Localized,
    venue: Localized,
    starts_at: datetime,
    by: Person | None,
    ends_at: datetime | None = None,
    key: UUID | None = None,
) -> Meeting:
    """Announce a meeting, and whether it informs, consults or decides; the same key again gives the same meeting."""
    place = lock(place)
    require(rules.can_announce(by, place))
    ends_well = ends_at is None or ends_at > starts_at
    require(ends_well, NotPossible(_("A meeting ends after it begins.")))
    asked = {"kind": kind, "influence": influence, "title": title, "venue": venue}
    meeting, is_new = Meeting.objects.get_or_create(
        key=key or uuid4(), defaults={"place": place, "starts_at": starts_at, "ends_at": ends_at, **asked}
    )
    if is_new:
        particulars = {"kind": kind, "influence": influence, "starts_at": starts_at.isoformat()}
        ledger.record("meeting.announced", by=by, on=meeting, place=place, **particulars)
    return meeting


@transaction.atomic
def hold(meeting: Meeting, *, participants: int, by: Person | None) -> Meeting:
    """Say how many people came; a wrong count is corrected by saying it again."""
    meeting = lock(meeting)
    require(rules.can_hold(by, meeting))
    has_begun = meeting.starts_at <= timezone.now()
    require(has_begun, NotPossible(_("This meeting has not begun yet: those who come are counted on the day.")))
    if meeting.participants != participants:
        meeting.participants = participants
        meeting.save(update_fields=["participants"])
        ledger.record("meeting.held", by=by, on=meeting, place=meeting.place, participants=participants)
    return meeting
