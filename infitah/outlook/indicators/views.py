from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from infitah.ground.areas.models import PolicyArea
from infitah.ground.ledger.queries import kept
from infitah.journey.projects.models import OgpValue
from infitah.lib.http import next_page, number_before, page
from infitah.outlook.kinds.queries import KINDS

from . import queries
from .catalog import BREAKDOWNS, BY_CODE, SIGNS, Indicator, Place, group_names

PAGE = 100


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Every indicator, for the whole country."""
    return kept(request, make=lambda: show_all(request))


def show_all(request: HttpRequest) -> HttpResponse:
    today, known = timezone.localdate(), queries.places()
    values = queries.measured(today, known)
    groups = [
        (_("The network and its programmes"), [each for each in values if each.indicator.code.startswith("PI")]),
        (_("Openness as a rule"), [each for each in values if each.indicator.code.startswith("II")]),
        (_("Ideas and answers"), [each for each in values if each.indicator.code in {"P1", "P2", "P3", "P4", "P5"}]),
        (_("Who takes part"), [each for each in values if each.indicator.is_personal]),
        (_("What is done, and how it is judged"), [each for each in values if each.indicator.code[0] in "XE"]),
    ]
    context = {"groups": groups, "disparities": queries.disparities(today, known), "today": today}
    return page(request, "indicators/figures.html", context)


@require_safe
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    """One indicator: what it counts, broken down, and the places behind it."""
    if code not in BY_CODE:
        raise Http404
    return kept(request, make=lambda: show(request, BY_CODE[code]))


def show(request: HttpRequest, chosen: Indicator) -> HttpResponse:
    today, known = timezone.localdate(), queries.places()
    data = queries.read(chosen, today)
    narrowed = {by: request.GET[by] for by in BREAKDOWNS if by in request.GET}
    among = queries.narrow(known, narrowed)
    listed = queries.listed(chosen, data, among)
    after = request.GET.get("after", "")
    from_here = [line for line in listed if line[0].code > after]
    context: dict[str, Any] = {"indicator": chosen, "value": queries.everywhere(chosen, data, known), "today": today}
    context |= {"tables": charts(chosen, data, known, today), "together": queries.value(chosen, data, among)}
    context |= {"lines": [(*line, behind(chosen, line[0].slug)) for line in from_here[:PAGE]], "total": len(listed)}
    context |= {"narrowed": urlencode(narrowed), "crumbs": [(_("Figures"), reverse("indicators:figures"))]}
    context["has_list"] = queries.records(chosen, today, among) is not None
    if len(from_here) > PAGE:
        asked = request.GET.copy()
        asked["after"] = from_here[PAGE - 1][0].code
        context["next_url"] = f"?{asked.urlencode()}#places"
    return page(request, "indicators/indicator.html", context)


def behind(chosen: Indicator, slug: str) -> str:
    """The page that shows what the figure counts at a place."""
    if chosen.door:
        return reverse(chosen.door, args=[slug])
    return reverse("indicators:records", args=[chosen.code]) + f"?place={slug}"


@require_safe
def records(request: HttpRequest, code: str) -> HttpResponse:
    """The records that a figure counts, or those left out of it; everywhere, in a group of places, or in one."""
    if code not in BY_CODE:
        raise Http404
    return kept(request, make=lambda: list_records(request, BY_CODE[code]))


def list_records(request: HttpRequest, chosen: Indicator) -> HttpResponse:
    today, known, asked = timezone.localdate(), queries.places(), {name: request.GET[name] for name in request.GET}
    found = queries.listing(chosen, today, known, asked, before=number_before(request))
    if found is None:
        raise Http404
    rest = "rest" in asked
    context: dict[str, Any] = {"indicator": chosen, "today": today, "found": found, "rest": rest}
    context |= {"lines": lines(chosen, found, known, today), "next_url": next_page(request, found.before)}
    narrowed = {name: value for name, value in asked.items() if name not in {"rest", "before"}}
    context |= {
        "where": named(narrowed, known),
        "others_url": "?" + urlencode(narrowed | ({} if rest else {"rest": ""})),
    }
    itself = (chosen.name, reverse("indicators:indicator", args=[chosen.code]))
    context["crumbs"] = [(_("Figures"), reverse("indicators:figures")), itself]
    return page(request, "indicators/records.html", context, part="list")


def lines(chosen: Indicator, found: queries.Listing, known: dict[int, Place], on: date) -> list[dict[str, Any]]:
    """The records as they are called, where they are seen and whose they are; of members where openness has become a
    rule, with the signs that they show."""
    signs = {sign.name: queries.read(sign, on).counts for sign in SIGNS} if chosen.code == "II1" else {}
    kinds = [(KINDS[record._meta.label_lower], record) for record in found.records]
    return [
        {
            "title": kind.title(record),
            "address": kind.address(record),
            "place": known[record.whose],
            "signs": [name for name, counts in signs.items() if record.whose in counts],
        }
        for kind, record in kinds
    ]


def named(asked: dict[str, str], known: dict[int, Place]) -> list[str]:
    """The groups, the place, the value and the policy area asked for, by their names."""
    names = [str(group_names(known)[by].get(asked[by], "")) for by in BREAKDOWNS if by in asked]
    names += [str(place.name) for place in known.values() if place.slug == asked.get("place")]
    names += [str(label) for value, label in OgpValue.choices if value == asked.get("value")]
    names += [str(area) for area in PolicyArea.objects.filter(key=asked["area"])] if "area" in asked else []
    return [name for name in names if name]


def charts(chosen: Indicator, data: queries.Data, known: dict[int, Place], on: date) -> list[tuple[Any, list[Any]]]:
    """Each breakdown under its heading; and the past, once there is one."""
    made: list[tuple[Any, list[Any]]] = [
        (heading, charted(queries.rows(chosen, data, known, by))) for by, (heading, _group) in BREAKDOWNS.items()
    ]
    made += [(heading, charted(rows)) for heading, rows in queries.facets(chosen, on, known)]
    past = queries.past(chosen)
    return [*made, (_("Over time"), charted(past))] if len(past) > 1 else made


def charted(rows: list[queries.Row]) -> list[dict[str, Any]]:
    """The rows as the bar chart wants them: rates on their own scale, other figures against the largest."""
    amounts = [row.value.amount or 0 for row in rows]
    most = 100 if rows and rows[0].value.indicator.of and rows[0].value.indicator.per == 100 else max([*amounts, 1])
    return [
        {
            "label": row.name,
            "number": row.value.told,
            "counted": "" if row.value.counted == row.value.told else row.value.counted.replace(" ", "\u00a0"),
            "share": max(0, 100 * (row.value.amount or 0) / most),
            "url": row.query,
        }
        for row in rows
    ]
