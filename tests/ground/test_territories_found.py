"""Places of the real register, and how people find theirs."""

import random
from collections import Counter

import pytest

from infitah.ground.territories import actions, queries
from infitah.ground.territories.actions import Unit
from infitah.ground.territories.models import Territory

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def register() -> list[Unit]:
    return actions.moroccan_register()


@pytest.fixture(scope="module", autouse=True)
def morocco(once: None, register: list[Unit]) -> dict[str, Territory]:
    """The real register, without its outlines."""
    actions.import_register(register)
    return {place.slug: place for place in Territory.objects.all()}


def slugs(words: str, limit: int = 10) -> list[str]:
    return [found.place.slug for found in queries.find(words, limit)]


def test_the_register_holds_every_collectivity_once(register: list[Unit]) -> None:
    kinds = Counter(unit.kind for unit in register)
    assert kinds == {"country": 1, "region": 12, "province": 62, "prefecture": 13, "commune": 1503}
    assert len({unit.slug for unit in register}) == len({unit.code for unit in register}) == 1591
    assert all(unit.name["ar"] and unit.name["fr"] and unit.population for unit in register)


def test_the_register_gives_each_place_its_slug_and_parent(morocco: dict[str, Territory]) -> None:
    tetouan = morocco["tetouan"]
    assert (tetouan.name["ar"], tetouan.is_urban, tetouan.is_urban_as_of) == ("تطوان", True, 2024)
    assert tetouan.parent == morocco["province-tetouan"]
    assert morocco["province-tetouan"].parent == morocco["region-tanger-tetouan-al-hoceima"]
    assert morocco["casablanca"].parent == morocco["prefecture-casablanca"]
    assert {"oulad-aissa-el-jadida", "oulad-aissa-khouribga", "oulad-aissa-taroudannt"} <= morocco.keys()
    assert not morocco["morocco"].is_collectivity
    assert sum(place.is_collectivity for place in morocco.values()) == 1590


SPELLINGS = {
    "chefchaouen": ["Chefchaouen", "Chaouen", "chefchawen", "شفشاون", "الشاون"],
    "laayoune": ["Laâyoune", "laayoun", "layoune", "العيون", "الْعُيُونْ"],
    "tetouan": ["Tétouan", "TETOUAN", "Titwan", "tetuan", "تطوان", "تطاون"],
    "ait-melloul": ["Aït Melloul", "ayt mellul", "aitmelloul", "أيت ملول", "ايت ملول", "melloul"],
    "ben-guerir": ["Benguerir", "ben grir", "بنجرير"],
    "ouarzazate": ["warzazat"],
    "khemisset": ["khmisset"],
    "nador": ["nadhor", "الناظور"],
    "agadir": ["أڭادير", "أكادير"],
    "marrakech": ["marrakesh"],
    "fnideq": ["Fnidq"],
    "beni-mellal": ["bni mlal"],
    "al-hoceima": ["7oceima"],
    "casablanca": ["casa"],
    "sale": ["سلا"],
    "oujda": ["wajda"],
}


def test_a_commune_is_found_in_any_spelling(morocco: dict[str, Territory]) -> None:
    found = {typed: slugs(typed, 3) for spellings in SPELLINGS.values() for typed in spellings}
    assert [typed for meant, all_typed in SPELLINGS.items() for typed in all_typed if found[typed][:1] != [meant]] == []


def test_communes_come_before_provinces_and_twins_after_the_very_name(morocco: dict[str, Territory]) -> None:
    assert slugs("sidi slimane")[:2] == ["sidi-slimane", "province-sidi-slimane"]
    assert {"sidi-slimane-echcharaa", "sidi-slimane-moul-al-kifane"} <= set(slugs("sidi slimane"))
    assert slugs("oulad aissa", 3) == ["oulad-aissa-el-jadida", "oulad-aissa-taroudannt", "oulad-aissa-khouribga"]
    assert slugs("tan")[0] == "tanger"
    assert slugs("z")[0] and slugs("zzzz") == slugs("ooo") == []


def slip(name: str, dice: random.Random) -> str:
    """The name with one letter inserted, deleted, replaced, or swapped with its neighbour."""
    at, letter = dice.randrange(1, len(name) - 1), dice.choice("abdeilmnorstu" if name.isascii() else "ابتدرسلمني")
    turned = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    return dice.choice([name[:at] + letter + name[at:], name[:at] + name[at + 1 :], turned])


def test_one_wrong_letter_is_forgiven(morocco: dict[str, Territory]) -> None:
    dice = random.Random(1)
    communes = [place for place in morocco.values() if place.kind == "commune"]
    names = [(place.slug, place.name[language]) for place in dice.sample(communes, 20) for language in ("fr", "ar")]
    slips = [(slug, slip(name, dice)) for slug, name in names if len(name) > 4]
    assert [(slug, typed) for slug, typed in slips if slug not in slugs(typed)] == []
