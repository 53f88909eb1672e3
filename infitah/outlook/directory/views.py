from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from infitah.ground.accounts.queries import signed_in
from infitah.ground.ledger.queries import kept
from infitah.ground.territories import queries as territories
from infitah.ground.territories.models import Territory
from infitah.lib import tables
from infitah.lib.http import limit, next_page, number_before, page
from infitah.network.membership import rules
from infitah.network.membership.queries import composition

from . import queries
from .forms import Filter


@require_safe
def members(request: HttpRequest) -> HttpResponse:
    """Who is in the network: list and map, narrowed as one likes."""
    form = Filter(request.GET)
    found = queries.directory_page(form.chosen(), after=request.GET.get("after", "")[:16])
    asked = request.GET.copy()
    asked.pop("after", None)
    context = {"form": form, "found": found, "asked": asked.urlencode(), "composition": composition()}
    asked["after"] = found.after
    context["next_url"] = f"?{asked.urlencode()}" if found.after else ""
    context |= {"shapes": shapes(request, form.chosen()), "can_admit": rules.can_admit(signed_in(request))}
    return page(request, "directory/members.html", context, part="found")


def shapes(request: HttpRequest, chosen: dict[str, Any]) -> territories.Shapes | None:
    """The regions with how many of the members so narrowed lie in each, each leading to its own list."""
    country = Territory.objects.filter(kind=Territory.Kind.COUNTRY).first()
    asked = request.GET.copy()
    asked.pop("after", None)

    def url(place: Territory) -> str:
        asked["region"] = place.slug
        return f"{reverse('directory:members')}?{asked.urlencode()}"

    return territories.map_shapes(country, queries.by_region(chosen), url) if country else None


@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """The same list as a spreadsheet."""
    limit(request, "members", times=60, per=3600)
    rows = queries.table(Filter(request.GET).chosen())
    answer = HttpResponse(tables.written(rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="members.csv"'
    return answer


@require_safe
def since(request: HttpRequest, slug: str) -> HttpResponse:
    """What a member has done since it joined."""
    member = queries.member_of(slug)

    def make() -> HttpResponse:
        moments, before = queries.story(member, before=number_before(request))
        context = {"member": member, "place": member.place, "moments": moments, "counts": queries.counts(member)}
        context |= {"next_url": next_page(request, before), "today": timezone.localdate()}
        return page(request, "directory/since.html", context, part="story")

    return kept(request, make=make, places=[member.place])
