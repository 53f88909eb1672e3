"""Ideas from a spreadsheet: every usual encoding, every row told its fate, all or nothing."""

import io
import zipfile
from uuid import uuid4

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from infitah.ground.moderation import actions as moderation
from infitah.journey.ideas import actions, queries
from infitah.journey.ideas.models import Batch, Idea, Outcome
from infitah.lib import tables
from infitah.lib.errors import NotAllowed, NotPossible, TooMuch
from tests import make

pytestmark = pytest.mark.django_db
ARABIC = [
    ["رقم الفكرة", "القناة", "المحور", "ما هي التحديات / الإشكاليات المطروحة؟", "ما هو الحل المقترح؟"],
    ["163", "اللقاء", "الرقمنة", "أرقام الميزانية غير مفهومة", "صفحة بسيطة بالصور"],
    ["164", "الموقع", "المشاركة", "الزقاق مظلم", "مصابيح جديدة"],
]
FRENCH = [
    ["Solution proposée", "Axe", "Défis / problèmes soulevés", "Canal", "N°"],
    ["Une page illustrée", "Numérique", "Budget illisible", "atelier", "1"],
]


def csv_of(rows, encoding="utf-8", separator=","):
    return "\n".join(separator.join(row) for row in rows).encode(encoding)


def xlsx_of(rows):
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return kept.getvalue()


def brought(programme, contents, by=None):
    return actions.bring(programme, by=by or make.focal_point(programme.place), filename="ideas.csv", contents=contents)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1256"])
def test_arabic_sheets_are_read_in_every_encoding(encoding, separator):
    assert tables.rows_of(csv_of(ARABIC, encoding, separator)) == ARABIC


def test_french_sheets_from_an_old_office_are_read():
    assert tables.rows_of(csv_of(FRENCH, "cp1252", ";")) == FRENCH


def test_excel_sheets_are_read_with_their_numbers():
    assert tables.rows_of(xlsx_of([["رقم", "الحل"], [163.0, "مصابيح"]])) == [["رقم", "الحل"], ["163", "مصابيح"]]


def test_the_columns_are_found_in_any_language_and_order():
    assert queries.columns_of(FRENCH[0]) == {"solution": 0, "axis": 1, "problem": 2, "channel": 3, "number": 4}
    assert queries.columns_of(["Idea number", "Channel", "Axis", "Challenges raised", "Proposed solution"]) == {
        "number": 0,
        "channel": 1,
        "axis": 2,
        "problem": 3,
        "solution": 4,
    }


def test_each_row_is_told_its_fate_with_its_number():
    rows = [
        *ARABIC,
        ["165", "اللقاء", "الرقمنة", "أَرقام الميزانيّة غير مفهومة", "صفحة بسيطة بالصور"],
        ["166", "اللقاء", "محور غائب", "مشكل واضح", "حل واضح"],
        ["167", "الحمام", "الرقمنة", "مشكل واضح", "حل واضح"],
        ["168\u202e", "اللقاء", "الرقمنة", "مشكل واضح", ""],
    ]
    judged = queries.judged(make.programme(), rows)
    assert [(row.row, row.verdict) for row in judged] == [
        (2, "accepted"),
        (3, "accepted"),
        (4, "duplicate"),
        (5, "refused"),
        (6, "refused"),
        (7, "refused"),
    ]
    assert judged[5].number == "168"
    assert "2" in judged[2].reason and "محور غائب" in judged[3].reason and "الحمام" in judged[4].reason


def test_a_file_that_is_no_sheet_is_refused_with_a_sentence():
    for contents in (b"PK\x03\x04broken", b"\x00\x01\x02", b"", b"hello\nworld", b"MZ\x90\x00", csv_of(ARABIC[:1])):
        with pytest.raises(tables.Unreadable):
            brought(make.programme(make.place(f"p-{uuid4().hex[:6]}")), contents)
    assert not Batch.objects.exists()


def far_corner(content):
    return content.replace(b'r="B1"', b'r="XFD900000"')


def remade(contents, name, change):
    """The same office file, with one part of it changed."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(contents)) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, change(old.read(part)) if part == name else old.read(part))
    return kept.getvalue()


def ods_of(cells):
    spaces = "".join(f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in OPEN)
    row = ROW.format("".join(map(CELL.format, cells)))
    table = f'<office:body><office:spreadsheet><table:table table:name="A">{row}</table:table></office:spreadsheet>'
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        manifest = '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
        made.writestr("META-INF/manifest.xml", manifest)
        content = f"<office:document-content{spaces}>{table}</office:body></office:document-content>"
        made.writestr("content.xml", content)
    return kept.getvalue()


OPEN = ("office", "table", "text")
ROW = "<table:table-row>{}</table:table-row>"
CELL = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'


def test_an_open_document_is_read():
    assert tables.rows_of(ods_of(["المشكل", "الحل"])) == [["المشكل", "الحل"]]


@pytest.mark.parametrize(
    "bomb",
    [
        remade(xlsx_of(ARABIC), "xl/worksheets/sheet1.xml", far_corner),  # two cells span sixteen thousand million
        b"problem,solution\n" + b"\n" * 60_000,
    ],
)
def test_a_sheet_that_swells_is_refused_and_takes_nothing_along(bomb):
    with pytest.raises(TooMuch):
        tables.rows_of(bomb)


def test_nothing_comes_in_before_it_is_confirmed():
    programme = make.programme()
    alice = make.focal_point(programme.place)
    batch = brought(programme, csv_of(ARABIC), alice)
    assert not Idea.objects.exists()
    assert actions.import_batch(batch, by=alice) == 2
    first, second = Idea.objects.order_by("number")
    assert (first.outside_number, first.channel, second.channel) == ("163", "workshop", "website")
    assert second.axis.name["ar"] == "المشاركة" and first.receipt != second.receipt
    tally = queries.tally(programme.place)
    assert (tally.public, tally.online, tally.last_number) == (2, 1, 2)


def test_a_sheet_comes_in_once():
    programme = make.programme()
    alice = make.focal_point(programme.place)
    batch = brought(programme, csv_of(ARABIC), alice)
    actions.import_batch(batch, by=alice)
    assert actions.import_batch(batch, by=alice) == 2  # a second click changes nothing
    assert Idea.objects.count() == 2
    again = brought(programme, csv_of(ARABIC), alice)
    assert actions.import_batch(again, by=alice) == 0


def test_an_import_is_undone_as_a_whole_until_an_idea_is_answered():
    programme = make.programme()
    alice = make.focal_point(programme.place)
    batch = brought(programme, csv_of(ARABIC), alice)
    actions.import_batch(batch, by=alice)
    for _click in range(2):
        actions.undo(batch, by=alice)
    assert set(Idea.objects.values_list("status", flat=True)) == {"withdrawn"}
    assert queries.tally(programme.place).public == 0
    second = brought(programme, csv_of(ARABIC), alice)
    actions.import_batch(second, by=alice)
    actions.decide(second.ideas.first(), by=alice, outcome=Outcome.COVERED, reason="مبرمجة من قبل")
    with pytest.raises(NotPossible):
        actions.undo(second, by=alice)


def test_undoing_an_import_counts_a_hidden_idea_once_and_keeps_what_others_are_grouped_under():
    programme = make.programme()
    alice, other = make.focal_point(programme.place), make.idea(programme, number=99)
    actions.recount(programme.place)
    batch = brought(programme, csv_of(ARABIC), alice)
    actions.import_batch(batch, by=alice)
    first, second = batch.ideas.order_by("number")
    moderation.hide(first, by=alice, ground="spam", reason="إشهار")
    actions.group([other], by=alice, lead=second)
    with pytest.raises(NotPossible):
        actions.undo(batch, by=alice)
    actions.ungroup(other, by=alice)
    actions.undo(batch, by=alice)
    tally = queries.tally(programme.place)
    assert (tally.public, tally.online) == (1, 1) and actions.recount(programme.place).public == 1


def test_every_row_of_a_long_sheet_can_be_looked_at(monkeypatch):
    monkeypatch.setattr(queries, "PREVIEWED", 2)
    rows = [[f"{number}", "اللقاء", "الرقمنة", f"مشكل {number}", f"حل {number}"] for number in range(5)]
    batch = brought(make.programme(), csv_of([ARABIC[0], *rows]))
    seen, after = [], 0
    while after is not None:
        found = queries.preview(batch, "accepted", after=after)
        seen, after = [*seen, *(row.row for row in found.rows)], found.after
    assert seen == [2, 3, 4, 5, 6] and found.counts[0] == ("accepted", 5)


def test_a_stranger_imports_nothing():
    programme = make.programme()
    with pytest.raises(NotAllowed):
        brought(programme, csv_of(ARABIC), make.focal_point(make.place("agadir")))


def test_the_pages_show_the_rows_then_import_and_undo_them(sign_in):
    programme = make.programme(make.place("tetouan"))
    browser = sign_in(make.focal_point(programme.place))
    upload = SimpleUploadedFile("ideas.csv", csv_of([*ARABIC, ["9", "x", "y", "", ""]], "cp1256", ";"))
    answer = browser.post(reverse("ideas:import", args=["tetouan"]), {"sheet": upload}, follow=True)
    page = answer.content.decode()
    assert "الزقاق مظلم" in page and "المشكل أو الحل فارغ" in page or "الإشكالية أو الحل فارغ" in page
    batch = Batch.objects.get()
    assert browser.post(reverse("ideas:batch", args=["tetouan", batch.pk])).status_code == 303
    assert Idea.objects.count() == 2
    assert browser.post(reverse("ideas:undo", args=["tetouan", batch.pk])).status_code == 303
    assert not Idea.objects.public().exists()


def test_a_bad_upload_is_told_why_and_stays_on_the_page(sign_in):
    programme = make.programme(make.place("tetouan"))
    browser = sign_in(make.focal_point(programme.place))
    upload = SimpleUploadedFile("ideas.xlsx", b"MZ this is a program")
    answer = browser.post(reverse("ideas:import", args=["tetouan"]), {"sheet": upload})
    assert answer.status_code == 422 and not Batch.objects.exists()
