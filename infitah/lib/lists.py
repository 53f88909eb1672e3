"""Lists page by page: a page begins at a key, never at a number of rows, so that the last is as near as the first."""

from typing import TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)


def cut(rows: "QuerySet[Row]", size: int) -> tuple[list[Row], Row | None]:
    """The first of the rows, so many, and the last of these if others follow: the next page begins after it."""
    found = list(rows[: size + 1])
    return found[:size], found[size - 1] if len(found) > size else None


def page_before(rows: "QuerySet[Row]", before: int | None, size: int) -> tuple[list[Row], int | None]:
    """A page of what came last, latest first, and the number before which the next page begins; None after the last."""
    shown, last = cut((rows.filter(pk__lt=before) if before else rows).order_by("-pk"), size)
    return shown, last.pk if last else None
