"""Calls as the national team writes, publishes and changes them."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from infitah.ground.accounts.models import Person, Role
from infitah.lib.errors import NotAllowed, NotPossible
from infitah.network.calls import actions, queries
from infitah.network.calls.models import Call
from infitah.network.membership.models import Cohort, Member
from tests import make, make_calls
from tests.network.test_calls import Ledger, SignIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def national() -> Person:
    return make.holder(Role.NATIONAL, make.country(), "Nadia")


def written(**fields: Any) -> dict[str, Any]:
    """What the form of a call sends."""
    today = timezone.localdate()
    given = {"key": str(uuid4()), "title_fr": "Bienvenue", "text_fr": "Rejoignez le réseau", "kinds": ["commune"]}
    given |= {"opens_on": str(today), "closes_on": str(today + timedelta(days=30)), "new_cohort": "2027", "places": "2"}
    return {**given, **fields}


def test_the_national_team_writes_a_call_and_publishes_it(
    national: Person, sign_in: SignIn, client: Client, ledger: Ledger
) -> None:
    region = make.place("souss", "region", code="09.")
    browser, given = sign_in(national), written(regions=[region.code], document_1_fr="PAC", required_1="on")
    answered = browser.post("/fr/calls/new/", given)
    assert answered.status_code == 303
    assert browser.post("/fr/calls/new/", given)["Location"] == answered["Location"]
    call = Call.objects.get()
    assert (call.number, call.places, call.regions, call.standing) == (1, 2, ["09."], "draft")
    assert call.documents == [{"id": "d1", "name": {"fr": "PAC"}, "is_required": True}]
    assert (call.cohort.label, call.cohort.number) == ("2027", 1)
    assert client.get("/fr/calls/1/").status_code == 404
    assert "Bienvenue" not in client.get("/fr/calls/").content.decode()
    assert browser.post("/fr/calls/1/publish/").status_code == 303
    assert "Bienvenue" in client.get("/fr/calls/").content.decode()
    assert ledger() == ["cohort.planned", "call.drafted", "call.published"]


def test_a_call_is_open_from_midnight_of_its_first_day_to_midnight_of_its_last(national: Person) -> None:
    """Also in Ramadan, when clocks in Morocco go back: days are of the place, not of a fixed offset."""
    call = make_calls.call(
        opens_at=timezone.make_aware(timezone.datetime(2026, 2, 10)),
        closes_at=timezone.make_aware(timezone.datetime(2026, 2, 20)),
    )
    moments = {"2026-02-09T23:59:00+01:00": "coming", "2026-02-10T00:00:00+01:00": "open"}
    moments |= {"2026-02-19T23:59:59+00:00": "open", "2026-02-20T00:00:00+00:00": "past"}
    for moment, standing in moments.items():
        with time_machine.travel(timezone.datetime.fromisoformat(moment), tick=False):
            assert call.standing == standing, moment


def test_a_call_without_sense_is_refused_with_what_was_typed(national: Person, sign_in: SignIn) -> None:
    given = written(closes_on="2020-01-01", new_cohort="")
    answered = sign_in(national).post("/fr/calls/new/", given)
    page = answered.content.decode()
    assert answered.status_code == 422 and "Rejoignez le réseau" in page
    assert "Le dernier jour vient après le premier" in page
    assert "Choisissez une cohorte" in page and not Call.objects.exists()


def test_a_change_of_dates_stays_on_record(national: Person, sign_in: SignIn, ledger: Ledger) -> None:
    call = make_calls.call()
    page = sign_in(national).get(f"/fr/calls/{call.number}/edit/").content.decode()
    assert "Quatrième appel" in page
    later = call.closes_at + timedelta(days=7)
    actions.change(call, by=national, closes_at=later, title=call.title)
    (entry,) = ledger("call.changed")
    assert entry.particulars["changed"] == ["closes_at"]
    assert entry.particulars["closes_at_before"] == call.closes_at.isoformat()


def test_of_two_who_change_a_call_at_once_the_second_is_told_and_keeps_the_words(
    national: Person, sign_in: SignIn
) -> None:
    call, browser = make_calls.call(), sign_in(national)
    address = f"/fr/calls/{call.number}/edit/"
    given = written(cohort=call.cohort.pk, seen=browser.get(address).context["form"]["seen"].value())
    assert browser.post(address, given).status_code == 303
    assert browser.post(address, given).status_code == 303  # the same form twice changes nothing
    late = browser.post(address, {**given, "places": "", "text_fr": "Autre chose"})
    page = late.content.decode()
    assert late.status_code == 409 and "Quelqu’un d’autre a modifié" in page and "Autre chose" in page
    call.refresh_from_db()
    assert (call.places, call.text) == (2, {"fr": "Rejoignez le réseau"})


def test_a_published_call_is_not_ended_yesterday(national: Person, sign_in: SignIn) -> None:
    call, today = make_calls.call(), timezone.localdate()
    days = {"opens_on": str(today - timedelta(days=9)), "closes_on": str(today - timedelta(days=1))}
    answered = sign_in(national).post(f"/fr/calls/{call.number}/edit/", written(cohort=call.cohort.pk, **days))
    assert answered.status_code == 409 and "aujourd’hui au plus tôt" in answered.content.decode()
    assert actions.change(call, by=national, closes_at=timezone.now() + timedelta(hours=1)).standing == "open"


def test_a_call_that_is_over_is_not_changed(national: Person, sign_in: SignIn) -> None:
    call = make_calls.call(closes_at=timezone.now() - timedelta(days=1))
    assert sign_in(national).get(f"/fr/calls/{call.number}/edit/").status_code == 409
    with pytest.raises(NotPossible):
        actions.change(call, by=national, places=3)


def test_only_the_national_team_writes_calls(sign_in: SignIn) -> None:
    for person in (make.person(), make.focal_point(make.place()), make.holder(Role.WILAYA, make.place())):
        with pytest.raises(NotAllowed):
            actions.draft(by=person, key=uuid4())
        assert sign_in(person).get("/fr/calls/new/").status_code == 403


def test_the_calls_of_before_are_recorded_once_with_their_sources(client: Client, ledger: Ledger) -> None:
    for command in ("import_charter", "import_calls", "import_calls"):
        call_command(command, verbosity=0)
    Member.objects.create(place=make.place(), cohort=Cohort.objects.get(number=2))
    page = client.get("/fr/calls/2/").content.decode()
    assert "janvier 2024" in page and "opengovpartnership" in page
    assert "n’est pas connu" in page and "Tétouan" in page
    assert ledger().count("call.recorded") == 3


def test_the_list_of_calls_asks_as_much_for_thirty_as_for_one(
    client: Client, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    make_calls.call()
    with django_assert_max_num_queries(6) as few:
        client.get("/fr/calls/")
    for _turn in range(30):
        make_calls.call()
    with django_assert_num_queries(len(few)):
        page = client.get("/fr/calls/?before=9999").content.decode()
    assert page.count('class="card"') == queries.PAGE and "before=" in page


def test_the_days_before_a_change_stand_on_the_page_of_the_call(client: Client, national: Person) -> None:
    call = make_calls.call()
    actions.change(call, by=national, closes_at=call.closes_at + timedelta(days=7))
    assert [step["text"] != "" for step in queries.story(call)] == [True]
    assert "Le dernier jour était" in client.get(f"/fr/calls/{call.number}/").content.decode()
