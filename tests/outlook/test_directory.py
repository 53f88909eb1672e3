from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from infitah.ground.ledger import actions as ledger
from infitah.ground.territories.models import Territory
from infitah.lib.i18n import Localized
from infitah.outlook.directory import queries
from infitah.outlook.sentences.queries import SENTENCES
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def province() -> Territory:
    region = make.place("region-nord", "region", code="01", name=Localized(fr="Nord"))
    return make.place("province-x", "province", code="01.1", parent=region, name=Localized(fr="X"))


def asked(browser: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(address).status_code == 200
    return len(captured)


def test_the_directory_narrows_and_pages(client: Client, province: Territory) -> None:
    make.member(province.parent)
    for number in range(28):
        make.member(make.place(parent=province, code=f"01.1.{number:02}", is_urban=number % 2 == 0))
    make.member(make.place(code="09.1"), status="left")
    page = client.get("/fr/members/").content.decode()
    assert "29 membres" in page
    assert page.count('<li class="card">') == 25
    assert "after=01.1.23" in page
    assert client.get("/fr/members/?after=01.1.23").content.decode().count('<li class="card">') == 4
    assert "28 membres" in client.get("/fr/members/?kind=commune&region=region-nord").content.decode()
    assert "14 membres" in client.get("/fr/members/?milieu=rural").content.decode()
    assert "29 membres" in client.get("/fr/members/?cohort=3").content.decode()
    assert "1 membre" in client.get("/fr/members/?status=left").content.decode()
    assert "Aucun membre" in client.get("/fr/members/?q=zzz").content.decode()
    part = client.get("/fr/members/?kind=region", headers={"HX-Request": "true"}).content.decode()
    assert "1 membre" in part and "<html" not in part


def test_the_step_is_that_of_the_latest_programme(client: Client) -> None:
    for name, status in [("begun", "drafting"), ("through", "adopted")]:
        make.programme(make.place(name, name=Localized(fr=name)), status=status)
    make.member(make.place("waiting", name=Localized(fr="waiting")))
    for step, name in [("drafting", "begun"), ("adopted", "through"), ("none", "waiting")]:
        page = client.get(f"/fr/members/?step={step}").content.decode()
        assert "1 membre" in page and f"/c/{name}/since/" in page
    assert "3 membres" in client.get("/fr/members/?step=nonsense").content.decode()


def test_where_ideas_or_opinions_can_be_given_now_is_listed(client: Client) -> None:
    for kind in ("ideas", "consultation", "council"):
        make.programme(make.place(f"in-{kind}"), opened=kind)
    for kind in ("ideas", "consultation"):
        page = client.get(f"/fr/members/?open={kind}").content.decode()
        assert "1 membre" in page and f"/c/in-{kind}/since/" in page


@pytest.mark.parametrize("typed", ["TETOUAN", "tétouan", "تطوان", "تِطْوَان"])
def test_any_spelling_finds_a_member(client: Client, typed: str) -> None:
    make.member(make.place("tetouan", search="تطوان tetouan"))
    make.member(make.place("figuig", search="فكيك figuig"))
    assert "1 membre" in client.get("/fr/members/", {"q": typed}).content.decode()


def test_the_map_counts_what_is_listed_and_comes_along(client: Client, province: Territory) -> None:
    Territory.objects.filter(pk=province.parent_id).update(outline="M0 0l10 0l0 10z")
    make.member(make.place(parent=province, is_urban=True))
    make.member(make.place(parent=province, is_urban=False))
    assert "Nord: 2" in client.get("/fr/members/").content.decode()
    part = client.get("/fr/members/?milieu=urban", headers={"HX-Request": "true"}).content.decode()
    assert "Nord: 1" in part and 'hx-swap-oob="true"' in part and "milieu=urban&amp;region=region-nord" in part


def test_the_directory_asks_as_much_for_one_member_as_for_thirty(client: Client, province: Territory) -> None:
    make.member(make.place(parent=province))
    first = asked(client, "/fr/members/")
    for _ in range(29):
        make.member(make.place(parent=province))
    assert asked(client, "/fr/members/") == first <= 9


def test_the_spreadsheet_has_the_same_filters_and_no_cell_of_it_runs(client: Client, province: Territory) -> None:
    make.programme(make.place(parent=province, name=Localized(ar="=cmd()", fr="+1")))
    make.member(make.place("other"))
    answer = client.get("/fr/members/members.csv?step=prepared")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    rows = answer.content.decode().splitlines()
    assert len(rows) == 2
    assert "'=cmd(),'+1,Commune,X" in rows[1] and "En préparation" in rows[1]


# -- since it joined -------------------------------------------------------------------------------


def test_the_story_is_told_latest_first_with_the_day_it_happened(client: Client) -> None:
    programme = make.programme(make.place("here"), status="adopted")
    member, place = programme.place.membership, programme.place
    ledger.record("programme.adopted", by=None, on=programme, place=place, sits_on="2025-10-07")
    ledger.record("charter.signed", by=None, on=member, place=place, signed_on="2025-02-03")
    ledger.record("idea.submitted", by=None, on=make.idea(programme), place=place)
    ledger.record("member.rested", by=None, on=member, place=place)
    told, before = queries.story(member)
    assert [(moment.line.entry.action, moment.on) for moment in told] == [
        ("member.rested", timezone.localdate()),
        ("programme.adopted", date(2025, 10, 7)),
        ("charter.signed", date(2025, 2, 3)),
    ]
    assert (len(told), before) == (3, None)
    page = client.get("/fr/c/here/since/").content.decode()
    assert "7 octobre 2025" in page.replace("\u00a0", " ") and "/fr/c/here/programme/" in page


def test_its_counts_open_the_lists_they_count(client: Client) -> None:
    programme = make.programme(make.place("here"))
    make.idea(programme)
    make.idea(programme, status="decided", outcome="kept", decided_at="2025-05-05T10:00Z")
    make.meeting(programme.place)
    counted = {each.url: each.number for each in queries.counts(programme.place.membership)}
    assert counted == {
        "/ar/c/here/ideas/": 2,
        "/ar/c/here/ideas/?state=answered": 1,
        "/ar/c/here/meetings/": 1,
    }
    assert all(client.get(url).status_code == 200 for url in counted)


def test_only_a_member_has_a_story_and_one_that_left_keeps_it(client: Client) -> None:
    make.place("stranger")
    assert client.get("/fr/c/stranger/since/").status_code == 404
    make.member(make.place("gone"), status="left")
    assert client.get("/fr/c/gone/since/").status_code == 200
    make.member(make.place("unsigned"), status="admitted", joined_on=None)
    assert client.get("/fr/c/unsigned/since/").status_code == 404


def test_the_story_asks_as_much_for_one_moment_as_for_thirty_and_goes_on(client: Client) -> None:
    member = make.member(make.place("here"))

    def happen(times: int) -> None:
        for _ in range(times):
            ledger.record("member.rested", by=None, on=member, place=member.place)

    happen(1)
    first = asked(client, "/fr/c/here/since/")
    happen(29)
    assert asked(client, "/fr/c/here/since/") == first
    page = client.get("/fr/c/here/since/").content.decode()
    before = page.partition("?before=")[2].partition('"')[0]
    assert client.get(f"/fr/c/here/since/?before={before}").content.decode().count("<time") == 5


def test_every_moment_of_the_story_has_its_sentence() -> None:
    assert sorted(set(queries.STORY) - set(SENTENCES)) == []


def test_no_public_page_of_the_directory_ranks(client: Client) -> None:
    make.member(make.place("here", code="02"))
    make.member(make.place("there", code="01"))
    found = [member.place.code for member in queries.directory_page({}).members]
    assert found == ["01", "02"]


def test_the_member_page_leads_to_its_story(client: Client) -> None:
    make.programme(make.place("here"))
    assert "/fr/c/here/since/" in client.get("/fr/c/here/").content.decode()
