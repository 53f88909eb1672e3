from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core import mail
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.utils import timezone

from infitah.ground.accounts import actions as accounts
from infitah.ground.accounts import queries as people
from infitah.ground.accounts.models import Contact, Person, Role
from infitah.ground.ledger import actions as sealing
from infitah.lib.errors import NotPossible
from infitah.lib.i18n import Localized
from infitah.lib.text import print_of
from infitah.network.calls import actions, queries
from infitah.network.calls.models import Application, Verdict
from infitah.network.membership import actions as membership
from infitah.network.membership.models import Member
from infitah.outlook.notifications import actions as notifications
from infitah.outlook.opendata import queries as opendata
from infitah.outlook.opendata.catalog import BY_NAME
from infitah.outlook.workbench import queries as workbench
from tests import make, make_calls
from tests.network.test_calls import Ledger, SignIn, answer, begun, filled, link, pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def national() -> Person:
    return make.holder(Role.NATIONAL, make.country(), "Nadia")


# -- the review --------------------------------------------------------------------------------


def test_accepting_admits_and_gives_both_people_their_roles(national: Person, ledger: Ledger) -> None:
    charter, application = make.charter(), make_calls.application(status="submitted")
    place = application.place
    answer(application, national, reason="")
    member = Member.objects.get(place=place)
    assert (member.status, member.cohort) == ("admitted", application.call.cohort)
    (focal,), (deputy,) = people.holders(Role.FOCAL_POINT, place), people.holders(Role.DEPUTY, place)
    assert (focal.full_name, deputy.full_name) == ("Yasmine", "Omar")
    assert ledger() == ["application.accepted", "member.admitted", "role.granted", "role.granted"]
    assert any("/adhere/" in task.url for task in workbench.desks(focal)[0].next)
    signed = {"charter": charter, "function": Localized(fr="Présidente"), "signed_on": date(2026, 2, 1)}
    membership.adhere(member, by=focal, **signed)
    assert Member.objects.get(place=place).status == "active"


def test_asking_for_more_opens_the_application_again(client: Client, national: Person, ledger: Ledger) -> None:
    application = make_calls.application(status="submitted", language="fr")
    answer(application, national, "returned")
    page = client.get(link(application)).content.decode()
    assert "Il manque le cachet" in page
    given = filled(send="1", paper_council=pdf(make.PDF + b"\n% stamped\n%%EOF"))
    assert client.post(link(application), given).status_code == 303
    application.refresh_from_db()
    assert (application.status, application.turn, application.papers.count()) == ("submitted", 3, 2)
    assert application.papers.exclude(replaced_at=None).count() == 1
    assert ledger() == ["application.returned", "application.submitted"]


def test_more_may_be_sent_after_the_call_has_closed(national: Person) -> None:
    application = make_calls.application(status="submitted")
    answer(application, national, "returned")
    with time_machine.travel(application.call.closes_at + timedelta(days=1), tick=False):
        assert actions.submit(application, key=uuid4()).status == "submitted"


def test_a_refusal_has_a_reason_that_is_public_only_if_so_decided(national: Person, ledger: Ledger) -> None:
    first, second = make_calls.application(status="submitted"), make_calls.application(status="submitted")
    with pytest.raises(NotPossible):
        answer(first, national, "refused", reason=" ")
    answer(first, national, "refused")
    answer(second, national, "refused", is_public=True)
    hidden, shown = ledger("application.refused")
    assert "reason_sha256" not in hidden.particulars
    assert shown.particulars["reason_sha256"] == print_of("Il manque le cachet")
    assert [step["text"] for step in queries.history(first, is_applicant=True)] == ["Il manque le cachet"]
    assert [step["text"] for step in queries.history(first, is_applicant=False)] == [""]


def test_words_that_nobody_can_read_are_no_reason_and_no_opinion(national: Person, sign_in: SignIn) -> None:
    application = make_calls.application(status="submitted")
    room = f"/fr/calls/{application.call.number}/applications/{application.pk}/"
    wilaya = make.holder(Role.WILAYA, application.place, "Wafae")
    for nothing in ("\u202e", "👍👍👍", "\u200b"):
        given = {"key": str(uuid4()), "turn": "1", "outcome": "refused", "reason": nothing}
        assert sign_in(national).post(f"{room}answer/", given).status_code == 422
        given = {"key": str(uuid4()), "turn": "1", "stance": "reserved", "text": nothing}
        assert sign_in(wilaya).post(f"{room}advise/", given).status_code == 422
    with pytest.raises(NotPossible):
        answer(application, national, "refused", reason="\u202e")
    assert not application.verdicts.exists() and not application.advices.exists()


def test_the_second_of_two_reviewers_is_told_who_answered_and_when(national: Person, sign_in: SignIn) -> None:
    other = make.holder(Role.NATIONAL, make.country(), "Bachir")
    application = make_calls.application(status="submitted")
    address = f"/fr/calls/{application.call.number}/applications/{application.pk}/answer/"
    key = str(uuid4())
    given = {"key": key, "turn": "1", "outcome": "returned", "reason": "Le cachet manque encore"}
    assert sign_in(national).post(address, given).status_code == 303
    assert sign_in(national).post(address, given).status_code == 303
    late = sign_in(other).post(address, {**given, "key": str(uuid4()), "outcome": "accepted"})
    page = late.content.decode()
    assert late.status_code == 409 and "Nadia" in page and timezone.localtime().strftime("%Y") in page
    assert "Le cachet manque encore" in page
    actions.submit(application, key=uuid4())
    late = sign_in(other).post(address, {**given, "key": str(uuid4()), "outcome": "accepted"})
    assert late.status_code == 409 and "Nadia" in late.content.decode()
    assert Verdict.objects.count() == 1 and not Member.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_accept_at_the_same_moment_admit_once() -> None:
    application = make_calls.application(status="submitted")
    reviewers = [make.holder(Role.NATIONAL, make.country(), name) for name in ("Nadia", "Bachir")]
    together = Barrier(2)

    def accept(person: Person) -> str:
        try:
            together.wait(10)
            answer(application, person)
            return "accepted"
        except NotPossible as refusal:
            return str(refusal.sentence)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(accept, reviewers), key=lambda words: words != "accepted")
    assert said[0] == "accepted" and ("Nadia" in said[1] or "Bachir" in said[1])
    assert (Verdict.objects.count(), Member.objects.count()) == (1, 1)


def test_the_wilaya_gives_its_opinion_in_its_territory_only(sign_in: SignIn, ledger: Ledger) -> None:
    region = make.place("souss", "region")
    inside = make.place("tafraout", parent=make.place("tiznit", "province", parent=region))
    call = make_calls.call()
    mine, other = (
        make_calls.application(call, inside, status="submitted"),
        make_calls.application(call, status="submitted"),
    )
    wilaya = make.holder(Role.WILAYA, region, "Wafae")
    browser, room = sign_in(wilaya), f"/fr/calls/{call.number}/applications/"
    assert browser.get(room).content.decode().count('class="card"') == 1
    assert browser.get(f"{room}{mine.pk}/").status_code == 200
    assert browser.get(f"{room}{other.pk}/").status_code == 403
    given = {"key": str(uuid4()), "turn": "1", "stance": "favourable", "text": "Le conseil est prêt"}
    assert browser.post(f"{room}{mine.pk}/advise/", given).status_code == 303
    assert browser.post(f"{room}{mine.pk}/advise/", given).status_code == 303
    again = browser.post(f"{room}{mine.pk}/advise/", {**given, "key": str(uuid4())})
    assert again.status_code == 409 and "Wafae" in again.content.decode()
    assert browser.post(f"{room}{other.pk}/advise/", given).status_code == 403
    assert browser.post(f"{room}{mine.pk}/answer/", {"outcome": "accepted"}).status_code == 403
    assert browser.post(f"{room}{mine.pk}/advise/", {"turn": "1"}).status_code == 422
    assert ledger() == ["application.advised"]


def test_nobody_else_sees_applications_or_their_papers(sign_in: SignIn, client: Client) -> None:
    application = make_calls.application(status="submitted")
    room = f"/fr/calls/{application.call.number}/applications/"
    paper = f"{room}{application.pk}/papers/{application.papers.get().pk}/"
    for browser, status in (
        (client, 302),
        (sign_in(make.person()), 403),
        (sign_in(make.focal_point(make.place())), 403),
    ):
        assert [browser.get(address).status_code for address in (room, f"{room}{application.pk}/", paper)] == [
            status
        ] * 3
    assert client.get("/files/applications/2026/none.pdf").status_code == 404


def test_papers_are_read_by_their_applicant_and_by_reviewers(client: Client, national: Person, sign_in: SignIn) -> None:
    make.place("figuig")
    application = begun(make_calls.call())
    client.post(link(application), filled(send="1"))
    paper = application.papers.get()
    own = client.get(f"{link(application)}papers/{paper.pk}/").streaming_content
    room = f"/fr/calls/{application.call.number}/applications/{application.pk}/papers/{paper.pk}/"
    assert b"".join(own) == b"".join(sign_in(national).get(room).streaming_content) == make.PDF


def test_the_list_to_review_asks_as_much_for_thirty_as_for_one(
    national: Person, sign_in: SignIn, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    call, browser = make_calls.call(), sign_in(national)
    make_calls.application(call, status="submitted")
    with django_assert_max_num_queries(12) as few:
        browser.get(f"/fr/calls/{call.number}/applications/")
    for _turn in range(30):
        make_calls.application(call, status="submitted")
    with django_assert_num_queries(len(few)):
        page = browser.get(f"/fr/calls/{call.number}/applications/").content.decode()
    assert page.count('class="card"') == queries.PAGE and "before=" in page


# -- told, kept, counted -----------------------------------------------------------------------


def test_every_step_is_mailed_to_the_applicant_and_shown_with_its_day(client: Client, national: Person) -> None:
    make.place("figuig")
    application = begun(make_calls.call())
    client.post(link(application), filled(send="1"))
    application.refresh_from_db()
    answer(application, national, "refused")
    sealing.seal_these(list(sealing.Entry.objects.filter(seal=None).order_by("id")))
    notifications.notify()
    notifications.mail(is_direct=True)
    (message,) = [each for each in mail.outbox if each.to == ["president@example.org"]]
    assert "refusée" in message.body and "/apply/" in message.body
    page = client.get(link(application)).content.decode()
    assert page.count("<time") == 3


def told() -> dict[str, str]:
    """What is mailed of all that happened, and to whom."""
    mail.outbox.clear()
    sealing.seal_these(list(sealing.Entry.objects.filter(seal=None).order_by("id")))
    notifications.notify()
    notifications.mail(is_direct=True)
    return {message.to[0]: message.body for message in mail.outbox}


def test_those_who_read_an_application_are_told_each_time_it_is_sent_and_never_bear_its_link(national: Person) -> None:
    region = make.place("souss", "region")
    province = make.place("tiznit", "province", parent=region)
    wilaya, governor = make.holder(Role.WILAYA, region, "Wafa"), make.holder(Role.WILAYA, province, "Ghali")
    make.holder(Role.WILAYA, make.place("nador", "province"), "Elsewhere")
    application = make_calls.application(at=make.place("tafraout", parent=province))
    for turn in (1, 3):
        actions.submit(application, key=uuid4())
        mailed = told()
        readers = {person.email for person in (national, wilaya, governor)}
        assert mailed.keys() == readers | {application.applicant.email}
        review = f"/calls/{application.call.number}/applications/{application.pk}/"
        assert all(review in mailed[address] and "/apply/" not in mailed[address] for address in readers)
        assert "/apply/" in mailed[application.applicant.email]
        application.refresh_from_db()
        assert application.turn == turn
        if turn == 1:
            answer(application, national, "returned")
            assert told().keys() == {application.applicant.email}
            application.refresh_from_db()


def test_an_opinion_is_told_to_the_national_team_and_the_applicant_alone(national: Person) -> None:
    region = make.place("souss", "region")
    province = make.place("tiznit", "province", parent=region)
    wilaya, _ = make.holder(Role.WILAYA, region, "Wafa"), make.holder(Role.WILAYA, province, "Ghali")
    at = make.place("tafraout", parent=province)
    application = make_calls.application(at=at, status="submitted")
    actions.advise(application, by=wilaya, key=uuid4(), turn=1, stance="reserved", text="نعم")
    mailed = told()
    assert mailed.keys() == {national.email, application.applicant.email}
    assert "/applications/" in mailed[national.email] and "/apply/" not in mailed[national.email]


def test_what_waits_stands_on_the_workbench_of_who_answers(national: Person, sign_in: SignIn) -> None:
    region = make.place("souss", "region")
    inside = make.place("tafraout", parent=make.place("tiznit", "province", parent=region))
    application = make_calls.application(at=inside, status="submitted")
    wilaya = make.holder(Role.WILAYA, region)
    (task,) = workbench.desks(wilaya)[0].next
    assert f"/calls/{application.call.number}/applications/" in task.url
    assert f"/calls/{application.call.number}/applications/" in sign_in(national).get("/fr/workbench/").content.decode()
    actions.advise(application, by=wilaya, key=uuid4(), turn=1, stance="reserved", text="نعم")
    assert not workbench.desks(wilaya)[0].next


def test_names_and_addresses_go_on_their_day_and_what_was_decided_stays() -> None:
    application = make_calls.application(status="refused")
    Contact.objects.update(retain_until=date(2026, 1, 1))
    accounts.purge(date(2026, 1, 2))
    application.refresh_from_db()
    assert (application.applicant, application.president, application.deputy) == (None, None, None)
    assert application.status == "refused" and not Contact.objects.exists()


def test_someone_named_takes_a_copy_and_is_forgotten_with_their_account() -> None:
    application = make_calls.application(status="submitted")
    person = make.person("Yasmine", email=application.focal_point.email)
    kept = people.kept_about(person)["records"]
    assert kept["accounts.contact"][0]["name"] == "Yasmine"
    assert kept["calls.application.focal_point"][0]["id"] == application.pk
    accounts.erase(person, by=person)
    application.refresh_from_db()
    assert application.focal_point is None and application.deputy is not None


def test_the_applicant_takes_a_copy_and_erases(client: Client, ledger: Ledger) -> None:
    sent, draft = make_calls.application(status="submitted"), begun(make_calls.call())
    actions.keep(draft, papers={"council": make.upload()})
    copy = client.get(link(sent) + "copy.json").json()
    assert copy["people"]["deputy"]["name"] == "Omar" and copy["papers"][0]["asked"] == "council"
    links = [link(sent), link(draft)]
    assert [client.post(f"{address}erase/").status_code for address in links] == [303, 303]
    sent.refresh_from_db()
    assert (sent.status, sent.applicant, Application.objects.count()) == ("withdrawn", None, 1)
    assert not Contact.objects.exists() and client.get(links[0]).status_code == 303
    assert ledger()[-2:] == ["application.withdrawn", "application.erased"]


@pytest.mark.django_db(transaction=True)
def test_drafts_and_papers_past_their_time_are_purged_with_their_files() -> None:
    make.country()
    opened_never, sent_never = begun(make_calls.call()), begun(make_calls.call(), "b@example.org")
    actions.keep(sent_never, papers={"council": make.upload()})
    name = sent_never.papers.get().file.name
    assert actions.purge(timezone.localdate()) == {"drafts": 0, "papers": 0}
    assert actions.purge(timezone.localdate() + timedelta(days=8)) == {"drafts": 1, "papers": 0}
    assert not Application.objects.filter(pk=opened_never.pk).exists() and default_storage.exists(name)
    assert actions.purge(timezone.localdate() + timedelta(days=400)) == {"drafts": 1, "papers": 0}
    assert not default_storage.exists(name) and not Contact.objects.exists()


def test_open_data_count_the_applications_of_a_call(national: Person) -> None:
    call = make_calls.call(regions=["09."])
    make_calls.application(call)
    make_calls.application(call, status="submitted")
    answer(make_calls.application(call, status="submitted"), national)
    (line,) = opendata.lines(BY_NAME["calls"], place="09.")
    assert (line["applications"], line["admitted"], line["kinds"]) == (2, 1, "commune")
    assert not list(opendata.lines(BY_NAME["calls"], place="01."))
