from datetime import date
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from infitah.ground.accounts.models import Person
from infitah.ground.ledger import actions as ledger
from infitah.ground.moderation import actions as moderation
from infitah.ground.moderation import queries as moderation_queries
from infitah.ground.organisations.actions import require_voice
from infitah.ground.organisations.models import Organisation
from infitah.journey.projects.models import Activity, Target
from infitah.lib import files
from infitah.lib.errors import NotPossible, require
from infitah.lib.i18n import Localized
from infitah.lib.states import lock, move, sent_before
from infitah.lib.text import clean, print_of

from . import queries, rules
from .models import Alert, Evidence, Rating, Reading, Report

NEEDS_WORDS = {Activity.Status.STALLED, Activity.Status.ABANDONED}


def hold(activity: Activity) -> Activity:
    """The activity, held, of a programme that is in force."""
    activity = lock(activity)
    require(
        rules.is_in_force(activity.project.programme),
        NotPossible(_("This opens once the council has adopted the programme, and until it is evaluated.")),
    )
    return activity


@transaction.atomic
def report(
    activity: Activity,
    *,
    by: Person,
    status: str,
    text: str,
    language: str = "ar",
    reported_on: date | None = None,
    key: UUID | None = None,
) -> Report:
    """Say where an activity stands. It is complete only on evidence; why it stalls or is given up stands with it."""
    activity = hold(activity)
    known = sent_before(Report, key, by=by, activity=activity)
    if known:
        return known
    require(rules.can_report(by, activity))
    on = reported_on or timezone.localdate()
    require(on <= timezone.localdate(), NotPossible(_("A report tells what has happened: its day cannot be to come.")))
    require(bool(text.strip()), NotPossible(_("Say in a few words what was done or what stands in the way.")))
    before = activity.status
    bring(activity, status, on, text)
    written = Report.objects.create(
        activity=activity, status=status, text=clean(text), language=language, reported_on=on, by=by, key=key or uuid4()
    )
    Alert.objects.filter(project=activity.project, ended_at=None).update(ended_at=timezone.now())
    told = {"status": status, "before": before, "report": written.pk}
    ledger.record("activity.reported", by=by, on=activity, place=activity.project.place, **told)
    return written


def bring(activity: Activity, status: str, on: date, text: str) -> None:
    """Bring an activity whose row is held to the status reported, with its days and its reason."""
    if status == activity.status:
        return
    require(not queries.lacks_proof(activity, status), NotPossible(queries.PROOF_FIRST))
    has_started = status in {Activity.Status.UNDER_WAY, Activity.Status.COMPLETED}
    has_ended = status in {Activity.Status.COMPLETED, Activity.Status.ABANDONED}
    move(
        activity,
        status,
        started_on=activity.started_on or (on if has_started else None),
        ended_on=on if has_ended else None,
        reason=text if status in NEEDS_WORDS else "",
    )


@transaction.atomic
def prove(
    activity: Activity,
    *,
    by: Person,
    caption: Localized,
    file: files.Checked | None = None,
    link: str = "",
    key: UUID | None = None,
) -> Evidence:
    """Add a document, a photo or a link that shows what was done."""
    activity = hold(activity)
    known = sent_before(Evidence, key, by=by, activity=activity)
    if known:
        return known
    require(rules.can_prove(by, activity))
    require((file is None) != (link == ""), NotPossible(_("Send a file or give a link: one of the two.")))
    photo = file if file and file.kind == "image" else None
    kind = Evidence.Kind.LINK if link else Evidence.Kind.PHOTO if photo else Evidence.Kind.FILE
    with files.kept(file, "evidence") as name, files.kept(photo and files.small(photo), "evidence") as small:
        proof = Evidence.objects.create(
            activity=activity,
            kind=kind,
            caption=Localized({language: clean(text) for language, text in caption.items()}),
            file=name,
            sha256=file.sha256 if file else "",
            small=small,
            link=link,
            by=by,
            key=key or uuid4(),
        )
        ledger.record(
            "evidence.added", by=by, on=activity, place=activity.project.place, kind=kind, sha256=proof.sha256
        )
    return proof


@transaction.atomic
def rate(
    activity: Activity,
    *,
    by: Person,
    completion: str,
    text: str = "",
    language: str = "ar",
    organisation: Organisation | None = None,
    key: UUID | None = None,
) -> Rating:
    """Judge how far an activity is. Whoever rates speaks for one side; the latest word of a side stands."""
    activity = hold(activity)
    known = sent_before(Rating, key, by=by, activity=activity)
    if known:
        return known
    require(rules.can_rate(by, activity))
    require_voice(by, organisation)
    side = rules.side_of(by, activity.project.programme)
    rating = Rating.objects.create(
        activity=activity,
        side=side,
        completion=completion,
        text=clean(text),
        language=language,
        by=by,
        organisation=organisation,
        key=key or uuid4(),
    )
    ledger.record("activity.rated", by=by, on=activity, place=activity.project.place, side=side, completion=completion)
    ground = moderation_queries.screen(text)
    return moderation.hold_back(rating, ground) if ground else rating


@transaction.atomic
def read(target: Target, *, by: Person, value: str, read_on: date | None = None) -> Reading:
    """Write down where an indicator stands on a day; the same day is read again, not twice."""
    target = lock(target)
    require(rules.can_read(by, target.project))
    on = read_on or timezone.localdate()
    require(on <= timezone.localdate(), NotPossible(_("An indicator is read on a day that has come.")))
    reading, _is_new = Reading.objects.update_or_create(target=target, read_on=on, defaults={"value": value, "by": by})
    told = {"value_sha256": print_of(value), "read_on": str(on)}
    ledger.record("target.read", by=by, on=target, place=target.project.place, **told)
    return reading


@transaction.atomic
def alert(today: date | None = None) -> list[Alert]:
    """Flag, once, each project of which nobody has said anything for too long."""
    alerts = []
    for project in queries.silent_projects(today or timezone.localdate()):
        made, is_new = Alert.objects.get_or_create(
            project=project,
            ended_at=None,
            defaults={"silent_since": project.silent_since},  # type: ignore[attr-defined]
        )
        if is_new:
            alerts.append(made)
            since = str(made.silent_since)
            ledger.record("project.silent", by=None, on=project, place=project.place, since=since)
    return alerts
