import json
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Protocol, TypeVar
from uuid import UUID

from django.db import connection, models, transaction
from django.db.models.expressions import RawSQL
from django.utils import timezone

from infitah.lib import merkle

from . import queries
from .models import Entry, Seal


class Named(Protocol):
    """Whoever acts: known to the ledger by pseudonym only."""

    uid: UUID


class Place(Protocol):
    """Where it happened: known to the ledger by its official code."""

    code: str


Thing = TypeVar("Thing", bound=models.Model)

BATCH = 4096  # entries under one seal: a proof reads and hashes one batch
LOCK = 0x1EDCE5  # one sealer at a time
COUNT = """INSERT INTO ledger_head (place, count) VALUES (%s, %s)
           ON CONFLICT (place) DO UPDATE SET count = ledger_head.count + EXCLUDED.count"""
RECORD = f"""WITH counted AS ({COUNT})
             INSERT INTO ledger_entry (action, at, by, on_kind, on_id, place, particulars, transaction)
             VALUES (%s, %s, %s, %s, %s, %s, %s::jsonb, pg_current_xact_id()::text::bigint)
             RETURNING *"""
RECORD_MANY = """INSERT INTO ledger_entry (action, at, by, on_kind, on_id, place, particulars, transaction)
                 SELECT %s, %s, %s, %s, each.on_id, %s, each.particulars::jsonb, pg_current_xact_id()::text::bigint
                 FROM unnest(%s::bigint[], %s::text[]) WITH ORDINALITY AS each(on_id, particulars, turn)
                 ORDER BY turn"""
SEAL = """UPDATE ledger_entry SET seal = %s, position = each.turn - 1
          FROM unnest(%s::bigint[]) WITH ORDINALITY AS each(id, turn) WHERE ledger_entry.id = each.id"""


def record(action: str, *, by: Named | None, on: models.Model, place: Place | None = None, **particulars: Any) -> Entry:
    """Write down what has just happened; call it last, inside the action's own transaction.

    `action` is `thing.verbed`; `particulars` are codes, numbers, days and fingerprints: never personal data, and never
    words that people typed, in which a name could stand for ever (`reason_sha256=print_of(reason)` instead).
    """
    code, who = place.code if place else "", by.uid if by else None
    said = [action, timezone.now(), who, on._meta.label_lower, on.pk, code, json.dumps(particulars)]
    entry: Entry = Entry.objects.raw(RECORD, [code, 1, *said])[0]
    return entry


def record_many(
    action: str,
    *,
    by: Named | None,
    things: Sequence[Thing],
    place: Place | None = None,
    particulars_of: Callable[[Thing], dict[str, Any]] = lambda thing: {},
) -> None:
    """Write down that the same has happened to many things of one kind: one insert, one count."""
    if not things:
        return
    code, kind = place.code if place else "", things[0]._meta.label_lower
    ids, particulars = [thing.pk for thing in things], [json.dumps(particulars_of(thing)) for thing in things]
    with connection.cursor() as cursor:
        cursor.execute(RECORD_MANY, [action, timezone.now(), by.uid if by else None, kind, code, ids, particulars])
        cursor.execute(COUNT, [code, len(things)])


def seal() -> int:
    """Seal the finished entries, batch by batch, and tell how many; while another seals, none."""
    count = 0
    while sealed := _seal_a_batch():
        count += sealed
    return count


@transaction.atomic
def _seal_a_batch() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
    finished = models.Q(transaction__lt=RawSQL("pg_snapshot_xmin(pg_current_snapshot())::text::bigint", []))
    # A restored backup numbers its transactions anew; nothing is under way for a day.
    long_ago = models.Q(at__lt=timezone.now() - timedelta(days=1))
    entries = Entry.objects.filter(finished | long_ago, seal=None).order_by("transaction", "id")
    return seal_these(list(entries[:BATCH]))


def seal_these(entries: list[Entry]) -> int:
    """Put these entries, in this order, under the next seal."""
    if not entries:
        return 0
    last = Seal.objects.order_by("-number").first()
    number, previous = (last.number + 1, last.chained) if last else (1, queries.NOTHING_BEFORE)
    root = merkle.root([merkle.leaf(queries.leaf_bytes(entry)) for entry in entries]).hex()
    at = timezone.now()
    words = queries.sealed_words(number, queries.moment(at), len(entries), root, previous)
    Seal.objects.create(number=number, at=at, size=len(entries), root=root, chained=queries.chained(words))
    with connection.cursor() as cursor:
        cursor.execute(SEAL, [number, [entry.pk for entry in entries]])
    return len(entries)
