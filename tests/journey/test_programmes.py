from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from infitah.journey.programmes import actions, queries, rules
from infitah.journey.programmes.models import Cycle, Phase, Seat
from infitah.lib.errors import NotAllowed, NotPossible
from infitah.lib.i18n import Localized
from tests import make

pytestmark = pytest.mark.django_db


def states(programme: object) -> list[str]:
    return [step.state for step in queries.timeline(programme)]  # type: ignore[arg-type]


def test_the_timeline_has_one_now_the_first_phase_that_is_open() -> None:
    programme = make.programme()
    make.phase(programme, "ideas", days_ago=20, days_left=-10)
    make.phase(programme, "analysis")
    make.phase(programme, "consultation")
    make.phase(programme, "council", days_ago=-10, days_left=20)
    assert states(programme) == ["done", "done", "now", "next", "next", "next", "next"]


def test_between_two_phases_nothing_is_now() -> None:
    programme = make.programme()
    make.phase(programme, "ideas", days_ago=20, days_left=-10)
    assert states(programme) == ["done", "done", "next", "next", "next", "next", "next"]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("drafting", ["done", "done", "done", "now", "next", "next", "next"]),
        ("consulted", ["done", "done", "done", "done", "now", "next", "next"]),
        ("postponed", ["done", "done", "done", "done", "now", "next", "next"]),
        ("rejected", ["done", "done", "done", "done", "now", "next", "next"]),
        ("adopted", ["done", "done", "done", "done", "done", "done", "now"]),
        ("evaluated", ["done"] * 7),
    ],
)
def test_days_that_have_passed_finish_nothing_that_was_not_done(status: str, expected: list[str]) -> None:
    programme = make.programme(status=status)
    for kind in Phase.Kind:
        make.phase(programme, kind, days_ago=20, days_left=-10)
    assert states(programme) == expected


def test_a_phase_is_open_from_its_first_moment_until_and_not_at_its_last() -> None:
    phase = make.phase(make.programme(), "ideas")
    opens, closes = phase.opens_at, phase.closes_at
    assert opens and closes
    assert [phase.is_open(at) for at in (opens, closes - timedelta(seconds=1), closes)] == [True, True, False]
    assert phase.is_over(closes)


def test_the_timeline_says_when_in_the_words_of_the_reader() -> None:
    programme = make.programme()
    phase = make.phase(programme, "ideas", days_ago=0, days_left=10)
    phase.closes_at = timezone.make_aware(datetime(2999, 6, 28))
    phase.planned_until = phase.closes_at.date()
    with translation.override("fr"):
        assert queries.note_of(phase, "next").endswith("-2999")
        phase.opens_at = phase.closes_at - timedelta(days=9)
        assert queries.note_of(phase, "now") == "jusqu’au 27\u00a0juin\u00a02999"
        assert queries.note_of(phase, "next") == "juin\u00a02999"


def test_the_timeline_asks_the_database_once(django_assert_num_queries: object) -> None:
    programme = make.programme()
    for kind in Phase.Kind:
        make.phase(programme, kind)
    with django_assert_num_queries(1):  # type: ignore[operator]
        queries.timeline(programme)


def test_parity_is_told_in_counts_of_those_who_said_so() -> None:
    programme = make.programme()
    for side, gender in [("elected", "woman"), ("civil", "man"), ("civil", "")]:
        seat = make.seat(programme, side)
        Seat.objects.filter(pk=seat.pk).update(gender=gender)
    counts = queries.composition(queries.seated(programme))
    assert counts == {"elected": 1, "civil": 2, "administration": 0, "woman": 1, "man": 1}


# -- pages -------------------------------------------------------------------------------------


def test_a_focal_point_begins_words_plans_and_seats_through_pages(
    sign_in: Any, ledger: Callable[..., list[Any]]
) -> None:
    member = make.member()
    place = member.place
    cycle = Cycle.objects.create(
        cohort=member.cohort, name=Localized(fr="2026"), starts_on=date(2026, 1, 1), ends_on=date(2028, 1, 1)
    )
    browser, base = sign_in(make.focal_point(place)), f"/ar/c/{place.slug}/programme/setup/"
    begun = {"cycle": cycle.pk, "title_ar": "برنامج الانفتاح", "title_fr": "Programme d’ouverture"}
    assert [browser.post(base, begun).status_code for _click in range(2)] == [303, 409]
    for _twice in range(2):
        assert browser.post(f"{base}axes/", {"axis_1_ar": "الرقمنة", "axis_2_ar": "المشاركة"}).status_code == 303
    days = {"ideas_from": "2026-02-01", "ideas_until": "2026-03-01"}
    assert browser.post(f"{base}phases/", days).status_code == 303
    moments = {"opens_at": "2026-02-03T08:00", "closes_at": "2026-03-05T18:00", "reason": "عطلة"}
    assert browser.post(f"{base}phases/ideas/", moments).status_code == 303
    for _twice in range(2):
        assert browser.post(f"{base}committee/", {"set_up_on": "2026-01-05"}).status_code == 303
    seat = {
        "side": "civil",
        "name": "سعاد",
        "function_ar": "رئيسة",
        "since": "2026-01-05",
        "email": "souad@example.org",
    }
    for _twice in range(2):
        assert browser.post(f"{base}committee/seats/", seat).status_code == 303
    given = Seat.objects.get()
    assert given.person and given.person.email == "souad@example.org"
    for _twice in range(2):
        assert browser.post(f"{base}committee/seats/{given.pk}/end/", {"until": "2026-02-01"}).status_code == 303
    told = ["programme.prepared", "axes.worded", "phase.scheduled", "phase.shifted", "committee.set_up", "seat.given"]
    assert ledger() == [*told, "seat.ended"]
    assert "عطلة" in browser.get(f"{base}phases/").content.decode()


@pytest.mark.parametrize(
    ("part", "wrong"),
    [
        ("axes", {"axis_1_ar": "", "axis_2_ar": "x"}),
        ("phases", {"ideas_from": "2026-03-01", "ideas_until": "2026-02-01"}),
        ("phases", {"ideas_from": "2026-03-01"}),
        ("phases", {"ideas_from": "2026-03-01", "ideas_until": "2026-03-02", "axes_from": "2026-04-01"}),
        ("phases", {"ideas_from": "2026-03-01", "ideas_until": "9999-12-31"}),
        ("phases", {"ideas_from": "0026-03-01", "ideas_until": "2026-03-02"}),
        ("committee", {"set_up_on": "2090-01-01"}),
    ],
)
def test_a_form_that_makes_no_sense_is_shown_again(part: str, wrong: dict[str, str], sign_in: Any) -> None:
    programme = make.programme()
    browser = sign_in(make.focal_point(programme.place))
    answer = browser.post(f"/ar/c/{programme.place.slug}/programme/setup/{part}/", wrong)
    assert answer.status_code == 422


def test_days_stay_as_planned_when_moments_move() -> None:
    programme = make.programme()
    phase = make.phase(programme, "ideas")
    by = make.focal_point(programme.place)
    moved = actions.shift(phase, by=by, opens_at=timezone.now(), closes_at=None, reason="x")
    assert (moved.planned_from, moved.planned_until) == (phase.planned_from, phase.planned_until)
    with pytest.raises(NotPossible):
        actions.shift(phase, by=by, opens_at=timezone.now(), closes_at=None, reason=" ")


def test_the_planned_days_of_a_phase_that_has_begun_are_not_planned_anew(sign_in: Any) -> None:
    programme = make.programme(opened="ideas")
    planned = programme.phases.values_list("planned_from", "planned_until").get()
    by, days = make.focal_point(programme.place), {"planned_from": date(2026, 1, 1), "planned_until": date(2026, 1, 2)}
    with pytest.raises(NotPossible):
        actions.schedule(programme, "ideas", by=by, **days)
    address = f"/ar/c/{programme.place.slug}/programme/setup/phases/"
    sent = {
        "ideas_from": "2026-01-01",
        "ideas_until": "2026-01-02",
        "council_from": "2090-01-01",
        "council_until": "2090-01-02",
    }
    assert sign_in(by).post(address, sent).status_code == 303
    assert programme.phases.values_list("planned_from", "planned_until").get(kind="ideas") == planned
    assert programme.phases.filter(kind="council").exists()


def test_who_sits_on_the_committee_does_so_from_the_first_day_until_and_not_on_the_last() -> None:
    programme, today = make.programme(), timezone.localdate()
    alice = make.person()
    seat = make.seat(programme, who=alice)
    for since, until, does in [(0, None, True), (1, None, False), (-9, 0, False), (-9, 1, True)]:
        ends = None if until is None else today + timedelta(days=until)
        Seat.objects.filter(pk=seat.pk).update(since=today + timedelta(days=since), until=ends)
        assert (rules.sits(alice, programme), bool(queries.seated(programme))) == (does, does)


def test_gender_is_never_shown_beside_a_name(client: Client) -> None:
    programme = make.programme()
    seat = make.seat(programme)
    Seat.objects.filter(pk=seat.pk).update(gender="woman")
    shown = client.get(f"/ar/c/{programme.place.slug}/committee/").content.decode()
    assert seat.name in shown
    assert "امرأة" not in shown


def test_an_axis_is_reworded_never_removed() -> None:
    programme = make.programme()
    with pytest.raises(NotPossible):
        actions.word_axes(programme, by=make.focal_point(programme.place), names=[Localized(ar="x")])


def test_of_two_who_word_the_axes_at_once_the_second_reads_what_the_first_wrote(sign_in: Any) -> None:
    programme = make.programme()
    browser = sign_in(make.focal_point(programme.place))
    address = f"/ar/c/{programme.place.slug}/programme/setup/axes/"
    form = browser.get(address).context["form"]
    sent = {f"axis_{axis.number}_ar": str(axis.name) for axis in programme.axes.all()} | {"seen": form["seen"].value()}
    for _click in range(2):
        assert browser.post(address, {**sent, "axis_1_ar": "الأول"}).status_code == 303
    late = browser.post(address, {**sent, "axis_1_ar": "الثاني"})
    assert (late.status_code, str(programme.axes.get(number=1))) == (409, "الأول")
    shown = late.content.decode()
    assert 'value="الثاني"' in shown and f'href="{address}" target="_blank"' in shown
    meant = {**sent, "axis_1_ar": "الثاني", "seen": late.context["form"]["seen"].value()}
    assert browser.post(address, meant).status_code == 303
    assert str(programme.axes.get(number=1)) == "الثاني"


def test_only_who_runs_the_programme_sets_it_up() -> None:
    programme = make.programme()
    for who in (make.person(), make.focal_point(make.place()), make.holder("national", make.country())):
        with pytest.raises(NotAllowed):
            actions.set_up_committee(programme, by=who, set_up_on=date(2026, 1, 1))


def test_an_adopted_programme_is_closed_by_who_runs_it_and_then_evaluated(sign_in: Any) -> None:
    programme = make.programme(status="adopted")
    browser = sign_in(make.focal_point(programme.place))
    assert browser.post(f"/ar/c/{programme.place.slug}/programme/setup/close/").status_code == 303
    programme.refresh_from_db()
    assert programme.status == "closed"


def test_only_the_cycle_to_come_is_offered_to_begin() -> None:
    running = make.programme()
    for year in (running.cycle.starts_on.year - 3, 2090):
        years = {"starts_on": date(year, 1, 1), "ends_on": date(year + 2, 12, 31)}
        Cycle.objects.create(cohort=running.cycle.cohort, name=Localized(fr=f"{year}"), **years)
    assert [cycle.starts_on.year for cycle in queries.cycles_to_begin(running.place)] == [2090]
