from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.cache import caches
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


def test_a_meeting_that_is_being_held_is_listed_once_among_those_to_come() -> None:
    country = make.country()
    days = make.meeting(country, starts_at=NOW - timedelta(days=1), ends_at=NOW + timedelta(days=1))
    over = make.meeting(country, starts_at=NOW - timedelta(hours=3))
    assert (queries.coming(country), queries.past(country)[0]) == ([days], [over])
    assert (queries.listed({})[0], queries.listed({}, is_past=True)[0]) == ([days], [over])


def test_the_calendar_carries_its_time_zone(client: Client) -> None:
    place = make.place("here", name=Localized(fr="Ici"))
    meeting = announce(place, make.focal_point(place))
    answer = client.get("/fr/c/here/meetings.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    calendar = Calendar.from_ical(answer.content)
    assert calendar["x-wr-calname"].replace("\u00a0", " ") == "Rencontres : Ici"
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
    assert "Consulter\N{NO-BREAK SPACE}: votre avis est entendu" in page
    assert "Annoncer une réunion" not in page
    elsewhere = make.place("there")
    assert browser.post(f"/fr/c/{elsewhere.slug}/meetings/{meeting.pk}/hold/", {}).status_code == 404


def test_the_page_asks_as_much_for_one_meeting_as_for_thirty(client: Client, django_assert_num_queries: Any) -> None:
    place = make.place("here")
    focal = make.focal_point(place)
    announce(place, focal, starts_at=NOW - timedelta(days=40))
    for expected in range(2):
        with django_assert_num_queries(4):
            client.get("/fr/c/here/meetings/")
        for days in range(1, 31 * (1 - expected)):
            announce(place, focal, starts_at=NOW - timedelta(days=days))


# -- the network -------------------------------------------------------------------------------------


def test_a_trainer_runs_the_meetings_of_the_place_they_are_named_for_and_of_its_regions() -> None:
    country = make.country()
    region, commune = make.place("oriental", "region"), make.place("berkane")
    national, local = make.holder(Role.TRAINER, country), make.holder(Role.TRAINER, commune, "Charlie")
    for place in (country, region):
        announce(place, national, kind=Meeting.Kind.TRAINERS)
        with pytest.raises(NotAllowed):
            announce(place, local)
    announce(commune, local)
    with pytest.raises(NotAllowed):
        announce(commune, national)


def test_the_network_lists_its_own_meetings_and_on_demand_those_of_its_members(client: Client) -> None:
    region = make.place("oriental", "region", name=Localized(fr="Oriental"))
    commune = make.place("berkane", parent=make.place("berkane-p", "province", parent=region))
    soon = NOW + timedelta(days=3)
    make.meeting(make.country(), title=Localized(fr="Nationale"), starts_at=soon, kind="trainers")
    make.meeting(region, title=Localized(fr="Régionale"), starts_at=soon)
    make.meeting(commune, title=Localized(fr="Communale"), starts_at=soon)
    make.meeting(region, title=Localized(fr="Ancienne"), starts_at=NOW - timedelta(days=3))

    def listed(asked: str) -> set[str]:
        page = client.get(f"/fr/meetings/{asked}").content.decode()
        return {name for name in ("Nationale", "Régionale", "Communale", "Ancienne") if name in page}

    assert listed("") == {"Nationale", "Régionale"}
    assert listed("?scope=all") == {"Nationale", "Régionale", "Communale"}
    assert listed("?scope=all&region=oriental") == {"Régionale", "Communale"}
    assert listed("?kind=trainers") == {"Nationale"}
    assert listed("?when=past") == {"Ancienne"}
    assert listed("?kind=nonsense&region=nowhere&before=x") == {"Nationale", "Régionale"}
    feed = client.get("/fr/meetings.ics?region=oriental").content.decode()
    assert ("Régionale" in feed, "Ancienne" in feed, "Nationale" in feed) == (True, True, False)


def test_each_meeting_stands_on_one_page_of_the_list_only() -> None:
    country = make.country()
    days = [NOW + timedelta(days=turn // 2) for turn in range(2, 47)]  # two a day
    made = [make.meeting(country, starts_at=day) for day in days]
    seen, before = [], None
    while True:
        page, before = queries.listed({}, before=before)
        seen += page
        if before is None:
            break
    assert seen == made
    back, _more = queries.listed({}, is_past=True)
    assert back == []


def test_the_list_of_the_network_asks_as_much_for_one_as_for_twenty(
    client: Client, django_assert_num_queries: Any
) -> None:
    country = make.country()
    for many in (1, 19):
        for turn in range(many):
            make.meeting(country, starts_at=NOW + timedelta(days=1, minutes=turn))
        caches["pages"].clear()
        with django_assert_num_queries(5):
            client.get("/fr/meetings/")


# -- the clock of the country: summer time is suspended in Ramadan ------------------------------------


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        ("2026-02-14", 1),  # the day before Ramadan's change of 2026
        ("2026-02-16", 0),
        ("2026-03-21", 0),
        ("2026-03-23", 1),
        ("2027-02-06", 1),
        ("2027-02-08", 0),
        ("2027-03-13", 0),
        ("2027-03-15", 1),
    ],
)
def test_an_hour_is_the_hour_on_the_wall_before_during_and_after_ramadan(
    day: str, hours: int, sign_in: Callable[[Person], Client], client: Client
) -> None:
    place = make.place("here")
    form = {"key": str(uuid4()), "title_fr": "Atelier", "kind": "workshop", "influence": "consult", "venue_fr": "Salle"}
    with time_machine.travel("2026-01-10T10:00Z"):
        answer = sign_in(make.focal_point(place)).post(
            "/fr/c/here/meetings/new/", {**form, "starts_at": f"{day}T15:00", "ends_at": f"{day}T17:00"}
        )
    assert answer.status_code == 303
    meeting = Meeting.objects.get()
    assert meeting.starts_at.hour == 15 - hours
    assert "15:00 – 17:00" in meeting.when
    feed = Calendar.from_ical(client.get("/fr/c/here/meetings.ics").content)
    (event,) = feed.walk("VEVENT")
    (zone,) = feed.walk("VTIMEZONE")
    assert event["dtstart"].params["TZID"] == "Africa/Casablanca"
    assert event.decoded("dtstart").replace(tzinfo=None) == datetime.fromisoformat(f"{day}T15:00")
    said = zone.to_tz().utcoffset(datetime.fromisoformat(f"{day}T15:00"))
    assert said == timedelta(hours=hours)  # the rules sent along say the same as ours


def test_a_meeting_moved_over_the_change_keeps_its_hour_and_tells_the_calendars(
    sign_in: Callable[[Person], Client], client: Client
) -> None:
    place = make.place("here")
    zone = timezone.get_default_timezone()
    with time_machine.travel("2027-01-20T10:00Z"):
        focal = make.focal_point(place)
        meeting = announce(place, focal, starts_at=datetime(2027, 2, 5, 15, tzinfo=zone))  # summer time
        form = {"title_fr": "Atelier", "kind": "workshop", "influence": "consult", "venue_fr": "Maison des jeunes"}
        moved = {"starts_at": "2027-02-12T15:00", "ends_at": "2027-02-12T20:00"}  # Ramadan
        address = f"/fr/meetings/{meeting.pk}/change/"
        assert 'value="2027-02-05T15:00"' in sign_in(focal).get(address).content.decode()
        assert sign_in(focal).post(address, form | moved).status_code == 303
    before = meeting.starts_at
    meeting.refresh_from_db()
    assert [timezone.localtime(at).hour for at in (before, meeting.starts_at)] == [15, 15]
    assert meeting.starts_at - before == timedelta(days=7, hours=1)  # a fixed offset would have been an hour early
    (event,) = Calendar.from_ical(client.get(f"/fr/meetings/{meeting.pk}.ics").content).walk("VEVENT")
    assert (event["sequence"], event["status"]) == (1, "CONFIRMED")


def test_of_two_who_change_a_meeting_at_once_the_second_is_told_and_keeps_what_was_typed(
    sign_in: Callable[[Person], Client],
) -> None:
    place = make.place("here")
    focal = make.focal_point(place)
    meeting, browser = announce(place, focal), sign_in(focal)
    address = f"/fr/meetings/{meeting.pk}/change/"
    form = browser.get(address).context["form"]
    sent = {"seen": form["seen"].value(), "title_fr": "Atelier", "kind": "workshop", "influence": "consult"}
    sent |= {"venue_fr": "Maison des jeunes", "starts_at": f"{timezone.localtime(meeting.starts_at):%Y-%m-%dT%H:%M}"}
    assert browser.post(address, sent).status_code == 303
    late = browser.post(address, sent | {"venue_fr": "Salle du conseil"})
    meeting.refresh_from_db()
    assert (late.status_code, meeting.venue["fr"]) == (409, "Maison des jeunes")
    assert "Salle du conseil" in late.content.decode()


def test_a_meeting_called_off_stays_struck_out_in_calendars(client: Client) -> None:
    place = make.place("here")
    focal = make.focal_point(place)
    meeting = announce(place, focal)
    actions.call_off(meeting, by=focal, reason=Localized(fr="Grève des trains"))
    (event,) = Calendar.from_ical(client.get("/fr/c/here/meetings.ics").content).walk("VEVENT")
    assert (event["status"], event["sequence"], str(event["uid"])) == (
        "CANCELLED",
        1,
        f"meeting-{meeting.pk}@127.0.0.1",
    )
    page = client.get(f"/fr/meetings/{meeting.pk}/").content.decode()
    assert ("Annulée" in page, "Grève des trains" in page) == (True, True)


def test_a_meeting_whose_source_tells_no_hour_fills_its_days(client: Client) -> None:
    zone = timezone.get_default_timezone()
    days = {"starts_at": datetime(2024, 11, 12, tzinfo=zone), "ends_at": datetime(2024, 11, 13, 23, 59, tzinfo=zone)}
    meeting = make.meeting(make.country(), is_whole_day=True, **days)
    (event,) = Calendar.from_ical(client.get("/fr/meetings.ics").content).walk("VEVENT")
    assert (str(event.decoded("dtstart")), str(event.decoded("dtend"))) == ("2024-11-12", "2024-11-14")
    page = client.get(f"/fr/meetings/{meeting.pk}/").content.decode()
    assert "12\xa0novembre\xa02024 – 13\xa0novembre\xa02024" in page
    assert "00:00" not in page


def test_the_form_says_what_is_missing_and_keeps_the_rest(sign_in: Callable[[Person], Client]) -> None:
    place = make.place("here")
    browser = sign_in(make.focal_point(place))
    form = {"key": str(uuid4()), "title_fr": "Atelier gardé", "kind": "workshop", "influence": "consult"}
    form |= {"starts_at": "2027-01-10T15:00", "capacity": "12"}
    answer = browser.post("/fr/c/here/meetings/new/", form)
    assert (answer.status_code, "Atelier gardé" in answer.content.decode()) == (422, True)
    assert "Dites où elle a lieu" in answer.content.decode()
    assert browser.post("/fr/c/here/meetings/new/", form | {"link": "https://example.org/x"}).status_code == 303
    made = Meeting.objects.get()
    assert (made.has_registration, made.capacity, made.link) == (True, 12, "https://example.org/x")
    never = browser.post("/fr/c/here/meetings/new/", form | {"link": "https://e.org", "starts_at": "2026-03-22T02:30"})
    assert never.status_code == 422  # that night the clocks went from 02:00 to 03:00
