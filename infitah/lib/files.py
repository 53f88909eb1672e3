"""Files that people send: known by their content, made harmless, kept under a name of our own, sent back safely."""

import hashlib
import io
import lzma
import re
import secrets
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from threading import Lock
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from .errors import Refusal, TooMuch

PUBLIC = {"adhesions", "deliberations", "documents", "meetings", "minutes"}  # folders of which everything is public
KEPT_NAME = re.compile(r"(?P<folder>[a-z]+)/\d{4}/[0-9a-f]{32}\.[a-z]{3,4}")
TYPES = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".csv": "text/plain; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}
KINDS = {
    "pdf": {".pdf"},
    "image": {".png", ".jpg", ".webp"},
    "sheet": {".xlsx", ".ods", ".csv", ".txt"},
    "document": {".docx", ".odt", ".xlsx", ".ods", ".csv", ".txt"},
}
IMAGES = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp"}
MOST_PIXELS = 50_000_000
ONE_AT_A_TIME = Lock()  # the largest picture takes half a gigabyte while it is redrawn
LONGEST_EDGE = 2400  # what a screen shows; larger photos are reduced to it
SMALL_EDGE = 360
MOST_UNPACKED = 100 * 1024 * 1024
MOST_PACKED_PARTS = 5_000
OWN_WORDS = 1000  # bytes before a stream, in which it is described
MOST_OWN_WORDS = 16 * 1024 * 1024
HIGHEST_RATIO = 200  # of unpacked to packed; office files stay under 60
DAMAGED = (  # what reading a damaged archive raises
    *(zipfile.BadZipFile, RuntimeError, EOFError, KeyError, ValueError, OSError),
    *(zlib.error, lzma.LZMAError, struct.error),
)
STREAM = re.compile(rb">>\s*stream\r?\n")  # in a PDF, what follows is a packed picture or text
SPELT = re.compile(rb"#([0-9A-Fa-f]{2})")  # in a PDF, a letter of a name

Image.MAX_IMAGE_PIXELS = None  # the pixels are counted in `redrawn`, before any is read


class NotKept(Refusal):
    """The disk or the store did not take the file."""

    status = 503

    def __init__(self) -> None:
        super().__init__(_("The file could not be stored, and nothing was saved. Try again in a while."))


@dataclass(frozen=True)
class Checked:
    """A file fit to be kept: its bytes, their SHA-256, what it is, and a name that owes nothing to the sender."""

    file: "ContentFile[bytes]"
    sha256: str
    kind: str
    name: str


def checked(upload: "UploadedFile[Any]", *, kinds: set[str]) -> Checked:
    """The file as it will be kept, if it is of one of the `kinds` (keys of KINDS) by its content.

    Images are redrawn, which drops their metadata (place, camera). Raises TooMuch beyond the limit of size, and
    ValidationError, with a sentence for the form, for anything else that is not as it should be.
    """
    if (upload.size or 0) > settings.FILE_MAX_BYTES:
        raise TooMuch()
    upload.seek(0)
    content = upload.read()
    extension = extension_of(content, upload.name or "")
    kind = next((kind for kind in sorted(kinds) if extension in KINDS[kind]), "")
    if not kind:
        raise ValidationError(_("This kind of file is not accepted here, whatever its name says."))
    if kind == "image":
        content = redrawn(content, LONGEST_EDGE)
    name = f"{secrets.token_hex(16)}{extension}"
    return Checked(ContentFile(content, name=name), hashlib.sha256(content).hexdigest(), kind, name)


def extension_of(content: bytes, name: str) -> str:
    """What the bytes are, as the extension they deserve; empty if they are nothing we know."""
    if content.startswith(b"%PDF-"):
        return pdf(content)
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return ".png"
    if content.startswith(b"\xff\xd8\xff"):
        return ".jpg"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return ".webp"
    if content.startswith(b"PK\x03\x04"):
        return packed(content)
    if is_text(content) and not is_markup(content):
        return ".csv" if PurePosixPath(name).suffix.lower() == ".csv" else ".txt"
    return ""


def pdf(content: bytes) -> str:
    """A PDF that ends as one, starts no program and is not also an archive."""
    if b"%%EOF" not in content[-1024:]:
        raise ValidationError(
            _("This PDF is cut short or damaged. Open it on your device, save it again and resend it.")
        )
    if re.search(rb"/(Launch|JavaScript|JS)\b", words_of(content)) or zipfile.is_zipfile(io.BytesIO(content)):
        raise ValidationError(_("This PDF contains a program. Print it to a new PDF and send that one."))
    return ".pdf"


def words_of(content: bytes) -> bytes:
    """What a PDF says, names spelt out: without its packed pictures and texts, in which any three letters may stand by
    chance, but with the beginning of what it has packed of its own words."""
    *parts, last = content.split(b"endstream")
    said, room = [last], MOST_OWN_WORDS
    for part in parts:
        words, *inside = STREAM.split(part, maxsplit=1)
        said.append(words)
        if inside and room > 0 and b"/ObjStm" in words[-OWN_WORDS:]:
            said.append(unpacked(inside[0], room))
            room -= len(said[-1])
    return SPELT.sub(lambda found: bytes([int(found[1], 16)]), b"\n".join(said))


def unpacked(stream: bytes, most: int) -> bytes:
    """The beginning of a packed part of a PDF; nothing where it is packed in a way that holds no words."""
    try:
        return zlib.decompressobj().decompress(stream, most)
    except zlib.error:
        return b""


def packed(content: bytes) -> str:
    """An office file: small enough once unpacked, with nothing packed inside it, of a type we know."""
    damaged = ValidationError(_("This file is damaged or protected. Save it again without a password and resend it."))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            refuse_bomb(archive, len(content))
            return office(archive)
    except DAMAGED as fault:
        raise damaged from fault


def refuse_bomb(archive: zipfile.ZipFile, size: int) -> None:
    """Refuse what unpacks to far more than it seems; each part is read to its end, as its declared size may lie."""
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    too_much = ValidationError(_("This file unpacks to far more than it seems. Save a smaller one and send that."))
    if len(parts) > MOST_PACKED_PARTS or unpacked > MOST_UNPACKED or unpacked > HIGHEST_RATIO * size:
        raise too_much
    for part in parts:
        with archive.open(part) as opened:
            if opened.read(4) in (b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b\x08\x00"):
                raise ValidationError(_("This file has another archive inside it. Take it out and send it alone."))
            while opened.read(1 << 20):
                pass


def office(archive: zipfile.ZipFile) -> str:
    """The extension of an OpenDocument or Office Open XML file without macros; empty for other archives."""
    names = set(archive.namelist())
    if "mimetype" in names:
        said = archive.read("mimetype").decode("ascii").strip()
        return next((extension for extension in (".odt", ".ods") if TYPES[extension] == said), "")
    if "[Content_Types].xml" in names and not any(name.endswith("vbaProject.bin") for name in names):
        said = archive.read("[Content_Types].xml").decode("utf-8")
        return next((extension for extension in (".docx", ".xlsx") if f"{TYPES[extension]}.main+xml" in said), "")
    return ""


def is_text(content: bytes) -> bool:
    """Plain text in some alphabet: no control characters but tabs and line ends."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return len(content) % 2 == 0
    return not re.search(rb"[\x00-\x08\x0e-\x1f\x7f]", content)


def is_markup(content: bytes) -> bool:
    """A page or a drawing (HTML, SVG, XML): text that a browser would take for more than text."""
    begins = content.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n\v\f")[:4].replace(b"\0", b"")  # a letter may take two bytes
    return bool(re.match(rb"<[!?a-zA-Z]", begins))


def redrawn(content: bytes, longest_edge: int, form: str = "") -> bytes:
    """The same picture, upright, no larger than asked, without metadata; `form` changes its format."""
    try:
        with ONE_AT_A_TIME, Image.open(io.BytesIO(content), formats=list(IMAGES)) as image:
            if image.width * image.height > MOST_PIXELS:
                raise ValidationError(_("This picture has too many pixels. Send a smaller one."))
            form = form or image.format or "JPEG"
            image.draft("RGB", (longest_edge, longest_edge))
            drawn = ImageOps.exif_transpose(image)
            drawn.thumbnail((longest_edge, longest_edge))
            has_alpha = form != "JPEG" and ("A" in drawn.getbands() or "transparency" in drawn.info)
            drawn = drawn.convert("RGBA" if has_alpha else "RGB")
            drawn.info = {}  # what is written beside the picture, such as a comment, goes too
            kept = io.BytesIO()
            drawn.save(kept, form, quality=82, optimize=True)
            return kept.getvalue()
    except ValidationError:
        raise
    except (OSError, ValueError, SyntaxError, OverflowError, MemoryError) as fault:
        raise ValidationError(
            _("This picture is damaged. Open it on your device, save it again and resend it.")
        ) from fault


def small(photo: Checked) -> Checked:
    """The photo as a list shows it: a few kilobytes."""
    photo.file.seek(0)
    content = redrawn(photo.file.read(), SMALL_EDGE, "WEBP")
    name = f"{secrets.token_hex(16)}.webp"
    return Checked(ContentFile(content, name=name), hashlib.sha256(content).hexdigest(), "image", name)


@contextmanager
def kept(file: Checked | None, folder: str) -> Iterator[str]:
    """Keep the file while the block writes the record of it; if the block fails, the file goes too.

    Gives the name to put into a FileField: `folder/year/random.ext`; empty where there is no file.
    """
    if file is None:
        yield ""
        return
    name = f"{folder}/{timezone.localdate().year}/{file.name}"
    try:
        file.file.seek(0)
        default_storage.save(name, file.file)
    except OSError as fault:
        default_storage.delete(name)
        raise NotKept() from fault
    try:
        yield name
    except BaseException:
        default_storage.delete(name)
        raise


def drop(*names: str | None) -> None:
    """Files that nothing records any more go, once what removed their records holds."""
    for name in filter(None, names):
        transaction.on_commit(partial(default_storage.delete, name))


def sent(name: str, *, called: str = "") -> FileResponse:
    """The kept file as an answer: pictures are shown, all else is downloaded; nothing in it can run.

    `called` is what the reader's device will name it, without extension. A file that is not there is a 404.
    """
    extension = PurePosixPath(name).suffix
    if not KEPT_NAME.fullmatch(name) or extension not in TYPES:
        raise Http404
    try:
        opened = default_storage.open(name)
    except FileNotFoundError as fault:
        raise Http404 from fault
    answer = FileResponse(
        opened,
        as_attachment=extension not in KINDS["image"],
        filename=f"{called or PurePosixPath(name).stem}{extension}",
        content_type=TYPES[extension],
    )
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, max-age=0, must-revalidate"
    return answer


def public(request: HttpRequest, name: str) -> FileResponse:
    """The door to the folders of which everything is public; other files have doors of their own."""
    if name.partition("/")[0] not in PUBLIC:
        raise Http404
    return sent(name)
