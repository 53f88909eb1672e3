from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from infitah.ground.accounts.queries import signed_in
from infitah.ground.ledger.queries import kept
from infitah.ground.territories.models import Territory
from infitah.journey.adoption.queries import coming_session
from infitah.journey.programmes.models import Phase, Programme
from infitah.journey.programmes.queries import Step, composition_told, cycle_part, is_open, seated, timeline
from infitah.lib.errors import require
from infitah.lib.http import done, next_page, number_before, page, posted
from infitah.network.calls import queries as calls
from infitah.network.pool.queries import lasting_at
from infitah.outlook.notifications.queries import following

from . import actions, queries, rules
from .forms import Publication
from .models import Document

SHOWN = 6  # of the projects of a programme, on the space


def place_of(slug: str) -> Territory:
    found = queries.find(slug)
    if found is None:
        raise Http404
    return found


@require_safe
def space(request: HttpRequest, slug: str) -> HttpResponse:
    """The public page of a collectivity: of a member, or of one that is not yet."""
    place = place_of(slug)
    return kept(request, make=lambda: show(request, place), places=[place])


def show(request: HttpRequest, place: Territory) -> HttpResponse:
    member, programmes = queries.membership(place), queries.programmes(place)
    ways = queries.above(place)
    names = [way.name if way.kind == Territory.Kind.REGION else way.titled for way in ways]  # communes share names
    crumbs = [(name, reverse("spaces:space", args=[way.slug])) for name, way in zip(names, ways, strict=True)]
    context: dict[str, Any] = {"place": place, "title": place.titled, "crumbs": crumbs, "member": member}
    if place.kind not in {Territory.Kind.COMMUNE, Territory.Kind.COUNTRY}:  # all members have a page of their own
        context["members"] = list(queries.members_under(place))
    if not programmes:
        context |= {"neighbours": queries.neighbours(place), "calls": calls.open_to(place)}
        return page(request, "spaces/outside.html", context)
    context["following"] = following(place, signed_in(request))
    context |= {"can_publish": rules.can_publish(signed_in(request), place), "missions": lasting_at(place)}
    return page(request, "spaces/space.html", {**context, **of_programme(place, programmes)})


def of_programme(place: Territory, programmes: list[Programme]) -> dict[str, Any]:
    """What the space shows of the current programme, and of the one in force where that is another."""
    current = programmes[0]
    in_force = next((each for each in programmes if each.status in Programme.IN_FORCE), None)
    standings = queries.standings(current)
    shown = [(current, standings[:SHOWN], len(standings))]
    if in_force and in_force != current:
        before = queries.standings(in_force)
        shown.append((in_force, before[:SHOWN], len(before)))
    committee = composition_told(seated(current))
    of_both = {"programme": current, "shown": shown, "committee": committee, "project_count": len(standings)}
    of_both |= lists_of(place, f"cycle={current.cycle_id}" if len(programmes) > 1 else "")
    return {**of_both, **of_today(place, current, len(standings))}


def lists_of(place: Territory, cycle: str) -> dict[str, str]:
    """Where the ideas of the programme are listed: all of them, and those answered."""
    ideas = reverse("ideas:list", args=[place.slug])
    answered = "&".join(part for part in (cycle, "state=answered") if part)
    return {"ideas_url": f"{ideas}?{cycle}" if cycle else ideas, "answered_url": f"{ideas}?{answered}"}


def of_today(place: Territory, current: Programme, projects: int) -> dict[str, Any]:
    """Where the programme is, what residents can do, what they got, what comes next."""
    given, steps = queries.figures(current), timeline(current)
    here = next((step for step in steps if step.state == "now"), None)
    return {
        "steps": noted(steps, given),
        "state": state_of(current, here),
        "figures": given,
        "invitation": queries.invitation(current, here, given, projects),
        "answers": queries.answers(current),
        "events": queries.events(place, steps),
        "next_session": coming_session(place),
        "documents": list(Document.objects.filter(place=place).order_by("-at")[:4]),
    }


def noted(steps: list[Step], given: queries.Figures) -> list[Step]:
    """The timeline with what came of the first phases."""
    for step in steps:
        if step.kind == Phase.Kind.IDEAS and step.state == "done" and given.ideas:
            step.note = ngettext("%(count)s received", "%(count)s received", given.ideas) % {"count": given.ideas}
        if step.kind == Phase.Kind.ANALYSIS and step.state == "done" and given.rate is not None:
            step.note = _("%(rate)s%% answered") % {"rate": given.rate}
    return steps


def state_of(programme: Programme, here: Step | None) -> str:
    """Where things stand, in one line."""
    is_told = here is not None and here.kind in {Phase.Kind.IMPLEMENTATION, Phase.Kind.COUNCIL}
    if here is None or here.phase is None or is_told or not here.phase.is_open():
        return str(programme.get_status_display())
    days = (queries.last_day(here.phase) - timezone.localdate()).days
    if days < 1:
        return _("%(phase)s: last day today") % {"phase": here.name}
    left = ngettext("%(phase)s: open for %(days)s more day", "%(phase)s: open for %(days)s more days", days)
    return left % {"phase": here.name, "days": days}


@require_safe
def programme(request: HttpRequest, slug: str) -> HttpResponse:
    """The whole programme, as a document to read."""
    place = place_of(slug)
    return kept(request, make=lambda: read(request, place), places=[place])


def read(request: HttpRequest, place: Territory) -> HttpResponse:
    programmes = queries.programmes(place)
    crumbs = [(place.name, reverse("spaces:space", args=[place.slug]))]
    asked = request.GET.get("cycle", "")
    chosen = [each for each in programmes if str(each.cycle_id) == asked] or programmes
    if not chosen:
        return page(request, "spaces/none.html", {"place": place, "crumbs": crumbs}, status=404)
    found = chosen[0]
    context: dict[str, Any] = {"place": place, "crumbs": crumbs, "programme": found, "programmes": programmes}
    context["lead"] = "" if found.cycle.name == found.title else found.cycle.name
    context["is_open"] = is_open(found, Phase.Kind.CONSULTATION)
    context |= {"cycle": cycle_part(found), "language": "fr" if get_language() == "fr" else "ar"}
    return page(request, "spaces/programme.html", {**context, **queries.whole(found), "steps": timeline(found)})


@require_safe
def documents(request: HttpRequest, slug: str) -> HttpResponse:
    """What the place has published."""
    place = place_of(slug)
    shown, before = queries.documents(place, number_before(request))
    context: dict[str, Any] = {"documents": shown, "next_url": next_page(request, before), "place": place}
    context["crumbs"] = [(place.name, reverse("spaces:space", args=[slug]))]
    context["can_publish"] = rules.can_publish(signed_in(request), place)
    return page(request, "spaces/documents.html", context, part="list")


@login_required
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    place, by = place_of(slug), signed_in(request)
    require(rules.can_publish(by, place))
    form = Publication(**posted(request))
    if form.is_valid():
        actions.publish(place, by=by, **form.cleaned_data)
        return done(request, reverse("spaces:documents", args=[slug]), _("The document is published."))
    context = {"place": place, "form": form, "crumbs": [(place.name, reverse("spaces:space", args=[slug]))]}
    return page(request, "spaces/publish.html", context)
