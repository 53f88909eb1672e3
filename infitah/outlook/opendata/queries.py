"""Data sets read line by line, without ever holding one whole."""

import json
from collections.abc import Iterator

from infitah.lib import tables

from .catalog import Cell, DataSet, plain

AT_ONCE = 2000


def lines(data_set: DataSet, *, place: str = "", after: int = 0, limit: int | None = None) -> Iterator[dict[str, Cell]]:
    """The lines of a set in the order of their ids, from beyond `after`; of one place by its official code."""
    found = data_set.lines().filter(pk__gt=after).order_by("pk")
    if place:
        found = found.filter(**{data_set.narrowed_by or data_set.columns["place"]: place})
    columns = list(data_set.columns)
    read = found.values_list("pk", *data_set.columns.values())
    for row in (read[:limit] if limit else read).iterator(chunk_size=AT_ONCE):
        yield {"id": row[0], **{name: plain(cell) for name, cell in zip(columns, row[1:], strict=True)}}


def as_csv(data_set: DataSet, place: str = "") -> Iterator[str]:
    """The set as CSV in UTF-8 with its mark, a line at a time."""
    names = ["id", *data_set.columns]
    yield tables.written([names])
    for line in lines(data_set, place=place):
        yield tables.line(["" if line[name] is None else line[name] for name in names])


def as_json(data_set: DataSet, place: str = "") -> Iterator[str]:
    """The set as a JSON list, an object a line."""
    yield "["
    for number, line in enumerate(lines(data_set, place=place)):
        yield (",\n" if number else "\n") + json.dumps(line, ensure_ascii=False)
    yield "\n]\n"
