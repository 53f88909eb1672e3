from django.utils import timezone
from procrastinate.contrib.django import app

from . import actions


@app.periodic(cron="7 * * * *")
@app.task(name="pool.keep_time", queueing_lock="pool.keep_time")
def keep_time(timestamp: int) -> None:
    """Every hour: begin and end missions on their days, and stop those whose coach is gone."""
    actions.keep_time(timezone.localdate())
