"""The story told by people who use a keyboard alone, at a desk."""

from typing import Any

from playwright.sync_api import Browser

from tests.browser.conftest import DESK
from tests.browser.keys import Keys
from tests.browser.test_stories_in_a_browser import Readers
from tests.stories.story import Promise


def test_the_whole_life_of_an_idea_is_within_reach_of_a_keyboard(browser: Browser, live_server: Any) -> None:
    desks = Readers(browser, live_server.url, Keys, {**DESK, "locale": "ar-MA"})
    Promise(desks.read_as, desks.travel, with_script=True).told()
    desks.close()
