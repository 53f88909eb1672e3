from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone, translation

from infitah.ground.accounts.models import Person
from infitah.ground.territories.models import Territory
from infitah.journey.monitoring.models import Report
from infitah.lib.errors import NotAllowed, NotPossible
from infitah.lib.i18n import Localized
from infitah.outlook.commitments import actions, queries
from infitah.outlook.commitments.catalog import BY_CODE, DECLARED, PROOFS
from infitah.outlook.commitments.models import Declaration, Use
from tests import make

pytestmark = pytest.mark.django_db
TEXT = Localized(ar="ميزانية المواطن", fr="Budget citoyen 2026")


@pytest.fixture
def place() -> Territory:
    make.charter()
    return make.member(make.place("tetouan")).place


def found(place: Territory) -> dict[str, queries.Evidence]:
    """The evidence of the place, by its name in French."""
    every = [each for commitment in queries.commitments_of(place) for each in commitment.evidence]
    return {str(proof.name): each for proof, each in zip(PROOFS, every, strict=True)}


def names(place: Territory) -> set[str]:
    return {name for name, each in found(place).items() if each.is_found}


def says(place: Territory, client: Client) -> str:
    return client.get(f"/fr/c/{place.slug}/commitments/").content.decode()


def test_a_member_without_records_shows_five_commitments_and_nothing_found(place: Territory, client: Client) -> None:
    page = says(place, client)
    assert names(place) == set()
    assert [commitment.code for commitment in queries.commitments_of(place)] == ["C1", "C2", "C3", "C4", "C5"]
    assert page.count("pas encore trouvé") >= len(PROOFS)
    assert "Respecter les normes" in page and "Ni note, ni classement" in page


def test_each_record_becomes_evidence_with_its_day_and_its_page(place: Territory, client: Client) -> None:
    programme = make.programme(place)
    now = timezone.now()
    make.idea(programme, channel="workshop")
    make.idea(programme, status="decided", outcome="outside", decided_at=now, received_at=now - timedelta(days=4))
    make.idea(programme, visibility="hidden")
    make.opinion(make.draft(programme))
    make.seat(programme)
    evidence = {proof.name._args[0]: each for proof, each in zip(PROOFS, found(place).values(), strict=True)}  # type: ignore[attr-defined]
    is_found = {name for name, each in evidence.items() if each.is_found}
    assert is_found == {
        "Its programme is published",
        "What residents ask is answered",
        "Ideas were collected online",
        "Ideas were collected in person",
        "The draft was put to consultation online",
        "Civil society sits on the follow-up committee",
        "Ideas are answered",
        "Its projects can be read in several languages",
    }
    assert evidence["Ideas are answered"].note == "1 من 2"
    assert evidence["Civil society sits on the follow-up committee"].on == date(2025, 3, 1)
    assert all(client.get(each.url).status_code == 200 for each in evidence.values() if each.is_found)


def test_work_counts_as_long_as_it_is_recent_and_proved(place: Territory) -> None:
    programme = make.programme(place, status="adopted")
    activity = make.project(programme).activities.get()
    old = Report.objects.create(activity=activity, status="under_way", text="بدأ", reported_on=date(2025, 1, 1))
    assert len(names(place)) == 1
    old.reported_on = timezone.localdate()
    old.save()
    make.proof(activity, visibility="hidden")
    assert len(names(place)) == 2
    make.proof(activity)
    assert "1 من 1" in [each.note for each in found(place).values()]


def test_exchange_between_members_is_evidence_for_the_fourth(place: Territory) -> None:
    theirs = make.project(make.programme(make.place("figuig")))
    make.project(make.programme(place), adapted_from=theirs, title=Localized(ar="فقط"))
    make.project(make.programme(make.place("sale")), reference="MA0001")
    make.project(theirs.programme, reference="MA0001")
    make.project(place.programmes.get(), reference="MA0001", title=Localized(ar="فقط"))
    make.meeting(place, kind="exchange", starts_at=timezone.now() - timedelta(days=3))
    make.meeting(place, kind="exchange", starts_at=timezone.now() + timedelta(days=3))
    fourth = queries.commitments_of(place)[3]
    assert [each.note for each in fourth.evidence if each.is_found] == ["1", "1", "1"]


def test_a_project_under_a_number_of_the_countrys_plan_is_led_with_no_other_collectivity(place: Territory) -> None:
    make.plan(reference="MO0065")
    make.project(make.programme(place), reference="MO0065")
    assert "Projets menés avec d’autres collectivités" not in names(place)


def test_two_members_that_give_a_project_the_same_number_are_seen_to_lead_it_together(
    place: Territory, sign_in: Callable[[Person], Client]
) -> None:
    for there in (place, make.member(make.place("figuig")).place):
        make.programme(there)
        sheet = {"title_ar": "شباك موحد", "reference": "matth0012", "key": str(uuid4())}
        answer = sign_in(make.focal_point(there)).post(f"/fr/c/{there.slug}/board/new/", sheet)
        assert answer.status_code == 303
    with translation.override("fr"):
        assert "Projets menés avec d’autres collectivités" in names(place)


def test_what_members_ask_each_other_counts_as_asked_and_tells_in_how_many_days_it_is_answered(
    place: Territory, client: Client
) -> None:
    now = timezone.now()
    for days, visibility in ((3, "shown"), (40, "hidden")):
        question = make.question(
            make.focal_point(make.place("figuig")), at=now - timedelta(days=days), visibility=visibility
        )
        make.answer(question, make.focal_point(place, "Bob"))
    with translation.override("fr"):
        evidence = {str(proof.code): each for proof, each in zip(PROOFS, found(place).values(), strict=True)}
    assert evidence["question-times"].note == "la moitié en 3 jours au plus"
    assert evidence["advice"].note == "1"
    assert client.get(evidence["question-times"].url).status_code == 200


def test_whoever_has_left_the_committee_no_longer_sits_on_it(place: Territory) -> None:
    seat = make.seat(make.programme(place))
    seat.until = date(2025, 6, 1)
    seat.save()
    assert "La société civile siège au comité de suivi" not in names(place)


def test_taking_the_open_data_of_a_place_is_counted_and_nothing_of_who_took_it(
    place: Territory, client: Client
) -> None:
    for address in (f"/fr/data/ideas.csv?place={place.code}", f"/api/ideas/?place={place.code}"):
        assert client.get(address).status_code == 200
    for address in ("/fr/data/ideas.csv", "/api/ideas/?place=nowhere", f"/api/ideas/?place={place.code}&after=9"):
        assert client.get(address).status_code == 200
    assert Use.objects.get().times == 2
    assert {field.name for field in Use._meta.fields} == {"id", "place", "times", "last_on"}


def test_the_page_asks_as_much_for_thirty_records_as_for_none(
    place: Territory, client: Client, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(32) as asked:
        queries.commitments_of(place)
    programme = make.programme(place)
    for number in range(30):
        make.idea(programme)
        make.declaration(place, kind=["budget", "award", "cndp"][number % 3])
    with django_assert_num_queries(len(asked)):
        queries.commitments_of(place)


def test_whoever_is_no_member_has_no_page(client: Client) -> None:
    assert client.get(f"/fr/c/{make.place().slug}/commitments/").status_code == 404


# -- what is declared ----------------------------------------------------------------------------------


def declare(place: Territory, by: Person | None, **given: Any) -> Declaration:
    given = {"kind": "budget", "text": TEXT, "dated_on": date(2026, 3, 1), "key": uuid4(), **given}
    return actions.declare(place, by=by, **given)


def test_the_focal_point_declares_with_a_document_that_anyone_can_check(
    place: Territory, sign_in: Callable[[Person], Client], client: Client, ledger: Callable[..., list[Any]]
) -> None:
    browser = sign_in(make.focal_point(place))
    page = browser.get("/fr/c/tetouan/commitments/declare/?for=C1").content.decode()
    assert "Budget citoyen" in page and "Prix" not in page
    form = {"kind": "budget", "text_fr": "Budget citoyen 2026", "dated_on": "2026-03-01", "key": str(uuid4())}
    answer = browser.post("/fr/c/tetouan/commitments/declare/", form)
    assert answer.status_code == 422 and "Ajoutez un document" in answer.content.decode()
    late = {**form, "dated_on": str(timezone.localdate() + timedelta(days=1)), "link": "https://example.org/"}
    assert browser.post("/fr/c/tetouan/commitments/declare/", late).status_code == 422
    for _twice in range(2):
        sent = {**form, "document": SimpleUploadedFile("budget.pdf", make.PDF)}
        assert browser.post("/fr/c/tetouan/commitments/declare/", sent).status_code == 303
    declared = Declaration.objects.get()
    page = says(place, client)
    assert declared.document_sha256 in page and "déclaré" in page
    assert b"".join(client.get(f"/files/{declared.document.name}").streaming_content) == make.PDF  # type: ignore[attr-defined]
    assert ledger() == ["evidence.declared"]


def test_a_program_in_disguise_is_not_declared(place: Territory, sign_in: Callable[[Person], Client]) -> None:
    form = {"kind": "budget", "text_fr": "x", "dated_on": "2026-03-01", "key": str(uuid4())}
    sent = {**form, "document": SimpleUploadedFile("budget.pdf", b"MZ\x90\x00\x03")}
    answer = sign_in(make.focal_point(place)).post("/fr/c/tetouan/commitments/declare/", sent)
    assert answer.status_code == 422


def test_only_those_who_run_the_place_declare_and_withdraw(place: Territory) -> None:
    declaration = make.declaration(place)
    for person in (None, make.person(), make.focal_point(make.place("figuig"))):
        with pytest.raises(NotAllowed):
            declare(place, person, link="https://example.org/")
        with pytest.raises(NotAllowed):
            actions.withdraw(declaration, by=person, reason=TEXT)


def test_nothing_is_declared_without_a_document_or_a_link(place: Territory) -> None:
    with pytest.raises(NotPossible):
        declare(place, make.focal_point(place))
    with pytest.raises(IntegrityError, match="declared_with_a_document_or_a_link"), transaction.atomic():
        make.declaration(place, link="")


def test_what_is_withdrawn_stays_with_its_reason_and_counts_no_more(
    place: Territory, sign_in: Callable[[Person], Client], client: Client
) -> None:
    declaration, browser = make.declaration(place), sign_in(make.focal_point(place))
    address = f"/fr/c/tetouan/commitments/{declaration.pk}/withdraw/"
    assert browser.post(address, {}).status_code == 422
    assert browser.post(address, {"reason_fr": "Page fermée par le prestataire"}).status_code == 303
    assert browser.post(address, {"reason_fr": "Encore"}).status_code == 409
    assert queries.declared(place) == []
    page = says(place, client)
    assert "Page fermée par le prestataire" in page and "Déclaré, puis retiré" in page


def test_the_network_page_counts_members_and_ranks_none(place: Territory, client: Client) -> None:
    make.declaration(place)
    make.declaration(place)
    make.idea(make.programme(place))
    counted, members = queries.counted()
    first = {each.name: each.members for each in counted[0][2]}
    assert members == 1 and max(first.values()) == 1
    page = client.get("/fr/charter/commitments/").content.decode()
    assert "Budget citoyen" in page and "Tétouan" not in page


# -- the list behind each count ------------------------------------------------------------------------


def test_each_count_of_the_network_opens_the_members_it_counts(place: Territory, client: Client) -> None:
    programme = make.programme(place)
    make.idea(programme)
    make.draft(programme)
    make.seat(programme)
    make.project(programme)
    make.declaration(place, dated_on=date(2026, 3, 1))
    make.member(make.place("figuig"))
    found, _members = queries.counted()
    for _code, _words, evidence in found:
        for each in evidence:
            shown = queries.showing(each.code)
            assert (shown.total, len(shown.members)) == (each.members, each.members), each.code
    network = client.get("/fr/charter/commitments/").content.decode()
    assert 'href="/fr/charter/commitments/ideas-online/"' in network and "/commitments/coaching/" not in network
    page = client.get("/fr/charter/commitments/ideas-online/").content.decode()
    assert "c/tetouan/" in page and "figuig" not in page and "/c/tetouan/ideas/?channel=website" in page
    page = client.get("/fr/charter/commitments/budget/").content.decode()
    assert "Commune de Tétouan" in page and "mars\xa02026" in page and "/c/tetouan/commitments/#c1" in page


def test_the_members_stand_in_the_order_of_the_register_a_page_at_a_time(
    client: Client, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    first = make.member(make.place("tetouan")).place
    make.declaration(first)
    with django_assert_max_num_queries(5) as few:
        queries.showing("budget")
    made = [first, *(make.member(make.place(f"place-{number}")).place for number in range(30))]
    for each in made[1:]:
        make.declaration(each)
    with django_assert_num_queries(len(few)):
        shown = queries.showing("budget")
    rest = queries.showing("budget", after=shown.after)
    codes = [member.place.code for member, _evidence in shown.members + rest.members]
    assert codes == sorted(place.code for place in made)
    assert (shown.total, rest.after) == (31, "")
    page = client.get("/fr/charter/commitments/budget/").content.decode()
    assert f"?after={shown.after}" in page and "31 membres" in page


def test_whoever_has_left_is_not_in_the_list_nor_what_was_withdrawn(place: Territory, client: Client) -> None:
    make.declaration(place, withdrawn_at=timezone.now(), withdrawn_because=TEXT)
    gone = make.member(make.place("figuig"), status="left").place
    make.declaration(gone)
    assert queries.showing("budget").total == 0
    assert "Pas encore trouvé" in client.get("/fr/charter/commitments/budget/").content.decode()


def test_no_evidence_has_the_word_of_another_and_unknown_evidence_has_no_page(client: Client) -> None:
    assert len(BY_CODE) == len(PROOFS) + len(DECLARED)
    assert client.get("/fr/charter/commitments/score/").status_code == 404
