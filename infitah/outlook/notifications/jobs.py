from procrastinate.contrib.django import app

from . import actions


@app.periodic(cron="* * * * *")
@app.task(name="notifications.notify", queueing_lock="notifications.notify")
def notify(timestamp: int) -> None:
    """Every minute: tell of what was sealed, and mail people about their own."""
    actions.notify()
    actions.mail(is_direct=True)


@app.periodic(cron="10 7 * * *")
@app.task(name="notifications.digest", queueing_lock="notifications.digest")
def digest(timestamp: int) -> None:
    """Every morning: one message about all that a person follows, if anything happened."""
    actions.mail(is_direct=False)
    actions.tidy()


@app.periodic(cron="40 7 * * 1")
@app.task(name="notifications.letter", queueing_lock="notifications.letter")
def letter(timestamp: int) -> None:
    """Every Monday morning: the letter of the network to its focal points, if there is news."""
    actions.mail(is_direct=False, is_weekly=True)
