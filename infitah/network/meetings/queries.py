"""Questions about meetings: which come, who may be at the door, how many came and who they said they are, what a
certificate is worth."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from infitah.ground.accounts.models import Contact, Person
from infitah.ground.territories import queries as territories
from infitah.ground.territories.models import Territory
from infitah.lib import text
from infitah.lib.i18n import Localized
from infitah.lib.lists import cut

from .models import Material, Meeting, Minutes, Registration

PAGE = 20
DESK_PAGE = 30
IN_A_FEED = 300
FEWEST = 5  # people behind a number that is shown
NETWORK = [Territory.Kind.COUNTRY, Territory.Kind.REGION]
OUTLINES = ["place__outline", "place__parent__outline"]  # long, and not listed
ANSWERS: dict[str, list[str]] = {
    "gender": [*Registration.Gender.values, ""],
    "age": [*Registration.Age.values, ""],
    "disability": [*Registration.Disability.values, ""],
}
People = tuple[Person | None, Contact | None]


# -- which meetings ----------------------------------------------------------------------------------


def to_come() -> Q:
    """Meetings that are not over: whoever opens a list while one is held finds it among these, and there alone."""
    now = timezone.now()
    return Q(starts_at__gte=now) | Q(ends_at__gt=now)


def coming(place: Territory) -> list[Meeting]:
    """The meetings of a place that are not over, the next one first; 50 at most."""
    return list(place.meetings.filter(to_come()).order_by("starts_at")[:50])


def past(place: Territory, *, before: int | None = None) -> tuple[list[Meeting], int | None]:
    """The meetings that are over, the latest first, a page at a time; and the key of the last where more follow."""
    return _turned(place.meetings.exclude(to_come()), before, is_past=True)


def past_count(place: Territory) -> int:
    """How many meetings of a place are over."""
    return place.meetings.exclude(to_come()).count()


def chosen(wanted: Mapping[str, Any]) -> QuerySet[Meeting]:
    """Meetings narrowed by `scope` ("": those of the network itself; "all": also those of its members), `kind` and
    `region` (a slug); other empty values narrow nothing."""
    meetings = Meeting.objects.select_related("place__parent").defer(*OUTLINES)
    if wanted.get("scope") != "all":
        meetings = meetings.filter(place__kind__in=NETWORK)
    if wanted.get("kind"):
        meetings = meetings.filter(kind=wanted["kind"])
    if wanted.get("region"):
        region = Territory.objects.filter(slug=wanted["region"], kind=Territory.Kind.REGION).first()
        meetings = meetings.filter(place__in=territories.inside(region)) if region else meetings.none()
    return meetings


def listed(
    wanted: Mapping[str, Any], *, is_past: bool = False, before: int | None = None
) -> tuple[list[Meeting], int | None]:
    """A page of the meetings chosen: those to come, the next one first, or those that are over, the latest first."""
    return _turned(_chosen_when(wanted, is_past), before, is_past=is_past)


def count(wanted: Mapping[str, Any], *, is_past: bool = False) -> int:
    """How many meetings the whole list of those chosen has."""
    return _chosen_when(wanted, is_past).count()


def _chosen_when(wanted: Mapping[str, Any], is_past: bool) -> QuerySet[Meeting]:
    return chosen(wanted).filter(~to_come() if is_past else to_come())


def _turned(meetings: QuerySet[Meeting], before: int | None, *, is_past: bool) -> tuple[list[Meeting], int | None]:
    """A page after the meeting numbered `before`, by day; and the number after which the next page begins."""
    last = Meeting.objects.filter(pk=before).first() if before else None
    meetings = meetings.order_by("-starts_at", "-pk") if is_past else meetings.order_by("starts_at", "pk")
    if last and is_past:
        meetings = meetings.filter(starts_at__lte=last.starts_at).exclude(starts_at=last.starts_at, pk__gte=last.pk)
    elif last:
        meetings = meetings.filter(starts_at__gte=last.starts_at).exclude(starts_at=last.starts_at, pk__lte=last.pk)
    shown, end = cut(meetings, PAGE)
    return shown, end.pk if end else None


def regions() -> list[Territory]:
    return list(Territory.objects.filter(kind=Territory.Kind.REGION).defer("outline").order_by("code"))


def materials_of(meeting: Meeting) -> tuple[list[Material], list[Material]]:
    """The documents, and the photos, that have not been withdrawn."""
    kept = list(meeting.materials.filter(withdrawn_at=None))
    return [each for each in kept if not each.small], [each for each in kept if each.small]


def minutes_of(meeting: Meeting) -> list[Minutes]:
    """Every version, the latest first, each with its decisions."""
    return list(meeting.minutes.prefetch_related("decisions"))


def latest_before(meeting: Meeting, key: str) -> Minutes | None:
    """The minutes that a form with this key would correct; sent twice, it does not correct itself."""
    return next((each for each in minutes_of(meeting) if str(each.key) != key), None)


def calendar(meetings: QuerySet[Meeting], *, name: str, site: str, address: Any) -> bytes:
    """Meetings as an iCalendar file with the rules of their time zone (RFC 5545); those called off say so.

    `site` is `https://host`; `address(meeting)` gives the path of its page.
    """
    made, host = Calendar(), site.partition("://")[2].split(":")[0]
    made.add("prodid", f"-//Infitah//{host}//")
    made.add("version", "2.0")
    made.add("x-wr-calname", name)
    made.add("x-wr-timezone", timezone.get_default_timezone_name())
    for meeting in meetings.order_by("-starts_at", "-pk")[:IN_A_FEED]:
        made.add_component(_event(meeting, host, site + address(meeting)))
    if made.events:
        made.add_missing_timezones()
    written: bytes = made.to_ical()
    return written


def _event(meeting: Meeting, host: str, url: str) -> Event:
    event, zone = Event(), timezone.get_default_timezone()
    event.add("uid", f"meeting-{meeting.pk}@{host}")
    event.add("dtstamp", meeting.changed_at)
    event.add("last-modified", meeting.changed_at)
    event.add("sequence", meeting.changes)
    if meeting.is_whole_day:
        event.add("dtstart", timezone.localdate(meeting.starts_at, zone))
        event.add("dtend", timezone.localdate(meeting.over_at, zone) + timedelta(days=1))
    else:
        event.add("dtstart", timezone.localtime(meeting.starts_at, zone))
        event.add("dtend", timezone.localtime(meeting.over_at, zone))
    event.add("summary", str(Localized(meeting.title)))
    event.add("location", str(Localized(meeting.venue)) or meeting.link)
    said = [f"{meeting.get_kind_display()}. {meeting.promise}", str(Localized(meeting.agenda)), meeting.link]
    event.add("description", "\n\n".join(part for part in said if part))
    event.add("url", url)
    event.add("status", "CANCELLED" if meeting.called_off_at else "CONFIRMED")
    return event


def to_remind(now: datetime) -> list[Meeting]:
    """The meetings of tomorrow that have not been reminded of, by the clock of the country."""
    zone = timezone.get_default_timezone()
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    begins, ends = (datetime.combine(tomorrow + timedelta(days=days), time(), zone) for days in (0, 1))
    waiting = Meeting.objects.filter(starts_at__gte=begins, starts_at__lt=ends, called_off_at=None, confirmed__gt=0)
    return [meeting for meeting in waiting if meeting.reminded_for != meeting.starts_at]


def to_purge(day: date) -> list[Meeting]:
    """The meetings over before a day whose sheets still tell who came."""
    held = Meeting.objects.filter(purged_at=None, starts_at__date__lt=day, registrations__isnull=False).distinct()
    return [meeting for meeting in held if timezone.localdate(meeting.over_at) < day]


# -- who is expected ---------------------------------------------------------------------------------


def registered(meeting: Meeting, person: Person) -> Registration | None:
    """The registration that the person holds for the meeting, signed in or by their address."""
    theirs = Q(person=person) | Q(address_print=own_print(meeting, person)) & ~Q(address_print="")
    return meeting.registrations.filter(theirs).exclude(status="cancelled").first()


def by_code(code: str) -> Registration | None:
    """The registration with this code, in any writing of it."""
    read = text.read_receipt(code)
    found = Registration.objects.select_related("meeting__place", "collectivity")
    return found.filter(code=read).first() if read else None


def turn_of(registration: Registration) -> int:
    """How many people wait before this one, and this one: 1 is the next to move up."""
    waiting = registration.meeting.registrations.filter(status=Registration.Status.WAITING)
    return waiting.filter(pk__lte=registration.pk).count()


def counted(meeting: Meeting) -> dict[str, int]:
    """The counts beside the meeting, as its registrations have them: `confirmed`, `waiting`, `attended`."""
    return meeting.registrations.aggregate(
        confirmed=Count("pk", filter=Q(status="confirmed")),
        waiting=Count("pk", filter=Q(status="waiting")),
        attended=Count("pk", filter=Q(checked_in_at__isnull=False)),
    )


def desk(meeting: Meeting, words: str, *, after: int = 0) -> tuple[list[Registration], int | None]:
    """Who may be standing at the door: by the beginning of a word of the name, or by code; those still expected
    first. A page at a time, in the order of registering."""
    rows = meeting.registrations.exclude(status="cancelled").select_related("collectivity").order_by("pk")
    folded = text.fold(words)
    code = text.read_receipt(words)
    if code:
        rows = rows.filter(code=code)
    elif folded:
        rows = rows.filter(Q(folded__startswith=folded) | Q(folded__contains=f" {folded}"))
    else:
        rows = rows.filter(checked_in_at=None)
    shown, end = cut(rows.filter(pk__gt=after), DESK_PAGE)
    return shown, end.pk if end else None


def latest_here(meeting: Meeting, *, limit: int = 5) -> list[Registration]:
    """Who was checked in last, so that a slip is seen and put right."""
    here = meeting.registrations.filter(checked_in_at__isnull=False).select_related("collectivity")
    return list(here.order_by("-checked_in_at", "-pk")[:limit])


def expected(meeting: Meeting, with_waiting: bool = True) -> list[People]:
    """Whom to tell of the meeting: those who have a place, and those who wait for one."""
    statuses = ["confirmed", "waiting"] if with_waiting else ["confirmed"]
    rows = meeting.registrations.filter(status__in=statuses).select_related("person", "contact")
    found = rows.exclude(person=None, contact=None).order_by("pk")
    return [(each.person, None if each.person else each.contact) for each in found]


def begun(place: Territory) -> QuerySet[Meeting]:
    """Where something may have been said: the meetings of the place that have begun, the latest first."""
    return Meeting.objects.filter(place=place, starts_at__lte=timezone.now(), called_off_at=None).order_by("-starts_at")


# -- who came, as numbers only -----------------------------------------------------------------------


def tallied(meeting: Meeting) -> dict[str, dict[str, int]]:
    """What those who came said of themselves: `{"gender": {"woman": 12, "": 3}, …}`, "" being "not said"; from its
    sheet or, where that is purged, from the counts that remain. Not to be shown as it is: `shown` hides what tells of
    too few."""
    if meeting.purged_at:
        kept = list(meeting.headcounts.values_list("about", "answer", "number"))
        return {name: {answer: number for about, answer, number in kept if about == name} for name in ANSWERS}
    came = meeting.registrations.filter(checked_in_at__isnull=False).order_by()
    return {about: dict(came.values_list(about).annotate(Count("pk"))) for about in ANSWERS}


def shown(answers: Mapping[str, int], order: Iterable[str]) -> dict[str, int | None]:
    """The numbers that may be shown, None for the hidden ones: none below FEWEST, and no hidden one that the total
    would give away: the smallest others are hidden with it until FEWEST people, under two answers, hide together.
    That nobody left the question out may be said."""
    cells = {answer: answers.get(answer, 0) for answer in order}
    hidden = {answer for answer, number in cells.items() if number < FEWEST and (answer or number)}
    for answer in sorted(cells, key=lambda each: cells[each]):
        is_safe = len(hidden) > 1 and sum(cells[each] for each in hidden) >= FEWEST
        if hidden and not is_safe:
            hidden.add(answer)
    return {answer: None if answer in hidden else number for answer, number in cells.items()}


def headcounts(meeting: Meeting) -> list[dict[str, Any]]:
    """What may be shown of those who came: `[{"name", "answers": [(words, number or None)]}]`; nothing for too few,
    nor of what hardly anyone said."""
    if meeting.attended < FEWEST:
        return []
    names = {"gender": _("Gender"), "age": _("Age"), "disability": _("Disability")}
    labels: dict[str, Any] = {"gender": Registration.Gender, "age": Registration.Age}
    labels["disability"] = Registration.Disability
    told = []
    for about, answers in tallied(meeting).items():
        cells = shown(answers, ANSWERS[about])
        words = {**dict(labels[about].choices), "": _("Not said")}
        if any(cells[answer] for answer in cells if answer):
            told.append({"name": names[about], "answers": [(words[answer], cells[answer]) for answer in cells]})
    return told


# -- told apart, and not kept -------------------------------------------------------------------------


def printed(*parts: object) -> str:
    """A keyed hash, by which a name or an address is recognised and cannot be read."""
    return salted_hmac("infitah.network.meetings", " ".join(map(str, parts)), algorithm="sha256").hexdigest()


def own_print(meeting: Meeting, person: Person | None) -> str:
    """The mark of a person's own address at a meeting, by which it takes one place, signed in or not."""
    return printed(meeting.pk, person.email.lower()) if person and person.email else ""
