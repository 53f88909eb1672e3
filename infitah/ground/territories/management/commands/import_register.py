from typing import Any

from django.core.management.base import BaseCommand

from infitah.ground.territories import actions


class Command(BaseCommand):
    help = "Bring the register of territories up to date with the statistical office's; doing it twice changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        done = actions.import_register()
        self.stdout.write(f"territories: {done.added} added, {done.changed} changed, {done.closed} closed")
