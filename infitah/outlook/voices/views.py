from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from infitah.ground.accounts.queries import signed_in
from infitah.ground.moderation.queries import ruling_on
from infitah.ground.organisations import rules
from infitah.ground.organisations.models import Organisation
from infitah.ground.organisations.queries import voice_of
from infitah.lib.http import next_page, number_before, page

from . import queries


@require_safe
def organisation(request: HttpRequest, number: int) -> HttpResponse:
    """The public page of an organisation: what it is, who has verified it, what was given in its name."""
    found, by = get_object_or_404(Organisation.objects.select_related("place"), pk=number), signed_in(request)
    if not rules.can_read(by, found):
        return unseen(found)
    place = found.place
    context = {"organisation": found, "place": place, **given(request, found)}
    context |= {"verdicts": found.verdicts.all(), "seats": queries.seats_of(found)}
    context |= {"practices": queries.practices_from(found)[: queries.PAGE]}
    context |= {"may": rules.open_to(by, found), "voice": voice_of(by, found)}
    context["ruling"] = None if found.is_shown else ruling_on(found)
    to_all = (_("Associations and organisations"), reverse("organisations:list", args=[place.slug]))
    context["crumbs"] = [(place.name, reverse("spaces:space", args=[place.slug])), to_all]
    return page(request, "voices/organisation.html", context, part="given")


def given(request: HttpRequest, found: Organisation) -> dict[str, Any]:
    """What was given in its name: how much of each kind, as tabs, and a page of one."""
    every, asked = queries.given_for(found), request.GET.get("given", "")
    counts = {kind: things.count() for kind, things in every.items()}
    kind = asked if asked in every else next((kind for kind, count in counts.items() if count), "ideas")
    lines, before = queries.given_page(kind, every[kind], number_before(request))
    tabs = [
        {"text": name, "url": f"?given={each}#given", "is_current": each == kind, "count": counts[each]}
        for each, name in queries.GIVEN.items()
    ]
    return {"tabs": tabs, "lines": lines, "next_url": next_page(request, before), "total": sum(counts.values())}


def unseen(found: Organisation) -> HttpResponse:
    """In place of one that was verified and is hidden: the ruling with its reason; of any other, nothing is told."""
    ruling = ruling_on(found) if found.verified_at and found.visibility == Organisation.Visibility.HIDDEN else None
    if ruling is None:
        raise Http404
    return HttpResponseRedirect(reverse("moderation:ruling", args=[ruling.pk]))
