"""What every page has around it, in both directions."""

from playwright.sync_api import Page

from infitah.journey.projects.models import Theme


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


def test_what_migrations_brought_is_there_again_for_the_next_test_in_a_browser(desk: Page) -> None:
    assert Theme.objects.exists()
