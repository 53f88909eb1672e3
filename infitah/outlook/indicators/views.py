from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from infitah.ground.ledger.queries import kept
from infitah.lib.http import page

from . import queries
from .catalog import BY_CODE, Indicator

PAGE = 100
LISTS = {code: ("spaces:programme", "") for code in ("PI3", "PI4", "II2", "X1", "X2", "X3", "X4", "E1")} | {
    "P1": ("ideas:list", ""),
    "P2": ("ideas:list", "?channel=website"),
    "P3": ("ideas:list", "?state=answered"),
    "P4": ("ideas:list", "?state=answered"),
    "P5": ("ideas:list", "?state=kept"),
}


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
    tables = charts(chosen, data, known)
    narrowed = {by: request.GET[by] for by in queries.breakdowns() if by in request.GET}
    among = queries.narrow(known, narrowed)
    listed = queries.listed(chosen, data, among)
    after = request.GET.get("after", "")
    from_here = [line for line in listed if line[0].code > after]
    whole = queries.everywhere(chosen, data, known)
    context: dict[str, Any] = {"indicator": chosen, "value": whole, "tables": tables}
    context["together"] = queries.value(chosen, data, among)
    context |= {"lines": [(*line, list_of(chosen, line[0].slug)) for line in from_here[:PAGE]], "total": len(listed)}
    context |= {"today": today, "narrowed": narrowed, "crumbs": [(_("Figures"), reverse("indicators:figures"))]}
    if len(from_here) > PAGE:
        asked = request.GET.copy()
        asked["after"] = from_here[PAGE - 1][0].code
        context["next_url"] = f"?{asked.urlencode()}#places"
    return page(request, "indicators/indicator.html", context)


def charts(chosen: Indicator, data: queries.Data, known: dict[int, queries.Place]) -> list[tuple[str, list[Any]]]:
    """Each breakdown under its heading; and the past, once there is one."""
    groups = queries.breakdowns().items()
    made = [(heading, charted(queries.rows(chosen, data, known, by))) for by, (heading, _group_of) in groups]
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
            "counted": row.value.counted,
            "share": max(0, 100 * (row.value.amount or 0) / most),
            "url": row.query,
        }
        for row in rows
    ]


def list_of(chosen: Indicator, slug: str) -> str:
    """The page of a place that lists what the indicator counts there."""
    name, query = LISTS.get(chosen.code, ("spaces:space", ""))
    return reverse(name, args=[slug]) + query
