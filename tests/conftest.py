"""What every test stands on: a quick house, an Arabic reader, the ledger at hand, and no way out to the network."""

import gc
import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection, transaction
from django.test import Client, TransactionTestCase, override_settings
from django.utils import translation
from pytest_django import DjangoDbBlocker
from xdist.scheduler import LoadScopeScheduling

from infitah.ground.accounts.models import Person
from infitah.ground.ledger import actions as entries
from infitah.ground.ledger.models import Entry
from infitah.lib import postgres
from tests import make_session
from tests.house.entries import words_in

KEEP = """DO $$ DECLARE each text; is_filled boolean; BEGIN
    CREATE SCHEMA kept;
    FOR each IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'django_migrations' LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %I)', each) INTO is_filled;
        IF is_filled THEN EXECUTE format('CREATE TABLE kept.%I AS TABLE %I', each, each); END IF;
    END LOOP; END $$"""
SWEEP = """DO $$ DECLARE each text; BEGIN
    SET LOCAL session_replication_role = replica;
    FOR each IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'django_migrations' LOOP
        EXECUTE format('DELETE FROM %I', each);
    END LOOP;
    FOR each IN SELECT tablename FROM pg_tables WHERE schemaname = 'kept' LOOP
        EXECUTE format('INSERT INTO %I TABLE kept.%I', each, each);
    END LOOP; END $$"""
LONGEST = ["test_demonstration", "test_every_page", "test_stories_in_a_browser", "test_door", "test_walks"]
HOME = {"localhost", "127.0.0.1", "::1", "0.0.0.0"}


def pytest_configure() -> None:
    """Quicker settings, before anything reads them."""
    gc.set_threshold(100_000, 50, 50)  # what a test leaves is little, and looking for it takes a tenth of the time
    on_disk = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    as_they_are = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    override_settings(STORAGES={"default": on_disk, "staticfiles": as_they_are}).enable()  # a build has used the others
    settings.IS_SECOND_FACTOR_COMPULSORY = False  # tests/ground/test_accounts.py looks at it
    settings.MEDIA_ROOT = Path(tempfile.mkdtemp(prefix="infitah-tests-"))
    settings.DATABASES["default"]["OPTIONS"].pop("pool", None)
    settings.DATABASES["default"]["OPTIONS"]["options"] = "-c synchronous_commit=off"
    TransactionTestCase._fixture_teardown = swept  # type: ignore[method-assign]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(specs: list[Any]) -> None:
    """Side by side, each runner has a PostgreSQL of its own: what one has under way holds up no sealing in another."""
    if settings.IS_EMBEDDED:
        for number, spec in enumerate(specs):
            spec.env["DATABASE_URL"] = postgres.embedded(settings.VAR / f"tests-{number}")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """What migrations brought is laid aside, to be there again after a test with transactions of its own."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = 'kept'")
        if not cursor.fetchone():
            cursor.execute(KEEP)


def swept(test: TransactionTestCase) -> None:
    """In place of Django's flush, which truncates a hundred nearly empty tables (300 ms; this takes 20) and
    brings no reference data back where playwright's loop runs. Asks for the master of the database."""
    with connection.cursor() as cursor:
        cursor.execute(SWEEP)


@pytest.fixture(autouse=True)
def clean_slate() -> Iterator[None]:
    """No test sees the caches or the language of another."""
    for each in caches.all():
        each.clear()
    with translation.override("ar"):
        yield


@pytest.fixture(scope="module")
def once(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """What a fixture of a whole file makes after this stands for all its tests; each takes back what it did itself.
    Only for files where every test asks for it: others would find there what they have not made."""
    with django_db_blocker.unblock(), transaction.atomic(), translation.override("ar"):
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True, scope="session")
def no_way_out() -> Iterator[None]:
    """Tests reach this machine only."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in HOME:
            raise AssertionError(f"a test tried to reach {address[0]}")
        connect(self, address)

    socket.socket.connect = guarded  # type: ignore[method-assign,assignment]
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]


class InTurn(LoadScopeScheduling):
    """Side by side, tests keep their order, and those of the demonstration are one runner's: it is played once.
    (The marks that pytest-xdist has for this, `xdist_group`, are lost on the way in our version of pytest.)"""

    def _split_scope(self, nodeid: str) -> str:
        return nodeid.partition("::")[0] if "test_demonstration.py" in nodeid else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> InTurn:
    config.option.loadscopereorder = False
    return InTurn(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that open Chromium bear the mark by which they are left out where there is none; they come last, because
    playwright keeps a loop running that other tests would trip over; the longest first, so that no runner waits long
    for the other in the end."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", []):
            item.add_marker(pytest.mark.browser)
    items.sort(key=place_in_line)


def place_in_line(item: pytest.Item) -> int:
    if not item.get_closest_marker("browser"):
        return 0
    return 1 + LONGEST.index(item.path.stem) if item.path.stem in LONGEST else 1 + len(LONGEST)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's Chromium, quiet; where it is there, the one without a window, which is a fifth cheaper."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright waits in the thread where the tests read the database
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    chromium = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    return {"executable_path": chromium, "args": [*quiet, "--disable-component-update"]}


@pytest.fixture(autouse=True, scope="session")
def no_words_in_the_ledger() -> Iterator[None]:
    """Whatever a test does, nothing that people typed goes into the ledger, whence it could never be taken out."""

    def recorded(action: str, **told: Any) -> Entry:
        particulars = {name: value for name, value in told.items() if name not in {"by", "on", "place"}}
        assert not (words := words_in(action, particulars)), f"{action} holds words: {words}"
        return record(action, **told)

    def recorded_many(action: str, *, things: Any, particulars_of: Any = lambda thing: {}, **told: Any) -> None:
        assert not (words := words_in(action, [particulars_of(thing) for thing in things])), f"{action}: {words}"
        record_many(action, things=things, particulars_of=particulars_of, **told)

    record, record_many = entries.record, entries.record_many
    entries.record, entries.record_many = recorded, recorded_many
    yield
    entries.record, entries.record_many = record, record_many


@pytest.fixture
def client() -> Client:
    """A visitor who reads Arabic."""
    return Client(headers={"accept-language": "ar"})


@pytest.fixture
def sign_in() -> Callable[[Person], Client]:
    """`sign_in(person)` gives that person's browser."""
    return make_session.browser


@pytest.fixture
def ledger(db: None) -> Callable[[], list[str]]:
    """`ledger()` gives the actions written down so far, oldest first; `ledger("idea.decided")` those entries."""

    def read(action: str = "") -> list[Any]:
        entries = Entry.objects.order_by("id")
        return list(entries.filter(action=action)) if action else [entry.action for entry in entries]

    return read
