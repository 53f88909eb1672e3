"""Photos and documents to stand for real evidence, each plainly marked as a demonstration."""

import io
from hashlib import sha256
from random import Random

import fontpkg_ibm_plex_sans_arabic
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, ImageFont

from infitah.lib import files

FONT = fontpkg_ibm_plex_sans_arabic.__path__[0] + "/files/IBMPlexSansArabic-Bold.ttf"
MARK = "عرض تجريبي · démonstration"
INK, PAPER, GREEN, SAND, CLAY, SKY, NIGHT, LAMP = (
    "#22312b",
    "#fbf8f1",
    "#1f5c45",
    "#e3d5b8",
    "#b5643c",
    "#cfe0e6",
    "#24364a",
    "#ffe9a8",
)


def font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT, size)


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
    return upload(picture, "PNG", "photo.png", "image", banner=True)


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
    page = Image.new("RGB", (900, 1270), "white")
    draw = ImageDraw.Draw(page)
    draw.rectangle((0, 0, 900, 110), fill=GREEN)
    draw.text((820, 55), title[:60], font=font(30), fill="white", anchor="rm", direction="rtl")
    for turn, line in enumerate([*(lines or []), MARK]):
        draw.text((820, 200 + 64 * turn), line[:80], font=font(24), fill=INK, anchor="rm", direction="rtl")
    return upload(page, "PDF", "document.pdf", "pdf")


def upload(picture: Image.Image, form: str, name: str, kind: str, *, banner: bool = False) -> files.Checked:
    """The picture as someone would send it, looked at like any other file."""
    if banner:
        draw = ImageDraw.Draw(picture)
        draw.rectangle((0, 590, 960, 640), fill=GREEN)
        draw.text((480, 615), MARK, font=font(26), fill="white", anchor="mm", direction="rtl")
    packed = io.BytesIO()
    picture.save(packed, form)
    return files.checked(SimpleUploadedFile(name, packed.getvalue()), kinds={kind})
