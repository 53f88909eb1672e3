"""Questions to the ledger: what happened to a thing, how far a place has come, and the proof of an entry.

An entry is hashed in its canonical form: JSON in UTF-8, keys sorted, no spaces, no escapes but those JSON needs, the
moment in UTC with microseconds. That very line stands in the dump, so whoever checks it hashes the line as it is.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Protocol

from django.db import models
from django.http import HttpRequest, HttpResponse

from infitah.lib import merkle
from infitah.lib.http import keep
from infitah.lib.text import canonical

from .models import Entry, Head, Seal

FORMAT = "infitah-ledger-1"
NOTHING_BEFORE = "0" * 64


class Place(Protocol):
    """Known here by its official code."""

    code: str


def moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def told(entry: Entry) -> dict[str, Any]:
    """The entry as it is published: what happened, when, by which pseudonym, on what, where."""
    return {
        "id": entry.pk,
        "action": entry.action,
        "at": moment(entry.at),
        "by": str(entry.by) if entry.by else None,
        "on_kind": entry.on_kind,
        "on_id": entry.on_id,
        "place": entry.place,
        "particulars": entry.particulars,
    }


def leaf_bytes(entry: Entry) -> bytes:
    """The canonical bytes of an entry, which its leaf is the hash of. Read the entry from the database first."""
    return canonical(told(entry))


def sealed_words(number: int, at: str, size: int, root: str, previous: str) -> dict[str, Any]:
    """What a seal says; its chained root is the SHA-256 of these words in canonical form."""
    return {"number": number, "at": at, "size": size, "root": root, "previous": previous}


def chained(words: dict[str, Any]) -> str:
    return sha256(canonical(words)).hexdigest()


def previous_of(number: int) -> str:
    """The chained root of the seal before, or zeros before the first."""
    before = Seal.objects.filter(number=number - 1).values_list("chained", flat=True).first()
    return before or NOTHING_BEFORE


def words_of(seal: Seal, previous: str) -> dict[str, Any]:
    return sealed_words(seal.number, moment(seal.at), seal.size, seal.root, previous)


def proof(entry: Entry) -> dict[str, Any] | None:
    """The proof that this entry stands in the ledger, checkable by anyone offline; None while it is not sealed.

    `{"format", "entry", "position", "path": [hex…], "seal": {number, at, size, root, previous}, "chained"}`.
    """
    if entry.seal is None or entry.position is None:
        return None
    seal = Seal.objects.get(number=entry.seal)
    batch = list(Entry.objects.filter(seal=seal.number).order_by("position"))
    leaves = [merkle.leaf(leaf_bytes(each)) for each in batch]
    return {
        "format": FORMAT,
        "entry": told(batch[entry.position]),
        "position": entry.position,
        "path": [digest.hex() for digest in merkle.path(leaves, entry.position)],
        "seal": words_of(seal, previous_of(seal.number)),
        "chained": seal.chained,
    }


def history(thing: models.Model) -> models.QuerySet[Entry]:
    """What happened to a thing, oldest first."""
    return Entry.objects.filter(on_kind=thing._meta.label_lower, on_id=thing.pk).order_by("id")


def latest(place: str = "", before: int | None = None) -> models.QuerySet[Entry]:
    """Entries, newest first; of one place (its code), and before the entry numbered so, if given."""
    entries = Entry.objects.order_by("-id")
    if place:
        entries = entries.filter(place=place)
    return entries.filter(pk__lt=before) if before else entries


def head(place: Place | None = None) -> int:
    """How many entries a place has seen; without a place, those that belong to none."""
    counted = Head.objects.filter(place=place.code if place else "").values_list("count", flat=True).first()
    return counted or 0


def heads(places: Iterable[Place] | None = None) -> int:
    """How many entries the places have seen together; without places, the whole house. It only ever grows."""
    counted = Head.objects.all()
    if places is not None:
        counted = counted.filter(place__in=[place.code for place in places])
    return counted.aggregate(sum=models.Sum("count"))["sum"] or 0


def dump() -> Iterator[bytes]:
    """The whole ledger, a line for each entry in its canonical form, each batch followed by its seal; then those not
    yet sealed."""
    previous = NOTHING_BEFORE
    for seal in Seal.objects.order_by("number").iterator():
        for entry in Entry.objects.filter(seal=seal.number).order_by("position").iterator():
            yield leaf_bytes(entry) + b"\n"
        yield canonical({"format": FORMAT, "seal": words_of(seal, previous), "chained": seal.chained}) + b"\n"
        previous = seal.chained
    for entry in Entry.objects.filter(seal=None).order_by("transaction", "id").iterator():
        yield leaf_bytes(entry) + b"\n"


def kept(
    request: HttpRequest, *, make: Callable[[], HttpResponse], places: Iterable[Place] | None = None
) -> HttpResponse:
    """The page `make` answers with, kept whole for readers who are not signed in until something happens at one of
    the places (without places: anywhere), or a minute has passed and a date may have come."""
    return keep(request, under=lambda: heads(places), make=make)
