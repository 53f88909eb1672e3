"""Indicators measured: for the whole country, broken down, and place by place."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

from django.core.cache import cache
from django.db.models.functions import TruncMonth
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from infitah.ground.territories.models import Territory
from infitah.lib import dates
from infitah.lib.i18n import Localized
from infitah.network.meetings.queries import shown

from .catalog import BY_CODE, DISPARITY, FEW, INDICATORS, Counts, Indicator, Spread
from .models import Snapshot

KEPT_SECONDS = 60


@dataclass(frozen=True)
class Place:
    """A collectivity, with all that figures are broken down by."""

    pk: int
    name: Localized
    slug: str
    code: str
    kind: str
    region: str  # its slug
    milieu: str
    cohort: str
    band: str

    @property
    def kind_told(self) -> str:
        return str(Territory.Kind(self.kind).label)


@dataclass(frozen=True)
class Data:
    """An indicator as it stands on a day: what is counted at each place, and out of what."""

    counts: Counts
    of: Counts | None
    spread: Spread
    asked: Counts | None = None


@dataclass(frozen=True)
class Value:
    """An indicator for some places together; `amount` is None where there is nothing to divide by."""

    indicator: Indicator
    numerator: float
    denominator: float | None
    amount: float | None
    unsaid: int | None = None  # of people asked, who did not answer; None for a few
    is_hidden: bool = False  # of too few people: then no number of it is here

    @property
    def is_rate(self) -> bool:
        """A share in a hundred, told as such only where it is of enough."""
        return self.indicator.of is not None and self.indicator.per == 100 and (self.denominator or 0) >= FEW

    @property
    def told(self) -> str:
        """The figure in words: a rate, a count out of few, a median of days."""
        if self.indicator.spread:
            return _days(self.amount)
        if self.is_hidden:
            return "–"
        if self.is_rate:
            return _("%(rate)s%%") % {"rate": round(self.amount or 0)}
        if self.indicator.per != 100:
            return number_format(round(self.amount, 1), 1) if self.amount is not None else "–"
        return self.counted

    @property
    def counted(self) -> str:
        """What the figure is made of: `52 of 63`."""
        if self.is_hidden:
            return "–"
        if self.denominator is None or self.indicator.spread:
            return number_format(round(self.numerator), 0)
        return _("%(count)s of %(all)s") % {
            "count": number_format(round(self.numerator), 0),
            "all": number_format(round(self.denominator), 0),
        }


@dataclass(frozen=True)
class Row:
    """A line of a breakdown: the group, its value, and the address part that lists its places."""

    name: Any
    value: Value
    query: str


def _days(amount: float | None) -> str:
    if amount is None:
        return "–"
    days = round(amount)
    return ngettext("%(days)s day", "%(days)s days", abs(days)) % {"days": days}


# -- reading --------------------------------------------------------------------------------------------


def places() -> dict[int, Place]:
    """Every collectivity of the register, by its key; one query."""
    found = Territory.objects.filter(is_collectivity=True).exclude(kind=Territory.Kind.COUNTRY)
    columns = (
        *("pk", "name", "slug", "code", "kind", "is_urban", "population"),
        *("parent__slug", "parent__parent__slug", "membership__cohort__number"),
    )
    return {row["pk"]: _place(row) for row in found.order_by("code").values(*columns)}


def _place(row: dict[str, Any]) -> Place:
    kind = Territory.Kind.PROVINCE if row["kind"] == Territory.Kind.PREFECTURE else row["kind"]
    region = {Territory.Kind.REGION: row["slug"], Territory.Kind.PROVINCE: row["parent__slug"]}
    milieu = {True: "urban", False: "rural", None: ""}[row["is_urban"]]
    return Place(
        pk=row["pk"],
        name=row["name"],
        slug=row["slug"],
        code=row["code"],
        kind=str(kind),
        region=region.get(kind, row["parent__parent__slug"]) or "",
        milieu=milieu if kind == Territory.Kind.COMMUNE else "",
        cohort=str(row["membership__cohort__number"] or ""),
        band=band_of(row["population"] or 0) if kind == Territory.Kind.COMMUNE else "",
    )


def band_of(population: int) -> str:
    """The size class of a commune."""
    return (
        "small"
        if population < 10_000
        else "middle"
        if population < 35_000
        else "large"
        if population < 100_000
        else "city"
    )


def read(indicator: Indicator, on: date) -> Data:
    """The indicator on that day, at every place; kept for a minute."""
    return cache.get_or_set(f"indicator:{indicator.code}:{on}", lambda: _read(indicator, on), KEPT_SECONDS)  # type: ignore[return-value]


def _read(indicator: Indicator, on: date) -> Data:
    spread = indicator.spread(on) if indicator.spread else {}
    counts = indicator.counts(on) if indicator.counts else {place: float(len(days)) for place, days in spread.items()}
    asked = indicator.asked(on) if indicator.asked else None
    return Data(counts, indicator.of[0](on) if indicator.of else None, dict(spread), asked)


def value(indicator: Indicator, data: Data, among: Iterable[int]) -> Value:
    """The indicator for these places together: sums divided, or the median over all of them; never a mean of rates."""
    among = set(among)
    numerator = sum(number for place, number in data.counts.items() if place in among)
    if indicator.spread:
        days = [day for place, found in data.spread.items() if place in among for day in found]
        return Value(indicator, numerator, None, median(days) if days else None)
    if data.of is None:
        return Value(indicator, numerator, None, numerator)
    denominator = sum(number for place, number in data.of.items() if place in among)
    if data.asked is not None:
        asked = sum(number for place, number in data.asked.items() if place in among)
        return _of_people(indicator, numerator, denominator, asked)
    return Value(indicator, numerator, denominator, indicator.per * numerator / denominator if denominator else None)


def _of_people(indicator: Indicator, numerator: float, said: float, asked: float) -> Value:
    """A share of people: told only where neither it nor what is left of it points to a few."""
    if not _tells_of_enough(numerator, said):
        return hidden(indicator)
    silent = round(max(0.0, asked - said))
    unsaid = silent if silent == 0 or silent >= FEW else None
    return Value(indicator, numerator, said, 100 * numerator / said, unsaid=unsaid)


def _tells_of_enough(numerator: float, said: float) -> bool:
    """Whether neither those who are counted nor those who are not are a few: both can be read from a share."""
    answers = {"yes": round(numerator), "no": round(said - numerator)}
    return None not in shown(answers, answers).values()


def hidden(indicator: Indicator) -> Value:
    """A value of which nothing is told."""
    return Value(indicator, 0.0, 0.0, None, is_hidden=True)


def everywhere(indicator: Indicator, data: Data, known: Iterable[int]) -> Value:
    """The indicator for the whole country; people are counted also where they met for the country as such."""
    return value(indicator, data, {*known, *(data.asked or ())})


def headline(code: str, on: date, country: Territory | None) -> Value:
    """A figure for all collectivities together, the country's own plan left out, without reading the register."""
    data = read(BY_CODE[code], on)
    among = data.counts.keys() | (data.of or {}).keys()
    return value(BY_CODE[code], data, among - {country.pk if country else None})


def official(on: date, country: Territory | None) -> list[Value]:
    """The figures that the national commitment is measured by, in their order."""
    return [headline(indicator.code, on, country) for indicator in INDICATORS if indicator.is_official]


# -- breakdowns -----------------------------------------------------------------------------------------


def breakdowns() -> dict[str, tuple[str, Callable[[Place], str]]]:
    """What figures are broken down by: heading, and the group of a place."""
    return {
        "region": (_("By region"), lambda place: place.region),
        "type": (_("By type"), lambda place: place.kind),
        "milieu": (_("Urban and rural communes"), lambda place: place.milieu),
        "cohort": (_("By cohort"), lambda place: place.cohort),
        "band": (_("By size of commune"), lambda place: place.band),
    }


def group_names(known: dict[int, Place]) -> dict[str, dict[str, Any]]:
    """The groups of each breakdown in their order, and their names."""
    regions = {place.slug: place.name for place in known.values() if place.kind == Territory.Kind.REGION}
    cohorts = sorted({place.cohort for place in known.values() if place.cohort})
    return {
        "region": regions,
        "type": {"region": _("Regions"), "province": _("Prefectures and provinces"), "commune": _("Communes")},
        "milieu": {"urban": _("Urban"), "rural": _("Rural")},
        "cohort": {number: _("Cohort %(number)s") % {"number": number} for number in cohorts},
        "band": {
            "small": _("Under 10,000 inhabitants"),
            "middle": _("10,000 to 35,000"),
            "large": _("35,000 to 100,000"),
            "city": _("100,000 and more"),
        },
    }


def rows(indicator: Indicator, data: Data, known: dict[int, Place], by: str) -> list[Row]:
    """One breakdown: each group with its value; groups of which nothing is known are left out."""
    group_of = breakdowns()[by][1]
    found = []
    for key, name in group_names(known)[by].items():
        measured = value(indicator, data, [pk for pk, place in known.items() if group_of(place) == key])
        if measured.numerator or measured.denominator:
            found.append(Row(name, measured, "" if indicator.is_personal else f"?{by}={key}#places"))
    return _without_a_small_rest(found, everywhere(indicator, data, known)) if indicator.is_personal else found


def _without_a_small_rest(found: list[Row], whole: Value) -> list[Row]:
    """Groups of people, without the smallest ones as long as the others would give away a rest of few."""
    kept = sorted(found, key=lambda row: row.value.denominator or 0)
    while kept:
        yes = whole.numerator - sum(row.value.numerator for row in kept)
        said = (whole.denominator or 0) - sum(row.value.denominator or 0 for row in kept)
        if said == 0 or _tells_of_enough(yes, said):
            break
        kept.pop(0)
    return [row for row in found if row in kept]


def narrow(known: dict[int, Place], narrowed: dict[str, str]) -> dict[int, Place]:
    """The places that are in all these groups of breakdowns."""
    groups = {by: breakdowns()[by][1] for by in narrowed if by in breakdowns()}
    return {pk: place for pk, place in known.items() if all(of(place) == narrowed[by] for by, of in groups.items())}


def listed(indicator: Indicator, data: Data, known: dict[int, Place]) -> list[tuple[Place, Value]]:
    """Those of the places that a figure counts, in the order of their codes; of people, no place is told alone."""
    if indicator.is_personal:
        return []
    # Of those who have joined, not of the 1,590 that could.
    counted = set(data.counts) | set((data.of or {}) if indicator.code != "PI1" else {})
    return [(place, value(indicator, data, [pk])) for pk, place in known.items() if pk in counted]


@dataclass(frozen=True)
class Disparity:
    """D1: how far apart regions are, and town and country, in one rate."""

    indicator: Indicator
    highest: Row | None
    lowest: Row | None
    urban: Value | None
    rural: Value | None

    @property
    def between_regions(self) -> int | None:
        if self.highest is None or self.lowest is None:
            return None
        return round((self.highest.value.amount or 0) - (self.lowest.value.amount or 0))

    @property
    def between_milieus(self) -> int | None:
        """Urban above rural, in points."""
        if self.urban is None or self.rural is None or not (self.urban.is_rate and self.rural.is_rate):
            return None
        return round((self.urban.amount or 0) - (self.rural.amount or 0))


def disparities(on: date, known: dict[int, Place]) -> list[Disparity]:
    """The gaps in the rates where they matter most; only groups of five and more are compared."""
    found = []
    for code in DISPARITY:
        indicator = BY_CODE[code]
        data = read(indicator, on)
        regions = [row for row in rows(indicator, data, known, "region") if row.value.is_rate]
        regions.sort(key=lambda row: row.value.amount or 0)
        milieus = {row.query: row.value for row in rows(indicator, data, known, "milieu")}
        several = len(regions) > 1
        found.append(
            Disparity(
                indicator,
                regions[-1] if several else None,
                regions[0] if several else None,
                milieus.get("?milieu=urban#places"),
                milieus.get("?milieu=rural#places"),
            )
        )
    return found


def measured(on: date, known: dict[int, Place]) -> list[Value]:
    """Every indicator for the country."""
    return [everywhere(indicator, read(indicator, on), known) for indicator in INDICATORS]


def past(indicator: Indicator, *, months: int = 12) -> list[Row]:
    """The country's values at the end of past months, as they were kept; oldest first."""
    kept = Snapshot.objects.filter(code=indicator.code, place__kind=Territory.Kind.COUNTRY, numerator__isnull=False)
    last = kept.annotate(month=TruncMonth("on")).order_by("-month", "-on").distinct("month")[:months]
    return [Row(f"{dates.month(each.on)} {each.on.year}", _kept(indicator, each), "") for each in reversed(last)]


def _kept(indicator: Indicator, snapshot: Snapshot) -> Value:
    """A value as it was on its day; of medians the median itself is kept."""
    number, of = snapshot.numerator or 0.0, snapshot.denominator
    amount = number if of is None else indicator.per * number / of if of else None
    return Value(indicator, number, of, amount)
