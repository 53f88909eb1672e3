from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from infitah.ground.accounts.models import Person, Role
from infitah.ground.areas.models import PolicyArea
from infitah.journey.ideas import actions as ideas_actions
from infitah.journey.ideas.models import Idea, Outcome
from infitah.journey.programmes.models import Programme
from infitah.journey.projects import actions, queries, rules
from infitah.journey.projects.forms import Rewriting, Sheet
from infitah.journey.projects.models import Activity, Project, Theme
from infitah.lib.errors import NotAllowed, NotPossible
from infitah.lib.i18n import Localized
from tests import make

pytestmark = pytest.mark.django_db
TITLE = Localized(ar="بوابة المعطيات", fr="Un portail de données")


@pytest.fixture
def programme() -> Programme:
    return make.programme()


@pytest.fixture
def alice(programme: Programme) -> Person:
    """The focal point of the programme's place."""
    return make.focal_point(programme.place)


def drafted(programme: Programme, by: Person, **fields: Any) -> Project:
    return actions.draft(programme, by=by, axis=programme.axes.first(), title=TITLE, **fields)


def rows(*names: str) -> list[dict[str, Any]]:
    days = {"planned_from": date(2026, 1, 1), "planned_until": date(2026, 3, 31)}
    return [{"title": Localized(fr=name), **days} for name in names]


# -- drafting ----------------------------------------------------------------------------------------


def test_the_first_project_brings_the_programme_to_drafting(programme: Programme, alice: Person, ledger: Any) -> None:
    first = drafted(programme, alice)
    programme.refresh_from_db()
    assert (programme.status, first.number, drafted(programme, alice).number) == ("drafting", 1, 2)
    assert ledger() == ["project.drafted", "project.drafted"]


def test_the_same_form_sent_twice_is_one_project(programme: Programme, alice: Person) -> None:
    key = uuid4()
    assert drafted(programme, alice, key=key) == drafted(programme, alice, key=key)
    assert Project.objects.count() == 1


def test_only_who_runs_the_programme_drafts(programme: Programme, alice: Person) -> None:
    others = [
        make.focal_point(make.place(), "Bob"),
        make.holder(Role.NATIONAL, make.country()),
        make.holder(Role.PROJECT_OWNER, programme.place),
        make.person(),
    ]
    for person in others:
        with pytest.raises(NotAllowed):
            drafted(programme, person)
    assert rules.can_draft(alice, programme) and not rules.can_draft(None, programme)


@pytest.mark.parametrize("status", ["validated", "on_agenda", "postponed", "adopted", "closed", "evaluated"])
def test_nobody_changes_a_settled_programme(programme: Programme, alice: Person, status: str) -> None:
    project, idea = make.project(programme), make.idea(programme)
    dropped = make.project(programme, status="dropped", dropped_reason="x")
    source = actions.draw_on(project, [idea], by=alice)[0]
    activity = project.activities.get()
    Programme.objects.update(status=status)
    attempts = [
        lambda: drafted(programme, alice),
        lambda: actions.redraft(project, by=alice, title=TITLE),
        lambda: actions.draw_on(project, [make.idea(programme)], by=alice),
        lambda: actions.let_go(source, by=alice),
        lambda: actions.plan(project, by=alice, activities=rows("x")),
        lambda: actions.replan(activity, by=alice, title=TITLE),
        lambda: actions.unplan(activity, by=alice),
        lambda: actions.aim(project, by=alice, targets=[]),
        lambda: actions.drop(project, by=alice, reason="x"),
        lambda: actions.restore_project(dropped, by=alice),
    ]
    for attempt in attempts:
        with pytest.raises(NotPossible):
            attempt()
    with pytest.raises(NotAllowed):
        actions.redraft(project, by=make.holder(Role.NATIONAL, make.country()), title=TITLE)


def test_the_national_team_drafts_the_plan_of_the_country_only() -> None:
    country = make.country()
    plan = make.programme(country)
    nadia = make.holder(Role.NATIONAL, country)
    assert drafted(plan, nadia).number == 1
    assert not rules.can_draft(make.focal_point(make.place()), plan)


def test_a_rejected_programme_is_drafted_again(programme: Programme, alice: Person) -> None:
    project = make.project(programme)
    Programme.objects.update(status="rejected")
    actions.redraft(project, by=alice, title=TITLE)
    programme.refresh_from_db()
    assert programme.status == "drafting"


def test_technology_counts_only_in_addition(programme: Programme, alice: Person) -> None:
    with pytest.raises(NotPossible, match=r"\w"):
        drafted(programme, alice, ogp_values=["technology"])
    assert drafted(programme, alice, ogp_values=["technology", "civic_participation"]).ogp_values == [
        "civic_participation",
        "technology",
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        make.project(programme, ogp_values=["technology"])


@pytest.mark.parametrize(
    "fields",
    [
        {"starts_on": date(2026, 5, 1), "ends_on": date(2026, 4, 1)},
        {"budget": -1},
        {"title": Localized()},
    ],
)
def test_a_redraft_that_makes_no_sense_is_refused(programme: Programme, alice: Person, fields: dict[str, Any]) -> None:
    project = make.project(programme)
    with pytest.raises(NotPossible):
        actions.redraft(project, by=alice, **fields)


def test_an_axis_of_another_programme_is_refused(programme: Programme, alice: Person) -> None:
    with pytest.raises(NotPossible):
        actions.draft(programme, by=alice, axis=make.programme().axes.first(), title=TITLE)


def test_redraft_writes_down_what_changed_and_nothing_else(programme: Programme, alice: Person, ledger: Any) -> None:
    project = drafted(programme, alice)
    themes = list(Theme.objects.all()[:2])
    actions.redraft(project, by=alice, title=TITLE, budget=1000, principles=["transparency"], themes=themes)
    assert ledger("project.redrafted")[0].particulars == {"fields": ["budget", "principles", "themes"]}
    actions.redraft(project, by=alice, title=TITLE, themes=themes)
    assert len(ledger("project.redrafted")) == 1
    with pytest.raises(TypeError):
        actions.redraft(project, by=alice, status="dropped")


def test_a_project_keeps_its_retired_policy_area_and_is_not_given_another(programme: Programme, alice: Person) -> None:
    kept, gone = make.area("Kept"), make.area("Gone")
    project = drafted(programme, alice, policy_areas=[kept])
    PolicyArea.objects.update(retired_on=timezone.localdate())
    kept, gone = PolicyArea.objects.in_bulk([kept.pk, gone.pk]).values()
    actions.redraft(project, by=alice, policy_areas=[kept])
    for chosen in ([gone], [kept, gone]):
        with pytest.raises(NotPossible):
            actions.redraft(project, by=alice, policy_areas=chosen)
    assert list(project.policy_areas.all()) == [kept]
    assert [pk for pk, _name in Rewriting(project).fields["policy_areas"].choices] == [kept.pk]
    assert Sheet(programme).fields["policy_areas"].choices == []


def test_the_themes_of_the_portal_are_there() -> None:
    assert Theme.objects.count() == 27 and str(Theme.objects.get(key="petitions")) == "العرائض"


# -- ideas -------------------------------------------------------------------------------------------


def test_an_idea_kept_is_answered_with_the_name_of_its_project(
    programme: Programme, alice: Person, ledger: Any
) -> None:
    project, idea = make.project(programme), make.idea(programme)
    with translation.override("fr"):
        assert [source.idea for source in actions.draw_on(project, [idea], by=alice)] == [idea]
    idea.refresh_from_db()
    decision = idea.decisions.get()
    assert (idea.outcome, decision.outcome, decision.language) == (Outcome.KEPT, Outcome.KEPT, "fr")
    assert "Un budget lisible" in decision.reason
    assert ledger("project.drawn_on")[0].particulars == {"number": 1, "ideas": [idea.number]}


def test_a_reason_that_is_given_stands(programme: Programme, alice: Person) -> None:
    idea = make.idea(programme)
    actions.draw_on(make.project(programme), [idea], by=alice, reason="سنبدأ بالأحياء البعيدة")
    assert idea.decisions.get().reason == "سنبدأ بالأحياء البعيدة"


def test_drawing_twice_on_an_idea_answers_once(programme: Programme, alice: Person) -> None:
    project, idea = make.project(programme), make.idea(programme)
    for _ in range(2):
        actions.draw_on(project, [idea, idea], by=alice)
    assert (project.sources.count(), idea.decisions.count()) == (1, 1)


def test_grouped_ideas_follow_their_lead_into_the_project(programme: Programme, alice: Person) -> None:
    project, lead, other = make.project(programme), make.idea(programme), make.idea(programme)
    ideas_actions.group([lead, other], by=alice, lead=lead)
    sources = actions.draw_on(project, [lead], by=alice)
    other.refresh_from_db()
    assert {source.idea for source in sources} == {lead, other} and other.outcome == Outcome.KEPT
    actions.let_go(sources[0], by=alice)
    assert project.sources.count() == 0


def test_all_ideas_are_kept_or_none(programme: Programme, alice: Person) -> None:
    project, mine, foreign = make.project(programme), make.idea(programme), make.idea()
    with pytest.raises(NotPossible):
        actions.draw_on(project, [mine, foreign], by=alice)
    mine.refresh_from_db()
    assert (project.sources.count(), mine.status) == (0, Idea.Status.RECEIVED)


def test_an_idea_answered_otherwise_leaves_its_project_until_it_is_kept_again(
    programme: Programme, alice: Person
) -> None:
    project, idea = make.project(programme), make.idea(programme)
    actions.draw_on(project, [idea], by=alice)
    ideas_actions.decide(idea, by=alice, outcome=Outcome.OUTSIDE, reason="من اختصاص العمالة")
    (told,) = queries.whole(programme)
    assert (list(told.sources.all()), queries.loose(programme)) == ([], [])
    actions.draw_on(project, [idea], by=alice)
    idea.refresh_from_db()
    assert idea.outcome == Outcome.KEPT and project.sources.standing().count() == 1


def test_a_project_is_drafted_from_ideas_at_once(programme: Programme, alice: Person) -> None:
    ideas = [make.idea(programme), make.idea(programme)]
    assert drafted(programme, alice, ideas=ideas).sources.count() == 2


def test_ideas_of_a_project_set_aside_wait_again(programme: Programme, alice: Person, ledger: Any) -> None:
    project, idea = make.project(programme), make.idea(programme)
    actions.draw_on(project, [idea], by=alice)
    assert queries.loose(programme) == []
    for nothing in ("  ", "\u200b"):
        with pytest.raises(NotPossible):
            actions.drop(project, by=alice, reason=nothing)
    actions.drop(project, by=alice, reason="ليس من اختصاصنا")
    assert queries.loose(programme) == [idea]
    with pytest.raises(NotPossible):
        actions.redraft(project, by=alice, title=TITLE)
    actions.restore_project(project, by=alice)
    assert queries.loose(programme) == []
    with pytest.raises(NotPossible):
        actions.restore_project(project, by=alice)
    assert ledger()[-2:] == ["project.dropped", "project.restored"]


# -- activities and targets --------------------------------------------------------------------------


def test_activities_are_planned_in_one_go_and_once(programme: Programme, alice: Person, ledger: Any) -> None:
    project = make.project(programme, activities=0)
    for _ in range(2):
        planned = actions.plan(project, by=alice, activities=rows("Écrire", "Publier"))
        assert [activity.number for activity in planned] == [1, 2]
    assert len(ledger("project.planned")) == 1
    assert actions.plan(project, by=alice, activities=rows("Écouter"))[0].number == 3


def test_an_activity_is_planned_forward_and_named(programme: Programme, alice: Person) -> None:
    project = make.project(programme, activities=0)
    backward = {**rows("x")[0], "planned_until": date(2025, 1, 1)}
    for bad in (backward, {**rows("x")[0], "title": Localized()}):
        with pytest.raises(NotPossible):
            actions.plan(project, by=alice, activities=[*rows("fine"), bad])
    assert project.activities.count() == 0


def test_a_sheet_of_activities_changes_all_or_nothing(programme: Programme, alice: Person, ledger: Any) -> None:
    project = make.project(programme, activities=2)
    first, second = project.activities.all()
    (new,) = rows("Nouvelle")
    actions.arrange(project, by=alice, rows=[(first.pk, {"title": TITLE}), (second.pk, None), (0, new)])
    assert [str(one.title) for one in project.activities.all()] == [str(TITLE), "Nouvelle"]
    assert ledger() == ["activity.replanned", "activity.unplanned", "project.planned"]
    with pytest.raises(NotPossible):
        actions.arrange(project, by=alice, rows=[(first.pk, None), (0, {**new, "title": Localized()})])
    assert Activity.objects.filter(pk=first.pk).exists()


def test_targets_replace_those_before(programme: Programme, alice: Person, ledger: Any) -> None:
    project = make.project(programme)
    target = {"name": Localized(fr="Consultations"), "baseline": "0", "target": "500", "unit": "par mois"}
    for _ in range(2):
        actions.aim(project, by=alice, targets=[target])
    assert project.targets.get().target == "500" and len(ledger("project.aimed")) == 1
    for nothing in ("", "\u202e"):
        with pytest.raises(NotPossible):
            actions.aim(project, by=alice, targets=[{**target, "target": nothing}])
    actions.aim(project, by=alice, targets=[])
    assert project.targets.count() == 0


# -- the board ---------------------------------------------------------------------------------------


def test_the_board_shows_what_waits_and_what_was_made_of_it(programme: Programme, alice: Person) -> None:
    waiting, kept, other = (make.idea(programme) for _ in range(3))
    ideas_actions.group([waiting, other], by=alice, lead=waiting)
    project = make.project(programme)
    actions.draw_on(project, [kept], by=alice)
    gone = make.project(programme, status="dropped", dropped_reason="x")
    board = queries.board(programme)
    assert board.waiting.ideas == [waiting] and list(waiting.group.all()) == [other]
    assert (board.projects, board.dropped, board.loose) == ([project], [gone], [])


def test_the_board_asks_as_much_for_one_as_for_thirty(
    programme: Programme, alice: Person, django_assert_num_queries: Any
) -> None:
    def fill(times: int) -> None:
        for _ in range(times):
            actions.draw_on(make.project(programme), [make.idea(programme)], by=alice)
            make.idea(programme)

    def read() -> None:
        board = queries.board(programme)
        for project in board.projects:
            assert [source.idea.number for source in project.sources.all()] and project.axis
            queries.lacking(project)
        for idea in board.waiting.ideas:
            assert not [*idea.group.all(), *idea.proposals.all()]

    fill(2)
    with django_assert_num_queries(9):
        read()
    fill(28)
    with django_assert_num_queries(9):
        read()


def test_a_project_says_what_it_lacks(programme: Programme) -> None:
    assert queries.lacking(make.project(programme)) == []
    assert len(queries.lacking(make.project(programme, axis=None, activities=0))) == 2
