"""The country's plan as it stands: its activities against their days, its figures, what reviewers say, its history."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from infitah.ground.accounts.models import Person, Role, RoleGrant
from infitah.ground.ledger.models import Entry
from infitah.ground.territories.models import Territory
from infitah.journey.adoption.models import Deliberation
from infitah.journey.evaluation.models import Review
from infitah.journey.evaluation.queries import JUDGED, Standing, standing
from infitah.journey.evaluation.queries import SCALES as ALL_SCALES
from infitah.journey.monitoring import queries as monitoring
from infitah.journey.monitoring.models import Report
from infitah.journey.programmes.models import Programme
from infitah.journey.programmes.queries import programmes_of
from infitah.journey.projects.models import Activity, Change, Project, Target
from infitah.lib import dates
from infitah.lib.i18n import Localized
from infitah.lib.lists import page_before
from infitah.lib.text import Difference, differences
from infitah.outlook.indicators import queries as indicators
from infitah.outlook.sentences import queries as register

PAGE = 30
MOST_DAYS = timedelta(days=1)
KINDS = {"completed": "ok", "under_way": "part", "stalled": "late", "abandoned": "no"}
SCALES = {name: ALL_SCALES[name] for name in JUDGED[Review.Kind.RESULTS]}  # those on which a national plan is reviewed
FIELDS: dict[str, Promise] = {
    "title": gettext_lazy("Title"),
    "problem": gettext_lazy("The problem"),
    "solution": gettext_lazy("What will be done"),
    "results": gettext_lazy("Expected results"),
    "change": gettext_lazy("Which rule or routine will change"),
    "service": gettext_lazy("Service in charge"),
    "partners": gettext_lazy("Partners"),
    "plan_line": gettext_lazy("Serves, in the development programme"),
    "starts_on": gettext_lazy("Begins on"),
    "ends_on": gettext_lazy("Ends on"),
    "policy_areas": gettext_lazy("Policy areas"),
    "source": gettext_lazy("Published source"),
    "reference": gettext_lazy("Number in the published plan"),
    "moved_from": gettext_lazy("Planned again from"),
    "moved_until": gettext_lazy("Planned again until"),
    "started_on": gettext_lazy("began on"),
    "ended_on": gettext_lazy("ended on"),
    "status": gettext_lazy("State"),
    **{name: label for name, (label, _steps) in SCALES.items()},
}


def country() -> Territory:
    """The country whose plan it is. Raises Territory.DoesNotExist in a register without one."""
    return Territory.objects.get(kind=Territory.Kind.COUNTRY)


def plans(place: Territory) -> list[Programme]:
    """The country's plans, the latest first."""
    return list(programmes_of(place))


def shown(found: list[Programme], cycle: str = "") -> Programme | None:
    """The plan asked for by its cycle; else the one in force; else the latest, though it is only prepared."""
    asked = [each for each in found if str(each.cycle_id) == cycle]
    return next(iter([*asked, *(each for each in found if each.status in Programme.IN_FORCE), *found]), None)


def adopted_on(programme: Programme) -> date | None:
    """Since when the plan is in force."""
    adopted = Deliberation.objects.filter(programme=programme, outcome=Deliberation.Outcome.ADOPTED)
    return adopted.values_list("sitting__sits_on", flat=True).first()


# -- activities ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bar:
    """A span of days as a share of the whole time line: where it begins and how long it is, 0 to 100."""

    start: float
    length: float


@dataclass(frozen=True)
class Line:
    """An activity with its days as planned first, as planned again, and as they really were."""

    activity: Any  # with is_proved, proofs and said
    kind: str
    is_late: bool
    planned: Bar
    moved: Bar | None
    actual: Bar | None

    @property
    def report(self) -> Report | None:
        """What was said of it last; if it was said in several languages, in the reader's."""
        latest = [each for each in self.activity.said if each.reported_on == self.activity.said[0].reported_on]
        own = (each for each in latest if each.language == get_language())
        return next(own, latest[0] if latest else None)


def lines(found: list[Any], today: date) -> list[Line]:
    """The activities on one time line, which goes from the first day of any of them to the last."""
    ends = [day for each in found for day in days_of(each)]
    if not ends:
        return []
    first, last = min(ends), max(ends) + MOST_DAYS

    def bar(begins: date, until: date) -> Bar:
        whole = (last - first).days
        until = max(begins, min(until, last - MOST_DAYS)) + MOST_DAYS
        return Bar(100 * (begins - first).days / whole, max(1.5, 100 * (until - begins).days / whole))

    return [
        Line(
            each,
            KINDS.get(each.status, "wait"),
            (each.moved_until or each.planned_until) < today and each.status not in monitoring.FINISHED,
            bar(each.planned_from, each.planned_until),
            bar(each.moved_from, each.moved_until) if each.moved_from else None,
            bar(each.started_on, each.ended_on or today) if each.started_on else None,
        )
        for each in found
    ]


def days_of(activity: Activity) -> list[date]:
    """All the days that are known of an activity."""
    named = ("planned_from", "planned_until", "moved_from", "moved_until", "started_on", "ended_on")
    return [getattr(activity, name) for name in named if getattr(activity, name)]


# -- commitments -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Commitment:
    """One commitment of the plan, with all that its page shows."""

    project: Project
    lines: list[Line]
    reviews: list[tuple[Review, list[Standing]]]  # each with its own judgements
    targets: list[Target]

    @property
    def judged(self) -> list[Standing]:
        """Every official scale in its order, also those on which nobody has judged yet."""
        said = standing(review for review, _judgements in self.reviews)
        return [said.get(name, Standing(str(label), "", None)) for name, (label, _steps) in SCALES.items()]


def commitments(programme: Programme, today: date) -> list[Commitment]:
    """The commitments of the plan, in seven queries however many there are."""
    proofs = Prefetch("evidence", monitoring.PROOFS, to_attr="proofs")
    said = Prefetch("reports", Report.objects.order_by("-reported_on", "-id"), to_attr="said")
    activities = list(monitoring.activities_of(programme).prefetch_related(proofs, said))
    projects = Project.objects.filter(programme=programme).standing().select_related("place")
    return [
        Commitment(
            project,
            lines([each for each in activities if each.project_id == project.pk], today),
            [(review, list(standing([review]).values())) for review in project.reviews.all()],
            [target for target in project.targets.all() if target.name],
        )
        for project in projects.prefetch_related("reviews", "targets", "policy_areas")
    ]


def of_the_plan(number: int) -> QuerySet[Project]:
    """The commitment of that number."""
    found = Project.objects.standing().filter(place__kind=Territory.Kind.COUNTRY, number=number)
    return found.select_related("place", "programme__place", "programme__cycle")


def activity_of(number: int, activity: int) -> QuerySet[Activity]:
    """The activity of that number in the commitment of that number."""
    found = Activity.objects.filter(project__place__kind=Territory.Kind.COUNTRY, project__number=number)
    found = found.exclude(project__status=Project.Status.DROPPED).filter(number=activity)
    return found.select_related("project__place", "project__programme__place")


# -- figures ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Measure:
    """An official indicator on the eve of the plan, and now; both counted from dated records."""

    before: indicators.Value | None
    now: indicators.Value

    @property
    def since(self) -> int | None:
        """How many more than when the plan began."""
        return round(self.now.numerator - self.before.numerator) if self.before else None


def measures(programme: Programme, place: Territory, today: date) -> list[Measure]:
    """PI1 to PI4 and the indicators of impact, on the eve of the plan and on its last day or today."""
    eve, last = programme.cycle.starts_on - timedelta(days=1), min(today, programme.cycle.ends_on)
    now = indicators.official(last, place)
    before = indicators.official(eve, place) if eve < last else [None] * len(now)
    return [Measure(*both) for both in zip(before, now, strict=True)]


# -- history ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Changed:
    """A field before and after, word by word where it is a text."""

    label: str
    pieces: list[Difference]


@dataclass(frozen=True)
class Event:
    """Something that happened to the plan: what, to what, by whom in which role, why, and what it changed."""

    entry: Entry
    words: str
    title: str
    address: str
    role: str
    reason: Localized
    changes: list[Changed]


OF_A_PLAN = "^(programme|phase|project|activity|evidence|target|plan|committee|seat|evaluation|criterion)[.]"


def history(place: Territory, before: int | None = None, *, page: int = PAGE) -> tuple[list[Event], int | None]:
    """A page of what happened to the country's plans, newest first, and the number before which the next begins."""
    entries = Entry.objects.filter(place=place.code, action__regex=OF_A_PLAN)
    found, last = page_before(entries, before, page)
    return in_words(found), last


def in_words(entries: list[Entry]) -> list[Event]:
    """Entries as the public reads them, with the role of whoever acted."""
    roles, amended = roles_of(entries), amendments_of(entries)
    return [
        Event(
            line.entry,
            line.words,
            line.title,
            line.address,
            roles[line.entry.pk],
            line.reason,
            list(changes_of(line.entry, amended.get(line.entry.pk, {}))),
        )
        for line in register.in_words(entries)
    ]


def amendments_of(entries: list[Entry]) -> dict[int, dict[str, Any]]:
    """What was changed in words that no entry holds, by the number of the entry."""
    numbers = {entry.pk: entry.particulars["change"] for entry in entries if entry.action == "project.amended"}
    kept = Change.objects.in_bulk(numbers.values())
    return {entry: kept[number].changes for entry, number in numbers.items() if number in kept}


def roles_of(entries: list[Entry]) -> dict[int, str]:
    """In which role each entry was made, as the roles stood on its day; nobody's name."""
    uids = {entry.by for entry in entries if entry.by}
    grants: dict[UUID, list[RoleGrant]] = {uid: [] for uid in uids}
    for grant in RoleGrant.objects.filter(person__uid__in=uids).select_related("person").order_by("id"):
        grants[grant.person.uid].append(grant)
    known = set(Person.objects.filter(uid__in=uids).values_list("uid", flat=True))
    return {entry.pk: role_of(entry, grants, known) for entry in entries}


def role_of(entry: Entry, grants: dict[UUID, list[RoleGrant]], known: set[UUID]) -> str:
    """The role of whoever made the entry, on its day."""
    if entry.by is None:
        return _("the platform itself, by the calendar")
    held = [grant for grant in grants[entry.by] if holds(grant, entry)]
    national = [grant for grant in held if grant.role == Role.NATIONAL]
    if held:
        return str((national or held)[0].get_role_display())
    return _("a resident") if entry.by in known else _("an account that is closed since")


def holds(grant: RoleGrant, entry: Entry) -> bool:
    """Whether the role was held when the entry was made."""
    on = entry.at.date()
    return grant.since <= on and (grant.until is None or on <= grant.until) and not is_revoked(grant, entry)


def is_revoked(grant: RoleGrant, entry: Entry) -> bool:
    return grant.revoked_at is not None and grant.revoked_at <= entry.at


def changes_of(entry: Entry, amended: dict[str, Any]) -> Iterator[Changed]:
    """What was before, and after: as amended, or as the entry says."""
    changes = amended or dict(entry.particulars.get("changes", {}))
    if entry.action == "activity.reported" and entry.particulars.get("before") != entry.particulars["status"]:
        changes["status"] = [entry.particulars.get("before", ""), entry.particulars["status"]]
    order = list(FIELDS)
    for name, (before, after) in sorted(
        changes.items(), key=lambda one: order.index(one[0]) if one[0] in FIELDS else 0
    ):
        yield Changed(str(FIELDS.get(name, name)), differences_of(name, before, after))


def differences_of(name: str, before: Any, after: Any) -> list[Difference]:
    """Texts are compared word by word; days and steps of a scale change as a whole."""
    if isinstance(before, dict) or isinstance(after, dict):
        return differences(str(Localized(before or {})), str(Localized(after or {})))
    both = [said(name, before), said(name, after)]
    return [(kind, words) for kind, words in zip(("gone", "new"), both, strict=True) if words]  # type: ignore[misc]


def said(name: str, value: Any) -> str:
    """A value as people read it: a day, a step of a scale, a state, an address."""
    if not value:
        return ""
    if name.endswith(("_on", "_from", "_until")):
        return dates.day(date.fromisoformat(value))
    if name in SCALES:
        return str(SCALES[name][1](value).label)
    return str(Activity.Status(value).label) if name == "status" else str(value)
