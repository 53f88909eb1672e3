"""What the house keeps an eye on: each check reads one file and gives its complaints, in words."""

import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FLOORS = ["ground", "network", "journey", "outlook"]

Check = Callable[[str, str], list[str]]  # (path from the root, text) → complaints


@cache
def kept_files() -> list[str]:
    """The files of the house as git keeps them, and those not yet added."""
    told = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    return sorted({name for name in told.stdout.split("\0") if name and (ROOT / name).is_file()})


@cache
def text_of(path: str) -> str:
    """What a file says; a picture says nothing, though its bytes may spell anything."""
    said = (ROOT / path).read_bytes()
    return "" if b"\0" in said else said.decode("utf-8", errors="replace")


def files(*suffixes: str, under: str = "") -> Iterator[str]:
    return (path for path in kept_files() if path.endswith(suffixes) and path.startswith(under))


def room_of(path: str) -> str:
    """`infitah/journey/ideas/views.py` is in the room `journey/ideas`; outside any room, nothing."""
    parts = path.split("/")
    return "/".join(parts[1:3]) if len(parts) > 3 and parts[0] == "infitah" and parts[1] in FLOORS else ""


def complaints(check: Check, *suffixes: str, under: str = "") -> list[str]:
    """What a check has against the files with such a suffix."""
    return [f"{path}: {word}" for path in files(*suffixes, under=under) for word in check(path, text_of(path))]
