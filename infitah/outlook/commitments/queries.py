from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count
from django.shortcuts import get_object_or_404
from django.utils import timezone

from infitah.ground.territories.models import Territory
from infitah.lib.i18n import Localized
from infitah.network.membership.models import Member
from infitah.network.membership.queries import current_charter

from .catalog import PROOFS, Proof
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
    charter = current_charter()
    words = {each["id"]: Localized({k: v for k, v in each.items() if k != "id"}) for each in _worded(charter)}
    found = {code: Commitment(code, words.get(code, Localized())) for code in Declaration.OF}
    for proof in PROOFS:
        found[proof.commitment].evidence.append(_evidence(proof, place))
    for declaration in declared(place):
        found[declaration.commitment].declared.append(declaration)
    for code, kinds in Declaration.OF.items():
        given = {declaration.kind for declaration in found[code].declared}
        found[code].undeclared = [str(kind.label) for kind in kinds if kind not in given]
    return list(found.values())


def _worded(charter: Any) -> list[dict[str, str]]:
    return charter.commitments if charter else []


def _evidence(proof: Proof, place: Territory) -> Evidence:
    row = next(iter(proof.rows().filter(whose=place.pk).order_by()[:1]), None)
    if row is None:
        return Evidence(str(proof.name), None, "", "")
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

    name: str
    members: int


def counted() -> tuple[list[tuple[str, Localized, list[Counted]]], int]:
    """For each commitment how many members of today show each piece of evidence, and how many members there are."""
    charter = current_charter()
    words = {each["id"]: Localized({k: v for k, v in each.items() if k != "id"}) for each in _worded(charter)}
    present = Member.objects.filter(status__in=[Member.Status.ACTIVE, Member.Status.DORMANT]).values("place_id")
    found: dict[str, list[Counted]] = {code: [] for code in Declaration.OF}
    for proof in PROOFS:
        found[proof.commitment].append(Counted(str(proof.name), proof.rows().filter(whose__in=present).count()))
    standing = Declaration.objects.standing().filter(place__in=present)
    told = dict(standing.values_list("kind").annotate(n=Count("place", distinct=True)).order_by())
    for code, kinds in Declaration.OF.items():
        found[code] += [Counted(str(kind.label), told.get(kind.value, 0)) for kind in kinds]
    return [(code, words.get(code, Localized()), each) for code, each in found.items()], present.count()
