from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

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
    for _click in range(2):
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


# -- pages -------------------------------------------------------------------------------------


def test_both_sides_answer_and_file_through_pages(sign_in: Any, client: Client) -> None:
    programme, people = two_sides()
    base = f"/ar/c/{programme.place.slug}/evaluation/"
    assert sign_in(people[CIVIL]).post(f"{base}open/").status_code == 303
    for side, words in ((CIVIL, "كلام المجتمع المدني"), (COLLECTIVITY, "كلام الجماعة")):
        browser = sign_in(people[side])
        for number in range(1, 13):
            given = {"rating": "limited", "explanation": words, "file": SimpleUploadedFile("x.pdf", make.PDF)}
            assert browser.post(f"{base}answers/{number}/", given).status_code == 303
        shown = client.get(base).content.decode()
        assert words not in shown
        assert browser.post(f"{base}file/").status_code == 303
    shown = client.get(base).content.decode()
    assert "كلام المجتمع المدني" in shown
    assert "كلام الجماعة" in shown


def test_the_figures_of_a_published_evaluation_open_the_questions_they_count(client: Client) -> None:
    programme, people = two_sides()
    opened = actions.open(programme, by=people[CIVIL])
    for side in (CIVIL, COLLECTIVITY):
        answer_all(opened[side], people[side])
        first = opened[side].grid.criteria.all()[0]
        given = {"rating": "complete" if side == CIVIL else "limited", "explanation": "شرح"}
        actions.answer(opened[side], by=people[side], criterion=first, **given)
        actions.file(opened[side], by=people[side])
    page = f"/ar/c/{programme.place.slug}/evaluation/"
    assert (client.get(page).context["lines"], client.get(page).context["apart"]) == (12, 1)
    for query, number in (("", 12), ("?apart", 1)):
        assert client.get(page + query).content.decode().count('id="criterion-') == number


def test_the_file_of_an_answer_is_seen_by_its_side_only_until_both_are_published(sign_in: Any, client: Client) -> None:
    programme, people = two_sides()
    mine = actions.open(programme, by=people[CIVIL])[CIVIL]
    criterion = mine.grid.criteria.all()[0]
    common: dict[str, Any] = {"by": people[CIVIL], "criterion": criterion, "rating": "limited", "explanation": "x"}
    answer = actions.answer(mine, file=make.upload(), **common)
    address = f"/ar/c/{programme.place.slug}/evaluation/evidence/{answer.pk}/"
    assert client.get(address).status_code == 404
    assert sign_in(people[COLLECTIVITY]).get(address).status_code == 404
    assert b"".join(sign_in(people[CIVIL]).get(address).streaming_content) == make.PDF
    assert client.get(f"/files/{answer.file.name}").status_code == 404


def test_a_side_reads_only_its_own_answers(sign_in: Any) -> None:
    programme, people = two_sides()
    opened = actions.open(programme, by=people[CIVIL])
    for side in (CIVIL, COLLECTIVITY):
        criterion = opened[side].grid.criteria.all()[0]
        actions.answer(opened[side], by=people[side], criterion=criterion, rating="limited", explanation=f"of {side}")
    shown = sign_in(people[CIVIL]).get(f"/ar/c/{programme.place.slug}/evaluation/answers/").content.decode()
    assert "of civil" in shown
    assert "of collectivity" not in shown


def test_an_answer_without_words_or_with_a_program_comes_back(sign_in: Any) -> None:
    programme, people = two_sides()
    actions.open(programme, by=people[CIVIL])
    address = f"/ar/c/{programme.place.slug}/evaluation/answers/1/"
    wrong = [{"rating": "limited"}, {"rating": "x", "explanation": "x"}]
    wrong += [{"rating": "limited", "explanation": "x", "file": SimpleUploadedFile("x.pdf", b"MZ\x90\x00")}]
    browser = sign_in(people[CIVIL])
    assert [browser.post(address, given).status_code for given in wrong] == [422, 422, 422]


def test_one_question_is_open_at_a_time_the_next_or_the_refused_one(sign_in: Any) -> None:
    programme, people = two_sides()
    mine = actions.open(programme, by=people[CIVIL])[CIVIL]
    first = mine.grid.criteria.all()[0]
    actions.answer(mine, by=people[CIVIL], criterion=first, rating="limited", explanation="شرح")
    browser, base = sign_in(people[CIVIL]), f"/ar/c/{programme.place.slug}/evaluation/answers/"
    for answer, number in ((browser.get(base), 2), (browser.post(f"{base}5/", {"rating": "limited"}), 5)):
        assert [row["criterion"].number for row in answer.context["rows"] if row.get("is_open")] == [number]


def test_filing_by_halves_is_refused_with_a_sentence(sign_in: Any) -> None:
    programme, people = two_sides()
    actions.open(programme, by=people[CIVIL])
    answer = sign_in(people[CIVIL]).post(f"/ar/c/{programme.place.slug}/evaluation/file/")
    assert (answer.status_code, "12 سؤالا" in answer.content.decode()) == (409, True)
