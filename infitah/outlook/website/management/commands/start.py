import os
import signal
import socket
import subprocess
import sys
import threading
import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from infitah.lib import postgres

LOOK = 0.5  # seconds between two looks at the children
PATIENCE = 15  # seconds that a child has to finish what it is doing
PAUSE = 2  # seconds between two starts of a child that keeps falling


class Command(BaseCommand):
    help = "Serve Infitah: the web server and the worker, kept running until told to stop."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", 8000)))
        parser.add_argument("--workers", type=int, default=1, help="web server processes, each of several threads")

    def handle(self, *, host: str, port: int, workers: int, **options: Any) -> None:
        self.require_free(host, port)
        call_command("prepare", stdout=self.stdout)
        connections.close_all()
        for connection in connections.all():
            connection.close_pool()  # type: ignore[attr-defined]
        if not os.environ.get("DATABASE_URL"):  # the children use the database that this process keeps running
            os.environ["DATABASE_URL"] = postgres.embedded(settings.VAR / "postgres")
        self.is_stopping = threading.Event()
        for number in [signal.SIGTERM, signal.SIGINT]:
            signal.signal(number, lambda *_: self.is_stopping.set())
        self.stdout.write(f"Infitah listens on http://{host}:{port}/  (Ctrl-C stops it)")
        self.stdout.flush()
        self.keep_running({"server": server(host, port, workers), "worker": worker()})

    def require_free(self, host: str, port: int) -> None:
        try:
            socket.create_server((host, port)).close()
        except OSError as fault:
            raise CommandError(f"Port {port} of {host} cannot be listened on: {fault.strerror}.") from fault

    def keep_running(self, commands: dict[str, list[str]]) -> None:
        """Start the children, start again those that fall, stop them all when told to."""
        children = {name: launch(command) for name, command in commands.items()}
        started = dict.fromkeys(commands, time.monotonic())
        while not self.is_stopping.wait(LOOK):
            if settings.IS_EMBEDDED:
                postgres.embedded(settings.VAR / "postgres")
            for name, child in children.items():
                if child.poll() is not None and time.monotonic() - started[name] > PAUSE:
                    self.stderr.write(f"The {name} fell (status {child.returncode}); it is started again.")
                    children[name], started[name] = launch(commands[name]), time.monotonic()
        for child in children.values():
            child.terminate()
        for child in children.values():
            try:
                child.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                child.kill()


def server(host: str, port: int, workers: int) -> list[str]:
    return [
        *(sys.executable, "-m", "granian", "config.wsgi:application", "--interface", "wsgi", "--no-ws"),
        *("--host", host, "--port", str(port), "--workers", str(workers), "--blocking-threads", "4"),
        *("--respawn-failed-workers", "--log-level", "warning"),
    ]


def worker() -> list[str]:
    return [
        sys.executable,
        "-m",
        "django",
        "procrastinate",
        "worker",
        "--concurrency",
        "2",
        "--delete-jobs",
        "successful",
    ]


def launch(command: list[str]) -> subprocess.Popen[bytes]:
    """A child of its own session: Ctrl-C reaches this process only, which then stops it in good order."""
    house = {"DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(settings.HOUSE)}
    return subprocess.Popen(command, env={**os.environ, **house}, start_new_session=True)
