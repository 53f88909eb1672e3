"""Budgets of Python code, read from its syntax tree."""

import ast
import re
from collections.abc import Iterator
from functools import cache

from . import FLOORS, room_of

ORDER = ["models", "catalog", "queries", "rules", "actions", "jobs", "forms", "views", "urls", "api"]
OUTLOOK_ONLY = {"catalog", "api"}
OPEN_TO_OTHERS = {"models", "queries", "rules", "actions"}
FOLDERS = {"templates", "migrations", "management", "static"}
OWN_FOLDERS = {("outlook/website", "demonstration")}  # what `demo` plays
WRITES = {"save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
ASYNC_WRITES = {f"a{verb}" for verb in WRITES | {"update", "delete"}}
MAY_WRITE = {
    ("infitah/ground/accounts/models.py", "create_user"),  # allauth makes accounts through it
    ("infitah/outlook/website/demonstration/pictures.py", "photo"),  # a drawing, into memory
}
SQL_WRITE = re.compile(r"\s*(INSERT INTO|UPDATE \w+ SET|DELETE FROM|TRUNCATE|COPY \w+)")
LINKS = {"ForeignKey", "OneToOneField", "ManyToManyField"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def parsed(text: str) -> ast.Module:
    return ast.parse(text)


@cache
def nodes(text: str) -> list[ast.AST]:
    """The whole tree, walked once for all checks."""
    return list(ast.walk(parsed(text)))


@cache
def functions(text: str) -> list[Function]:
    return [node for node in nodes(text) if isinstance(node, Function)]


@cache
def imports(text: str) -> list[ast.Import | ast.ImportFrom]:
    return [node for node in nodes(text) if isinstance(node, ast.Import | ast.ImportFrom)]


def long_file(path: str, text: str) -> list[str]:
    lines = len(text.splitlines())
    return [f"{lines} lines, 400 at most"] if lines > 400 else []


def long_functions(path: str, text: str) -> list[str]:
    long = [(node.name, (node.end_lineno or 0) - node.lineno + 1) for node in functions(text)]
    return [f"{name} has {lines} lines, 40 at most" for name, lines in long if lines > 40]


def long_views(path: str, text: str) -> list[str]:
    if not path.endswith("/views.py"):
        return []
    long = [(node.name, (node.end_lineno or 0) - node.lineno + 1) for node in functions(text)]
    return [f"the view {name} has {lines} lines, 20 at most" for name, lines in long if lines > 20]


def inner_imports(path: str, text: str) -> list[str]:
    if set(imports(text)) <= set(parsed(text).body):  # all on top: no function need be looked into
        return []
    return [
        f"imports inside {function.name}"
        for function in functions(text)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]


def writes(path: str, text: str) -> list[str]:
    """Writing to the database, in a room, elsewhere than in its actions."""
    if not room_of(path) or path.endswith("/actions.py") or "/migrations/" in path:
        return []
    free = {
        id(inner) for function in functions(text) if (path, function.name) in MAY_WRITE for inner in ast.walk(function)
    }
    return [
        f"writes outside actions.py, line {node.lineno}"
        for node in nodes(text)
        if id(node) not in free and isinstance(node, ast.expr) and (is_write(node) or is_sql_write(node))
    ]


def strange_keys(path: str, text: str) -> list[str]:
    """Looking for the form that bears a key without asking whose it is, as `lib.states.sent_before` does."""
    asks = {"filter", "get", "get_or_create"}
    return [
        f"asks for a key, not whose it is, line {node.lineno}"
        for node in nodes(text)
        if path.endswith("/actions.py") and isinstance(node, ast.Call) and getattr(node.func, "attr", "") in asks
        if any(word.arg == "key" and getattr(word.value, "id", "") == "key" for word in node.keywords)
    ]


def is_write(node: ast.AST) -> bool:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    verb = node.func.attr
    if verb == "update":  # a dictionary is updated with another one, rows with named values
        return bool(node.keywords) and not node.args
    if verb == "delete":  # a cache deletes a key, rows delete themselves
        return not node.args and not node.keywords
    return verb in WRITES | ASYNC_WRITES


def is_sql_write(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(SQL_WRITE.match(node.value))


def string_links(path: str, text: str) -> list[str]:
    """Foreign keys that name their class in a string."""
    found = []
    for node in nodes(text):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in LINKS:
            to = [*node.args[:1], *(named.value for named in node.keywords if named.arg in {"to", "through"})]
            found += [arg.value for arg in to if isinstance(arg, ast.Constant) and arg.value != "self"]
    return [f"a foreign key names “{name}” in a string" for name in found]


def signals(path: str, text: str) -> list[str]:
    return [
        f"listens to signals, line {node.lineno}"
        for node in imports(text)
        if isinstance(node, ast.ImportFrom)
        and ("signals" in (node.module or "").split(".") or node.module == "django.dispatch")
    ]


def overridden_save(path: str, text: str) -> list[str]:
    return [
        f"{node.name} overrides {part.name}()"
        for node in nodes(text)
        if isinstance(node, ast.ClassDef)
        for part in node.body
        if isinstance(part, Function) and part.name in {"save", "delete"}
    ]


def strange_file(path: str, text: str) -> list[str]:
    """A file that no room has."""
    room = room_of(path)
    if not room:
        return []
    first, *deeper = path.split("/")[3:]
    if deeper:
        return [] if first in FOLDERS or (room, first) in OWN_FOLDERS else [f"no room has a folder “{first}”"]
    name = first.removesuffix(".py")
    if name not in {*ORDER, "__init__"}:
        return [f"no room has a file “{first}”"]
    if name in OUTLOOK_ONLY and not room.startswith("outlook/"):
        return [f"only the outlook has a file “{first}”"]
    return [] if text.strip() else ["created empty"]


def door_plate(path: str, text: str) -> list[str]:
    """A room's `__init__.py` is its door plate: a few words, and nothing else."""
    if not re.fullmatch(r"infitah/\w+/\w+/__init__\.py", path) or not room_of(path):
        return []
    tree = parsed(text)
    plate = ast.get_docstring(tree) or ""
    return (
        [] if plate and len(tree.body) == 1 and len(plate.splitlines()) <= 6 else ["the door plate is a docstring only"]
    )


def imported(path: str, text: str) -> Iterator[tuple[str, str]]:
    """The rooms' files that a file imports, as (room, file)."""
    home = path.removesuffix(".py").split("/")
    for node in imports(text):
        if isinstance(node, ast.ImportFrom):
            base = home[: len(home) - node.level] if node.level else []
            module = [*base, *(node.module.split(".") if node.module else [])]
            names = [[*module, name.name] for name in node.names]
        else:
            names = [name.name.split(".") for name in node.names]
        for parts in names:
            if len(parts) > 3 and room_of("/".join([*parts, ""])):
                yield "/".join(parts[1:3]), parts[3]


def out_of_order(path: str, text: str) -> list[str]:
    """A file of a room that imports one that comes after it in the list."""
    room, name = room_of(path), path.split("/")[-1].removesuffix(".py")
    if not room or len(path.split("/")) > 4 or name not in ORDER:
        return []
    later = ORDER[ORDER.index(name) + 1 :]
    return [
        f"{name} imports {file}, which comes after it"
        for near, file in imported(path, text)
        if near == room and file in later
    ]


def strangers_in(path: str, text: str) -> list[str]:
    """Another room's views, forms or other private files."""
    room = room_of(path)
    if not path.startswith("infitah/"):
        return []
    return [
        f"imports {file} of {other}"
        for other, file in imported(path, text)
        if other != room and file not in OPEN_TO_OTHERS
    ]


def test_names(path: str, text: str) -> list[str]:
    """A test's name is a sentence: three words or more."""
    if not path.startswith("tests/") or not path.split("/")[-1].startswith("test_"):
        return []
    names = [node.name for node in functions(text) if node.name.startswith("test")]
    return [f"{name} is not a sentence" for name in names if not re.fullmatch(r"test(_[a-z0-9]+){3,}", name)]


def stranger_tests(path: str, text: str) -> list[str]:
    """Tests mirror the floors: `tests/journey/test_ideas.py`, `tests/journey/test_ideas_import.py`."""
    parts = path.split("/")
    if len(parts) < 3 or parts[0] != "tests" or parts[1] not in FLOORS or not parts[-1].startswith("test_"):
        return []
    return [] if re.match(r"test_[a-z]+", parts[-1]) and len(parts) == 3 else ["tests mirror the floors and rooms"]
