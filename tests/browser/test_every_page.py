"""Every page of `tests/access.py`, opened by a reader who may: readable for all, no wider than the screen."""

from collections.abc import Iterator
from typing import Any

from django.utils import translation
from playwright.sync_api import Page

from tests.access import ACCESS, NO_PAGES, ROLES
from tests.browser import look
from tests.test_access import address_of, build_world


def readers() -> Iterator[tuple[str, str]]:
    """Each page that is shown to somebody, with the first role that sees it."""
    for name, method, expected in ACCESS:
        seen_by = [role for role in ROLES if expected.get(role, expected.get("*")) == 200]
        if method == "GET" and seen_by and name not in NO_PAGES:
            yield name, seen_by[0]


def faults(page: Page, language: str) -> list[str]:
    """What is wrong with which page."""
    with translation.override(language):
        world = build_world()
        visits = [(address_of(name, world), role) for name, role in readers()]
    page.add_init_script(look.AXE)
    found = []
    for address, role in sorted(visits, key=lambda visit: ROLES.index(visit[1])):
        become(page, world, role)
        answer = page.goto(address)
        found += [f"{address}: status {answer.status}"] if answer and answer.status != 200 else []
        found += [f"{address}: {fault}" for fault in look.faults(page)]
    return found


def become(page: Page, world: Any, role: str) -> None:
    page.context.clear_cookies()
    cookie = world.browsers[role].cookies.get("sessionid")
    if cookie:
        page.context.add_cookies([{"name": "sessionid", "value": cookie.value, "domain": "localhost", "path": "/"}])


def test_every_page_is_readable_for_all_in_arabic_on_a_phone(phone: Page) -> None:
    assert "\n".join(faults(phone, "ar")) == ""


def test_every_page_is_readable_for_all_in_french_at_a_desk(desk: Page) -> None:
    assert "\n".join(faults(desk, "fr")) == ""
