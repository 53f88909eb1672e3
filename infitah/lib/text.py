"""Words: one search key for every spelling, clean text from residents, receipts, differences, languages."""

import hashlib
import json
import re
import secrets
import unicodedata
from collections.abc import Hashable, Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any, Literal, TypeVar

# -- one key for every spelling ------------------------------------------------------------------

# Letters that people write one for the other; Persian and Maghrebi ones as their nearest; hamza and tatweel as nothing.
SAME_LETTERS = str.maketrans(
    {
        **dict.fromkeys("ٱ", "ا"),
        **dict.fromkeys("ىیېۍ", "ي"),
        **dict.fromkeys("ةہەۃھ", "ه"),
        **dict.fromkeys("کگڭݣڨ", "ك"),
        **dict.fromkeys("ڤڥ", "ف"),
        **dict.fromkeys("ءـ", ""),
        **dict(zip("پچژøđłı", "بجزodli", strict=True)),
        "œ": "oe",
        "æ": "ae",
    }
)


class _Folded(dict[int, str]):
    """What each character becomes in a search key, worked out at its first use."""

    def __missing__(self, number: int) -> str:
        spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", chr(number)).casefold())
        folded = "".join(self._fold(char) for char in spread)
        if number < 0x3000:  # the scripts of this country; what strangers send does not fill the memory
            self[number] = folded
        return folded

    @staticmethod
    def _fold(char: str) -> str:
        if unicodedata.category(char) in {"Mn", "Me", "Cf", "Sk"}:
            return ""
        if char.isalpha():
            return char.translate(SAME_LETTERS)
        digit = unicodedata.digit(char, None)
        return str(digit) if digit is not None else " "


FOLDED = _Folded()


def fold(text: str) -> str:
    """One search key for all spellings of the same words; the same at write and at query; `fold(fold(x)) == fold(x)`.

    Arabic loses diacritics, tatweel and hamza, and its alefs, yas and ta marbutas become one; Latin loses case and
    accents; Tifinagh stays; digits become 0-9; all else (punctuation, hyphens, emoji) parts words with one space.
    """
    return " ".join(text.translate(FOLDED).split())


ARTICLE = re.compile(r"^[وف]?(?:[بك]?ال|لل)(?=.{3})")
LONGEST_WORD = 60  # PostgreSQL refuses words beyond 2,046 bytes


def search_vector_text(*texts: str) -> str:
    """What to keep in a `search` column, for `to_tsvector('simple', …)`: folded words, Arabic ones also bare."""
    words = [word[:LONGEST_WORD] for word in fold(" ".join(texts)).split()]
    bare = [ARTICLE.sub("", word) for word in words if ARTICLE.match(word)]
    return " ".join([*words, *bare])


def search_query(words: str) -> str:
    """What `to_tsquery('simple', …)` accepts for any words typed: `"a:* & b:*"`; empty where there are none."""
    found = list(dict.fromkeys(ARTICLE.sub("", word[:LONGEST_WORD]) for word in fold(words).split()))
    telling = [word for word in found if len(word) > 1] or found
    return " & ".join(f"{word}:*" for word in telling[:12])


def fingerprint(*texts: str) -> str:
    """The same for texts that differ only in spelling, spaces or punctuation: SHA-256 of the folded texts."""
    return hashlib.sha256("\n".join(fold(text) for text in texts).encode()).hexdigest()


# -- what residents write --------------------------------------------------------------------------

HARMFUL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls, but tab and new line
    "\u00ad\u034f\u061c\u115f\u1160\u180b-\u180e\u200b\u2029\u3164\uffa0\ufeff\ufff9-\ufffb"  # the unseen
    "\u202a-\u202e\u2060-\u206f"  # overrides of direction, isolates
    "\ud800-\udfff\U000e0000-\U000e0fff]"  # broken halves, tags
)
UNSEEN = "\u200c\u200d\u200e\u200f"  # joiners and marks of direction: needed, but once
BLANK = UNSEEN + "".join(filter(str.isspace, map(chr, range(0x3001))))
MARKS = "[\u0300-\u036f\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]"
TOO_MANY = [
    (re.compile(f"([{UNSEEN}])[{UNSEEN}]+"), r"\1"),
    (re.compile(f"({MARKS}{{4}}){MARKS}+"), r"\1"),
    (re.compile(r"(?<![^\S\n])[^\S\n]+\n"), "\n"),  # each run of blanks is looked at once, however long
    (re.compile(r"\n{3,}"), "\n\n"),
]


def clean(text: str) -> str:
    """A resident's text, fit to keep: composed (NFC), new lines alike, nothing unseen that harms; words untouched."""
    for line_end in ("\r\n", "\r", "\u2028"):
        text = text.replace(line_end, "\n")
    text = HARMFUL.sub("", text.replace("\t", " "))
    for too_many, enough in TOO_MANY:
        text = too_many.sub(enough, text)
    return unicodedata.normalize("NFC", text).strip(BLANK)


TIFINAGH, ARABIC, LATIN = (re.compile(letters) for letters in ("[\u2d30-\u2d7f]", "[\u0620-\u06ff]", "[a-zà-öø-ÿœ]"))
COMMON = {
    "fr": "le la les l des du de d et est pour dans une un sur pas que qui nous au aux avec sont il faut par notre ce",
    "en": "the of and to in is for on are we that with it be our this have not should there",
    "es": "el los las y en para que con una un por se no del al nuestro hay es como mas",
    "ary": "dyal dial bghina kayn makaynch wach hadi chi bzaf fin 3lach daba khassna khass 3andna mezyan f l w mashi",
}
DARIJA = (
    "ديال ديالنا ديالها ديالو ديالي ديالهم بغينا بغيت كاين كاينه كاينين ماكاينش مكاينش واش هاد هادشي هادي بزاف شي فين "
    "علاش راه دابا خاصنا خصنا خاصو خص حيت حيث باش مزيان كيفاش شحال حنا احنا ماشي عندناش معندناش ديما زنقه الزنقه "
    "درب الدرب الضو ضو الطوبيس كيجي كيدير كنبغيو نديرو يديرو دارو"
)
DARIJA_WORDS = frozenset(DARIJA.split()) - {"حيث", "درب", "الدرب"}


def guess_language(text: str) -> str:
    """The likely language of a text, as a default only: zgh, ar, ary, fr, en or es; `ar` where nothing tells."""
    lower = text.lower()
    tifinagh, arabic, latin = (len(script.findall(lower)) for script in (TIFINAGH, ARABIC, LATIN))
    if tifinagh and tifinagh >= max(arabic, latin):
        return "zgh"
    words = fold(text).split()
    if arabic >= latin:
        return "ary" if any(word in DARIJA_WORDS for word in words) else "ar"
    scores = {code: sum(word in common.split() for word in words) for code, common in COMMON.items()}
    return max(scores, key=lambda code: scores[code])


FORMULA = re.compile("[\t\r\n]|[\\s\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]*[=+\\-@＝＋－＠]")


def neutral(cell: str) -> str:
    """The cell as plain text for a spreadsheet: what would begin a formula gets an apostrophe before it."""
    return f"'{cell}" if FORMULA.match(cell) else cell


def canonical(value: Any) -> bytes:
    """The one way to write JSON down so that its hash can be checked: keys in order, no blanks, UTF-8."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def print_of(words: str | Mapping[str, Any]) -> str:
    """The SHA-256 (hex) of a text in NFC, UTF-8; of a text in several languages, of its canonical JSON, in NFC too.

    It stands in the ledger for words that are kept elsewhere: whoever holds them as published can check them against
    the sealed entry, and nobody can read them out of it.
    """
    text = words if isinstance(words, str) else canonical(dict(words)).decode()
    return hashlib.sha256(unicodedata.normalize("NFC", text).encode()).hexdigest()


# -- receipts ----------------------------------------------------------------------------------------

SYMBOLS = "23456789ACEFHJKMPQRTWXY"  # 23, a prime: the check below then catches every slip; no 0 O, 1 I L, 5 S…
ALIKE = str.maketrans("SZBG", "5286")
LENGTH = 8


def new_receipt(first: str = SYMBOLS) -> str:
    """Eight symbols, the `first` of these, the last of which checks the others."""
    drawn = secrets.choice(first) + "".join(secrets.choice(SYMBOLS) for _ in range(LENGTH - 2))
    return drawn + SYMBOLS[-_weighed(drawn) % len(SYMBOLS)]


def _weighed(code: str) -> int:
    """The sum of the symbols' places, weighed 8, 7, 6, … 1: no wrong symbol and no swap leaves it as it was."""
    return sum((LENGTH - at) * SYMBOLS.index(symbol) for at, symbol in enumerate(code)) % len(SYMBOLS)


def receipt_shown(code: str) -> str:
    """As printed and read aloud: `4K7-2QM-9T`."""
    return "-".join(part for part in (code[:3], code[3:6], code[6:]) if part)


def read_receipt(text: str) -> str | None:
    """The receipt that was typed or said, in any case, with spaces, hyphens or Arabic digits; None if it has a slip."""
    code = re.sub(r"\s", "", fold(text)).upper().translate(ALIKE)
    whole = len(code) == LENGTH and all(symbol in SYMBOLS for symbol in code)
    return code if whole and _weighed(code) == 0 else None


# -- differences ---------------------------------------------------------------------------------------

Key = TypeVar("Key", bound=Hashable)
Difference = tuple[Literal["same", "gone", "new"], str]
WORD = re.compile(
    r"(?:\w[\u0300-\u036f\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u200c\u200d]*)+|\s+|.", re.DOTALL
)


def differences(before: str, after: str) -> list[Difference]:
    """What changed, word by word: `same` and `gone` joined give back `before`; `same` and `new` give `after`."""
    old, new = WORD.findall(before), WORD.findall(after)
    head = _alike(old, new)
    tail = _alike(old[head:][::-1], new[head:][::-1])
    spans = [(True, "".join(old[:head]), "".join(old[:head]))]
    spans += _compared(old[head : len(old) - tail], new[head : len(new) - tail])
    spans += [(True, "".join(old[len(old) - tail :]), "")]
    return [piece for span in spans for piece in _told(*span)]


def changes(before: Mapping[Key, str], after: Mapping[Key, str]) -> Iterator[tuple[Key, list[Difference]]]:
    """The texts that are not the same in both, in the order of those before, then the new ones, word by word."""
    for key in {**before, **after}:
        old, new = before.get(key, ""), after.get(key, "")
        if old != new:
            yield key, differences(old, new)


def _alike(old: list[str], new: list[str]) -> int:
    """How many words are the same from the beginning."""
    both = zip(old, new, strict=False)
    return next((at for at, (one, other) in enumerate(both) if one != other), min(len(old), len(new)))


def _compared(old: list[str], new: list[str]) -> list[tuple[bool, str, str]]:
    """Spans of (is the same, old words, new words); a lone blank between two changes changes with them."""
    spans: list[tuple[bool, str, str]] = []
    for tag, i, j, k, m in SequenceMatcher(str.isspace, old, new).get_opcodes():
        gone, come = "".join(old[i:j]), "".join(new[k:m])
        is_same = tag == "equal" and not (spans and gone.isspace() and j < len(old) and m < len(new))
        if spans and not is_same and not spans[-1][0]:
            spans[-1] = (False, spans[-1][1] + gone, spans[-1][2] + come)
        else:
            spans.append((is_same, gone, come))
    return spans


def _told(is_same: bool, gone: str, come: str) -> list[Difference]:
    pieces: list[Difference] = [("same", gone)] if is_same else [("gone", gone), ("new", come)]
    return [(kind, words) for kind, words in pieces if words]
