"""The stories, told on a phone in Arabic: with scripts, and in a browser that runs none."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page

from infitah.ground.accounts.models import Person
from tests.browser.conftest import PHONE
from tests.stories.associations import Associations
from tests.stories.network import Network
from tests.stories.readers import Browsing
from tests.stories.story import Promise


class Readers:
    """A browser for each reader, who reads in their way, and a clock that they share."""

    def __init__(self, browser: Browser, site: str, way: type[Browsing], habits: dict[str, Any]) -> None:
        self.browser, self.site, self.way, self.habits = browser, site, way, habits
        self.with_script = habits.get("java_script_enabled", True)
        self.now, self.pages, self.complaints = timezone.now(), {}, []

    def read_as(self, person: Person | None) -> Browsing:
        """With the browser of that person, signed in today; without a person, that of someone who never came before."""
        page = self.pages.get(person) or self.pages.setdefault(person, self.bought())
        page.context.clear_cookies()
        if person:
            client = Client()
            client.force_login(person)
            cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
            page.context.add_cookies([{**cookie, "domain": "localhost", "path": "/"}])
        return self.way(page, with_script=self.with_script)

    def bought(self) -> Page:
        context = self.browser.new_context(base_url=self.site, **self.habits)
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.on("pageerror", lambda fault: self.complaints.append(str(fault)))
        return page

    def travel(self, day: int) -> Any:
        return time_machine.travel(self.now + timedelta(days=day), tick=True)

    def close(self) -> None:
        for page in self.pages.values():
            page.context.close()
        assert self.complaints == []


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def phones(request: Any, browser: Browser, live_server: Any) -> Iterator[Readers]:
    made = Readers(browser, live_server.url, Browsing, {**PHONE, "java_script_enabled": request.param})
    yield made
    made.close()


def test_whoever_gives_an_idea_on_a_phone_sees_what_became_of_it(phones: Readers) -> None:
    Promise(phones.read_as, phones.travel, with_script=phones.with_script).told()


def test_a_collectivity_joins_learns_is_helped_and_takes_up_what_worked_elsewhere(phones: Readers) -> None:
    Network(phones.read_as, phones.travel).told()


def test_an_association_is_verified_spoken_for_and_named_beside_what_it_gives(phones: Readers) -> None:
    Associations(phones.read_as).told()
