"""Signing in with an institution: OpenID Connect for real, against a small provider on this machine."""

import base64
import json
import time
from collections.abc import Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import jwt
import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core import mail
from django.test import Client

from infitah.ground.accounts.models import Person
from tests import make

pytestmark = pytest.mark.django_db
SIGNING_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PUBLIC_KEY = {**jwt.algorithms.RSAAlgorithm.to_jwk(SIGNING_KEY.public_key(), as_dict=True), "kid": "1", "use": "sig"}


class Institution(HTTPServer):
    """A provider that knows one person: discovery, authorize, token, keys, userinfo."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Desk)
        self.address = f"http://127.0.0.1:{self.server_port}"
        self.known = {"sub": "7", "email": "amina@example.org", "email_verified": True, "name": "Amina"}
        self.claims: dict[str, Any] = {}  # what it says otherwise than it should
        self.asked: dict[str, str] = {}  # by the code it gave: the challenge that came with the question
        self.scope = ""  # what it was asked to tell
        self.says_no = False

    def discovery(self) -> dict[str, Any]:
        ends = {f"{name}_endpoint": f"{self.address}/{name}" for name in ("authorization", "token", "userinfo")}
        return {"issuer": self.address, "jwks_uri": f"{self.address}/keys", **ends}

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser is sent back to."""
        self.asked["good"], self.scope = asked["code_challenge"], asked["scope"]
        answer = {"error": "access_denied"} if self.says_no else {"code": "good"}
        return f"{asked['redirect_uri']}?{urlencode({**answer, 'state': asked['state']})}"

    def token(self, given: dict[str, str]) -> dict[str, Any]:
        challenge = base64.urlsafe_b64encode(sha256(given["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        assert given["client_secret"] == "kept" and self.asked.pop(given["code"]) == challenge
        now = int(time.time())
        told = {"iss": self.address, "aud": "infitah", "iat": now, "exp": now + 60, **self.known, **self.claims}
        signed = jwt.encode(told, SIGNING_KEY, algorithm="RS256", headers={"kid": "1"})
        return {"access_token": "open", "token_type": "Bearer", "expires_in": 60, "id_token": signed}


class Desk(BaseHTTPRequestHandler):
    server: Institution

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path == "/authorization":
            self.send_response(302)
            self.send_header("Location", self.server.authorize({k: v[0] for k, v in parse_qs(parts.query).items()}))
            self.end_headers()
        else:
            answers = {
                "/.well-known/openid-configuration": self.server.discovery(),
                "/keys": {"keys": [PUBLIC_KEY]},
                "/userinfo": self.server.known,
            }
            self.answer(answers[parts.path])

    def do_POST(self) -> None:
        given = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.answer(self.server.token({name: values[0] for name, values in given.items()}))

    def answer(self, told: dict[str, Any]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(told).encode())

    def log_message(self, *said: Any) -> None:
        """It keeps quiet."""


@pytest.fixture
def institution(settings: Any) -> Iterator[Institution]:
    """As docs/running.md names one: OIDC_URL, OIDC_NAME, OIDC_CLIENT_ID, OIDC_SECRET."""
    serving = Institution()
    asked = {**settings.OIDC["settings"], "server_url": serving.address}
    app = {**settings.OIDC, "name": "Identité", "client_id": "infitah", "secret": "kept", "settings": asked}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    Thread(target=serving.serve_forever, args=[0.01], daemon=True).start()  # it looks that often whether it may go
    yield serving
    serving.shutdown()
    serving.server_close()


class Stay(HTTPRedirectHandler):
    """Tell where to, do not go."""

    def redirect_request(self, *asked: Any) -> None:
        return None


def sent_back_to(address: str) -> str:
    """The institution knows its people already: it sends the browser back at once."""
    try:
        build_opener(Stay).open(Request(address))
    except HTTPError as answer:
        return str(answer.headers["Location"])
    raise AssertionError("the institution kept the browser")


def come_through(client: Client) -> Any:
    away = client.get("/fr/accounts/oidc/national/login/?process=login")
    return client.get(sent_back_to(away.headers["Location"]), follow=True)


def test_whoever_an_institution_knows_has_an_account_at_once(client: Client, institution: Institution) -> None:
    answer = come_through(client)
    assert answer.redirect_chain[-1][0] == "/fr/me/" and answer.status_code == 200
    amina = Person.objects.get(email="amina@example.org")
    assert (amina.pseudonym, amina.full_name, amina.language) == ("", "", "fr")
    client.post("/fr/accounts/logout/")
    assert come_through(client).status_code == 200
    assert Person.objects.filter(email="amina@example.org").count() == 1


def test_whoever_was_invited_by_mail_finds_their_role(client: Client, institution: Institution) -> None:
    clerk = make.focal_point(make.place("tetouan"))
    Person.objects.filter(pk=clerk.pk).update(email="amina@example.org", language="fr")
    EmailAddress.objects.create(user=clerk, email="amina@example.org", verified=True, primary=True)
    assert "Point focal" in come_through(client).content.decode()


def test_whoever_was_invited_and_has_never_come_shows_the_mailbox_too(client: Client, institution: Institution) -> None:
    clerk = make.focal_point(make.place("tetouan"))
    Person.objects.filter(pk=clerk.pk).update(email="amina@example.org", language="fr")
    assert come_through(client).redirect_chain[-1][0] == "/fr/accounts/confirm-email/"
    assert client.get("/fr/me/").status_code == 302
    answer = client.post("/fr/accounts/confirm-email/", {"code": mail.outbox[-1].subject.split()[0]}, follow=True)
    assert "Point focal" in answer.content.decode()


def test_an_address_opens_an_account_only_where_its_owner_has_confirmed_it(client: Client, sign_in: Any) -> None:
    """So nobody waits in an account of their own for the owner of an address that they wrote down."""
    bob = make.person("Bob", email="bob@example.org")
    EmailAddress.objects.create(user=bob, email=bob.email, verified=True, primary=True)
    sign_in(bob).post("/fr/accounts/email/", {"action_add": "", "email": "amina@example.org"})
    assert [one.email for one in EmailAddress.objects.all()] == ["bob@example.org"]


def test_staff_without_a_second_factor_is_led_to_one_whoever_vouches(
    client: Client, institution: Institution, settings: Any
) -> None:
    settings.IS_SECOND_FACTOR_COMPULSORY = True
    clerk = make.focal_point(make.place("tetouan"))
    Person.objects.filter(pk=clerk.pk).update(email="amina@example.org", language="fr")
    EmailAddress.objects.create(user=clerk, email="amina@example.org", verified=True, primary=True)
    assert come_through(client).redirect_chain[-1][0] == "/fr/accounts/2fa/"
    assert client.get("/fr/workbench/")["Location"] == "/fr/accounts/2fa/"


def test_of_what_an_institution_tells_only_the_address_is_kept(client: Client, institution: Institution) -> None:
    institution.known |= {"cin": "AB123456", "birthdate": "1990-01-01"}
    for _ in range(2):
        come_through(client)
        client.post("/fr/accounts/logout/")
    known = SocialAccount.objects.get()
    assert (sorted(institution.scope.split()), known.uid, known.extra_data) == (["email", "openid"], "7", {})


def test_one_parts_from_an_institution_and_enters_by_mail(client: Client, institution: Institution) -> None:
    assert "/fr/accounts/3rdparty/" in come_through(client).content.decode()
    known = SocialAccount.objects.get()
    assert "Identité" in client.get("/fr/accounts/3rdparty/").content.decode()
    answer = client.post("/fr/accounts/3rdparty/", {"account": known.pk}, follow=True)
    assert "Identité" not in answer.content.decode() and not SocialAccount.objects.exists()


def test_an_institution_does_not_stand_for_the_second_factor(client: Client, institution: Institution) -> None:
    clerk = make.focal_point(make.place("tetouan"))
    Person.objects.filter(pk=clerk.pk).update(email="amina@example.org")
    EmailAddress.objects.create(user=clerk, email="amina@example.org", verified=True, primary=True)
    Authenticator.objects.create(user=clerk, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
    answer = come_through(client)
    assert answer.redirect_chain[-1][0] == "/fr/accounts/2fa/authenticate/"
    assert client.get("/fr/me/").status_code == 302


@pytest.mark.parametrize("said", [False, "false", "", None])
def test_an_address_that_nobody_checked_opens_no_account(said: Any, client: Client, institution: Institution) -> None:
    Person.objects.filter(pk=make.person().pk).update(email="amina@example.org")
    institution.known["email_verified"] = said
    come_through(client)
    assert client.get("/fr/me/").status_code == 302


@pytest.mark.parametrize("claims", [{"aud": "another"}, {"iss": "https://example.org"}, {"exp": 1}])
def test_a_word_meant_for_others_is_not_believed(
    claims: dict[str, Any], client: Client, institution: Institution
) -> None:
    institution.claims = claims
    answer = come_through(client)
    assert answer.status_code == 401 and "La connexion n’a pas abouti" in answer.content.decode()
    assert not Person.objects.exists()


def test_a_reply_that_nobody_asked_for_is_not_believed(client: Client, institution: Institution) -> None:
    answer = client.get("/fr/accounts/oidc/national/login/callback/?code=good&state=made-up", follow=True)
    assert answer.status_code == 401 and not Person.objects.exists()


def test_whoever_turns_back_is_told_of_other_ways(client: Client, institution: Institution) -> None:
    institution.says_no = True
    told = come_through(client).content.decode()
    assert "Vous avez fait demi-tour" in told and "/fr/accounts/login/" in told


def test_an_institution_that_does_not_answer_is_said_in_words(client: Client, institution: Institution) -> None:
    institution.shutdown()
    institution.server_close()
    answer = client.get("/fr/accounts/oidc/national/login/?process=login", follow=True)
    assert answer.status_code == 503 and "La connexion n’a pas abouti" in answer.content.decode()
