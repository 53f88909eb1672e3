from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from infitah.ground.accounts.models import Person
from infitah.journey.ideas.models import Idea
from infitah.journey.programmes.models import Programme
from infitah.journey.projects.models import Project
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme() -> Programme:
    return make.programme(make.place("tetouan"))


@pytest.fixture
def alice(programme: Programme) -> Person:
    return make.focal_point(programme.place)


@pytest.fixture
def desk(sign_in: Any, alice: Person) -> Any:
    return sign_in(alice)


def at(name: str, *parts: Any) -> str:
    return reverse(f"projects:{name}", args=["tetouan", *parts])


def sheet(rows: list[dict[str, Any]], initial: int = 0) -> dict[str, Any]:
    """A sheet of rows as a desk sends it."""
    sent: dict[str, Any] = {"row-TOTAL_FORMS": len(rows), "row-INITIAL_FORMS": initial}
    return sent | {f"row-{number}-{name}": value for number, row in enumerate(rows) for name, value in row.items()}


def row(title: str = "كتابة الدليل", **fields: Any) -> dict[str, Any]:
    return {"title_ar": title, "planned_from": "2026-01-05", "planned_until": "2026-03-31", **fields}


def test_ideas_ticked_are_kept_in_the_project_chosen(desk: Any, programme: Programme) -> None:
    ideas = [make.idea(programme), make.idea(programme)]
    project = make.project(programme)
    shown = desk.get(at("board")).content.decode()
    assert str(project.title) in shown and ideas[0].solution in shown
    sent = {"ideas": [idea.pk for idea in ideas], "outcome": f"kept:{project.number}"}
    answer = desk.post(at("answer"), sent)
    assert (answer.status_code, project.sources.count()) == (303, 2)


def test_ideas_set_aside_need_a_reason_and_nothing_typed_is_lost(desk: Any, programme: Programme) -> None:
    idea = make.idea(programme)
    answer = desk.post(at("answer"), {"ideas": [idea.pk], "outcome": "outside"})
    shown = answer.content.decode()
    assert answer.status_code == 422 and f'id="idea-{idea.pk}" checked' in shown
    assert '<option value="outside" selected>' in shown
    desk.post(at("answer"), {"ideas": [idea.pk], "outcome": "outside", "reason": "من اختصاص العمالة"})
    desk.post(at("answer"), {"ideas": [idea.pk], "outcome": "outside", "reason": "من اختصاص العمالة"})  # a second click
    idea.refresh_from_db()
    assert (idea.outcome, idea.decisions.get().language) == ("outside", "ar")


def test_ideas_that_say_the_same_are_grouped_under_the_most_supported(desk: Any, programme: Programme) -> None:
    few, many = make.idea(programme), make.idea(programme, support_count=9)
    assert desk.post(at("answer"), {"ideas": [few.pk], "outcome": "group"}).status_code == 422
    desk.post(at("answer"), {"ideas": [few.pk, many.pk], "outcome": "group"})
    few.refresh_from_db()
    assert few.lead == many


def test_a_project_made_from_ideas_begins_with_their_words(desk: Any, programme: Programme) -> None:
    ideas = [
        make.idea(programme, solution="نشر الميزانية"),
        make.idea(programme, solution="Un budget lisible", language="fr"),
    ]
    answer = desk.post(at("answer"), {"ideas": [idea.pk for idea in ideas], "outcome": "new", "reason": "طلب قديم"})
    shown = desk.get(answer.url).content.decode()
    assert all(f"{words}</textarea>" in shown for words in ("نشر الميزانية", "Un budget lisible", "طلب قديم"))
    sent = {"key": uuid4(), "title_ar": "ميزانية مفهومة", "ideas": [idea.pk for idea in ideas], "reason": "طلب قديم"}
    for _ in range(2):
        assert desk.post(answer.url, sent).status_code == 303
    project = Project.objects.get()
    assert project.sources.count() == 2 and Idea.objects.filter(outcome="kept").count() == 2
    assert {decision.reason for idea in ideas for decision in idea.decisions.all()} == {"طلب قديم"}


@pytest.mark.parametrize("reason", ["", "👎", "\u202e\u200b"])
def test_a_reason_that_nobody_could_read_answers_no_idea(desk: Any, programme: Programme, reason: str) -> None:
    idea, project = make.idea(programme), make.project(programme)
    sent = {"ideas": [idea.pk], "outcome": "outside", "reason": reason}
    assert desk.post(at("answer"), sent).status_code == 422
    assert desk.post(at("drop", project.number), {"reason": reason}).status_code == 422
    assert not idea.decisions.exists() and Project.objects.get().status == "draft"


def test_a_refused_project_keeps_what_was_typed(desk: Any, programme: Programme) -> None:
    sent = {"title_fr": "", "problem_ar": "مشكل النظافة", "ogp_values": ["technology"]}
    answer = desk.post(at("draft"), sent)
    assert answer.status_code == 422 and "مشكل النظافة</textarea>" in answer.content.decode()
    assert not Project.objects.exists()


def test_a_project_is_rewritten_section_by_section(desk: Any, programme: Programme) -> None:
    project = make.project(programme)
    assert str(project.title) in desk.get(at("redraft", project.number)).content.decode()
    sent = {"key": uuid4(), "title_fr": "Autre titre", "budget": "12000", "themes": [1, 2], "starts_on": "2026-01-01"}
    assert desk.post(at("redraft", project.number), sent).status_code == 303
    project.refresh_from_db()
    assert (project.title, project.budget, project.themes.count()) == ({"fr": "Autre titre"}, 12000, 2)


def test_a_sheet_of_activities_is_kept_row_by_row(desk: Any, programme: Programme) -> None:
    project = make.project(programme, activities=0)
    first = sheet([row("الأول"), row("الثاني", owner_ar="مصلحة الإعلاميات"), {}, {}])
    on = desk.post(at("plan", project.number), {**first, "more": "1"}).url
    assert on == f"{at('plan', project.number)}#id_row-{project.activities.count()}-title_0"
    assert 'id="id_row-1-title_0"' in desk.get(at("plan", project.number)).content.decode()
    assert desk.post(at("plan", project.number), first).status_code == 303  # sent twice: still two
    assert [str(one.title) for one in project.activities.all()] == ["الأول", "الثاني"]
    one, two = project.activities.all()
    again = [row("الأول", activity=one.pk, DELETE="on"), row("الثاني المعدل", activity=two.pk), row("الثالث")]
    desk.post(at("plan", project.number), sheet(again, initial=2))
    assert [(one.number, str(one.title)) for one in project.activities.all()] == [(2, "الثاني المعدل"), (3, "الثالث")]


def test_a_row_that_is_not_complete_refuses_the_sheet_and_loses_nothing(desk: Any, programme: Programme) -> None:
    project = make.project(programme, activities=0)
    backward = row("الثاني", planned_until="2025-01-01")
    answer = desk.post(at("plan", project.number), sheet([row("الأول"), backward, row("الثالث", planned_from="")]))
    shown = answer.content.decode()
    assert answer.status_code == 422 and 'value="الثاني"' in shown and shown.count('aria-invalid="true"') >= 2
    assert project.activities.count() == 0


def test_targets_are_kept_and_taken_out(desk: Any, programme: Programme) -> None:
    project = make.project(programme)
    aim = {"name_ar": "عدد القراء", "baseline": "0", "target": "500"}
    for _click in range(2):
        desk.post(at("aim", project.number), sheet([aim, {}]))
        assert project.targets.get().target == "500"
    refused = desk.post(at("aim", project.number), sheet([{**aim, "DELETE": "on"}, {"unit": "%"}], initial=1))
    assert refused.status_code == 422 and 'name="row-0-DELETE"' in refused.content.decode()
    desk.post(at("aim", project.number), sheet([{**aim, "DELETE": "on"}], initial=1))
    assert project.targets.count() == 0


def test_of_two_at_one_project_sheet_the_second_reads_what_the_first_wrote(desk: Any, programme: Programme) -> None:
    project = make.project(programme)
    opened = desk.get(at("redraft", project.number)).context["form"]["seen"].value()
    first = {"seen": opened, "title_fr": "Premier", "budget": "12000"}
    first |= {"themes": [1, 2], "axis": project.axis_id, "principles": ["transparency", "citizen_participation"]}
    for _click in range(2):
        assert desk.post(at("redraft", project.number), first).status_code == 303
    for second in ({**first, "title_fr": "Second"}, {**first, "themes": [3]}):
        late = desk.post(at("redraft", project.number), second)
        assert late.status_code == 409
    project.refresh_from_db()
    assert (project.title, project.themes.count()) == ({"fr": "Premier"}, 2)
    shown = late.context["form"]
    assert shown.non_field_errors() and shown["themes"].value() == ["3"]
    meant = {**first, "title_fr": "Second", "seen": shown["seen"].value()}
    assert desk.post(at("redraft", project.number), meant).status_code == 303
    project.refresh_from_db()
    assert project.title == {"fr": "Second"}


def test_a_stale_sheet_of_activities_changes_nothing_and_brings_no_row_back(desk: Any, programme: Programme) -> None:
    project = make.project(programme, activities=2)
    opened = desk.get(at("plan", project.number)).context["form"]["seen"].value()
    one, two = project.activities.all()
    gone = row("الثاني", activity=two.pk, DELETE="on")
    first = sheet([row("الأول", activity=one.pk), gone, row("الثالث")], initial=2)  # the third is numbered 2 again
    for _click in range(2):
        assert desk.post(at("plan", project.number), {**first, "seen": opened}).status_code == 303
    stale = sheet([row("كلام آخر", activity=one.pk), row("الثاني", activity=two.pk)], initial=2)
    late = desk.post(at("plan", project.number), {**stale, "seen": opened})
    said = [str(one.title) for one in project.activities.all()]
    assert (late.status_code, said) == (409, ["الأول", "الثالث"])
    assert "كلام آخر" in late.content.decode() and 'role="alert"' in late.content.decode()
    meant = {**stale, "seen": late.context["form"]["seen"].value()}
    assert desk.post(at("plan", project.number), meant).status_code == 303
    assert str(project.activities.first()) == "كلام آخر"


def test_a_stale_sheet_of_targets_is_read_again_before_it_counts(desk: Any, programme: Programme) -> None:
    project, target = make.project(programme), {"name_ar": "عدد القراء", "target": "500"}
    opened = desk.get(at("aim", project.number)).context["form"]["seen"].value()
    for _click in range(2):
        assert desk.post(at("aim", project.number), {**sheet([target]), "seen": opened}).status_code == 303
    stale = sheet([{**target, "target": "900"}])
    late = desk.post(at("aim", project.number), {**stale, "seen": opened})
    assert (late.status_code, project.targets.get().target) == (409, "500") and 'value="900"' in late.content.decode()
    assert desk.post(at("aim", project.number), {**stale, "seen": late.context["form"]["seen"].value()}).url
    assert project.targets.get().target == "900"


def test_a_project_is_set_aside_and_taken_up_again(desk: Any, programme: Programme) -> None:
    project, idea = make.project(programme), make.idea(programme)
    make.source(project, idea)
    assert desk.post(at("drop", project.number), {"reason": ""}).status_code == 422
    assert desk.post(at("drop", project.number), {"reason": "ليس أولوية"}).status_code == 303
    assert "ليس أولوية" in desk.get(at("board")).content.decode()
    assert desk.get(at("redraft", project.number)).status_code == 409
    assert desk.post(at("restore", project.number)).status_code == 303
    assert desk.post(at("let_go", project.number, idea.number)).status_code == 303
    assert desk.post(at("let_go", project.number, idea.number)).status_code == 404


def test_a_settled_programme_is_shown_and_cannot_be_changed(desk: Any, programme: Programme) -> None:
    project = make.project(programme)
    Programme.objects.update(status="adopted")
    shown = desk.get(at("board"))
    assert shown.status_code == 200 and 'name="outcome"' not in shown.content.decode()
    assert desk.get(at("draft")).status_code == 409
    for name in ("redraft", "plan", "aim", "drop"):
        assert desk.post(at(name, project.number), {"title_ar": "x"}).status_code == 409


def test_a_place_without_a_programme_says_so(sign_in: Any) -> None:
    place = make.place("figuig")
    answer = sign_in(make.focal_point(place)).get(reverse("projects:board", args=["figuig"]))
    assert answer.status_code == 409


def test_htmx_gets_only_the_ideas_of_the_board(desk: Any, programme: Programme) -> None:
    make.idea(programme)
    answer = desk.get(at("board"), headers={"HX-Request": "true"})
    assert "<html" not in answer.content.decode() and 'id="found"' in answer.content.decode()
