from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from infitah.ground.accounts import actions as accounts
from infitah.ground.accounts.models import Person
from infitah.ground.accounts.queries import signed_in
from infitah.ground.territories.models import Territory
from infitah.lib.errors import NotPossible, require
from infitah.lib.forms import refused
from infitah.lib.http import done, page, posted

from . import actions, queries, rules
from .forms import Axes, Calendar, Ending, Preparation, Representing, Seating, SettingUp, Shift
from .models import Committee, Phase, Programme, Seat


def to_run(request: HttpRequest, slug: str) -> tuple[Programme, Person]:
    """The current programme of the place, for someone who runs it."""
    programme, by = to_work_on(request, slug)
    require(rules.can_run(by, programme))
    return programme, by


def to_work_on(request: HttpRequest, slug: str) -> tuple[Programme, Person]:
    """The same, for someone who runs it or a coach who helps."""
    programme = queries.programme_of(slug)
    by: Person = request.user  # type: ignore[assignment]
    require(rules.can_work_on(by, programme))
    return programme, by


def around(place: Territory, here: str = "", *, runs: bool = True, **more: Any) -> dict[str, Any]:
    """What each page of the room knows: its place, the way back from it and, inside the preparation, its parts.

    A coach works on the axes and the phases only.
    """
    crumbs = [(place.name, reverse("spaces:space", args=[place.slug]))]
    names = {"setup": _("Overview"), "axes": _("Axes"), "phases": _("Phases"), "committee": _("Committee")}
    tabs = [
        {"text": text, "url": reverse(f"programmes:{name}", args=[place.slug]), "is_current": name == here}
        for name, text in names.items()
        if runs or name in {"axes", "phases"}
    ]
    return {"place": place, "crumbs": crumbs, "tabs": tabs, "runs": runs, **more}


@login_required
@require_http_methods(["GET", "POST"])
def setup(request: HttpRequest, slug: str) -> HttpResponse:
    place, by = get_object_or_404(Territory, slug=slug), signed_in(request)
    require(rules.can_prepare(by, place))
    cycles = queries.cycles_to_begin(place)
    require(request.method == "GET" or bool(cycles), NotPossible(_("There is no other cycle to begin at present.")))
    form = Preparation(cycles, **posted(request)) if cycles else None
    if form and form.is_valid():
        actions.prepare(place, by=by, **form.cleaned_data)
        return done(request, reverse("programmes:axes", args=[slug]), _("The programme has begun. Word its axes."))
    programme = queries.current_programme(place)
    context = around(place, "setup", programme=programme, form=form)
    if programme:
        context |= {"steps": queries.timeline(programme), "seats": queries.seated(programme)}
        context["can_close"] = rules.can_close(by, programme)
    return page(request, "programmes/setup.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def axes(request: HttpRequest, slug: str) -> HttpResponse:
    programme, by = to_work_on(request, slug)
    if request.method == "POST":
        actions.require_unsettled(programme)
    form, status = Axes(programme, **posted(request)), 0
    if form.is_valid():
        try:
            actions.word_axes(programme, by=by, **form.arguments())
            said = _("The axes are published. Now plan the phases.")
            return done(request, reverse("programmes:phases", args=[slug]), said)
        except NotPossible as refusal:
            status = refused(form, refusal)
    context = around(programme.place, "axes", programme=programme, form=form, runs=rules.can_run(by, programme))
    return page(request, "programmes/axes.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def phases(request: HttpRequest, slug: str) -> HttpResponse:
    programme, by = to_work_on(request, slug)
    form = Calendar(programme, **posted(request))
    if form.is_valid():
        actions.plan(programme, by=by, days=form.arguments())
        return done(request, reverse("programmes:phases", args=[slug]), _("The dates are published."))
    runs, shifts = rules.can_run(by, programme), queries.shifts(programme)
    context = around(programme.place, "phases", programme=programme, form=form, shifts=shifts, runs=runs)
    return page(request, "programmes/phases.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def shift(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    programme, by = to_run(request, slug)
    phase = get_object_or_404(Phase, programme=programme, kind=kind)
    form = Shift(**posted(request), initial={"opens_at": phase.opens_at, "closes_at": phase.closes_at})
    if form.is_valid():
        actions.shift(phase, by=by, **form.cleaned_data)
        return done(
            request, reverse("programmes:phases", args=[slug]), _("The new dates are published with their reason.")
        )
    back = reverse("programmes:phases", args=[slug])
    context = around(programme.place, "phases", phase=phase, form=form, back=back)
    return page(request, "programmes/shift.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def committee(request: HttpRequest, slug: str) -> HttpResponse:
    programme, by = to_run(request, slug)
    form = SettingUp(**posted(request), initial=Committee.objects.filter(programme=programme).values().first())
    if form.is_valid():
        actions.set_up_committee(programme, by=by, **form.cleaned_data)
        return done(request, request.path, _("The committee is set up. Now give its seats."))
    return show_committee(request, programme, setting_up=form)


def show_committee(request: HttpRequest, programme: Programme, **forms: Any) -> HttpResponse:
    """The committee with its seats and its forms."""
    context = around(programme.place, "committee", programme=programme, seats=queries.seated(programme))
    context["committee"] = found = Committee.objects.filter(programme=programme).first()
    context["setting_up"] = SettingUp(initial=vars(found) if found else None)
    context["seating"] = Seating(programme, initial={"since": found.set_up_on} if found else None)
    context["organisations"] = queries.seatable(programme)
    context["ending"] = Ending()
    return page(request, "programmes/seats.html", {**context, **forms})


@login_required
@require_POST
def seat(request: HttpRequest, slug: str) -> HttpResponse:
    programme, by = to_run(request, slug)
    form = Seating(programme, request.POST)
    if not form.is_valid():
        return show_committee(request, programme, seating=form)
    given = form.cleaned_data
    email = given.pop("email")
    committee = get_object_or_404(Committee, programme=programme)
    actions.seat(committee, by=by, person=accounts.invite(email) if email else None, **given)
    return done(request, reverse("programmes:committee", args=[slug]), _("The seat is given."))


@login_required
@require_POST
def represent(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    programme, by = to_run(request, slug)
    seat = get_object_or_404(Seat, committee__programme=programme, pk=number)
    form = Representing(programme, request.POST)
    if not form.is_valid():
        return show_committee(request, programme, ending=form, ending_of=seat)
    actions.represent(seat, by=by, **form.cleaned_data)
    return done(request, reverse("programmes:committee", args=[slug]), _("Saved."))


@login_required
@require_POST
def unseat(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    programme, by = to_run(request, slug)
    seat = get_object_or_404(Seat, committee__programme=programme, pk=number)
    form = Ending(request.POST)
    if not form.is_valid():
        return show_committee(request, programme, ending=form, ending_of=seat)
    actions.unseat(seat, by=by, **form.cleaned_data)
    return done(
        request, reverse("programmes:committee", args=[slug]), _("The seat has ended; it stays in the history.")
    )


@login_required
@require_POST
def close(request: HttpRequest, slug: str) -> HttpResponse:
    programme, by = to_run(request, slug)
    actions.close(programme, by=by)
    return done(
        request, reverse("programmes:setup", args=[slug]), _("The programme is closed. It can now be evaluated.")
    )


@require_GET
def composition(request: HttpRequest, slug: str) -> HttpResponse:
    place = get_object_or_404(Territory, slug=slug)
    programme = queries.current_programme(place)
    context = around(place, programme=programme)
    if programme:
        seats = queries.seated(programme)
        context |= {
            "seats": seats,
            "sides": queries.sides(seats),
            "counts": queries.composition(seats),
            "former": queries.unseated(programme),
        }
        context |= {"committee": Committee.objects.filter(programme=programme).first()}
        context |= {"meetings": queries.committee_meetings(programme)}
    context["can_seat"] = programme is not None and rules.can_seat(signed_in(request), programme)
    return page(request, "programmes/composition.html", context)
