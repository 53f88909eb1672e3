"""The demonstration: its words fit together, its clock runs forward, and it is played nowhere by mistake."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from infitah.ground.accounts.models import Role
from infitah.ground.moderation.queries import screen
from infitah.journey.evaluation.models import Review
from infitah.journey.ideas.models import Idea, Tally
from infitah.journey.monitoring.models import Evidence, Rating
from infitah.journey.programmes.models import Phase, Programme
from infitah.journey.programmes.queries import is_open
from infitah.lib.errors import NotAllowed
from infitah.network.questions.models import Theme
from infitah.outlook.website.demonstration import cast, plans, sharing, showcase, showcase_after, stages
from infitah.outlook.website.demonstration.content import read
from infitah.outlook.website.demonstration.player import Clock, Story, play
from tests import make

STANDS = {
    "ideas": Phase.Kind.IDEAS,
    "drafting": Phase.Kind.ANALYSIS,
    "consultation": Phase.Kind.CONSULTATION,
    "implementation": Phase.Kind.IMPLEMENTATION,
}
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


# -- words -------------------------------------------------------------------------------------


def test_every_answer_names_a_project_that_exists() -> None:
    projects = {project["key"] for project in read("projects")}
    kept = {idea["project"] for idea in read("ideas") if idea.get("outcome") == "kept"}
    assert kept <= projects and {one["project"] for one in read("opinions")["opinions"]} == projects


def test_every_idea_is_answered_or_follows_one_that_is() -> None:
    ideas = {idea["key"]: idea for idea in read("ideas")}
    leads = {idea["lead"] for idea in ideas.values() if "lead" in idea}
    assert len(ideas) == 76 and all("reason" in ideas[lead] for lead in leads)
    assert all("lead" in idea or idea["reason"] for idea in ideas.values())


def test_the_mix_of_ideas_is_that_of_the_network() -> None:
    ideas = read("ideas")
    told = Counter(idea["channel"][0] == "w" and idea["channel"] != "web" for idea in ideas)
    darija = sum(idea["language"] == "ary" for idea in ideas)
    assert 0.4 < told[True] / len(ideas) < 0.5 and 0.15 < darija / len(ideas) < 0.25


def test_every_report_tells_of_an_activity_that_is_planned() -> None:
    planned = {activity["key"] for project in read("projects") for activity in project["activities"]}
    assert {report["activity"] for report in read("progress")} <= planned


def test_practices_are_born_from_projects_that_members_have_and_say_all_that_peers_need() -> None:
    titles = {project["title"]["ar"] for project in read("members")["projects"].values()}
    told = read("practices")
    assert {one["project"] for one in told} <= titles and {one["language"] for one in told} == {"ar", "fr"}
    assert all(one[name] for one in told for name in sharing.FIELDS)
    assert [len([said for said in one["reviews"] if said["ready"]]) for one in told] == [1] * 6 + [0]


def test_questions_are_about_known_themes_and_nothing_in_them_waits_for_a_look() -> None:
    told = read("questions")
    said = [text for one in told for text in [one["title"], one["text"], *(each["text"] for each in one["answers"])]]
    assert {one["theme"] for one in told} == set(Theme.values)
    assert {one["language"] for one in told} == {"ar", "fr", "ary"} and not any(map(screen, said))


def test_real_plans_carry_their_source() -> None:
    commitments = [each for plan in read("commitments") for each in plan["projects"]]
    assert len(commitments) == 13 and all(each["source"].startswith("https://") for each in commitments)
    assert len(read("national")["activities"]) == 8


# -- the clock ---------------------------------------------------------------------------------


def told_at(days: list[int], told: list[Any]) -> Story:
    for day in days:
        yield NOON + timedelta(days=day)
        told.append((day, timezone.now()))


@pytest.mark.django_db
def test_stories_are_told_in_the_order_of_time() -> None:
    told: list[Any] = []
    assert play([told_at([1, 4], told), told_at([2, 3], told)], NOON + timedelta(days=9), str) > 0
    assert told == [(day, NOON + timedelta(days=day)) for day in [1, 2, 3, 4]]


@pytest.mark.django_db
def test_what_is_still_to_come_is_not_told() -> None:
    told: list[Any] = []
    play([told_at([1, 4], told)], NOON + timedelta(days=3), str)
    assert [day for day, _now in told] == [1]


# -- the play ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_outside_a_demonstration_nothing_is_played() -> None:
    with pytest.raises(CommandError):
        call_command("demo")
    with pytest.raises(NotAllowed):
        cast.begin()


def performed(stage: str, settings: Any) -> Programme:
    """The showcase alone, as far as the stage."""
    settings.IS_DEMO = True
    make.country()
    national = cast.begin()
    national.grants.update(since=stages.BEGINNING.date())
    show = showcase.Showcase(
        make.member(make.place("tetouan")).place,
        Clock(timezone.localdate() - timedelta(days=stages.STAGES[stage])),
        national,
    )
    play([*showcase.stories(show), *showcase_after.stories(show)], timezone.now(), str)
    return Programme.objects.get()


@pytest.mark.parametrize(("stage", "kind"), STANDS.items())
def test_each_stage_stands_in_the_phase_of_its_name(stage: str, kind: str) -> None:
    begins, ends = showcase.PHASES[kind]
    assert begins < stages.STAGES[stage] <= ends and set(stages.STAGES) == set(STANDS)


@pytest.mark.django_db
def test_in_implementation_work_is_proved_and_judged_by_both_sides(settings: Any) -> None:
    programme = performed("implementation", settings)
    assert programme.status == Programme.Status.ADOPTED and is_open(programme, Phase.Kind.IMPLEMENTATION)
    assert set(Rating.objects.values_list("side", flat=True)) == set(Rating.Side.values) and Evidence.objects.exists()
    (review,) = Review.objects.all()
    assert (review.project.programme, review.findings.count()) == (programme, 5) and "عرض تجريبي" in review.reviewer
    tally, answered = Tally.objects.get(), Idea.objects.filter(status=Idea.Status.DECIDED)
    assert tally.decided == tally.public == answered.count() == 76
    assert {role for role, _person in stages.doors()} >= {"resident", Role.FOCAL_POINT, Role.CLERK, "civil_society"}


@pytest.mark.django_db
def test_real_plans_are_in_force_and_never_marked_as_demonstration(settings: Any) -> None:
    settings.IS_DEMO = True
    make.country()
    for slug in {plan["place"] for plan in read("commitments")}:
        make.place(slug)
    plans.enter(cast.begin())
    entered = Programme.objects.all()
    assert entered.count() == 9 and not entered.filter(is_demonstration=True).exists()
    assert {one.status for one in entered} == {Programme.Status.ADOPTED} and all(one.source for one in entered)
