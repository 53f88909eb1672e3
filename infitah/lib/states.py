"""States and their moves: the only place where a status changes."""

from typing import Any, TypeVar, cast

from django.db import models

from .errors import NotPossible

Thing = TypeVar("Thing", bound=models.Model)


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
