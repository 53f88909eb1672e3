from django.utils import timezone
from procrastinate.contrib.django import app

from . import actions


@app.periodic(cron="20 3 * * *")
@app.task(name="accounts.purge", queueing_lock="accounts.purge")
def purge(timestamp: int) -> None:
    """Every night: erase what has passed its date."""
    actions.purge(timezone.localdate())
