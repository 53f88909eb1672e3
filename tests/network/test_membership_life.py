"""Versions of the charter, turns in the life of a member, cohorts whose cycles overlap."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from hashlib import sha256
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from infitah.ground.accounts.models import Person, Role
from infitah.ground.ledger.models import Entry
from infitah.ground.territories.models import Territory
from infitah.journey.programmes import actions as programmes
from infitah.journey.programmes import queries as cycles
from infitah.lib.errors import NotAllowed, NotPossible
from infitah.lib.i18n import Localized
from infitah.network.membership import actions, queries
from infitah.network.membership.models import Adhesion, Change, Charter, Cohort, Member
from tests import make

pytestmark = pytest.mark.django_db
WHY = Localized(ar="قرر المجلس ذلك", fr="Le conseil l'a décidé")
FUNCTION = Localized(fr="Présidente")
WORDS = {"ar": "نص", "fr": "Texte", "en": "Text"}


@pytest.fixture
def national() -> Person:
    return make.holder(Role.NATIONAL, make.country())


@pytest.fixture
def place() -> Territory:
    return make.place("tetouan")


def today(days: int = 0) -> date:
    return timezone.localdate() + timedelta(days=days)


def worded(days: int = 30, **words: Any) -> dict[str, Any]:
    commitments = [{"id": f"C{number}", **WORDS} for number in range(1, 6)]
    return {"text": Localized(WORDS), "commitments": commitments, "in_force_on": today(days), "source": "", **words}


def second(national: Person, days: int = 0) -> Charter:
    make.charter()
    return actions.publish_charter(actions.draft_charter(by=national, **worded(days)), by=national)


def sign(member: Member, by: Person, charter: Charter, **given: Any) -> Adhesion:
    given = {"signed_on": date(2026, 2, 1), **given}
    return actions.adhere(member, charter=charter, function=FUNCTION, by=by, **given)


# -- versions of the charter -------------------------------------------------------------------------


def test_a_draft_is_reworded_until_it_is_published_and_never_after(national: Person, client: Client) -> None:
    make.charter()
    draft = actions.draft_charter(by=national, **worded(text=Localized(fr="Premier jet")))
    assert actions.draft_charter(by=national, **worded()) == draft
    assert client.get("/fr/charter/2/").status_code == 404
    published = actions.publish_charter(draft, by=national)
    with pytest.raises(NotPossible, match="published|publiée|منشورة"):
        actions.publish_charter(published, by=national)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Charter.objects.filter(pk=published.pk).update(text={"fr": "Autre chose"})
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Charter.objects.filter(pk=published.pk).delete()


def test_one_version_is_drafted_at_a_time() -> None:
    Charter.objects.create(version=8, in_force_on=today(), published_at=None)
    with pytest.raises(IntegrityError, match="one_charter_is_drafted_at_a_time"), transaction.atomic():
        Charter.objects.create(version=9, in_force_on=today(), published_at=None)


def test_only_the_national_team_words_the_charter(place: Territory) -> None:
    for person in (None, make.person(), make.focal_point(place)):
        with pytest.raises(NotAllowed):
            actions.draft_charter(by=person, **worded())


def test_a_version_is_published_whole_and_for_days_to_come(national: Person) -> None:
    make.charter()
    for lacking in (worded(text=Localized(ar="نص", fr="Texte")), worded(commitments=[]), worded(days=-1)):
        draft = actions.draft_charter(by=national, **lacking)
        with pytest.raises(NotPossible):
            actions.publish_charter(draft, by=national)
    actions.publish_charter(actions.draft_charter(by=national, **worded(days=30)), by=national)
    sooner = actions.draft_charter(by=national, **worded(days=20))
    with pytest.raises(NotPossible):
        actions.publish_charter(sooner, by=national)


def test_a_version_to_come_is_announced_and_the_one_in_force_shown(national: Person, client: Client) -> None:
    upcoming = second(national, days=10)
    page = client.get("/fr/charter/").content.decode()
    assert "Version 1, en vigueur depuis" in page and "La version 2 est publiée" in page
    assert "en vigueur à partir du" in client.get("/fr/charter/2/").content.decode()
    with time_machine.travel(timezone.now() + timedelta(days=11), tick=False):
        assert queries.current_charter() == upcoming
        assert "Une version plus récente est en vigueur" in client.get("/fr/charter/1/").content.decode()


def test_a_new_version_asks_members_to_adhere_again_and_the_old_adhesion_stays(
    national: Person, place: Territory, client: Client
) -> None:
    member = make.member(place)
    sign(member, national, make.charter())
    assert queries.charter_awaited(place) is None
    latest = second(national)
    assert queries.charter_awaited(place) == latest
    assert [(one.pk, one.signed) for one in queries.awaited(latest)[0]] == [(member.pk, 1)]
    assert "tetouan" in client.get("/fr/charter/awaited/").content.decode()
    assert "1 membre n’a signé qu’une version antérieure" in client.get("/fr/charter/2/").content.decode()
    sign(member, national, latest)
    assert queries.awaited(latest) == ([], "") and queries.awaited_count(latest) == 0
    page = client.get("/fr/members/tetouan/").content.decode()
    assert "Version 1 de la charte" in page and "Version 2 de la charte" in page


def test_focal_points_and_deputies_of_members_are_told_of_a_new_version(national: Person, place: Territory) -> None:
    make.member(place)
    make.focal_point(place, "Alice")
    make.holder(Role.DEPUTY, place, "Daoud")
    make.focal_point(make.place("outside"), "Zoe")
    second(national)
    asked = "صدرت صيغة جديدة من الميثاق تدعو جماعتكم الترابية إلى تجديد انضمامها."
    assert make.told() == {"Alice": [asked], "Daoud": [asked]}


def test_the_list_of_those_asked_again_costs_the_same_for_one_and_for_thirty(
    national: Person, client: Client, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    first = make.charter()
    sign(make.member(), national, first)
    second(national)
    with django_assert_max_num_queries(6) as asked:
        client.get("/fr/charter/awaited/")
    for _ in range(29):
        sign(make.member(), national, first)
    with django_assert_num_queries(len(asked)):
        page = client.get("/fr/charter/awaited/").content.decode()
    assert "30 membres" in page and "?after=" in page


def test_the_same_form_of_signing_sent_twice_is_one_adhesion(national: Person, place: Territory) -> None:
    member, key = make.member(place), "00000000-0000-4000-8000-000000000001"
    assert sign(member, national, make.charter(), key=key) == sign(member, national, make.charter(), key=key)
    assert Adhesion.objects.count() == 1


def test_a_draft_is_not_signed(national: Person, place: Territory) -> None:
    make.charter()
    draft = actions.draft_charter(by=national, **worded())
    with pytest.raises(NotPossible):
        sign(make.member(place), national, draft)


def test_the_national_team_words_and_publishes_through_pages(
    sign_in: Callable[[Person], Client], national: Person, client: Client
) -> None:
    make.charter()
    browser = sign_in(national)
    assert "Respecter les normes" in browser.get("/fr/charter/draft/").content.decode()
    form = {f"c{n}_{language}": text for n in range(1, 6) for language, text in WORDS.items()}
    form |= {f"text_{language}": f"{text} nouveau" for language, text in WORDS.items()}
    answer = browser.post("/fr/charter/draft/", {**form, "in_force_on": "demain"})
    assert answer.status_code == 422 and "Texte nouveau" in answer.content.decode()
    assert browser.post("/fr/charter/draft/", {**form, "in_force_on": str(today())}).status_code == 303
    assert "Publier cette version" in browser.get("/fr/charter/draft/").content.decode()
    answer = browser.post("/fr/charter/draft/publish/")
    assert (answer.status_code, answer["Location"]) == (303, "/fr/charter/2/")
    assert "Texte nouveau" in client.get("/fr/charter/").content.decode()
    assert browser.post("/fr/charter/draft/publish/").status_code == 409


def test_of_two_who_draft_at_once_the_second_is_told_and_keeps_the_words(
    sign_in: Callable[[Person], Client], national: Person
) -> None:
    make.charter()
    browser = sign_in(national)
    form = {f"c{n}_{language}": text for n in range(1, 6) for language, text in WORDS.items()}
    form |= {"text_fr": "De l'une", "in_force_on": str(today()), "seen": seen(browser)}
    assert browser.post("/fr/charter/draft/", form).status_code == 303
    assert browser.post("/fr/charter/draft/", form).status_code == 303  # the same form twice changes nothing
    late = browser.post("/fr/charter/draft/", {**form, "text_fr": "De l'autre"})
    page = late.content.decode()
    assert late.status_code == 409 and "Quelqu’un d’autre a modifié" in page and "De l&#x27;autre" in page
    assert Charter.objects.get(published_at=None).text == {"fr": "De l'une"}
    meant = {**form, "text_fr": "De l'autre", "seen": seen(late)}
    assert browser.post("/fr/charter/draft/", meant).status_code == 303
    assert Charter.objects.get(published_at=None).text == {"fr": "De l'autre"}


def seen(of: Client | Any) -> str:
    """The mark that the form of the draft carries."""
    page = of.get("/fr/charter/draft/") if isinstance(of, Client) else of
    return str(page.context["form"]["seen"].value())


def test_what_is_published_is_what_was_read(sign_in: Callable[[Person], Client], national: Person) -> None:
    make.charter()
    browser, draft = sign_in(national), actions.draft_charter(by=national, **worded())
    read = browser.get("/fr/charter/draft/").context["seen"]
    actions.draft_charter(by=national, **worded(text=Localized(WORDS, ar="نص آخر")))
    assert browser.post("/fr/charter/draft/publish/", {"seen": read}).status_code == 409
    draft.refresh_from_db()
    assert draft.published_at is None


@pytest.mark.django_db(transaction=True)
def test_two_who_begin_a_draft_at_the_same_moment_leave_one() -> None:
    make.charter()
    national, together = make.holder(Role.NATIONAL, make.country()), Barrier(2)

    def write(text: str) -> int:
        try:
            together.wait(10)
            return actions.draft_charter(by=national, **worded(text=Localized(fr=text))).version
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(write, ("Une", "Deux"))) == [2, 2]
    assert Charter.objects.filter(published_at=None).count() == 1


def test_an_address_too_long_for_its_place_is_refused(sign_in: Callable[[Person], Client], national: Person) -> None:
    browser, address = sign_in(national), f"https://example.org/{'a' * 200}"
    form = {"number": 4, "label": "2026-2028", "enrolled_on": "2026-01-01", "source": address}
    assert browser.post("/fr/members/cohorts/new/", form).status_code == 422


# -- dormant, return, leave, cohorts -------------------------------------------------------------------


def test_turns_carry_their_day_and_reason_in_public_and_are_told(
    sign_in: Callable[[Person], Client], national: Person, place: Territory, client: Client
) -> None:
    make.member(place)
    make.focal_point(place)
    browser = sign_in(national)
    form = {"reason_fr": "Renouvellement du conseil", "on": "2026-03-01"}
    assert browser.get("/fr/members/tetouan/rest/").status_code == 200
    answer = browser.post("/fr/members/tetouan/rest/", {**form, "on": str(today(1))})
    assert answer.status_code == 422 and "Renouvellement du conseil" in answer.content.decode()
    assert browser.post("/fr/members/tetouan/rest/", {**form, "reason_fr": ""}).status_code == 422
    assert browser.post("/fr/members/tetouan/rest/", form).status_code == 303
    page = client.get("/fr/members/tetouan/").content.decode()
    assert "Renouvellement du conseil" in page and "1er\u00a0mars\u00a02026" in page
    assert browser.post("/fr/members/tetouan/rest/", form).status_code == 409
    assert browser.post("/fr/members/tetouan/wake/", {**form, "on": "2026-02-01"}).status_code == 422
    assert browser.post("/fr/members/tetouan/wake/", {**form, "on": "2026-04-01"}).status_code == 303
    assert len(make.told()["Alice"]) == 2


def test_a_change_is_recorded_with_a_document_that_anyone_can_check(
    sign_in: Callable[[Person], Client], national: Person, place: Territory, client: Client
) -> None:
    member, browser = make.member(place, joined_on=date(2025, 1, 1)), sign_in(national)
    form = {"reason_fr": "Décision du conseil", "on": str(today())}
    assert "multipart/form-data" in browser.get("/fr/members/tetouan/rest/").content.decode()
    program = {**form, "document": SimpleUploadedFile("decision.pdf", b"MZ\x90\x00\x03")}
    answer = browser.post("/fr/members/tetouan/rest/", program)
    assert answer.status_code == 422 and "Décision du conseil" in answer.content.decode()
    assert not member.changes.exists()
    for verb in ("rest", "wake", "leave"):
        sent = {**form, "document": SimpleUploadedFile("decision.pdf", make.PDF)}
        assert browser.post(f"/fr/members/tetouan/{verb}/", sent).status_code == 303
    page = client.get("/fr/members/tetouan/").content.decode()
    for change in member.changes.all():
        assert change.document_sha256 == sha256(make.PDF).hexdigest() and change.document_sha256 in page
        assert b"".join(client.get(f"/files/{change.document.name}").streaming_content) == make.PDF  # type: ignore[attr-defined]
    said = Entry.objects.filter(action="member.left").get().particulars
    assert said["sha256"] == sha256(make.PDF).hexdigest()


def test_a_return_is_recorded_with_its_document(
    sign_in: Callable[[Person], Client], national: Person, place: Territory
) -> None:
    member = make.member(place)
    actions.leave(member, by=national, reason=WHY)
    sent = {"kind": "commune", "name": "tetouan", "cohort": member.cohort.pk}
    sent["document"] = SimpleUploadedFile("decision.pdf", make.PDF)
    assert sign_in(national).post("/fr/members/admit/", sent).status_code == 303
    assert [bool(change.document) for change in member.changes.order_by("pk")] == [False, True]


def test_the_document_of_a_change_has_its_hash_in_the_database_too(place: Territory) -> None:
    member = make.member(place)
    said = {"reason": WHY, "document": "documents/2026/x.pdf"}
    with pytest.raises(IntegrityError, match="the_document_of_a_change_has_its_hash"), transaction.atomic():
        Change.objects.create(member=member, status="left", cohort=member.cohort, **said)


def test_a_change_has_a_reason_in_the_database_too(place: Territory) -> None:
    member = make.member(place)
    with pytest.raises(IntegrityError, match="a_member_changes_with_a_reason"), transaction.atomic():
        Change.objects.create(member=member, status="left", cohort=member.cohort)


def test_a_member_that_left_comes_back_to_another_cohort_and_signs_again(
    sign_in: Callable[[Person], Client], national: Person, place: Territory, client: Client
) -> None:
    member, charter = make.member(place), make.charter()
    sign(member, national, charter)
    actions.leave(member, by=national, reason=WHY)
    assert member.adhesions.get().ended_on == today()
    browser = sign_in(national)
    assert "?place=tetouan" in browser.get("/fr/members/tetouan/").content.decode()
    fifth = actions.plan_cohort(5, by=national, label="2027", enrolled_on=today())
    assert 'value="tetouan"' in browser.get("/fr/members/admit/?place=tetouan").content.decode()
    form = {"kind": "commune", "name": "tetouan", "cohort": fifth.pk}
    assert browser.post("/fr/members/admit/", form).status_code == 303
    again = Member.objects.get()
    with pytest.raises(NotPossible):  # with the signature of before
        sign(again, national, charter, signed_on=today(-1))
    sign(again, national, charter, signed_on=today())
    assert "1 membre a signé" in client.get("/fr/charter/").content.decode()
    again.refresh_from_db()
    assert (again.status, again.cohort) == (Member.Status.ACTIVE, fifth)
    assert again.adhesions.count() == 2 and again.adhesions.standing().count() == 1
    assert [(turn.status, turn.cohort.number) for turn in again.changes.all()] == [("left", 3), ("admitted", 5)]


def test_cohorts_are_opened_and_worded_by_the_national_team(
    sign_in: Callable[[Person], Client], national: Person, client: Client
) -> None:
    browser = sign_in(national)
    form = {"number": 4, "label": "2026-2028", "enrolled_on": "2026-01-01"}
    assert browser.post("/fr/members/cohorts/new/", form).status_code == 303
    assert browser.post("/fr/members/cohorts/new/", form).status_code == 422
    assert browser.post("/fr/members/cohorts/4/", {**form, "label": "2026-2029"}).status_code == 303
    assert "2026-2029" in client.get("/fr/members/cohorts/").content.decode()
    with pytest.raises(NotAllowed):
        actions.plan_cohort(6, by=make.person(), label="x", enrolled_on=today())


def test_cycles_of_cohorts_overlap_and_each_member_keeps_its_own(national: Person) -> None:
    homes = [make.place("first"), make.place("third")]
    for number, home in zip((1, 3), homes, strict=True):
        cohort = Cohort.objects.create(number=number, label=str(number), enrolled_on=date(2022, 1, 1))
        member = actions.admit(home, cohort, by=national)
        sign(member, national, make.charter())
        name = Localized(fr=f"Cycle {number}")
        starts = date(2022 + number, 1, 1)
        programmes.plan_cycle(name, starts_on=starts, ends_on=today(500), cohort_id=cohort.pk)
    for number, home in zip((1, 3), homes, strict=True):
        (cycle,) = cycles.cycles_to_begin(home)
        assert cycle.cohort is not None and cycle.cohort.number == number


def test_a_returning_member_runs_a_cycle_of_its_new_cohort_beside_the_old_one(national: Person) -> None:
    old = make.programme(make.place("back"), status="adopted")
    member = old.place.membership
    sign(member, national, make.charter())
    actions.leave(member, by=national, reason=WHY)
    fifth = actions.plan_cohort(5, by=national, label="2027", enrolled_on=today())
    sign(actions.admit(old.place, fifth, by=national), national, make.charter(), signed_on=today())
    overlapping = programmes.plan_cycle(
        Localized(fr="2026-2028"), starts_on=date(2026, 1, 1), ends_on=date(2028, 12, 31), cohort_id=fifth.pk
    )
    assert overlapping.starts_on < old.cycle.ends_on
    alice = make.focal_point(old.place)
    begun = programmes.prepare(place=old.place, cycle=overlapping, by=alice, title=Localized(fr="Nouveau"))
    assert list(cycles.programmes_of(old.place)) == [begun, old]
    page = Client()
    page.force_login(alice)
    text = page.get("/fr/c/back/hand-over/").content.decode()
    assert "Nouveau" in text and "Programme d&#x27;ouverture" in text
