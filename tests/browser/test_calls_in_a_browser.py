"""From the call to the charter, as its people walk it; the applicant has no account, and no JavaScript."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page, expect

from infitah.ground.accounts.models import Person, Role
from infitah.network.calls import jobs
from infitah.network.calls.models import Application
from infitah.network.membership.models import Member
from tests import make
from tests.browser.conftest import DESK
from tests.browser.test_scripts import come_in

ACT = {"name": "decision.pdf", "mimeType": "application/pdf", "buffer": make.PDF}


@pytest.fixture
def reader(browser: Any, context: Any, live_server: Any) -> Any:
    """`reader(person)` gives that person's page, in French; without a person, that of a visitor without JavaScript."""
    opened = []

    def opening(person: Person | None = None) -> Page:
        made = browser.new_context(base_url=live_server.url, java_script_enabled=person is not None, **DESK)
        opened.append(made)
        page: Page = made.new_page()
        if person:
            come_in(page, person)
        return page

    yield opening
    for made in opened:
        made.close()


def write_call(page: Page) -> None:
    """The national team writes a call for communes, reads it, publishes it."""
    today = timezone.localdate()
    page.goto("/fr/workbench/")
    page.get_by_role("link", name="Rédiger un appel").click()
    page.locator("[name=title_fr]").fill("Quatrième appel")
    page.locator("[name=text_fr]").fill("Rejoignez le réseau")
    page.get_by_label("Nombre de places").fill("2")
    page.get_by_label("Ouvre le").fill(str(today))
    page.get_by_label("Dernier jour").fill(str(today + timedelta(days=30)))
    page.get_by_label("Nom de la nouvelle cohorte").fill("2027")
    page.get_by_role("button", name="Garder le brouillon").click()
    page.get_by_role("button", name="Publier l’appel").click()
    expect(page.locator("main")).to_contain_text("Ouvert en ce moment")


def apply(page: Page) -> None:
    """Someone asks for the link, saves half, comes back, sends the whole."""
    page.goto("/fr/calls/")
    page.get_by_role("link", name="Quatrième appel").click()
    page.get_by_role("link", name="Candidater").click()
    page.get_by_label("Votre adresse e-mail").fill("presidence@example.org")
    page.get_by_role("button", name="Envoyez-moi le lien").click()
    jobs.mail_link(Application.objects.get().pk)
    link = next(word for word in str(mail.outbox[-1].body).split() if "/apply/" in word)
    address = link[link.index("/fr/") :]
    page.goto(address)
    page.get_by_label("Son nom").fill("figuig")
    page.get_by_role("button", name="Enregistrer et continuer plus tard").click()
    page.goto(address)
    expect(page.get_by_label("Son nom")).to_have_value("Figuig")
    page.get_by_label("Président(e) du conseil", exact=True).check()
    page.get_by_label("Nom du président").fill("Zineb")
    page.get_by_label("Jour où le conseil").fill(str(timezone.localdate()))
    for who in ("Point focal", "Adjoint(e)"):
        page.get_by_label(f"{who} : nom").fill(who)
        page.get_by_label(f"{who} : e-mail").fill(f"{'f' if who == 'Point focal' else 'd'}@example.org")
    page.get_by_role("button", name="Envoyer la candidature").click()
    expect(page.locator(".errors")).to_contain_text("Ce document manque")
    page.locator("[name=paper_council]").set_input_files(ACT)
    page.get_by_role("button", name="Envoyer la candidature").click()
    expect(page.locator(".notices")).to_contain_text("Votre candidature est reçue")


def test_from_the_call_to_the_charter(reader: Any, db: None) -> None:
    region = make.place("oriental", "region", name={"fr": "Oriental"})
    make.place("figuig", parent=make.place("figuig-p", "province", parent=region), name={"fr": "Figuig"})
    make.charter()
    people = [make.holder(Role.NATIONAL, make.country(), name) for name in ("Nadia", "Bachir")]
    nadia, bachir, wafae = *map(reader, people), reader(make.holder(Role.WILAYA, region, "Wafae"))
    applicant = reader()
    write_call(nadia)
    apply(applicant)
    wafae.goto("/fr/workbench/")
    wafae.get_by_role("link", name="Lire les candidatures").click()
    wafae.get_by_role("link", name="Figuig").click()
    wafae.get_by_label("Favorable", exact=True).check()
    wafae.get_by_label("En quelques mots").fill("Le conseil est prêt")
    wafae.get_by_role("button", name="Donner l’avis").click()
    for reviewer in (nadia, bachir):
        reviewer.goto("/fr/calls/1/applications/")
        reviewer.get_by_role("link", name="Figuig").click()
        expect(reviewer.locator("main")).to_contain_text("Le conseil est prêt")
        reviewer.get_by_label("Accepter").check()
    for reviewer in (nadia, bachir):
        reviewer.get_by_role("button", name="Envoyer la réponse").click()
    expect(bachir.locator("[data-sentence]")).to_contain_text("Nadia a déjà répondu")
    applicant.reload()
    expect(applicant.locator("main")).to_contain_text("Acceptée : admission au réseau")
    focal = reader(Person.objects.get(email="f@example.org"))
    focal.goto("/fr/workbench/")
    focal.get_by_role("link", name="Enregistrer la signature").first.click()
    focal.locator("[name=function_fr]").fill("Présidente du conseil")
    focal.locator("[name=signed_on]").fill(str(timezone.localdate()))
    focal.locator("main form button.btn").first.click()
    expect(focal.locator(".notice.ok")).to_be_visible()
    assert Member.objects.get().status == Member.Status.ACTIVE
