"""Reading spreadsheets as people really send them: .xlsx, .ods or .csv, in any usual encoding and separator; and
writing one."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import xlsxwriter
from django.utils.translation import gettext_lazy as _

from .cells import SWOLLEN
from .errors import Refusal, TooMuch
from .text import neutral

MOST_ROWS = 25_000
SEPARATORS = ",;\t"
ARABIC_IN_1256 = {*range(0xC0, 0xE0), 0xE1, 0xE3, 0xE4, 0xE5, 0xE6, 0xEC, 0xED} - {0xD7}


class Unreadable(Refusal):
    """Not a spreadsheet that can be read."""

    status = 422
    sentence = _("This file cannot be read as a spreadsheet. Send an .xlsx, .ods or .csv file.")


def rows_of(contents: bytes) -> list[list[str]]:
    """The cells of the first sheet, as trimmed text, without its empty rows at the end.

    Raises Unreadable where it is no spreadsheet, TooMuch where it unpacks to too much or has too many rows.
    """
    rows: list[list[str]] = []
    empty = 0
    for row in _sheet(contents) if contents[:2] == b"PK" else _plain(contents):
        empty = 0 if any(row) else empty + 1
        rows.append(row)
        if len(rows) - empty > MOST_ROWS or empty > MOST_ROWS:
            raise TooMuch(_("This sheet has more than 25,000 rows. Send it in several parts."))
    return rows[: len(rows) - empty]


def _sheet(contents: bytes) -> list[list[str]]:
    """The rows of an .xlsx or .ods file, which a process of its own reads."""
    command = [sys.executable, "-P", str(Path(__file__).with_name("cells.py")), str(2 * MOST_ROWS)]
    read = subprocess.run(command, input=contents, capture_output=True, check=False)
    if read.returncode < 0 or read.returncode == SWOLLEN:
        raise TooMuch(_("This file unpacks to far more than a list of ideas can hold. It was not opened."))
    if read.returncode:
        raise Unreadable()
    rows: list[list[str]] = json.loads(read.stdout)
    return rows


def _plain(contents: bytes) -> Iterator[list[str]]:
    """The rows of a text file."""
    text = decoded(contents)
    if "\x00" in text or not text.strip():
        raise Unreadable()
    first = text.lstrip().splitlines()[0]
    separator = max(SEPARATORS, key=first.count)
    csv.field_size_limit(1_000_000)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            yield [cell.strip() for cell in row]
    except csv.Error as fault:
        raise Unreadable() from fault


def decoded(contents: bytes) -> str:
    """The text, whichever of UTF-8, UTF-16, Windows-1256 (Arabic) or Windows-1252 (French) it was saved in."""
    if contents[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return contents.decode("utf-16", errors="replace")
    sample = contents[:4000]
    if 0 in sample:  # no other encoding of a text has one
        return contents.decode("utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be", "replace")
    try:
        return contents.decode("utf-8-sig")
    except UnicodeDecodeError:
        return contents.decode("cp1256" if _is_arabic(contents) else "cp1252", errors="replace")


def _is_arabic(contents: bytes) -> bool:
    """Whether most bytes beyond ASCII would be Arabic letters in Windows-1256; French letters stand elsewhere in it."""
    beyond = [byte for byte in contents[:100_000] if byte >= 0xC0]
    return sum(byte in ARABIC_IN_1256 for byte in beyond) * 2 > len(beyond)


def line(cells: Iterable[object]) -> str:
    """One line of CSV; no cell of it begins a formula."""
    held = io.StringIO()
    csv.writer(held).writerow([neutral(cell) if isinstance(cell, str) else cell for cell in cells])
    return held.getvalue()


def written(rows: Iterable[Iterable[object]]) -> str:
    """The rows as CSV, with the mark by which spreadsheets know UTF-8."""
    return "\ufeff" + "".join(map(line, rows))


def sheet(rows: Iterable[Sequence[str | int]]) -> bytes:
    """The rows as an .xlsx file, the first one as its head; a text stays a text, whatever it begins with."""
    book = io.BytesIO()
    with xlsxwriter.Workbook(book, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as made:
        head, page = made.add_format({"bold": True}), made.add_worksheet()
        page.freeze_panes(1, 0)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, int):
                    page.write_number(number, column, cell)
                else:
                    page.write_string(number, column, cell, None if number else head)
    return book.getvalue()
