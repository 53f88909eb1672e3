"""The demonstration as `make demo` shows it: played by its command, served by the real server, light on every page."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page

from infitah.ground.accounts.models import Role
from tests.browser.conftest import PHONE

PATIENCE = 120  # seconds for the server to answer
HEAVIEST = {"ar": 100_000, "fr": 60_000}  # bytes, compressed, with an empty cache (docs: budgets)
MOST_SCRIPT, MOST_REQUESTS = 20_000, 8
SCREEN = 740
TWO_LINES = 60
HERE = "/c/tetouan/"
LISTS = [f"{HERE}ideas/", f"{HERE}council/", f"{HERE}meetings/", "/members/", "/search/?q=eau", "/figures/"]
PAGES = [
    "/",
    HERE,
    *LISTS,
    *(
        f"{HERE}{part}"
        for part in ["programme/", "projects/5/", "ideas/3/", "consultation/", "committee/", "versions/"]
    ),
    *(f"{HERE}consultation/projects/5/", "/c/morocco/programme/", "/c/agadir/", "/charter/", "/roles/", "/data/"),
    *("/plan/", "/calls/", "/meetings/", "/practices/", "/questions/", "/pool/"),
]


@dataclass
class Demonstration:
    """Where it is served, and what the command said."""

    site: str
    said: str

    def doors(self) -> dict[str, str]:
        """The link of each role."""
        return dict(re.findall(r"^\s+(\w+)\s+(http\S+/demo/in/\S+)$", self.said, re.M))


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demonstration]:
    """Played and served in a folder of its own."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    site = f"http://127.0.0.1:{port}"
    apart = {"INFITAH_DEMO": "1", "INFITAH_VAR": str(tmp_path_factory.mktemp("demo")), "SITE_URL": site}
    place = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "DEBUG"}} | apart
    command: dict[str, Any] = {"cwd": settings.HOUSE, "env": place}
    manage = [sys.executable, "manage.py"]
    said = subprocess.run([*manage, "demo"], **command, capture_output=True, text=True, check=True).stdout
    with open(Path(place["INFITAH_VAR"]) / "server.log", "w") as log:
        server = subprocess.Popen([*manage, "start", "--port", str(port)], **command, stdout=log, stderr=log)
        try:
            wait_for(f"{site}/healthz/", Path(log.name))
            yield Demonstration(site, said)
        finally:
            server.terminate()
            server.wait(30)


def wait_for(address: str, log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            urlopen(address).close()
            return
        except URLError:
            assert time.monotonic() < until, f"{address} does not answer: {log.read_text()}"
            time.sleep(0.2)


@pytest.fixture
def phone(browser: Browser, demonstration: Demonstration) -> Iterator[Page]:
    made = browser.new_context(base_url=demonstration.site, **PHONE)
    yield made.new_page()
    made.close()


class Scales:
    """Weigh pages one after the other, each for someone who comes for the first time: nothing is in the cache."""

    def __init__(self, page: Page) -> None:
        self.page = page
        network = page.context.new_cdp_session(page)
        network.send("Network.enable")
        network.send("Network.setCacheDisabled", {"cacheDisabled": True})
        network.on("Network.requestWillBeSent", lambda told: self.asked.add(told["requestId"]))
        network.on("Network.responseReceived", lambda told: self.kinds.update({told["requestId"]: told["type"]}))
        network.on(
            "Network.loadingFinished", lambda told: self.came.update({told["requestId"]: told["encodedDataLength"]})
        )
        network.on("Network.loadingFailed", lambda told: self.came.update({told["requestId"]: 0}))

    def weigh(self, path: str) -> tuple[int, int, int, int]:
        """Status, bytes in all, bytes of script and requests of a page."""
        self.page.goto("about:blank")
        self.asked, self.kinds, self.came = set[str](), dict[str, str](), dict[str, int]()
        self.page.context.clear_cookies()
        answer = self.page.goto(path)
        self.page.evaluate("document.fonts.ready.then(() => new Promise(requestAnimationFrame))")
        while self.asked - self.came.keys():
            self.page.wait_for_timeout(10)
        script = sum(weight for name, weight in self.came.items() if self.kinds.get(name) == "Script")
        return answer.status if answer else 0, sum(self.came.values()), script, len(self.came)


def test_every_role_has_a_door_that_opens(demonstration: Demonstration, phone: Page) -> None:
    doors = demonstration.doors()
    assert set(doors) == {"resident", "civil_society", *Role.values}
    for role, link in doors.items():
        phone.context.clear_cookies()
        answer = phone.goto(link)
        assert answer and answer.status == 200 and "/login/" not in phone.url, role


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_every_public_page_is_light(language: str, phone: Page) -> None:
    heavy, scales = [], Scales(phone)
    for path in PAGES:
        status, total, script, requests = scales.weigh(f"/{language}{path}")
        is_light = total <= HEAVIEST[language] and script <= MOST_SCRIPT and requests <= MOST_REQUESTS
        heavy += [] if is_light and status == 200 else [(path, status, total, script, requests)]
    assert heavy == []


def test_the_first_entry_of_a_list_is_seen_without_scrolling(phone: Page) -> None:
    below = []
    for path in LISTS:
        phone.goto(f"/ar{path}")
        entry = phone.locator("main .list > *, main .card, main tbody tr").first.bounding_box()
        below += [] if entry and entry["y"] + TWO_LINES <= SCREEN else [(path, entry)]
    assert below == []


def test_what_is_invented_says_so_on_its_page(phone: Page) -> None:
    for path in ["/", HERE, f"{HERE}ideas/", f"{HERE}programme/"]:
        phone.goto(f"/ar{path}")
        assert "عرض تجريبي" in (phone.locator("body").text_content() or "")


def test_real_commitments_lead_to_their_source(phone: Page) -> None:
    for path, source in {"/c/agadir/": "MAAGD0001", "/c/morocco/": "MO0065"}.items():
        phone.goto(f"/fr{path}programme/")
        assert source in phone.content(), path
