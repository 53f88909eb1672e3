"""The pieces of the pages, in both directions; the words of people, safely."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, engines
from django.test import Client, RequestFactory
from django.utils import translation

from infitah.lib import dates
from infitah.lib.i18n import Localized, with_tongues
from infitah.ui import charts
from infitah.ui.templatetags import ui
from tests import make

TREACHEROUS = '<script>alert("x")</script>\nsecond line'


def test_said_escapes_and_keeps_lines_and_language() -> None:
    shown = ui.said(TREACHEROUS, "ary")
    assert shown.startswith('<span class="said" dir="auto" lang="ary">&lt;script&gt;')
    assert "<br>second line" in shown


def test_said_names_no_language_where_none_is_known() -> None:
    assert "lang=" not in ui.said("olá", "und")


def test_told_escapes_and_says_which_language_it_shows() -> None:
    with translation.override("fr"):
        assert ui.told(Localized(ar="<b>تطوان")) == '<span lang="ar" dir="rtl">&lt;b&gt;تطوان</span>'
        assert ui.told(Localized(ar="تطوان", fr="Tétouan")) == '<span lang="fr" dir="ltr">Tétouan</span>'
        assert ui.told(None) == ""


def test_every_page_leads_to_itself_in_the_other_languages(rf: RequestFactory) -> None:
    def there(address: str) -> str:
        return str(ui.here_in(Context({"request": rf.get(address)}), "fr"))

    assert there("/ar/c/tetouan/ideas/?q=eau&before=3") == "/fr/c/tetouan/ideas/?q=eau&before=3"
    assert there("/fr/") == there("/ar/") == "/fr/"
    assert there("/r/ABCD-EFGH/") == "/ar/speak/?language=fr&to=%2Fr%2FABCD-EFGH%2F"


def test_a_text_can_be_asked_for_in_one_language() -> None:
    with translation.override("fr"):
        assert ui.told_in(Localized(ar="تطوان", fr="Tétouan"), "ar") == "تطوان"
        assert ui.told_in(Localized(fr="Tétouan"), "ar") == "Tétouan"


@pytest.mark.parametrize(
    ("language", "expected"),
    [("ar", "1 غشت 2025"), ("fr", "1er août 2025"), ("en", "1 August 2025"), ("zgh", "1 ⵖⵓⵛⵜ 2025")],
)
def test_days_are_written_as_morocco_writes_them(language: str, expected: str) -> None:
    assert dates.day(date(2025, 8, 1), language).replace("\u00a0", " ") == expected


def test_moments_follow_the_clock_of_the_place() -> None:
    assert dates.moment(datetime(2025, 6, 27, 23, 30, tzinfo=UTC), "fr").replace("\u00a0", " ") == "28 juin 2025, 00:30"


@pytest.mark.parametrize(
    ("language", "expected"), [("ar", "1\u202f590 7,5"), ("zgh", "1\u202f590 7,5"), ("fr", "1\u00a0590 7,5")]
)
def test_large_numbers_are_grouped_in_every_language_and_plain_for_machines(language: str, expected: str) -> None:
    piece = engines["django"].from_string('{{ n }} {{ x }}|<b id="{{ n|unlocalize }}">')
    with translation.override(language):
        assert piece.render({"n": 1590, "x": 7.5}) == f'{expected}|<b id="1590">'


def test_an_icon_is_silent_unless_it_stands_alone() -> None:
    assert 'aria-hidden="true"' in ui.icon("check")
    assert 'role="img" aria-label="&lt;Done"' in ui.icon("check", "<Done")


@pytest.mark.parametrize(
    ("language", "written"),
    [("ar", 'lang="ar" dir="rtl"'), ("fr", 'lang="fr" dir="ltr"'), ("en", 'lang="en" dir="ltr"')],
)
def test_every_piece_shows_in_its_direction(client: Client, db: None, language: str, written: str) -> None:
    answer = client.get(f"/{language}/styleguide/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f"<html {written}>" in page
    for piece in (
        "phases",
        "cta",
        "figures",
        "filters",
        "trail tall",
        "badge late",
        "notice ok",
        "two",
        "errors",
        "pager",
    ):
        assert f'class="{piece}' in page, piece


def test_a_page_that_borrows_its_words_says_so_and_marks_its_own(client: Client, db: None) -> None:
    place = make.idea(make.programme(opened="ideas")).place
    page = client.get(f"/zgh/c/{place.slug}/ideas/").content.decode()
    assert '<html lang="ar" dir="rtl">' in page  # chiefly Arabic as long as few words are settled
    assert '<h1><span lang="zgh" dir="ltr">ⵜⵉⵡⵏⴳⵉⵎⵉⵏ</span></h1>' in page
    assert "<title>ⵜⵉⵡⵏⴳⵉⵎⵉⵏ" in page and 'aria-label="ⵜ' not in page


def test_only_what_is_read_as_text_is_marked() -> None:
    kept = '<option>ⴰⵙⵎⴰⵍ</option><input value="ⴰⵙⵎⴰⵍ"><b>الموقع</b>'
    assert with_tongues(kept) == kept
    assert with_tongues("<b>12 ⵖⵓⵛⵜ 2025</b>") == '<b>12 <span lang="zgh" dir="ltr">ⵖⵓⵛⵜ</span> 2025</b>'


@pytest.mark.parametrize("address", ["/fr/styleguide/", "/fr/nothing-here/"])
def test_pages_carry_no_style_or_script_of_their_own(client: Client, db: None, address: str) -> None:
    page = client.get(address).content.decode()
    assert not re.search(r'\sstyle=|\son\w+=|<style|<script(?![^>]*src=")', page)
    assert "http://" not in page.replace("http://www.w3.org", "").replace(settings.SITE_URL, "")


def test_the_language_switch_stays_on_the_page(client: Client, db: None) -> None:
    page = client.get("/fr/styleguide/?q=eau").content.decode()
    assert 'href="/ar/styleguide/?q=eau"' in page


def test_a_language_is_remembered_for_pages_without_one(client: Client) -> None:
    answer = client.get("/fr/speak/", {"language": "fr", "to": "/r/ABC/"})
    assert answer.headers["Location"] == "/r/ABC/"
    assert answer.cookies["language"].value == "fr"


def test_the_language_switch_leads_nowhere_else(client: Client) -> None:
    assert client.get("/fr/speak/", {"language": "xx", "to": "https://evil.example/"}).headers["Location"] == "/"


def test_an_unknown_address_is_told_kindly(client: Client, db: None) -> None:
    answer = client.get("/ar/nothing-here/")
    assert answer.status_code == 404
    assert "هذه الصفحة غير موجودة" in answer.content.decode()


def test_every_icon_that_a_page_asks_for_is_drawn() -> None:
    asked = {
        name
        for path in Path(settings.HOUSE).rglob("infitah/**/*.html")
        for name in re.findall(r'{% icon "([\w-]+)"', path.read_text())
    }
    assert asked - set(ui.ICONS) - set(ui.ALSO) == set()


def test_a_piece_included_alone_still_guards_its_form(client: Client, db: None) -> None:
    page = client.get("/fr/styleguide/").content.decode()
    tokens = re.findall(r'name="csrfmiddlewaretoken" value="(\w*)"', page)
    assert len(tokens) == 4
    assert all(tokens)


def test_bars_are_as_long_as_their_numbers() -> None:
    assert [row["share"] for row in charts.bars([("a", 50, ""), ("b", 200, "")])] == [25, 100]
    assert charts.bars([]) == []


def test_the_most_is_the_darkest_and_none_is_pale() -> None:
    assert [charts.level(number, 8) for number in (0, 1, 2, 3, 8)] == [0, 1, 1, 2, 4]
