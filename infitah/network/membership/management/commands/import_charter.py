from typing import Any

from django.core.management.base import BaseCommand

from infitah.network.membership import actions


class Command(BaseCommand):
    help = "Lay down the charter and the cohorts of the network; doing it twice changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        charter = actions.import_charter()
        self.stdout.write(f"charter: version {charter.version}")
