from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from . import actions
from .models import Application


@app.task(name="calls.mail_link", retry=RetryStrategy(max_attempts=6, exponential_wait=4))
def mail_link(application: int) -> None:
    """Mail an applicant the link to what they write."""
    found = Application.objects.filter(pk=application).first()
    if found:
        actions.mail_link(found)


@app.periodic(cron="40 3 * * *")
@app.task(name="calls.purge", queueing_lock="calls.purge")
def purge(timestamp: int) -> None:
    """Every night: drafts and papers that have passed their time go."""
    actions.purge(timezone.localdate())
