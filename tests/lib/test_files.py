import io
import zipfile
import zlib
from contextlib import suppress
from random import Random
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from infitah.lib import files, tables
from infitah.lib.errors import Refusal, TooMuch
from tests.make import PDF, photo

TYPES = '<Types><Override ContentType="{}"/></Types>'
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def sending(content: bytes, name: str = "file.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def packed(parts: dict[str, str | bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", how) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return kept.getvalue()


def own_words(said: bytes) -> bytes:
    """What a PDF has packed of its own words."""
    return b"9 0 obj << /Type /ObjStm /Filter /FlateDecode >>\nstream\n" + zlib.compress(said) + b"\nendstream endobj\n"


def test_a_pdf_that_packs_its_words_is_taken_if_they_are_no_program() -> None:
    plain = PDF.replace(b"%%EOF", own_words(b"<< /Type /Page >>") + own_words(b"a" * 9_000_000) * 9 + b"%%EOF")
    assert files.checked(sending(plain), kinds={"pdf"}).kind == "pdf"


def test_a_pdf_is_kept_as_it_is_with_its_hash_and_a_name_of_our_own() -> None:
    file = files.checked(sending(PDF, "../../procès-verbal.pdf"), kinds={"pdf"})
    assert (file.kind, file.file.read()) == ("pdf", PDF)
    assert len(file.sha256) == 64
    assert files.KEPT_NAME.fullmatch(f"minutes/2026/{file.name}")


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00\x03" + PDF,
        b"\x7fELF" + PDF,
        PDF.replace(b"%%EOF", b"") + b"x" * 2000,
        PDF.replace(b"/Catalog", b"/Catalog /OpenAction << /S /Launch /F (x.exe) >>"),
        PDF.replace(b"/Catalog", b"/Catalog /OpenAction << /S /Lau#6ech /F (x.exe) >>"),
        PDF.replace(b"%%EOF", own_words(b"<< /S /JavaScript /JS (app.alert(1)) >>") + b"%%EOF"),
        PDF + packed({"Main.class": b"\xca\xfe"}),
        b"<html>%PDF-1.4</html>",
    ],
)
def test_what_only_calls_itself_a_pdf_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(ValidationError):
        files.checked(sending(content), kinds={"pdf"})


def test_letters_that_stand_by_chance_in_a_scanned_page_are_no_program() -> None:
    scanned = PDF.replace(b"%%EOF", b"9 0 obj << /Length 9 >>\nstream\n\x00/JS \x01\nendstream endobj\n%%EOF")
    assert files.checked(sending(scanned), kinds={"pdf"}).file.read() == scanned
    program = scanned.replace(b"endobj\n%%EOF", b"<< /S /Rendition /JS (x) >> endobj\n%%EOF")
    with pytest.raises(ValidationError):
        files.checked(sending(program), kinds={"pdf"})


def test_a_file_over_the_limit_is_too_much() -> None:
    upload = sending(b"x")
    upload.size = 10 * 1024 * 1024 + 1
    with pytest.raises(TooMuch):
        files.checked(upload, kinds={"pdf"})


def test_what_is_written_beside_a_picture_goes() -> None:
    sent = io.BytesIO()
    Image.new("RGB", (30, 20)).save(sent, "JPEG", comment=b"where I live")
    assert b"where I live" not in files.checked(sending(sent.getvalue()), kinds={"image"}).file.read()


def test_a_photo_loses_its_metadata_and_its_excess_and_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "a camera"
    file = files.checked(sending(photo(size=(3000, 1000), exif=exif), "x.exe"), kinds={"image"})
    kept = Image.open(file.file)
    assert (dict(kept.getexif()), kept.size) == ({}, (800, 2400))
    assert file.name.endswith(".jpg")


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_other_pictures_keep_their_format(form: str) -> None:
    assert Image.open(files.checked(sending(photo(form=form)), kinds={"image"}).file).format == form


def huge_png() -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")

    header = (60_000).to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("content", [photo()[:200], huge_png(), b"\xff\xd8\xff nothing", photo(form="PNG")[:40]])
def test_a_damaged_or_monstrous_picture_is_refused(content: bytes) -> None:
    with pytest.raises(ValidationError):
        files.checked(sending(content, "x.jpg"), kinds={"image"})


@pytest.mark.parametrize(
    "content",
    [
        b"<svg onload=x>",
        b"\xef\xbb\xbf \n<html>",
        b"<?xml version='1.0'?>",
        b"<!doctype html>",
        "<svg>".encode("utf-16"),
    ],
)
def test_pages_and_drawings_do_not_pass_for_text(content: bytes) -> None:
    with pytest.raises(ValidationError):
        files.checked(sending(content, "x.txt"), kinds={"document", "image"})


def test_office_files_are_known_by_what_they_hold() -> None:
    ods = packed({"mimetype": files.TYPES[".ods"], "content.xml": "<x/>"}, zipfile.ZIP_STORED)
    xlsx = packed({"[Content_Types].xml": TYPES.format(XLSX), "xl/workbook.xml": "<x/>"})
    assert files.checked(sending(ods), kinds={"sheet"}).name.endswith(".ods")
    assert files.checked(sending(xlsx), kinds={"sheet"}).name.endswith(".xlsx")
    with pytest.raises(ValidationError):
        files.checked(sending(packed({"run.sh": "rm"})), kinds={"sheet"})


@pytest.mark.parametrize(
    "parts",
    [
        {"xl/bomb.xml": b"0" * 30_000_000},
        {"xl/nested.bin": packed({"a": "b"})},
        {f"{number}.xml": "" for number in range(5001)},
        {"xl/vbaProject.bin": b"macro"},
    ],
)
def test_bombs_nested_archives_and_macros_are_refused(parts: dict[str, str | bytes]) -> None:
    with pytest.raises(ValidationError):
        files.checked(sending(packed({"[Content_Types].xml": TYPES.format(XLSX), **parts})), kinds={"sheet"})


def test_a_part_that_lies_about_its_size_is_refused() -> None:
    content = packed({"[Content_Types].xml": TYPES.format(XLSX), "xl/lie.xml": "x" * 5000})
    lie = content.replace((5000).to_bytes(4, "little"), (50).to_bytes(4, "little"))
    with pytest.raises(ValidationError):
        files.checked(sending(lie), kinds={"sheet"})


def test_an_archive_damaged_anywhere_is_refused_with_a_sentence() -> None:
    whole, chance = tables.sheet([["رقم", "الحل"], ["1", "مصابيح"]] * 20), Random(5)
    for turn in range(150):
        damaged = bytearray(whole)
        damaged[chance.randrange(4, len(whole))] ^= chance.randrange(1, 256)
        with suppress(ValidationError):
            checked_sheet(bytes(damaged))
        if turn < 3:  # a process each
            with suppress(Refusal):
                tables.rows_of(bytes(damaged))


def checked_sheet(content: bytes) -> files.Checked:
    return files.checked(sending(content), kinds={"sheet"})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1256"])
def test_plain_text_is_known_in_every_alphabet(encoding: str) -> None:
    file = files.checked(sending("محور;المشكل\n".encode(encoding), "ideas.csv"), kinds={"sheet"})
    assert file.name.endswith(".csv")


def test_when_the_record_fails_the_file_goes_too() -> None:
    with pytest.raises(KeyError), files.kept(files.checked(sending(PDF), kinds={"pdf"}), "minutes") as name:
        assert default_storage.exists(name)
        raise KeyError
    assert not default_storage.exists(name)


def test_a_full_disk_is_told_in_a_sentence_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(name: str, content: Any) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(default_storage, "save", full)
    with pytest.raises(files.NotKept), files.kept(files.checked(sending(PDF), kinds={"pdf"}), "minutes"):
        pass


def test_public_files_are_sent_to_be_kept_not_run(client: Client) -> None:
    with files.kept(files.checked(sending(PDF), kinds={"pdf"}), "minutes") as name:
        pass
    answer = client.get(f"/files/{name}")
    assert b"".join(answer.streaming_content) == PDF  # type: ignore[attr-defined]
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox")


@pytest.mark.parametrize(
    "name", ["evidence/2026/x.pdf", "minutes/../../secret-key", "minutes/2026/" + "0" * 32 + ".pdf"]
)
def test_other_files_are_not_behind_this_door(client: Client, name: str) -> None:
    assert client.get(f"/files/{name}").status_code == 404


def test_what_is_too_large_is_refused_with_a_sentence_before_it_is_read(client: Client) -> None:
    answer = client.generic("POST", "/ar/", b"", CONTENT_LENGTH=str(13 * 1024 * 1024))
    assert (answer.status_code, "10" in answer.content.decode()) == (413, True)
