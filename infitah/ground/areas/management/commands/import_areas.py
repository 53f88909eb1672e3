import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from infitah.ground.areas import actions

LIST = Path(__file__).parent.parent / "areas.json"  # as seen on the partnership's own pages


class Command(BaseCommand):
    help = "Lay down the policy areas of the Open Government Partnership; doing it twice changes nothing."

    def handle(self, *, verbosity: int, **options: Any) -> None:
        told = json.loads(LIST.read_text())
        made = actions.import_areas(told["areas"], source=told["source"])
        if verbosity:
            self.stdout.write(f"policy areas: {len(made)} added")
