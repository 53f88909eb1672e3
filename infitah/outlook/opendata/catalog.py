"""Every public data set once: its name, what a line is, its columns, and how its lines are read.

Nothing personal stands in any of them: no person, no pseudonym, no contact, no text of what is not published.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg, JSONBAgg
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from infitah.ground.areas.models import PolicyArea
from infitah.ground.ledger.models import Entry
from infitah.ground.organisations.models import Organisation
from infitah.journey.adoption.models import Deliberation
from infitah.journey.consultation.models import Opinion
from infitah.journey.evaluation import models as evaluation
from infitah.journey.evaluation.queries import SCALES
from infitah.journey.ideas.models import Decision, Idea
from infitah.journey.monitoring.models import Rating
from infitah.journey.programmes.models import Shift
from infitah.journey.projects.models import Activity, Change, Project, Source
from infitah.lib.text import canonical
from infitah.network.calls.models import Call
from infitah.network.calls.queries import counted
from infitah.network.meetings.models import Meeting
from infitah.network.membership.models import Adhesion, Member
from infitah.network.pool.models import Mission
from infitah.network.questions.models import Answer, Question
from infitah.outlook.commitments.models import Declaration
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
    narrowed_by: str = ""  # the path to a place's code, where the set has no column `place`


def calls() -> QuerySet[Any]:
    return counted(Call.objects.published())


def missions() -> QuerySet[Any]:
    """Those that both sides agreed to; never who the coach is."""
    return Mission.objects.filter(status__in=[*Mission.ENGAGED, *Mission.OVER])


def decisions() -> QuerySet[Any]:
    return Decision.objects.filter(idea__in=Idea.objects.public())


def projects() -> QuerySet[Any]:
    """Each with the keys of its policy areas."""
    keys = ArrayAgg("policy_areas__key", filter=Q(policy_areas__isnull=False), order_by="policy_areas__key", default=[])
    return Project.objects.annotate(areas=keys)


def areas() -> QuerySet[Any]:
    """Each with the codes of the places whose projects have it."""
    return PolicyArea.objects.annotate(places=JSONBAgg("projects__place__code", distinct=True))


def sources() -> QuerySet[Any]:
    return Source.objects.standing().filter(idea__in=Idea.objects.public())


def activities() -> QuerySet[Any]:
    return Activity.objects.exclude(project__status=Project.Status.DROPPED)


def ratings() -> QuerySet[Any]:
    """Those of the two sides that are published; a resident's alone could tell who it was."""
    return Rating.objects.filter(visibility=Rating.Visibility.SHOWN).exclude(side=Rating.Side.CITIZEN)


def evaluations() -> QuerySet[Any]:
    """Once both sides are in: neither sees the other's before."""
    return evaluation.Answer.objects.filter(evaluation__status=evaluation.Evaluation.Status.PUBLISHED)


def deliberations() -> QuerySet[Any]:
    return Deliberation.objects.exclude(outcome=Deliberation.Outcome.PENDING)


def answers() -> QuerySet[Any]:
    return Answer.objects.public().filter(question__in=Question.objects.public())


def placed(path: str = "", at: str = "place") -> dict[str, str]:
    """The columns that say where, reached by a path."""
    return {"place": f"{path}{at}__code", **in_both("place_name", f"{path}{at}__name")}


def named(*names: str) -> dict[str, str]:
    """The columns that are called as their values are."""
    return {name: name for name in names}


def in_both(*ways: str) -> dict[str, str]:
    """The columns of an official's text: its name, and the path to it where that is another."""
    return {f"{ways[0]}_{code}": f"{ways[-1]}__{code}" for code in ("ar", "fr")}


DATA_SETS: list[DataSet] = [
    DataSet(
        "members",
        _("Members"),
        _("A line for each collectivity that has joined: cohort, status, day."),
        Member.objects.all,
        placed()
        | {"kind": "place__kind", "is_urban": "place__is_urban", "population": "place__population"}
        | {"cohort": "cohort__number", **named("status", "joined_on", "is_demonstration")},
    ),
    DataSet(
        "adhesions",
        _("Adhesions to the charter"),
        _("A line for each signing: the member, the version, the day, the fingerprint of the signed document."),
        Adhesion.objects.all,
        placed("member__")
        | {"version": "charter__version", **named("signed_on", "document_sha256", "ended_on")}
        | {"is_demonstration": "member__is_demonstration"},
    ),
    DataSet(
        "declarations",
        _("Declared evidence"),
        _("A line for each piece of evidence that a member declares for a commitment of the charter."),
        Declaration.objects.standing,
        placed() | named("kind") | in_both("text") | named("dated_on", "document_sha256", "link"),
    ),
    DataSet(
        "calls",
        _("Calls for members"),
        _("A line for each call: who it was for, its dates, how many applied and how many were admitted."),
        calls,
        {
            "number": "number",
            **in_both("title"),
            **named("kinds", "regions", "places", "opens_at", "closes_at", "has_months_only"),
            "cohort": "cohort__number",
            "applications": "applied",
            **named("admitted", "source", "is_demonstration"),
        },
        narrowed_by="regions__contains",  # those limited to a region, by its code
    ),
    DataSet(
        "missions",
        _("Missions of coaches"),
        _("A line for each mission of the competency pool that both sides agreed to: where, on what, its days."),
        missions,
        placed()
        | {
            "mission": "pk",  # as in its address
            "theme": "request__theme__code",
            **in_both("theme", "request__theme__name"),
            **named("status", "starts_on", "ends_on", "begun_at", "ended_at"),
        },
    ),
    DataSet(
        "organisations",
        _("Associations and organisations"),
        _("A line for each organisation that has been verified, be it no longer: what it is, where, its state."),
        Organisation.objects.public,
        placed() | in_both("name") | named("kind", "text", "language", "status", "verified_at", "is_demonstration"),
    ),
    DataSet(
        "ideas",
        _("Ideas"),
        _("A line for each published idea, as it was written."),
        Idea.objects.public,
        placed()
        | {"number": "number", **in_both("axis", "axis__name"), **named("problem", "solution", "language", "channel")}
        | named("received_at", "status", "outcome", "decided_at", "organisation")
        | {"grouped_under": "lead__number", "supports": "support_count"}
        | {"is_demonstration": "programme__is_demonstration"},
    ),
    DataSet(
        "decisions",
        _("Answers to ideas"),
        _("A line for each answer: outcome, reason, day. A later answer replaces an earlier one; none is removed."),
        decisions,
        placed("idea__")
        | {"idea": "idea__number", "outcome": "outcome", "reason": "reason", "language": "language", "at": "at"},
    ),
    DataSet(
        "projects",
        _("Projects"),
        _("A line for each project, with its axis, policy areas, service, dates and money."),
        projects,
        placed()
        | {
            "number": "number",
            "programme": "programme",
            "programme_status": "programme__status",
            **in_both("axis", "axis__name"),
            **in_both("title"),
            **named("principles", "ogp_values"),
            "policy_areas": "areas",
            **in_both("service"),
            "budget_dirhams": "budget",
            **named("funding", "starts_on", "ends_on", "reference", "source", "status"),
            "is_demonstration": "programme__is_demonstration",
        },
    ),
    DataSet(
        "policy_areas",
        _("Policy areas"),
        _("A line for each policy area of the Open Government Partnership: its key, its names, its dates."),
        areas,
        {"key": "key", **in_both("name"), "name_en": "name__en", **named("since", "retired_on", "source")},
        narrowed_by="places__contains",  # those of the projects of a place
    ),
    DataSet(
        "sources",
        _("Ideas that projects come from"),
        _("A line for each idea that a project comes from: from the idea to its project, and back."),
        sources,
        placed("idea__") | {"idea": "idea__number", "project": "project__number", "at": "at"},
    ),
    DataSet(
        "opinions",
        _("Opinions and replies"),
        _("A line for each published opinion on a project of a draft, with the reply it got."),
        Opinion.objects.public,
        placed("project__")
        | {"project": "project__number", "version": "draft__version"}
        | named("stance", "text", "wording", "language", "channel", "people", "given_at", "organisation")
        | {"is_taken_up": "reply__is_taken_up", "reply": "reply__text", "replied_at": "reply__at"},
    ),
    DataSet(
        "activities",
        _("Activities"),
        _("A line for each activity: planned and actual days, state."),
        activities,
        placed("project__")
        | {"project": "project__number", "number": "number", **in_both("title")}
        | named("planned_from", "planned_until", "moved_from", "moved_until")
        | named("started_on", "ended_on", "status", "reason"),
    ),
    DataSet(
        "ratings",
        _("Ratings"),
        _("A line for each rating of an activity by the collectivity or by civil society, on the official scale."),
        ratings,
        placed("activity__project__")
        | {"project": "activity__project__number", "activity": "activity__number"}
        | named("side", "completion", "text", "language", "at", "organisation"),
    ),
    DataSet(
        "meetings",
        _("Meetings"),
        _("A line for each meeting: kind, promise, days, how many registered and came; nobody is named."),
        Meeting.objects.all,
        placed()
        | {"number": "id", "registered": "confirmed", "checked_in": "attended", "counted_by_hand": "participants"}
        | {**in_both("title"), **in_both("venue"), **in_both("called_off_because")}
        | named("kind", "influence", "starts_at", "ends_at", "is_whole_day", "called_off_at")
        | named("capacity", "waiting", "source", "is_demonstration"),
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
    ),
    DataSet(
        "shifts",
        _("Changed dates of phases"),
        _("A line for each time that a phase was opened or closed at another moment: the new ones, and why."),
        Shift.objects.all,
        placed("phase__programme__")
        | {"programme": "phase__programme", "phase": "phase__kind", **named("opens_at", "closes_at", "reason", "at")},
    ),
    DataSet(
        "changes",
        _("Amendments, and projects set aside"),
        _("A line for each: the project, what stood before and what stands now, and why."),
        Change.objects.all,
        placed("project__")
        | {"project": "project__number", "activity": "activity__number", **named("changes", "reason", "at")},
    ),
    DataSet(
        "evaluations",
        _("Evaluations by both sides"),
        _("A line for each answer to a question of the grid, by the collectivity or by civil society."),
        evaluations,
        placed("evaluation__programme__")
        | {"programme": "evaluation__programme", "side": "evaluation__side", "question": "criterion__number"}
        | in_both("question", "criterion__question")
        | named("rating", "explanation", "language", "link")
        | {"published_at": "evaluation__published_at"},
    ),
    DataSet(
        "reviews",
        _("Independent reviews"),
        _("A line for each independent review of a project or commitment: its day, its source, the official scales."),
        evaluation.Review.objects.all,
        placed("project__")
        | {"commitment": "project__number", "reference": "project__reference"}
        | named("kind", "reviewed_on", "source", *SCALES)
        | {**in_both("words"), **in_both("lessons"), "is_demonstration": "project__programme__is_demonstration"},
    ),
    DataSet(
        "findings",
        _("What independent reviews rest on"),
        _("A line for each judgement of a review that says why: the review, the scale, the explanation."),
        evaluation.Finding.objects.all,
        placed("review__project__") | named("review", "scale", "explanation", "language", "link"),
    ),
    DataSet(
        "practices",
        _("Practices"),
        _("A line for each published practice, as it was written, with how often it was adapted elsewhere."),
        Practice.objects.public,
        placed()
        | {
            "project": "project__number",
            **named(*(name for name in Practice.WORDS if name != "contact")),
            **named("link", "language", "handed_in_at", "published_at"),
            "adaptations": "adaptation_count",
            "is_demonstration": "is_demonstration",
        },
    ),
    DataSet(
        "adaptations",
        _("Adaptations of practices"),
        _("A line for each project that a collectivity began from the practice of another."),
        Adaptation.objects.all,
        placed("project__")
        | {
            "project": "project__number",
            "project_status": "project__status",
            "practice": "practice",
            "practice_place": "practice__place__code",
            "at": "at",
            "is_demonstration": "practice__is_demonstration",
        },
    ),
    DataSet(
        "questions",
        _("Questions between members"),
        _("A line for each published question: who asks, which is a collectivity, and whether an answer helped."),
        Question.objects.public,
        placed(at="home")
        | {
            **named("theme", "title", "text", "language", "at"),
            "answers": "answer_count",
            "is_settled": "is_settled",
            "is_demonstration": "is_demonstration",
        },
    ),
    DataSet(
        "answers",
        _("Answers between members"),
        _("A line for each published answer to a question between members."),
        answers,
        placed(at="home") | named("question", "text", "language", "at", "accepted_at"),
    ),
    DataSet(
        "ledger",
        _("Public register"),
        _("A line for each thing that happened; people stand in it by pseudonymous numbers only."),
        Entry.objects.all,
        named("place", "action", "at", "on_kind", "on_id", "particulars", "seal", "position"),
    ),
]
BY_NAME = {each.name: each for each in DATA_SETS}


def plain(cell: Any) -> Cell:
    """A value as data sets carry it: text, number, a date as ISO 8601, JSON in the form that its hash is taken of."""
    if cell is None or isinstance(cell, str | bool | int | float):
        return cell
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    if isinstance(cell, list):
        return " ".join(str(each) for each in cell)
    return canonical(cell).decode() if isinstance(cell, dict) else str(cell)
