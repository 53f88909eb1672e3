from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from infitah.ground.accounts.models import Person, Role
from infitah.ground.territories import actions as territories
from infitah.ground.territories.models import Territory
from infitah.lib.errors import NotAllowed, NotPossible
from infitah.lib.i18n import Localized
from infitah.network.membership import actions, queries
from infitah.network.membership.models import Adhesion, Change, Charter, Cohort, Member
from infitah.outlook.website.demonstration import cohorts
from tests import make

pytestmark = pytest.mark.django_db
WHY = Localized(fr="Le conseil l'a décidé")
PRESIDENT = Localized(fr="Présidente du conseil")
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def national() -> Person:
    return make.holder(Role.NATIONAL, make.country())


@pytest.fixture
def cohort() -> Cohort:
    return Cohort.objects.create(number=3, label="2025", enrolled_on=date(2025, 1, 1))


def sign(member: Member, by: Person, **given: Any) -> Adhesion:
    given = {"charter": make.charter(), "function": PRESIDENT, "signed_on": date(2025, 2, 1), **given}
    return actions.adhere(member, by=by, **given)


def test_a_collectivity_is_admitted_then_active_once_it_signed(
    national: Person, cohort: Cohort, ledger: Callable[..., list[Any]]
) -> None:
    member = actions.admit(make.place(), cohort, by=national)
    assert (member.status, member.joined_on) == (Member.Status.ADMITTED, None)
    sign(member, national)
    member.refresh_from_db()
    assert (member.status, member.joined_on) == (Member.Status.ACTIVE, date(2025, 2, 1))
    assert ledger() == ["member.admitted", "charter.signed"]
    assert "signatory" not in ledger("charter.signed")[0].particulars


def test_only_the_national_team_admits(cohort: Cohort) -> None:
    place = make.place()
    for person in (None, make.person(), make.focal_point(place)):
        with pytest.raises(NotAllowed):
            actions.admit(place, cohort, by=person)


def test_a_collectivity_joins_once_and_may_come_back(national: Person, cohort: Cohort) -> None:
    member = actions.admit(make.place(), cohort, by=national)
    sign(member, national)
    with pytest.raises(NotPossible):
        actions.admit(member.place, cohort, by=national)
    actions.leave(member, by=national, reason=WHY)
    with pytest.raises(NotPossible):
        sign(member, national)
    assert actions.admit(member.place, cohort, by=national).status == Member.Status.ADMITTED


def test_neither_the_country_nor_a_closed_place_joins(national: Person, cohort: Cohort) -> None:
    country = make.country()
    Territory.objects.filter(pk=country.pk).update(is_collectivity=False)
    for place in (country, make.place(valid_until=date(2020, 1, 1))):
        with pytest.raises(NotPossible):
            actions.admit(place, cohort, by=national)


def test_the_focal_point_records_the_signing_at_home_only(national: Person, cohort: Cohort) -> None:
    member = actions.admit(make.place(), cohort, by=national)
    with pytest.raises(NotAllowed):
        sign(member, make.focal_point(make.place()))
    assert sign(member, make.focal_point(member.place)).recorded_by is not None


def test_a_version_is_signed_once_and_a_new_one_again(national: Person, cohort: Cohort) -> None:
    member = actions.admit(make.place(), cohort, by=national)
    sign(member, national)
    with pytest.raises(NotPossible):
        sign(member, national)
    second = Charter.objects.create(version=2, text=Localized(fr="Deux"), in_force_on=date(2026, 1, 1))
    assert sign(member, national, charter=second).charter.version == 2
    assert queries.current_charter() == second


def test_a_member_rests_wakes_and_leaves(national: Person, ledger: Callable[..., list[Any]]) -> None:
    member = make.member()
    actions.rest(member, by=national, reason=WHY)
    actions.wake(member, by=national, reason=WHY)
    assert actions.leave(member, by=national, reason=WHY).status == Member.Status.LEFT
    assert ledger() == ["member.rested", "member.woken", "member.left"]
    with pytest.raises(NotPossible):
        actions.rest(member, by=national, reason=WHY)
    with pytest.raises(NotAllowed):
        actions.rest(make.member(), by=make.focal_point(member.place), reason=WHY)


def test_one_who_never_signed_neither_wakes_nor_leaves(national: Person) -> None:
    member = make.member(status=Member.Status.ADMITTED)
    for move in (actions.wake, actions.leave, actions.rest):
        with pytest.raises(NotPossible):
            move(member, by=national, reason=WHY)


def test_the_charter_is_laid_down_once(ledger: Callable[..., list[Any]]) -> None:
    call_command("import_charter", verbosity=0)
    call_command("import_charter", verbosity=0)
    charter = Charter.objects.get()
    assert [commitment["id"] for commitment in charter.commitments] == ["C1", "C2", "C3", "C4", "C5"]
    assert all(commitment[language] for commitment in charter.commitments for language in ("ar", "fr", "en"))
    assert [cohort.number for cohort in Cohort.objects.all()] == [1, 2, 3]
    assert ledger() == ["charter.published"]


def test_the_cohorts_have_their_real_composition(national: Person) -> None:
    territories.import_register(territories.moroccan_register())
    call_command("import_charter", verbosity=0)
    assert cohorts.join(by=national) == 228
    members = list(Member.objects.select_related("place__parent", "cohort"))
    kinds: dict[int, Counter[str]] = {1: Counter(), 2: Counter(), 3: Counter()}
    provinces = set()
    for member in members:
        kinds[member.cohort.number][member.place.kind.replace("prefecture", "province")] += 1
        if member.cohort.number == 3:
            provinces.add(member.place.parent if member.place.kind == "commune" else member.place)
    assert kinds == {
        1: {"region": 12, "province": 4, "commune": 47},
        2: {"province": 3, "commune": 60},
        3: {"province": 10, "commune": 92},
    }
    assert len(provinces) == 43
    named = {member.place.slug: member.cohort.number for member in members if not member.is_demonstration}
    assert len(named) == 12 + 7
    assert (named["agadir"], named["fnideq"], named["tafraout"]) == (1, 2, 3)
    assert len(queries.members_by_region()) == 12
    assert sum(queries.members_by_region().values()) == 228
    assert not Adhesion.objects.exclude(signatory="").exists()
    assert cohorts.join(by=national) == 0
    assert queries.composition() == {"total": 228, "region": 12, "province": 17, "commune": 199}


def test_the_charter_page_says_who_signed(client: Client, national: Person, cohort: Cohort) -> None:
    assert client.get("/fr/charter/").status_code == 409
    member = actions.admit(make.place("here"), cohort, by=national)
    sign(member, national)
    page = client.get("/fr/charter/").content.decode()
    assert "Respecter les normes" in page
    assert "1 membre a signé" in page
    assert "Présidente du conseil" in page


def test_the_national_team_admits_and_records_through_pages(
    client: Client, sign_in: Callable[[Person], Client], national: Person, cohort: Cohort
) -> None:
    make.charter()
    make.place("here", name=Localized(ar="هنا", fr="Ici même"))
    browser = sign_in(national)
    assert browser.get("/fr/members/admit/").status_code == 200
    form = {"kind": "commune", "name": "ici meme", "cohort": cohort.pk}
    assert browser.post("/fr/members/admit/", {**form, "name": "nulle part"}).status_code == 422
    for _click in range(2):
        answer = browser.post("/fr/members/admit/", form)
        assert (answer.status_code, answer["Location"]) == (303, "/fr/members/here/adhere/")
    assert Change.objects.count() == 1
    other = sign_in(make.holder(Role.NATIONAL, make.country()))
    assert other.post("/fr/members/admit/", form).status_code == 409
    document = SimpleUploadedFile("charte.pdf", PDF)
    signing = {"function_fr": "Président", "signed_on": "2025-02-01", "key": str(uuid4())}
    late = str(timezone.localdate() + timedelta(days=1))
    assert browser.post("/fr/members/here/adhere/", {**signing, "signed_on": late}).status_code == 422
    program = SimpleUploadedFile("charte.pdf", b"MZ\x90\x00\x03")
    assert browser.post("/fr/members/here/adhere/", {**signing, "document": program}).status_code == 422
    assert browser.post("/fr/members/here/adhere/", {**signing, "document": document}).status_code == 303
    adhesion = Adhesion.objects.get()
    assert len(adhesion.document_sha256) == 64
    assert adhesion.document_sha256 in client.get("/fr/members/here/").content.decode()
    assert b"".join(client.get(f"/files/{adhesion.document.name}").streaming_content) == PDF
    assert browser.post("/fr/members/here/adhere/", signing).status_code == 303  # the same form is one signing
    assert browser.post("/fr/members/here/adhere/", {**signing, "key": str(uuid4())}).status_code == 409
    assert browser.post("/fr/members/here/rest/", {"reason_fr": "Élections", "on": "2026-01-05"}).status_code == 303


def test_twins_are_told_apart_by_their_address(
    sign_in: Callable[[Person], Client], national: Person, cohort: Cohort
) -> None:
    for slug in ("souk-a", "souk-b"):
        make.place(slug, name=Localized(fr="Souk"))
    browser = sign_in(national)
    form = {"kind": "commune", "name": "souk", "cohort": cohort.pk}
    answer = browser.post("/fr/members/admit/", form)
    assert answer.status_code == 422
    assert "souk-b" in answer.content.decode()
    assert Member.objects.count() == 0
    assert browser.post("/fr/members/admit/", {**form, "name": "souk-b"}).status_code == 303
    assert Member.objects.get().place.slug == "souk-b"
