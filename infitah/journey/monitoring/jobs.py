from procrastinate.contrib.django import app

from . import actions


@app.periodic(cron="40 5 * * *")
@app.task(name="monitoring.alert", queueing_lock="monitoring.alert")
def alert(timestamp: int) -> None:
    """Every morning: flag the projects of which nobody speaks any more."""
    actions.alert()
