from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from infitah.ground.discussion.models import Comment
from infitah.ground.ledger import actions as ledger
from infitah.ground.territories.models import Territory
from infitah.journey.ideas import actions as ideas_actions
from infitah.journey.ideas import queries as ideas_queries
from infitah.journey.ideas.models import Idea, Tally
from infitah.journey.projects import actions as projects_actions
from infitah.lib import text
from infitah.lib.i18n import Localized
from infitah.outlook.commitments import actions as commitments
from infitah.outlook.website import actions, queries
from infitah.outlook.website.models import Leaf
from tests import make

pytestmark = pytest.mark.django_db


def home(client: Client) -> Any:
    answer = client.get(reverse("website:home"))
    assert answer.status_code == 200
    return answer


# -- the front ---------------------------------------------------------------------------------------


def test_the_front_page_works_on_a_fresh_house(client: Client) -> None:
    assert Territory.objects.count() == 0
    with translation.override("en"):
        assert "No collectivity has joined yet" in home(client).content.decode()


def test_the_bare_address_leads_to_the_language_of_the_reader(client: Client) -> None:
    assert client.get("/", headers={"accept-language": "fr"}).headers["Location"] == "/fr/"
    assert client.get("/", headers={"accept-language": "de"}).headers["Location"] == "/ar/"


def test_the_front_page_shows_what_is_open_and_what_has_been_answered(client: Client) -> None:
    place = make.place(name=Localized(ar="وزان"))
    programme = make.programme(place, opened="ideas")
    alice, idea = make.focal_point(place), make.idea(programme)
    ideas_actions.recount(place)
    ideas_actions.decide(idea, by=alice, outcome="outside", reason="من اختصاص العمالة.")
    answer = home(client)
    assert [phase.programme for phase, _left in answer.context["open_now"]] == [programme]
    assert "من اختصاص العمالة." in answer.content.decode()
    figures = answer.context["figures"]
    assert (figures.members, figures.ideas) == (1, 1)


def test_the_front_page_takes_as_many_questions_with_30_members_as_with_one(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    make.programme(opened="ideas")
    with django_assert_max_num_queries(17) as one:
        home(client)
    for _number in range(29):
        make.idea(make.programme(opened="ideas"))
    client.cookies["device"] = "so that nothing kept is served"
    with django_assert_max_num_queries(len(one)):
        home(client)


# -- search ------------------------------------------------------------------------------------------


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


# -- for machines, and what stays --------------------------------------------------------------------


@pytest.mark.parametrize("name", ["about", "legal", "accessibility"])
def test_the_pages_that_stay_are_there_in_every_language(client: Client, name: str) -> None:
    for language in ("ar", "fr", "en", "zgh"):
        with translation.override(language):
            assert client.get(reverse(f"website:{name}")).status_code == 200


def test_the_site_map_names_members_and_robots_name_the_site_map(client: Client) -> None:
    place = make.place("martil")
    make.member(place)
    assert "/fr/c/martil/</loc>" in client.get("/sitemap.xml").content.decode()
    assert "/sitemap.xml" in client.get("/robots.txt").content.decode()


def test_cohorts_are_counted_never_typed(client: Client) -> None:
    make.member()
    make.member(make.place(kind="region"))
    make.member(status="left")
    make.member(status="admitted")
    (cohort,) = client.get(reverse("website:about")).context["cohorts"]
    assert (cohort.size, cohort.region, cohort.commune) == (2, 1, 1)


def test_places_that_only_look_like_the_words_come_after_what_has_them() -> None:
    make.place("anjra", name=Localized(ar="أنجرة", fr="Anjra"))
    searchable("إنارة الأزقة")
    groups = [group.kind for group in queries.search("إنارة")]
    assert groups[0] == "idea"
    assert next(group.kind for group in queries.search("أنجرة")) == "place"


def test_the_front_page_tells_of_the_open_call_and_the_next_meeting_of_the_network(client: Client) -> None:
    make.meeting(make.country(), title=Localized(ar="لقاء الأعضاء"), starts_at=timezone.now() + timedelta(days=3))
    make.meeting(title=Localized(ar="لقاء محلي"), starts_at=timezone.now() + timedelta(days=2))
    page = client.get("/ar/").content.decode()
    assert "لقاء الأعضاء" in page and "لقاء محلي" not in page


# -- counts ------------------------------------------------------------------------------------------


def test_every_count_that_differs_from_what_it_counts_is_put_right_by_a_command() -> None:
    idea = make.idea()
    ideas_actions.recount(idea.place)
    Comment.objects.create(on_kind="ideas.idea", on_id=idea.pk, text="نعم نعم", by=make.person())
    Tally.objects.update(public=99)
    Idea.objects.update(support_count=7)
    call_command("recount", stdout=StringIO())
    idea.refresh_from_db()
    assert (ideas_queries.tally(idea.place).public, idea.support_count, idea.comment_count) == (1, 0, 1)
