from collections.abc import Callable
from typing import Any

import pytest

from infitah.ground.accounts.models import Person
from infitah.journey.evaluation import actions, queries, rules
from infitah.journey.evaluation.models import Answer, Evaluation
from infitah.journey.programmes.models import Programme
from infitah.lib.errors import NotAllowed, NotPossible
from tests import make

pytestmark = pytest.mark.django_db
COLLECTIVITY, CIVIL = Evaluation.Side.COLLECTIVITY.value, Evaluation.Side.CIVIL.value


def two_sides() -> tuple[Programme, dict[str, Person]]:
    programme = make.programme(status="adopted", opened="evaluation")
    member = make.seat(programme, "civil").person
    assert member
    return programme, {COLLECTIVITY: make.focal_point(programme.place), CIVIL: member}


def answer_all(evaluation: Evaluation, by: Person, rating: str = "limited") -> None:
    for criterion in evaluation.grid.criteria.all():
        actions.answer(evaluation, by=by, criterion=criterion, rating=rating, explanation="شرح")


def test_the_first_grid_has_eight_blocks_in_three_languages() -> None:
    grid = queries.grid_in_force()
    assert grid
    criteria = list(grid.criteria.all())
    assert len({each.block["fr"] for each in criteria}) == 8
    assert all({"ar", "fr", "en"} <= set(each.question) & set(each.block) for each in criteria)


def test_either_side_opens_the_same_grid_to_both_once() -> None:
    programme, people = two_sides()
    opened = actions.open(programme, by=people[CIVIL])
    again = actions.open(programme, by=people[COLLECTIVITY])
    assert {each.pk for each in opened.values()} == {each.pk for each in again.values()}
    assert len({each.grid_id for each in again.values()}) == 1


def test_strangers_do_not_open_an_evaluation() -> None:
    programme, _people = two_sides()
    for who in (make.person(), make.seat(programme, "elected").person, make.focal_point(make.place())):
        assert who
        with pytest.raises(NotAllowed):
            actions.open(programme, by=who)


def test_nothing_is_evaluated_before_its_phase() -> None:
    programme = make.programme(status="adopted")
    make.phase(programme, "evaluation", days_ago=-5, days_left=20)
    with pytest.raises(NotPossible):
        actions.open(programme, by=make.focal_point(programme.place))


def test_neither_side_sees_or_answers_for_the_other_before_both_have_filed() -> None:
    programme, people = two_sides()
    opened = actions.open(programme, by=people[CIVIL])
    assert not rules.can_see(people[CIVIL], opened[COLLECTIVITY])
    assert not rules.can_see(None, opened[CIVIL])
    assert rules.can_see(people[CIVIL], opened[CIVIL])
    with pytest.raises(NotAllowed):
        answer_all(opened[COLLECTIVITY], people[CIVIL])


def test_an_answer_given_again_replaces_the_first_and_keeps_its_file() -> None:
    programme, people = two_sides()
    mine = actions.open(programme, by=people[CIVIL])[CIVIL]
    criterion = mine.grid.criteria.first()
    assert criterion
    common: dict[str, Any] = {"by": people[CIVIL], "criterion": criterion, "explanation": "شرح"}
    actions.answer(mine, rating="limited", file=make.upload(), **common)
    given = actions.answer(mine, rating="complete", **common)
    assert (Answer.objects.count(), given.rating) == (1, "complete")
    assert len(given.file_sha256) == 64


def test_a_rating_comes_with_its_explanation() -> None:
    programme, people = two_sides()
    mine = actions.open(programme, by=people[CIVIL])[CIVIL]
    with pytest.raises(NotPossible):
        actions.answer(mine, by=people[CIVIL], criterion=mine.grid.criteria.all()[0], rating="limited", explanation=" ")


def test_nothing_is_filed_by_halves_nor_changed_once_filed() -> None:
    programme, people = two_sides()
    mine = actions.open(programme, by=people[CIVIL])[CIVIL]
    with pytest.raises(NotPossible):
        actions.file(mine, by=people[CIVIL])
    answer_all(mine, people[CIVIL])
    actions.file(mine, by=people[CIVIL])
    with pytest.raises(NotPossible):
        answer_all(mine, people[CIVIL])


def test_both_sides_are_published_together_with_the_gap_never_averaged(ledger: Callable[..., list[Any]]) -> None:
    programme, people = two_sides()
    opened = actions.open(programme, by=people[CIVIL])
    for side, rating in ((CIVIL, "limited"), (COLLECTIVITY, "complete")):
        assert queries.published(programme) == []
        answer_all(opened[side], people[side], rating)
        actions.file(opened[side], by=people[side])
    found = queries.published(programme)
    assert [line.gap for line in found] == [2] * 12
    programme.refresh_from_db()
    assert programme.status == Programme.Status.EVALUATED
    assert ledger()[-1] == "evaluation.published"
    assert [len(group) for _block, group in queries.by_block(found)] == [2, 2, 1, 1, 2, 1, 2, 1]


def test_the_result_takes_three_queries(django_assert_num_queries: Any) -> None:
    programme, people = two_sides()
    opened = actions.open(programme, by=people[CIVIL])
    for side in (CIVIL, COLLECTIVITY):
        answer_all(opened[side], people[side])
        actions.file(opened[side], by=people[side])
    with django_assert_num_queries(3):
        queries.published(programme)
