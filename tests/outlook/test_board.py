import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from infitah.ground.accounts.models import Person, Role
from infitah.ground.ledger import actions as ledger
from infitah.ground.territories.models import Territory
from infitah.journey.programmes.models import Phase, Programme
from infitah.lib import tables
from infitah.lib.errors import NotAllowed, NotPossible
from infitah.lib.i18n import Localized
from infitah.network.pool.models import Coach, HelpRequest, Mission, Skill
from infitah.outlook.board import actions, catalog, queries
from infitah.outlook.board.models import PhoneCall, Sign
from infitah.outlook.sentences.queries import SENTENCES
from tests import make

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person], Client]
TODAY = date(2026, 4, 20)


@pytest.fixture(autouse=True)
def in_spring() -> Any:
    """The councils of communes sit in May, those of regions in July, those of provinces in June."""
    with time_machine.travel("2026-04-20T10:00:00+01:00", tick=False):
        yield


@pytest.fixture
def national() -> Person:
    return make.holder(Role.NATIONAL, make.country())


def planned(of: Programme, kind: str, until: int, days: int = 20) -> Phase:
    """A phase whose last planned day lies so many days after today (before, if negative)."""
    last = TODAY + timedelta(days=until)
    first = last - timedelta(days=days)
    at = [timezone.make_aware(timezone.datetime(day.year, day.month, day.day)) for day in (first, last)]
    return Phase.objects.create(
        programme=of, kind=kind, planned_from=first, planned_until=last, opens_at=at[0], closes_at=at[1]
    )


def row_of(person: Person, slug: str) -> queries.Row:
    return next(row for row in queries.board(person, {}).rows if row.member.place.slug == slug)


def helped(place: Territory) -> Mission:
    """A place that asks for help once more while a coach is there."""
    asked = {"place": place, "theme": Skill.objects.first() or Skill.objects.create(code="x", number=1), "text": "…"}
    HelpRequest.objects.create(**asked)
    answered = HelpRequest.objects.create(**asked, status="answered")
    coach = Coach.objects.create(person=make.person("Coach"), place=make.place("coach-home"))
    days = {"starts_on": TODAY, "ends_on": TODAY + timedelta(days=30)}
    return Mission.objects.create(request=answered, coach=coach, place=place, status="running", goals="…", **days)


def states(row: queries.Row) -> dict[str, str]:
    return {kind: cell.state for kind, cell in zip(Phase.Kind.values, row.cells, strict=True)}


# -- the matrix ------------------------------------------------------------------------------------


def test_each_step_stands_against_the_members_own_calendar(national: Person) -> None:
    programme = make.programme(make.place("here"), status="drafting")
    planned(programme, "ideas", -60)
    planned(programme, "analysis", -30)
    planned(programme, "consultation", -5)
    planned(programme, "council", 40)
    planned(programme, "implementation", 400, days=300)
    row = row_of(national, "here")
    assert states(row) == {
        "axes": "none",
        "ideas": "done",
        "analysis": "late",
        "consultation": "late",
        "council": "next",
        "implementation": "next",
        "evaluation": "none",
    }
    assert row.late and (row.late.name, row.late.days) == (str(Phase.Kind.ANALYSIS.label), 30)


@pytest.mark.parametrize(
    ("status", "kind", "is_late"),
    [
        ("prepared", "analysis", True),
        ("consulted", "analysis", False),
        ("drafting", "consultation", True),
        ("consulted", "consultation", False),
        ("validated", "council", True),
        ("adopted", "council", False),
        ("postponed", "implementation", True),
        ("adopted", "implementation", False),
        ("closed", "evaluation", True),
        ("evaluated", "evaluation", False),
        ("prepared", "axes", False),  # worded
        ("prepared", "ideas", False),  # closed
    ],
)
def test_the_page_and_the_filter_agree_on_who_is_late(national: Person, status: str, kind: str, is_late: bool) -> None:
    planned(make.programme(make.place("here"), status=status), kind, -9)
    assert (row_of(national, "here").late is not None) is is_late
    found = queries.board(national, {"attention": "late"})
    assert [row.late and row.late.days for row in found.rows] == ([9] if is_late else [])


def test_axes_not_worded_and_ideas_kept_open_are_late(national: Person) -> None:
    bare = make.programme(make.place("bare"))
    bare.axes.all().delete()
    planned(bare, "axes", -3)
    longer = planned(make.programme(make.place("longer")), "ideas", -4)
    longer.closes_at = timezone.now() + timedelta(days=2)
    longer.save()
    assert {row.member.place.slug for row in queries.board(national, {"attention": "late"}).rows} == {"bare", "longer"}
    assert states(row_of(national, "longer"))["ideas"] == "late"


def test_each_stands_against_the_next_session_of_its_kind_of_council(national: Person) -> None:
    for kind in ("commune", "region", "province"):
        make.programme(make.place(kind, kind), status="drafting")
    make.programme(make.place("ready"), status="validated")
    make.programme(make.place("through"), status="adopted")
    make.member(make.place("waiting"))
    told = {row.member.place.slug: row.sitting for row in queries.board(national, {}).rows}
    # Ready a month before: by 1 April for 1 May, by 2 May for 1 June, by 1 June for 1 July.
    assert told["commune"] == queries.Sitting(date(2026, 5, 1), -19) and told["commune"].short == 19
    assert told["province"] == queries.Sitting(date(2026, 6, 1), 12)
    assert told["region"] == queries.Sitting(date(2026, 7, 1), 42)
    assert told["ready"] == queries.Sitting(date(2026, 5, 1), None)
    assert told["through"] is told["waiting"] is None
    assert [row.member.place.slug for row in queries.board(national, {"attention": "sitting"}).rows] == ["commune"]


def test_who_asks_for_help_and_who_is_coached_is_told(sign_in: SignIn, national: Person) -> None:
    mission = helped(make.member(make.place("here")).place)
    over = helped_before(make.member(make.place("there")).place)
    page = sign_in(national).get("/fr/board/").content.decode()
    assert f"/fr/c/here/missions/{mission.pk}/" in page and "20 mai 2026" in page.replace("\u00a0", " ")
    assert f"/missions/{over.pk}/" not in page
    assert f"/fr/pool/requests/{HelpRequest.objects.get(status='open').pk}/" in page


def helped_before(place: Territory) -> Mission:
    mission = Mission.objects.get()
    asked = HelpRequest.objects.create(place=place, theme=mission.request.theme, text="…", status="withdrawn")
    over = {"starts_on": date(2025, 1, 1), "ends_on": date(2025, 2, 1), "status": "ended", "goals": "…"}
    return Mission.objects.create(request=asked, coach=mission.coach, place=place, **over)


def test_figures_count_what_their_filters_list(national: Person) -> None:
    make.programme(make.place("late"), status="drafting")
    planned(Programme.objects.get(), "council", -2)
    make.member(make.place("silent"), joined_on=date(2025, 1, 1))
    fresh = make.member(make.place("fresh"), joined_on=date(2026, 4, 1))
    helped(fresh.place)
    counted = queries.figures(national)
    assert counted == {name: queries.board(national, {"attention": name}).total for name in counted}
    assert counted == {"late": 1, "sitting": 1, "help": 1, "silent": 2, "coached": 1}


def test_the_board_pages_narrows_and_answers_htmx_with_its_part(sign_in: SignIn, national: Person) -> None:
    region = make.place("region-nord", "region", code="01", name=Localized(fr="Nord"))
    province = make.place("province-x", "province", code="01.1", parent=region, name=Localized(fr="X"))
    for number in range(44):
        make.member(make.place(parent=province, code=f"01.1.{number:02}", is_urban=number % 2 == 0))
    browser = sign_in(national)
    page = browser.get("/fr/board/").content.decode()
    assert "44 membres" in page and page.count('<th scope="row">') == 25 and "after=01.1.24" in page
    assert browser.get("/fr/board/?after=01.1.24").content.decode().count('<th scope="row">') == 19
    part = browser.get("/fr/board/?milieu=rural", headers={"HX-Request": "true"}).content.decode()
    assert "22 membres" in part and "<html" not in part and 'id="found"' in part
    assert "0 membre" in browser.get("/fr/board/?region=nowhere&cohort=9&q=zzz").content.decode()


def test_the_board_asks_at_most_twelve_questions_for_one_member_as_for_thirty(
    sign_in: SignIn, national: Person
) -> None:
    browser = sign_in(national)

    def asked(more: int) -> int:
        for _ in range(more):
            programme = make.programme()
            planned(programme, "council", -9)
            Sign.objects.create(place=programme.place, entry=1, at=timezone.now())
        with CaptureQueriesContext(connection) as captured:
            assert browser.get("/fr/board/").status_code == 200
        return len(captured)

    assert asked(1) == asked(29) <= 12


def test_a_wilaya_sees_its_own_territory_and_changes_nothing(sign_in: SignIn) -> None:
    region = make.place("region-nord", "region", code="01", name=Localized(fr="Nord"))
    province = make.place("province-x", "province", code="01.1", parent=region, name=Localized(fr="X"))
    make.member(make.place("inside", parent=province))
    make.member(make.place("outside"))
    browser = sign_in(make.holder(Role.WILAYA, region))
    assert '/fr/board/"' in browser.get("/fr/workbench/").content.decode()
    page = browser.get("/fr/board/").content.decode()
    assert "/c/inside/" in page and "/c/outside/" not in page and "/board/announce" not in page
    assert b"/c/outside" not in browser.get("/fr/board/members.csv").content
    assert browser.get("/fr/board/cohorts/").status_code == 200
    for address in ("silent/", "announcements/", "announce/"):
        assert browser.get(f"/fr/board/{address}").status_code == 403
    assert browser.post("/fr/board/silent/inside/called/", {"key": uuid4()}).status_code == 403


def test_the_spreadsheets_hold_what_is_listed_and_run_nothing(sign_in: SignIn, national: Person) -> None:
    programme = make.programme(make.place("here", name=Localized(ar="=1+1", fr="+here")), status="drafting")
    planned(programme, "council", -9)
    make.member(make.place("other"))
    browser = sign_in(national)
    head, row = csv.reader(io.StringIO(browser.get("/fr/board/members.csv?attention=late").content.decode()))
    told = dict(zip(head, row, strict=True))
    assert (told["ar"], told["fr"], told["Retard\N{NO-BREAK SPACE}: jours"]) == ("'=1+1", "'+here", "9")
    assert told["Trop tard pour elle\N{NO-BREAK SPACE}: jours"] == "19"
    sheet = tables.rows_of(browser.get("/fr/board/members.xlsx?attention=late").content)
    assert len(sheet) == 2 and sheet[1][1] == "=1+1"
    assert browser.get("/fr/board/members.pdf").status_code == 404


def test_cohorts_stand_side_by_side_and_each_number_opens_its_list(sign_in: SignIn, national: Person) -> None:
    make.programme(make.place("drafting"), status="drafting")
    make.programme(make.place("adopted"), status="adopted")
    make.member(make.place("waiting"))
    browser = sign_in(national)
    page = browser.get("/fr/board/cohorts/").content.decode()
    assert "/fr/board/?cohort=3&amp;step=drafting" in page
    _names, lines = queries.side_by_side(national)
    for line in lines:
        for cohort, number in line.numbers:
            chosen = dict(each.split("=") for each in line.asked.split("&") if each)
            assert queries.board(national, {**chosen, "cohort": cohort}).total == number, line.asked


# -- silence, and calls ------------------------------------------------------------------------------


def test_a_sign_of_life_is_what_the_collectivity_does_itself() -> None:
    programme = make.programme(make.place("here"))
    ledger.record("project.drafted", by=None, on=make.project(programme), place=programme.place)
    ledger.record("idea.submitted", by=None, on=make.idea(programme), place=make.place("given-to"))
    assert (actions.look(), actions.look()) == (1, 1)
    assert [sign.place.slug for sign in Sign.objects.all()] == ["here"]
    with time_machine.travel("2026-05-01T10:00:00+01:00", tick=False):
        ledger.record("meeting.held", by=None, on=programme, place=programme.place)
        actions.look()
    assert timezone.localdate(Sign.objects.get().at) == date(2026, 5, 1)
    assert sorted(set(catalog.SIGNS) - set(SENTENCES)) == []


def silent(slug: str, days: int) -> Any:
    """An active member of which nothing has been seen for so many days."""
    member = make.member(make.place(slug), joined_on=date(2024, 1, 1))
    at = timezone.now() - timedelta(days=days)
    Sign.objects.create(place=member.place, entry=days, at=at)
    return member


def test_the_ten_most_silent_are_listed_with_whom_to_reach(sign_in: SignIn, national: Person) -> None:
    members = [silent(f"silent-{days}", days) for days in range(100, 112)]
    make.member(make.place("never"), joined_on=date(2025, 1, 1))
    make.member(make.place("resting"), joined_on=date(2022, 1, 1), status="dormant")
    found = [(one.member.place.slug, one.days) for one in queries.to_call(national)]
    assert found[:2] == [("never", 474), ("silent-111", 111)] and len(found) == 10
    make.focal_point(members[-1].place, "Amina")
    page = sign_in(national).get("/fr/board/silent/").content.decode()
    assert "Amina" in page and "mailto:amina" in page and "silencieux depuis 111 jours" in page


def test_a_call_is_noted_once_for_the_next_colleague(sign_in: SignIn, national: Person, ledger: Any) -> None:
    member, key = silent("quiet", 200), str(uuid4())
    browser = sign_in(national)
    for _ in range(2):
        answer = browser.post("/fr/board/silent/quiet/called/", {"key": key, "note": "Rappeler lundi <b>"})
        assert answer.status_code == 303
    call = PhoneCall.objects.get()
    assert (call.called_on, call.by, call.member) == (TODAY, national, member)
    assert ledger() == ["member.called"] and "note" not in ledger("member.called")[0].particulars
    page = browser.get("/fr/board/silent/").content.decode()
    assert "Rappeler lundi &lt;b&gt;" in page and "20 avril 2026" in page.replace("\u00a0", " ")
    assert queries.to_call(national) == []
    with time_machine.travel("2026-05-05T10:00:00+01:00", tick=False):
        [again] = queries.to_call(national)
        assert again.noted == call


def test_a_note_that_is_too_long_is_given_back(sign_in: SignIn, national: Person) -> None:
    silent("quiet", 200)
    answer = sign_in(national).post("/fr/board/silent/quiet/called/", {"key": uuid4(), "note": "long " * 300})
    assert answer.status_code == 422 and "long long" in answer.content.decode()
    assert not PhoneCall.objects.exists()


def test_what_was_said_on_the_phone_is_forgotten_after_a_year(national: Person) -> None:
    call = actions.call(make.member(), by=national, note="Rappeler lundi")
    assert (actions.tidy(TODAY + timedelta(days=365)), actions.tidy(TODAY + timedelta(days=366))) == (0, 1)
    call.refresh_from_db()
    assert (call.note, call.called_on) == ("", TODAY)


def test_only_the_national_team_calls_and_nobody_who_has_left(national: Person) -> None:
    member = make.member()
    for person in (None, make.focal_point(member.place), make.holder(Role.WILAYA, make.country())):
        with pytest.raises(NotAllowed):
            actions.call(member, by=person)
    with pytest.raises(NotPossible):
        actions.call(make.member(status="left"), by=national)


def test_the_list_of_calls_asks_as_much_for_one_as_for_thirty(sign_in: SignIn, national: Person) -> None:
    browser = sign_in(national)

    def asked(more: int) -> int:
        for _ in range(more):
            actions.call(make.member(), by=national, note="x")
            make.focal_point(silent(f"s-{uuid4().hex[:8]}", 100).place)
        with CaptureQueriesContext(connection) as captured:
            browser.get("/fr/board/silent/")
        return len(captured)

    assert asked(1) == asked(29)
