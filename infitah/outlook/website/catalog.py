"""What can be found by its words beside places, ideas, practices, questions and calls: each kind of thing once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from infitah.ground.areas.models import PolicyArea
from infitah.ground.discussion import queries as discussion
from infitah.ground.discussion.models import Comment
from infitah.ground.moderation.models import Moderated
from infitah.ground.organisations.models import Organisation
from infitah.journey.consultation.models import Opinion, Reply
from infitah.journey.evaluation import models as evaluation
from infitah.journey.ideas.models import Decision, Idea
from infitah.journey.monitoring.models import Evidence, Rating, Report
from infitah.journey.monitoring.queries import PROOFS
from infitah.journey.programmes.models import Programme
from infitah.journey.projects.models import Activity, Project
from infitah.lib.i18n import READ, Localized, Written
from infitah.network.meetings.models import Meeting
from infitah.network.questions.models import Answer, Question
from infitah.outlook.commitments.models import Declaration
from infitah.outlook.spaces.models import Document

from .models import Leaf

Kind = Leaf.Kind
SHOWN = Moderated.Visibility.SHOWN


def path(name: str, *parts: Any) -> str:
    """The address of a page, without its language."""
    with override(READ[0]):
        return reverse(name, args=parts).removeprefix(f"/{READ[0]}")


def said(text: str, language: str = Written.OTHER) -> Localized:
    """What somebody wrote, in the one language it was written in."""
    return Localized({language: text})


@dataclass(frozen=True)
class Source:
    """Things of one kind: which of them are public, what is told of one, and where it stands."""

    kind: Leaf.Kind
    public: Callable[[], QuerySet[Any]]
    title: Callable[[Any], Localized]
    place: Callable[[Any], int]
    address: Callable[[Any], str]
    name: str | Promise = ""  # said beside it, where its kind has several
    text: Callable[[Any], Localized] = lambda thing: Localized()
    words: Callable[[Any], list[str]] = lambda thing: []  # by which it is found; else those of its title and text
    related: tuple[str, ...] = ()  # what all this needs
    told_under: Mapping[type[Any], str] = field(default_factory=dict)  # an entry on such a thing is on these as well


# -- what is public, where its room does not say ------------------------------------------------------


def decisions() -> QuerySet[Any]:
    """The answer that holds to each public idea; a group has one, its lead's."""
    later = Decision.objects.filter(idea=OuterRef("idea"), pk__gt=OuterRef("pk"))
    return Decision.objects.filter(~Exists(later), idea__in=Idea.objects.public().filter(lead=None, outcome__gt=""))


def opinions() -> QuerySet[Any]:
    return Opinion.objects.public().exclude(text="", wording="")


def comments() -> QuerySet[Any]:
    """Those on public ideas that readers see, with what they are about."""
    about = Idea.objects.public().filter(pk=OuterRef("on_id"))
    told = JSONObject(place="place", slug="place__slug", number="number", title="solution", language="language")
    seen = Comment.objects.filter(on_kind=Idea._meta.label_lower, visibility=SHOWN, retracted_at=None)
    threads = Q(answers=None) | ~Q(answers__visibility=Moderated.Visibility.HELD)
    return seen.filter(threads, Exists(about)).annotate(about=Subquery(about.values(told=told)[:1]))


def under_way(things: QuerySet[Any]) -> QuerySet[Any]:
    """Those of activities whose project stands."""
    return things.filter(activity__project__status=Project.Status.DRAFT)


# -- where it stands ----------------------------------------------------------------------------------


def at_project(project: Project) -> str:
    return path("custody:project", project.place.slug, project.number)


def at_activity(activity: Activity, part: str, **asked: int) -> str:
    page = path("monitoring:activity", activity.project.place.slug, activity.project.number, activity.number)
    return f"{page}{'?' if asked else ''}{urlencode(asked)}#{part}"


def at_report(report: Report) -> str:
    """The page of the list that begins with it."""
    return at_activity(report.activity, f"report-{report.pk}", reports=report.pk + 1)


def at_rating(rating: Rating) -> str:
    """The page of the list that begins with it."""
    return at_activity(rating.activity, f"rating-{rating.pk}", said=rating.pk + 1)


def at_opinion(opinion: Opinion) -> str:
    """The page of the list that begins with it."""
    page = path("consultation:project", opinion.project.place.slug, opinion.project.number)
    return f"{page}?before={opinion.pk + 1}#opinion-{opinion.pk}"


def at_comment(comment: Any) -> str:
    return discussion.at(path("custody:idea", comment.about["slug"], comment.about["number"]), comment)


def at_programme(programme: Programme) -> str:
    return f"{path('spaces:programme', programme.place.slug)}?cycle={programme.cycle_id}"


def words_of_project(project: Project) -> list[str]:
    told = [project.title, project.results, project.problem, project.solution]
    told += [area.name for area in project.policy_areas.all()]
    return [*(words for each in told for words in each.values()), project.reference]


OF_ACTIVITY: dict[str, Any] = {
    "kind": Kind.EVIDENCE,
    "title": lambda thing: thing.activity.title,
    "place": lambda thing: thing.activity.project.place_id,
    "related": ("activity__project__place",),
    "told_under": {Activity: "activity", Project: "activity__project"},
}
SOURCES: dict[str, Source] = {
    model._meta.label_lower: source
    for model, source in {
        Decision: Source(
            Kind.ANSWER,
            decisions,
            name=_("Answer to an idea"),
            title=lambda decision: said(decision.idea.solution, decision.idea.language),
            text=lambda decision: said(decision.reason, decision.language),
            words=lambda decision: [decision.reason],
            place=lambda decision: decision.idea.place_id,
            address=lambda decision: path("custody:idea", decision.idea.place.slug, decision.idea.number) + "#trail",
            related=("idea__place",),
            told_under={Idea: "idea"},
        ),
        Reply: Source(
            Kind.ANSWER,
            lambda: Reply.objects.filter(opinion__in=opinions()),
            name=_("Reply to an opinion"),
            title=lambda reply: reply.opinion.project.title,
            text=lambda reply: said(reply.text, reply.language),
            words=lambda reply: [reply.text],
            place=lambda reply: reply.opinion.project.place_id,
            address=lambda reply: at_opinion(reply.opinion),
            related=("opinion__project__place",),
            told_under={Opinion: "opinion", Project: "opinion__project"},
        ),
        Answer: Source(
            Kind.ANSWER,
            lambda: Answer.objects.public().filter(question__in=Question.objects.public()),
            name=_("Answer between members"),
            title=lambda answer: said(answer.question.title, answer.question.language),
            text=lambda answer: said(answer.text, answer.language),
            words=lambda answer: [answer.text],
            place=lambda answer: answer.home_id,
            address=lambda answer: f"{path('questions:question', answer.question_id)}#answer-{answer.pk}",
            related=("question",),
            told_under={Question: "question"},
        ),
        Opinion: Source(
            Kind.OPINION,
            opinions,
            name=_("An opinion"),
            title=lambda opinion: opinion.project.title,
            text=lambda opinion: said(opinion.text or opinion.wording, opinion.language),
            words=lambda opinion: [opinion.text, opinion.wording],
            place=lambda opinion: opinion.project.place_id,
            address=at_opinion,
            related=("project__place",),
            told_under={Project: "project"},
        ),
        Comment: Source(
            Kind.OPINION,
            comments,
            name=_("A comment"),
            title=lambda comment: said(comment.about["title"], comment.about["language"]),
            text=lambda comment: said(comment.text, comment.language),
            words=lambda comment: [comment.text],
            place=lambda comment: comment.about["place"],
            address=at_comment,
            told_under={Idea: "on_id", Comment: "answers"},
        ),
        Programme: Source(
            Kind.PROGRAMME,
            Programme.objects.all,
            title=lambda programme: programme.title,
            place=lambda programme: programme.place_id,
            address=at_programme,
            related=("place",),
        ),
        Project: Source(
            Kind.PROJECT,
            lambda: Project.objects.standing().prefetch_related("policy_areas"),
            title=lambda project: project.title,
            text=lambda project: project.results,
            words=words_of_project,
            place=lambda project: project.place_id,
            address=at_project,
            related=("place",),
            told_under={PolicyArea: "policy_areas"},
        ),
        Activity: Source(
            Kind.ACTIVITY,
            lambda: Activity.objects.filter(project__in=Project.objects.standing()),
            title=lambda activity: activity.title,
            text=lambda activity: activity.project.title,
            place=lambda activity: activity.project.place_id,
            address=lambda activity: f"{at_project(activity.project)}#activity-{activity.number}",
            related=("project__place",),
            told_under={Project: "project"},
        ),
        Report: Source(
            name=_("A progress report"),
            public=lambda: under_way(Report.objects.all()),
            text=lambda report: said(report.text, report.language),
            words=lambda report: [report.text],
            address=at_report,
            **OF_ACTIVITY,
        ),
        Evidence: Source(
            name=_("A piece of evidence"),
            public=lambda: under_way(PROOFS.all()),
            text=lambda evidence: evidence.caption,
            words=lambda evidence: [*evidence.caption.values()],
            address=lambda evidence: at_activity(evidence.activity, "evidence"),
            **OF_ACTIVITY,
        ),
        Rating: Source(
            name=_("A rating"),
            public=lambda: under_way(Rating.objects.filter(visibility=SHOWN).exclude(text="")),
            text=lambda rating: said(rating.text, rating.language),
            words=lambda rating: [rating.text],
            address=at_rating,
            **OF_ACTIVITY,
        ),
        Declaration: Source(
            Kind.EVIDENCE,
            Declaration.objects.standing,
            name=_("Declared evidence"),
            title=lambda declared: declared.text,
            place=lambda declared: declared.place_id,
            address=lambda declared: path("commitments:commitments", declared.place.slug),
            related=("place",),
        ),
        evaluation.Answer: Source(
            Kind.EVIDENCE,
            lambda: evaluation.Answer.objects.filter(evaluation__status=evaluation.Evaluation.Status.PUBLISHED),
            name=_("Evaluation"),
            title=lambda answer: answer.criterion.question,
            text=lambda answer: said(answer.explanation, answer.language),
            words=lambda answer: [answer.explanation],
            place=lambda answer: answer.evaluation.programme.place_id,
            address=lambda answer: f"{at_programme(answer.evaluation.programme)}#evaluation",
            related=("criterion", "evaluation__programme__place"),
            told_under={Programme: "evaluation__programme"},
        ),
        Meeting: Source(
            Kind.MEETING,
            Meeting.objects.all,
            title=lambda meeting: meeting.title,
            text=lambda meeting: meeting.venue,
            place=lambda meeting: meeting.place_id,
            address=lambda meeting: path("meetings:meeting", meeting.pk),
        ),
        Organisation: Source(
            Kind.BODY,
            Organisation.objects.public,
            title=lambda organisation: organisation.name,
            text=lambda organisation: said(organisation.text, organisation.language),
            words=lambda organisation: [organisation.title, organisation.text],
            place=lambda organisation: organisation.place_id,
            address=lambda organisation: path("voices:organisation", organisation.pk),
        ),
        Document: Source(
            Kind.DOCUMENT,
            Document.objects.all,
            title=lambda document: document.title,
            place=lambda document: document.place_id,
            address=lambda document: path("spaces:documents", document.place.slug),
            related=("place",),
        ),
    }.items()
}
