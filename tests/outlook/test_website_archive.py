"""Backup and restore, on two small databases of their own beside the one of the tests."""

from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from infitah.outlook.website.management import archive

Turn = Callable[[str], psycopg.Connection[Any]]


@pytest.fixture
def turn_to(db: None, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> Iterator[Turn]:
    """`turn_to(name)` makes that empty database the one of the house, with a folder of files of its own."""
    home = {**connection.get_connection_params(), "autocommit": True}
    for unwanted in ("cursor_factory", "context"):
        home.pop(unwanted, None)
    made, opened = [], []
    settings.VAR = tmp_path

    def turn(name: str) -> psycopg.Connection[Any]:
        full = f"{connection.settings_dict['NAME']}_{name}"
        if full not in made:
            made.append(full)
            with psycopg.connect(**home) as server:
                server.execute(f'DROP DATABASE IF EXISTS "{full}"')
                server.execute(f'CREATE DATABASE "{full}"')
        settings.MEDIA_ROOT = tmp_path / name
        house = psycopg.connect(**{**home, "dbname": full})
        opened.append(house)
        monkeypatch.setattr("infitah.outlook.website.management.archive.where", lambda: told(home, full))
        return house

    yield turn
    for house in opened:
        house.close()
    with psycopg.connect(**home) as server:
        for full in made:
            server.execute(f'DROP DATABASE "{full}"')


def told(home: dict[str, Any], name: str) -> list[str]:
    return [f"--host={home['host']}", f"--username={home['user']}", f"--dbname={name}"]


def test_what_was_backed_up_is_restored_whole(turn_to: Turn, tmp_path: Path) -> None:
    house = turn_to("first")
    house.execute("CREATE TABLE idea AS SELECT 'أرصفة' AS problem")
    (tmp_path / "first/documents").mkdir(parents=True)
    (tmp_path / "first/documents/charter.pdf").write_text("signed")
    call_command("backup", tmp_path / "house.tar", stdout=StringIO())

    house = turn_to("second")
    house.execute("CREATE TABLE newer (id int)")
    call_command("restore", tmp_path / "house.tar", replace=True, stdout=StringIO())
    tables = house.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert tables == [("idea",)]
    assert house.execute("SELECT problem FROM idea").fetchall() == [("أرصفة",)]
    assert (tmp_path / "second/documents/charter.pdf").read_text() == "signed"


def test_restoring_a_broken_archive_changes_nothing(turn_to: Turn, tmp_path: Path) -> None:
    house = turn_to("first")
    house.execute("CREATE TABLE idea AS SELECT 1 AS number")
    call_command("backup", tmp_path / "house.tar", stdout=StringIO())
    whole = (tmp_path / "house.tar").read_bytes()
    for kept, words in [(100, "damaged"), (1024, "damaged|failed")]:
        (tmp_path / "house.tar").write_bytes(whole[:kept] + bytes(len(whole) - kept))
        with pytest.raises(CommandError, match=words):
            call_command("restore", tmp_path / "house.tar", replace=True)
    assert house.execute("SELECT number FROM idea").fetchall() == [(1,)]


def test_an_archive_that_ends_among_the_files_leaves_the_database_as_it_was(turn_to: Turn, tmp_path: Path) -> None:
    house = turn_to("first")
    house.execute("CREATE TABLE idea AS SELECT 1 AS number")
    (tmp_path / "first/documents").mkdir(parents=True)
    (tmp_path / "first/documents/charter.pdf").write_bytes(b"signed" * 10_000)
    call_command("backup", tmp_path / "house.tar", stdout=StringIO())
    house.execute("UPDATE idea SET number = 2")
    whole = (tmp_path / "house.tar").read_bytes()
    (tmp_path / "house.tar").write_bytes(whole[: whole.rindex(b"signed") - 10_000])
    with pytest.raises(CommandError, match="damaged"):
        call_command("restore", tmp_path / "house.tar", replace=True)
    assert house.execute("SELECT number FROM idea").fetchall() == [(2,)]


def test_only_its_owner_can_read_a_backup(turn_to: Turn, tmp_path: Path) -> None:
    turn_to("first")
    call_command("backup", tmp_path / "house.tar", stdout=StringIO())
    assert (tmp_path / "house.tar").stat().st_mode & 0o777 == 0o600


def test_a_dump_asks_nothing_that_an_older_postgresql_does_not_know(tmp_path: Path) -> None:
    script = tmp_path / "database.sql"
    script.write_text("SET lock_timeout = 0;\nSET transaction_timeout = 0;\nSELECT 1;\n")
    archive.forget_the_new(script)
    assert [line.split("-")[0] for line in script.read_text().splitlines()] == [
        "SET lock_timeout = 0;",
        "",
        "SELECT 1;",
    ]


def test_restoring_over_something_asks_first(turn_to: Turn, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="--replace"):
        call_command("restore", tmp_path / "house.tar")


def test_a_backup_that_fails_leaves_no_half_file(
    turn_to: Turn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "infitah.outlook.website.management.archive.where", lambda: ["--dbname=absent", "--host=absent"]
    )
    with pytest.raises(CommandError, match="pg_dump failed"):
        call_command("backup", tmp_path / "house.tar")
    assert list(tmp_path.glob("house.tar*")) == []
