from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from infitah.ground.accounts.models import Person, Role
from infitah.ground.territories.models import Territory
from infitah.lib.errors import NotAllowed, NotPossible
from infitah.lib.i18n import Localized
from infitah.network.meetings import actions, queries
from infitah.network.meetings.models import Meeting
from tests import make

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def announce(place: Territory, by: Person | None, *, starts_at: datetime | None = None, **given: Any) -> Meeting:
    starts_at = starts_at or NOW + timedelta(days=7)
    asked: dict[str, Any] = {
        "kind": Meeting.Kind.WORKSHOP,
        "influence": Meeting.Influence.CONSULT,
        "title": Localized(ar="ورشة الإعداد المشترك", fr="Atelier de co-construction"),
        "venue": Localized(fr="Maison des jeunes"),
        "ends_at": starts_at + timedelta(hours=5),
    }
    return actions.announce(place, by=by, starts_at=starts_at, **{**asked, **given})


def test_the_focal_point_or_the_national_team_announces(ledger: Callable[..., list[Any]]) -> None:
    place = make.place()
    announce(place, make.focal_point(place))
    announce(place, make.holder(Role.NATIONAL, make.country()))
    for person in (None, make.person(), make.focal_point(make.place())):
        with pytest.raises(NotAllowed):
            announce(place, person)
    assert ledger() == ["meeting.announced"] * 2
    assert ledger("meeting.announced")[0].particulars["influence"] == "consult"


def test_the_same_form_twice_announces_one_meeting(ledger: Callable[..., list[Any]]) -> None:
    place, key = make.place(), uuid4()
    focal = make.focal_point(place)
    assert announce(place, focal, key=key) == announce(place, focal, key=key)
    assert ledger() == ["meeting.announced"]


def test_a_meeting_ends_after_it_begins() -> None:
    place = make.place()
    with pytest.raises(NotPossible):
        announce(place, make.focal_point(place), ends_at=NOW)


def test_people_are_counted_once_it_has_begun(ledger: Callable[..., list[Any]]) -> None:
    place = make.place()
    focal = make.focal_point(place)
    with pytest.raises(NotPossible):
        actions.hold(announce(place, focal), participants=40, by=focal)
    held = announce(place, focal, starts_at=NOW - timedelta(days=1))
    assert actions.hold(held, participants=40, by=focal).participants == 40
    actions.hold(held, participants=40, by=focal)
    actions.hold(held, participants=42, by=focal)
    assert [entry.particulars["participants"] for entry in ledger("meeting.held")] == [40, 42]
    with pytest.raises(NotAllowed):
        actions.hold(held, participants=1, by=make.person())


def test_meetings_stand_in_the_order_in_which_they_matter() -> None:
    place = make.place()
    focal = make.focal_point(place)
    later, sooner = (announce(place, focal, starts_at=NOW + timedelta(days=days)) for days in (9, 2))
    past = [announce(place, focal, starts_at=NOW - timedelta(days=days)) for days in range(2, 24)]
    assert queries.coming(place) == [sooner, later]
    first, more = queries.past(place)
    assert first == past[:20]
    assert queries.past(place, before=more) == (past[20:], None)


def test_the_calendar_carries_its_time_zone(client: Client) -> None:
    place = make.place("here", name=Localized(fr="Ici"))
    meeting = announce(place, make.focal_point(place))
    answer = client.get("/fr/c/here/meetings.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    calendar = Calendar.from_ical(answer.content)
    assert calendar["x-wr-calname"] == "Réunions à Ici"
    assert [str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")] == ["Africa/Casablanca"]
    (event,) = calendar.walk("VEVENT")
    assert event["summary"] == "Atelier de co-construction"
    assert event.decoded("dtstart").timestamp() == int(meeting.starts_at.timestamp())
    assert "Consulter" in event["description"]
    make.place("empty")
    assert client.get("/fr/c/empty/meetings.ics").status_code == 200


def test_the_focal_point_announces_and_counts_through_pages(
    client: Client, sign_in: Callable[[Person], Client]
) -> None:
    place = make.place("here")
    browser = sign_in(make.focal_point(place))
    form = {
        "key": str(uuid4()),
        "title_fr": "Atelier",
        "kind": "workshop",
        "influence": "consult",
        "venue_fr": "Maison des jeunes",
        "starts_at": "2026-01-10T15:00",
        "ends_at": "2026-01-10T18:00",
    }
    assert browser.get("/fr/c/here/meetings/new/").status_code == 200
    assert browser.post("/fr/c/here/meetings/new/", {**form, "ends_at": "2026-01-10T14:00"}).status_code == 422
    assert browser.post("/fr/c/here/meetings/new/", {**form, "starts_at": "2926-01-10T14:00"}).status_code == 422
    assert browser.post("/fr/c/here/meetings/new/", form).status_code == 303
    assert browser.post("/fr/c/here/meetings/new/", form).status_code == 303
    meeting = Meeting.objects.get()
    assert timezone.localtime(meeting.starts_at).hour == 15
    hold = f"/fr/c/here/meetings/{meeting.pk}/hold/"
    assert browser.post(hold, {"participants": "-1"}).status_code == 422
    assert browser.post(hold, {"participants": "61"}).status_code == 303
    page = client.get("/fr/c/here/meetings/").content.decode()
    assert "61 personnes sont venues" in page
    assert "Consulter : votre avis est entendu" in page
    assert "Annoncer une réunion" not in page
    elsewhere = make.place("there")
    assert browser.post(f"/fr/c/{elsewhere.slug}/meetings/{meeting.pk}/hold/", {}).status_code == 404


def test_the_page_asks_as_much_for_one_meeting_as_for_thirty(client: Client, django_assert_num_queries: Any) -> None:
    place = make.place("here")
    focal = make.focal_point(place)
    announce(place, focal, starts_at=NOW - timedelta(days=40))
    for expected in range(2):
        with django_assert_num_queries(3):
            client.get("/fr/c/here/meetings/")
        for days in range(1, 31 * (1 - expected)):
            announce(place, focal, starts_at=NOW - timedelta(days=days))
