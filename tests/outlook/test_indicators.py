from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache, caches
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from infitah.ground.territories.models import Territory
from infitah.journey.programmes.models import Programme
from infitah.network.meetings.models import Headcount, Meeting, Registration
from infitah.outlook.indicators import actions, queries
from infitah.outlook.indicators.catalog import BY_CODE, INDICATORS
from infitah.outlook.indicators.models import Snapshot
from infitah.outlook.sentences.queries import SENTENCES
from tests import make

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=40)


def forget() -> None:
    """Nothing is kept, neither figures nor pages."""
    for kept in caches.all():
        kept.clear()


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


def test_an_empty_register_gives_no_figure_and_no_fault() -> None:
    for indicator in INDICATORS:
        assert told(indicator.code).told in {"–", "0 على 0", "0 من 0", "0"}


def came(meeting: Meeting, **declared: Any) -> None:
    at = {"status": "confirmed", "checked_in_at": timezone.now()}
    Registration.objects.create(meeting=meeting, code=uuid4().hex[:8], key=uuid4(), **{**at, **declared})


def test_each_figure_names_records_that_the_ledger_keeps() -> None:
    assert {indicator.source for indicator in INDICATORS} <= SENTENCES.keys()


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
    assert (value.counted, link) == ("3 من 4", reverse("indicators:records", args=["P3"]) + f"?place={place.slug}")


def test_the_page_takes_as_many_questions_for_30_places_as_for_one(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    answered(make.programme())
    url = reverse("indicators:indicator", args=["P3"])
    with django_assert_max_num_queries(15) as one:
        client.get(url)
    for _number in range(29):
        answered(make.programme())
    forget()
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


def test_an_indicator_that_does_not_exist_is_not_found_nor_are_lists_of_people(client: Client) -> None:
    assert client.get(reverse("indicators:indicator", args=["Z9"])).status_code == 404
    for code in ("Z9", "P6a"):
        assert client.get(reverse("indicators:records", args=[code])).status_code == 404


def test_what_a_figure_leaves_out_is_listed_beside_what_it_counts(client: Client) -> None:
    programme = make.programme()
    for _turn in range(3):
        answered(programme)
    waiting(programme)
    url = reverse("indicators:records", args=["P3"])
    counted = client.get(url)
    left_out = client.get(url + counted.context["others_url"])
    assert [(each.context["found"].total, each.context["found"].others) for each in (counted, left_out)] == [
        (3, 1),
        (1, 3),
    ]


def test_a_list_of_records_turns_its_pages_at_the_same_cost(
    client: Client, monkeypatch: Any, django_assert_max_num_queries: Any
) -> None:
    programme, url = make.programme(), reverse("indicators:records", args=["P3"])
    answered(programme)
    with django_assert_max_num_queries(15) as few:
        client.get(url)
    for _turn in range(30):
        answered(programme)
    forget()
    with django_assert_max_num_queries(len(few)):
        assert len(client.get(url).context["lines"]) == 31
    monkeypatch.setattr("infitah.outlook.indicators.queries.PAGE", 20)
    forget()
    first = client.get(url)
    assert (len(first.context["lines"]), len(client.get(url + first.context["next_url"]).context["lines"])) == (20, 11)


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
