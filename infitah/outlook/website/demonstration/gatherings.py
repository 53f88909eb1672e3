"""The meetings of the network: real ones, entered as their sources tell of them, without a number that no source
gives; and played ones, over, to come, and on the day the demonstration is played."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from infitah.ground.accounts.models import Person, Role
from infitah.ground.accounts.queries import holders
from infitah.ground.territories.models import Territory
from infitah.network.meetings import actions as meetings
from infitah.network.meetings.models import Meeting, Registration

from . import cast, pictures
from .content import key, read
from .player import Clock, Story

TRAINER = "مكوّنة الشبكة"
WORDS = ["kind", "influence", "title", "venue", "agenda"]


def enter(national: Person) -> None:
    """The real meetings, now, with their own days."""
    for each in read("gatherings")["real"]:
        first, last = (date.fromisoformat(each[name]) for name in ("from", "until"))
        days: dict[str, Any] = {"starts_at": at(first, time()), "ends_at": at(last, time(23, 59)), "is_whole_day": True}
        words = {name: each[name] for name in [*WORDS, "source"]}
        meetings.announce(of(each), by=national, key=key("meeting", each["from"]), **days, **words)


def at(day: date, hour: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour))


def of(each: dict[str, Any]) -> Territory:
    """Where a meeting stands: its place, or the country."""
    found = Territory.objects.filter(slug=each["place"]) if each["place"] else Territory.objects.filter(kind="country")
    return found.get()


def stories(national: Person, today: date) -> list[Story]:
    """The played meetings."""
    return [story(each, Clock(today), national) for each in read("gatherings")["played"]]


def story(each: dict[str, Any], clock: Clock, national: Person) -> Story:
    """One meeting: announced by a trainer where it is the network's, registered for, held, written up."""
    begins = clock.at(each["day"], each["hour"])
    yield begins - timedelta(days=30 if each["day"] <= 0 else 45)
    place = of(each)
    by = runner(place, national)
    meeting = meetings.announce(
        place,
        by=by,
        starts_at=begins,
        ends_at=begins + timedelta(hours=each["hours"]),
        has_registration=True,
        capacity=each["capacity"],
        **{name: each[name] for name in WORDS},
    )
    rows = []
    for turn in range(each["registered"]):
        yield begins - timedelta(days=25 - turn % 9 if each["day"] <= 0 else 40 - turn % 9, minutes=-turn)
        rows.append(meetings.register(meeting, by=None, key=key(each["key"], turn), **described(turn)))
    if each["day"] > 0:
        yield begins - timedelta(days=20)
        meetings.cancel(rows[4])
    if each["came"]:
        yield begins
        come(meeting, each, rows, by)
        yield begins + timedelta(days=4)
        write(meeting, each, clock, by)


def runner(place: Territory, national: Person) -> Person:
    """Whoever runs a meeting there: the focal point of a member, else the trainer of the network."""
    is_member = place.kind == Territory.Kind.COMMUNE
    at = place if is_member else Territory.objects.get(kind=Territory.Kind.COUNTRY)
    found = holders(Role.FOCAL_POINT if is_member else Role.TRAINER, at)
    return found[0] if found else cast.enrol(TRAINER, Role.TRAINER, at, by=national)


def described(turn: int) -> dict[str, Any]:
    """Somebody who registers, by a first name, for a collectivity or for none."""
    words = read("gatherings")
    slug = words["for"][turn % len(words["for"])] if turn % 3 else ""
    said = {name: words[name][turn % len(words[name])] for name in ("gender", "age")}
    said["name"] = words["names"][turn % len(words["names"])]
    return {**said, "collectivity": Territory.objects.filter(slug=slug).first()}


def come(meeting: Meeting, each: dict[str, Any], rows: list[Registration], by: Person) -> None:
    """Those who come, and some who had not registered."""
    for row in rows[: each["came"]]:
        meetings.check_in(row, by=by)
    for turn in range(each["walk_ins"]):
        meetings.walk_in(meeting, by=by, key=key(each["key"], "door", turn), **described(turn + 60))


def write(meeting: Meeting, each: dict[str, Any], clock: Clock, by: Person) -> None:
    """The minutes with their decisions, corrected once; a document and a photo."""
    decided = [
        {"text": one["text"], "who": one["who"], "due_on": clock.on(each["day"] + one["after"])}
        for one in each["decisions"]
    ]
    named = key(each["key"], "minutes"), key(each["key"], "corrected")
    meetings.publish(meeting, by=by, said=each["minutes"], decisions=decided, key=named[0])
    again = {"said": each["corrected"], "correction": each["correction"]}
    meetings.publish(meeting, by=by, decisions=decided, key=named[1], **again)
    paper, photo = pictures.document(each["document"]["fr"]), pictures.photo(each["photo"]["ar"])
    meetings.add(meeting, by=by, title=each["document"], file=paper, key=key(each["key"], "document"))
    meetings.add(meeting, by=by, title=each["photo"], file=photo, key=key(each["key"], "photo"))
