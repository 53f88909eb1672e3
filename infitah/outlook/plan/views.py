from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from infitah.ground.accounts.queries import signed_in
from infitah.ground.ledger.queries import kept
from infitah.ground.territories.models import Territory
from infitah.journey.adoption import actions as adoption
from infitah.journey.adoption.rules import can_acknowledge
from infitah.journey.evaluation import actions as evaluation
from infitah.journey.programmes.models import Programme
from infitah.journey.projects import actions as projects
from infitah.journey.projects.rules import can_amend
from infitah.lib.errors import NotPossible, require
from infitah.lib.forms import refused
from infitah.lib.http import done, next_page, number_before, page, posted

from . import actions, queries, rules
from .forms import Amendment, Beginning, Days, InForce, Reviewing

LATEST = 5  # changes told on the plan's own page


def around(place: Territory, **more: Any) -> dict[str, Any]:
    """What each page inside the room knows: the country, and the way back to the plan."""
    return {"place": place, "crumbs": [(_("National plan"), reverse("plan:plan"))], **more}


@require_safe
def plan(request: HttpRequest) -> HttpResponse:
    """The country's plan: what is to be done, what is, how it counts and how it is judged."""
    return kept(request, make=lambda: show(request))


def show(request: HttpRequest, cycle: str = "", **refused: Any) -> HttpResponse:
    place, by, today = queries.country(), signed_in(request), timezone.localdate()
    found = queries.plans(place)
    programme = queries.shown(found, cycle or request.GET.get("cycle", ""))
    context: dict[str, Any] = {"place": place, "plans": found, "programme": programme, "today": today}
    context["can_begin"] = rules.can_begin(by, place)
    if programme is None:
        return page(request, "plan/none.html", context)
    context["commitments"] = queries.commitments(programme, today)
    context["measures"] = queries.measures(programme, place, today)
    context["adopted_on"] = queries.adopted_on(programme)
    context["events"], _before = queries.history(place, page=LATEST)
    context["can_amend"] = can_amend(by, programme)
    if can_acknowledge(by, programme) and programme.status not in Programme.IN_FORCE:
        context["in_force"] = InForce()
    return page(request, "plan/plan.html", {**context, **refused})


@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """Everything that happened to the country's plans, in public."""
    return kept(request, make=lambda: tell(request))


def tell(request: HttpRequest) -> HttpResponse:
    place = queries.country()
    events, before = queries.history(place, number_before(request))
    context = around(place, events=events, next_url=next_page(request, before))
    return page(request, "plan/history.html", context, part="list")


@login_required
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    place, by = queries.country(), signed_in(request)
    require(rules.can_begin(by, place))
    form = Beginning(**posted(request))
    if form.is_valid():
        try:
            programme = actions.begin(place, by=by, **form.cleaned_data)  # type: ignore[arg-type]
            here = f"{reverse('plan:plan')}?cycle={programme.cycle_id}"
            return done(
                request, here, _("The plan has begun. Write its commitments, then say since when it is in force.")
            )
        except NotPossible as early:
            form.add_error("starts_on", early.sentence)
    return page(request, "plan/begin.html", around(place, form=form))


@login_required
@require_http_methods(["POST"])
def bring_into_force(request: HttpRequest, number: int) -> HttpResponse:
    place, by = queries.country(), signed_in(request)
    require(rules.can_begin(by, place))
    programme = get_object_or_404(Programme, place=place, pk=number)
    form = InForce(request.POST)
    if form.is_valid():
        adoption.acknowledge(programme, by=by, **form.cleaned_data)  # type: ignore[arg-type]
        return done(request, reverse("plan:plan"), _("The plan is in force. From now on it is amended in the open."))
    return show(request, str(programme.cycle_id), in_force=form)


@login_required
@require_http_methods(["GET", "POST"])
def amend(request: HttpRequest, number: int) -> HttpResponse:
    project, by = get_object_or_404(queries.of_the_plan(number)), signed_in(request)
    projects.require_amendable(project.programme, by)
    form = Amendment(project, **posted(request))
    status = 0
    if form.is_valid():
        try:
            projects.amend(project, by=by, **form.cleaned_data)  # type: ignore[arg-type]
            return done(request, reverse("plan:plan"), _("The amendment is published, with what stood before."))
        except NotPossible as refusal:
            status = refused(form, refusal)
    return page(request, "plan/amend.html", around(project.place, project=project, form=form), status=status)


@login_required
@require_http_methods(["GET", "POST"])
def reschedule(request: HttpRequest, number: int, activity: int) -> HttpResponse:
    found, by = get_object_or_404(queries.activity_of(number, activity)), signed_in(request)
    projects.require_amendable(found.project.programme, by)
    form = Days(found, **posted(request))
    status = 0
    if form.is_valid():
        try:
            projects.reschedule(found, by=by, **form.cleaned_data)  # type: ignore[arg-type]
            return done(request, reverse("plan:plan"), _("The new days are published, with those planned first."))
        except NotPossible as wrong_day:
            status = refused(form, wrong_day)
    context = around(found.project.place, activity=found, form=form)
    return page(request, "plan/reschedule.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def record_review(request: HttpRequest, number: int) -> HttpResponse:
    project, by = get_object_or_404(queries.of_the_plan(number)), signed_in(request)
    evaluation.require_reviewer(project, by)
    form, status = Reviewing(**posted(request)), 0
    if form.is_valid():
        try:
            evaluation.review(project, by=by, **form.cleaned_data)  # type: ignore[arg-type]
            said = _("The review is published. Those before it stay as they were.")
            return done(request, reverse("plan:plan") + "#review", said)
        except NotPossible as refusal:
            status = refused(form, refusal)
    context = around(project.place, project=project, form=form)
    return page(request, "plan/review.html", context, status=status)
