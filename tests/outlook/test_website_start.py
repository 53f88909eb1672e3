"""What keeps the server and the worker running, tried with small programs in their place."""

import asyncio
import socket
import sys
import threading
import time
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from infitah.ground.territories.models import Territory
from infitah.outlook.website import jobs
from infitah.outlook.website.management.commands import prepare, start
from tests import make


def program(notes: Path, rest: str) -> list[str]:
    """Writes a line when it begins, then does the rest."""
    return [sys.executable, "-c", f"import time; open({str(notes)!r}, 'a').write('began\\n'); {rest}"]


def until(holds: Callable[[], bool]) -> None:
    for _ in range(200):
        if holds():
            return
        time.sleep(0.02)
    raise AssertionError("waited in vain")


@pytest.fixture
def keeper(settings: object, monkeypatch: pytest.MonkeyPatch) -> start.Command:
    settings.IS_EMBEDDED = False  # type: ignore[attr-defined]
    monkeypatch.setattr(start, "PAUSE", 0)
    monkeypatch.setattr(start, "LOOK", 0.02)
    keeper = start.Command(stderr=StringIO())
    keeper.is_stopping = threading.Event()
    return keeper


def test_a_child_that_falls_is_started_again(keeper: start.Command, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.touch()
    running = threading.Thread(target=keeper.keep_running, args=({"worker": program(notes, "raise SystemExit(3)")},))
    running.start()
    until(lambda: notes.read_text().count("began") >= 2)
    keeper.is_stopping.set()
    running.join(10)
    assert "The worker fell (status 3); it is started again." in keeper.stderr._out.getvalue()


def test_all_children_end_with_their_keeper(keeper: start.Command, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.touch()
    children = {name: program(notes, "time.sleep(60)") for name in ("server", "worker")}
    running = threading.Thread(target=keeper.keep_running, args=(children,))
    running.start()
    until(lambda: notes.read_text().count("began") == 2)
    keeper.is_stopping.set()
    running.join(10)
    assert not running.is_alive()


def test_starting_on_a_port_in_use_says_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(CommandError, match="cannot be listened on"):
        call_command("start", port=taken.getsockname()[1])


@pytest.mark.django_db
def test_preparing_fills_an_empty_register_once(monkeypatch: pytest.MonkeyPatch) -> None:
    said, asked = StringIO(), []
    monkeypatch.setattr(prepare.territories, "import_register", lambda: asked.append(make.country()))
    call_command("prepare", stdout=said)
    call_command("prepare", stdout=said)
    assert len(asked) == 1 and Territory.objects.count() == 1
    assert said.getvalue().count("Register") == 1


def test_jobs_of_a_fallen_worker_are_done_again() -> None:
    retried: list[str] = []

    class Queue:
        async def get_stalled_jobs(self, *, seconds_since_heartbeat: float) -> list[str]:
            return ["left half done"]

        async def retry_job(self, job: str) -> None:
            retried.append(job)

    class Context:
        app = type("App", (), {"job_manager": Queue()})

    asyncio.run(jobs.rescue.func(Context(), timestamp=0))
    assert retried == ["left half done"]
