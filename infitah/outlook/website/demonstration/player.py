"""Plays stories side by side in the order of time. A story says when it wants to go on by yielding a moment;
what would come after the present is not played, so that the clock of a story decides how far it has got."""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import time_machine
from django.db import transaction
from django.utils import timezone

Story = Iterator[datetime]


@dataclass(frozen=True)
class Clock:
    """Tells the moments of a story by days before or after its day zero."""

    zero: date

    def on(self, day: int) -> date:
        return self.zero + timedelta(days=day)

    def at(self, day: int, hour: int = 10, minute: int = 0) -> datetime:
        return timezone.make_aware(datetime.combine(self.on(day), time(hour, minute)))


def play(stories: list[Story], until: datetime, say: Callable[[str], None]) -> int:
    """Play every story as far as `until`; returns the number of scenes. Each scene is one transaction."""
    waiting = [(at, turn, story) for turn, story in enumerate(stories) if (at := next(story, None))]
    heapq.heapify(waiting)
    scenes, year = 0, 0
    while waiting and waiting[0][0] <= until:
        at, turn, story = heapq.heappop(waiting)
        if at.year != year:
            year = at.year
            say(f"   {year}")
        following = scene(story, at)
        scenes += 1
        if following:
            heapq.heappush(waiting, (max(at, following), turn, story))
    return scenes


def scene(story: Story, at: datetime) -> datetime | None:
    """Let a story go on at that moment; the moment at which it wants to go on next, if it does."""
    with time_machine.travel(at, tick=False), transaction.atomic():
        return next(story, None)
