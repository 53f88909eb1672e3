"""The words of the demonstration, read from the JSON files beside this one."""

import json
from functools import cache
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from infitah.lib.i18n import READ, Localized

FOLDER = Path(__file__).parent


def localized(found: dict[str, Any]) -> dict[str, Any]:
    """A JSON object whose keys are languages is an official's text; any other stays as it is."""
    return Localized(found) if found and set(found) <= set(READ) else found


@cache
def read(name: str) -> Any:
    """The contents of `<name>.json`."""
    return json.loads((FOLDER / f"{name}.json").read_text(), object_hook=localized)


def key(*names: object) -> UUID:
    """The number that a form would carry: the same for the same thing, so that nothing is received twice."""
    return uuid5(NAMESPACE_URL, "/".join(["demonstration", *map(str, names)]))
