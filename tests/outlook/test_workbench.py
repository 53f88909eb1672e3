from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from infitah.ground.accounts.models import Person, Role
from infitah.outlook.workbench import queries
from tests import make

pytestmark = pytest.mark.django_db


def tasks(person: Person) -> list[str]:
    (desk,) = queries.desks(person)
    return [task.url.split("/", 2)[2] for task in [*desk.next, *desk.later]]


def test_a_focal_point_without_a_programme_is_asked_to_begin_it() -> None:
    place = make.place("tetouan")
    assert tasks(make.focal_point(place)) == ["c/tetouan/programme/setup/"]


def test_ideas_that_wait_are_counted_and_lead_to_the_board() -> None:
    programme = make.programme(make.place("tetouan"))
    make.idea(programme)
    make.idea(programme)
    alice = make.focal_point(programme.place)
    (desk,) = queries.desks(alice)
    assert "c/tetouan/board/" in tasks(alice)
    assert any("فكرتان" in task.text for task in [*desk.next, *desk.later])


def test_what_is_past_its_day_comes_first_and_says_so() -> None:
    programme = make.programme(make.place("tetouan"))
    make.idea(programme)
    phase = make.phase(programme, "analysis", days_ago=20, days_left=1)
    phase.planned_until = timezone.localdate() - timedelta(days=3)
    phase.save()
    (desk,) = queries.desks(make.focal_point(programme.place))
    assert desk.next[0].is_late and desk.next[0].url.endswith("/board/")


def test_a_replaced_opinion_waits_for_no_reply() -> None:
    draft = make.draft(make.programme(make.place("tetouan")))
    make.opinion(draft, replaced_at=timezone.now())
    alice = make.focal_point(draft.programme.place)
    assert "c/tetouan/consultation/opinions/" not in tasks(alice)
    make.opinion(draft)
    assert "c/tetouan/consultation/opinions/" in tasks(alice)


def test_whoever_does_not_run_the_programme_finds_the_ways_to_follow_it() -> None:
    programme = make.programme(make.place("tetouan"))
    (desk,) = queries.desks(make.holder(Role.COMMITTEE, programme.place))
    assert "/ar/c/tetouan/consultation/" in [url for _name, url in desk.doors]


def test_only_the_next_three_things_stand_in_front() -> None:
    programme = make.programme(make.place("tetouan"))
    make.idea(programme)
    make.idea(programme, visibility="held")
    (desk,) = queries.desks(make.focal_point(programme.place))
    assert len(desk.next) == 3 and desk.later


def test_the_clerk_sees_the_council_only() -> None:
    programme = make.programme(make.place("tetouan"), status="validated")
    assert tasks(make.holder(Role.CLERK, programme.place)) == ["c/tetouan/council/"]


def test_nothing_is_asked_once_all_is_settled_before_the_council() -> None:
    programme = make.programme(make.place("tetouan"), status="on_agenda")
    make.idea(programme)
    assert "c/tetouan/board/" not in tasks(make.focal_point(programme.place))


def test_the_bench_asks_as_many_queries_for_thirty_ideas_as_for_one(
    django_assert_max_num_queries: Callable, sign_in: Callable[[Person], Client]
) -> None:
    programme = make.programme(make.place("tetouan"))
    for _number in range(30):
        make.idea(programme)
    browser = sign_in(make.focal_point(programme.place))
    with django_assert_max_num_queries(40):
        assert browser.get(reverse("workbench:workbench")).status_code == 200


def test_the_national_team_sees_programmes_at_each_step(sign_in: Callable[[Person], Client]) -> None:
    make.programme(make.place("tetouan"), status="adopted")
    make.programme(make.place("agadir"))
    national = sign_in(make.holder(Role.NATIONAL, make.country()))
    page = national.get(reverse("workbench:workbench"), {"status": "adopted"}).content.decode()
    assert "/ar/c/tetouan/" in page and "/ar/c/agadir/" not in page


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
