"""A meeting of 350 people: places taken by thousands at once, and everyone checked in at the door."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from infitah.ground.accounts.models import Person
from infitah.ground.territories.models import Territory
from infitah.lib.text import receipt_shown
from infitah.network.meetings import actions, queries
from infitah.network.meetings.models import Meeting, Registration
from tests import make

from .clock import in_turn, tell

PEOPLE = 350
ASKING = 10_000
PLACES = 300
DESKS = 4


def check_in(place: Territory) -> None:
    """One desk after the other through the page, then four desks at once."""
    focal = make.focal_point(place)
    meeting = make.meeting(place, starts_at=timezone.now() + timedelta(minutes=30), has_registration=True)
    rows = [actions.register(meeting, by=None, key=uuid4(), name=f"مشارك {turn}") for turn in range(PEOPLE)]
    waiting = list(rows)

    def press(browser: Client) -> None:
        cache.clear()
        row = waiting.pop()
        address = reverse("meetings:check_in", args=[meeting.pk, receipt_shown(row.code)])
        answer = browser.post(address, headers={"hx-request": "true"})
        assert answer.status_code == 200, answer.content.decode()[:2000]

    browser = browser_of(focal)
    [taken] = in_turn(PEOPLE // 2, lambda: press(browser))
    tell("Checking one person in, through the page", taken, "200 ms (5 a second)")
    began, many = time.monotonic(), len(waiting)
    side_by_side(lambda: press_all(waiting, press, browser_of(focal)))
    tell(f"{DESKS} desks at once", f"{many / (time.monotonic() - began):.0f} people a second", "5")
    tell("    counters that differ from COUNT(*)", differences(meeting), "0")


def browser_of(person: Person) -> Client:
    settings.IS_SECOND_FACTOR_COMPULSORY = False  # signing in is not what is measured
    browser = Client(headers={"accept-language": "ar"})
    browser.force_login(person)
    return browser


def press_all(waiting: list[Registration], press: Callable[[Client], None], browser: Client) -> None:
    while waiting:
        press(browser)


def side_by_side(work: Callable[[], None]) -> None:
    def one() -> None:
        try:
            work()
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _desk in range(DESKS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def registering(place: Territory) -> None:
    """Ten thousand people ask for three hundred places."""
    meeting = make.meeting(place, starts_at=timezone.now() + timedelta(days=9), has_registration=True, capacity=PLACES)
    left = list(range(ASKING))

    def ask() -> None:
        while left:
            left.pop()
            actions.register(meeting, by=None, key=uuid4())

    began = time.monotonic()
    side_by_side(ask)
    tell(f"{ASKING} registrations for {PLACES} places", f"{ASKING / (time.monotonic() - began):.0f} a second")
    turns = list(meeting.registrations.order_by("pk").values_list("status", flat=True))
    wrong = turns != ["confirmed"] * PLACES + ["waiting"] * (len(turns) - PLACES)
    tell("    out of turn, or counted wrong", int(wrong) + differences(meeting), "0")


def differences(meeting: Meeting) -> int:
    meeting.refresh_from_db()
    return sum(getattr(meeting, name) != number for name, number in queries.counted(meeting).items())
