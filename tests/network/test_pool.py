from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from infitah.ground.accounts import actions as accounts
from infitah.ground.accounts.models import Person, Role, RoleGrant
from infitah.ground.ledger import actions as ledger_actions
from infitah.journey.ideas import actions as ideas
from infitah.journey.ideas.models import Outcome
from infitah.journey.programmes import actions as programmes
from infitah.journey.projects import actions as projects
from infitah.lib.errors import NotAllowed, NotPossible
from infitah.lib.i18n import Localized
from infitah.network.pool import actions, queries
from infitah.network.pool.models import Coach, HelpRequest, Mission, Skill
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def national() -> Person:
    return make.holder(Role.NATIONAL, make.country(), "Nadia")


def proposed(national: Person, *, coach: Coach | None = None, asked: HelpRequest | None = None, **days: Any) -> Mission:
    """A mission that both sides are asked about, for ten days from today."""
    today = timezone.localdate()
    told = {"starts_on": today, "ends_on": today + timedelta(days=9), "goals": "ورشتان في الحيين", **days}
    return actions.propose(asked or make.help_request(), by=national, key=uuid4(), coach=coach or make.coach(), **told)


def agreed(national: Person, **more: Any) -> tuple[Mission, Person, Person]:
    """The same, agreed: with the coach and the focal point."""
    mission = proposed(national, **more)
    coach, alice = mission.coach.person, make.focal_point(mission.place)
    actions.agree(mission, by=alice)
    return actions.agree(mission, by=coach), again(coach), alice


def again(person: Person) -> Person:
    """The person as at the next request."""
    return Person.objects.get(pk=person.pk)


# -- asking and proposing --------------------------------------------------------------------------


def test_only_the_focal_point_of_a_member_asks_for_help(ledger: Callable[..., Any]) -> None:
    place, theme = make.place(), Skill.objects.get(code="drafting")
    words = {"key": uuid4(), "theme": theme, "text": "كيف نصوغ المشاريع؟", "language": "ar"}
    alice = make.focal_point(place)
    with pytest.raises(NotPossible, match="الشبكة"):
        actions.ask(place, by=alice, **words)
    make.member(place)
    with pytest.raises(NotAllowed):
        actions.ask(place, by=make.holder(Role.CLERK, place), **words)
    first, twice = actions.ask(place, by=alice, **words), actions.ask(place, by=alice, **words)
    assert first == twice and ledger().count("help.asked") == 1


def test_coaches_are_sorted_by_how_well_they_fit_and_those_without_room_come_last() -> None:
    asked = make.help_request(theme="drafting")
    stranger = make.coach("Driss", skills=["council"], languages=["fr"])
    speaks = make.coach("Samir", skills=["council"])
    knows = make.coach("Karima", skills=["drafting"])
    full = make.coach("Fouad", skills=["drafting"], capacity=1)
    make.mission(status="running", coach=full)
    own = make.coach("Own", home=asked.place, skills=["drafting"])
    found = queries.candidates(asked)
    assert [one.coach for one in found] == [knows, speaks, stranger, full]
    assert found[-1].is_full and own not in [one.coach for one in found]


def test_no_coach_is_proposed_beyond_what_they_can_take(national: Person) -> None:
    coach = make.coach(capacity=1)
    proposed(national, coach=coach)
    with pytest.raises(NotPossible):
        proposed(national, coach=coach)


def test_a_coach_who_took_on_another_mission_meanwhile_cannot_agree_to_one_too_many(national: Person) -> None:
    coach = make.coach(capacity=2)
    agreed(national, coach=coach)
    second = proposed(national, coach=coach)
    Coach.objects.filter(pk=coach.pk).update(capacity=1)
    actions.agree(second, by=make.focal_point(second.place))
    with pytest.raises(NotPossible):
        actions.agree(second, by=coach.person)
    second.refresh_from_db()
    assert second.status == "proposed" and not again(coach.person).coaches(second.place)


def test_nobody_coaches_their_own_collectivity(national: Person) -> None:
    asked = make.help_request()
    with pytest.raises(NotPossible):
        proposed(national, asked=asked, coach=make.coach(home=asked.place))


def test_of_two_who_propose_at_once_the_second_is_told(national: Person) -> None:
    asked = make.help_request()
    proposed(national, asked=asked)
    with pytest.raises(NotPossible, match="اقترح"):
        proposed(national, asked=HelpRequest.objects.get(pk=asked.pk))
    assert asked.missions.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("requests", [1, 2])
def test_of_many_proposals_at_the_same_moment_no_request_gets_two_and_no_coach_too_many(requests: int) -> None:
    national, coach = make.holder(Role.NATIONAL, make.country(), "Nadia"), make.coach(capacity=1)
    asked = [make.help_request() for _number in range(requests)]

    def propose(turn: int) -> str:
        try:
            return proposed(national, coach=coach, asked=asked[turn % requests]).status
        except NotPossible:
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(propose, range(4)))
    assert sorted(told) == ["proposed", "refused", "refused", "refused"] and coach.missions.count() == 1


def test_a_mission_has_a_last_day_within_half_a_year(national: Person) -> None:
    today = timezone.localdate()
    for ends_on in (today - timedelta(days=1), today + timedelta(days=200)):
        with pytest.raises(NotPossible):
            proposed(national, ends_on=ends_on)


# -- agreeing, helping, ending ---------------------------------------------------------------------


def test_a_mission_begins_when_both_agree_and_gives_the_coach_the_role_until_its_last_day(
    national: Person, ledger: Callable[..., Any]
) -> None:
    mission = proposed(national)
    alice, coach = make.focal_point(mission.place), mission.coach.person
    actions.agree(mission, by=alice)
    actions.agree(mission, by=alice)
    assert not again(coach).coaches(mission.place)
    mission = actions.agree(mission, by=coach)
    grant = RoleGrant.objects.get(role=Role.COACH)
    assert (mission.status, grant.until, grant.granted_by) == ("running", mission.ends_on, national)
    assert mission.request.status == "answered" and again(coach).coaches(mission.place)
    assert ledger().count("mission.agreed") == 2 and "mission.begun" in ledger()


def test_only_the_coach_and_the_member_agree(national: Person) -> None:
    mission = proposed(national)
    for who in (national, make.coach("Driss").person, make.focal_point(make.place()), None):
        with pytest.raises(NotAllowed):
            actions.agree(mission, by=who)


def test_a_mission_that_begins_later_begins_on_its_day(national: Person) -> None:
    today = timezone.localdate()
    mission, coach, _alice = agreed(national, starts_on=today + timedelta(days=3), ends_on=today + timedelta(days=9))
    assert mission.status == "agreed" and not coach.coaches(mission.place)
    with time_machine.travel(timezone.now() + timedelta(days=3), tick=False):
        assert again(coach).coaches(mission.place)
        assert actions.keep_time(timezone.localdate())["begun"] == 1
        assert actions.keep_time(timezone.localdate())["begun"] == 0
    mission.refresh_from_db()
    assert mission.status == "running"


def test_a_coach_helps_to_prepare_and_to_draft_and_decides_nothing(national: Person) -> None:
    programme = make.programme(make.place("tetouan"))
    idea, twin = make.idea(programme), make.idea(programme)
    mission, coach, _alice = agreed(national, asked=make.help_request(programme.place))
    names = [Localized(ar="الماء"), Localized(ar="الصحة")]
    programmes.word_axes(programme, by=coach, names=names)
    today = timezone.localdate()
    days = {"planned_from": today, "planned_until": today + timedelta(days=9)}
    phase = programmes.schedule(programme, "analysis", by=coach, **days)
    ideas.group([twin], by=coach, lead=idea)
    project = projects.draft(programme, by=coach, axis=programme.axes.first(), title=Localized(ar="مشروع"))
    for deed in (
        lambda: ideas.decide(idea, by=coach, outcome=Outcome.KEPT, reason="نعم"),
        lambda: projects.draw_on(project, [idea], by=coach),
        lambda: projects.drop(project, by=coach, reason="لا"),
        lambda: programmes.shift(phase, by=coach, opens_at=timezone.now(), closes_at=None, reason="لا"),
        lambda: programmes.set_up_committee(programme, by=coach, set_up_on=today),
        lambda: accounts.grant(make.person(), Role.DEPUTY, programme.place, by=coach),
    ):
        with pytest.raises(NotAllowed):
            deed()
    ideas.support(idea, by=coach)
    ledger_actions.record("idea.submitted", by=coach, on=twin, place=programme.place, channel="website")  # not told
    assert {entry.by for entry in queries.deeds(mission)} == {coach.uid}
    told = [entry.action for entry in queries.deeds(mission)]
    assert told == ["project.drafted", "idea.grouped", "phase.scheduled", "axes.worded"]


def test_the_day_after_the_end_the_coach_is_refused(national: Person, sign_in: Callable[[Person], Client]) -> None:
    programme = make.programme(make.place("tetouan"))
    mission, coach, _alice = agreed(national, asked=make.help_request(programme.place))
    page = reverse("projects:draft", args=["tetouan"])
    last = timezone.make_aware(timezone.datetime.combine(mission.ends_on, timezone.datetime.min.time()))
    with time_machine.travel(last + timedelta(hours=23), tick=False):
        assert sign_in(again(coach)).get(page).status_code == 200
    with time_machine.travel(last + timedelta(hours=24, minutes=1), tick=False):
        assert sign_in(again(coach)).get(page).status_code == 403  # before any job has run
        assert actions.keep_time(timezone.localdate())["ended"] == 1
        mission.refresh_from_db()
        assert mission.status == "ended" and timezone.localtime(mission.ended_at).hour == 0


def test_the_report_ends_a_mission_and_the_role_at_once(national: Person) -> None:
    mission, coach, alice = agreed(national)
    with pytest.raises(NotAllowed):
        actions.end(mission, by=alice, report="كذا وكذا", change="شيء")
    mission = actions.end(mission, by=coach, report="ثلاث ورشات", change="صارت الورشات منظمة")
    assert mission.status == "ended" and not again(coach).coaches(mission.place)
    with pytest.raises(NotPossible):
        actions.end(mission, by=coach, report="مرة أخرى", change="شيء")
    actions.say(mission, by=alice, words="شكرا")
    with pytest.raises(NotAllowed):
        actions.say(mission, by=coach, words="شكرا لي")


def test_a_report_may_come_after_the_last_day(national: Person) -> None:
    mission, coach, _alice = agreed(national)
    with time_machine.travel(timezone.now() + timedelta(days=20), tick=False):
        actions.keep_time(timezone.localdate())
        mission = actions.end(mission, by=again(coach), report="ثلاث ورشات", change="صارت منظمة")
    assert mission.status == "ended" and mission.report


@pytest.mark.parametrize("who", ["coach", "member", "national"])
def test_each_side_may_stop_a_mission_with_a_reason(national: Person, who: str) -> None:
    mission, coach, alice = agreed(national)
    by = {"coach": coach, "member": alice, "national": national}[who]
    with pytest.raises(NotPossible):
        actions.cut_short(mission, by=by, reason=" ")
    mission = actions.cut_short(mission, by=by, reason="لم يعد الوقت يسمح")
    assert mission.status == "cut_short" and not again(coach).coaches(mission.place)


def test_who_declines_says_why_and_the_request_waits_again(national: Person) -> None:
    mission = proposed(national)
    mission = actions.decline(mission, by=mission.coach.person, reason="لا وقت لي")
    assert (mission.status, mission.request.status) == ("declined", "open")
    proposed(national, asked=mission.request, coach=make.coach("Driss"))


def test_a_request_taken_back_declines_what_was_proposed(national: Person) -> None:
    mission = proposed(national)
    asked = actions.withdraw(mission.request, by=make.focal_point(mission.place))
    mission.refresh_from_db()
    assert (asked.status, mission.status) == ("withdrawn", "declined") and "سحب" in mission.why


def test_a_mission_whose_proposer_left_the_team_is_proposed_again(national: Person) -> None:
    mission = proposed(national)
    national.grants.update(revoked_at=timezone.now())
    actions.agree(mission, by=mission.coach.person)
    with pytest.raises(NotPossible, match="الفريق الوطني"):
        actions.agree(Mission.objects.get(pk=mission.pk), by=make.focal_point(mission.place))


# -- a coach who goes ------------------------------------------------------------------------------


def test_a_coach_who_leaves_the_pool_stops_their_missions_and_the_requests_wait_again(national: Person) -> None:
    mission, coach, _alice = agreed(national)
    actions.leave(mission.coach, by=coach)
    mission.refresh_from_db()
    assert (mission.status, mission.request.status) == ("cut_short", "open")
    assert not again(coach).coaches(mission.place) and mission.why
    assert queries.coach_of(coach) is None


def test_an_erased_coach_is_out_at_once_and_the_mission_stops(national: Person) -> None:
    mission, coach, _alice = agreed(national)
    accounts.erase(coach, by=coach)
    assert queries.lasting_at(mission.place) == [] and not again(coach).coaches(mission.place)
    assert actions.keep_time(timezone.localdate())["left"] == 1
    assert actions.keep_time(timezone.localdate())["left"] == 0
    mission.refresh_from_db()
    assert (mission.status, mission.request.status) == ("cut_short", "open")
    assert queries.figures().coaches == 0


def test_a_role_taken_back_by_the_focal_point_stops_the_mission(national: Person) -> None:
    mission, coach, alice = agreed(national)
    accounts.revoke(RoleGrant.objects.get(role=Role.COACH), by=alice)
    assert not again(coach).coaches(mission.place)
    assert actions.keep_time(timezone.localdate())["left"] == 1


def test_a_coach_s_role_without_a_last_day_is_refused_and_opens_nothing(national: Person) -> None:
    place, bob = make.place(), make.person("Bob")
    with pytest.raises(NotPossible):
        accounts.grant(bob, Role.COACH, place, by=national)
    make.grant(bob, Role.COACH, place)  # as an older installation may hold one
    assert not bob.coaches(place)
