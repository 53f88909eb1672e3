"""`infitah appoint EMAIL`: begins the national team, on a new installation."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from infitah.ground.accounts import actions
from infitah.lib.errors import Refusal


class Command(BaseCommand):
    help = "Make the owner of an e-mail address the first member of the national team."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *, email: str, **options: Any) -> None:
        try:
            actions.appoint_first(actions.invite(email))
        except Refusal as refusal:
            raise CommandError(str(refusal.sentence)) from None
        self.stdout.write(f"{email} begins the national team. Sign in with a code sent to this address.")
