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
    made: bytes = typst.compile(
        str(template),
        root=str(template.parent),
        font_paths=[str(fonts())],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        timestamp=int(at.timestamp()),
    )
    return made
