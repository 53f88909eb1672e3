from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from infitah.ground.territories.models import Territory
from infitah.lib.i18n import Localized
from infitah.network.membership.models import Member
from infitah.network.membership.queries import PAGE, current_charter, present

from .catalog import BY_CODE, DECLARED, PROOFS, Proof, Row
from .models import Declaration


@dataclass(frozen=True)
class Evidence:
    """What the records show, or do not yet: its name, its day, a few words, the page that shows it."""

    name: str
    on: date | None
    note: str
    url: str

    @property
    def is_found(self) -> bool:
        return self.on is not None


@dataclass
class Commitment:
    """One of the five: its words in the charter, what is found, what is declared. Never a score."""

    code: str
    words: Localized
    evidence: list[Evidence] = field(default_factory=list)
    declared: list[Declaration] = field(default_factory=list)
    undeclared: list[str] = field(default_factory=list)  # kinds of evidence that could be declared


def member_at(slug: str) -> Member:
    """The member at that place, whether or not it has left. Raises Http404 where there is none."""
    return get_object_or_404(Member.objects.select_related("place", "cohort").defer("place__outline"), place__slug=slug)


def commitments_of(place: Territory) -> list[Commitment]:
    """The five commitments of a member with their evidence, in the order of the charter.

    One query for each piece of evidence of the catalog, one for what is declared, one for the words: as many for a
    member with a thousand records as for one with none.
    """
    words = worded()
    found = {code: Commitment(code, words.get(code, Localized())) for code in Declaration.OF}
    for proof in PROOFS:
        found[proof.commitment].evidence.append(_evidence(proof, place))
    for declaration in declared(place):
        found[declaration.commitment].declared.append(declaration)
    for code, kinds in Declaration.OF.items():
        given = {declaration.kind for declaration in found[code].declared}
        found[code].undeclared = [str(kind.label) for kind in kinds if kind not in given]
    return list(found.values())


def worded() -> dict[str, Localized]:
    """The commitments in the words of the charter in force."""
    charter = current_charter()
    said = charter.commitments if charter else []
    return {each["id"]: Localized({k: v for k, v in each.items() if k != "id"}) for each in said}


def _evidence(proof: Proof, place: Territory) -> Evidence:
    row = next(iter(proof.rows().filter(whose=place.pk).order_by()[:1]), None)
    return Evidence(str(proof.name), None, "", "") if row is None else _told(proof, place, row)


def _told(proof: Proof, place: Territory, row: Row) -> Evidence:
    on = timezone.localdate(row["on"]) if isinstance(row["on"], datetime) else row["on"]
    return Evidence(str(proof.name), on, proof.note(row), proof.url(place, row))


def declared(place: Territory) -> list[Declaration]:
    """What the member declares and has not withdrawn, the latest first."""
    return list(Declaration.objects.standing().filter(place=place))


def withdrawn(place: Territory) -> list[Declaration]:
    """What the member had declared and withdrew, with its reason."""
    return list(Declaration.objects.filter(place=place, withdrawn_at__isnull=False)[:20])


@dataclass(frozen=True)
class Counted:
    """How many members show a piece of evidence."""

    code: str
    name: str
    members: int


def counted() -> tuple[list[tuple[str, Localized, list[Counted]]], int]:
    """For each commitment how many members of today show each piece of evidence, and how many members there are."""
    places = present().values("place_id")
    found: dict[str, list[Counted]] = {code: [] for code in Declaration.OF}
    for proof in PROOFS:
        many = proof.rows().filter(whose__in=places).count()
        found[proof.commitment].append(Counted(proof.code, str(proof.name), many))
    standing = Declaration.objects.standing().filter(place__in=places)
    told = dict(standing.values_list("kind").annotate(n=Count("place", distinct=True)).order_by())
    for proof in DECLARED:
        found[proof.commitment].append(Counted(proof.code, str(proof.name), told.get(proof.code, 0)))
    words = worded()
    return [(code, words.get(code, Localized()), each) for code, each in found.items()], places.count()


@dataclass(frozen=True)
class Showing:
    """The members that show a piece of evidence: a page of them, where the next begins, how many in all."""

    proof: Proof
    words: Localized  # of the commitment that it is evidence for
    members: list[tuple[Member, Evidence]]
    after: str
    total: int

    @property
    def is_declared(self) -> bool:
        return self.proof in DECLARED


def showing(code: str, *, after: str = "") -> Showing:
    """The members of today that show the evidence of this code, in the order of the register: those that
    `counted` counts, never those that do not show it. Five queries. Raises Http404 where no evidence has this code."""
    proof = BY_CODE.get(code)
    if proof is None:
        raise Http404
    found = present().filter(place__in=proof.rows().order_by().values("whose"))
    later = found.filter(place__code__gt=after).select_related("place").defer("place__outline").order_by("place__code")
    members = list(later[: PAGE + 1])
    more, members = len(members) > PAGE, members[:PAGE]
    rows = {row["whose"]: row for row in proof.rows().filter(whose__in=[member.place_id for member in members])}
    lines = [(each, _told(proof, each.place, rows[each.place_id])) for each in members if each.place_id in rows]
    words = worded().get(proof.commitment, Localized())
    return Showing(proof, words, lines, members[-1].place.code if more else "", found.count())
