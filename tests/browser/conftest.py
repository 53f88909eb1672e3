"""Two readers with real browsers: Arabic on a phone, French at a desk. Their pages must not complain."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

PHONE = {"viewport": {"width": 360, "height": 740}, "locale": "ar-MA", "has_touch": True, "reduced_motion": "reduce"}
DESK = {"viewport": {"width": 1280, "height": 900}, "locale": "fr-MA", "reduced_motion": "reduce"}


@pytest.fixture
def phone(browser: Browser, live_server: Any) -> Iterator[Page]:
    yield from reader(browser, live_server.url, PHONE)


@pytest.fixture
def desk(browser: Browser, live_server: Any) -> Iterator[Page]:
    yield from reader(browser, live_server.url, DESK)


@pytest.fixture
def plain(browser: Browser, live_server: Any) -> Iterator[Page]:
    """Arabic on a phone whose browser runs no script."""
    yield from reader(browser, live_server.url, {**PHONE, "java_script_enabled": False})


def reader(browser: Browser, site: str, habits: dict[str, Any]) -> Iterator[Page]:
    complaints: list[str] = []
    context = browser.new_context(base_url=site, **habits)
    page = context.new_page()
    page.on("pageerror", lambda fault: complaints.append(str(fault)))
    page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
    page.on("request", lambda asked: None if asked.url.startswith((site, "data:")) else complaints.append(asked.url))
    yield page
    context.close()
    assert complaints == []
