"""Typeset documents: a typst template and JSON data give a PDF. What people wrote is data, never markup."""

import json
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typst

FONT_PACKAGE = "fontpkg_ibm_plex_sans_arabic"


def fonts() -> Path:
    """The folder of the fonts: IBM Plex Sans Arabic, which carries Latin too."""
    found = find_spec(FONT_PACKAGE)
    assert found is not None and found.origin is not None, f"the package {FONT_PACKAGE} is not installed"
    return Path(found.origin).parent / "files"


def typeset(template: Path, data: dict[str, Any], *, at: datetime) -> bytes:
    """The PDF that the template makes of the data, which it reads as `json(bytes(sys.inputs.data))`.

    The same data and the same `at` (the day the document is of) give the same bytes. Nothing outside the template's
    own folder is read, and no system font is used.
    """
    return _made(template, data, format="pdf", timestamp=int(at.timestamp()))


def drawn(template: Path, data: dict[str, Any], *, per_inch: int) -> bytes:
    """The same as a picture (PNG), of so many points per inch."""
    return _made(template, data, format="png", ppi=per_inch)


def _made(template: Path, data: dict[str, Any], **wanted: Any) -> bytes:
    made: bytes = typst.compile(
        str(template),
        root=str(template.parent),
        font_paths=[str(fonts())],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        **wanted,
    )
    return made
