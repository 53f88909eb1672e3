from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from infitah.ground.accounts.models import Person
from infitah.ground.accounts.queries import signed_in
from infitah.ground.ledger.queries import kept
from infitah.ground.territories.models import Territory
from infitah.lib import proof, text
from infitah.lib.errors import NoSuch, NotPossible, require
from infitah.lib.forms import refused
from infitah.lib.http import done, limit, looked_up, next_page, number_before, page, posted

from . import actions, forms, queries, rules
from .models import PROMISES, Meeting, Registration

# -- the meetings of a place ---------------------------------------------------------------------------


@require_GET
def meetings(request: HttpRequest, slug: str) -> HttpResponse:
    return show(request, get_object_or_404(Territory, slug=slug), forms.Attendance())


def show(request: HttpRequest, place: Territory, form: forms.Attendance) -> HttpResponse:
    """The meetings to come and those that are over, with a place to say how many came."""
    over, more = queries.past(place, before=number_before(request))
    context = {"place": place, "coming": queries.coming(place), "past": over, "form": form}
    context |= {"past_count": queries.past_count(place), "promises": PROMISES.values()}
    context |= {"next_url": next_page(request, more), "can_announce": rules.can_announce(signed_in(request), place)}
    return page(request, "meetings/meetings.html", context, part="past")


@login_required
def announce(request: HttpRequest, slug: str) -> HttpResponse:
    place, by = get_object_or_404(Territory, slug=slug), signed_in(request)
    require(rules.can_announce(by, place))
    form = forms.Announcement(**posted(request))
    if request.method == "POST" and form.is_valid():
        made = actions.announce(place, by=by, **form.cleaned_data)
        return done(request, reverse("meetings:meeting", args=[made.pk]), _("The meeting is announced."))
    context = {"place": place, "form": form}
    return page(request, "meetings/announce.html", context)


@login_required
@require_POST
def hold(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    meeting, by = get_object_or_404(Meeting, place__slug=slug, pk=number), signed_in(request)
    require(rules.can_hold(by, meeting))
    form = forms.Attendance(request.POST)
    if not form.is_valid():
        return show(request, meeting.place, form)
    actions.hold(meeting, by=by, **form.cleaned_data)
    return done(request, reverse("meetings:meetings", args=[slug]), _("Counted. Thank you."))


# -- calendars -----------------------------------------------------------------------------------------


@require_GET
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    place = get_object_or_404(Territory, slug=slug)
    return calendar_of(place.meetings.all(), _("Meetings in %(place)s") % {"place": place.name})


@require_GET
def feed(request: HttpRequest) -> HttpResponse:
    wanted = forms.Wanted(queries.regions(), request.GET).wanted()
    return calendar_of(queries.chosen(wanted), _("Meetings of the network"))


@require_GET
def invitation(request: HttpRequest, number: int) -> HttpResponse:
    meeting = meeting_of(number)
    return calendar_of(Meeting.objects.filter(pk=number), str(meeting.title))


def calendar_of(shown: Any, name: str) -> HttpResponse:
    made = queries.calendar(shown, name=name, site=settings.SITE_URL, address=address_of)
    return HttpResponse(made, content_type="text/calendar; charset=utf-8")


def address_of(meeting: Meeting) -> str:
    return reverse("meetings:meeting", args=[meeting.pk])


# -- the meetings of the network, and each of them -----------------------------------------------------


@require_GET
def network(request: HttpRequest) -> HttpResponse:
    return kept(request, make=lambda: show_network(request))


def show_network(request: HttpRequest) -> HttpResponse:
    """The meetings to come, or those that have been, narrowed by kind and region."""
    form = forms.Wanted(queries.regions(), request.GET)
    is_past = request.GET.get("when") == "past"
    wanted = form.wanted()
    found, more = queries.listed(wanted, is_past=is_past, before=number_before(request))
    asked = request.GET.copy()
    for name in ("before", "when"):
        asked.pop(name, None)
    context = {"form": form, "found": found, "is_past": is_past, "asked": asked.urlencode()}
    country = Territory.objects.filter(kind="country").first()
    context |= {"next_url": next_page(request, more), "country": country}
    context |= {"count": queries.count(wanted, is_past=is_past), "promises": PROMISES.values()}
    context["can_announce"] = country and rules.can_announce(signed_in(request), country)
    return page(request, "meetings/network.html", context, part="found")


def meeting_of(number: int) -> Meeting:
    return get_object_or_404(Meeting.objects.select_related("place__parent"), pk=number)


def around(meeting: Meeting) -> dict[str, Any]:
    """What each page about a meeting knows: the meeting, and the way back from it."""
    here = (meeting.title, address_of(meeting))
    if meeting.place.kind in queries.NETWORK:
        first = (_("Meetings of the network"), reverse("meetings:network"))
    else:
        first = (
            _("Meetings in %(place)s") % {"place": meeting.place},
            reverse("meetings:meetings", args=[meeting.place.slug]),
        )
    return {"meeting": meeting, "crumbs": [first, here], "home": [first]}


@require_GET
def meeting(request: HttpRequest, number: int) -> HttpResponse:
    found = meeting_of(number)
    return kept(request, places=[found.place], make=lambda: show_meeting(request, found))


def show_meeting(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """All that is known of a meeting: when, where, for what, its documents, who came as numbers, its minutes."""
    papers, photos = queries.materials_of(meeting)
    has_counts = meeting.is_over and not rules.has_open_desk(meeting)
    context = {**around(meeting), "papers": papers, "photos": photos, "versions": queries.minutes_of(meeting)}
    context["headcounts"] = queries.headcounts(meeting) if has_counts else []
    by = signed_in(request)
    context |= {"can_run": rules.can_run(by, meeting), "has_open_desk": rules.has_open_desk(meeting)}
    context["mine"] = queries.registered(meeting, by) if by else None
    return page(request, "meetings/meeting.html", context)


def run(request: HttpRequest, meeting: Meeting, form: Any, act: Any) -> HttpResponse:
    """A page with one form, for whoever runs the meeting; what it says stands with the form."""
    by = signed_in(request)
    require(rules.can_run(by, meeting))
    status = 0
    if request.method == "POST" and form.is_valid():
        try:
            act(by=by, **form.cleaned_data)
            return done(request, address_of(meeting), form.said)
        except NotPossible as fault:
            status = refused(form, fault)
    return page(request, "meetings/form.html", {**around(meeting), "form": form}, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, number: int) -> HttpResponse:
    meeting = meeting_of(number)
    return run(request, meeting, forms.Change(meeting, **posted(request)), partial(actions.change, meeting))


@login_required
@require_http_methods(["GET", "POST"])
def call_off(request: HttpRequest, number: int) -> HttpResponse:
    meeting = meeting_of(number)
    return run(request, meeting, forms.CallingOff(**posted(request)), partial(actions.call_off, meeting))


@login_required
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, number: int) -> HttpResponse:
    meeting = meeting_of(number)
    return run(request, meeting, forms.Added(**posted(request)), partial(actions.add, meeting))


@login_required
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, number: int, material: int) -> HttpResponse:
    meeting = meeting_of(number)
    found = get_object_or_404(meeting.materials.filter(withdrawn_at=None), pk=material)
    form = forms.Withdrawal(**posted(request), label_suffix="")
    return run(request, meeting, form, partial(actions.withdraw, found))


# -- registering ---------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def register(request: HttpRequest, number: int) -> HttpResponse:
    meeting, by = meeting_of(number), signed_in(request)
    form = forms.Enrolment(**posted(request), is_signed_in=by is not None)
    if request.method == "POST" and form.is_valid():
        return enrol(request, meeting, form, by)
    require(rules.can_register(by, meeting), NotPossible(_("Registration for this meeting is closed.")))
    return show_enrolment(request, meeting, form)


def enrol(request: HttpRequest, meeting: Meeting, form: forms.Enrolment, by: Person | None) -> HttpResponse:
    """The door of `actions.register`: no account needed; without proof of work, fewer in an hour from one address."""
    is_proven = by is not None or proof.is_solved(request.POST.get("proof", ""))
    limit(request, "registrations", times=60 if is_proven else 8, per=3600)
    try:
        if email := form.cleaned_data.get("email"):
            limit(request, "registrations", times=5, per=3600, to=email)  # each of them writes there
        made = actions.register(meeting, by=by, language=get_language() or "ar", **form.arguments())
    except NotPossible as fault:
        return show_enrolment(request, meeting, form, status=refused(form, fault))
    said = {"confirmed": _("You are registered."), "waiting": _("You are on the waiting list.")}
    here = reverse("meetings:registration", args=[text.receipt_shown(made.code)])
    return done(request, here, said.get(made.status, ""))


def show_enrolment(request: HttpRequest, meeting: Meeting, form: forms.Enrolment, *, status: int = 0) -> HttpResponse:
    return page(request, "meetings/register.html", {**around(meeting), "form": form}, status=status)


def registration_of(request: HttpRequest, code: str) -> Registration:
    """The registration with this code, for whoever holds it."""
    found = looked_up(request, "registration-codes", lambda: queries.by_code(code), misses=30, per=600)
    require(found is not None, NoSuch(_("No registration bears this code. Compare it with what you were given.")))
    return found


@never_cache
@require_GET
def registration(request: HttpRequest, code: str) -> HttpResponse:
    """What its holder sees: whether there is a place, the code and the square for the door, later the certificate."""
    found = registration_of(request, code)
    shown = text.receipt_shown(found.code)
    door = settings.SITE_URL + reverse("meetings:check_in", args=[found.meeting_id, shown])
    context = {**around(found.meeting), "registration": found, "shown": shown, "door": door}
    context["turn"] = queries.turn_of(found) if found.status == Registration.Status.WAITING else 0
    context["can_cancel"] = found.status != Registration.Status.CANCELLED and rules.can_cancel(found)
    context |= {"has_come": rules.has_come(found), "address": settings.SITE_URL + request.path}
    return page(request, "meetings/registration.html", context)


@require_POST
def cancel(request: HttpRequest, code: str) -> HttpResponse:
    found = registration_of(request, code)
    actions.cancel(found)
    here = reverse("meetings:registration", args=[text.receipt_shown(found.code)])
    return done(request, here, _("Your registration is cancelled. Thank you for saying so."))


# -- at the door ---------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def desk(request: HttpRequest, number: int) -> HttpResponse:
    meeting, by = meeting_of(number), signed_in(request)
    require(rules.can_run(by, meeting))
    form = forms.WalkIn(**posted(request))
    added = None
    if request.method == "POST" and form.is_valid():
        added = actions.walk_in(meeting, by=by, **form.arguments())
        if not getattr(request, "htmx", False):
            return done(request, request.path, _("Added. Code: %(code)s") % {"code": text.receipt_shown(added.code)})
        meeting, form = meeting_of(number), forms.WalkIn(is_next=True)
    return show_desk(request, meeting, form, added, status=200 if added else 0)


def show_desk(
    request: HttpRequest, meeting: Meeting, form: forms.WalkIn, added: Registration | None, *, status: int
) -> HttpResponse:
    """Who is expected, with search; one press for each person; a row for those who come without having registered."""
    words, after = request.GET.get("q", "")[:100], number_before(request) or 0
    rows, more = queries.desk(meeting, words, after=after)
    context = {**around(meeting), "rows": rows, "words": words, "next_url": next_page(request, more), "form": form}
    context |= {"added": added, "latest": queries.latest_here(meeting), "is_open": rules.has_open_desk(meeting)}
    part = "sheet" if request.method == "POST" else "found"
    return page(request, "meetings/desk.html", context, part=part, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def check_in(request: HttpRequest, number: int, code: str) -> HttpResponse:
    """Where the square on a phone leads: it says who it is, and one press lets them in. For the organisers only."""
    meeting, by = meeting_of(number), signed_in(request)
    require(rules.can_run(by, meeting))
    found = queries.by_code(code)
    require(found is not None and found.meeting_id == meeting.pk, NoSuch(_("This code is not of this meeting.")))
    if request.method == "POST":
        found = (actions.check_out if request.POST.get("undo") else actions.check_in)(found, by=by)
        if not getattr(request, "htmx", False):
            return done(request, reverse("meetings:desk", args=[number]), _("Kept: %(name)s") % {"name": found})
        meeting = meeting_of(number)
    context = {**around(meeting), "row": found, "is_open": rules.has_open_desk(meeting)}
    return page(request, "meetings/check_in.html", context, part="row", status=200)


# -- what remains of it --------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, number: int) -> HttpResponse:
    meeting, by = meeting_of(number), signed_in(request)
    require(rules.can_run(by, meeting))
    latest = queries.latest_before(meeting, request.POST.get("key", ""))
    form, rows = forms.sheets(request.POST if request.method == "POST" else None, latest)
    if request.method == "POST" and "more" not in request.POST and form.is_valid() and rows.is_valid():
        actions.publish(meeting, by=by, decisions=forms.decided(rows), **form.cleaned_data)
        return done(request, address_of(meeting), _("The minutes are published."))
    context = {**around(meeting), "form": form, "rows": rows, "latest": latest}
    return page(request, "meetings/publish.html", context, status=200 if "more" in request.POST else 0)


@require_GET
def minutes(request: HttpRequest, number: int, version: int) -> HttpResponse:
    meeting = meeting_of(number)
    versions = queries.minutes_of(meeting)
    shown = next((each for each in versions if each.version == version), None)
    require(shown is not None, NoSuch(_("There is no such version of these minutes.")))
    return page(request, "meetings/minutes.html", {**around(meeting), "shown": shown, "versions": versions})
