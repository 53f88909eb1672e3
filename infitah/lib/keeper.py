"""Keeps programs running: what `infitah start` becomes once all is ready. Small on purpose: it loads no Django.

`python -m infitah.lib.keeper FOLDER COMMANDS`: where the embedded PostgreSQL lies, or nothing; the commands as JSON.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from infitah.lib import postgres

LOOK = 0.5  # seconds between two looks at the children
PATIENCE = 15  # seconds that a child has to finish what it is doing
PAUSE = 2  # seconds between two starts of a child that keeps falling

Commands = dict[str, list[str]]


def keep_running(commands: Commands, *, until: threading.Event, look_after: Callable[[], object]) -> None:
    """Start the children, start again those that fall, stop them all in the end."""
    children = {name: launch(command) for name, command in commands.items()}
    started = dict.fromkeys(commands, time.monotonic())
    while not until.wait(LOOK):
        look_after()
        for name, child in children.items():
            if child.poll() is not None and time.monotonic() - started[name] > PAUSE:
                sys.stderr.write(f"The {name} fell (status {child.returncode}); it is started again.\n")
                children[name], started[name] = launch(commands[name]), time.monotonic()
    for child in children.values():
        child.terminate()
    for child in children.values():
        end(child)


def launch(command: list[str]) -> "subprocess.Popen[bytes]":
    """A child of its own session: Ctrl-C reaches the keeper only, which then stops it in good order."""
    return subprocess.Popen(command, start_new_session=True)


def end(child: "subprocess.Popen[bytes]") -> None:
    try:
        child.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        child.kill()


def main(folder: str, commands: str) -> None:
    until = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: until.set())
    if folder:  # the children use the database that this process keeps running
        os.environ["DATABASE_URL"] = postgres.embedded(Path(folder))
    look_after = (lambda: postgres.embedded(Path(folder))) if folder else (lambda: None)
    keep_running(json.loads(commands), until=until, look_after=look_after)


if __name__ == "__main__":
    main(*sys.argv[1:])
