"""One file that holds the whole house: the database as pg_dump writes it, and the files people gave."""

import os
import shutil
import subprocess
import tarfile
import tempfile
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection

from infitah.lib import postgres

DUMP, FILES = "database.dump", "files"
AFRESH = "DROP SCHEMA public CASCADE; CREATE SCHEMA public;\n"
NEW = b"SET transaction_timeout = 0;"


def write(to: Path) -> None:
    """Write the archive, which only its owner can read; files are only ever added, so those read after the database
    are all it names."""
    part = to.with_name(to.name + ".part")
    try:
        part.touch(mode=0o600)
        with tempfile.TemporaryDirectory(dir=to.parent) as folder, tarfile.open(part, "w") as archive:
            dump = Path(folder) / DUMP
            run("pg_dump", "--format=custom", "--no-owner", "--no-acl", f"--file={dump}", *where())
            archive.add(dump, DUMP)
            for kept in [] if settings.STORAGE_URL else sorted(settings.MEDIA_ROOT.rglob("*")):
                with suppress(FileNotFoundError):  # one whose record failed goes again
                    archive.add(kept, f"{FILES}/{kept.relative_to(settings.MEDIA_ROOT)}", recursive=False)
        part.replace(to)
    finally:
        part.unlink(missing_ok=True)


def read(source: Path) -> None:
    """Bring back what the archive holds: first the files, which replace none but themselves, then the database, whole
    or not at all."""
    with tempfile.TemporaryDirectory(dir=settings.VAR) as folder, tarfile.open(source) as archive:
        lay_down(archive, archive.getmember(DUMP), Path(folder) / DUMP)
        for kept in archive:
            if kept.isfile() and kept.name.startswith(f"{FILES}/"):
                lay_down(archive, kept, settings.MEDIA_ROOT / kept.name.removeprefix(f"{FILES}/"))
        script, afresh = Path(folder) / "database.sql", Path(folder) / "afresh.sql"
        run("pg_restore", "--no-owner", "--no-acl", f"--file={script}", f"{folder}/{DUMP}")
        forget_the_new(script)
        afresh.write_text(AFRESH)
        once = ["--single-transaction", "--set=ON_ERROR_STOP=1", "--quiet", "--no-psqlrc", "--output=/dev/null"]
        run("psql", *once, f"--file={afresh}", f"--file={script}", *where())


def forget_the_new(script: Path) -> None:
    """Strike out, in its place, the one setting of a dump that a PostgreSQL before 17 does not know."""
    with script.open("r+b") as file:
        head = file.read(4096)
        file.seek(0)
        file.write(head.replace(NEW, b"--".ljust(len(NEW))))


def lay_down(archive: tarfile.TarFile, kept: tarfile.TarInfo, to: Path) -> None:
    """Write one file of the archive, and nothing outside the folders it may lie in."""
    source = archive.extractfile(kept)
    if source is None or ".." in to.parts:
        raise tarfile.TarError(f"{kept.name} is not a file of a backup")
    to.parent.mkdir(parents=True, exist_ok=True)
    with source, to.open("wb") as file:
        shutil.copyfileobj(source, file)


def clear() -> None:
    """Take everything out of the database."""
    with connection.cursor() as cursor:
        cursor.execute(AFRESH)


def where() -> list[str]:
    """How PostgreSQL's programs are told which database."""
    to = connection.settings_dict
    told = {"--host": to["HOST"], "--port": to["PORT"], "--username": to["USER"], "--dbname": to["NAME"]}
    return [f"{name}={value}" for name, value in told.items() if value]


def run(name: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs; its own words tell why it failed."""
    password = {"PGPASSWORD": connection.settings_dict["PASSWORD"]} if connection.settings_dict["PASSWORD"] else {}
    done = subprocess.run(
        [postgres.program(name), *arguments], env={**os.environ, **password}, capture_output=True, text=True
    )
    if done.returncode:
        raise CommandError(f"{name} failed: {done.stderr.strip()}")
