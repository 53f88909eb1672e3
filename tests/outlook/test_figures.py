"""A figure opens the list it counts, and the list says the same number."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from infitah.ground.territories.models import Territory
from infitah.journey.ideas import actions as ideas_actions
from infitah.journey.programmes.models import Cycle, Programme
from infitah.lib.i18n import Localized
from infitah.outlook.indicators.catalog import INDICATORS
from tests import make

pytestmark = pytest.mark.django_db
FIGURE = re.compile(r'<a href="([^"]+)"><b><bdi>([^<]+)</bdi></b><span>([^<]+)</span></a>')
SAID = re.compile(
    r'(?s)class="[^"]*\bcount\b[^"]*"[^>]*>(.*?)</(?:span|p)>|role="status">(.*?)</p>|class="amount">(.*?)</p>'
)


def numbers(words: str) -> list[str]:
    return re.findall(r"\d+", re.sub(r"<[^>]+>", " ", words))


def figures(client: Client, address: str) -> list[tuple[str, str, str]]:
    return FIGURE.findall(client.get(address).content.decode())


def counted_at(client: Client, address: str) -> set[str]:
    """The numbers that the list says of itself."""
    answer = client.get(address.replace("&amp;", "&"))
    assert answer.status_code == 200, address
    return {number for parts in SAID.findall(answer.content.decode()) for part in parts for number in numbers(part)}


def an_earlier(place: Territory) -> Programme:
    days = {"starts_on": date(2022, 1, 1), "ends_on": date(2024, 12, 31)}
    cycle = Cycle.objects.create(cohort=place.membership.cohort, name=Localized(fr="2022-2024"), **days)
    return Programme.objects.create(cycle=cycle, place=place, title=Localized(fr="Programme"))


@pytest.fixture(scope="module", autouse=True)
def place(once: None) -> Territory:
    """One with two cycles: ideas of both, answered and not, and a programme with projects under way."""
    region = make.place(kind="region")
    activity = make.under_way(status="completed", ended_on=date(2026, 3, 1), planned_until=date(2026, 2, 1))
    programme = activity.project.programme
    place: Territory = programme.place
    Territory.objects.filter(pk=place.pk).update(parent=make.place(kind="province", parent=region))
    make.proof(activity)
    for _number in range(2):  # three are told with a digit in Arabic too
        make.project(programme)
    for number in range(7):
        answered = {"status": "decided", "outcome": "kept", "decided_at": timezone.now()} if number else {}
        make.idea(programme, **answered)
    make.idea(an_earlier(place), axis=programme.axes.first())
    ideas_actions.recount(place)
    return place


def test_every_figure_of_a_space_is_the_number_of_its_list(client: Client, place: Territory) -> None:
    found = figures(client, reverse("spaces:space", args=[place.slug]))
    ideas, rate, days, projects = found
    assert ideas[1] in counted_at(client, ideas[0]) and ideas[1] == "7"
    assert numbers(rate[2])[0] in counted_at(client, rate[0]) and numbers(rate[2])[0] == "6"
    assert numbers(rate[2])[0] in counted_at(client, days[0])
    assert projects[1] in counted_at(client, projects[0])


def test_every_figure_of_the_front_page_is_the_number_of_its_list(client: Client) -> None:
    for _number in range(2):
        make.member()
    found = figures(client, reverse("website:home"))
    assert len(found) == 5
    for address, number, _words in found:
        assert set(numbers(number)) <= counted_at(client, address), address


@pytest.mark.parametrize("code", [indicator.code for indicator in INDICATORS])
def test_the_places_of_an_indicator_add_up_to_it_and_so_do_the_records_behind(client: Client, code: str) -> None:
    answer: Any = client.get(reverse("indicators:indicator", args=[code]))
    shown, lines = answer.context["value"], answer.context["lines"]
    assert sum(line[1].numerator for line in lines) == shown.numerator == answer.context["together"].numerator
    if answer.context["has_list"]:
        assert numbers_listed(client, reverse("indicators:records", args=[code])) == shown.numerator
    for _place, value, address in lines:
        if "/list/" in address:
            assert numbers_listed(client, address) == value.numerator
        assert client.get(address).status_code == 200


def numbers_listed(client: Client, address: str) -> int:
    """How many the list says there are, which is how many stand in it."""
    answer: Any = client.get(address)
    assert answer.context["found"].total == len(answer.context["lines"])
    said: int = answer.context["found"].total
    return said


@pytest.mark.parametrize("code", [indicator.code for indicator in INDICATORS if indicator.of and indicator.per == 100])
def test_no_rate_is_above_a_hundred(client: Client, code: str) -> None:
    shown = client.get(reverse("indicators:indicator", args=[code])).context["value"]
    assert shown.numerator <= shown.denominator
