"""Photos and documents to stand for real evidence, each plainly marked as a demonstration."""

import io
from functools import cache
from hashlib import sha256
from pathlib import Path
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from infitah.lib import files, pdf

SHEET = Path(__file__).parent / "paper.typ"
MARK = "عرض تجريبي · démonstration"
INK, PAPER, SAND, CLAY, SKY, NIGHT, LAMP = (
    "#22312b",
    "#fbf8f1",
    "#e3d5b8",
    "#b5643c",
    "#cfe0e6",
    "#24364a",
    "#ffe9a8",
)


def photo(caption: str) -> files.Checked:
    """A drawn street, as a photo: houses, a pavement, and lamps if it is night. The caption decides which."""
    chance = Random(sha256(caption.encode()).digest())
    night = chance.random() < 0.4
    picture = Image.new("RGB", (960, 640), NIGHT if night else SKY)
    draw = ImageDraw.Draw(picture)
    left = -20
    while left < 960:
        wide, top = chance.randint(90, 190), chance.randint(150, 330)
        draw.rectangle((left, top, left + wide, 460), fill=chance.choice([SAND, PAPER, CLAY]))
        windows(draw, chance, left, top, wide, LAMP if night else NIGHT)
        left += wide + chance.randint(4, 26)
    draw.rectangle((0, 460, 960, 500), fill="#c9c3b4")
    draw.rectangle((0, 500, 960, 640), fill="#6f6a60")
    for place in range(80, 960, 280):
        lamp(draw, place, is_lit=night)
    picture.paste(band(), (0, 590))
    packed = io.BytesIO()
    picture.save(packed, "PNG", compress_level=1)  # it is drawn anew when it comes in
    return upload(packed.getvalue(), "photo.png", "image")


def windows(draw: ImageDraw.ImageDraw, chance: Random, left: int, top: int, wide: int, colour: str) -> None:
    """Rows of windows, some of them dark."""
    for down in range(top + 24, 420, 62):
        for across in range(left + 18, left + wide - 34, 48):
            if chance.random() < 0.75:
                draw.rectangle((across, down, across + 22, down + 32), fill=colour)


def lamp(draw: ImageDraw.ImageDraw, across: int, *, is_lit: bool) -> None:
    """A street lamp, with its light."""
    draw.line((across, 470, across, 250), fill=INK, width=7)
    draw.line((across, 253, across + 46, 253), fill=INK, width=7)
    draw.ellipse((across + 34, 250, across + 62, 270), fill=LAMP if is_lit else PAPER, outline=INK, width=2)


def document(title: str, lines: list[str] | None = None) -> files.Checked:
    """A page of PDF with a title and a few lines."""
    data = {"kind": "document", "title": title, "lines": lines or [], "mark": MARK}
    return upload(pdf.typeset(SHEET, data, at=timezone.now()), "document.pdf", "pdf")


@cache
def band() -> Image.Image:
    """The mark of the demonstration, as wide as a photo."""
    return Image.open(io.BytesIO(pdf.drawn(SHEET, {"kind": "band", "mark": MARK}, per_inch=144)))


def upload(packed: bytes, name: str, kind: str) -> files.Checked:
    """As someone would send it, looked at like any other file."""
    return files.checked(SimpleUploadedFile(name, packed), kinds={kind})
