"""What an entry of the ledger may hold: codes, numbers, days, statuses, fingerprints; no words."""

import re
from collections.abc import Iterator
from typing import Any

from infitah.ground.ledger.models import Entry

REFERENCE = ("area.", "territory.")  # the names of policy areas and of territories are nobody's
CODE = re.compile(
    r"[a-z][a-z0-9_.-]*"  # a status, a kind, a field, a key
    r"|[A-Z]{1,2}\d*|[\d.]+"  # a territory, a number
    r"|\d{4}-\d\d-\d\d(T[\d:.]+([+-]\d\d:\d\d)?)?"  # a day, a moment
    r"|[0-9a-f]{64}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"  # a fingerprint, a pseudonym
)


def words_in(action: str, particulars: Any) -> list[str]:
    """The words that an entry holds, at any depth: each makes of it what could never be erased."""
    return [] if action.startswith(REFERENCE) else [text for text in texts(particulars) if not CODE.fullmatch(text)]


def words_in_the_ledger() -> list[str]:
    """The words that all its entries hold."""
    told = Entry.objects.values_list("action", "particulars")
    return [f"{action}: {word}" for action, particulars in told for word in words_in(action, particulars)]


def texts(value: Any) -> Iterator[str]:
    """Every text in a JSON value, the names of its fields too; nothing said is no text."""
    if isinstance(value, dict):
        value = [*value.keys(), *value.values()]
    if isinstance(value, list | tuple):
        for each in value:
            yield from texts(each)
    elif isinstance(value, str) and value:
        yield value
