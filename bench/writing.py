"""Giving ideas: one after the other, many at once, twenty thousand in a sheet."""

import io
import os
import subprocess
import sys
import threading
import time
from uuid import uuid4

import xlsxwriter
from django.core.cache import cache
from django.db import connection
from django.db.models import Count, F
from django.test import Client
from django.urls import reverse

from infitah.ground.territories.models import Territory
from infitah.journey.ideas import actions
from infitah.journey.ideas.models import Idea, Tally
from infitah.journey.programmes.models import Programme
from tests import make

from .clock import in_turn, tell
from .world import environment

WRITERS = 16
SECONDS = int(os.environ.get("BENCH_SECONDS", 15))


def giving(place: Territory) -> None:
    browser = Client(headers={"accept-language": "ar"})
    programme = Programme.objects.get(place=place)
    address = reverse("ideas:new", args=[place.slug])

    def give() -> None:
        cache.clear()
        form = {"key": str(uuid4()), "axis": programme.axes.first().pk, "agreed": "on"}
        words = {"problem": f"لا توجد إنارة في الحي {uuid4()}.", "solution": "إنارة الأزقة بمصابيح اقتصادية."}
        answer = browser.post(address, form | words)
        assert answer.status_code == 303, answer.content.decode()[:2000]

    [taken] = in_turn(40, give)
    tell("Giving an idea, through the page", taken, "40 ms")


def at_once(place: Territory) -> None:
    programme = Programme.objects.get(place=place)
    ideas = list(Idea.objects.filter(place=place).public().order_by("-pk")[:20])
    before, until = Idea.objects.filter(place=place).count(), time.monotonic() + SECONDS
    faults: list[str] = []
    threads = [threading.Thread(target=write, args=(programme, ideas, until, faults)) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    given = Idea.objects.filter(place=place).count() - before
    tell(f"{WRITERS} writers for {SECONDS} s", f"{given / SECONDS:.0f} ideas and as many supports a second")
    tell("    faults", f"{len(faults)} {faults[:1] or ''}", "0")
    tally = Tally.objects.get(place=place)
    public = Idea.objects.filter(place=place).public()
    wrong = public.annotate(real=Count("supports")).exclude(support_count=F("real")).count()
    wrong += tally.public != public.count() or tally.last_number != Idea.objects.filter(place=place).count()
    tell("    counters that differ from COUNT(*)", wrong, "0")


def write(programme: Programme, ideas: list[Idea], until: float, faults: list[str]) -> None:
    axis = programme.axes.first()
    words = {"problem": "الإنارة منعدمة في الحي.", "solution": "مصابيح اقتصادية.", "language": "ar"}
    try:
        while time.monotonic() < until:
            actions.submit(programme, by=None, key=uuid4(), axis=axis, **words)
            actions.support(ideas[uuid4().int % len(ideas)], by=None, device=uuid4().hex)
    except Exception as fault:
        faults.append(repr(fault))
    finally:
        connection.close()


def sheet(rows: int) -> bytes:
    """A spreadsheet as a secretariat fills it."""
    book = io.BytesIO()
    with xlsxwriter.Workbook(book, {"in_memory": True}) as made:
        page = made.add_worksheet()
        page.write_row(0, 0, ["الرقم", "المحور", "المشكل", "الحل المقترح", "القناة"])
        for n in range(1, rows + 1):
            words = [f"الحفر كثيرة في الطريق رقم {n} المؤدية إلى السوق", f"إصلاح الطريق رقم {n} قبل موسم الأمطار"]
            page.write_row(n, 0, [n, ["الرقمنة", "المشاركة"][n % 2], *words, "ورشة"])
    return book.getvalue()


def importing(place: Territory, database: str) -> None:
    """In a process of its own, whose peak of memory is read at its end."""
    programme = make.programme(place, opened="ideas")
    make.focal_point(place)
    command = [sys.executable, "-m", "bench.one_import", str(programme.pk)]
    done = subprocess.run(command, input=sheet(20_000), env=environment(database), capture_output=True, check=False)
    tell("Importing 20,000 rows", done.stdout.decode().strip() or done.stderr.decode()[-500:], "30 s, 300 MB")
