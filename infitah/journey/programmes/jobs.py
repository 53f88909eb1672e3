from django.utils import timezone
from procrastinate.contrib.django import app

from . import actions


@app.periodic(cron="* * * * *")
@app.task(name="programmes.announce", queueing_lock="programmes.announce")
def announce(timestamp: int) -> None:
    """Every minute: write down the phases that have opened."""
    actions.announce(timezone.now())
