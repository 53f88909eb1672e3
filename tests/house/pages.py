"""Budgets of templates and style sheets."""

import re
from collections.abc import Iterable

from tests.access import NO_PAGES

from . import room_of

LINES = 150
ALLAUTH = {"account", "mfa", "socialaccount", "usersessions", "allauth"}
FILES = NO_PAGES | {"ledger:proof"}
DJANGO = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html"}
PHYSICAL = re.compile(
    r"(?:^|[\s;{])(?:[\w-]*-)?(left|right)(?:-[\w]+)*\s*:|(?:float|clear|text-align|caption-side)\s*:\s*(left|right)\b"
)
QUOTED = re.compile(r"(?<=[\"'])[^\"'#\n]+(?=[\"'#])")


def long_template(path: str, text: str) -> list[str]:
    lines = len(text.splitlines())
    return [f"{lines} lines, {LINES} at most"] if lines > LINES else []


def inline(path: str, text: str) -> list[str]:
    """What a strict content security policy would block."""
    text = re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", text, flags=re.S)
    found = []
    for tag in re.findall(r"<script\b[^>]*>", text, flags=re.I):
        if "src=" not in tag and "application/json" not in tag and "application/ld+json" not in tag:
            found.append("an inline script")
    found += ["an inline style sheet"] * len(re.findall(r"<style\b", text, flags=re.I))
    found += ["an inline style"] * len(re.findall(r"<[^>]*\sstyle\s*=", text, flags=re.I))
    found += [f"an inline {name}" for name in re.findall(r"<[^>]*\s(on[a-z]+)\s*=", text, flags=re.I)]
    found += ["a javascript: address"] * len(re.findall(r"(?:href|src|action)\s*=\s*[\"']\s*javascript:", text, re.I))
    return found


def grouped(path: str, text: str) -> list[str]:
    """Numbers that machines read, written as people read them: the form of idea 1 234 would be refused."""
    found = re.findall(r"(?<=[-#=\"]){{ ((?:[\w.]+\.)?(?:pk|number|cycle_id)) }}", text)
    return [f"{name} in an attribute without |unlocalize" for name in found]


def queries(path: str, text: str) -> list[str]:
    """Questions put to the database by a template."""
    tags = re.findall(r"{[{%].*?[%}]}", text)
    return [
        f"a query in {tag}"
        for tag in tags
        if re.search(r"(?<!forloop)\.(objects|filter|exists|distinct|first|last)\b", tag)
    ]


def unreachable(path: str, text: str) -> list[str]:
    """What scrolls must be reached by keyboard."""
    wraps = re.findall(r"<div class=\"tablewrap[^>]*>", text)
    return [f"{tag} is not reached by keyboard" for tag in wraps if "tabindex" not in tag]


def taken_away(path: str, text: str) -> list[str]:
    """A page is opened: only what is no page is taken away as a file."""
    links = re.findall(r"<a\b[^>]*?{% url [\"']([\w:-]+)[\"'][^>]*\sdownload\b", text)
    return [f"{name} is a page, and would be saved instead of opened" for name in links if name not in FILES]


def homeless(path: str, text: str) -> list[str]:
    """A room's templates lie in the folder with its name."""
    room = room_of(path)
    if not room or "/templates/" not in path:
        return []
    folder = path.split("/templates/")[1].split("/")[0]
    own = {room.split("/")[1], *(ALLAUTH if room == "ground/accounts" else ())}
    return [] if folder in own else [f"lies in the folder “{folder}”"]


def unused(templates: Iterable[str], texts: Iterable[str]) -> list[str]:
    """Templates that no code and no other template names."""
    told = {words for text in texts for words in QUOTED.findall(text)}
    names = (path.split("/templates/")[1] for path in templates)
    return [name for name in names if name.split("/")[0] not in ALLAUTH | DJANGO and name not in told]


def physical(path: str, text: str) -> list[str]:
    """Left and right, where there is only start and end."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    return [f"“{line.strip()}” is physical" for line in text.splitlines() if PHYSICAL.search(line)]


def important(path: str, text: str) -> list[str]:
    return ["shouts !important"] * text.count("!important")
