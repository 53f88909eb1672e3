"""What every page has around it, in both directions."""

from playwright.sync_api import Page


def test_an_arabic_page_runs_from_right_to_left(phone: Page) -> None:
    phone.goto("/ar/styleguide/")
    assert phone.evaluate("getComputedStyle(document.documentElement).direction") == "rtl"
    assert phone.evaluate("document.fonts.ready.then(fonts => [...fonts].some(font => font.status == 'loaded'))")


def test_a_french_page_runs_from_left_to_right(desk: Page) -> None:
    desk.goto("/fr/styleguide/")
    assert desk.evaluate("getComputedStyle(document.documentElement).direction") == "ltr"


def test_no_page_is_wider_than_the_phone(phone: Page) -> None:
    for language in ("ar", "fr"):
        phone.goto(f"/{language}/styleguide/")
        assert phone.evaluate("document.documentElement.scrollWidth") <= 360
