"""The pages of the competency pool and of its missions."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from infitah.ground.accounts.models import Person, Role
from infitah.ground.ledger import actions as ledger_actions
from infitah.ground.ledger.models import Entry
from infitah.lib.errors import NotPossible
from infitah.lib.i18n import Localized
from infitah.network.pool import actions, queries
from infitah.network.pool.models import Coach, HelpRequest, Mission, Skill
from infitah.outlook.notifications.queries import notices_for
from tests import make
from tests.network.test_pool import agreed, proposed

pytestmark = pytest.mark.django_db


@pytest.fixture
def national() -> Person:
    return make.holder(Role.NATIONAL, make.country(), "Nadia")


def test_only_the_coach_agrees_to_be_named(national: Person, client: Client) -> None:
    coach = make.coach("Karima")
    words = {"skills": Skill.objects.all(), "languages": ["ar"], "capacity": 2, "note": Localized()}
    actions.describe(coach, by=national, **words, is_available=True, is_named=True)
    page = client.get(reverse("pool:pool")).content.decode()
    assert "Karima" not in page
    actions.describe(coach, by=coach.person, **words, is_available=True, is_named=True)
    assert "Karima" in client.get(reverse("pool:pool")).content.decode()


def test_the_national_team_takes_a_focal_point_into_the_pool(
    national: Person, sign_in: Callable[[Person], Client]
) -> None:
    alice = make.focal_point(make.place("sale"))
    sent = {"email": alice.email, "skills": [Skill.objects.get(code="ideas").pk], "languages": ["ar"], "capacity": 2}
    team, address = sign_in(national), reverse("pool:enrol")
    assert team.post(address, {**sent, "email": make.person("Bob").email}).status_code == 422
    for _turn in range(2):
        assert team.post(address, sent).status_code == 303
    assert Coach.objects.get().place.slug == "sale"


def test_the_whole_way_through_the_pages(national: Person, sign_in: Callable[[Person], Client]) -> None:
    place = make.place("tetouan")
    make.member(place)
    alice, coach, today = make.focal_point(place), make.coach(), timezone.localdate()
    focal, team, helper = sign_in(alice), sign_in(national), sign_in(coach.person)
    sent = {"key": uuid4(), "theme": Skill.objects.get(code="workshops").pk, "language": "ar"}
    refused = focal.post(reverse("pool:help", args=["tetouan"]), {**sent, "text": "قصير"})
    assert refused.status_code == 422 and "قصير" in refused.content.decode()
    assert focal.post(reverse("pool:help", args=["tetouan"]), {**sent, "text": "كيف ننشط ورشة؟"}).status_code == 303
    asked = HelpRequest.objects.get()
    days = {"key": uuid4(), "starts_on": today, "ends_on": today + timedelta(days=20), "goals": "ورشتان منظمتان"}
    assert team.get(reverse("pool:requests")).status_code == 200
    assert team.post(reverse("pool:propose", args=[asked.pk]), days).status_code == 422
    assert team.post(reverse("pool:propose", args=[asked.pk]), {**days, "coach": coach.pk}).status_code == 303
    mission = Mission.objects.get()
    here = ["tetouan", mission.pk]
    assert sign_in(make.person()).get(reverse("custody:mission", args=here)).status_code == 403
    for browser in (helper, focal):
        assert browser.post(reverse("pool:agree", args=here)).status_code == 303
    note = {"key": uuid4(), "on": today, "text": "لقاء أول"}
    for _turn in range(2):
        assert helper.post(reverse("pool:note", args=here), note).status_code == 303
    assert mission.notes.count() == 1
    public = sign_in(make.person()).get(reverse("custody:mission", args=here)).content.decode()
    assert "لقاء أول" not in public and "ورشتان منظمتان" not in public and "Karima" not in public
    assert "لقاء أول" in focal.get(reverse("custody:mission", args=here)).content.decode()
    ended = {"report": "نشطنا ورشتين", "change": "صار الفريق يعرف"}
    assert helper.post(reverse("pool:end", args=here), ended).status_code == 303
    assert focal.post(reverse("pool:say", args=here), {"words": "شكرا جزيلا"}).status_code == 303
    public = sign_in(make.person()).get(reverse("custody:mission", args=here)).content.decode()
    assert "صار الفريق يعرف" in public and "شكرا جزيلا" in public and "نشطنا ورشتين" not in public


def test_the_page_of_the_member_says_until_when_a_coach_helps(client: Client) -> None:
    place = make.place("tetouan")
    make.programme(place)
    mission = make.mission(place, "running")
    assert reverse("custody:mission", args=["tetouan", mission.pk]) in client.get("/ar/c/tetouan/").content.decode()


def test_those_concerned_are_told_and_nobody_of_what_they_did(national: Person) -> None:
    mission = proposed(national)
    alice = make.focal_point(mission.place)
    actions.agree(mission, by=alice)
    ledger_actions.seal_these(list(Entry.objects.order_by("id")))
    told = {(notice.person.pseudonym, notice.entry) for notice in notices_for(1) if notice.person}
    first, second = Entry.objects.filter(action__startswith="mission.").order_by("id").values_list("id", flat=True)
    assert told == {("Karima", first), ("Alice", first), ("Karima", second), ("Nadia", second)}


def test_lists_ask_as_many_queries_for_many_as_for_one(
    national: Person, sign_in: Callable[[Person], Client], django_assert_max_num_queries: Callable[..., Any]
) -> None:
    team = sign_in(national)
    for _turn in range(12):
        make.mission(status="running", coach=make.coach(f"K{_turn}"))
    asked = make.help_request()
    pages = [reverse("pool:pool"), reverse("pool:requests"), reverse("pool:propose", args=[asked.pk])]
    for page in [*pages, f"{pages[1]}?status=answered"]:
        with django_assert_max_num_queries(18):
            assert team.get(page).status_code == 200


def test_what_comes_too_late_is_told_in_the_form_and_what_was_typed_stays(
    national: Person, sign_in: Callable[[Person], Client]
) -> None:
    mission, coach, alice = agreed(national)
    here, focal = [mission.place.slug, mission.pk], sign_in(alice)
    for name in ("decline", "say"):  # what the mission is not open to is not offered by its address either
        assert focal.get(reverse(f"pool:{name}", args=here)).status_code == 409
    assert focal.get(reverse("pool:cut_short", args=here)).status_code == 200
    actions.cut_short(mission, by=coach, reason="لا وقت لي")
    note = {"key": uuid4(), "on": timezone.localdate(), "text": "لقاء أخير مع الجمعيات"}
    late = focal.post(reverse("pool:note", args=here), note)
    assert late.status_code == 409 and "لقاء أخير مع الجمعيات" in late.content.decode()
    report = {"report": "نشطنا ورشتين", "change": "صار الفريق يعرف"}
    for _twice in range(2):
        assert sign_in(coach).post(reverse("pool:end", args=here), report).status_code == 303
    other = sign_in(coach).post(reverse("pool:end", args=here), {**report, "report": "تقرير ثان مختلف"})
    assert other.status_code == 409 and "تقرير ثان مختلف" in other.content.decode()


def test_words_that_nobody_can_read_are_no_reason(national: Person, sign_in: Callable[[Person], Client]) -> None:
    mission, coach, _alice = agreed(national)
    for nothing in ("\u202e", "👍👍", ""):
        sent = sign_in(coach).post(
            reverse("pool:cut_short", args=[mission.place.slug, mission.pk]), {"reason": nothing}
        )
        assert sent.status_code == 422
    with pytest.raises(NotPossible):
        actions.cut_short(mission, by=coach, reason="\u202e")


def test_a_proposal_that_nobody_agreed_to_in_time_frees_the_coach_and_the_request(national: Person) -> None:
    coach = make.coach(capacity=1)
    mission = proposed(national, coach=coach)
    with time_machine.travel(timezone.now() + timedelta(days=12), tick=False):
        actions.keep_time(timezone.localdate())
        mission.refresh_from_db()
        assert (mission.status, mission.request.status) == ("declined", "open") and "مضى" in mission.why
        days = {"starts_on": timezone.localdate(), "ends_on": timezone.localdate() + timedelta(days=9)}
        proposed(national, coach=coach, asked=mission.request, **days)


def test_the_figures_count_the_missions_that_are_listed(national: Person) -> None:
    today = timezone.localdate()
    _begun = agreed(national)
    early, coach, _alice = agreed(national, starts_on=today + timedelta(days=3), coach=make.coach("Driss"))
    actions.cut_short(early, by=coach, reason="لم يعد الوقت يسمح")
    figures = queries.figures()
    assert len(queries.public_missions()[0]) == figures.running + figures.ended == figures.places == 1
