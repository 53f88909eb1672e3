"""Taking the time of things, and telling it."""

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


@dataclass
class Times:
    """Milliseconds, as measured one after the other."""

    all: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return statistics.median(self.all)

    def at(self, share: float) -> float:
        return sorted(self.all)[min(len(self.all) - 1, int(share * len(self.all)))]

    def __str__(self) -> str:
        return f"median {self.median:6.1f} ms   (5-95 %: {self.at(0.05):.1f}-{self.at(0.95):.1f}, n={len(self.all)})"

    @contextmanager
    def one(self) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self.all.append((time.perf_counter() - began) * 1000)


def tell(what: str, measured: object, target: str = "") -> None:
    sys.stdout.write(f"{what:<58} {measured}{'   target ' + target if target else ''}\n")
    sys.stdout.flush()


def forget() -> None:
    """Nothing that was counted or kept before is left."""
    for each in caches.all():
        each.clear()


def queries_of(browser: Client, address: str) -> int:
    forget()
    with CaptureQueriesContext(connection) as asked:
        answer = browser.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address} answers {answer.status_code}")
    return len(asked)


def in_turn(times: int, *calls: Callable[[], Any]) -> list[Times]:
    """The calls one after the other, so many times: pairs that share whatever else the machine is doing."""
    taken = [Times() for _ in calls]
    for call in calls:
        call()  # warm
    for _ in range(times):
        for call, kept in zip(calls, taken, strict=True):
            with kept.one():
                call()
    return taken


def fresh(browser: Client, address: str) -> Callable[[], Any]:
    """Getting the page as if nobody had, without anything kept."""

    def get() -> None:
        forget()
        answer = browser.get(address)
        assert answer.status_code == 200, answer.status_code

    return get
