"""States and their moves: the only place where a status changes. And how two who write at once are kept apart."""

import hashlib
import json
from typing import Any, TypeVar, cast
from uuid import UUID

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from .errors import NotPossible, Overtaken, require

Thing = TypeVar("Thing", bound=models.Model)
USED = _(
    "This form has been received already, from somebody else or about something else. Copy what you wrote, open the "
    "page anew, and send it again."
)


def lock(thing: Thing) -> Thing:
    """The row as it stands now, held until the transaction ends."""
    kind = cast(type[Thing], thing._meta.model)  # also where the thing comes wrapped, as request.user does
    return kind._base_manager.select_for_update(of=("self",)).get(pk=thing.pk)


def move(thing: models.Model, to: str, **changes: Any) -> None:
    """Bring the thing to another status, if its `MOVES` lead there, with the other fields that change with it.

    Raises NotPossible where no move leads there.
    """
    moves: dict[str, set[str]] = thing.MOVES  # type: ignore[attr-defined]
    if to not in moves.get(thing.status, set()):  # type: ignore[attr-defined]
        raise NotPossible()
    for name, value in {"status": to, **changes}.items():
        setattr(thing, name, value)
    thing.save(update_fields=["status", *changes])


def one_by_one(kind: type[models.Model]) -> None:
    """Whoever adds to this list next waits until the transaction ends; for lists that are numbered."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [kind._meta.db_table])


def sent_before(kind: type[Thing], key: UUID | None, **whose: Any) -> Thing | None:
    """What the form with this key has made already: the same form sent twice is one. Twins come in turn.

    `whose` tells who sends it and what about. Raises NotPossible where the key is somebody else's, or was used for
    another thing: theirs is neither shown nor changed.
    """
    if key is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(key)])
    known = kind._base_manager.filter(key=key).first()
    require(
        known is None or all(plain(getattr(known, name)) == plain(said) for name, said in whose.items()),
        NotPossible(USED),
    )
    return known


def plain(said: Any) -> Any:
    """What a field says: of a thing it leads to, which one; of several, all they say."""
    if isinstance(said, models.Manager | models.QuerySet):
        return list(said.values())
    return said.pk if isinstance(said, models.Model) else said


def mark(thing: models.Model, *fields: str) -> str:
    """A short number for what these fields say: another one as soon as somebody changes them."""
    return mark_of({field: plain(getattr(thing, field)) for field in fields})


def mark_of(said: Any) -> str:
    """The same for what is said in more than one place."""
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()[:16]


def require_unchanged(thing: models.Model, seen: str, written: dict[str, Any]) -> None:
    """Nobody else has changed what is written here since it was `seen`; the same words sent twice change nothing.

    Raises Overtaken. Without a mark nothing is asked: whoever writes has not opened a form.
    """
    stands = mark(thing, *written)
    if (
        seen
        and seen != stands
        and any(plain(getattr(thing, field)) != plain(value) for field, value in written.items())
    ):
        raise Overtaken(stands)
