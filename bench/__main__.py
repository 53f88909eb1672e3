"""All measures, one after the other; `python -m bench lists idea` only those."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from bench import gathering, network, reading, weights, world, writing  # noqa: E402
from bench.clock import tell  # noqa: E402


def main(only: list[str]) -> None:
    tell("Making a country of its own …", "")
    with world.own_database() as database:
        places = world.fill()
        small, large = places["a hundred"], places["ten thousand"]
        measures = {
            "lists": lambda: reading.lists(places),
            "idea": lambda: reading.idea(large),
            "finding": reading.finding,
            "giving": lambda: writing.giving(large),
            "weights": lambda: weights.pages(small, database),
            "import": lambda: writing.importing(fourth_place(places), database),
            "at-once": lambda: writing.at_once(large),
            "board": lambda: network.board(network.national()),
            "announcement": lambda: network.announcement(network.national(), database),
            "check-in": lambda: gathering.check_in(small),
            "registering": lambda: gathering.registering(small),
        }
        for name, measure in measures.items():
            if not only or name in only:
                measure()


def fourth_place(places: dict[str, "world.Territory"]) -> "world.Territory":
    return world.Territory.objects.filter(kind="commune").exclude(pk__in=[at.pk for at in places.values()])[0]


main(sys.argv[1:])
