from datetime import datetime, timedelta

import pytest
from django.utils import timezone, translation

from infitah.journey.programmes import queries
from infitah.journey.programmes.models import Phase, Seat
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
