"""What keeps the server and the worker running, tried with small programs in their place."""

import asyncio
import json
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from infitah.ground.ledger.models import Entry
from infitah.ground.territories.models import Territory
from infitah.lib import keeper
from infitah.network.calls.models import Call
from infitah.outlook.website import jobs
from infitah.outlook.website.management.commands import prepare, start
from tests import make, make_calls


def program(notes: Path, rest: str) -> list[str]:
    """Writes a line when it begins, then does the rest."""
    return [sys.executable, "-c", f"import time; open({str(notes)!r}, 'a').write('began\\n'); {rest}"]


def wait_for(holds: Callable[[], bool]) -> None:
    for _ in range(200):
        if holds():
            return
        time.sleep(0.02)
    raise AssertionError("waited in vain")


@pytest.fixture
def keep(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[keeper.Commands], None]]:
    """`keep(commands)` keeps them running until the test ends."""
    monkeypatch.setattr(keeper, "PAUSE", 0)
    monkeypatch.setattr(keeper, "LOOK", 0.02)
    until, threads = threading.Event(), []

    def begin(commands: keeper.Commands) -> None:
        how = {"until": until, "look_after": lambda: None}
        threads.append(threading.Thread(target=keeper.keep_running, args=(commands,), kwargs=how))
        threads[-1].start()

    yield begin
    until.set()
    threads[0].join(10)
    assert not threads[0].is_alive()


def test_a_child_that_falls_is_started_again(
    keep: Callable[[keeper.Commands], None], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    notes = tmp_path / "notes"
    notes.touch()
    keep({"worker": program(notes, "raise SystemExit(3)")})
    wait_for(lambda: notes.read_text().count("began") >= 2)
    assert "The worker fell (status 3); it is started again." in capfd.readouterr().err


def test_all_children_end_with_their_keeper(keep: Callable[[keeper.Commands], None], tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.touch()
    keep({name: program(notes, "time.sleep(60)") for name in ("server", "worker")})
    wait_for(lambda: notes.read_text().count("began") == 2)


def test_starting_becomes_the_keeper_of_a_server_and_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    became: list[list[str]] = []
    monkeypatch.setattr("os.execve", lambda _program, command, _environment: became.append(command))
    monkeypatch.setattr(start, "call_command", lambda *_words, **_options: None)
    call_command("start", port=0, stdout=StringIO())
    assert became[0][1:3] == ["-m", "infitah.lib.keeper"]
    assert set(json.loads(became[0][-1])) == {"server", "worker"}


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


@pytest.mark.django_db
def test_a_house_that_stood_before_gets_the_calls_of_before_once(monkeypatch: pytest.MonkeyPatch) -> None:
    make.country()
    make.charter()
    own = make_calls.call(number=4)
    monkeypatch.setattr(prepare.assets, "build", lambda: None)
    monkeypatch.setattr(prepare.territories, "import_register", lambda: pytest.fail("the register is there"))
    call_command("prepare", stdout=StringIO())
    call_command("prepare", stdout=StringIO())
    assert list(Call.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3, 4]
    assert Entry.objects.filter(action="call.recorded").count() == 3
    assert Call.objects.get(number=4) == own


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
