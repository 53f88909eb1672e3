"""Every page of `tests/access.py`, opened by a reader who may: readable for all, no wider than the screen."""

from collections.abc import Iterator
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from django.utils import translation
from playwright.sync_api import Page

from tests.access import ACCESS, ROLES
from tests.test_access import address_of, build_world

WIDER = """() => {
    const most = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= most) return "";
    const all = [...document.body.querySelectorAll("*")].filter(one => !one.closest(".tablewrap, [hidden]"));
    const box = one => one.getBoundingClientRect();
    const wide = all.filter(one => box(one).left < -1 || box(one).right > most + 1);
    return wide.slice(0, 3).map(one => one.outerHTML.slice(0, 90)).join(" | ") || "unknown";
}"""


def readers() -> Iterator[tuple[str, str]]:
    """Each address that is shown to somebody, with the first role that sees it."""
    for name, method, expected in ACCESS:
        seen_by = [role for role in ROLES if expected.get(role, expected.get("*")) == 200]
        if method == "GET" and seen_by:
            yield name, seen_by[0]


def faults(page: Page, language: str) -> list[str]:
    """What axe finds, and pages wider than the screen."""
    with translation.override(language):
        world = build_world()
        visits = [(address_of(name, world), role) for name, role in readers()]
    found = []
    for address, role in sorted(visits, key=lambda visit: ROLES.index(visit[1])):
        become(page, world, role)
        if is_page(world, role, address):
            answer = page.goto(address)
            found += [f"{address}: status {answer.status}"] if answer and answer.status != 200 else []
            found += [f"{address}: {broken['id']} {broken['nodes'][0]['html'][:120]}" for broken in broken_rules(page)]
            found += [f"{address}: wider than the screen: {wide}"] if (wide := page.evaluate(WIDER)) else []
    return found


def is_page(world: Any, role: str, address: str) -> bool:
    """Not a file, a feed, an answer for machines, or a part to be swapped into a page."""
    answer = world.browsers[role].get(address)
    return "text/html" in answer.headers.get("Content-Type", "") and b"<html" in answer.content[:2000]


def become(page: Page, world: Any, role: str) -> None:
    page.context.clear_cookies()
    cookie = world.browsers[role].cookies.get("sessionid")
    if cookie:
        page.context.add_cookies([{"name": "sessionid", "value": cookie.value, "domain": "localhost", "path": "/"}])


def broken_rules(page: Page) -> list[dict[str, Any]]:
    return Axe().run(page).response["violations"]


def test_every_page_is_readable_for_all_in_arabic_on_a_phone(phone: Page) -> None:
    assert "\n".join(faults(phone, "ar")) == ""


def test_every_page_is_readable_for_all_in_french_at_a_desk(desk: Page) -> None:
    assert "\n".join(faults(desk, "fr")) == ""
