from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone, translation

from infitah.ground.accounts.models import Person, Role
from infitah.lib.errors import NotPossible
from infitah.lib.i18n import Localized
from infitah.network.calls import actions, jobs, queries
from infitah.network.calls.models import Application, Call, Paper, Verdict
from tests import make, make_calls

pytestmark = pytest.mark.django_db
Ledger = Callable[..., list[Any]]
SignIn = Callable[[Person], Client]


@pytest.fixture
def national() -> Person:
    return make.holder(Role.NATIONAL, make.country(), "Nadia")


def filled(**fields: Any) -> dict[str, Any]:
    """What the form of an application sends, whole."""
    given = {"key": str(uuid4()), "kind": "commune", "name": "figuig", "function": "clerk", "decided_on": "2026-01-05"}
    given |= {"president_name": "Zineb", "focal_point_name": "Yasmine", "focal_point_email": "Yasmine@example.org"}
    given |= {"deputy_name": "Omar", "deputy_email": "omar@example.org", "paper_council": pdf()}
    return {**given, **fields}


def pdf(content: bytes = make.PDF, name: str = "decision.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def begun(call: Call, email: str = "president@example.org") -> Application:
    found = actions.begin(call, email=email, language="fr")
    assert found is not None
    return found


def link(application: Application) -> str:
    """The mailed link, for a reader of French."""
    with translation.override("fr"):
        return queries.link(application)


def answer(application: Application, by: Person, outcome: str = "accepted", **given: Any) -> Verdict:
    given = {"key": uuid4(), "turn": application.turn, "reason": "Il manque le cachet", **given}
    return actions.answer(application, by=by, outcome=outcome, **given)


# -- the applicant -----------------------------------------------------------------------------


def test_an_applicant_without_account_gets_a_link_by_mail(client: Client) -> None:
    call = make_calls.call()
    given = {"email": "President@example.org"}
    assert client.post(f"/fr/calls/{call.number}/apply/", given).status_code == 303
    client.post(f"/fr/calls/{call.number}/apply/", given)
    application = Application.objects.get()
    assert (application.applicant.email, application.status) == ("president@example.org", "draft")
    jobs.mail_link(application.pk)
    jobs.mail_link(application.pk)
    (message,) = mail.outbox
    assert message.to == ["president@example.org"] and "Votre candidature" in message.subject
    address = next(word for word in message.body.split() if "/apply/" in word)
    assert client.get(address.partition("127.0.0.1:8000")[2]).status_code == 200


def test_an_address_that_is_none_is_refused(client: Client) -> None:
    call = make_calls.call()
    assert client.post(f"/fr/calls/{call.number}/apply/", {"email": "nobody"}).status_code == 422
    assert not Application.objects.exists()


def test_an_address_typed_wrong_is_corrected_in_the_same_form(client: Client) -> None:
    call = make_calls.call()
    for email in ("presidnt@example.org", "president@example.org"):
        assert client.post(f"/fr/calls/{call.number}/apply/", {"email": email}).status_code == 303
    assert [each.applicant.email for each in Application.objects.order_by("pk") if each.applicant] == [
        "presidnt@example.org",
        "president@example.org",
    ]


def test_an_address_too_long_to_be_kept_is_refused(client: Client) -> None:
    long = f"{'a' * 64}@{'.'.join(['b' * 62] * 3)}.org"
    assert client.post(f"/fr/calls/{make_calls.call().number}/apply/", {"email": long}).status_code == 422
    application = begun(make_calls.call())
    given = {"key": str(uuid4()), "focal_point_email": long, "deputy_name": "Omar", "save": "1"}
    assert client.post(link(application), given).status_code == 422
    application.refresh_from_db()
    assert application.deputy and application.deputy.name == "Omar"


def test_no_one_asks_for_links_without_end(client: Client) -> None:
    call = make_calls.call()
    sent = [
        client.post(f"/fr/calls/{call.number}/apply/", {"email": f"a{n}@example.org"}).status_code for n in range(11)
    ]
    assert sent == [303] * 10 + [429]


def test_a_link_asked_for_again_and_again_goes_out_ever_more_rarely() -> None:
    call = make_calls.call()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        application, sent = begun(call), []
        for minute in range(60):
            sent += [minute] if actions.mail_link(application) else []
            clock.shift(timedelta(minutes=1))
    assert sent == [0, 2, 4, 8, 16, 32]


def test_the_register_tells_of_no_collectivity_before_its_application_is_sent(client: Client) -> None:
    make.place("figuig")
    application = begun(make_calls.call())
    client.post(link(application), {"key": str(uuid4()), "kind": "commune", "name": "figuig", "save": "1"})
    application.refresh_from_db()
    assert str(application.place) not in application.public_name
    told = client.get("/fr/ledger/").content.decode()
    assert str(application.call.title) in told and str(application.place) not in told


def test_a_draft_is_saved_half_filled_and_found_again(client: Client, ledger: Ledger) -> None:
    make.place("figuig")
    application = begun(make_calls.call())
    half = {"key": str(uuid4()), "kind": "commune", "name": "figuig", "focal_point_name": "Yasmine", "save": "1"}
    assert client.post(link(application), half).status_code == 303
    page = client.get(link(application)).content.decode()
    assert "Yasmine" in page and "checked" in page
    assert begun(application.call) == application
    assert ledger() == ["application.begun"]


def test_of_two_who_bear_one_link_the_second_reads_what_the_first_wrote(client: Client) -> None:
    make.place("figuig")
    application = begun(make_calls.call())
    opened = client.get(link(application)).context["form"]["seen"].value()
    first = filled(seen=opened, save="1")
    for decision in (first["paper_council"], pdf()):  # a second click
        assert client.post(link(application), {**first, "paper_council": decision}).status_code == 303
    late = client.post(link(application), filled(seen=opened, save="1", deputy_name="Salma"))
    shown, form = late.content.decode(), late.context["form"]
    assert late.status_code == 409 and 'value="Salma"' in shown and "Choisissez de nouveau le fichier" in shown
    application.refresh_from_db()
    assert application.deputy and application.deputy.name == "Omar" and Paper.objects.count() == 1
    wrong = filled(seen=form["seen"].value(), deputy_name="Salma", deputy_email="none", save="1")
    answered = client.post(link(application), wrong)
    assert answered.status_code == 422  # what is sound in it is kept, and has been seen by whoever sends it again
    whole = filled(seen=answered.context["form"]["seen"].value(), deputy_name="Salma", send="1")
    assert client.post(link(application), whole).status_code == 303
    application.deputy.refresh_from_db()
    assert application.deputy.name == "Salma"


def test_what_is_wrong_does_not_keep_the_rest_from_being_kept(client: Client) -> None:
    make.place("figuig")
    application = begun(make_calls.call())
    damaged = pdf(b"%PDF-1.4 cut short")
    given = filled(focal_point_email="not an address", name="nowhere at all", paper_council=damaged, send="1")
    answered = client.post(link(application), given)
    assert answered.status_code == 422
    application.refresh_from_db()
    assert application.deputy and application.deputy.email == "omar@example.org"
    assert application.focal_point and application.focal_point.name == "Yasmine"
    assert (application.place, application.status, Paper.objects.count()) == (None, "draft", 0)


def test_a_whole_application_is_sent_once_and_told(client: Client, ledger: Ledger) -> None:
    place = make.place("figuig")
    application = begun(make_calls.call())
    given = filled(send="1", why="لأننا نريد الإنصات للسكان")
    assert client.post(link(application), given).status_code == 303
    assert client.post(link(application), {**given, "paper_council": pdf()}).status_code == 303
    application.refresh_from_db()
    assert (application.status, application.place, application.turn) == ("submitted", place, 1)
    (entry,) = ledger("application.submitted")
    assert entry.particulars["decision"] == Paper.objects.get().sha256
    assert "example.org" not in str(entry.particulars)
    again = client.post(link(application), filled())
    assert again.status_code == 409 and "envoyée" in again.content.decode()


def test_a_missing_document_is_named_and_the_draft_kept(client: Client) -> None:
    make.place("figuig")
    asked = [{"id": "d1", "name": {"fr": "Budget citoyen"}, "is_required": True}]
    application = begun(make_calls.call(documents=asked))
    given = filled(send="1")
    del given["paper_council"]
    answered = client.post(link(application), given)
    page = answered.content.decode()
    assert answered.status_code == 422
    assert "Budget citoyen" in page and page.count("Ce document manque") >= 2
    application.refresh_from_db()
    assert (application.status, application.function) == ("draft", "clerk")


def test_the_decision_of_the_council_is_a_pdf(client: Client) -> None:
    make.place("figuig")
    application = begun(make_calls.call())
    answered = client.post(link(application), filled(send="1", paper_council=pdf(make.photo(), "decision.pdf")))
    assert answered.status_code == 422 and not Paper.objects.exists()


def test_the_deputy_is_someone_else_than_the_focal_point(client: Client) -> None:
    make.place("figuig")
    application = begun(make_calls.call())
    given = filled(send="1", deputy_email="yasmine@example.org")
    answered = client.post(link(application), given)
    assert answered.status_code == 422 and "une autre personne" in answered.content.decode()


def test_a_late_application_is_refused_with_the_day_and_kept(client: Client) -> None:
    make.place("figuig")
    call = make_calls.call()
    application = begun(call)
    with time_machine.travel(call.closes_at + timedelta(minutes=1), tick=False):
        answered = client.post(link(application), filled(send="1"))
        page = answered.content.decode()
        assert answered.status_code == 409 and "clos" in page and "Yasmine" in page
        late = client.post(f"/fr/calls/{call.number}/apply/", {"email": "late@example.org"})
        assert late.status_code == 409 and "clos" in late.content.decode()
        assert "vous envoyer le lien" in late.content.decode()
        assert client.get(f"/fr/calls/{call.number}/apply/").status_code == 200
        assert begun(call) == application
    application.refresh_from_db()
    assert application.status == "draft" and application.papers.count() == 1


def test_a_collectivity_applies_once_in_a_call(client: Client) -> None:
    place, call = make.place("figuig"), make_calls.call()
    make_calls.application(call, place, status="submitted")
    second = begun(call)
    answered = client.post(link(second), filled(send="1"))
    assert answered.status_code == 409 and "déjà candidat" in answered.content.decode()
    second.refresh_from_db()
    assert (second.status, second.place) == ("draft", place)


def test_a_member_or_one_the_call_is_not_for_cannot_apply(client: Client) -> None:
    region = make.place("souss", "region", code="09.")
    province = make.place("tiznit", "province", parent=region)
    inside, outside = make.place("tafraout", parent=province), make.place("figuig")
    call = make_calls.call(regions=["09."])
    make.member(inside)
    for place, said in ((outside, "ne peut pas répondre"), (inside, "déjà membre")):
        answered = client.post(link(begun(call, f"{place.slug}@example.org")), filled(name=place.slug, send="1"))
        assert answered.status_code == 409 and said in answered.content.decode()


def test_when_the_places_are_taken_nothing_more_is_sent_or_accepted(client: Client, national: Person) -> None:
    call = make_calls.call(places=1)
    first, second = make_calls.application(call, status="submitted"), make_calls.application(call, status="submitted")
    make.place("figuig")
    third = begun(call)
    answer(first, national)
    with pytest.raises(NotPossible, match="1"):
        answer(second, national)
    second.refresh_from_db()
    assert second.status == "submitted" and not second.verdicts.exists()
    answered = client.post(link(third), filled(send="1"))
    assert answered.status_code == 409 and "places de cet appel sont prises" in answered.content.decode()


def test_a_link_expires_and_another_opens_the_same_draft(client: Client) -> None:
    application = begun(make_calls.call())
    address = link(application)
    with time_machine.travel(timezone.now() + queries.LINK_WORKS_FOR + timedelta(minutes=1), tick=False):
        assert client.get(address)["Location"].endswith("/apply/")
        assert client.get(link(application)).status_code == 200
    assert client.get(address[:-2] + "/").status_code == 404


def test_an_application_is_withdrawn_and_the_collectivity_may_apply_again(client: Client, ledger: Ledger) -> None:
    application = make_calls.application(status="submitted")
    assert client.post(link(application) + "withdraw/").status_code == 303
    assert client.post(link(application) + "withdraw/").status_code == 409
    again = begun(application.call, application.applicant.email)  # the same person begins anew
    assert again != application and again.status == "draft" and begun(application.call, again.applicant.email) == again
    whole = make_calls.application(application.call, application.place)
    assert actions.submit(whole, key=uuid4()).status == "submitted"
    assert ledger() == ["application.withdrawn", "application.submitted"]


# -- where it is found -------------------------------------------------------------------------


def test_a_collectivity_outside_is_told_of_the_call_that_it_can_answer(client: Client) -> None:
    make_calls.call(kinds=["region"], title=Localized(fr="Pour les régions"))
    call = make_calls.call()
    make.place("figuig")
    page = client.get("/fr/c/figuig/").content.decode()
    assert f"/fr/calls/{call.number}/" in page and "Pour les régions" not in page


def test_calls_are_found_by_their_words(client: Client) -> None:
    call = make_calls.call(title=Localized(fr="Été des communes"))
    make_calls.call(title=Localized(fr="Brouillon des communes"), status=Call.Status.DRAFT)
    page = client.get("/fr/search/?q=ete+communes").content.decode()
    assert f"/fr/calls/{call.number}/" in page and "Brouillon" not in page
