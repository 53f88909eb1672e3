"""What the front of the house shows of all members together."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from infitah.ground.territories.models import Territory
from infitah.ground.territories.queries import find
from infitah.journey.ideas.models import Decision, Idea, Tally
from infitah.journey.ideas.queries import words
from infitah.journey.programmes import queries as programmes
from infitah.journey.programmes.models import Phase
from infitah.lib import text
from infitah.lib.lists import page_before
from infitah.network.calls.models import Call
from infitah.network.meetings import queries as meetings
from infitah.network.meetings.models import Meeting
from infitah.network.membership import queries as membership
from infitah.network.membership.models import Cohort
from infitah.network.membership.queries import KINDS, PRESENT, present
from infitah.network.questions.models import Question
from infitah.outlook.indicators.queries import Value, headline
from infitah.outlook.practices.models import Practice

from .catalog import SOURCES
from .models import Leaf

OUTLINES = ["programme__place__outline", "programme__place__parent__outline"]  # too long to read for a name


@dataclass(frozen=True)
class Figures:
    """What all members have come to; each is the figure of the page it opens."""

    members: int
    ideas: int
    rate: Value
    adopted: int
    done: int


def figures(land: Territory | None) -> Figures:
    """The indicators are read for all collectivities; the count of ideas is the one kept beside them."""
    today = timezone.localdate()
    return Figures(
        members=present().count(),
        ideas=all_ideas(),
        rate=headline("P3", today, land),
        adopted=int(headline("PI4", today, land).numerator),
        done=int(headline("X4", today, land).numerator),
    )


def all_ideas() -> int:
    """How many ideas can be read, by the tallies kept beside them."""
    return Tally.objects.aggregate(ideas=Sum("public"))["ideas"] or 0


def open_now(*, limit: int = 6) -> list[Phase]:
    """Where ideas or opinions can be given at this moment, what closes first first."""
    found = programmes.open_now(Phase.Kind.IDEAS, Phase.Kind.CONSULTATION).exclude(closes_at=None)
    places = found.select_related("programme__place__parent").defer(*OUTLINES)
    return list(places.order_by("closes_at", "id")[:limit])


def latest_answers(*, limit: int = 4) -> list[Decision]:
    """The answers given last to published ideas, whose groups are answered with them."""
    shown = Idea.objects.public().filter(lead=None)
    found = (
        Decision.objects.filter(idea__in=shown)
        .select_related("idea__place", "idea__workshop")
        .defer("idea__place__outline")
    )
    return list(found.order_by("-id")[:limit])


def network_now(*, limit: int = 2) -> tuple[list[Call], list[Meeting]]:
    """The calls that can be answered now, what closes first first, and the next meetings of the network."""
    coming, _more = meetings.listed({})
    return list(Call.objects.open().order_by("closes_at")[:limit]), coming[:limit]


def latest_practices(*, limit: int = 3) -> list[Practice]:
    """What members shared last."""
    return list(practices().order_by("-published_at", "-pk")[:limit])


def country() -> Territory | None:
    return Territory.objects.filter(kind=Territory.Kind.COUNTRY).defer("outline").first()


# -- search --------------------------------------------------------------------------------------------

PAGE = 20
FEW = 3  # of each kind, where all kinds are shown
COUNTED = 1000  # beyond this, "more than": counting all would cost more than it tells


@dataclass(frozen=True)
class Result:
    """Something found."""

    title: Any
    url: str
    text: Any = ""
    language: str = ""  # of a resident's words
    place: Territory | None = None
    note: str = ""


@dataclass(frozen=True)
class Group:
    """What was found of one kind: some results, how many there are, and where the next page begins."""

    kind: str
    name: str
    results: list[Result]
    total: int
    before: int | None = None
    is_exact: bool = False  # counted to the end

    @property
    def is_more_than(self) -> bool:
        return self.total > COUNTED and not self.is_exact

    @property
    def shown_total(self) -> int:
        return COUNTED if self.is_more_than else self.total


def kinds() -> list[tuple[str, str]]:
    """The kinds of things that can be found, and their names."""
    first = [("place", _("Places")), ("idea", _("Ideas"))]
    last = [
        ("practice", _("Practices")),
        ("question", _("Questions between members")),
        ("call", _("Calls for members")),
    ]
    return [*first, *((kind.value, str(kind.label)) for kind in Leaf.Kind), *last]


def search(typed: str, kind: str = "", *, before: int | None = None) -> list[Group]:
    """What is public and has these words, by kind; a whole page of one kind where it is named."""
    if typed and not text.search_query(typed):  # signs alone
        return []
    limit = PAGE if kind else FEW
    found = [
        found_of(each, name, typed, limit, before if kind else None) for each, name in kinds() if kind in {"", each}
    ]
    found = [group for group in found if group.results or kind]
    return sorted(found, key=lambda group: group.kind == "place" and not is_named(typed, group.results))


def found_of(kind: str, name: str, typed: str, limit: int, before: int | None) -> Group:
    """What was found of one kind, latest first; all there is of it where no word is typed."""
    if kind in {"place", "call"}:
        results = places(typed) if kind == "place" else calls(typed)
        return Group(kind, name, results[:limit], len(results))
    every, told = SHELVES.get(kind, (partial(leaves, kind), of_leaf))
    has_words = bool(text.search_query(typed))
    asked = every().filter(search=words(typed)) if has_words else every()
    shown = partial(public, kind) if kind in Leaf.Kind else QuerySet.all
    found = shown(asked)
    rest = shown(asked.filter(pk__lt=before)) if before else found
    page, last = page_before(rest, None, limit)
    results = [told(one) for one in page]
    if kind == "idea" and not has_words:
        return Group(kind, name, results, all_ideas(), last, is_exact=True)
    is_all = not before and last is None
    return Group(kind, name, results, len(page) if is_all else found.order_by()[: COUNTED + 1].count(), last)


def is_named(typed: str, places: list[Result]) -> bool:
    """Whether one of the places bears the words typed; where none does, they only look alike and come last."""
    return any(text.fold(typed) in text.fold(" ".join(one.title.values())) for one in places)


def places(typed: str) -> list[Result]:
    found = [one.place for one in find(typed, PAGE)]
    return [Result(place.name, address(place), "", "", place.parent, str(place.get_kind_display())) for place in found]


def address(place: Territory) -> str:
    return reverse("spaces:space", args=[place.slug])


def calls(typed: str) -> list[Result]:
    """There is a call a year: each is read, and its words compared."""
    asked, found = text.fold(typed).split(), []
    for call in Call.objects.published():
        said = f" {text.fold(' '.join([*call.title.values(), *call.text.values()]))}"
        if all(f" {word}" in said for word in asked):
            found.append(Result(call.title, reverse("calls:call", args=[call.number]), call.text))
    return found


def ideas() -> QuerySet[Any]:
    return Idea.objects.public().select_related("place").defer("place__outline")


def of_idea(idea: Idea) -> Result:
    url = reverse("custody:idea", args=[idea.place.slug, idea.number])
    note = str(idea.get_outcome_display() if idea.outcome else _("Waiting for an answer"))
    return Result(idea.solution, url, idea.problem, idea.language, idea.place, note)


def practices() -> QuerySet[Any]:
    return Practice.objects.public().select_related("place").defer("place__outline", "search")


def of_practice(one: Practice) -> Result:
    return Result(one.title, reverse("practices:practice", args=[one.pk]), one.problem, one.language, one.place)


def questions() -> QuerySet[Any]:
    return Question.objects.public().select_related("home").defer("home__outline", "search")


def of_question(one: Question) -> Result:
    note = _("Answer accepted") if one.is_settled else ""
    return Result(one.title, reverse("questions:question", args=[one.pk]), one.text, one.language, one.home, note)


def leaves(kind: str) -> QuerySet[Any]:
    return Leaf.objects.filter(kind=kind).select_related("place").defer("place__outline", "search")


def public(kind: str, found: QuerySet[Any]) -> QuerySet[Any]:
    """Of the latest found, those that are public at this moment, whatever was when they were indexed.

    Each is looked up by its number, among those of its own kind: so many look-ups, however much is kept.
    """
    is_public = Q()
    for on_kind, source in SOURCES.items():
        if source.kind == kind:
            itself = source.public().filter(pk=OuterRef("on_id")).values("pk")
            is_public |= Q(on_kind=on_kind) & Q(on_id=Subquery(itself))
    latest = found.order_by("-pk").values("pk")[: COUNTED + 1]
    return leaves(kind).filter(is_public, pk__in=latest)


def of_leaf(leaf: Leaf) -> Result:
    url, name = f"/{get_language()}{leaf.address}", SOURCES[leaf.on_kind].name
    return Result(leaf.title, url, leaf.text, place=leaf.place, note=str(name))


SHELVES: dict[str, tuple[Callable[[], QuerySet[Any]], Callable[[Any], Result]]] = {
    "idea": (ideas, of_idea),
    "practice": (practices, of_practice),
    "question": (questions, of_question),
}


# -- for machines, and about ----------------------------------------------------------------------------


def paths() -> list[str]:
    """The addresses worth finding, without their language."""
    slugs = present().order_by("place__code").values_list("place__slug", flat=True)
    always = ["/", "/about/", "/figures/", "/data/", "/meetings/", "/calls/", "/practices/", "/questions/"]
    return [*always, *(f"/c/{slug}/" for slug in slugs)]


def cohorts() -> list[Cohort]:
    """The cohorts that have members today, the first one first, with how many of each kind."""
    of_kind = {kind: Q(members__status__in=PRESENT, members__place__kind__in=kinds) for kind, kinds in KINDS.items()}
    counts = {kind: Count("members", filter=wanted) for kind, wanted in of_kind.items()}
    found: QuerySet[Any] = membership.cohorts().annotate(**counts).order_by("number")
    return [cohort for cohort in found if cohort.size]
