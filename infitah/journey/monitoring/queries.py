from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from infitah.ground.moderation.models import Moderated
from infitah.journey.adoption.models import Deliberation
from infitah.journey.programmes.models import Programme
from infitah.journey.projects.models import Activity, Project, Target
from infitah.lib.lists import page_before

from .models import Completion, Evidence, Rating, Report

PAGE = 50  # reports, or ratings with words
SILENT_AFTER = timedelta(days=120)  # OGP Local asks for news at least every four months
FINISHED = [Activity.Status.COMPLETED, Activity.Status.ABANDONED]
DRAWN = dict(zip(Completion.values, [0, 0, 2, 3, 4], strict=True))  # parts of the meter: what has not begun fills none

PROOFS = Evidence.objects.filter(visibility=Moderated.Visibility.SHOWN)


def is_proved(activity: Activity) -> bool:
    """Whether residents can see a piece of evidence for it."""
    return PROOFS.filter(activity=activity).exists()


PROOF_FIRST = gettext_lazy("Add evidence first: an activity counts as completed only when residents can see the proof.")


def lacks_proof(activity: Activity, status: str) -> bool:
    """Whether the activity cannot be brought to that status, because it would be completed without evidence."""
    is_completed_now = status == Activity.Status.COMPLETED and activity.status != status
    return is_completed_now and not is_proved(activity)


def activities_of(programme: Programme) -> QuerySet[Activity]:
    """The activities of the programme's standing projects, each with `is_proved`, in the order of the programme."""
    kept = Activity.objects.filter(project__programme=programme).exclude(project__status=Project.Status.DROPPED)
    return (
        kept.select_related("project", "project__place")
        .annotate(is_proved=Exists(PROOFS.filter(activity=OuterRef("pk"))))
        .order_by("project__number", "number")
    )


def apart(steps: list[str], official: str | None, civil: str | None) -> int | None:
    """How many of these steps the collectivity is above civil society; None until both have spoken."""
    return None if official is None or civil is None else steps.index(official) - steps.index(civil)


def apart_said(gap: int | None) -> str:
    """The gap as a sentence; empty until both sides have spoken."""
    if gap is None:
        return ""
    if gap == 0:
        return _("Both sides say the same.")
    said = ngettext("The two sides are %(count)s step apart.", "The two sides are %(count)s steps apart.", abs(gap))
    return said % {"count": abs(gap)}


@dataclass
class Ratings:
    """What each side says of one activity, on the official scale; None where a side has not spoken."""

    official: str | None = None
    civil: str | None = None
    citizens: Counter[str] = field(default_factory=Counter)  # how many residents say so

    @property
    def gap(self) -> int | None:
        """How many steps the collectivity is above civil society; None until both have spoken."""
        return apart(Completion.values, self.official, self.civil)

    @property
    def sides(self) -> list[dict[str, Any]]:
        """For `ui/ratings.html`."""
        return [
            _side(str(Rating.Side.OFFICIAL.label), "official", self.official),
            _side(str(Rating.Side.CIVIL.label), "civil", self.civil),
        ]

    def said_by_residents(self) -> list[tuple[str, int]]:
        """How many residents say what, from the most complete to the least."""
        return [(str(Completion(step).label), self.citizens[step]) for step in reversed(DRAWN) if self.citizens[step]]

    @property
    def gap_said(self) -> str:
        """The gap as a sentence; empty until both sides have spoken."""
        return apart_said(self.gap)


def _side(name: str, kind: str, step: str | None) -> dict[str, Any]:
    word = str(Completion(step).label) if step else ""
    return {"name": name, "kind": kind, "word": word, "steps": DRAWN[step] if step else None}


@dataclass
class ProjectRatings:
    """How many of a project's activities each side holds to be complete."""

    total: int = 0
    official: int = 0  # completed, with evidence that residents can see
    civil: int = 0
    rated: int = 0  # by civil society
    under_way: int = 0

    @property
    def gap(self) -> int | None:
        """How many activities only the collectivity holds to be complete; None while civil society has not spoken."""
        return self.official - self.civil if self.rated else None

    @property
    def share(self) -> float | None:
        """Of activities completed on evidence, 0 to 100."""
        return 100 * self.official / self.total if self.total else None

    @property
    def civil_share(self) -> float | None:
        """Of activities that civil society holds to be complete, 0 to 100; None while it has not spoken."""
        return 100 * self.civil / self.total if self.rated else None


def ratings_of(activities: Iterable[Activity]) -> dict[int, Ratings]:
    """The ratings of each activity, by its id, in two queries.

    The official step is the collectivity's own latest rating, or what the status shows (not started; complete, on
    evidence) where it has not rated since. Activities come from `activities_of`, which knows whether each is proved.
    """
    by_id: dict[int, Any] = {activity.pk: activity for activity in activities}
    found = {pk: Ratings(official=_shown(activity)) for pk, activity in by_id.items()}
    shown = Rating.objects.filter(activity__in=found, visibility=Moderated.Visibility.SHOWN)
    latest = shown.exclude(side=Rating.Side.CITIZEN)
    for rating in latest.order_by("activity_id", "side", "-id").distinct("activity_id", "side"):
        ratings = found[rating.activity_id]
        if rating.side == Rating.Side.CIVIL:
            ratings.civil = rating.completion
        elif _still_said(rating, by_id[rating.activity_id]):
            ratings.official = rating.completion
    citizens = shown.filter(side=Rating.Side.CITIZEN)
    each = citizens.order_by("activity_id", "by_id", "-id").distinct("activity_id", "by_id")
    for activity, completion in each.values_list("activity", "completion"):
        found[activity].citizens[completion] += 1
    return found


def _shown(activity: Any) -> str | None:
    """The step of the official scale that the status itself shows."""
    if activity.status == Activity.Status.NOT_STARTED:
        return Completion.NOT_STARTED
    if activity.status == Activity.Status.COMPLETED:
        return Completion.COMPLETE if activity.is_proved else Completion.NO_EVIDENCE
    return None


def _still_said(rating: Rating, activity: Any) -> bool:
    """Whether the collectivity's rating stands beside the status: what it said before completing is overtaken by it,
    and nothing it says makes up for evidence that nobody can see."""
    if activity.status != Activity.Status.COMPLETED:
        return True
    is_later = activity.ended_on is None or timezone.localdate(rating.at) >= activity.ended_on
    return activity.is_proved and is_later


def ratings_by_project(programme: Programme) -> dict[int, ProjectRatings]:
    """Both sides' counts for every project of the programme, by its id, in three queries."""
    activities = list(activities_of(programme))
    ratings = ratings_of(activities)
    found: dict[int, ProjectRatings] = defaultdict(ProjectRatings)
    for activity in activities:
        project, said = found[activity.project_id], ratings[activity.pk]
        project.total += 1
        project.official += activity.status == Activity.Status.COMPLETED and activity.is_proved  # type: ignore[attr-defined]
        project.under_way += activity.status in {Activity.Status.UNDER_WAY, Activity.Status.STALLED}
        project.rated += said.civil is not None
        project.civil += said.civil == Completion.COMPLETE
    return dict(found)


def ratings(project: Project) -> ProjectRatings:
    """Both sides' counts for one project."""
    return ratings_by_project(project.programme).get(project.pk, ProjectRatings())


def words_on(activity: Activity, before: int | None = None) -> tuple[list[Rating], int | None]:
    """A page of what people wrote with their ratings, latest first, and where the next one begins."""
    shown = Rating.objects.filter(activity=activity, visibility=Moderated.Visibility.SHOWN).exclude(text="")
    return page_before(shown.select_related("by", "organisation"), before, PAGE)


def reports_on(activity: Activity, before: int | None = None) -> tuple[list[Report], int | None]:
    """A page of what was reported of an activity, latest first, and where the next one begins."""
    return page_before(activity.reports.all(), before, PAGE)


def activity_at(slug: str, project: int, number: int) -> QuerySet[Activity]:
    """The activity of that number, as `activities_of` gives it."""
    standing = Activity.objects.exclude(project__status=Project.Status.DROPPED)
    found = standing.filter(project__place__slug=slug, project__number=project, number=number)
    return found.select_related("project__place", "project__programme__place").annotate(
        is_proved=Exists(PROOFS.filter(activity=OuterRef("pk")))
    )


def targets_of(programme: Programme) -> QuerySet[Target]:
    """The indicators of the standing projects, with their readings, latest first."""
    found = Target.objects.filter(project__programme=programme).exclude(project__status=Project.Status.DROPPED)
    return found.select_related("project").prefetch_related("readings").order_by("project__number", "id")


@dataclass
class Progress:
    """Where the activities of a programme stand: numbers of activities."""

    total: int
    completed: int  # on evidence that residents can see
    under_way: int
    stalled: int
    not_started: int
    abandoned: int
    late: int  # past their planned end and not finished

    @property
    def share(self) -> float | None:
        """Of activities completed on evidence, 0 to 100; abandoned ones count, so that giving up raises nothing."""
        return 100 * self.completed / self.total if self.total else None


def in_state(today: date) -> dict[str, Q]:
    """Which activities, as `activities_of` gives them, stand where on that day; a late one stands elsewhere as well."""
    status = Activity.Status
    late = Q(moved_until__lt=today) | Q(moved_until=None, planned_until__lt=today)
    return {
        "completed": Q(status=status.COMPLETED, is_proved=True),
        "under_way": Q(status=status.UNDER_WAY),
        "stalled": Q(status=status.STALLED),
        "not_started": Q(status=status.NOT_STARTED),
        "abandoned": Q(status=status.ABANDONED),
        "late": late & ~Q(status__in=FINISHED),
    }


def still_to_do(programme: Programme) -> list[tuple[date, int, int]]:
    """The unfinished activities: until when each is planned now, its project, itself; those that end first first."""
    open_still = activities_of(programme).exclude(status__in=FINISHED)
    planned = open_still.values_list("moved_until", "planned_until", "project", "pk")
    return sorted((moved or first, project, activity) for moved, first, project, activity in planned)


def progress(programme: Programme, today: date) -> Progress:
    """Where the programme stands on that day, in one query."""
    counted = {state: Count("pk", filter=these) for state, these in in_state(today).items()}
    return Progress(**activities_of(programme).order_by().aggregate(total=Count("pk"), **counted))


def silent_projects(today: date) -> QuerySet[Project]:
    """Projects of adopted programmes, unfinished, of which nothing was said for 120 days; each with `silent_since`.

    Silence begins with the last report, or, before any, with the adoption or the first planned day, whichever is later.
    """
    adopted = Deliberation.objects.filter(
        programme=OuterRef("programme"), outcome=Deliberation.Outcome.ADOPTED
    ).order_by("-id")
    unfinished = Activity.objects.filter(project=OuterRef("pk")).exclude(status__in=FINISHED)
    return (
        Project.objects.filter(Exists(unfinished), programme__status=Programme.Status.ADOPTED)
        .exclude(status=Project.Status.DROPPED)
        .annotate(
            last_report=Max("activities__reports__reported_on"),
            first_day=Min("activities__planned_from"),
            adopted_on=Subquery(adopted.values("sitting__sits_on")[:1]),
        )
        .annotate(silent_since=Greatest("last_report", "first_day", "adopted_on"))
        .filter(silent_since__lte=today - SILENT_AFTER)
        .select_related("place", "programme")
        .order_by(F("silent_since").asc(), "pk")
    )


def silent_since(project: Project, today: date) -> date | None:
    """Since when nothing was said of the project, if that is 120 days or more."""
    found: Any = silent_projects(today).filter(pk=project.pk).first()
    return found.silent_since if found else None
