"""What is counted, and what is not."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from infitah.ground.ledger import actions as ledger
from infitah.network.meetings.models import Meeting, Registration
from infitah.network.membership.models import Adhesion
from infitah.outlook.counts import queries as counts
from infitah.outlook.indicators import queries
from infitah.outlook.indicators.catalog import BY_CODE, SIGNS
from tests import make

pytestmark = pytest.mark.django_db


def told(code: str) -> queries.Value:
    cache.clear()
    indicator = BY_CODE[code]
    return queries.value(indicator, queries.read(indicator, timezone.localdate()), queries.places())


def test_members_who_left_are_not_counted() -> None:
    make.member()
    make.member(status="left")
    assert told("PI1").numerator == 1


def test_who_was_a_member_on_a_day_is_read_from_the_charters_signed_and_ended() -> None:
    make.member(make.place(), joined_on=date(2023, 1, 1))
    back = make.member(make.place(), joined_on=date(2025, 9, 1))
    ended = {"signed_on": date(2023, 1, 1), "ended_on": date(2024, 3, 1)}
    Adhesion.objects.create(member=back, charter=make.charter(), **ended)
    days = [date(2023, 12, 31), date(2024, 3, 1), date(2025, 12, 31)]
    assert [len(counts.members(day).by_place()) for day in days] == [2, 1, 2]
    assert [len(counts.new_members(day).by_place()) for day in days] == [2, 0, 1]


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


def test_support_of_long_ago_no_longer_counts_as_support() -> None:
    place, year_ago = make.member().place, timezone.now() - timedelta(days=370)
    make.meeting(place, kind="workshop", participants=20, starts_at=year_ago)
    make.mission(place, "ended", begun_at=year_ago, ended_at=year_ago)
    assert told("PI2").numerator == 0
    make.mission(make.member(make.place()).place, "running", begun_at=year_ago)  # it goes on
    assert told("PI2").numerator == 1


def test_openness_is_a_rule_where_three_of_six_signs_are_shown_and_each_is_named(client: Client) -> None:
    shows, falls_short = make.member(make.place()), make.member(make.place())
    for member in (shows, falls_short):
        make.focal_point(member.place)
        make.meeting(member.place, kind="committee")
    assert told("II1").numerator == 0
    make.declaration(shows.place, kind="annual", dated_on=timezone.localdate() - timedelta(days=30))
    make.declaration(falls_short.place, kind="annual", dated_on=timezone.localdate() - timedelta(days=400))
    assert (told("II1").numerator, told("II1").denominator, told("II1f").numerator) == (1, 2, 1)
    (line,) = client.get("/en/figures/II1/list/").context["lines"]
    assert line["place"].slug == shows.place.slug
    assert [str(sign) for sign in line["signs"]] == [str(BY_CODE[code].name) for code in ("II1b", "II1c", "II1f")]
    assert [sign.counts for sign in SIGNS] == counts.SIGNS


def test_a_plan_decided_elsewhere_is_no_openness_programme() -> None:
    plan = make.programme(status="adopted")
    vote = make.deliberation(plan, outcome="adopted", source="https://example.org/")
    vote.sitting.kind = "elsewhere"
    vote.sitting.save()
    make.programme()
    assert (told("PI3").numerator, told("PI3").denominator, told("E1").denominator) == (0, 1, 0)


def test_a_project_with_an_activity_that_nobody_can_see_proved_is_not_completed() -> None:
    activity = make.under_way(status="completed", ended_on=date(2026, 3, 1))
    make.proof(activity)
    other = make.activity(activity.project, status="completed", ended_on=date(2026, 3, 1))
    make.proof(other, visibility="hidden")
    assert told("II2").numerator == 0
    make.proof(other)
    assert told("II2").numerator == 1


def test_completed_projects_are_told_by_value_and_policy_area_and_each_part_opens_its_list(client: Client) -> None:
    area = make.area("Open Contracting")
    values = (["public_accountability", "technology"], ["public_accountability"], ["civic_participation"])
    for number, given in enumerate(values):
        project = make.project(make.programme(status="adopted"), activities=0, ogp_values=given)
        done = make.activity(project, status="completed", ended_on=date(2026, 3, 1))
        make.proof(done, visibility="shown" if number else "hidden")
        project.policy_areas.add(area)
    tables = dict(client.get("/en/figures/II2/").context["tables"])
    rows = {row["label"]: row for row in tables["By value of the Open Government Partnership"]}
    assert rows["Public accountability"]["number"] == "1 of 2"
    listed = client.get("/en/figures/II2/" + rows["Public accountability"]["url"])
    assert (listed.context["found"].total, listed.context["found"].others) == (1, 1)
    (row,) = tables["By policy area"]
    assert (str(row["label"]), row["number"]) == ("Open Contracting", "2 of 3")
    listed = client.get("/en/figures/II2/" + row["url"])
    assert listed.context["found"].total == 2 and "Open Contracting" in listed.context["where"]


def test_ogp_local_and_the_countrys_plan_are_known_by_the_numbers_of_projects() -> None:
    make.plan(reference="MO0065")
    for reference in ("MATET0003", "MO0065", ""):
        make.project(make.programme(status="adopted"), reference=reference)
    assert (told("II2a").numerator, told("II2b").numerator) == (1, 1)


def test_a_meeting_that_nobody_came_to_supports_nobody() -> None:
    make.meeting(make.member().place, kind="training")
    assert told("PI2").numerator == 0


def test_rural_participants_are_those_who_came_for_a_rural_commune_or_to_one() -> None:
    town, village = make.place(is_urban=True), make.place(is_urban=False)
    at_the_town, at_the_village = make.meeting(town), make.meeting(village)
    for _turn in range(6):
        came(at_the_town)
        came(at_the_town, collectivity=village)
        came(at_the_village)
    assert (told("P6c").numerator, told("P6c").denominator) == (12, 18)
