from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from infitah.ground.territories import actions


class Command(BaseCommand):
    help = "Bring the register of territories up to date with the statistical office's; doing it twice changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        told = "the code of a territory that the register no longer names, and of the one that it has become"
        parser.add_argument("--merged", action="append", default=[], metavar="OLD=NEW", help=told)

    def handle(self, *, merged: list[str], **options: Any) -> None:
        try:
            done = actions.import_register(successors=dict(pair.split("=") for pair in merged))
        except (KeyError, ValueError) as fault:
            raise CommandError(f"--merged takes two codes, as 01.571.01=01.571.02; not {fault}.") from None
        self.stdout.write(f"territories: {done.added} added, {done.changed} changed, {done.closed} closed")
