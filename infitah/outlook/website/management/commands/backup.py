from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from infitah.outlook.website.management import archive


class Command(BaseCommand):
    help = "Write the database and the files into one archive. Infitah may go on running."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options: Any) -> None:
        archive.write(file.resolve())
        self.stdout.write(f"{file}: {file.stat().st_size / 1_000_000:.1f} MB")
