from dataclasses import dataclass, replace
from typing import Any, TypedDict

from django.contrib.postgres.search import SearchQuery
from django.db import models
from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from infitah.ground.accounts.models import Person
from infitah.ground.territories.models import Territory
from infitah.journey.programmes.models import Axis, Phase, Programme, Seat
from infitah.journey.programmes.queries import phase_of
from infitah.lib import dates, tables, text
from infitah.lib.forms import LONGEST
from infitah.lib.lists import page_before

from .models import Batch, Channel, Decision, Idea, Outcome, Proposal, Tally

PAGE = 20
FIRST_SYMBOLS = text.SYMBOLS[:12]  # of the receipt of an idea
ENTERED = 10  # rows shown below the one that is being entered
SLIPS = 90  # receipts printed at once; a workshop has 20 to 80 people
SHEETS = 50  # imports listed
COUNTED = 1000  # beyond this a filtered list says "more than": counting all would cost more than it tells


class Filters(TypedDict, total=False):
    """What a list of ideas is narrowed to; empty values narrow nothing."""

    axis: int
    programme: int | None
    channel: str
    state: str  # an outcome, "waiting", "answered" or "proposed" (by the committee)
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
    exact |= {f"{name}_id": filters.get(name) for name in ("axis", "programme") if filters.get(name)}
    state = filters.get("state")
    if state == "answered":
        exact["outcome__in"] = Outcome.values
    elif state == "proposed":
        exact["pk__in"] = Proposal.objects.values("idea")
    elif state:
        exact |= {"outcome": ""} if state == "waiting" else {"outcome": state}
    if text.search_query(filters.get("q", "")):
        exact["search"] = words(filters["q"])
    return ideas.filter(**exact)


def words(typed: str) -> SearchQuery:
    """What was typed, as a question to the text index: every word, each perhaps unfinished."""
    return SearchQuery(text.search_query(typed), config="simple", search_type="raw")


def public_page(place: Territory, filters: Filters, *, before: int | None = None) -> IdeaPage:
    """A page of the place's published ideas, latest first, from the idea `before` on; as many queries at any size."""
    ideas = narrowed(Idea.objects.filter(place=place).public(), filters)
    return paged(ideas.select_related("workshop").prefetch_related("decisions"), place, filters, before)


def paged(ideas: QuerySet[Idea], place: Territory, filters: Filters, before: int | None) -> IdeaPage:
    """Cut one page out of a list, by keyset."""
    page, next_before = page_before(ideas, before, PAGE)
    for idea in page:
        idea.place = place
    return IdeaPage(page, next_before, *total_of(ideas, place, filters))


def total_of(ideas: QuerySet[Idea], place: Territory, filters: Filters) -> tuple[int, bool]:
    """How many there are, and whether there are more than that: all of them, as the tally has it, where nothing is
    filtered; else counted as far as COUNTED."""
    if not any(filters.values()):
        return Tally.objects.filter(place=place).values_list("public", flat=True).first() or 0, False
    found = ideas.order_by()[: COUNTED + 1].count()
    return min(found, COUNTED), found > COUNTED


def inbox(programme: Programme, filters: Filters, *, before: int | None = None) -> IdeaPage:
    """A page of the ideas that wait for an answer; those grouped are answered with their lead, unless it is hidden."""
    waiting = Idea.objects.filter(place=programme.place, programme=programme).waiting().exclude(visibility="hidden")
    ideas = narrowed(waiting, filters).select_related("axis").prefetch_related("proposals")
    return paged(ideas, programme.place, {**filters, "state": "waiting"}, before)


def to_propose(programme: Programme, by: Person | None, filters: Filters, *, before: int | None = None) -> IdeaPage:
    """A page of the published ideas that wait for an answer, each with what this person proposes in `proposals`."""
    waiting = Idea.objects.filter(place=programme.place, programme=programme).waiting().public()
    own = Prefetch("proposals", Proposal.objects.filter(by=by))
    ideas = narrowed(waiting, filters).select_related("axis").prefetch_related(own)
    return paged(ideas, programme.place, {**filters, "state": "waiting"}, before)


def proposed(idea: Idea) -> list[tuple[Proposal, Seat | None]]:
    """What the committee proposes, the earliest first, each with the seat of whoever proposes it."""
    seats = Seat.objects.filter(committee__programme=idea.programme).exclude(person=None).order_by("id")
    held: dict[int | None, Seat] = {seat.person_id: seat for seat in seats.select_related("organisation")}
    return [(proposal, held.get(proposal.by_id)) for proposal in idea.proposals.all()]


def latest_decision() -> int:
    """The number of the latest answer to any idea: a form opened now was opened after it."""
    return Decision.objects.values_list("pk", flat=True).first() or 0


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


def print_of(problem: str, solution: str) -> str:
    """By what an idea is known again, however it is spelt and spaced."""
    return text.fingerprint(text.clean(problem), text.clean(solution))


def known_prints(programme: Programme) -> set[str]:
    """The fingerprints of all ideas of the programme that stand."""
    standing = Idea.objects.filter(programme=programme).exclude(status=Idea.Status.WITHDRAWN)
    return set(standing.values_list("fingerprint", flat=True))


def rows_entered(programme: Programme) -> QuerySet[Idea]:
    """The ideas entered one by one for others, newest first."""
    return Idea.objects.filter(programme=programme, entered_by__isnull=False, batch=None).order_by("-pk")


def latest_entered(programme: Programme) -> list[Any]:
    """The last rows entered, those taken back too, each with its `twin`: the first idea of the programme that stands
    and says the same. As many queries at any size."""
    rows = list(rows_entered(programme).prefetch_related("group", "proposals")[:ENTERED])
    prints = {row.fingerprint for row in rows}
    same = Idea.objects.filter(programme=programme, fingerprint__in=prints).exclude(status=Idea.Status.WITHDRAWN)
    firsts = {one.fingerprint: one for one in same.order_by("fingerprint", "pk").distinct("fingerprint")}
    for row in rows:
        first, stands = firsts.get(row.fingerprint), row.status != Idea.Status.WITHDRAWN
        row.twin = first if stands and first and first.pk < row.pk else None  # type: ignore[attr-defined]
        row.programme = programme
    return rows


def slips(programme: Programme) -> QuerySet[Idea]:
    """The rows last entered that stand: whoever gave them gets their receipt."""
    return rows_entered(programme).exclude(status=Idea.Status.WITHDRAWN)[:SLIPS]


def batches(programme: Programme) -> QuerySet[Batch]:
    """The imports of the programme, the newest first, as many as one page holds."""
    return Batch.objects.filter(programme=programme).order_by("-pk")[:SHEETS]


def free_receipts(how_many: int) -> list[str]:
    """New receipts that no idea bears yet, and no opinion will: those begin otherwise, and are opened by one door."""
    fresh: set[str] = set()
    while len(fresh) < how_many:
        more = {text.new_receipt(FIRST_SYMBOLS) for _number in range(how_many - len(fresh))}
        fresh |= more - set(Idea.objects.filter(receipt__in=more).values_list("receipt", flat=True))
    return list(fresh)


def why_closed(programme: Programme) -> str:
    """Why nobody can give an idea there just now: the window is over, opens on a later day, or is not planned."""
    window = phase_of(programme, Phase.Kind.IDEAS)
    if window and window.has_begun():
        return _("The time for giving ideas here is over. You can still read them and follow the answers.")
    if window and window.opens_at:
        day = dates.day(timezone.localdate(window.opens_at))
        return _("The time for giving ideas here has not begun yet: it begins on %(day)s.") % {"day": day}
    return _("The time for giving ideas here has not begun yet.")


def counts(ideas: QuerySet[Idea]) -> dict[str, int]:
    """What a `Tally` keeps of these ideas: how many are public, and of those, given online and answered."""
    decided, online = Q(status=Idea.Status.DECIDED), Q(channel=Channel.WEBSITE)
    counted = ideas.public().order_by()  # type: ignore[attr-defined]
    found: dict[str, int] = counted.aggregate(
        public=Count("pk"), online=Count("pk", filter=online), decided=Count("pk", filter=decided)
    )
    return found


def tally(place: Territory) -> Tally:
    """What the place counts; zeros where nothing has come yet."""
    return Tally.objects.filter(place=place).first() or Tally(place=place)


# -- a spreadsheet of ideas --------------------------------------------------------------------

HEADERS = {
    "number": [
        "رقم",
        "رقم الفكرة",
        "الرقم",
        "numero",
        "numero de l idee",
        "no",
        "n",
        "nº",
        "number",
        "idea number",
        "id",
    ],
    "channel": ["القناة", "قناة", "canal", "channel"],
    "axis": ["المحور", "محور", "المحور ذو الاولوية", "axe", "axe prioritaire", "axis", "priority axis"],
    "problem": ["التحديات", "الاشكاليات", "المشكل", "المشكلة", "الاشكالية", "defi", "probleme", "challenge", "problem"],
    "solution": ["الحل", "الحلول", "المقترح", "solution", "proposition", "proposal"],
}
CHANNELS = {
    Channel.WORKSHOP: [
        "اللقاء",
        "لقاء",
        "ورشة",
        "الورشة",
        "حضوريا",
        "atelier",
        "rencontre",
        "en presentiel",
        "workshop",
    ],
    Channel.WEBSITE: ["الموقع", "موقع", "رقميا", "site", "en ligne", "website", "online"],
    Channel.OWN_INITIATIVE: ["ذاتية", "مبادرة ذاتية", "auto saisine", "own initiative", "own_initiative"],
    Channel.PAPER: ["ورق", "ورقيا", "استمارة ورقية", "papier", "paper"],
    Channel.PHONE: ["هاتف", "الهاتف", "telephone", "phone"],
    Channel.ASSISTED: ["الشباك", "بمساعدة", "guichet", "assiste", "assisted"],
}
CHANNEL_OF = {text.fold(word): channel for channel, words_of in CHANNELS.items() for word in words_of}
PREVIEWED = 200  # rows on a page before an import; the counts are of all


class Verdict(models.TextChoices):
    """What becomes of a row of a sheet."""

    ACCEPTED = "accepted", gettext_lazy("To import")
    DUPLICATE = "duplicate", gettext_lazy("Already there")
    REFUSED = "refused", gettext_lazy("To correct")


@dataclass(frozen=True)
class Row:
    """A row of a sheet, as it would come in; `row` is its number in the sheet, the first row being 1."""

    row: int
    verdict: Verdict
    reason: str = ""
    number: str = ""
    channel: str = ""
    axis: Axis | None = None
    problem: str = ""
    solution: str = ""
    fingerprint: str = ""

    @property
    def standing(self) -> tuple[str, str]:
        """What becomes of it, for a badge: the badge's kind, and the word."""
        kinds = {Verdict.ACCEPTED: "ok", Verdict.DUPLICATE: "part", Verdict.REFUSED: "late"}
        return kinds[self.verdict], str(self.verdict.label)


def columns_of(header: list[str]) -> dict[str, int]:
    """Which column holds what, by the words of the first row, in Arabic, French or English and any order."""
    found: dict[str, int] = {}
    for index, cell in enumerate(header):
        folded = f" {text.fold(cell)} "
        for name, heads in HEADERS.items():
            if name not in found and any(says(folded, text.fold(head), name) for head in heads):
                found[name] = index
                break
    return found


def says(cell: str, head: str, name: str) -> bool:
    """Whether a header cell means this column: by its exact words, or for the two questions by a word in them."""
    return cell.strip() == head or (name in ("problem", "solution") and (f" {head}" in cell))


def judged(programme: Programme, sheet: list[list[str]]) -> list[Row]:
    """Every row of the sheet but its header: accepted, duplicate or refused, with the reason.

    Raises Unreadable where the columns for the problem and the solution are not found, or nothing stands below them.
    """
    columns = columns_of(sheet[0] if sheet else [])
    if not {"problem", "solution"} <= columns.keys():
        raise tables.Unreadable(
            _("The first row must name the columns: number, channel, axis, problem, proposed solution.")
        )
    axes = {text.fold(name): axis for axis in programme.axes.all() for name in [*axis.name.values(), str(axis.number)]}
    seen: dict[str, int | str] = dict.fromkeys(known_prints(programme), "")
    rows = []
    for number, cells in enumerate(sheet[1:], 2):
        if any(cells):
            given = {name: cells[index] if index < len(cells) else "" for name, index in columns.items()}
            row = judge(number, given, axes, seen)
            seen.setdefault(row.fingerprint, number)
            rows.append(row)
    if not rows:
        raise tables.Unreadable(_("This sheet has no row below its first one, which names the columns."))
    return rows


def judge(number: int, given: dict[str, str], axes: dict[str, Axis], seen: dict[str, int | str]) -> Row:
    """What becomes of one row."""
    problem, solution = text.clean(given["problem"]), text.clean(given["solution"])
    outside = text.clean(given.get("number", ""))[:40]
    axis = axes.get(text.fold(given.get("axis", "")))
    channel = CHANNEL_OF.get(text.fold(given.get("channel", "")), "") if given.get("channel") else Channel.WORKSHOP
    print_ = print_of(problem, solution)
    row = Row(number, Verdict.ACCEPTED, "", outside, channel, axis, problem, solution, print_)
    reason = fault_of(row, given)
    if reason:
        return replace(row, verdict=Verdict.REFUSED, reason=reason, fingerprint="")
    if print_ in seen:
        twin = seen[print_]
        reason = _("The same as row %(row)s.") % {"row": twin} if twin else _("This idea is already here.")
        return replace(row, verdict=Verdict.DUPLICATE, reason=reason)
    return row


def fault_of(row: Row, given: dict[str, str]) -> str:
    """Why a row cannot come in; empty where it can."""
    if not text.fold(row.problem) or not text.fold(row.solution):
        return _("The problem or the solution is empty.")
    if max(len(row.problem), len(row.solution)) > LONGEST:
        return _("The text is longer than 3,000 characters.")
    if not given.get("axis"):
        return _("The axis is missing.")
    if row.axis is None:
        return _("No axis of the programme is called “%(axis)s”.") % {"axis": given.get("axis", "")[:60]}
    if not row.channel:
        return _("The channel “%(channel)s” is not known.") % {"channel": given.get("channel", "")[:60]}
    return ""


@dataclass(frozen=True)
class Preview:
    """What a sheet would bring in: how many rows of each verdict, a page of the rows, and where the next one begins."""

    counts: list[tuple[Verdict, int]]
    rows: list[Row]
    show: str  # the verdict whose rows are shown; empty for all
    after: int | None


def preview(batch: Batch, show: str = "", *, after: int = 0) -> Preview:
    """A page of the rows of a sheet that waits, of one verdict if named, those after the row with that number."""
    with batch.file.open("rb") as kept:
        rows = judged(batch.programme, tables.rows_of(kept.read()))
    counts = [(verdict, sum(row.verdict == verdict for row in rows)) for verdict in Verdict]
    chosen = [row for row in rows if row.row > after and (not show or row.verdict == show)]
    page = chosen[:PREVIEWED]
    return Preview(counts, page, show, page[-1].row if len(chosen) > PREVIEWED else None)
