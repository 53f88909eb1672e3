"""Languages: officials' texts in several, residents' texts in the one they wrote."""

import re
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

READ = ["ar", "fr", "zgh", "en"]  # the languages the pages speak, in the order of falling back
LENT = {"zgh": "ar"}  # few of its words are settled: until they are, its pages are chiefly in the one they fall back on
TIFINAGH = re.compile(
    r"(?P<whole><(?:title|textarea|option|script|style)\b.*?</|<[^>]*>)|[\u2d30-\u2d7f]+(?:[\s'’-]+[\u2d30-\u2d7f]+)*",
    re.S,
)


def page_language() -> str:
    """The language that the reader's pages are chiefly written in: theirs, or the one it falls back on."""
    wanted = (get_language() or "ar").split("-")[0]
    return LENT.get(wanted, wanted)


def with_tongues(page: str) -> str:
    """The page of a language that borrows its words, with its own words (Tifinagh, in the text) marked as such."""
    own = '<span lang="zgh" dir="ltr">{}</span>'
    return TIFINAGH.sub(lambda found: found[0] if found["whole"] else own.format(found[0]), page)


NAMED = re.compile(r"\b(de|à) (<bdi>)?(Les? (?=[A-ZÀ-Ü])|(?=Maroc\b|Oriental\b|[AÂÀEÉÈÊIÎOÔUÙ]))")
ARTICLES = {"de Le ": "du ", "de Les ": "des ", "à Le ": "au ", "à Les ": "aux "}
BEFORE = {"de Maroc": "du ", "à Maroc": "au ", "de Oriental": "de l’", "à Oriental": "à l’", "de ": "d’"}


def elided(sentence: str) -> str:
    """The sentence with the name of a place in it, as French joins them: `d’Agadir`, `du Maroc`, `de l’Oriental`.

    Y and H elide nothing here: they stand for sounds (`de Youssoufia`, `de Had Soualem`). Other languages stay as they
    are; so does what people wrote, which is not to be in the sentence.
    """
    if get_language() != "fr":
        return sentence

    def join(found: re.Match[str]) -> str:
        before, bdi, article = found[1], found[2] or "", found[3]
        follows = next((name for name in ("Maroc", "Oriental") if sentence.startswith(name, found.end())), "")
        joined = ARTICLES.get(f"{before} {article}") or BEFORE.get(f"{before} {follows}") or f"{before} "
        return joined + bdi

    return NAMED.sub(join, sentence)


class Written(models.TextChoices):
    """What residents write in; kept as written, never translated over."""

    ARABIC = "ar", _("Arabic")
    DARIJA = "ary", _("Darija")
    TAMAZIGHT = "zgh", _("Tamazight")
    FRENCH = "fr", _("French")
    ENGLISH = "en", _("English")
    SPANISH = "es", _("Spanish")
    OTHER = "und", _("Another language")


class Localized(dict[str, str]):
    """An official's text in one or more languages: `Localized(ar="…", fr="…")`; `str()` is the reader's."""

    @property
    def lang(self) -> str:
        """The language of the text that this reader is shown."""
        wanted = (get_language() or "ar").split("-")[0]
        return next((code for code in [wanted, *READ, *self] if self.get(code)), wanted)

    def __str__(self) -> str:
        return self.get(self.lang, "")

    def __bool__(self) -> bool:
        return any(self.values())

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(tuple(sorted(self.items())))


def localized(value: Any) -> Any:
    """JSON as it was kept, with each `{"ar": …, "fr": …}` in it a Localized again; what is given stays as it is."""
    if isinstance(value, list):
        return [localized(one) for one in value]
    if not isinstance(value, dict):
        return value
    if all(key in READ and isinstance(text, str) for key, text in value.items()):
        return Localized(value)
    return {key: localized(one) for key, one in value.items()}


def comma(language: str | None = None) -> str:
    """The comma of a language (the reader's, unless told): `،` in Arabic."""
    return "،" if (language or page_language()).startswith("ar") else ","


def listed(words: Iterable[object]) -> str:
    """Words one after the other, as the reader's language parts them: `أ، ب`, `a, b`."""
    return f"{comma()} ".join(map(str, words))


def joined(texts: Iterable[Localized]) -> Localized:
    """Several officials' texts as one, in each language that they have: in its alphabet, one after the other."""
    kept = list(texts)
    found = {code: sorted(text[code] for text in kept if text.get(code)) for code in READ}
    return Localized({code: f"{comma(code)} ".join(words) for code, words in found.items() if words})


class LocalizedField(models.JSONField):
    """Stores a Localized as JSON: `{"ar": "…", "fr": "…"}`."""

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("default", Localized)
        super().__init__(*args, **options)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        read = super().from_db_value(value, expression, connection)
        return Localized(read) if isinstance(read, dict) else read

    def to_python(self, value: Any) -> Any:
        read = super().to_python(value)
        return Localized(read) if isinstance(read, dict) else read
