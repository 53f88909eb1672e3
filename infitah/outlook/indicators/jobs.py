from django.utils import timezone
from procrastinate.contrib.django import app

from . import actions


@app.periodic(cron="55 23 * * *")
@app.task(name="indicators.snapshot", queueing_lock="indicators.snapshot")
def snapshot(timestamp: int) -> None:
    """At the end of each day: its figures, so that those of the past do not move."""
    actions.snapshot(timezone.localdate())
