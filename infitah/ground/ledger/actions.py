from typing import Any, Protocol
from uuid import UUID

from django.db import connection, models
from django.db.models.expressions import RawSQL
from django.utils import timezone

from .models import Entry


class Named(Protocol):
    """Whoever acts: known to the ledger by pseudonym only."""

    uid: UUID


class Place(Protocol):
    """Where it happened: known to the ledger by its official code."""

    code: str


COUNT = """INSERT INTO ledger_head (place, count) VALUES (%s, 1)
           ON CONFLICT (place) DO UPDATE SET count = ledger_head.count + 1"""


def record(action: str, *, by: Named | None, on: models.Model, place: Place | None = None, **particulars: Any) -> Entry:
    """Write down what has just happened; call it last, inside the action's own transaction.

    `action` is `thing.verbed`; `particulars` are JSON values and never personal data.
    """
    entry = Entry.objects.create(
        action=action,
        at=timezone.now(),
        by=by.uid if by else None,
        on_kind=on._meta.label_lower,
        on_id=on.pk,
        place=place.code if place else "",
        particulars=particulars,
        transaction=RawSQL("pg_current_xact_id()::text::bigint", []),
    )
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [entry.place])
    return entry
