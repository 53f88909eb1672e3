"""The door of whoever runs something: a mailed code, then a key, an app or a recovery code, in a real browser."""

import base64
import hmac
import re
import struct
import time
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from playwright.sync_api import Page, expect

from infitah.ground.accounts.models import Person
from tests import make
from tests.browser.look import faults

ADDRESS = "clerk@example.org"
KEY = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
LATIN = re.compile(r"[A-Za-z]{3,}")


@pytest.fixture(autouse=True)
def second_factor_is_compulsory(settings: Any) -> None:
    settings.IS_SECOND_FACTOR_COMPULSORY = True


@pytest.fixture
def clerk(db: None) -> Person:
    person = make.focal_point(make.place("tetouan"))
    Person.objects.filter(pk=person.pk).update(email=ADDRESS)
    EmailAddress.objects.create(user=person, email=ADDRESS, verified=True, primary=True)
    return person


def hold_a_key(page: Page) -> None:
    """The phone has a fingerprint reader, and its owner touches it when asked."""
    machine = page.context.new_cdp_session(page)
    machine.send("WebAuthn.enable")
    touched = {"isUserVerified": True, "automaticPresenceSimulation": True}
    machine.send("WebAuthn.addVirtualAuthenticator", {"options": {**KEY, **touched}})


def ask_for_a_code(page: Page, language: str) -> None:
    page.goto(f"/{language}/accounts/login/")
    page.fill("#id_login", ADDRESS)
    page.locator("form:has(#id_login) button").click()
    page.fill("#id_code", mail.outbox[-1].subject.split()[0])
    page.locator("form:has(#id_code) button").first.click()


def sign_out(page: Page, language: str) -> None:
    page.goto(f"/{language}/accounts/logout/")
    page.locator("main form button").click()


def give(page: Page, code: str) -> None:
    page.fill("#id_code", code)
    page.locator("form:has(#id_code) button").first.click()


def shown_by_the_app(secret: str) -> str:
    """The six digits of this half minute, as RFC 6238 has them."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), "sha1").digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def look(page: Page) -> None:
    """Readable for all, no wider than the screen, and, in Arabic, without a word of another language."""
    assert faults(page) == [], page.url
    if "/ar/" in page.url:
        said = page.locator("main").inner_text().replace(ADDRESS, "")
        told = page.locator("main code").all_inner_texts()
        assert not LATIN.search(said if not told else said.replace(told[0], "")), page.url


def test_staff_is_led_to_a_key_and_signs_in_with_it(phone: Page, clerk: Person) -> None:
    hold_a_key(phone)
    ask_for_a_code(phone, "ar")
    phone.goto("/ar/workbench/")
    expect(phone).to_have_url(re.compile("/ar/accounts/2fa/$"))
    look(phone)
    phone.locator('main a[href$="/webauthn/add/"]').click()
    look(phone)
    phone.locator("#mfa_webauthn_add").click()
    expect(phone.locator("#recovery_codes li")).to_have_count(10)
    look(phone)
    phone.locator("main .row .btn").first.click()
    expect(phone).to_have_url(re.compile("/ar/workbench/$"))
    for path in ("", "webauthn/", "recovery-codes/generate/"):
        phone.goto(f"/ar/accounts/2fa/{path}")
        look(phone)
    sign_out(phone, "ar")
    ask_for_a_code(phone, "ar")
    look(phone)
    phone.locator("#mfa_webauthn_authenticate").click()
    expect(phone).to_have_url(re.compile("/ar/me/$"))
    sign_out(phone, "ar")
    phone.goto("/ar/accounts/login/")
    phone.locator("#passkey_login").click()
    expect(phone).to_have_url(re.compile("/ar/me/$"))


def test_staff_signs_in_with_an_app_and_with_a_recovery_code(desk: Page, clerk: Person) -> None:
    Person.objects.filter(pk=clerk.pk).update(language="fr")
    ask_for_a_code(desk, "fr")
    desk.goto("/fr/accounts/2fa/totp/activate/")
    give(desk, "000000")
    expect(desk.locator("#id_code_error, .error").first).to_contain_text("Ce code n’est pas le bon.")
    look(desk)
    secret = desk.locator("#authenticator_secret").inner_text()
    give(desk, shown_by_the_app(secret))
    expect(desk.locator("#recovery_codes li")).to_have_count(10)
    codes = desk.locator("#recovery_codes li").all_inner_texts()
    sign_out(desk, "fr")
    ask_for_a_code(desk, "fr")
    give(desk, codes[0])
    expect(desk).to_have_url(re.compile("/fr/me/$"))
    sign_out(desk, "fr")
    ask_for_a_code(desk, "fr")
    give(desk, codes[0])
    expect(desk.locator(".errors")).to_contain_text("Ce code n’est pas le bon.")


def test_after_a_while_one_shows_again_that_it_is_oneself(desk: Page, clerk: Person, settings: Any) -> None:
    hold_a_key(desk)
    ask_for_a_code(desk, "fr")
    desk.goto("/fr/accounts/2fa/webauthn/add/")
    desk.locator("#mfa_webauthn_add").click()
    expect(desk.locator("#recovery_codes li")).to_have_count(10)
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    desk.goto("/fr/accounts/2fa/recovery-codes/generate/")
    expect(desk).to_have_url(re.compile("/webauthn/reauthenticate/"))
    look(desk)
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
    desk.locator("#mfa_webauthn_reauthenticate").click()
    expect(desk).to_have_url(re.compile("/recovery-codes/generate/$"))


def test_a_key_that_does_not_answer_is_said_in_words(desk: Page, clerk: Person) -> None:
    ask_for_a_code(desk, "fr")
    desk.goto("/fr/accounts/2fa/webauthn/add/")
    desk.evaluate("() => { navigator.credentials.create = () => Promise.reject(new Error('no')) }")
    desk.locator("#mfa_webauthn_add").click()
    expect(desk.locator("#notices")).to_contain_text("Cela n’a pas marché")
