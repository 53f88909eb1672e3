import json
import os
import socket
import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    help = "Serve Infitah: the web server and the worker, kept running until told to stop."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", 8000)))
        parser.add_argument("--workers", type=int, default=1, help="web server processes, each of several threads")
        parser.add_argument("--demo", action="store_true", help="play the demonstration first")
        parser.add_argument("--stage", help="of the demonstration: see `demo --help`")

    def handle(self, *, host: str, port: int, workers: int, demo: bool, stage: str | None, **options: Any) -> None:
        require_free(host, port)
        if demo:
            call_command("demo", stage=stage, stdout=self.stdout)
        else:
            call_command("prepare", stdout=self.stdout)
        self.stdout.write(f"Infitah listens on http://{host}:{port}/  (Ctrl-C stops it)")
        self.stdout.flush()
        become_keeper({"server": server(host, port, workers), "worker": worker()})


def require_free(host: str, port: int) -> None:
    try:
        socket.create_server((host, port)).close()
    except OSError as fault:
        raise CommandError(f"Port {port} of {host} cannot be listened on: {fault.strerror}.") from fault


def become_keeper(commands: dict[str, list[str]]) -> None:
    """Turn this process into the small one that keeps the others running."""
    house = {"DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(settings.HOUSE)}
    house["INFITAH_VAR"] = str(settings.VAR)
    folder = str(settings.VAR / "postgres") if settings.IS_EMBEDDED else ""
    command = [sys.executable, "-m", "infitah.lib.keeper", folder, json.dumps(commands)]
    os.execve(sys.executable, command, {**os.environ, **house})


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
