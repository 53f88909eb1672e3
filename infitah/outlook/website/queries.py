"""What the front of the house shows of all members together."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from infitah.ground.territories.models import Territory
from infitah.ground.territories.queries import find
from infitah.journey.ideas.models import Decision, Idea, Tally
from infitah.journey.ideas.queries import words
from infitah.journey.programmes.models import Phase
from infitah.lib import text
from infitah.network.calls.models import Call
from infitah.network.meetings import queries as meetings
from infitah.network.meetings.models import Meeting
from infitah.network.membership.models import Cohort, Member
from infitah.network.membership.queries import present
from infitah.network.questions.models import Question
from infitah.outlook.indicators.queries import Value, headline
from infitah.outlook.practices.models import Practice

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
    now = timezone.now()
    kinds = [Phase.Kind.IDEAS, Phase.Kind.CONSULTATION]
    found = Phase.objects.filter(kind__in=kinds, opens_at__lte=now, closes_at__gt=now)
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
    found = Practice.objects.public().select_related("place").defer("place__outline", "search")
    return list(found.order_by("-published_at", "-pk")[:limit])


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
    named = [("place", _("Places")), ("idea", _("Ideas")), ("practice", _("Practices"))]
    named += [("question", _("Questions between members")), ("call", _("Calls for members"))]
    return [*named, *((kind.value, str(kind.label)) for kind in Leaf.Kind)]


def search(typed: str, kind: str = "", *, before: int | None = None) -> list[Group]:
    """What is public and has these words, by kind; a whole page of one kind where it is named."""
    limit = PAGE if kind else FEW
    found = []
    for each, name in kinds():
        if kind in {"", each}:
            reader = READERS.get(each, leaves_found)
            found.append(reader(each, name, typed, limit, before if kind else None))
    found = [group for group in found if group.results or kind]
    return sorted(found, key=lambda group: group.kind == "place" and not is_named(typed, group.results))


def is_named(typed: str, places: list[Result]) -> bool:
    """Whether one of the places bears the words typed; where none does, they only look alike and come last."""
    return any(text.fold(typed) in text.fold(" ".join(one.title.values())) for one in places)


def places_found(kind: str, name: str, typed: str, limit: int, before: int | None) -> Group:
    places = [one.place for one in find(typed, PAGE)]
    results = [
        Result(place.name, address(place), note=str(place.get_kind_display()), place=place.parent) for place in places
    ]
    return Group(kind, name, results[:limit], len(results))


def address(place: Territory) -> str:
    return reverse("spaces:space", args=[place.slug])


def ideas_found(kind: str, name: str, typed: str, limit: int, before: int | None) -> Group:
    """All ideas, latest first, where no word is typed."""
    found = Idea.objects.public()
    if text.search_query(typed):
        found = found.filter(search=words(typed))
    page, total, last = cut(found.select_related("place").defer("place__outline"), limit, before)
    results = [
        Result(
            idea.solution,
            reverse("custody:idea", args=[idea.place.slug, idea.number]),
            idea.problem,
            idea.language,
            idea.place,
            str(idea.get_outcome_display() if idea.outcome else _("Waiting for an answer")),
        )
        for idea in page
    ]
    if not text.search_query(typed):
        return Group(kind, name, results, all_ideas(), last, is_exact=True)
    return Group(kind, name, results, total, last)


def leaves_found(kind: str, name: str, typed: str, limit: int, before: int | None) -> Group:
    found = Leaf.objects.filter(kind=kind)
    if text.search_query(typed):
        found = found.filter(search=words(typed))
    page, total, last = cut(found.select_related("place").defer("place__outline"), limit, before)
    return Group(
        kind, name, [Result(leaf.title, where(leaf), leaf.text, place=leaf.place) for leaf in page], total, last
    )


def practices_found(kind: str, name: str, typed: str, limit: int, before: int | None) -> Group:
    found = Practice.objects.public().select_related("place").defer("place__outline", "search")
    if text.search_query(typed):
        found = found.filter(search=words(typed))
    page, total, last = cut(found, limit, before)
    results = [
        Result(one.title, reverse("practices:practice", args=[one.pk]), one.problem, one.language, one.place)
        for one in page
    ]
    return Group(kind, name, results, total, last)


def questions_found(kind: str, name: str, typed: str, limit: int, before: int | None) -> Group:
    found = Question.objects.public().select_related("home").defer("home__outline", "search")
    if text.search_query(typed):
        found = found.filter(search=words(typed))
    page, total, last = cut(found, limit, before)
    results = [
        Result(
            one.title,
            reverse("questions:question", args=[one.pk]),
            one.text,
            one.language,
            one.home,
            _("Answer accepted") if one.is_settled else "",
        )
        for one in page
    ]
    return Group(kind, name, results, total, last)


def calls_found(kind: str, name: str, typed: str, limit: int, before: int | None) -> Group:
    """There is a call a year: each is read, and its words compared."""
    asked, found = text.fold(typed).split(), []
    for call in Call.objects.published():
        said = text.fold(" ".join([*call.title.values(), *call.text.values()]))
        if all(word in said for word in asked):
            found.append(Result(call.title, reverse("calls:call", args=[call.number]), call.text))
    return Group(kind, name, found[:limit], len(found))


READERS: dict[str, Callable[[str, str, str, int, int | None], Group]] = {
    "place": places_found,
    "idea": ideas_found,
    "practice": practices_found,
    "question": questions_found,
    "call": calls_found,
}


def cut(found: Any, limit: int, before: int | None) -> tuple[list[Any], int, int | None]:
    """One page by keyset, how many there are in all (to just beyond COUNTED), and where the next begins."""
    from_here = found.filter(pk__lt=before) if before else found
    page = list(from_here.order_by("-pk")[: limit + 1])
    last = page[limit - 1].pk if len(page) > limit else None
    return page[:limit], found.order_by()[: COUNTED + 1].count(), last


def where(leaf: Leaf) -> str:
    """The page that shows it."""
    if leaf.kind in {Leaf.Kind.PROJECT, Leaf.Kind.ACTIVITY}:
        return reverse("custody:project", args=[leaf.place.slug, leaf.number])
    if leaf.kind == Leaf.Kind.MEETING:
        return reverse("meetings:meeting", args=[leaf.on_id])
    if leaf.kind == Leaf.Kind.PROGRAMME:
        return reverse("spaces:programme", args=[leaf.place.slug])
    return address(leaf.place)


# -- for machines, and about ----------------------------------------------------------------------------


def paths() -> list[str]:
    """The addresses worth finding, without their language."""
    slugs = present().order_by("place__code").values_list("place__slug", flat=True)
    always = ["/", "/about/", "/figures/", "/data/", "/meetings/", "/calls/", "/practices/", "/questions/"]
    return [*always, *(f"/c/{slug}/" for slug in slugs)]


def cohorts() -> list[Cohort]:
    """The cohorts with their `size`, and how many of each kind, as the memberships on record say."""
    standing = ~Q(members__status=Member.Status.LEFT)
    kinds = {
        "regions": [Territory.Kind.REGION],
        "provinces": [Territory.Kind.PROVINCE, Territory.Kind.PREFECTURE],
        "communes": [Territory.Kind.COMMUNE],
    }
    counts = {
        name: Count("members", filter=standing & Q(members__place__kind__in=each)) for name, each in kinds.items()
    }
    return list(Cohort.objects.annotate(size=Count("members", filter=standing), **counts).order_by("number"))
