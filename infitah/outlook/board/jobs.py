from typing import cast

from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.types import JSONDict

from infitah.outlook.notifications import actions as notifications

from . import actions

AT_ONCE = 500  # people to a job


@app.periodic(cron="*/5 * * * *")
@app.task(name="board.look", queueing_lock="board.look")
def look(timestamp: int) -> None:
    """Every five minutes: when each member last did something."""
    actions.look()


@app.periodic(cron="50 3 * * *")
@app.task(name="board.tidy", queueing_lock="board.tidy")
def tidy(timestamp: int) -> None:
    """Every night: what was said on the phone long ago is forgotten."""
    actions.tidy(timezone.localdate())


@app.task(name="board.deliver")
def deliver(people: list[int]) -> None:
    """Mail some people what waits for them; what a fallen worker leaves, the next minute's mail takes up."""
    notifications.mail(is_direct=True, to=people)


def queue(people: list[int]) -> int:
    """Leave the mailing to the workers, so many people to a job; returns the number of jobs."""
    parts = [people[start : start + AT_ONCE] for start in range(0, len(people), AT_ONCE)]
    deliver.batch_defer(*[cast(JSONDict, {"people": part}) for part in parts])
    return len(parts)
