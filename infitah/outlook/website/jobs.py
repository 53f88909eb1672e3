from procrastinate import JobContext
from procrastinate.contrib.django import app

from . import actions

SILENCE = 60  # seconds without a heartbeat after which a worker is held to be gone


@app.periodic(cron="*/2 * * * *")
@app.task(name="website.rescue", queueing_lock="website.rescue", pass_context=True)
async def rescue(context: JobContext, timestamp: int) -> None:
    """Every two minutes: jobs that a fallen worker left half done are done again."""
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=SILENCE):
        await jobs.retry_job(job)


@app.periodic(cron="* * * * *")
@app.task(name="website.index", queueing_lock="website.index")
def index(timestamp: int) -> None:
    """Every minute: what has changed can be found by its new words."""
    actions.index()
