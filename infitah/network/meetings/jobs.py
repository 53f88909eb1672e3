from django.utils import timezone
from procrastinate.contrib.django import app

from . import actions


@app.periodic(cron="15 8-20 * * *")
@app.task(name="meetings.remind", queueing_lock="meetings.remind")
def remind(timestamp: int) -> None:
    """By day, every hour: remind of tomorrow's meetings, each once."""
    actions.remind()


@app.periodic(cron="50 3 * * *")
@app.task(name="meetings.purge", queueing_lock="meetings.purge")
def purge(timestamp: int) -> None:
    """Every night: forget who came to what was over long ago."""
    actions.purge(timezone.localdate())
