from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.urls import reverse
from django.utils import translation

from infitah.ground.accounts.queries import demo_link
from infitah.outlook.website import actions
from infitah.outlook.website.demonstration import stages
from infitah.outlook.website.management import archive


class Command(BaseCommand):
    help = "Play the demonstration, through the public actions; what is already played is not played again."

    def add_arguments(self, parser: CommandParser) -> None:
        where = f"where the clock of the showcase stands (at first: {stages.DEFAULT})"
        parser.add_argument("--stage", choices=stages.STAGES, help=where)
        parser.add_argument("--afresh", action="store_true", help="from the beginning, by today's date")

    def handle(self, *, stage: str | None, afresh: bool, **options: Any) -> None:
        if not settings.IS_DEMO:
            raise CommandError("Demonstrations are played where INFITAH_DEMO=1 is set, and nowhere else.")
        call_command("prepare", stdout=self.stdout)
        played = stages.played()
        if afresh or not played or (stage and stage != played):
            self.play(stage or played or stages.DEFAULT)
        self.tell()

    def play(self, stage: str) -> None:
        """From the beginning: what an earlier demonstration left is taken out, and nothing else is ever touched."""
        if stages.holds_real_people():
            raise CommandError("This database holds people who are not part of a demonstration: it is left as it is.")
        if stages.has_begun():
            archive.clear()
            call_command("prepare", stdout=self.stdout)
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit TO off")
        with translation.override("ar"):  # the language in which its people write
            scenes = stages.perform(stage, self.say)
        actions.index()
        self.say(f"   {scenes} scenes played: {stage}")

    def tell(self) -> None:
        """Who may be signed in as, and where to begin."""
        with translation.override("ar"):
            self.say("\nSign in as one of these (a click signs you in):")
            for role, person in stages.doors():
                to = reverse("workbench:workbench") if role != "resident" else ""
                self.say(f"  {role:15} {settings.SITE_URL}{demo_link(person, to)}")
        self.say(f"\nBegin here: {settings.SITE_URL}/fr/  and  {settings.SITE_URL}/ar/c/{stages.PLACE}/\n")

    def say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()
