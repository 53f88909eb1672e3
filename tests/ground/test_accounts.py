import json
import time
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from django.utils.html import escape

from infitah.ground.accounts import actions, queries, rules
from infitah.ground.accounts.models import Contact, Person, Role, RoleGrant
from infitah.ground.ledger.models import Entry
from infitah.lib.errors import NotAllowed, NotPossible
from tests import make

pytestmark = pytest.mark.django_db
LOCAL = [Role.DEPUTY, Role.COMMITTEE, Role.PROJECT_OWNER, Role.CLERK]


def fresh(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


@pytest.mark.parametrize("role", Role)
def test_the_national_team_grants_every_role_everywhere(role: str, ledger: Any) -> None:
    team, bob, place = make.holder(Role.NATIONAL, make.country()), make.person("Bob"), make.place()
    until = timezone.localdate() if role == Role.COACH else None  # a coach helps for a time
    actions.grant(bob, role, place, by=team, until=until)
    assert fresh(bob).holds(role, at=place)
    assert ledger("role.granted")[0].particulars == {"role": role, "person": str(bob.uid)}


@pytest.mark.parametrize("role", Role)
def test_a_focal_point_grants_only_what_serves_at_home(role: str) -> None:
    here, elsewhere = make.place(), make.place()
    alice = make.focal_point(here)
    assert rules.can_grant(alice, role, here, make.person()) is (role in LOCAL)
    assert not rules.can_grant(alice, role, elsewhere)
    assert not rules.can_grant(make.holder(Role.DEPUTY, here), role, here)
    assert not rules.can_grant(None, role, here)


def test_nobody_grants_a_role_to_themselves() -> None:
    here = make.place()
    for who in [make.focal_point(here), make.holder(Role.NATIONAL, make.country())]:
        with pytest.raises(NotAllowed):
            actions.grant(who, Role.CLERK, here, by=who)


def test_a_role_is_granted_once_and_anew_after_it_ended() -> None:
    here = make.place()
    alice, bob = make.focal_point(here), make.person("Bob")
    first = actions.grant(bob, Role.CLERK, here, by=alice)
    with pytest.raises(NotPossible):
        actions.grant(bob, Role.CLERK, here, by=alice)
    RoleGrant.objects.filter(pk=first.pk).update(until=timezone.localdate() - timedelta(days=1))
    assert actions.grant(bob, Role.CLERK, here, by=alice).pk != first.pk


def test_a_role_is_taken_back_once_by_who_may_grant_it(ledger: Any) -> None:
    here = make.place()
    alice, bob = make.focal_point(here), make.person("Bob")
    grant = actions.grant(bob, Role.CLERK, here, by=alice)
    with pytest.raises(NotAllowed):
        actions.revoke(grant, by=make.focal_point(make.place()))
    actions.revoke(grant, by=alice)
    assert not fresh(bob).holds(Role.CLERK, at=here)
    with pytest.raises(NotPossible):
        actions.revoke(grant, by=alice)
    assert ledger() == ["role.granted", "role.revoked"]


def test_the_national_team_begins_once() -> None:
    make.country()
    call_command("appoint", "first@example.org")
    assert queries.by_email("FIRST@example.org").is_national
    with pytest.raises(CommandError):
        call_command("appoint", "second@example.org")


def test_a_person_renames_themselves_only(ledger: Any) -> None:
    alice = make.person()
    assert actions.rename(alice, "Lalla Alice", by=alice).pseudonym == "Lalla Alice"
    for who in [None, make.person("Bob")]:
        with pytest.raises(NotAllowed):
            actions.rename(alice, "Bob", by=who)
    assert ledger() == ["person.renamed"] and "Alice" not in str(ledger("person.renamed")[0].particulars)


@pytest.mark.parametrize("name", ["Appelez 0612345678", "samira@example.org", "BE 123456", "حمار"])
def test_a_public_name_gives_nobody_away_and_insults_nobody(name: str, sign_in: Any, ledger: Any) -> None:
    alice = make.person()
    with pytest.raises(NotPossible):
        actions.rename(alice, name, by=alice)
    refused = sign_in(alice).post("/fr/me/", {"pseudonym": name, "language": "fr"})
    assert refused.status_code == 422 and name in refused.content.decode()
    assert (Person.objects.get(pk=alice.pk).pseudonym, ledger()) == ("Alice", [])


def test_an_export_holds_every_record_that_names_the_person_and_no_secret(ledger: Any) -> None:
    alice = make.person(full_name="Alice Full")
    idea = make.idea(author=alice)
    actions.rename(alice, "A.", by=alice)
    Authenticator.objects.create(user=alice, type="totp", data={"secret": "do not tell"})
    told = json.dumps(actions.export(alice, by=alice))
    assert idea.solution in json.loads(told)["records"]["ideas.idea.author"][0]["solution"]
    assert "Alice Full" in told and "do not tell" not in told and "password" not in told
    assert [each["action"] for each in json.loads(told)["done"]] == ["person.renamed", "person.exported"]
    with pytest.raises(NotAllowed):
        actions.export(alice, by=make.person("Bob"))


def test_an_export_says_nothing_of_others() -> None:
    make.idea(author=make.person("Bob"), problem="Bob's problem")
    alice = make.person()
    assert "Bob" not in json.dumps(actions.export(alice, by=alice))


def test_an_erased_person_is_nowhere_and_what_they_gave_stays(sign_in: Any, ledger: Any) -> None:
    alice = make.person(full_name="Alice Full")
    make.grant(alice, Role.CLERK, make.place())
    idea = make.idea(
        author=alice,
        pseudonym="Alice",
        contact=Contact.objects.create(email=alice.email, retain_until=date(2030, 1, 1)),
    )
    EmailAddress.objects.create(user=alice, email=alice.email, verified=True, primary=True)
    Authenticator.objects.create(user=alice, type="totp", data={})
    browser = sign_in(alice)
    actions.erase(alice, by=alice)
    gone = fresh(alice)
    assert (gone.email, gone.full_name, gone.pseudonym, gone.is_active) == (None, "", "", False)
    assert not (EmailAddress.objects.exists() or Authenticator.objects.exists() or Contact.objects.exists())
    assert not gone.current_grants
    idea.refresh_from_db()
    assert (idea.author_id, idea.pseudonym, idea.solution != "") == (alice.pk, "", True)
    assert browser.get("/ar/me/").status_code == 302
    assert ledger() == ["role.revoked", "person.erased"]
    with pytest.raises(NotAllowed):
        actions.erase(alice, by=alice)
    with pytest.raises(NotPossible):
        actions.grant(alice, Role.CLERK, make.place(), by=make.holder(Role.NATIONAL, make.country()))


def test_what_was_left_under_an_address_goes_with_its_owner_only(sign_in: Any) -> None:
    """An address that somebody merely wrote down as theirs opens nothing and erases nothing."""
    alice, day = make.person(email="alice@example.org"), date(2030, 1, 1)
    EmailAddress.objects.create(user=alice, email="bob@example.org", verified=False)
    mine, bobs = (
        Contact.objects.create(email=email, retain_until=day) for email in ("Alice@Example.org", "bob@example.org")
    )
    told = actions.export(alice, by=alice)["records"]["accounts.contact"]
    assert [each["id"] for each in told] == [mine.pk]
    actions.erase(alice, by=alice)
    assert list(Contact.objects.all()) == [bobs]


def test_only_oneself_or_the_national_team_erases() -> None:
    with pytest.raises(NotAllowed):
        actions.erase(make.person(), by=make.person("Bob"))
    assert actions.erase(make.person(), by=make.holder(Role.NATIONAL, make.country())).erased_at


def test_the_purge_erases_what_has_passed_its_date_and_reports_it(ledger: Any) -> None:
    make.country()
    today = timezone.localdate()
    kept = Contact.objects.create(email="kept@example.org", retain_until=today)
    Contact.objects.create(email="old@example.org", retain_until=today - timedelta(days=1))
    long_ago = timezone.now() - timedelta(days=4 * 365)
    unused, used = make.person(joined_at=long_ago), make.person(joined_at=long_ago, last_login=timezone.now())
    clerk = make.holder(Role.CLERK, make.place())
    Person.objects.filter(pk=clerk.pk).update(joined_at=long_ago)
    assert actions.purge(today) == {"contacts": 1, "people": 1, "sessions": 0}
    assert list(Contact.objects.all()) == [kept]
    assert fresh(unused).erased_at and not fresh(used).erased_at and not fresh(clerk).erased_at
    assert ledger("accounts.purged")[0].particulars == {"contacts": 1, "people": 1, "sessions": 0}
    assert actions.purge(today) == {"contacts": 0, "people": 0, "sessions": 0}
    assert len(ledger("accounts.purged")) == 1


def test_an_account_that_its_owner_never_confirmed_is_erased_after_a_week() -> None:
    make.country()
    long_ago = timezone.now() - timedelta(days=9)
    typed, fresh_one, entered, invited = (make.person(email=f"{n}@example.org", joined_at=long_ago) for n in range(4))
    for person in (typed, fresh_one, entered):
        EmailAddress.objects.create(user=person, email=person.email, verified=False)
    Person.objects.filter(pk=fresh_one.pk).update(joined_at=timezone.now())
    Person.objects.filter(pk=entered.pk).update(last_login=long_ago)
    assert actions.purge(timezone.localdate())["people"] == 1
    assert fresh(typed).erased_at and not any(fresh(each).erased_at for each in (fresh_one, entered, invited))


def test_the_purge_looks_through_the_sessions_once() -> None:
    make.country()
    long_ago = timezone.now() - timedelta(days=4 * 365)
    for number in range(3):
        make.person(email=f"{number}@example.org", joined_at=long_ago)
    with CaptureQueriesContext(connection) as asked:
        assert actions.purge(timezone.localdate())["people"] == 3
    assert sum('FROM "django_session"' in each["sql"] and "SELECT" in each["sql"] for each in asked) == 1


# -- pages -------------------------------------------------------------------------------------


def test_my_page_keeps_name_and_language(sign_in: Any) -> None:
    alice = make.person()
    browser = sign_in(alice)
    assert browser.get("/fr/me/").status_code == 200
    assert browser.post("/ar/me/", {"pseudonym": "فاطمة", "language": "fr"}).status_code == 303
    assert (fresh(alice).pseudonym, fresh(alice).language) == ("فاطمة", "fr")
    assert browser.post("/ar/me/", {"pseudonym": "x" * 61, "language": "fr"}).status_code == 422
    assert browser.get("/ar/me/export.json").json()["person"]["pseudonym"] == "فاطمة"


def test_a_public_name_is_words_and_turns_no_page_around(sign_in: Any) -> None:
    alice = make.person()
    browser = sign_in(alice)
    refused = browser.post("/fr/me/", {"pseudonym": "🙂", "language": "fr"})
    assert refused.status_code == 422 and "🙂" in refused.content.decode()
    assert browser.post("/fr/me/", {"pseudonym": "\u202eAmina\u200b B.", "language": "fr"}).status_code == 303
    assert fresh(alice).pseudonym == "Amina B."
    assert browser.post("/fr/me/").status_code == 422


def test_erasing_takes_a_second_thought(sign_in: Any) -> None:
    alice = make.person()
    browser = sign_in(alice)
    assert browser.post("/ar/me/erase/").status_code == 422
    assert browser.post("/ar/me/erase/", {"is_sure": "on"}).status_code == 303
    assert fresh(alice).erased_at


def test_a_focal_point_grants_and_takes_back_on_the_page(sign_in: Any) -> None:
    here = make.place("tetouan")
    browser = sign_in(make.focal_point(here))
    new = {"email": "new@example.org", "role": Role.CLERK}
    assert browser.post("/ar/c/tetouan/people/", new).status_code == 303
    grant = RoleGrant.objects.get(person__email="new@example.org")
    assert browser.post("/ar/c/tetouan/people/", {**new, "role": Role.NATIONAL}).status_code == 422
    assert browser.post("/ar/c/tetouan/people/", {**new, "until": "2020-01-01"}).status_code == 422
    again = browser.post("/ar/c/tetouan/people/", new)
    assert again.status_code == 409 and 'value="new@example.org"' in again.content.decode()
    assert browser.post(f"/ar/people/{grant.pk}/revoke/").status_code == 303


def test_people_of_a_place_take_the_same_queries_at_any_number(
    sign_in: Any, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    here = make.place("tetouan")
    browser = sign_in(make.focal_point(here))
    browser.get("/ar/c/tetouan/people/")
    with django_assert_max_num_queries(8) as first:
        browser.get("/ar/c/tetouan/people/")
    for _ in range(30):
        make.holder(Role.COMMITTEE, here)
    with django_assert_num_queries(len(first)):
        browser.get("/ar/c/tetouan/people/")


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_who_may_do_what_is_read_from_every_rule_of_the_house(client: Client, language: str) -> None:
    """That each sentence is translated is looked at in tests/test_house.py."""
    told = client.get(f"/{language}/roles/").content.decode()
    with translation.override(language):
        assert all(escape(sentence) in told for room in queries.rooms_said() for sentence in room.rules)
    assert all(len(sentence.split()) >= 3 for _, rules in queries.sentences_of_rules() for sentence in rules)


# -- the door ----------------------------------------------------------------------------------


def test_one_signs_up_and_in_with_a_mailed_code(client: Client) -> None:
    assert client.post("/fr/accounts/signup/", {"email": "new@example.org"}).status_code == 302
    code = mail.outbox[-1].subject.split()[0]
    client.post("/fr/accounts/confirm-email/", {"code": code})
    assert client.get("/fr/me/").status_code == 200
    assert Person.objects.get(email="new@example.org").language == "fr"
    client.post("/fr/accounts/logout/")
    assert client.get("/fr/me/").status_code == 302
    client.post("/ar/accounts/login/", {"login": "new@example.org"})
    code = mail.outbox[-1].subject.split()[0]
    assert code in mail.outbox[-1].body and "رمز" in mail.outbox[-1].subject
    answer = client.post("/ar/accounts/login/code/confirm/", {"code": code})
    assert answer["Location"] == "/fr/me/"


def test_what_the_door_refuses_is_422_and_keeps_what_was_typed(client: Client, sign_in: Any) -> None:
    for address, field in [("login/", "login"), ("signup/", "email")]:
        answer = client.post(f"/fr/accounts/{address}", {field: "amina chez example"})
        assert answer.status_code == 422 and "amina chez example" in answer.content.decode(), address
        assert client.post(f"/fr/accounts/{address}").status_code == 422
    client.post("/fr/accounts/signup/", {"email": "new@example.org"})
    answer = client.post("/fr/accounts/confirm-email/", {"code": "wrong"})
    assert answer.status_code == 422 and "wrong" in answer.content.decode()
    browser = sign_in(make.person())
    assert browser.post("/fr/accounts/email/", {"action_add": "", "email": "nowhere"}).status_code == 422


@pytest.mark.parametrize("address", ["password/reset/", "password/set/", "password/change/", "login/code/"])
def test_there_is_one_door_and_no_password(client: Client, sign_in: Any, address: str) -> None:
    assert client.get(f"/fr/accounts/{address}")["Location"] == "/fr/accounts/login/"
    posted = sign_in(make.person()).post(f"/fr/accounts/{address}", {"password1": "Secret-2030", "email": "a@b.org"})
    assert posted["Location"] == "/fr/accounts/login/" and not mail.outbox


@pytest.mark.parametrize("language", ["ar", "fr"])
@pytest.mark.parametrize(
    "address",
    ["login/", "signup/", "logout/", "email/", "2fa/", "2fa/totp/activate/", "2fa/webauthn/add/"],
)
def test_the_pages_of_the_door_are_dressed(sign_in: Any, client: Client, language: str, address: str) -> None:
    alice = make.person()
    EmailAddress.objects.create(user=alice, email=alice.email, verified=True, primary=True)
    browser = client if address in {"login/", "signup/"} else sign_in(alice)
    answer = browser.get(f"/{language}/accounts/{address}", follow=True)
    assert answer.status_code == 200 and 'class="skip"' in answer.content.decode()


def test_an_institution_signs_people_in_where_one_is_named(client: Client, settings: Any) -> None:
    assert "3rdparty" not in client.get("/fr/accounts/login/").content.decode()
    app = {"provider_id": "national", "name": "Identité", "client_id": "x", "secret": "y"}
    app["settings"] = {"server_url": "https://id.example.org"}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    told = client.get("/fr/accounts/login/").content.decode()
    assert "Continuer avec Identité" in told and "/oidc/national/login/" in told


def test_staff_sets_up_a_second_factor_first(sign_in: Any, settings: Any) -> None:
    settings.IS_SECOND_FACTOR_COMPULSORY = True
    clerk = make.holder(Role.CLERK, make.place())
    browser = sign_in(clerk)
    assert browser.get("/ar/me/")["Location"].startswith("/ar/accounts/2fa/")
    assert browser.get("/ar/accounts/2fa/").status_code == 200
    Authenticator.objects.create(user=clerk, type="totp", data={})
    assert browser.get("/ar/me/").status_code == 200
    assert sign_in(make.person()).get("/ar/me/").status_code == 200


def test_a_demonstration_person_signs_in_by_link_in_a_demonstration_only(client: Client, settings: Any) -> None:
    alice, bob = make.person(is_demonstration=True), make.person("Bob")
    link = queries.demo_link(alice, to="/ar/me/")
    assert client.get(link).status_code == 404
    settings.IS_DEMO = True
    assert client.get(queries.demo_link(bob)).status_code == 404
    assert client.get(link.replace("/in/", "/in/x")).status_code == 404
    assert client.get(link)["Location"] == "/ar/me/"
    assert client.get("/ar/me/").status_code == 200


def test_the_ledger_names_people_by_number_only() -> None:
    alice = make.person("Very Rare Name")
    actions.rename(alice, "Other Rare Name", by=alice)
    actions.erase(alice, by=alice)
    assert all("Rare" not in str(entry.particulars) for entry in Entry.objects.all())


def test_leaving_keeps_the_language_of_the_page(sign_in):
    assert sign_in(make.person()).post("/fr/accounts/logout/").headers["Location"] == "/fr/"
    assert sign_in(make.person()).post("/fr/me/erase/", {"is_sure": "on"}).headers["Location"] == "/fr/"


def test_a_mailbox_is_not_flooded_with_codes_however_patient_the_asker(mailoutbox, monkeypatch):
    make.person(email="alice@example.org")
    began = time.time()
    for turn in range(30):  # from another place each time, half a minute apart
        clock = SimpleNamespace(time=lambda turn=turn: began + 30 * turn, monotonic=time.monotonic)
        monkeypatch.setattr("allauth.core.internal.ratelimit.time", clock)
        Client().post("/fr/accounts/login/", {"login": "alice@example.org"}, REMOTE_ADDR=f"192.0.2.{turn}")
    assert len(mailoutbox) == 15


def test_asking_for_codes_too_often_is_refused_in_the_language_of_the_page(client):
    for number in range(40):
        answer = client.post("/fr/accounts/login/", {"login": f"alice{number}@example.org"})
        if answer.status_code != 302:
            break
    assert answer.status_code == 429
    assert "Trop de demandes" in answer.content.decode()
