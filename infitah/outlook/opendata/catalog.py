"""Every public data set once: its name, what a line is, its columns, and how its lines are read.

Nothing personal stands in any of them: no person, no pseudonym, no contact, no text of what is not published.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from infitah.ground.ledger.models import Entry
from infitah.journey.adoption.models import Deliberation
from infitah.journey.ideas.models import Decision, Idea
from infitah.journey.monitoring.models import Rating
from infitah.journey.projects.models import Activity, Project
from infitah.network.calls.models import Call
from infitah.network.calls.queries import counted
from infitah.network.meetings.models import Meeting
from infitah.network.membership.models import Adhesion, Member
from infitah.network.pool.models import Mission
from infitah.network.questions.models import Answer, Question
from infitah.outlook.commitments.models import Declaration
from infitah.outlook.plan.models import Review
from infitah.outlook.practices.models import Adaptation, Practice

Cell = str | int | float | bool | None


@dataclass(frozen=True)
class DataSet:
    """A public table: `columns` maps each name to the path of its value in a line of `lines()`."""

    name: str
    title: Promise
    definition: Promise
    lines: Callable[[], QuerySet[Any]]
    columns: dict[str, str]
    place: str = "place"  # the path to the place's code, by which the set is narrowed


def members() -> QuerySet[Any]:
    return Member.objects.all()


def calls() -> QuerySet[Any]:
    return counted(Call.objects.published())


def missions() -> QuerySet[Any]:
    """Those that both sides agreed to; never who the coach is."""
    return Mission.objects.filter(status__in=[*Mission.ENGAGED, *Mission.OVER])


def ideas() -> QuerySet[Any]:
    return Idea.objects.public()


def decisions() -> QuerySet[Any]:
    return Decision.objects.filter(idea__in=Idea.objects.public())


def projects() -> QuerySet[Any]:
    return Project.objects.all()


def activities() -> QuerySet[Any]:
    return Activity.objects.exclude(project__status=Project.Status.DROPPED)


def ratings() -> QuerySet[Any]:
    """Those of the two sides; a resident's alone could tell who it was."""
    return Rating.objects.exclude(side=Rating.Side.CITIZEN)


def deliberations() -> QuerySet[Any]:
    return Deliberation.objects.exclude(outcome=Deliberation.Outcome.PENDING)


def practices() -> QuerySet[Any]:
    return Practice.objects.public()


def adaptations() -> QuerySet[Any]:
    return Adaptation.objects.all()


def questions() -> QuerySet[Any]:
    return Question.objects.public()


def answers() -> QuerySet[Any]:
    return Answer.objects.public().filter(question__in=Question.objects.public())


def meetings() -> QuerySet[Any]:
    return Meeting.objects.all()


def entries() -> QuerySet[Any]:
    return Entry.objects.all()


PLACE = {"place": "place__code", "place_name_ar": "place__name__ar", "place_name_fr": "place__name__fr"}

HOME = {name: way.replace("place__", "home__") for name, way in PLACE.items()}  # of those who ask and answer


def placed(path: str) -> dict[str, str]:
    """The columns that say where, reached by a path."""
    return {name: f"{path}{way}" for name, way in PLACE.items()}


def named(*names: str) -> dict[str, str]:
    """The columns that are called as their values are."""
    return {name: name for name in names}


DATA_SETS: list[DataSet] = [
    DataSet(
        "members",
        _("Members"),
        _("A line for each collectivity that has joined: cohort, status, day."),
        members,
        PLACE
        | {
            "kind": "place__kind",
            "is_urban": "place__is_urban",
            "population": "place__population",
            "cohort": "cohort__number",
            **named("status", "joined_on", "is_demonstration"),
        },
        "place__code",
    ),
    DataSet(
        "adhesions",
        _("Adhesions to the charter"),
        _("A line for each signing: the member, the version, the day, the fingerprint of the signed document."),
        Adhesion.objects.all,
        placed("member__")
        | {
            "version": "charter__version",
            **named("signed_on", "document_sha256", "ended_on"),
            "is_demonstration": "member__is_demonstration",
        },
        "member__place__code",
    ),
    DataSet(
        "declarations",
        _("Declared evidence"),
        _("A line for each piece of evidence that a member declares for a commitment of the charter."),
        Declaration.objects.standing,
        PLACE
        | {
            "kind": "kind",
            "text_ar": "text__ar",
            "text_fr": "text__fr",
            **named("dated_on", "document_sha256", "link"),
        },
        "place__code",
    ),
    DataSet(
        "calls",
        _("Calls for members"),
        _("A line for each call: who it was for, its dates, how many applied and how many were admitted."),
        calls,
        {
            "number": "number",
            "title_ar": "title__ar",
            "title_fr": "title__fr",
            **named("kinds", "regions", "places", "opens_at", "closes_at", "has_months_only"),
            "cohort": "cohort__number",
            "applications": "applied",
            **named("admitted", "source", "is_demonstration"),
        },
        "regions__contains",  # those limited to a region, by its code
    ),
    DataSet(
        "missions",
        _("Missions of coaches"),
        _("A line for each mission of the competency pool that both sides agreed to: where, on what, its days."),
        missions,
        PLACE
        | {
            "mission": "pk",
            "theme": "request__theme__code",
            "theme_ar": "request__theme__name__ar",
            "theme_fr": "request__theme__name__fr",
            **named("status", "starts_on", "ends_on", "begun_at", "ended_at"),
        },
    ),
    DataSet(
        "ideas",
        _("Ideas"),
        _("A line for each published idea, as it was written."),
        ideas,
        PLACE
        | {
            "number": "number",
            "axis_ar": "axis__name__ar",
            "axis_fr": "axis__name__fr",
            **named("problem", "solution", "language", "channel", "received_at", "status", "outcome", "decided_at"),
            "grouped_under": "lead__number",
            "supports": "support_count",
            "is_demonstration": "programme__is_demonstration",
        },
        "place__code",
    ),
    DataSet(
        "decisions",
        _("Answers to ideas"),
        _("A line for each answer: outcome, reason, day. A later answer replaces an earlier one; none is removed."),
        decisions,
        placed("idea__")
        | {"idea": "idea__number", "outcome": "outcome", "reason": "reason", "language": "language", "at": "at"},
        "idea__place__code",
    ),
    DataSet(
        "projects",
        _("Projects"),
        _("A line for each project, with its axis, service, dates and money."),
        projects,
        PLACE
        | {
            "number": "number",
            "programme": "programme",
            "programme_status": "programme__status",
            "axis_ar": "axis__name__ar",
            "axis_fr": "axis__name__fr",
            "title_ar": "title__ar",
            "title_fr": "title__fr",
            "principles": "principles",
            "service_ar": "service__ar",
            "service_fr": "service__fr",
            "budget_dirhams": "budget",
            **named("funding", "starts_on", "ends_on", "reference", "source", "status"),
            "is_demonstration": "programme__is_demonstration",
        },
        "place__code",
    ),
    DataSet(
        "activities",
        _("Activities"),
        _("A line for each activity: planned and actual days, state."),
        activities,
        placed("project__")
        | {
            "project": "project__number",
            "number": "number",
            "title_ar": "title__ar",
            "title_fr": "title__fr",
            **named("planned_from", "planned_until", "moved_from", "moved_until"),
            **named("started_on", "ended_on", "status", "reason"),
        },
        "project__place__code",
    ),
    DataSet(
        "ratings",
        _("Ratings"),
        _("A line for each rating of an activity by the collectivity or by civil society, on the official scale."),
        ratings,
        placed("activity__project__")
        | {
            "project": "activity__project__number",
            "activity": "activity__number",
            **named("side", "completion", "text", "language", "at"),
        },
        "activity__project__place__code",
    ),
    DataSet(
        "meetings",
        _("Meetings"),
        _("A line for each meeting: kind, promise, days, how many registered and came; nobody is named."),
        meetings,
        PLACE
        | {"number": "id", "registered": "confirmed", "checked_in": "attended", "counted_by_hand": "participants"}
        | {f"{name}_{code}": f"{name}__{code}" for name in ("title", "venue") for code in ("ar", "fr")}
        | {name: name for name in ("kind", "influence", "starts_at", "ends_at", "is_whole_day", "called_off_at")}
        | {name: name for name in ("capacity", "waiting", "source", "is_demonstration")},
        "place__code",
    ),
    DataSet(
        "deliberations",
        _("Votes of councils"),
        _("A line for each vote: day, outcome, votes, number and hash of the signed document."),
        deliberations,
        placed("sitting__")
        | {
            "programme": "programme",
            "version": "draft__version",
            "sat_on": "sitting__sits_on",
            "session": "sitting__kind",
            **named("outcome", "votes_for", "votes_against", "abstentions", "by_casting_vote"),
            **named("number", "document_sha256", "reason"),
        },
        "sitting__place__code",
    ),
    DataSet(
        "reviews",
        _("Independent reviews"),
        _("A line for each review of a commitment of the national plan: its day, its source, the official scales."),
        Review.objects.all,
        placed("project__")
        | {
            "commitment": "project__number",
            "reference": "project__reference",
            **named("kind", "reviewed_on", "source"),
            **named("verifiable", "lens", "potential", "completion", "early_results", "opening"),
            "words_ar": "words__ar",
            "words_fr": "words__fr",
        },
        "project__place__code",
    ),
    DataSet(
        "practices",
        _("Practices"),
        _("A line for each published practice, as it was written, with how often it was adapted elsewhere."),
        practices,
        PLACE
        | {
            "project": "project__number",
            **{name: name for name in Practice.WORDS if name != "contact"},
            **{name: name for name in ["link", "language", "handed_in_at", "published_at"]},
            "adaptations": "adaptation_count",
            "is_demonstration": "is_demonstration",
        },
        "place__code",
    ),
    DataSet(
        "adaptations",
        _("Adaptations of practices"),
        _("A line for each project that a collectivity began from the practice of another."),
        adaptations,
        placed("project__")
        | {
            "project": "project__number",
            "project_status": "project__status",
            "practice": "practice",
            "practice_place": "practice__place__code",
            "at": "at",
            "is_demonstration": "practice__is_demonstration",
        },
        "project__place__code",
    ),
    DataSet(
        "questions",
        _("Questions between members"),
        _("A line for each published question: who asks, which is a collectivity, and whether an answer helped."),
        questions,
        HOME
        | {
            **{name: name for name in ["theme", "title", "text", "language", "at"]},
            "answers": "answer_count",
            "is_settled": "is_settled",
            "is_demonstration": "is_demonstration",
        },
        "home__code",
    ),
    DataSet(
        "answers",
        _("Answers between members"),
        _("A line for each published answer to a question between members."),
        answers,
        HOME | {name: name for name in ["question", "text", "language", "at", "accepted_at"]},
        "home__code",
    ),
    DataSet(
        "ledger",
        _("Public register"),
        _("A line for each thing that happened; people stand in it by pseudonymous numbers only."),
        entries,
        {
            **named("place", "action", "at", "on_kind", "on_id", "particulars", "seal", "position"),
        },
    ),
]
BY_NAME = {each.name: each for each in DATA_SETS}


def plain(cell: Any) -> Cell:
    """A value as data sets carry it: text, number, or a date as ISO 8601."""
    if cell is None or isinstance(cell, str | bool | int | float):
        return cell
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    if isinstance(cell, list):
        return " ".join(str(each) for each in cell)
    return str(cell)
