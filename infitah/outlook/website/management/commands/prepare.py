from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from infitah.ground.territories import actions as territories
from infitah.ground.territories.models import Territory
from infitah.ui import assets

ALONE = 6_215_041  # several machines may prepare at once; one does it, the others wait


class Command(BaseCommand):
    help = "Make this version ready to run: assets, tables, register. Does only what is not yet done."

    def handle(self, **options: Any) -> None:
        assets.build()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [ALONE])
            try:
                self.make_tables()
                self.fill_register()
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [ALONE])

    def make_tables(self) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.say("== Tables")
            call_command("migrate", interactive=False, verbosity=0)

    def fill_register(self) -> None:
        """The register where there is none; the charter, the cohorts, the calls of before and the policy areas wherever
        they are missing, so that a house which stood before they were recorded has them too (nine short questions)."""
        if not Territory.objects.exists():
            self.say("== Register: the country, its regions, provinces and communes; the charter of the network")
            territories.import_register()
        call_command("import_charter", verbosity=0)
        call_command("import_calls", verbosity=0)
        call_command("import_areas", verbosity=0)

    def say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()
