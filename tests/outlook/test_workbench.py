from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from infitah.ground.accounts.models import Person, Role
from infitah.ground.moderation import actions as moderation
from infitah.journey.adoption.queries import coming_session
from infitah.journey.ideas import actions as ideas
from infitah.journey.programmes.models import Programme
from infitah.network.pool import actions as pool
from infitah.outlook.tasks.catalog import DEEDS, SAID, Task
from infitah.outlook.tasks.queries import calendar_of
from infitah.outlook.workbench import queries
from tests import make

pytestmark = pytest.mark.django_db


def tasks(person: Person) -> list[str]:
    (desk,) = queries.desks(person)
    return [task.url.split("/", 2)[2] for task in [*desk.next, *desk.later]]


def task(person: Person, address: str) -> Task:
    """The first task that leads there."""
    bench = queries.bench(person)
    return next(one for one in [*bench.next, *bench.later] if address in one.url)


def test_a_focal_point_without_a_programme_is_asked_to_begin_it() -> None:
    place = make.place("tetouan")
    assert tasks(make.focal_point(place)) == ["c/tetouan/programme/setup/"]


def test_ideas_that_wait_are_counted_and_lead_to_the_board() -> None:
    programme = make.programme(make.place("tetouan"))
    make.idea(programme)
    make.idea(programme)
    alice = make.focal_point(programme.place)
    assert "فكرتان" in task(alice, "c/tetouan/board/").text


def test_what_is_past_its_day_comes_first_and_says_so() -> None:
    programme = make.programme(make.place("tetouan"))
    make.idea(programme)
    phase = make.phase(programme, "analysis", days_ago=20, days_left=-3)
    phase.planned_until = timezone.localdate() - timedelta(days=3)
    phase.save()
    (desk,) = queries.desks(make.focal_point(programme.place))
    first = desk.next[0]
    assert first.is_late and first.url.endswith("/board/") and first.kind == "late"


def test_a_replaced_opinion_waits_for_no_reply() -> None:
    draft = make.draft(make.programme(make.place("tetouan"), status="consulted"))
    make.opinion(draft, replaced_at=timezone.now())
    alice = make.focal_point(draft.programme.place)
    assert "c/tetouan/consultation/opinions/" not in tasks(alice)
    make.opinion(draft)
    assert "c/tetouan/consultation/opinions/" in tasks(alice)


def test_whoever_does_not_run_the_programme_finds_the_ways_to_follow_it() -> None:
    programme = make.programme(make.place("tetouan"))
    (desk,) = queries.desks(make.holder(Role.COMMITTEE, programme.place))
    assert "/ar/c/tetouan/consultation/" in [url for _name, url in desk.doors]


def test_a_seat_on_the_committee_leads_to_the_ideas_to_which_no_answer_is_proposed_yet() -> None:
    idea = make.idea(make.programme(make.place("tetouan")))
    make.idea(idea.programme)
    member, address = make.seat(idea.programme).person, "c/tetouan/ideas/waiting/"
    assert member is not None and "فكرتان" in task(member, address).note
    ideas.propose(idea, by=member, outcome="covered", reason="مبرمجة من قبل")
    assert "فكرة واحدة" in task(member, address).note
    (desk,) = queries.desks(member)
    assert f"/ar/{address}" in [url for _name, url in desk.doors]
    Programme.objects.update(status="adopted")
    assert address not in tasks(member)
    assert f"/ar/{address}" not in [url for _name, url in queries.desks(member)[0].doors]


def test_the_role_without_a_seat_opens_no_door_to_propose() -> None:
    idea = make.idea(make.programme(make.place("tetouan")))
    (desk,) = queries.desks(make.holder(Role.COMMITTEE, idea.place))
    assert not [url for _name, url in desk.doors if "waiting" in url]


@pytest.mark.parametrize("status", ["prepared", "drafting", "rejected", "consulted", "validated", "postponed"])
def test_exactly_three_things_stand_in_front_until_the_council_has_voted(status: str) -> None:
    programme = make.programme(make.place("tetouan"), status=status, opened="ideas")
    bench = queries.bench(make.focal_point(programme.place))
    days = [one.by for one in bench.next]
    assert len(bench.next) == 3 and days == sorted(days)
    assert all(one.by and one.action for one in bench.next)


def test_with_much_to_do_three_things_stand_in_front_and_the_rest_is_folded() -> None:
    programme = make.programme(make.place("tetouan"))
    make.idea(programme)
    make.idea(programme, visibility="held")
    bench = queries.bench(make.focal_point(programme.place))
    assert len(bench.next) == 3 and bench.later
    assert max(one.by for one in bench.next if one.by) <= min(one.by for one in bench.later if one.by)


@pytest.mark.parametrize(
    ("kind", "today", "session"),
    [
        ("commune", date(2026, 7, 10), date(2026, 10, 1)),
        ("region", date(2026, 7, 10), date(2026, 10, 1)),
        ("province", date(2026, 7, 10), date(2026, 9, 1)),
        ("commune", date(2026, 11, 10), date(2027, 2, 1)),
    ],
)
def test_days_are_planned_back_from_the_next_session_of_this_kind_of_council(
    kind: str, today: date, session: date
) -> None:
    with time_machine.travel(timezone.make_aware(timezone.datetime(*today.timetuple()[:3], 9)), tick=False):
        programme = make.programme(make.place("there", kind), status="validated")
        agenda = task(make.focal_point(programme.place), "/council/")
        assert agenda.by == session - timedelta(days=20)
        with translation.override("fr"):
            assert str(session.year) in task(make.focal_point(programme.place), "/council/").why


@pytest.mark.parametrize(
    ("kind", "month", "last"),
    [
        ("commune", "mai 2027", date(2027, 5, 31)),
        ("region", "mars 2027", date(2027, 3, 31)),
        ("province", "juin 2027", date(2027, 6, 30)),
        ("prefecture", "juin 2027", date(2027, 6, 30)),
    ],
)
def test_a_vote_is_awaited_in_the_month_of_the_session_and_on_no_day_that_the_law_does_not_name(
    kind: str, month: str, last: date
) -> None:
    today = timezone.make_aware(timezone.datetime(2027, 2, 10, 9))
    with time_machine.travel(today, tick=False), translation.override("fr"):
        programme = make.programme(make.place("there", kind), status="validated")
        vote = task(make.focal_point(programme.place), "/phases/")
        assert (vote.when, vote.on, vote.by, vote.is_late) == (month, month, last, False)
        assert vote.why.endswith(month)


def test_the_session_planned_for_this_month_is_still_the_one_to_come() -> None:
    with time_machine.travel(timezone.make_aware(timezone.datetime(2026, 10, 9, 9)), tick=False):
        programme = make.programme(make.place("tetouan"), status="validated")
        make.phase(programme, "council", days_ago=20, days_left=20)
        assert calendar_of(programme).sitting == coming_session(programme.place) == date(2026, 10, 1)


def test_what_the_committee_proposes_stands_among_the_next_things_until_it_is_answered() -> None:
    programme = make.programme(make.place("tetouan"), status="consulted")
    for kind in ("ideas", "analysis", "consultation", "council"):
        make.phase(programme, kind)
    alice, idea = make.focal_point(programme.place), make.idea(programme)
    make.idea(programme)
    for side in ("civil", "elected"):
        member = make.seat(programme, side, make.person(side)).person
        ideas.propose(idea, by=member, outcome="outside", reason="الجهة المختصة غيرنا")
    coach = make.holder(Role.COACH, programme.place, "Coach")
    coach.grants.update(until=timezone.localdate() + timedelta(days=9))
    found = task(alice, "/ideas/inbox/?state=proposed")
    assert "فكرة واحدة" in found.note and found in queries.bench(alice).next
    assert not any("state=proposed" in each for each in tasks(coach))
    ideas.decide(idea, by=alice, outcome="outside", reason="الجهة المختصة غيرنا")
    assert not any("state=proposed" in each for each in tasks(alice))


def test_an_idea_left_without_an_answer_is_asked_for_even_after_the_vote() -> None:
    programme = make.programme(make.place("tetouan"), status="adopted")
    make.idea(programme)
    assert "فكرة واحدة" in task(make.focal_point(programme.place), "/ideas/inbox/").text


def test_an_activity_moved_to_a_later_day_is_not_late_and_each_task_leads_to_its_rows() -> None:
    programme = make.programme(make.place("tetouan"), status="adopted")
    project = make.project(programme, activities=2)
    late, moved = project.activities.all()
    today = timezone.localdate()
    project.activities.update(planned_until=today - timedelta(days=9))
    moved.__class__.objects.filter(pk=moved.pk).update(moved_until=today + timedelta(days=5))
    alice = make.focal_point(programme.place)
    assert "نشاط واحد" in task(alice, "/progress/?state=late#rows").text
    assert task(alice, f"/progress/#activity-{moved.pk}").by == today + timedelta(days=5)


def test_without_dates_all_is_planned_back_from_a_session_far_enough_ahead() -> None:
    with time_machine.travel(timezone.make_aware(timezone.datetime(2026, 1, 10, 9)), tick=False):
        programme = make.programme(make.place("tetouan"))
        alice = make.focal_point(programme.place)
        assert task(alice, "/phases/").by == date(2026, 10, 1) - timedelta(days=154)
        assert not any(one.is_late for one in queries.bench(alice).next)


def test_a_phase_that_is_planned_is_what_its_deeds_are_planned_back_from() -> None:
    programme = make.programme(make.place("tetouan"))
    phase = make.phase(programme, "consultation", days_ago=-40, days_left=60)
    draft = task(make.focal_point(programme.place), "/consultation/")
    assert draft.by == phase.planned_from and draft.when == "بعد 40 يوما"


@pytest.mark.parametrize(
    ("days", "said"),
    [(-3, "3 jours de retard"), (-1, "1 jour de retard"), (0, "aujourd’hui"), (1, "demain"), (5, "dans 5 jours")],
)
def test_a_task_says_its_day_in_words(days: int, said: str) -> None:
    with translation.override("fr"):
        assert Task("", "", timezone.localdate() + timedelta(days=days)).when == said


def test_each_deed_is_planned_back_from_a_day_that_has_words() -> None:
    assert {deed.point for deed in DEEDS.values()} <= set(SAID)


def test_a_workshop_held_and_not_written_down_is_asked_for() -> None:
    programme = make.programme(make.place("tetouan"), opened="ideas")
    alice = make.focal_point(programme.place)
    assert task(alice, "/meetings/new/")
    workshop = make.meeting(programme.place, starts_at=timezone.now() - timedelta(days=2))
    assert task(alice, "/ideas/enter/").by == timezone.localdate() + timedelta(days=1)
    make.idea(programme, workshop=workshop, channel="workshop")
    assert "c/tetouan/ideas/enter/" not in tasks(alice)


def test_the_clerk_sees_the_council_only() -> None:
    programme = make.programme(make.place("tetouan"), status="validated")
    make.focal_point(programme.place)
    assert set(tasks(make.holder(Role.CLERK, programme.place))) == {"c/tetouan/council/"}


def test_a_trainer_finds_the_meetings_of_the_place() -> None:
    place = make.place("tetouan")
    (desk,) = queries.desks(make.holder(Role.TRAINER, place))
    assert "/ar/c/tetouan/meetings/" in [url for _name, url in desk.doors]


def test_where_nobody_runs_the_programme_the_clerk_and_the_president_are_asked_to_name_someone() -> None:
    place = make.place("tetouan")
    for role in (Role.CLERK, Role.PRESIDENT):
        assert tasks(make.holder(role, place)) == ["c/tetouan/hand-over/name/"]


def test_a_version_of_the_charter_to_sign_and_a_hand_over_to_read_are_tasks() -> None:
    place = make.member(make.place("tetouan")).place
    make.charter()
    make.hand_over(place, None, make.person("Bob"), days=0)
    named = place.hand_overs.get()
    expected = {"c/tetouan/hand-over/", "members/tetouan/adhere/", "c/tetouan/programme/setup/"}
    assert set(tasks(named.incoming)) == expected


def test_nothing_is_asked_once_all_is_settled_before_the_council() -> None:
    programme = make.programme(make.place("tetouan"), status="on_agenda")
    make.idea(programme)
    assert "c/tetouan/board/" not in tasks(make.focal_point(programme.place))


@pytest.mark.parametrize("status", ["drafting", "consulted", "adopted"])
def test_the_bench_asks_as_many_queries_for_thirty_as_for_one(status: str, sign_in: Callable[[Person], Client]) -> None:
    def asked(programme: Programme) -> int:
        browser = sign_in(make.focal_point(programme.place))
        with CaptureQueriesContext(connection) as queries_:
            assert browser.get(reverse("workbench:workbench")).status_code == 200
        return len(queries_)

    one, many = make.programme(make.place("tetouan"), status=status), make.programme(make.place("sale"), status=status)
    for programme, size in ((one, 1), (many, 30)):
        for _number in range(size):
            make.idea(programme)
            make.project(programme)
        make.meeting(programme.place, starts_at=timezone.now() - timedelta(days=2))
    assert asked(one) == asked(many) <= 42


def test_what_waits_for_a_look_is_asked_for_at_every_step_and_an_appeal_of_somebody_else() -> None:
    programme = make.programme(make.place("tetouan"), status="adopted")
    alice, bob = make.focal_point(programme.place), make.holder(Role.DEPUTY, programme.place)
    team, desk = make.holder(Role.NATIONAL, make.country()), "c/tetouan/moderation/"
    idea = make.idea(programme, author=make.person("Author"))
    assert desk not in tasks(alice)
    moderation.report(idea, by=None, ground="spam")
    assert desk in tasks(alice) and desk in tasks(bob) and not queries.bench(team).next
    ruling = moderation.hide(idea, by=alice, ground="spam", reason="Advertising.")
    assert desk not in tasks(alice)
    moderation.appeal(ruling, by=idea.author, text="It is not.")
    assert desk not in tasks(alice) and desk in tasks(bob)
    assert [one.url for one in queries.bench(team).next] == [f"/ar/c/{make.country().slug}/moderation/"]


def test_the_national_team_finds_its_desks(sign_in: Callable[[Person], Client]) -> None:
    page = sign_in(make.holder(Role.NATIONAL, make.country())).get(reverse("workbench:workbench")).content.decode()
    assert all(reverse(door) in page for door in ("board:board", "pool:requests", "calls:calls", "plan:plan"))
    country = [make.country().slug]
    assert all(reverse(door, args=country) in page for door in ("accounts:people", "moderation:desk"))


def test_the_national_team_is_told_how_many_members_wait_for_a_coach() -> None:
    make.help_request()
    make.help_request(asked_at=timezone.now() - timedelta(days=10))
    found = task(make.holder(Role.NATIONAL, make.country()), "/pool/requests/")
    assert "عضوان" in found.text and found.is_late


def test_a_mission_proposed_waits_on_both_benches() -> None:
    mission = make.mission()
    alice, coach = make.focal_point(mission.place), mission.coach.person
    page = reverse("custody:mission", args=[mission.place.slug, mission.pk])
    assert task(alice, page) and task(coach, page)
    pool.agree(mission, by=alice)
    assert page not in [one.url for one in queries.bench(alice).next]
    assert task(coach, page)


def test_a_coach_finds_the_desks_of_the_mission_and_is_asked_for_the_report(
    sign_in: Callable[[Person], Client],
) -> None:
    programme = make.programme(make.place("tetouan"))
    mission = make.mission(programme.place, "running")
    coach = Person.objects.get(pk=mission.coach.person_id)
    desk = next(one for one in queries.desks(coach) if one.place == programme.place)
    browser = sign_in(coach)
    assert {browser.get(url).status_code for _name, url in desk.doors} == {200}
    urls = [one.url for one in [*desk.next, *desk.later]]
    assert urls and {browser.get(url).status_code for url in urls} == {200}
    assert task(coach, f"/missions/{mission.pk}/end/").by == mission.ends_on


def test_the_last_word_on_a_mission_is_asked_of_the_member() -> None:
    mission = make.mission(status="ended")
    alice = make.focal_point(mission.place)
    assert task(alice, f"/missions/{mission.pk}/")
    pool.say(mission, by=alice, words="شكرا")
    assert not any("/missions/" in one.url for one in queries.bench(alice).later)


def test_residents_see_what_they_gave(sign_in: Callable[[Person], Client]) -> None:
    bob = make.person("Bob")
    idea = make.idea(author=bob)
    page = sign_in(bob).get(reverse("workbench:workbench")).content.decode()
    assert reverse("custody:idea", args=[idea.place.slug, idea.number]) in page


def test_no_desk_is_offered_that_would_only_say_no(sign_in: Callable[[Person], Client]) -> None:
    for status in ("prepared", "consulted", "validated", "adopted"):
        programme = make.programme(status=status)
        if status == "consulted":
            make.draft(programme)
        alice = make.focal_point(programme.place)
        (desk,) = queries.desks(alice)
        browser = sign_in(alice)
        assert {browser.get(url).status_code for _name, url in desk.doors} == {200}


def test_whoever_works_in_two_places_reads_which_task_is_where(sign_in: Callable[[Person], Client]) -> None:
    alice = make.focal_point(make.programme(make.place("tetouan")).place)
    make.grant(alice, Role.DEPUTY, make.programme(make.place("sale", name={"ar": "سلا"})).place)
    assert queries.bench(alice).is_spread
    assert "سلا" in sign_in(alice).get(reverse("workbench:workbench")).content.decode()


def test_an_evaluator_reaches_every_programme_to_evaluate(
    sign_in: Callable[[Person], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 1)
    browser = sign_in(make.holder(Role.EVALUATOR, make.country()))
    waiting = {make.programme(status="closed"), make.programme(status="closed")}
    first = browser.get(reverse("workbench:workbench"))
    second = browser.get(reverse("workbench:workbench") + first.context["next_url"])
    shown = [*first.context["to_review"], *second.context["to_review"]]
    assert {one.programme for one in shown} == waiting
    assert not second.context["next_url"]
