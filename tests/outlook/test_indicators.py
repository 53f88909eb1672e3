from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from infitah.ground.ledger import actions as ledger
from infitah.ground.territories.models import Territory
from infitah.journey.programmes.models import Programme
from infitah.network.meetings.models import Headcount, Meeting, Registration
from infitah.outlook.indicators import actions, queries
from infitah.outlook.indicators.catalog import BY_CODE, INDICATORS
from infitah.outlook.indicators.models import Snapshot
from tests import make

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=40)


def told(code: str) -> queries.Value:
    cache.clear()
    indicator = BY_CODE[code]
    return queries.value(indicator, queries.read(indicator, timezone.localdate()), queries.places())


def answered(programme: Programme, *, days: int = 10, **fields: Any) -> None:
    received = timezone.now() - LONG_AGO
    done = {"status": "decided", "outcome": "kept", "decided_at": received + timedelta(days=days)}
    make.idea(programme, received_at=received, **{**done, **fields})


def waiting(programme: Programme) -> None:
    make.idea(programme, received_at=timezone.now() - LONG_AGO)


# -- what each figure counts -------------------------------------------------------------------------


def test_the_answer_rate_counts_ideas_received_at_least_30_days_ago() -> None:
    programme = make.programme()
    for _number in range(4):
        answered(programme)
    waiting(programme)
    make.idea(programme)  # of today: not due yet
    answered(programme, visibility="hidden")
    found = told("P3")
    assert (found.numerator, found.denominator, found.amount) == (4, 5, 80)


def test_a_rate_on_fewer_than_five_is_told_as_a_count() -> None:
    programme = make.programme()
    answered(programme)
    waiting(programme)
    with translation.override("en"):
        assert told("P3").told == "1 of 2"
        for _number in range(3):
            answered(programme)
        assert told("P3").told == "80%"


def test_the_days_to_an_answer_are_a_median_over_all_ideas_never_of_medians() -> None:
    one, other = make.programme(), make.programme()
    for days in (2, 2, 2):
        answered(one, days=days)
    answered(other, days=30)
    assert told("P4").amount == 2


@pytest.mark.parametrize(
    ("language", "rate", "counted"), [("ar", "0,3", "1 من 38\u202f000"), ("fr", "0,3", "1 sur 38\u00a0000")]
)
def test_numbers_are_written_as_the_language_writes_them(language: str, rate: str, counted: str) -> None:
    make.idea(make.programme(make.place(population=38_000)))
    with translation.override(language):
        assert (told("P1").told, told("P1").counted) == (rate, counted)


def test_members_who_left_are_not_counted() -> None:
    make.member()
    make.member(status="left")
    assert told("PI1").numerator == 1


def test_a_programme_adopted_before_minutes_were_kept_counts_as_drawn_up() -> None:
    programme = make.programme(status="adopted")
    make.deliberation(
        programme, outcome="adopted", votes_for=9, votes_against=0, abstentions=0, number="1", document_sha256="0"
    )
    assert (told("PI3").numerator, told("PI4").numerator, told("PI4").denominator) == (1, 1, 1)


def test_an_activity_is_completed_on_public_evidence_only() -> None:
    done = {"status": "completed", "ended_on": date(2026, 3, 1), "planned_until": date(2026, 2, 1)}
    proved, bare = make.under_way(**done), make.under_way(**done)
    make.proof(proved)
    make.proof(bare, visibility="hidden")
    assert (told("X1").numerator, told("X1").denominator) == (1, 2)
    assert (told("X4").numerator, told("X4").denominator) == (1, 2)
    assert told("X2").amount == 28


def test_an_empty_register_gives_no_figure_and_no_fault() -> None:
    for indicator in INDICATORS:
        assert told(indicator.code).told in {"–", "0 على 0", "0 من 0", "0"}


def test_a_member_that_published_lately_shows_the_fifth_sign() -> None:
    member = make.member()
    make.member(make.place())
    ledger.record("document.published", by=None, on=member, place=member.place)
    found = told("II1e")
    assert (found.numerator, found.denominator) == (1, 2)


def came(meeting: Meeting, **declared: Any) -> None:
    at = {"status": "confirmed", "checked_in_at": timezone.now()}
    Registration.objects.create(meeting=meeting, code=uuid4().hex[:8], key=uuid4(), **{**at, **declared})


def test_a_member_is_supported_once_it_came_to_a_training_held_a_workshop_or_had_a_coach() -> None:
    came_to, held, coached, _alone, called_off = (make.member(make.place()).place for _turn in range(5))
    came(make.meeting(make.country(), kind="training"), collectivity=came_to)
    make.meeting(held, kind="workshop", participants=20)
    make.meeting(called_off, kind="workshop", participants=20, called_off_at=timezone.now())
    make.meeting(called_off, kind="communication", participants=20)
    make.mission(coached, begun_at=timezone.now())
    found = told("PI2")
    assert (found.numerator, found.denominator) == (3, 5)


def test_a_meeting_that_nobody_came_to_supports_nobody() -> None:
    make.meeting(make.member().place, kind="training")
    assert told("PI2").numerator == 0


def test_the_share_of_women_is_of_those_who_said_and_tells_who_did_not() -> None:
    meeting = make.meeting(make.place(is_urban=False))
    for gender, many in {"woman": 9, "man": 6, "": 7}.items():
        for _turn in range(many):
            came(meeting, gender=gender)
    cache.clear()
    data = queries.read(BY_CODE["P6a"], timezone.localdate())
    found = queries.everywhere(BY_CODE["P6a"], data, queries.places())
    assert (found.numerator, found.denominator, found.amount, found.unsaid) == (9, 15, 60, 7)
    assert queries.listed(BY_CODE["P6a"], data, queries.places()) == []  # no place is told alone


def test_those_who_met_for_the_country_count_as_well_and_purged_sheets_too() -> None:
    meeting = make.meeting(make.country(), purged_at=timezone.now())
    for _turn in range(12):
        came(meeting)
    for answer, number in {"woman": 6, "man": 5, "": 1}.items():
        Headcount.objects.create(meeting=meeting, about="gender", answer=answer, number=number)
    cache.clear()
    found = queries.everywhere(BY_CODE["P6a"], queries.read(BY_CODE["P6a"], timezone.localdate()), queries.places())
    assert (found.numerator, found.denominator, found.unsaid) == (6, 11, None)  # one did not say: too few to tell


def test_no_figure_points_to_a_few_people(client: Client) -> None:
    meeting = make.meeting(make.place())
    for turn in range(20):
        came(meeting, gender="woman" if turn < 3 else "man", disability="yes" if turn < 2 else "no")
    for code in ("P6a", "P6d"):
        found = told(code)
        assert (found.is_hidden, found.told, found.numerator, found.amount) == (True, "–", 0, None)
        shown = client.get(f"/fr/figures/{code}/").content.decode()
        assert "Trop peu de personnes" in shown
    actions.snapshot(timezone.localdate())
    assert not Snapshot.objects.filter(code__in=["P6a", "P6d"]).exists()


def test_a_small_group_cannot_be_worked_out_from_the_others() -> None:
    regions = [make.place(kind="region") for _turn in range(3)]
    for region, women in zip(regions, (9, 8, 1), strict=True):
        meeting = make.meeting(make.place(parent=make.place(kind="province", parent=region)))
        for turn in range(16):
            came(meeting, gender="woman" if turn < women else "man")
    cache.clear()
    data = queries.read(BY_CODE["P6a"], timezone.localdate())
    assert len(queries.rows(BY_CODE["P6a"], data, queries.places(), "region")) == 1


def test_rural_participants_are_those_who_came_for_a_rural_commune_or_to_one() -> None:
    town, village = make.place(is_urban=True), make.place(is_urban=False)
    at_the_town, at_the_village = make.meeting(town), make.meeting(village)
    for _turn in range(6):
        came(at_the_town)
        came(at_the_town, collectivity=village)
        came(at_the_village)
    assert (told("P6c").numerator, told("P6c").denominator) == (12, 18)


# -- breakdowns --------------------------------------------------------------------------------------


def a_region(slug: str, *, answers: int, waits: int) -> None:
    region = make.place(slug, kind="region")
    province = make.place(kind="province", parent=region)
    programme = make.programme(make.place(parent=province, is_urban=slug.endswith("north")))
    for _number in range(answers):
        answered(programme)
    for _number in range(waits):
        waiting(programme)


def test_a_figure_is_broken_down_by_region_type_milieu_and_cohort() -> None:
    a_region("region-north", answers=3, waits=1)
    a_region("region-south", answers=1, waits=1)
    data, known = queries.read(BY_CODE["P3"], timezone.localdate()), queries.places()
    rows = {row.query: row.value for row in queries.rows(BY_CODE["P3"], data, known, "region")}
    assert rows["?region=region-north#places"].counted == "3 من 4"
    milieus = {row.query: row.value.numerator for row in queries.rows(BY_CODE["P3"], data, known, "milieu")}
    assert milieus == {"?milieu=urban#places": 3, "?milieu=rural#places": 1}
    (cohort,) = queries.rows(BY_CODE["P3"], data, known, "cohort")
    assert (cohort.query, cohort.value.denominator) == ("?cohort=3#places", 6)


def test_the_gap_between_regions_compares_groups_of_five_and_more() -> None:
    a_region("region-north", answers=5, waits=0)
    a_region("region-south", answers=3, waits=3)
    a_region("region-small", answers=0, waits=1)
    found = {each.indicator.code: each for each in queries.disparities(timezone.localdate(), queries.places())}
    assert found["P3"].between_regions == 50
    assert found["PI4"].between_regions is None


# -- pages -------------------------------------------------------------------------------------------


def test_a_figure_opens_the_places_it_counts(client: Client) -> None:
    a_region("region-north", answers=3, waits=1)
    a_region("region-south", answers=1, waits=1)
    url = reverse("indicators:indicator", args=["P3"])
    every = client.get(url).context["lines"]
    north = client.get(url, {"region": "region-north"}).context["lines"]
    assert (len(every), len(north)) == (2, 1)
    place, value, link = north[0]
    assert (value.counted, link) == ("3 من 4", reverse("ideas:list", args=[place.slug]) + "?state=answered")


def test_the_page_takes_as_many_questions_for_30_places_as_for_one(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    answered(make.programme())
    url = reverse("indicators:indicator", args=["P3"])
    with django_assert_max_num_queries(15) as one:
        client.get(url)
    for _number in range(29):
        answered(make.programme())
    cache.clear()
    with django_assert_max_num_queries(len(one)):
        assert len(client.get(url).context["lines"]) == 30


def test_the_list_of_places_goes_on_where_it_ended(client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr("infitah.outlook.indicators.views.PAGE", 2)
    for _number in range(3):
        answered(make.programme())
    url = reverse("indicators:indicator", args=["P3"])
    first = client.get(url)
    second = client.get(url + first.context["next_url"].partition("#")[0])
    assert (len(first.context["lines"]), len(second.context["lines"])) == (2, 1)


def test_an_indicator_that_does_not_exist_is_not_found(client: Client) -> None:
    assert client.get(reverse("indicators:indicator", args=["Z9"])).status_code == 404


def test_the_online_share_stands_beside_the_census(client: Client) -> None:
    with translation.override("fr"):
        assert "59,6" in client.get(reverse("indicators:indicator", args=["P2"])).content.decode()


# -- snapshots ---------------------------------------------------------------------------------------


def test_a_day_is_kept_once_for_the_country_and_each_region() -> None:
    make.country()
    a_region("region-north", answers=3, waits=1)
    today = timezone.localdate()
    assert actions.snapshot(today) == 2 * len([each for each in INDICATORS if not each.is_personal])
    actions.snapshot(today)
    kept = Snapshot.objects.filter(code="P3", on=today)
    assert {(each.place.kind, each.numerator, each.denominator) for each in kept} == {
        (Territory.Kind.COUNTRY, 3, 4),
        (Territory.Kind.REGION, 3, 4),
    }


def test_the_past_is_told_as_it_was_kept_month_by_month(client: Client) -> None:
    country = make.country()
    for on, number in ((date(2026, 1, 10), 1), (date(2026, 1, 31), 2), (date(2026, 2, 28), 9)):
        Snapshot.objects.create(code="P3", place=country, on=on, numerator=number, denominator=10)
    assert [row.value.amount for row in queries.past(BY_CODE["P3"])] == [20, 90]
    with translation.override("en"):
        page = client.get(reverse("indicators:indicator", args=["P3"])).content.decode()
    assert "Over time" in page and "January 2026" in page
