"""What stands guard around every answer."""

import logging
import sys
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core import signing
from django.core.cache import caches
from django.db import OperationalError
from django.test import Client, RequestFactory

from infitah.lib import http
from tests import make

FORM = "application/x-www-form-urlencoded"


def test_a_fault_of_ours_shows_no_trace_but_a_number_that_the_log_has(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(self: object) -> None:
        raise ZeroDivisionError("a secret of the house")

    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", fail)
    answer = Client(raise_request_exception=False).get("/healthz/")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "secret" not in page and "Traceback" not in page
    number = next(record.request.number for record in caplog.records if hasattr(record, "request"))  # type: ignore[attr-defined]
    assert number in page


def test_a_line_of_the_log_has_the_number_of_its_request() -> None:
    line = logging.makeLogRecord({"request": SimpleNamespace(number="0f3a")})
    assert http.Numbered().filter(line) and line.number == "0f3a"  # type: ignore[attr-defined]


def test_the_house_is_well_only_if_the_database_answers(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", fail)
    assert client.get("/healthz/").status_code == 503


@pytest.mark.django_db
def test_an_address_opened_the_wrong_way_says_so_in_the_language_of_the_page(sign_in: Any) -> None:
    answer = sign_in(make.person()).get("/fr/organisations/speakers/1/accept/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "Cette adresse n’est pas une page" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("form", "page"),
    [
        ("/fr/c/tetouan/ideas/1/support/", "/fr/c/tetouan/ideas/1/"),
        ("/ar/c/tetouan/board/answer/", "/ar/c/tetouan/board/"),
        ("/ar/c/tetouan/consultation/opinions/7/reply/", "/ar/c/tetouan/consultation/opinions/"),
    ],
)
def test_the_address_of_a_form_leads_to_the_page_on_which_it_stands(sign_in: Any, form: str, page: str) -> None:
    browser = sign_in(make.person())
    assert browser.get(form).headers["Location"] == page
    assert browser.put(form).status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/ar/members/?after=%00", "/ar/ledger/?place=%00", "/ar/search/?q=%00"])
def test_a_character_that_cannot_be_kept_is_refused_before_it_reaches_the_database(
    client: Client, address: str
) -> None:
    assert client.get(address).status_code == 400


@pytest.mark.django_db
def test_a_device_that_is_none_of_ours_is_nobodys(client: Client) -> None:
    idea = make.idea()
    address = f"/fr/c/{idea.place.slug}/ideas/{idea.number}/"
    assert client.get(address, headers={"cookie": r'device="\000made up"'}).status_code == 200


def test_what_cannot_be_understood_is_said_so_in_the_language_of_the_page(client: Client) -> None:
    answer = client.post("/fr/", "&".join(f"a{n}=1" for n in range(2000)), content_type=FORM)
    assert answer.status_code == 400 and "pas pu être comprise" in answer.content.decode()


@pytest.mark.django_db
def test_nobody_in_between_keeps_a_page_of_ones_own(client: Client) -> None:
    client.force_login(make.person())
    assert client.get("/fr/me/")["Cache-Control"] == "private, no-cache"


def test_words_without_end_are_too_much_and_say_so(client: Client) -> None:
    answer = client.post("/en/", "a=" + "b" * 2_200_000, content_type=FORM)
    assert answer.status_code == 413 and "too long to be read" in answer.content.decode()


def test_a_count_that_the_memory_has_dropped_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http.cache, "add", lambda *_given: False)  # as if dropped just after
    assert [http.counted("limit:any", 60), http.counted("limit:any", 60)] == [1, 2]


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("2001:db8:1:2::7", "2001:db8:1:2:ffff::1", True),
        ("2001:db8:1:2::7", "2001:db8:1:3::7", False),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("unknown", "unknown", True),
    ],
)
def test_a_line_with_many_addresses_is_one_asker(rf: RequestFactory, one: str, other: str, is_same: bool) -> None:
    first, second = (http.address_of(rf.get("/", REMOTE_ADDR=address)) for address in (one, other))
    assert (first == second) is is_same


def test_asking_for_many_pages_makes_no_count_forgotten() -> None:
    http.counted("limit:any", 60)
    for number in range(settings.CACHES["pages"]["OPTIONS"]["MAX_ENTRIES"] + 1):
        caches["pages"].set(str(number), "")
    assert http.counted("limit:any", 60) == 2


def test_a_form_whose_token_does_not_fit_gives_back_what_was_typed() -> None:
    answer = Client(enforce_csrf_checks=True).post("/ar/accounts/login/", {"problem": "عمود الإنارة مكسور"})
    assert answer.status_code == 403
    assert "عمود الإنارة مكسور" in answer.content.decode()


@pytest.mark.django_db
def test_a_full_disk_answers_503_and_gives_back_what_was_typed(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_given: object, **_named: object) -> None:
        raise OperationalError("could not extend file: No space left on device")

    programme = make.programme(opened="ideas")
    monkeypatch.setattr("infitah.journey.ideas.actions.submit", fail)
    axis = programme.axes.values_list("pk", flat=True)[0]
    given = {"key": uuid4(), "axis": axis, "problem": "لا إنارة في الزقاق", "solution": "وضع مصابيح اقتصادية"}
    answer = client.post(f"/ar/c/{programme.place.slug}/ideas/new/", given)
    assert answer.status_code == 503
    page = answer.content.decode()
    assert "لا إنارة في الزقاق" in page and "No space" not in page


def test_a_line_of_the_log_opens_nobodys_page_and_names_no_mailbox() -> None:
    token = signing.dumps([12, 34], salt="any", compress=True)
    long = signing.dumps({"a": "b" * 200}, salt="any", compress=True)
    for said in (
        f"/fr/calls/3/apply/{token}/",
        f"/fr/calls/3/apply/{long}/papers/4/",
        "/ar/r/4K7-2QM-9T/",
        "/r/4K72QM9T",
    ):
        line = logging.LogRecord("django.request", logging.WARNING, "", 0, "%s: %s", ("Conflict", said), None)
        told = http.Discreet("%(message)s").format(line)
        assert token not in told and long not in told and "2QM" not in told and "…" in told
    try:
        raise OSError({"alice@example.org": (550, b"no such mailbox")})
    except OSError:
        failed = logging.LogRecord("jobs", logging.ERROR, "", 0, "failed", (), sys.exc_info())
    told = http.Discreet("%(message)s").format(failed)
    assert "alice" not in told and "550" in told
    plain = logging.LogRecord("django.request", logging.WARNING, "", 0, "Not Found: /fr/c/tetouan/ideas/4/", (), None)
    assert http.Discreet("%(message)s").format(plain) == "Not Found: /fr/c/tetouan/ideas/4/"


@pytest.mark.django_db
def test_whoever_was_signed_out_gets_their_words_back_and_after_the_door_the_page_of_the_form(client: Client) -> None:
    address, form = "/fr/c/tetouan/ideas/inbox/", "http://testserver/fr/c/tetouan/ideas/inbox/?axis=3"
    answer = client.post(address, {"reason": "Un motif déjà écrit"}, headers={"referer": form})
    told = answer.content.decode()
    assert answer.status_code == 403 and "Un motif déjà écrit" in told
    assert "/fr/accounts/login/?next=/fr/c/tetouan/ideas/inbox/%3Faxis%3D3" in told
    led = client.post("/fr/organisations/speakers/1/accept/", headers={"referer": form})
    assert led.headers["Location"] == "/fr/accounts/login/?next=%2Ffr%2Fc%2Ftetouan%2Fideas%2Finbox%2F%3Faxis%3D3"
    elsewhere = client.post(address, headers={"referer": "https://example.org/evil/"})
    assert elsewhere.headers["Location"].endswith("?next=%2Ffr%2Fc%2Ftetouan%2Fideas%2Finbox%2F")


@pytest.mark.django_db
@pytest.mark.parametrize("send", ["get", "post"])
def test_no_part_of_a_page_becomes_the_door(client: Client, send: str) -> None:
    shown = {"HX-Request": "true", "HX-Current-URL": "http://testserver/fr/c/tetouan/ideas/enter/"}
    answer = getattr(client, send)("/fr/c/tetouan/ideas/inbox/?q=eau", headers=shown)
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == "/fr/accounts/login/?next=%2Ffr%2Fc%2Ftetouan%2Fideas%2Fenter%2F"
