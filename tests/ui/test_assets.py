"""What browsers load: it is there, it is light, it turns with the language."""

import gzip
import json
import re
from pathlib import Path
from typing import Any

import polib
import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation.reloader import translation_file_changed

from infitah.ui import assets

BUILT = settings.BUILD / "static"
BOOKS = settings.LOCALE_PATHS


def packed(name: str) -> int:
    return len(gzip.compress((BUILT / name).read_bytes(), 9))


def test_nothing_is_made_twice() -> None:
    assert assets.build() is False


def weight(*fonts: str) -> int:
    """A page with its HTML (10 kB at most), styles, scripts, these fonts and the headers of it all."""
    letters = sum((BUILT / "fonts" / f"{name}.woff2").stat().st_size for name in fonts)
    return 10_000 + packed("site.css") + packed("site.js") + letters + 600 * (len(fonts) + 3)


def test_the_scripts_stay_under_their_budget() -> None:
    assert packed("site.js") + packed("htmx.js") <= 20_000


def test_pages_with_their_fonts_stay_under_their_budgets() -> None:
    assert weight("latin-400", "latin-600", "guest-400") <= 60_000
    assert weight("arabic-400", "arabic-600") <= 100_000


def test_a_latin_page_asks_for_no_arabic_letters() -> None:
    tokens = (assets.SOURCES / "css/2-tokens.css").read_text()
    latin, arabic = (re.search(rf"{where} {{[^}}]*--font: ([^;]*);", tokens) for where in (":root", r":lang\(ar\)"))
    assert latin and "Plex Arabic" not in latin[1]
    assert arabic and "Plex Arabic" in arabic[1]


@pytest.mark.parametrize("path", sorted((assets.SOURCES / "css").glob("*.css")), ids=lambda path: path.name)
def test_styles_know_no_left_and_right(path) -> None:
    text = re.sub(r"/\*.*?\*/|--end[^;})]*|to var\([^)]*\)", "", path.read_text(), flags=re.S)
    assert not re.findall(r"[\w-]*\b(?:left|right)\b", text)
    declared = re.sub(r"@(?:media|container)[^{]*", "", text)
    assert not re.findall(
        r"(?<![\w-])(?:(?:margin|padding|border)-(?:top|bottom)|(?:min-|max-)?(?:width|height)):", declared
    )
    assert "!important" not in text


def test_styles_and_drawings_come_from_this_house() -> None:
    assert "http" not in (BUILT / "site.css").read_text().replace("http://www.w3.org/2000/svg", "").replace(
        "^=http", ""
    ).replace('^="http"', "")


def test_words_that_change_are_spoken_by_the_process_that_made_them(tmp_path: Path, settings: Any) -> None:
    source, made = tmp_path / "words/fr/LC_MESSAGES", tmp_path / "made"
    source.mkdir(parents=True)
    settings.WORDS, settings.LOCALE_PATHS = tmp_path / "words", [made]
    try:
        for said in ("Bonjour à tous", "Salut à tous"):
            book = polib.POFile()
            book.metadata = {"Content-Type": "text/plain; charset=utf-8"}
            book.append(polib.POEntry(msgid="Good day to all", msgstr=said))
            book.save(str(source / "django.po"))
            assets.make_words(made)
            with translation.override("fr"):
                assert translation.gettext("Good day to all") == said
    finally:
        settings.LOCALE_PATHS = BOOKS
        translation_file_changed(None, made / "django.mo")


def test_every_language_has_its_words() -> None:
    for language in ("ar", "fr"):
        words = polib.mofile(str(settings.BUILD / "locale" / language / "LC_MESSAGES" / "django.mo"))
        assert words.find("Find your commune").msgstr


def test_what_was_built_is_served_under_a_name_of_its_own() -> None:
    manifest = json.loads((settings.STATIC_ROOT / "staticfiles.json").read_text())
    assert re.fullmatch(r"built/site\.[0-9a-f]{12}\.css", manifest["paths"]["built/site.css"])


@pytest.mark.parametrize(
    "written, bound",
    [
        ("Titre : « un mot » ; oui ! non ?", "Titre~: «~un mot~»~; oui~! non~?"),
        (" :", "~:"),
        ("De 10 000 à 35 000, le 12 2026", "De 10~000 à 35~000, le 12 2026"),
        ("%(rate)s %% de réponses à %(place)s", "%(rate)s~%% de réponses à %(place)s"),
        ("<a href=%(url)s>ici</a> : 12 % sur 8 %(unit)s", "<a href=%(url)s>ici</a>~: 12~% sur 8 %(unit)s"),
    ],
)
def test_no_line_of_french_begins_with_a_sign(written: str, bound: str) -> None:
    book = polib.POFile()
    book.append(polib.POEntry(msgid="x", msgstr=written))
    book.append(polib.POEntry(msgid="y", msgid_plural="z", msgstr_plural={0: written, 1: written}))
    assets.bind_signs(book)
    bound = bound.replace("~", "\N{NO-BREAK SPACE}")
    assert (book[0].msgstr, book[1].msgstr_plural) == (bound, {0: bound, 1: bound})
