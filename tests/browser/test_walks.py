"""Through the pages as people walk: who grants a role and takes it back, what becomes of a report, who sits where."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from infitah.ground.accounts.models import Person, Role
from infitah.ground.ledger import actions as ledger
from infitah.outlook.notifications import actions as notifications
from tests import make
from tests.browser.conftest import DESK
from tests.browser.test_scripts import come_in

PAGES = "/fr/c/tetouan/"


@pytest.fixture
def place(db: None) -> Any:
    return make.programme(make.place("tetouan"), opened="ideas").place


@pytest.fixture
def reader(browser: Browser, live_server: Any) -> Any:
    """`reader(person)` gives that person's page, at a desk, in French; without a person, a visitor's."""
    opened = []

    def opening(person: Person | None = None) -> Page:
        made = browser.new_context(base_url=live_server.url, **DESK)
        opened.append(made)
        page = made.new_page()
        if person:
            come_in(page, person)
        return page

    yield opening
    for made in opened:
        made.close()


def test_a_focal_point_grants_a_role_and_takes_it_back(reader: Any, place: Any) -> None:
    alice = reader(make.focal_point(place))
    alice.goto("/fr/workbench/")
    alice.get_by_role("link", name="Qui peut faire quoi ici").click()
    alice.get_by_label("E-mail").fill("secretaire@example.org")
    alice.get_by_label("Rôle").select_option(label="Secrétaire du conseil")
    alice.get_by_role("button", name="Accorder").click()
    expect(alice.locator(".holder", has_text="secretaire@example.org")).to_be_visible()
    bob = reader(Person.objects.get(email="secretaire@example.org"))
    bob.goto("/fr/workbench/")
    expect(bob.locator(".desk")).to_contain_text("Secrétaire du conseil")
    alice.locator(".holder", has_text="secretaire@example.org").get_by_role("link").click()
    expect(alice.locator("main")).to_contain_text("Inscrire le programme à l’ordre du jour")
    alice.get_by_role("button", name="Retirer le rôle").click()
    expect(alice.locator(".notice.ok")).to_be_visible()
    expect(alice.locator("main")).not_to_contain_text("secretaire@example.org")
    bob.reload()
    expect(bob.locator(".desk")).to_have_count(0)


def test_a_report_is_looked_at_its_author_told_and_heard(reader: Any, place: Any) -> None:
    author = make.person("Samira")
    idea = make.idea(place.programmes.get(), author=author)
    address = f"{PAGES}ideas/{idea.number}/"
    visitor = reader()
    visitor.goto(address)
    visitor.get_by_role("link", name="Signaler cette page").click()
    visitor.get_by_label("Insulte ou haine").check()
    visitor.get_by_role("button", name="Signaler").click()
    expect(visitor).to_have_url(f"{visitor.url.split('/fr/')[0]}{address}")
    alice = reader(make.focal_point(place))
    alice.goto(f"{PAGES}moderation/")
    alice.get_by_role("link", name="Le voir à sa place").click()
    expect(alice).to_have_url(f"{alice.url.split('/fr/')[0]}{address}")
    alice.go_back()
    alice.get_by_label("Règle").select_option(label="Insulte ou haine")
    alice.get_by_label("Motif").fill("Une personne y est insultée.")
    alice.get_by_role("button", name="Masquer").click()
    expect(alice.locator(".empty")).to_be_visible()
    visitor.reload()
    expect(visitor.locator("main")).to_contain_text("Une personne y est insultée.")
    ledger.seal()
    notifications.notify()
    samira = reader(author)
    samira.goto("/fr/notices/")
    samira.locator("main .list a, main article a, main li a").first.click()
    samira.get_by_label("Pourquoi").fill("Je ne nomme personne.")
    samira.get_by_role("button", name="Recours").click()
    expect(samira.locator("main")).to_contain_text("Une autre personne")
    alice.reload()
    expect(alice.locator("main")).to_contain_text("Je ne nomme personne.")
    deputy = reader(make.holder(Role.DEPUTY, place))
    deputy.goto(f"{PAGES}moderation/")
    deputy.get_by_label("Réponse").fill("C’est juste : personne n’est nommé.")
    deputy.locator("[name=is_granted]").check()
    deputy.get_by_role("button", name="Répondre").click()
    expect(deputy.locator("main .badge.ok")).to_be_visible()
    visitor.reload()
    expect(visitor.locator("main")).to_contain_text(idea.problem)


def test_a_committee_is_set_up_and_its_seats_are_seen(reader: Any, place: Any) -> None:
    alice = reader(make.focal_point(place))
    alice.goto(f"{PAGES}programme/setup/committee/")
    alice.locator("#id_set_up_on").fill("2025-03-01")
    alice.get_by_role("button", name="Enregistrer").click()
    alice.get_by_label("Société civile").check()
    alice.locator("#id_name").fill("Amina B.")
    alice.locator("[name=function_fr]").fill("Présidente de l’association du quartier")
    alice.locator("#id_since").fill("2025-03-02")
    alice.locator("#id_email").fill("amina@example.org")
    alice.get_by_role("button", name="Attribuer le siège").click()
    expect(alice.locator(".card", has_text="Amina B.")).to_contain_text("a un compte")
    visitor = reader()
    visitor.goto(f"{PAGES}committee/")
    expect(visitor.locator("main")).to_contain_text("Amina B.")
    expect(visitor.locator("main")).not_to_contain_text("amina@example.org")
    alice.locator(".card", has_text="Amina B.").locator("summary").click()
    alice.locator("input[name=until]").fill("2025-06-01")
    alice.locator(".card", has_text="Amina B.").get_by_role("button").click()
    expect(alice.locator(".card", has_text="Amina B.")).to_have_count(0)
