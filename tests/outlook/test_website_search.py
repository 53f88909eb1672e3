import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from infitah.ground.accounts import actions as accounts
from infitah.ground.accounts.models import Contact, Person, Role
from infitah.ground.areas import actions as areas
from infitah.ground.discussion import actions as discussion
from infitah.ground.ledger import actions as ledger
from infitah.ground.moderation import actions as moderation
from infitah.journey.consultation import actions as consultation
from infitah.journey.evaluation import actions as evaluation
from infitah.journey.ideas import actions as ideas_actions
from infitah.journey.ideas.models import Idea
from infitah.journey.monitoring import actions as monitoring
from infitah.journey.projects import actions as projects_actions
from infitah.journey.projects.models import Project
from infitah.lib import text
from infitah.lib.i18n import Localized
from infitah.network.questions import actions as questions
from infitah.outlook.commitments import actions as commitments
from infitah.outlook.website import actions, queries
from infitah.outlook.website.models import Leaf
from tests import make, make_calls

pytestmark = pytest.mark.django_db


def found(typed: str, kind: str = "") -> dict[str, list[str]]:
    return {group.kind: [str(one.title) for one in group.results] for group in queries.search(typed, kind)}


def searchable(problem: str, **fields: Any) -> Any:
    idea = make.idea(problem=problem, solution=problem, **fields)
    ideas_actions.Idea.objects.filter(pk=idea.pk).update(**ideas_actions.worded(problem, problem))
    return idea


def test_ideas_are_found_in_any_spelling() -> None:
    searchable("إنارةُ الأزقّة")
    searchable("Éclairer la ruelle", visibility="hidden")
    assert found("انارة الازقه")["idea"] == ["إنارةُ الأزقّة"]
    assert "idea" not in found("eclairer")


def test_projects_and_activities_are_found_once_the_ledger_has_been_read() -> None:
    programme = make.programme()
    alice = make.focal_point(programme.place)
    title = Localized(ar="ميزانية المواطن", fr="Budget citoyen")
    project = projects_actions.draft(programme, by=alice, axis=programme.axes.get(number=1), title=title)
    actions.index()
    assert found("BUDGET")["project"] == found("ميزانيه")["project"] == ["ميزانية المواطن"]
    projects_actions.drop(project, by=alice, reason="Trop cher.")
    actions.index()
    assert "project" not in found("budget")


def test_a_project_is_found_by_its_policy_area_under_its_name_of_today() -> None:
    programme, national = make.programme(), make.holder("national", make.country())
    alice, area = make.focal_point(programme.place), areas.add(Localized(fr="Budgets ouverts"), by=national)
    title = Localized(fr="Les comptes de la ville")
    projects_actions.draft(programme, by=alice, title=title, policy_areas=[area])
    actions.index()
    assert found("budgets ouverts")["project"] == ["Les comptes de la ville"]
    areas.reword(area, by=national, name=Localized(fr="Transparence budgétaire"))
    actions.index()
    assert found("budgétaire")["project"] == ["Les comptes de la ville"] and "project" not in found("ouverts")


def test_evidence_declared_is_found_until_it_is_withdrawn(client: Client) -> None:
    place = make.member().place
    alice, declared = make.focal_point(place), make.declaration(place)
    ledger.record("evidence.declared", by=alice, on=declared, place=place)
    actions.index()
    (group,) = queries.search("citoyen")
    assert group.kind == "evidence" and client.get(group.results[0].url).status_code == 200
    commitments.withdraw(declared, by=alice, reason=Localized(fr="Remplacée."))
    actions.index()
    assert queries.search("citoyen") == []


def test_reading_the_ledger_again_changes_nothing() -> None:
    programme = make.programme()
    alice = make.focal_point(programme.place)
    projects_actions.draft(programme, by=alice, axis=None, title=Localized(fr="Budget citoyen"))
    actions.index()
    before = list(Leaf.objects.values_list("pk", "kind", "on_id"))
    actions.index()
    assert list(Leaf.objects.values_list("pk", "kind", "on_id")) == before


def test_places_are_found_before_all_else() -> None:
    make.place("ouezzane", name=Localized(ar="وزان", fr="Ouezzane"), search=text.fold("وزان Ouezzane"))
    searchable("طريق وزان")
    assert list(found("وزان")) == ["place", "idea"]


def test_all_of_one_kind_are_shown_page_by_page(client: Client) -> None:
    programme = make.programme()
    for number in range(25):
        searchable(f"الماء {number}", of=programme)
    url = reverse("website:search")
    first = client.get(url, {"q": "الماء", "kind": "idea"})
    second = client.get(url + first.context["next_url"])
    assert [len(each.context["groups"][0].results) for each in (first, second)] == [20, 5]
    assert first.context["groups"][0].total == 25


@pytest.mark.parametrize("typed", ["' OR 1=1 --", "&|!:*()", "٪", "a" * 100, "🙂", "\u202eabc"])
def test_anything_may_be_typed(client: Client, typed: str) -> None:
    assert client.get(reverse("website:search"), {"q": typed}).status_code == 200


def test_signs_without_a_word_find_nothing() -> None:
    searchable("طريق وزان")
    assert found("🙂") == found("؟!", "idea") == {}
    assert found("", "idea") == {"idea": ["طريق وزان"]}


def test_too_long_a_question_is_refused_in_words(client: Client) -> None:
    assert client.get(reverse("website:search"), {"q": "a" * 101}).status_code == 422


def test_places_that_only_look_like_the_words_come_after_what_has_them() -> None:
    make.place("anjra", name=Localized(ar="أنجرة", fr="Anjra"))
    searchable("إنارة الأزقة")
    groups = [group.kind for group in queries.search("إنارة")]
    assert groups[0] == "idea"
    assert next(group.kind for group in queries.search("أنجرة")) == "place"


# -- what people wrote ----------------------------------------------------------------------------------


def a_decision() -> tuple[Any, Any]:
    idea = make.idea()
    ideas_actions.decide(idea, by=make.focal_point(idea.place), outcome="outside", reason="زعفران من اختصاص العمالة.")
    return idea, idea


def a_reply() -> tuple[Any, Any]:
    opinion = make.opinion()
    by = make.focal_point(opinion.project.place)
    consultation.reply(opinion, by=by, is_taken_up=True, text="زعفران في السنة الأولى.")
    return opinion, opinion


def an_answer() -> tuple[Any, Any]:
    bob = make.focal_point(make.place())
    asked = {"key": uuid4(), "said": "زعفران مساء.", "language": "ary"}
    answer = questions.answer(make.question(), by=bob, **asked)
    return answer, answer


def an_answer_to_a_question_that_goes() -> tuple[Any, Any]:
    answer, _same = an_answer()
    return answer, answer.question


def an_opinion() -> tuple[Any, Any]:
    draft = make.draft()
    said = {"stance": "changes", "key": uuid4(), "text": "Des lampes", "wording": "zaâfrane", "language": "und"}
    opinion = consultation.give(draft, draft.programme.projects.get(), by=make.person(), **said)
    return opinion, opinion


def a_comment() -> tuple[Any, Any]:
    comment = discussion.say(make.idea(), by=make.person(), text="زعفران ديال بصح", language="ary")
    return comment, comment


def a_comment_on_an_idea_that_goes() -> tuple[Any, Any]:
    comment, _same = a_comment()
    return comment, Idea.objects.get(pk=comment.on_id)


def a_reply_to_a_comment_that_waits() -> tuple[Any, Any]:
    idea = make.idea()
    first = discussion.say(idea, by=make.person(), text="نعم", language="ar")
    return discussion.say(idea, by=make.person(), text="زعفران", language="ar", answers=first), first


def evidence() -> tuple[Any, Any]:
    activity = make.under_way()
    by = make.focal_point(activity.project.place)
    proof = monitoring.prove(activity, by=by, caption=Localized(fr="Zaafrane : photo"), link="https://example.org/")
    return proof, proof


def a_rating() -> tuple[Any, Any]:
    rating = monitoring.rate(make.under_way(), by=make.person(), completion="limited", text="زعفران قليل")
    return rating, rating


WORDS = {"an_opinion": "zaafrane", "evidence": "zaafrane"}


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        ("answer", a_decision),
        ("answer", a_reply),
        ("answer", an_answer),
        ("answer", an_answer_to_a_question_that_goes),
        ("opinion", an_opinion),
        ("opinion", a_comment),
        ("opinion", a_comment_on_an_idea_that_goes),
        ("opinion", a_reply_to_a_comment_that_waits),
        ("evidence", evidence),
        ("evidence", a_rating),
    ],
)
def test_what_people_wrote_is_found_where_it_stands_and_gone_the_moment_it_is_hidden(
    client: Client, kind: str, written: Any
) -> None:
    thing, hidden = written()
    word, judge = WORDS.get(written.__name__, "زعفران"), make.holder(Role.NATIONAL, make.country(), "Nadia")
    actions.index()
    (group,) = queries.search(word)
    (result,) = group.results
    address, _sign, part = result.url.partition("#")
    page = client.get(address)
    assert (group.kind, page.status_code) == (kind, 200)
    assert f'id="{part}"' in page.content.decode()
    moderation.hold(hidden, by=judge, ground="spam", reason="إشهار")
    assert queries.search(word) == []
    actions.index()
    assert queries.search(word) == []
    assert not Leaf.objects.filter(on_kind=thing._meta.label_lower, on_id=thing.pk).exists()
    moderation.restore(hidden, by=judge, reason="لا بأس")
    actions.index()
    assert [each.kind for each in queries.search(word)] == [kind]


def test_words_in_no_known_language_are_shown_as_they_were_written(client: Client) -> None:
    an_opinion()
    a_comment()
    actions.index()
    page = client.get("/fr/search/", {"q": "lampes"}).content.decode()
    assert '<span dir="auto">Des lampes</span>' in page
    page = client.get("/fr/search/", {"q": "ديال"}).content.decode()
    assert '<span lang="ary" dir="rtl">زعفران ديال بصح</span>' in page


def test_only_the_answer_that_holds_is_found_once_for_a_group() -> None:
    idea, _same = a_decision()
    make.idea(idea.programme, lead=idea, status="decided", outcome="outside", decided_at=timezone.now())
    by = make.focal_point(idea.place)
    actions.index()
    ideas_actions.decide(idea, by=by, outcome="not_kept", reason="كمون مكلف.")
    assert queries.search("زعفران") == []
    actions.index()
    assert queries.search("زعفران") == []
    assert found("كمون") == {"answer": [idea.solution]}


def test_what_its_author_took_back_or_replaced_is_found_no_more() -> None:
    comment, _same = a_comment()
    opinion, _same = an_opinion()
    answer, _same = an_answer()
    actions.index()
    assert [len(queries.search(word)) for word in ("زعفران", "zaafrane")] == [2, 1]
    discussion.retract(comment, by=comment.by)
    questions.retract_answer(answer, by=answer.by)
    said = {"stance": "agree", "key": uuid4(), "text": "Très bien"}
    consultation.give(opinion.draft, opinion.project, by=opinion.author, **said)
    assert queries.search("زعفران") == queries.search("zaafrane") == []


def test_reports_are_found_until_their_project_is_set_aside(client: Client) -> None:
    activity = make.under_way()
    by = make.focal_point(activity.project.place)
    monitoring.report(activity, by=by, status="under_way", text="زعفران وصل", language="ary")
    actions.index()
    (result,) = queries.search("زعفران")[0].results
    assert b'id="reports"' in client.get(result.url.partition("#")[0]).content
    Project.objects.update(status="dropped", dropped_reason="مكلف")
    assert queries.search("زعفران") == []


def test_the_explanations_of_an_evaluation_are_found_once_both_sides_have_filed(client: Client) -> None:
    programme = make.programme(status="adopted", opened="evaluation")
    sides = {"collectivity": make.focal_point(programme.place), "civil": make.seat(programme, "civil").person}
    for side, opened in evaluation.open(programme, by=sides["collectivity"]).items():
        for criterion in opened.grid.criteria.all():
            said = {"criterion": criterion, "rating": "limited", "explanation": "زعفران"}
            evaluation.answer(opened, by=sides[side], **said)
        actions.index()
        assert queries.search("زعفران") == []
        evaluation.file(opened, by=sides[side])
    actions.index()
    (group,) = queries.search("زعفران", "evidence")
    assert group.total == 2 * opened.grid.criteria.count()
    assert b'id="evaluation"' in client.get(group.results[0].url.partition("#")[0]).content


def test_what_was_said_of_an_activity_long_ago_is_found_and_read(client: Client) -> None:
    activity, by = make.under_way(), make.person()
    for number in range(60):
        text = "زعفران" if number < 2 else "كلام آخر"
        report = activity.reports.create(status="under_way", text=f"{text} {number}", by=by)
        rating = activity.ratings.create(side="citizen", completion="limited", text=f"{text} {number}", by=by)
    ledger.record("activity.reported", by=by, on=activity)
    actions.index()
    (group,) = queries.search("زعفران", "evidence")
    assert len(group.results) == 4
    for result in group.results:
        address, _mark, anchor = result.url.partition("#")
        assert f'id="{anchor}"' in client.get(address).content.decode()
    at = reverse("monitoring:activity", args=[activity.project.place.slug, activity.project.number, activity.number])
    page = client.get(at)
    shown = page.content.decode()
    assert f'id="report-{report.pk}"' in shown and f'id="rating-{rating.pk}"' in shown and "زعفران 1" not in shown
    further = client.get(at + page.context["more_reports"]).content.decode()
    assert "زعفران 0" in further and f'id="report-{report.pk}"' not in further
    assert "زعفران 0" in client.get(at + page.context["more_words"]).content.decode()


def test_comments_are_shown_page_by_page_without_those_hidden_since(client: Client) -> None:
    idea, by = make.idea(), make.person()
    said = [discussion.say(idea, by=by, text=f"زعفران {number}", language="ar") for number in range(22)]
    actions.index()
    discussion.retract(said[10], by=by)
    first = client.get(reverse("website:search"), {"q": "زعفران", "kind": "opinion"})
    second = client.get(reverse("website:search") + first.context["next_url"])
    groups = [each.context["groups"][0] for each in (first, second)]
    assert [(len(group.results), group.total) for group in groups] == [(20, 21), (1, 21)]
    assert groups[1].results[0].text == {"ar": "زعفران 0"}


def test_the_index_holds_nobody_and_nothing_of_it_changes_when_somebody_is_forgotten() -> None:
    comment, _same = a_comment()
    actions.index()
    assert not [each for each in Leaf._meta.get_fields() if each.related_model in {Person, Contact}]
    kept, name = json.dumps(list(Leaf.objects.values("title", "text", "address"))), str(comment.by)
    assert name not in kept
    accounts.erase(comment.by, by=comment.by)
    actions.index()
    assert json.dumps(list(Leaf.objects.values("title", "text", "address"))) == kept


@pytest.mark.parametrize("kind", ["answer", "opinion", "evidence"])
def test_all_that_is_found_of_a_kind_takes_as_many_questions_however_much_it_is(
    kind: str, django_assert_max_num_queries: Any
) -> None:
    several = [a_decision, a_comment, a_rating]
    for write in several:
        write()
    actions.index()
    with django_assert_max_num_queries(2) as one:
        assert queries.search("زعفران", kind)[0].total == 1
    for write in several * 4:
        write()
    actions.index()
    with django_assert_max_num_queries(len(one)):
        assert queries.search("زعفران", kind)[0].total == 5


def test_a_call_is_found_by_the_beginnings_of_its_words_only() -> None:
    make_calls.call(title=Localized(fr="Le réseau s’ouvre"))
    assert found("resea")["call"] == ["Le réseau s’ouvre"]
    assert "call" not in found("eau")
