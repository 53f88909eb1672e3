"""Indicators measured: for the whole country, broken down, and place by place."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

from django.core.cache import cache
from django.db.models import F, QuerySet
from django.db.models.functions import TruncMonth
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from infitah.ground.areas.models import PolicyArea
from infitah.ground.areas.queries import in_order
from infitah.ground.territories.models import Territory
from infitah.journey.projects.models import OgpValue, Project
from infitah.lib import dates
from infitah.lib.lists import page_before
from infitah.network.meetings.queries import shown
from infitah.outlook.kinds.queries import KINDS

from . import catalog
from .catalog import BREAKDOWNS, BY_CODE, DISPARITY, FEW, INDICATORS, Counting, Counts, Found, Indicator, Place, Spread
from .models import Snapshot

KEPT_SECONDS = 60
PAGE = 50
NAMES = {  # each way of counting, by one of the indicators that count so
    counting: f"{indicator.code}.{part}"
    for indicator in INDICATORS
    for part, counting in [
        ("counts", indicator.counts),
        ("of", indicator.of and indicator.of[0]),
        ("asked", indicator.asked),
        ("spread", indicator.spread),
    ]
    if counting
}


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
        band=catalog.band_of(row["population"] or 0) if kind == Territory.Kind.COMMUNE else "",
        own_kind=row["kind"],
    )


def read(indicator: Indicator, on: date) -> Data:
    """The indicator on that day, at every place; each count kept for a minute."""
    of = _counted(indicator.of[0], on) if indicator.of else None
    asked = _counted(indicator.asked, on) if indicator.asked else None
    spread = _kept(indicator.spread, on, dict) if indicator.spread else {}
    return Data(_counted(indicator.counts, on), of, spread, asked)


def _counted(counting: Counting, on: date) -> Counts:
    counts: Counts = _kept(counting, on, lambda found: found.by_place() if isinstance(found, Found) else found)
    return counts


def _kept(counting: Callable[[date], Any], on: date, made: Callable[[Any], Any]) -> Any:
    """What several indicators count is counted once for all of them."""
    return cache.get_or_set(f"counted:{NAMES[counting]}:{on}", lambda: made(counting(on)), KEPT_SECONDS)


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


def rows(indicator: Indicator, data: Data, known: dict[int, Place], by: str) -> list[Row]:
    """One breakdown: each group with its value; groups of which nothing is known are left out."""
    group_of = BREAKDOWNS[by][1]
    found = []
    for key, name in catalog.group_names(known)[by].items():
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
    groups = {by: BREAKDOWNS[by][1] for by in narrowed if by in BREAKDOWNS}
    groups |= {"place": lambda place: place.slug} if "place" in narrowed else {}
    return {pk: place for pk, place in known.items() if all(of(place) == narrowed[by] for by, of in groups.items())}


def listed(indicator: Indicator, data: Data, known: dict[int, Place]) -> list[tuple[Place, Value]]:
    """Those of the places that a figure counts, in the order of their codes; of people, no place is told alone."""
    if indicator.is_personal:
        return []
    # Of those who have joined, not of the 1,590 that could.
    counted = set(data.counts) | set((data.of or {}) if indicator.code != "PI1" else {})
    return [(place, value(indicator, data, [pk])) for pk, place in known.items() if pk in counted]


# -- the records themselves -----------------------------------------------------------------------------


def records(indicator: Indicator, on: date, among: Iterable[int], *, rest: bool = False) -> QuerySet[Any] | None:
    """The records that the figure counts at these places, or the `rest` of those that it is counted out of, each with
    `whose`, the key of its place; None where they cannot be listed: people, and what is counted out of other things."""
    counted = indicator.counts(on)
    if indicator.is_personal or not isinstance(counted, Found):
        return None
    found: QuerySet[Any] = counted.at(among)
    if rest:
        of = indicator.of[0](on) if indicator.of else None
        if not isinstance(of, Found) or of.records.model is not counted.records.model:
            return None
        found = of.at(among).exclude(pk__in=counted.records.values("pk"))
    found = found.annotate(whose=F(counted.path))
    return found.select_related(*KINDS[found.model._meta.label_lower].related)


@dataclass(frozen=True)
class Listing:
    """A page of the records behind a figure, each with `whose`, the key of its place; where the next page begins, how
    many there are, and how many are the others: left out where these are counted, counted where these are left out;
    None where there are no others to list."""

    records: list[Any]
    before: int | None
    total: int
    others: int | None


def listing(
    indicator: Indicator, on: date, known: dict[int, Place], asked: dict[str, str], *, before: int | None
) -> Listing | None:
    """The records of the groups, the place, the value and the area asked for; None where there is no such list."""
    among, rest = narrow(known, asked), "rest" in asked
    found, others = (records(indicator, on, among, rest=which) for which in (rest, not rest))
    if found is None:
        return None
    found = faceted(found, asked)
    left = None if others is None else faceted(others, asked).count()
    return Listing(*page_before(found, before, PAGE), found.count(), left)


def facets(indicator: Indicator, on: date, known: Iterable[int]) -> list[tuple[str, list[Row]]]:
    """What figures of projects are broken down by besides: the values and the policy areas of the Open Government
    Partnership. A project has several, so the parts add up to more than the whole."""
    counted, of = records(indicator, on, known), indicator.of[0](on) if indicator.of else None
    if counted is None or counted.model is not Project or not isinstance(of, Found):
        return []
    both = (counted, of.at(known))
    values = [
        Counter(value for values in each.values_list("ogp_values", flat=True) for value in values) for each in both
    ]
    filed = [each.filter(policy_areas__isnull=False).values_list("policy_areas__key", flat=True) for each in both]
    areas = [Counter(keys) for keys in filed]
    names = {area.key: area.name for area in in_order(PolicyArea.objects.filter(key__in=areas[1]))}
    return [
        (_("By value of the Open Government Partnership"), _facet(indicator, "value", dict(OgpValue.choices), *values)),
        (_("By policy area"), _facet(indicator, "area", names, *areas)),
    ]


def _facet(indicator: Indicator, by: str, names: dict[str, Any], counted: Counter[str], of: Counter[str]) -> list[Row]:
    """The parts that have anything in them, in their order."""
    return [
        Row(name, Value(indicator, counted[key], of[key], 100 * counted[key] / of[key]), f"list/?{by}={key}")
        for key, name in names.items()
        if of[key]
    ]


def faceted(found: QuerySet[Any], asked: dict[str, str]) -> QuerySet[Any]:
    """Of projects, those of the value and of the policy area asked for."""
    if found.model is not Project:
        return found
    if "value" in asked:
        found = found.filter(ogp_values__contains=[asked["value"]])
    return found.filter(policy_areas__key=asked["area"]) if "area" in asked else found


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
        """Rural less urban, in points."""
        if self.urban is None or self.rural is None or not (self.urban.is_rate and self.rural.is_rate):
            return None
        return round((self.rural.amount or 0) - (self.urban.amount or 0))


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
    return [Row(f"{dates.month(each.on)} {each.on.year}", _as_kept(indicator, each), "") for each in reversed(last)]


def _as_kept(indicator: Indicator, snapshot: Snapshot) -> Value:
    """A value as it was on its day; of medians the median itself is kept."""
    number, of = snapshot.numerator or 0.0, snapshot.denominator
    amount = number if of is None else indicator.per * number / of if of else None
    return Value(indicator, number, of, amount)
