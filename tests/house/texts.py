"""Every text for people, in the code and the templates, and whether it is translated."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import allauth
import django
import polib
from django.utils.translation import templatize

from .code import imports, nodes

SAYS = {
    "gettext": 1,
    "gettext_lazy": 1,
    "gettext_noop": 1,
    "ngettext": 2,
    "ngettext_lazy": 2,
    "pgettext": 1,
    "pgettext_lazy": 1,
    "npgettext": 2,
    "npgettext_lazy": 2,
}
STRING = r"u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
CALL = re.compile(rf"\b(_|n?p?gettext)\(\s*({STRING}(?:\s*,\s*{STRING})*)", re.S)
HOLE = re.compile(r"%\(\w+\)[a-z]|%[sd]|{\w*}")

Text = tuple[str, str]  # context, message id


def texts_of_code(text: str) -> Iterator[Text]:
    """What Python code gives to gettext."""
    says = {"_": "gettext"}
    for node in imports(text):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            says |= {name.asname or name.name: name.name for name in node.names if name.name in SAYS}
    for node in nodes(text):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            verb = says.get(name, name)
            if verb in SAYS:
                words = [part.value for part in node.args if isinstance(part, ast.Constant) and type(part.value) is str]
                yield from texts_of_call(verb, words)


def texts_of_template(path: str, text: str) -> Iterator[Text]:
    """What a template gives to gettext, through Django's own reading of it."""
    for verb, strings in CALL.findall(templatize(text, origin=path)):
        words = [ast.literal_eval(word) for word in re.findall(STRING, strings, re.S)]
        yield from texts_of_call("gettext" if verb == "_" else verb, words)


def texts_of_call(verb: str, words: list[str]) -> Iterator[Text]:
    context = words.pop(0) if "pgettext" in verb and words else ""
    if words and words[0]:
        yield context, words[0]


def lacking(used: set[Text], book: Path) -> list[str]:
    """The texts that a book of translations lacks, leaves in doubt, or translates with other holes to fill."""
    entries = entries_of(book)
    missing = [f"lacks “{words}”" for context, words in used if (context, words) not in entries]
    return missing + [word for key in used & entries.keys() for word in doubts(entries[key])]


def idle(used: set[Text], book: Path) -> list[str]:
    """The texts of a book that nothing says: neither the house nor the packages whose words the book puts better."""
    kept = entries_of(book).keys()
    return [f"keeps “{words}”, which nothing says" for _, words in sorted(kept - used - texts_of_packages())]


@cache
def entries_of(book: Path) -> dict[Text, polib.POEntry]:
    return {(entry.msgctxt or "", entry.msgid): entry for entry in polib.pofile(str(book))}


@cache
def texts_of_packages() -> set[Text]:
    """What Django and allauth say by themselves."""
    books = [Path(django.__file__).parent / "conf", Path(allauth.__file__).parent]
    found = [polib.mofile(str(book / "locale/ar/LC_MESSAGES/django.mo")) for book in books]
    return {(entry.msgctxt or "", entry.msgid) for book in found for entry in book}


def doubts(entry: polib.POEntry) -> list[str]:
    if entry.fuzzy or not entry.translated():
        return [f"leaves “{entry.msgid}” {'in doubt' if entry.fuzzy else 'untranslated'}"]
    asked = set(HOLE.findall(entry.msgid)) | set(HOLE.findall(entry.msgid_plural))
    given = [set(HOLE.findall(told)) for told in (entry.msgstr_plural or {0: entry.msgstr}).values()]
    return [f"fills other holes in “{entry.msgid}”" for holes in given if not holes <= asked] + [
        f"loses a hole of “{entry.msgid}”" for holes in given if not entry.msgid_plural and holes != asked
    ]
