from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from infitah.ground.ledger.queries import kept
from infitah.ground.territories.queries import map_shapes
from infitah.journey.programmes.models import Phase
from infitah.journey.programmes.queries import span
from infitah.lib.http import limit, next_page, number_before, page
from infitah.network.membership.queries import members_by_region

from . import queries
from .forms import Search


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front page: find your commune, what is open, what has been answered."""
    return kept(request, make=lambda: front(request))


def front(request: HttpRequest) -> HttpResponse:
    country, numbers = queries.country(), members_by_region()
    calls, meetings = queries.network_now()
    context: dict[str, Any] = {
        "figures": queries.figures(country),
        "open_now": [(phase, left(phase)) for phase in queries.open_now()],
        "answers": queries.latest_answers(),
        "practices": queries.latest_practices(),
        "calls": calls,
        "meetings": meetings,
        "shapes": map_shapes(country, numbers, lambda land: reverse("spaces:space", args=[land.slug]))
        if country
        else None,
        "country": country,
        "ideas_url": f"{reverse('website:search')}?kind=idea",
    }
    return page(request, "website/home.html", context)


def left(phase: Phase) -> str:
    """How long it stays open, in words."""
    days = (span(phase)[1] - timezone.localdate()).days
    if days < 1:
        return _("last day today")
    return ngettext("%(days)s more day", "%(days)s more days", days) % {"days": days}


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Everything public that has these words, in any spelling."""
    form = Search(request.GET)
    typed, kind = form.asked()
    limit(request, "search", times=240, per=60)
    groups = queries.search(typed, kind, before=number_before(request)) if typed or kind else []
    context = {"form": form, "typed": typed, "kind": kind, "groups": groups, "tabs": tabs(typed, kind)}
    context["next_url"] = next_page(request, groups[0].before) if kind and groups else ""
    return page(request, "website/search.html", context, status=422 if form.errors else 200)


def tabs(typed: str, kind: str) -> list[dict[str, Any]]:
    """One tab for all kinds, and one for each."""
    every = [("", _("Everything")), *queries.kinds()]
    return [
        {"text": name, "url": f"?{urlencode({'q': typed, 'kind': each})}", "is_current": each == kind}
        for each, name in every
    ]


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What the network is, from published sources."""
    return kept(request, make=lambda: page(request, "website/about.html", {"cohorts": queries.cohorts()}), places=[])


@require_safe
def legal(request: HttpRequest) -> HttpResponse:
    """Terms, and personal data under law 09-08."""
    return kept(request, make=lambda: page(request, "website/legal.html"), places=[])


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return kept(request, make=lambda: page(request, "website/accessibility.html"), places=[])


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", "Disallow: /*/workbench/", "Disallow: /*/me/", "Disallow: /*/search/", "Disallow: /*/r/"]
    lines.append(f"Sitemap: {settings.SITE_URL}/sitemap.xml")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """The pages that do not change their address: the front, and the members in each language."""
    addresses = [
        f"{settings.SITE_URL}/{language}{path}" for path in queries.paths() for language, _n in settings.LANGUAGES
    ]
    return render(request, "website/sitemap.xml", {"addresses": addresses}, content_type="application/xml")
