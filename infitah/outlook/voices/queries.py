"""What was given in the name of an organisation, read from all stages."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from infitah.ground.discussion.models import Comment
from infitah.ground.moderation.models import Moderated
from infitah.ground.organisations.models import Organisation
from infitah.journey.consultation.models import Opinion
from infitah.journey.ideas.models import Idea
from infitah.journey.monitoring.models import Rating
from infitah.journey.programmes.models import Seat
from infitah.journey.projects.models import Source
from infitah.lib.lists import page_before
from infitah.outlook.practices.models import Practice
from infitah.outlook.practices.queries import to_show

SHOWN = Moderated.Visibility.SHOWN
IDEA = Idea._meta.label_lower
PAGE = 20
GIVEN = {
    "ideas": _("Ideas"),
    "opinions": _("Opinions"),
    "ratings": _("Ratings"),
    "comments": _("Comments"),
}


@dataclass(frozen=True)
class Given:
    """Something that was given in the name of an organisation, as a line of its page."""

    words: str
    language: str
    about: Any
    url: str
    at: datetime
    standing: tuple[str, str] | None = None


def given_for(organisation: Organisation) -> dict[str, QuerySet[Any]]:
    """All that is published of what was given in its name, by kind."""
    shown: dict[str, Any] = {"organisation": organisation, "visibility": SHOWN}
    public = Idea.objects.public()
    return {
        "ideas": public.filter(**shown).select_related("place"),
        "opinions": Opinion.objects.public().filter(**shown).select_related("project__place"),
        "ratings": Rating.objects.filter(**shown).select_related("activity__project__place"),
        "comments": Comment.objects.filter(**shown, retracted_at=None, on_kind=IDEA, on_id__in=public.values("pk")),
    }


def given_page(kind: str, found: QuerySet[Any], before: int | None) -> tuple[list[Given], int | None]:
    """A page of one kind, latest first, and where the next begins."""
    page, last = page_before(found, before, PAGE)
    if kind == "comments":
        about = Idea.objects.select_related("place").in_bulk([comment.on_id for comment in page])
        return [of_comment(comment, about[comment.on_id]) for comment in page], last
    return [LINES[kind](one) for one in page], last


def at_idea(idea: Idea) -> str:
    return reverse("custody:idea", args=[idea.place.slug, idea.number])


def of_idea(idea: Idea) -> Given:
    return Given(idea.solution, idea.language, idea.place.name, at_idea(idea), idea.received_at, idea.standing)


def of_comment(comment: Comment, about: Idea) -> Given:
    return Given(comment.text, comment.language, str(about), f"{at_idea(about)}#comments", comment.at)


def of_opinion(opinion: Opinion) -> Given:
    """Its page of the list is the one that begins with it."""
    project, stance = opinion.project, ("part", str(opinion.get_stance_display()))
    page = reverse("consultation:project", args=[project.place.slug, project.number])
    url = f"{page}?before={opinion.pk + 1}#opinion-{opinion.pk}"
    return Given(opinion.text, opinion.language, project.title, url, opinion.given_at, stance)


def of_rating(rating: Rating) -> Given:
    activity, step = rating.activity, ("part", str(rating.get_completion_display()))
    parts = [activity.project.place.slug, activity.project.number, activity.number]
    url = f"{reverse('monitoring:activity', args=parts)}#said"
    return Given(rating.text, rating.language, activity.title, url, rating.at, step)


LINES: dict[str, Callable[[Any], Given]] = {"ideas": of_idea, "opinions": of_opinion, "ratings": of_rating}


def seats_of(organisation: Organisation) -> list[Seat]:
    """The seats on committees that are or were held for it, the latest first."""
    found = organisation.seats.select_related("committee__programme__place", "committee__programme__cycle")
    return list(found.defer("committee__programme__place__outline").order_by("-since", "-id"))


def practices_from(organisation: Organisation) -> QuerySet[Practice]:
    """The published practices of projects that were drawn from its ideas, the latest first."""
    drawn = Source.objects.standing().filter(idea__organisation=organisation)
    return to_show().filter(status=Practice.Status.PUBLISHED, project__in=drawn.values("project")).order_by("-pk")
