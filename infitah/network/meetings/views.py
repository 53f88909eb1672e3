from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from infitah.ground.accounts.queries import signed_in
from infitah.ground.territories.models import Territory
from infitah.lib.errors import require
from infitah.lib.http import done, page

from . import actions, queries, rules
from .forms import Announcement, Attendance
from .models import Meeting


@require_GET
def meetings(request: HttpRequest, slug: str) -> HttpResponse:
    return show(request, get_object_or_404(Territory, slug=slug), Attendance())


def show(request: HttpRequest, place: Territory, form: Attendance, *, status: int = 200) -> HttpResponse:
    """The meetings to come and those that are over, with a place to say how many came."""
    before = request.GET.get("before", "")
    over, more = queries.past(place, before=int(before) if before.isdecimal() and len(before) < 19 else None)
    context = {"place": place, "coming": queries.coming(place), "past": over, "form": form}
    context["next_url"] = f"?before={more}" if more else ""
    context["can_announce"] = rules.can_announce(signed_in(request), place)
    return page(request, "meetings/meetings.html", context, part="past", status=status)


@login_required
def announce(request: HttpRequest, slug: str) -> HttpResponse:
    place, by = get_object_or_404(Territory, slug=slug), signed_in(request)
    require(rules.can_announce(by, place))
    form = Announcement(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.announce(place, by=by, **form.cleaned_data)
        return done(request, reverse("meetings:meetings", args=[slug]), _("The meeting is announced."))
    context = {"place": place, "form": form}
    return page(request, "meetings/announce.html", context, status=422 if request.method == "POST" else 200)


@login_required
@require_POST
def hold(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    meeting, by = (
        get_object_or_404(Meeting.objects.select_related("place"), place__slug=slug, pk=number),
        signed_in(request),
    )
    require(rules.can_hold(by, meeting))
    form = Attendance(request.POST)
    if not form.is_valid():
        return show(request, meeting.place, form, status=422)
    actions.hold(meeting, by=by, **form.cleaned_data)
    return done(request, reverse("meetings:meetings", args=[slug]), _("Counted. Thank you."))


@require_GET
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    place = get_object_or_404(Territory, slug=slug)
    name = _("Meetings in %(place)s") % {"place": place.name}
    made = queries.calendar(place, name=name, host=request.get_host().split(":")[0])
    return HttpResponse(made, content_type="text/calendar; charset=utf-8")
