import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from math import ceil
from typing import NamedTuple, TypedDict

from django.db.models import Count, Max, Q, QuerySet

from infitah.lib import text
from infitah.lib.i18n import Localized

from .models import FormerName, Territory

KINDS = ["commune", "province", "prefecture", "region", "country"]  # in the order in which people look for them

# -- where a place stands --------------------------------------------------------------------------


def inside(place: Territory) -> QuerySet[Territory]:
    """The place itself and everything in it."""
    if place.kind == Territory.Kind.COUNTRY:
        return Territory.objects.all()
    return Territory.objects.filter(Q(pk=place.pk) | Q(parent=place) | Q(parent__parent=place))


def above(place: Territory) -> list[Territory]:
    """The region and the province that a place lies in, the widest first; the country left out."""
    ways = Territory.objects.select_related("parent").filter(children=place).first()
    found = [way for way in (ways and ways.parent, ways) if way]
    return [way for way in found if way.kind != Territory.Kind.COUNTRY]


# -- find your commune ---------------------------------------------------------------------------

# What people call them, beside the names of the register.
ALSO_CALLED = {
    "chefchaouen": ["Chaouen", "Xauen", "الشاون", "شاون"],
    "casablanca": ["Casa", "Dar El Beida", "كازا", "كازابلانكا"],
    "tanger": ["Tangier", "Tanja"],
    "fes": ["Fez"],
    "laayoune": ["El Aaiun", "Al Ayoun"],
    "assilah": ["Asilah", "Arzila"],
    "al-hoceima": ["Alhucemas"],
    "essaouira": ["Mogador", "Souira"],
}

# The ways of writing one sound with Latin letters, digits of messages included; applied in order, word by word.
SOUNDS = [
    (re.compile(pattern), sound)
    for pattern, sound in [
        ("3", "a"),
        ("7", "h"),
        ("9", "q"),
        ("kh|5", "x"),
        ("t?ch|sh", "C"),
        ("c(?=[eiy])", "s"),
        ("[cq]", "k"),
        ("gh|rh|gu(?=[eiy])", "g"),
        ("(?<=[^aeiou])e$", ""),
        ("ou|oo|w|o", "u"),
        ("[ye]", "i"),
        ("^(?:el|al|il|l)(?=[^aiu]..)", ""),
        (r"(.)\1+", r"\1"),
    ]
]
ARTICLES = {"el", "al", "l", "es", "ez", "er", "et", "en", "ech", "ed", "ar", "as", "ad"}
VOWELS = str.maketrans("", "", "aiuاوي")
ARABIC_SOUNDS = str.maketrans("طصضظذثقغ", "تسدددتكك")


def sound(word: str) -> str:
    """How a folded word sounds, whoever transliterates it; an Arabic one without its article."""
    if not word.isascii():
        return re.sub("^ال(?=..)|(?<=..)[ها]$", "", word.translate(ARABIC_SOUNDS))
    for pattern, letter in SOUNDS:
        word = pattern.sub(letter, word)
    return word


class Name(NamedTuple):
    """A name, or what follows one of its words, as written and as it sounds, without blanks."""

    written: str
    sounded: str
    bones: str
    is_inner: bool
    place: int
    once: str  # the name itself, where it is a former one


@dataclass(frozen=True)
class Found:
    """A place that was looked for; `once` is the former name by which it was found."""

    place: Territory
    once: str = ""


def find(words: str, limit: int = 10) -> list[Found]:
    """The places that may be meant, the likeliest first.

    Any spelling in Arabic or Latin letters, the beginning of a name or of one of its words, one wrong letter.
    """
    written, sounded = _spelled(text.fold(words[:100]).split())
    if not written:
        return []
    names, ranks = _names(_version())
    best: dict[int, tuple[int, int, str]] = {}
    for rank in (_surely, _nearly, _loosely):
        for name in names:
            certainty = rank(written, sounded, name)
            if certainty is not None:
                key = (certainty, ranks[name.place], name.once)
                best[name.place] = min(best.get(name.place, key), key)
        if len(best) >= limit or len(written) < 3 or (best and rank is _nearly):
            break
    chosen = sorted(best, key=lambda pk: best[pk])[:limit]
    places = Territory.objects.select_related("parent__parent").in_bulk(chosen)
    return [Found(places[pk], best[pk][2]) for pk in chosen if pk in places]


def meant(typed: str, kinds: Iterable[str]) -> list[Territory]:
    """The places of these kinds that bear the name or the address typed; if none does, those of nearly that name."""
    typed, kinds = typed.strip(), set(kinds)
    named = Territory.objects.filter(slug=typed.lower(), kind__in=kinds).select_related("parent__parent")
    found = list(named) or [one.place for one in find(typed, 30) if one.place.kind in kinds]
    exact = [place for place in found if text.fold(typed) in map(text.fold, place.name.values())]
    return exact or found


def _surely(written: str, sounded: str, name: Name) -> int | None:
    """0 for the very name, more the less of it is typed; None where it does not begin so."""
    if name.written == written:
        return 4 if name.is_inner else 0
    if name.sounded == sounded:
        return 5 if name.is_inner else 1
    if name.written.startswith(written):
        return 6 if name.is_inner else 2
    if len(sounded) > 1 and name.sounded.startswith(sounded):
        return 7 if name.is_inner else 3
    return None


def _nearly(written: str, sounded: str, name: Name) -> int | None:
    """The whole name, with one letter wrong, too many, missing, or swapped with its neighbour."""
    if is_near(written, name.written) or (len(sounded) > 2 and is_near(sounded, name.sounded)):
        return 9 if name.is_inner else 8
    return None


def _loosely(written: str, sounded: str, name: Name) -> int | None:
    """The beginning of a name with one letter wrong, or its consonants alone, as in messages."""
    if len(written) < 4:
        return None
    if len(name.bones) > 1 and bones(sounded) == name.bones:
        return 10
    if begins_near(written, name.written) or begins_near(sounded, name.sounded):
        return 12 if name.is_inner else 11
    return None


def bones(sounded: str) -> str:
    """The consonants."""
    return sounded.translate(VOWELS)


def is_near(typed: str, name: str) -> bool:
    """Whether the two differ by one letter at most."""
    if abs(len(typed) - len(name)) > 1:
        return False
    at = _first_difference(typed, name)
    left, right = typed[at:], name[at:]
    swapped = left[:2] == right[:2][::-1] and left[2:] == right[2:]
    return left[1:] == right[1:] or left[1:] == right or left == right[1:] or swapped


def begins_near(typed: str, name: str) -> bool:
    """Whether the name begins with what was typed, but for one letter; never the first two."""
    at = _first_difference(typed, name)
    if at < 2:
        return False
    left, right = typed[at:], name[at:]
    return (
        right[1:].startswith(left[1:])
        or right.startswith(left[1:])
        or right[1:].startswith(left)
        or (left[:2] == right[:2][::-1] and right[2:].startswith(left[2:]))
    )


def _first_difference(one: str, other: str) -> int:
    at = 0
    for letter, counterpart in zip(one, other, strict=False):
        if letter != counterpart:
            break
        at += 1
    return at


def _spelled(words: list[str]) -> tuple[str, str]:
    """The words as written and as they sound, each without blanks; articles do not sound."""
    sounding = [word for word in words if word not in ARTICLES] or words
    return "".join(words), "".join(sound(word) for word in sounding)


def _version() -> tuple[int | None, ...]:
    """Changes whenever a name is added, changed or closed."""
    known = Territory.objects.aggregate(Count("pk"), Max("pk"), Count("valid_until"))
    return (*known.values(), FormerName.objects.aggregate(last=Max("pk"))["last"])


@lru_cache(maxsize=1)
def _names(version: tuple[int | None, ...]) -> tuple[list[Name], dict[int, int]]:
    """Every name in every spelling, and for each place its rank among places found equally well; 3 MB."""
    places = Territory.objects.defer("outline", "search").in_bulk()
    former = FormerName.objects.values_list("territory_id", "name", named=True)
    names: list[Name] = []
    for place in places.values():
        stands_for = _successor(place)
        once = str(place.name) if stands_for != place.pk else ""
        for called in {*place.name.values(), *ALSO_CALLED.get(place.slug, [])}:
            names += _parts(called, stands_for, once)
    for row in former:
        for called in set(row.name.values()):
            names += _parts(called, _successor(places[row.territory_id]), called)
    ranks = sorted(places.values(), key=lambda place: (KINDS.index(place.kind), -(place.population or 0)))
    return names, {place.pk: at for at, place in enumerate(ranks)}


def _successor(place: Territory) -> int:
    """The place that goes on where this one was closed."""
    return place.succeeded_by_id or place.pk


def _parts(called: str, place: int, once: str) -> Iterator[Name]:
    words = text.fold(called).split()
    starts = [at for at, word in enumerate(words) if at == 0 or word not in ARTICLES]
    for at in starts:
        written, sounded = _spelled(words[at:])
        yield Name(written, sounded, bones(sounded), at > 0, place, once)


# -- the map ---------------------------------------------------------------------------------------


class Land(TypedDict):
    """One land of a map."""

    name: Localized
    path: str
    number: int
    level: int  # 0 for none, 4 for the most
    url: str


class Shapes(TypedDict):
    """A map of the lands in a place: `box` is its viewBox."""

    box: str
    lands: list[Land]


def map_shapes(parent: Territory, numbers: Mapping[int, int], url: Callable[[Territory], str]) -> Shapes:
    """The lands of a country (its regions) or of a region (its provinces), each with its number (by key) and link."""
    places = list(parent.children.filter(valid_until=None).exclude(outline="").order_by("code"))
    most = max([numbers.get(place.pk, 0) for place in places], default=0) or 1
    lands: list[Land] = [
        {
            "name": place.name,
            "path": place.outline,
            "number": numbers.get(place.pk, 0),
            "level": ceil(4 * numbers.get(place.pk, 0) / most),
            "url": url(place),
        }
        for place in places
    ]
    return {"box": _box(tuple(place.outline for place in places)), "lands": lands}


@lru_cache(maxsize=32)
def _box(paths: tuple[str, ...]) -> str:
    """The viewBox that holds the paths, with a small margin."""
    columns: list[float] = []
    lines: list[float] = []
    for ring in re.findall(r"M([^z]+)z", "".join(paths)):
        steps = [float(number) for number in re.findall(r"-?\d*\.?\d+", ring)]
        columns += accumulate(steps[::2])
        lines += accumulate(steps[1::2])
    if not columns:
        return "0 0 1000 1000"
    margin = (max(lines) - min(lines)) / 100
    corner = (min(columns) - margin, min(lines) - margin)
    size = (max(columns) - corner[0] + margin, max(lines) - corner[1] + margin)
    return " ".join(f"{number:.4g}" for number in (*corner, *size))
