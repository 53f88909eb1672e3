from dataclasses import dataclass
from typing import Any, TypedDict

from django.contrib.postgres.search import SearchQuery
from django.db.models import QuerySet

from infitah.ground.territories.models import Territory
from infitah.journey.programmes.models import Programme
from infitah.lib import text

from .models import Batch, Idea, Tally

PAGE = 20
COUNTED = 1000  # beyond this a filtered list says "more than": counting all would cost more than it tells


class Filters(TypedDict, total=False):
    """What a list of ideas is narrowed to; empty values narrow nothing."""

    axis: int | None
    channel: str
    state: str  # an outcome, or "waiting"
    language: str
    q: str


@dataclass(frozen=True)
class IdeaPage:
    """One page of a list: its ideas, where the next page begins, and how many ideas the whole list has."""

    ideas: list[Idea]
    before: int | None
    total: int
    is_more_than: bool


def narrowed(ideas: QuerySet[Idea], filters: Filters) -> QuerySet[Idea]:
    """The ideas that pass the filters."""
    exact: dict[str, Any] = {name: filters.get(name) for name in ("channel", "language") if filters.get(name)}
    if filters.get("axis"):
        exact["axis_id"] = filters["axis"]
    state = filters.get("state")
    if state:
        exact |= {"outcome": ""} if state == "waiting" else {"outcome": state}
    if text.search_query(filters.get("q", "")):
        exact["search"] = words(filters["q"])
    return ideas.filter(**exact)


def words(typed: str) -> SearchQuery:
    """What was typed, as a question to the text index: every word, each perhaps unfinished."""
    return SearchQuery(text.search_query(typed), config="simple", search_type="raw")


def public_page(place: Territory, filters: Filters, *, before: int | None = None) -> IdeaPage:
    """A page of the place's published ideas, latest first, from the idea `before` on; as many queries at any size."""
    return paged(narrowed(Idea.objects.filter(place=place).public(), filters), place, filters, before)


def paged(ideas: QuerySet[Idea], place: Territory, filters: Filters, before: int | None) -> IdeaPage:
    """Cut one page out of a list, by keyset."""
    from_here = ideas.filter(pk__lt=before) if before else ideas
    found = list(from_here.select_related("axis", "workshop").prefetch_related("decisions").order_by("-pk")[: PAGE + 1])
    page = found[:PAGE]
    for idea in page:
        idea.place = place
    total = total_of(ideas, place, filters)
    return IdeaPage(page, page[-1].pk if len(found) > PAGE else None, min(total, COUNTED), total > COUNTED)


def total_of(ideas: QuerySet[Idea], place: Territory, filters: Filters) -> int:
    """How many there are: from the tally where nothing is filtered, else counted, to just beyond COUNTED."""
    if not any(filters.values()):
        return Tally.objects.filter(place=place).values_list("public", flat=True).first() or 0
    return ideas.order_by()[: COUNTED + 1].count()


def inbox(programme: Programme, filters: Filters, *, before: int | None = None) -> IdeaPage:
    """A page of the ideas that wait for an answer, grouped ones aside: they are answered with their lead."""
    waiting = Idea.objects.filter(programme=programme, status=Idea.Status.RECEIVED).exclude(visibility="hidden")
    return paged(narrowed(waiting, filters), programme.place, {**filters, "state": "waiting"}, before)


def similar(place: Territory, typed: str, *, limit: int = 4) -> list[Idea]:
    """Published ideas of the place that share most words with what is being typed."""
    asked = [word for word in text.fold(typed).split() if len(word) > 3][:12]
    if not asked:
        return []
    any_word = SearchQuery(" | ".join(asked), config="simple", search_type="raw")
    found = Idea.objects.filter(place=place, search=any_word).public().order_by("-pk")[:200]
    return sorted(found, key=lambda idea: -shared(asked, idea))[:limit]


def shared(asked: list[str], idea: Idea) -> int:
    """How many of the words asked for the idea has."""
    has = set(text.fold(f"{idea.problem} {idea.solution}").split())
    return sum(word in has for word in asked)


def known_prints(programme: Programme) -> set[str]:
    """The fingerprints of all ideas of the programme that stand."""
    standing = Idea.objects.filter(programme=programme).exclude(status=Idea.Status.WITHDRAWN)
    return set(standing.values_list("fingerprint", flat=True))


def latest_entered(programme: Programme, *, limit: int = 10) -> list[Idea]:
    """The ideas last entered for others, newest first."""
    entered = Idea.objects.filter(programme=programme, entered_by__isnull=False, batch=None)
    return list(entered.select_related("axis").order_by("-pk")[:limit])


def batches(programme: Programme) -> QuerySet[Batch]:
    """The imports of the programme, newest first."""
    return Batch.objects.filter(programme=programme).order_by("-pk")


def tally(place: Territory) -> Tally:
    """What the place counts; zeros where nothing has come yet."""
    return Tally.objects.filter(place=place).first() or Tally(place=place)
