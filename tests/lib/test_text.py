import hashlib
import logging
import re
import time

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from infitah.ground.moderation.queries import screen
from infitah.lib import text
from infitah.lib.http import Discreet
from infitah.lib.i18n import Localized

ANY = st.text(max_size=80)
ARABIC = st.text(alphabet="ابتةثجحخدذرزسشصضطظعغفقكلمنهويىءأإآئؤًٌٍَُِّْـ ،.", max_size=60)
CODES = st.lists(st.sampled_from(text.SYMBOLS), min_size=7, max_size=7).map("".join)


def with_check(drawn: str) -> str:
    return drawn + text.SYMBOLS[-text._weighed(drawn) % len(text.SYMBOLS)]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("تِطوانُ", "تطوان"),
        ("إقليــم", "اقليم"),
        ("الأسئلة", "الاسيله"),
        ("مستشفى", "مستشفي"),
        ("أڭادير", "اكادير"),
        ("ﻻ", "لا"),
        ("Laâyoune", "laayoune"),
        ("L'ÉGLISE-œuvre", "l eglise oeuvre"),
        ("ⵜⴰⵎⵏⴰⴹⵜ", "ⵜⴰⵎⵏⴰⴹⵜ"),
        ("٤٢ ۴۲", "42 42"),
        ("  a\u00a0\n b!? ", "a b"),
        ("\u202eab\u200b🙂", "ab"),
    ],
)
def test_folding_makes_one_key_of_all_spellings(written: str, found: str) -> None:
    assert text.fold(written) == found


@given(ANY | ARABIC)
@example("İ½ﷺ")
def test_folding_twice_is_folding_once(written: str) -> None:
    assert text.fold(text.fold(written)) == text.fold(written)


@given(ANY)
def test_a_query_is_always_one_that_postgresql_reads(words: str) -> None:
    query = text.search_query(words)
    assert query == "" or re.fullmatch(r"\w+:\*( & \w+:\*){0,11}", query.replace("\u2d6f", "x"))


def test_an_arabic_word_is_found_with_and_without_its_article() -> None:
    kept = text.search_vector_text("تحسين النظافة والإنارة").split()
    assert text.search_query("نظافة") == text.search_query("النظافه") == "نظافه:*"
    assert "نظافه" in kept
    assert "اناره" in kept


@given(ANY | ARABIC)
def test_cleaning_twice_is_cleaning_once(written: str) -> None:
    assert text.clean(text.clean(written)) == text.clean(written)


def test_cleaning_takes_away_what_is_unseen_and_keeps_what_is_meant() -> None:
    assert text.clean("a\u202eb\u2066c\u2069\x00\u200b\ufeff") == "abc"
    assert text.clean(" un\r\n\r\n\r\n\r\ndeux\t \r") == "un\n\ndeux"
    assert text.clean("e\u0301") == "é"
    assert text.clean("👨\u200d👩\u200d👧 می\u200cخواهم") == "👨\u200d👩\u200d👧 می\u200cخواهم"
    assert text.clean("\u200d \u200e\u200c") == ""
    assert text.clean("الشَّمْسُ") == "الشَّمْسُ"
    assert len(text.clean("Z" + "\u0335" * 50)) == 5
    assert text.clean("\ud800a").encode() == b"a"


@pytest.mark.parametrize("unit", [" ", " \u200e", "\n ", "a", "a.b-", "\u200f", "\u064b", "06 ", "a@a."])
def test_no_text_takes_long_to_be_cleaned_screened_or_logged(unit: str) -> None:
    endless = f"x{unit * (60_000 // len(unit))}x"
    began = time.process_time()
    text.clean(endless)
    screen(endless)
    Discreet("%(message)s").format(logging.makeLogRecord({"msg": endless}))
    assert time.process_time() - began < 2, "it grows faster than the text: a short one would hold up everyone"


def test_a_fingerprint_is_the_same_for_two_spellings() -> None:
    assert text.fingerprint("إنارة الحي!", "x") == text.fingerprint("انارة  الحيّ", "X")
    assert text.fingerprint("ab", "c") != text.fingerprint("a", "bc")


def test_words_are_checked_by_their_print_however_their_accents_are_composed() -> None:
    assert text.print_of("Atelier reporté") == text.print_of("Atelier reporte\u0301")
    assert text.print_of("Atelier reporté") == hashlib.sha256("Atelier reporté".encode()).hexdigest()
    said = '{"ar":"تأجل","fr":"Reporté"}'
    assert text.print_of(Localized(fr="Reporté", ar="تأجل")) == text.print_of(said)
    assert text.print_of("Reporté") != text.print_of("Reporté.")


def test_a_receipt_is_read_back_however_it_is_typed() -> None:
    for _ in range(50):
        code = text.new_receipt()
        shown = text.receipt_shown(code)
        typed = shown.lower().translate(str.maketrans("23456789", "٢٣٤٥٦٧٨٩"))
        assert re.fullmatch(r"\w{3}-\w{3}-\w{2}", shown)
        assert text.read_receipt(f" {shown} ") == text.read_receipt(typed) == text.read_receipt(code) == code


def test_a_receipt_may_begin_with_some_symbols_only() -> None:
    assert {text.new_receipt("AC")[0] for _ in range(50)} <= {"A", "C"}


@given(CODES, st.integers(0, 7), st.sampled_from(text.SYMBOLS))
def test_one_wrong_symbol_is_always_caught(drawn: str, at: int, wrong: str) -> None:
    code = with_check(drawn)
    assume(code[at] != wrong)
    assert text.read_receipt(code) == code
    assert text.read_receipt(code[:at] + wrong + code[at + 1 :]) is None


@given(CODES, st.integers(0, 6))
def test_a_swap_of_neighbours_is_always_caught(drawn: str, at: int) -> None:
    code = with_check(drawn)
    assume(code[at] != code[at + 1])
    assert text.read_receipt(code[:at] + code[at + 1] + code[at] + code[at + 2 :]) is None


@given(ANY)
def test_no_text_breaks_the_reading_of_a_receipt(typed: str) -> None:
    code = text.read_receipt(typed)
    assert code is None or text.read_receipt(code) == code


@given(ANY | ARABIC, ANY | ARABIC)
def test_differences_give_back_both_texts(before: str, after: str) -> None:
    pieces = text.differences(before, after)
    assert "".join(words for kind, words in pieces if kind != "new") == before
    assert "".join(words for kind, words in pieces if kind != "gone") == after
    assert all(words for _, words in pieces)


def test_differences_are_told_word_by_word_in_arabic_too() -> None:
    assert text.differences("نشر الميزانيّة كل سنة", "نشر ميزانية المواطن كل سنة") == [
        ("same", "نشر "),
        ("gone", "الميزانيّة"),
        ("new", "ميزانية المواطن"),
        ("same", " كل سنة"),
    ]
    assert text.differences("un deux", "trois quatre") == [("gone", "un deux"), ("new", "trois quatre")]


@pytest.mark.parametrize(
    ("written", "language"),
    [
        ("نطلب من الجماعة نشر الميزانية", "ar"),
        ("بغينا الإنارة فالحي ديالنا", "ary"),
        ("Il faut publier le budget de la commune", "fr"),
        ("The budget should be published in plain words", "en"),
        ("Hay que publicar el presupuesto y los gastos", "es"),
        ("bghina tri9 mezyan dyal douar", "ary"),
        ("ⴰⵙⵏⴼⴰⵔ ⵏ ⵓⵙⵇⵇⵉⵎ", "zgh"),
        ("🙂", "ar"),
    ],
)
def test_the_language_is_guessed_as_a_default(written: str, language: str) -> None:
    assert text.guess_language(written) == language


@pytest.mark.parametrize("cell", ["=cmd|'/c calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\u202e =1", "＝1"])
def test_a_formula_leaves_as_plain_text(cell: str) -> None:
    assert text.neutral(cell) == f"'{cell}"


def test_an_ordinary_cell_leaves_as_it_is() -> None:
    assert text.neutral("Tétouan = تطوان") == "Tétouan = تطوان"
