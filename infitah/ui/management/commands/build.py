"""Make fonts, stylesheet, script and word lists, and collect what browsers load."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from infitah.ui import assets


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--force", action="store_true", help="make everything anew")

    def handle(self, *args: Any, force: bool, **options: Any) -> None:
        made = assets.build(force=force)
        self.stdout.write("Built." if made else "Nothing has changed since the last build.")
