from datetime import datetime

from django.utils import timezone
from icalendar import Calendar, Event

from infitah.ground.territories.models import Territory
from infitah.lib.i18n import Localized

from .models import Meeting

PAGE = 20


def coming(place: Territory, *, now: datetime | None = None) -> list[Meeting]:
    """The meetings of a place that are not over, the next one first; 50 at most."""
    now = now or timezone.now()
    begun = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    days = place.meetings.filter(starts_at__gte=begun).order_by("starts_at")[:50]
    return [meeting for meeting in days if (meeting.ends_at or meeting.starts_at) >= now]


def past(place: Territory, *, before: int | None = None) -> tuple[list[Meeting], int | None]:
    """The meetings that are over, the latest first, a page at a time; and the key of the last where more follow."""
    over = place.meetings.filter(starts_at__lt=timezone.now()).order_by("-starts_at", "-pk")
    last = place.meetings.filter(pk=before).first() if before else None
    if last:
        over = over.filter(starts_at__lte=last.starts_at).exclude(starts_at=last.starts_at, pk__gte=last.pk)
    found = list(over[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None


def calendar(place: Territory, *, name: str, host: str) -> bytes:
    """The meetings of a place as an iCalendar file with the rules of its time zone (RFC 5545)."""
    made = Calendar()
    made.add("prodid", f"-//Infitah//{host}//")
    made.add("version", "2.0")
    made.add("x-wr-calname", name)
    for meeting in place.meetings.order_by("-starts_at")[:200]:
        made.add_component(_event(meeting, host))
    if made.events:
        made.add_missing_timezones()
    written: bytes = made.to_ical()
    return written


def _event(meeting: Meeting, host: str) -> Event:
    event = Event()
    event.add("uid", f"meeting-{meeting.pk}@{host}")
    event.add("dtstamp", timezone.now())
    event.add("dtstart", timezone.localtime(meeting.starts_at))
    if meeting.ends_at:
        event.add("dtend", timezone.localtime(meeting.ends_at))
    event.add("summary", str(Localized(meeting.title)))
    event.add("location", str(Localized(meeting.venue)))
    event.add("description", f"{meeting.get_kind_display()}. {meeting.promise}")
    return event
