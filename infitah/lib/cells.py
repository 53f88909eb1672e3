"""Reads a spreadsheet in a process of its own: a file made to swell or to crash its reader takes nothing else along.

`python cells.py MOST_ROWS`: the file comes in; the cells of its first sheet go out as JSON. It may use so much memory
and so much time and no more; what is too much for it ends with the status SWOLLEN, or with a signal. Loads no Django.
"""

import io
import json
import resource
import sys
import zipfile

from python_calamine import CalamineError, CalamineWorkbook

MEMORY = 1 << 30  # bytes; a spreadsheet of 20,000 ideas takes 150 MB
SECONDS = 10
MOST_SIGNS = 50_000_000  # in all cells together
SWOLLEN = 3


class TooMany(Exception):
    """More rows or more signs than are read."""


def cells_of(contents: bytes, most_rows: int) -> list[list[str]]:
    """The cells of the first sheet as trimmed text, without the empty ones at the end of each row."""
    with zipfile.ZipFile(io.BytesIO(contents)) as archive:
        if archive.testzip():
            raise CalamineError("a part is damaged")
    rows, signs = [], 0
    for row in CalamineWorkbook.from_filelike(io.BytesIO(contents)).get_sheet_by_index(0).iter_rows():
        cells = [written(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        signs += sum(map(len, cells)) + len(cells)
        rows.append(cells)
        if signs > MOST_SIGNS or len(rows) > most_rows:
            raise TooMany
    return rows


def written(value: object) -> str:
    """A number without its decimal zero; anything else as it is written."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def main(most_rows: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        json.dump(cells_of(sys.stdin.buffer.read(), int(most_rows)), sys.stdout)
    except (TooMany, MemoryError):
        sys.exit(SWOLLEN)


if __name__ == "__main__":
    main(sys.argv[1])
