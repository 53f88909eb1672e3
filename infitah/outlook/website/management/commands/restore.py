import tarfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from infitah.outlook.website.management import archive


class Command(BaseCommand):
    help = "Bring back what `backup` wrote. Stop Infitah first; then `infitah start` brings the tables up to date."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="even if this database holds something")

    def handle(self, *, file: Path, replace: bool, **options: Any) -> None:
        with connection.cursor() as cursor:
            tables = connection.introspection.table_names(cursor)
        if tables and not replace:
            raise CommandError("This database holds something. To replace it by the archive, add --replace.")
        try:
            archive.read(file.resolve())
        except (tarfile.TarError, KeyError) as fault:
            raise CommandError("This is not a backup of Infitah, or it is damaged.") from fault
        self.stdout.write(f"Brought back from {file}.")
