from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from infitah.ground.accounts.models import Person, Role
from infitah.ground.ledger.models import Entry
from infitah.journey.adoption import actions, queries
from infitah.journey.adoption.models import Deliberation
from infitah.journey.consultation import actions as consultation
from infitah.journey.consultation.models import Draft
from infitah.journey.programmes.models import Phase, Programme
from infitah.journey.projects import actions as projects
from infitah.lib.errors import NotAllowed, NotPossible
from infitah.lib.i18n import Localized
from tests import make

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
UNSEEN = "\u202e\u200b"  # nothing that anyone could read
VOTES: dict[str, Any] = {"votes_for": 20, "votes_against": 3, "abstentions": 1}


def consulted() -> tuple[Draft, Person]:
    """A version on which residents have been consulted, and the focal point."""
    project = make.project(make.programme())
    projects.redraft(project, by=(by := make.focal_point(project.place)), service=Localized(ar="مصلحة الميزانية"))
    return make.draft(project.programme, days_left=-1), by


def validated() -> tuple[Programme, Person]:
    draft, by = consulted()
    actions.validate(draft.programme, by=by, validated_on=TODAY - timedelta(days=3), minutes="حضر الجميع واتفقوا")
    draft.programme.refresh_from_db()
    return draft.programme, by


def on_agenda(day: date = TODAY) -> tuple[Deliberation, Person]:
    programme, by = validated()
    return actions.put_on_agenda(programme, by=by, sits_on=day, kind="extraordinary"), by


def adopt(deliberation: Deliberation, by: Person, **other: Any) -> Deliberation:
    act = {"number": "34/2026", "document": make.upload(), **VOTES, **other}
    return actions.adopt(deliberation, by=by, **act)


@pytest.mark.parametrize(
    ("kind", "after", "expected"),
    [
        ("commune", date(2026, 2, 1), date(2026, 2, 1)),
        ("commune", date(2026, 2, 2), date(2026, 5, 1)),
        ("commune", date(2026, 10, 9), date(2027, 2, 1)),
        ("region", date(2026, 4, 1), date(2026, 7, 1)),
        ("province", date(2026, 2, 1), date(2026, 6, 1)),
        ("prefecture", date(2026, 9, 2), date(2027, 1, 1)),
        ("commune", date(2010, 1, 1), None),
    ],
)
def test_ordinary_sessions_come_in_the_months_of_the_law(kind: str, after: date, expected: date | None) -> None:
    assert queries.next_ordinary_session(make.place(kind=kind), after) == expected


def test_a_version_that_nothing_changed_is_the_one_validated() -> None:
    draft, by = consulted()
    validation = actions.validate(draft.programme, by=by, validated_on=TODAY, minutes="x")
    assert validation.draft == draft


def test_what_changed_since_the_consultation_is_frozen_as_the_next_version() -> None:
    draft, by = consulted()
    projects.redraft(draft.programme.projects.get(), by=by, title=Localized(ar="عنوان أوضح"))
    validation = actions.validate(draft.programme, by=by, validated_on=TODAY, minutes="x", document=make.upload())
    assert (validation.draft.version, len(validation.document_sha256)) == (2, 64)
    assert draft.programme.drafts.get(version=1).sha256 == draft.sha256


def test_the_committee_validates_after_the_consultation_with_minutes_on_a_day_that_has_come() -> None:
    draft, by = consulted()
    right: dict[str, Any] = {"by": by, "validated_on": TODAY, "minutes": "x"}
    for wrong in ({"minutes": " "}, {"minutes": UNSEEN}, {"validated_on": TODAY + timedelta(days=1)}):
        with pytest.raises(NotPossible):
            actions.validate(draft.programme, **{**right, **wrong})
    with pytest.raises(NotAllowed):
        actions.validate(draft.programme, **{**right, "by": make.holder(Role.CLERK, draft.programme.place)})
    Phase.objects.filter(kind="consultation").update(closes_at=timezone.now() + timedelta(days=1))
    with pytest.raises(NotPossible):
        actions.validate(draft.programme, **right)


def test_only_a_validated_version_goes_on_the_agenda_of_a_later_sitting() -> None:
    draft, by = consulted()
    with pytest.raises(NotPossible):
        actions.put_on_agenda(draft.programme, by=by, sits_on=TODAY, kind="extraordinary")
    actions.validate(draft.programme, by=by, validated_on=TODAY, minutes="x")
    with pytest.raises(NotPossible):
        actions.put_on_agenda(draft.programme, by=by, sits_on=TODAY - timedelta(days=1), kind="extraordinary")


def test_an_ordinary_session_is_held_in_a_month_of_the_law() -> None:
    programme, by = validated()
    with pytest.raises(NotPossible):
        actions.put_on_agenda(programme, by=by, sits_on=date(TODAY.year + 1, 3, 5), kind="ordinary")
    assert actions.put_on_agenda(programme, by=by, sits_on=date(TODAY.year + 1, 5, 5), kind="ordinary")


def test_the_clerk_or_the_focal_point_records_the_vote_and_nobody_else() -> None:
    deliberation, _by = on_agenda()
    place = deliberation.programme.place
    for who in (make.person(), make.focal_point(make.place()), make.holder(Role.NATIONAL, make.country())):
        with pytest.raises(NotAllowed):
            adopt(deliberation, who)
    assert adopt(deliberation, make.holder(Role.CLERK, place)).outcome == "adopted"


def test_an_adoption_keeps_votes_number_document_hash_and_version(ledger: Callable[..., list[Any]]) -> None:
    deliberation, by = on_agenda()
    file = make.upload()
    adopted = adopt(deliberation, by, document=file, posted_on=TODAY)
    programme = Programme.objects.get()
    assert (programme.status, programme.is_frozen) == ("adopted", True)
    assert adopted.document_sha256 == file.sha256
    entry = ledger("programme.adopted")[0]
    assert entry.particulars["document"] == file.sha256
    assert entry.particulars["version"] == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"votes_for": 3, "votes_against": 3},
        {"votes_for": 3, "votes_against": 4, "by_casting_vote": True},
        {"by_casting_vote": True},
        {"votes_for": -1, "votes_against": -5},
        {"votes_for": 0, "votes_against": 0, "abstentions": 0},
        {"number": " "},
        {"number": UNSEEN},
        {"posted_on": TODAY + timedelta(days=9)},
    ],
)
def test_votes_that_cannot_be_are_refused_and_nothing_is_kept(wrong: dict[str, Any]) -> None:
    deliberation, by = on_agenda()
    with pytest.raises(NotPossible):
        adopt(deliberation, by, **wrong)
    deliberation.refresh_from_db()
    assert (deliberation.outcome, Programme.objects.get().status) == ("pending", "on_agenda")


def test_the_deliberation_is_a_pdf() -> None:
    deliberation, by = on_agenda()
    with pytest.raises(NotPossible):
        adopt(deliberation, by, document=make.upload(make.photo(), "x.pdf", ("image",)))


def test_no_vote_is_recorded_before_the_day_of_the_sitting_nor_twice() -> None:
    deliberation, by = on_agenda(TODAY + timedelta(days=1))
    with pytest.raises(NotPossible):
        adopt(deliberation, by)
    deliberation.sitting.sits_on = TODAY
    deliberation.sitting.save()
    adopt(deliberation, by)
    with pytest.raises(NotPossible):
        actions.postpone(deliberation, by=by, reason="x")


def test_a_postponed_vote_keeps_the_version_voted_on_for_a_later_sitting() -> None:
    deliberation, by = on_agenda(TODAY - timedelta(days=1))
    with pytest.raises(NotPossible):
        actions.postpone(deliberation, by=by, reason=UNSEEN)
    actions.postpone(deliberation, by=by, reason="غياب النصاب القانوني")
    programme = Programme.objects.get()
    with pytest.raises(NotPossible):
        projects.redraft(programme.projects.get(), by=by, title=Localized(ar="تغيير"))
    with pytest.raises(NotPossible):
        actions.put_on_agenda(programme, by=by, sits_on=TODAY - timedelta(days=1), kind="extraordinary")
    again = actions.put_on_agenda(programme, by=by, sits_on=TODAY, kind="extraordinary")
    assert again.draft == deliberation.draft
    assert adopt(again, by).outcome == "adopted"


def test_a_vote_is_put_off_before_the_day_when_the_sitting_is_moved(sign_in: Any) -> None:
    deliberation, by = on_agenda(TODAY + timedelta(days=9))
    browser, base = sign_in(by), f"/ar/c/{deliberation.programme.place.slug}/council/"
    shown = browser.get(base).content.decode()
    assert "/postpone/" in shown and "/adopt/" not in shown
    assert browser.get(f"{base}{deliberation.pk}/adopt/").status_code == 409
    assert browser.post(f"{base}{deliberation.pk}/postpone/", {"reason": "تأجلت الجلسة"}).status_code == 303
    assert actions.put_on_agenda(Programme.objects.get(), by=by, sits_on=TODAY, kind="extraordinary")


def test_what_projects_still_lack_is_said_before_the_minutes_are_written(sign_in: Any) -> None:
    draft, by = consulted()
    make.project(draft.programme, axis=None)
    shown = sign_in(by).get(f"/ar/c/{draft.programme.place.slug}/council/validate/").content.decode()
    assert "/board/" in shown and 'name="minutes"' not in shown


def test_nobody_fills_in_a_form_whose_time_has_not_come(sign_in: Any) -> None:
    programme = make.draft(days_left=5).programme
    browser, base = sign_in(make.focal_point(programme.place)), f"/ar/c/{programme.place.slug}/council/"
    assert "/validate/" not in browser.get(base).content.decode()
    assert [browser.get(f"{base}{form}/").status_code for form in ("validate", "agenda")] == [409, 409]


def test_between_equal_votes_that_of_the_president_adopts_and_is_told(sign_in: Any, client: Client) -> None:
    deliberation, by = on_agenda()
    address = f"/ar/c/{deliberation.programme.place.slug}/council/"
    act = {"votes_for": "7", "votes_against": "7", "abstentions": "1", "by_casting_vote": "on", "number": "34"}
    sent = {**act, "document": SimpleUploadedFile("d.pdf", make.PDF)}
    assert sign_in(by).post(f"{address}{deliberation.pk}/adopt/", sent).status_code == 303
    deliberation.refresh_from_db()
    assert (deliberation.outcome, deliberation.by_casting_vote) == ("adopted", True)
    assert Entry.objects.get(action="programme.adopted").particulars["by_casting_vote"] is True
    assert "صوت الرئيس" in client.get(address).content.decode()
    assert "صوت الرئيس" in deliberation.votes_told


def test_a_rejected_programme_goes_back_to_drafting_with_its_reason() -> None:
    deliberation, by = on_agenda()
    against = {"votes_for": 3, "votes_against": 20, "abstentions": 0}
    for wrong in ({**against, "reason": " "}, {**VOTES, "reason": "x"}):
        with pytest.raises(NotPossible):
            actions.reject(deliberation, by=by, **wrong)
    actions.reject(deliberation, by=by, reason="كلفة غير مبررة", **against)
    projects.redraft(Programme.objects.get().projects.get(), by=by, title=Localized(ar="أقل كلفة"))
    programme = Programme.objects.get()
    assert programme.status == "drafting"
    again = consultation.open_draft(programme, by=by, closes_on=TODAY + timedelta(days=1))
    with time_machine.travel(timezone.now() + timedelta(days=3), tick=False):
        today = timezone.localdate()
        actions.validate(programme, by=by, validated_on=today, minutes="اتفق الجميع على الصيغة الجديدة")
        second = actions.put_on_agenda(programme, by=by, sits_on=today, kind="extraordinary")
        assert adopt(second, by).draft == again


def test_the_database_itself_refuses_an_adoption_without_its_act() -> None:
    deliberation, _by = on_agenda()
    for wrong in ({"number": "1"}, {"number": "1", "document_sha256": "x", "votes_for": 1, "votes_against": 2}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Deliberation.objects.filter(pk=deliberation.pk).update(outcome="adopted", **wrong)


def test_a_plan_adopted_elsewhere_comes_in_with_its_source(ledger: Callable[..., list[Any]]) -> None:
    country = make.country()
    programme = make.programme(country, source="https://www.opengovpartnership.org/members/morocco/")
    make.project(programme)
    taken = actions.acknowledge(programme, by=make.holder(Role.NATIONAL, country), adopted_on=date(2024, 1, 1))
    assert (taken.source, taken.document_sha256, taken.programme.status) == (programme.source, "", "adopted")
    assert ledger("programme.acknowledged")


def test_a_plan_without_a_source_is_adopted_by_its_council_only() -> None:
    programme = make.programme()
    with pytest.raises(NotAllowed):
        actions.acknowledge(programme, by=make.focal_point(programme.place), adopted_on=date(2024, 1, 1))


# -- pages -------------------------------------------------------------------------------------


def test_from_validation_to_adoption_through_pages(sign_in: Any, client: Client) -> None:
    draft, by = consulted()
    place = draft.programme.place
    browser, base = sign_in(by), f"/ar/c/{place.slug}/council/"
    agreed = {"validated_on": str(TODAY), "minutes": "حضر الجميع", "document": SimpleUploadedFile("m.pdf", make.PDF)}
    assert browser.post(f"{base}validate/", agreed).status_code == 303
    assert browser.post(f"{base}agenda/", {"sits_on": str(TODAY), "kind": "extraordinary"}).status_code == 303
    clerk, vote = sign_in(make.holder(Role.CLERK, place)), f"{base}{Deliberation.objects.get().pk}/"
    assert clerk.get(vote + "adopt/").status_code == 200
    act = {**VOTES, "number": "34", "document": SimpleUploadedFile("d.pdf", make.PDF)}
    assert clerk.post(vote + "adopt/", act).status_code == 303
    shown = client.get(base).content.decode()
    deliberation = Deliberation.objects.get()
    for words in (deliberation.document_sha256, draft.sha256, f"/files/{deliberation.document.name}"):
        assert words in shown


@pytest.mark.parametrize(
    "wrong",
    [
        {"votes_for": "3", "votes_against": "3"},
        {"by_casting_vote": "on"},
        {"votes_for": "0", "votes_against": "0", "abstentions": "0"},
        {"votes_against": "-1"},
        {"number": UNSEEN},
        {"document": SimpleUploadedFile("d.pdf", b"MZ\x90\x00 an executable")},
    ],
)
def test_a_vote_that_cannot_be_is_shown_again_with_a_sentence(wrong: dict[str, Any], sign_in: Any) -> None:
    deliberation, by = on_agenda()
    address = f"/ar/c/{deliberation.programme.place.slug}/council/{deliberation.pk}/adopt/"
    act = {**VOTES, "number": "34", "document": SimpleUploadedFile("d.pdf", make.PDF), **wrong}
    assert sign_in(by).post(address, act).status_code == 422


@pytest.mark.parametrize("votes", [1, 30])
def test_the_page_of_the_council_costs_the_same_for_any_number_of_votes(
    votes: int, client: Client, django_assert_max_num_queries: Any
) -> None:
    programme = make.programme(status="postponed")
    for turn in range(votes):
        make.deliberation(programme, TODAY - timedelta(days=turn + 1), outcome="postponed", reason="x")
    with django_assert_max_num_queries(8):
        assert client.get(f"/ar/c/{programme.place.slug}/council/").status_code == 200


# -- the programme as a document -------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_the_programme_is_printed_in_arabic_and_french_and_twice_the_same(client: Client, language: str) -> None:
    deliberation, by = on_agenda()
    adopt(deliberation, by)
    address = f"/{language}/c/{deliberation.programme.place.slug}/programme.{language}.pdf"
    printed = client.get(address)
    assert (printed["Content-Type"], printed.content[:5]) == ("application/pdf", b"%PDF-")
    cache.clear()
    assert client.get(address).content == printed.content


def test_what_people_wrote_is_printed_never_run(client: Client) -> None:
    project = make.project(make.programme(), title=Localized(ar='#panic("x") *b* $x$ [ \\ <a> // "', fr="#read(/etc)"))
    draft = make.version(project.programme)
    told = queries.printed(project.programme, draft, "ar", address="/")
    assert told["axes"][0]["projects"][0]["title"].endswith('#panic("x") *b* $x$ [ \\ <a> // "')
    assert client.get(f"/ar/c/{project.place.slug}/programme.ar.pdf").status_code == 200


def test_the_first_page_says_what_the_council_did() -> None:
    deliberation, by = on_agenda()
    adopted = adopt(deliberation, by)
    told = queries.printed(adopted.programme, adopted.draft, "ar", address="/")
    assert [word for word in told["vote"].split() if word.isdigit()] == ["20", "3", "1"]
    assert told["document_sha256"] == adopted.document_sha256


def test_nothing_is_printed_before_a_version_is_frozen(client: Client) -> None:
    programme = make.programme()
    assert client.get(f"/ar/c/{programme.place.slug}/programme.ar.pdf").status_code == 409
