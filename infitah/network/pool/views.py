from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from infitah.ground.accounts.models import Person
from infitah.ground.accounts.queries import signed_in
from infitah.ground.ledger.queries import kept
from infitah.ground.territories.models import Territory
from infitah.lib.errors import NotPossible, require
from infitah.lib.forms import refused
from infitah.lib.http import done, next_page, number_before, page, posted

from . import actions, queries, rules
from .forms import Asking, Correction, Enrolment, Note, OwnDescription, Proposal, Reason, Report, Word
from .models import Coach, HelpRequest, Mission


def mission_of(slug: str, number: int) -> Mission:
    return get_object_or_404(queries.missions(), place__slug=slug, pk=number)


def page_of(mission: Mission) -> str:
    """The public page of a mission."""
    return reverse("custody:mission", args=[mission.place.slug, mission.pk])


@require_GET
def pool(request: HttpRequest) -> HttpResponse:
    return kept(request, make=lambda: show_pool(request))


def show_pool(request: HttpRequest) -> HttpResponse:
    """What the pool is and what it did; names only those who agreed."""
    by = signed_in(request)
    missions, more = queries.public_missions(before=number_before(request))
    context = {"figures": queries.figures(), "named": queries.named(), "missions": missions}
    context |= {"next_url": next_page(request, more), "own": queries.coach_of(by), "is_national": rules.can_enrol(by)}
    return page(request, "pool/pool.html", context, part="missions")


@login_required
@require_http_methods(["GET", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    by = signed_in(request)
    require(rules.can_enrol(by))
    form = Enrolment(**posted(request))
    if form.is_valid():
        coach = actions.enrol(by=by, **form.cleaned_data)
        return done(request, reverse("pool:requests"), _("%(name)s is of the pool now.") % {"name": coach})
    context = {"title": _("Take someone into the pool"), "form": form, "submit": _("Take into the pool")}
    context["next"] = _("The coach sees this at the next sign-in, may correct it, and decides alone about being named.")
    context["cancel"] = reverse("pool:requests")
    return page(request, "pool/form.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def describe(request: HttpRequest, number: int) -> HttpResponse:
    coach, by = get_object_or_404(Coach.objects.select_related("person", "place"), pk=number), signed_in(request)
    require(rules.can_describe(by, coach))
    is_own = by == coach.person
    form = (OwnDescription if is_own else Correction)(**posted(request), initial=OwnDescription.filled(coach))
    if form.is_valid():
        actions.describe(coach, by=by, **form.cleaned_data)
        return done(request, request.path, _("Saved."))
    context = {"coach": coach, "form": form, "missions": queries.missions_of(coach), "is_own": is_own}
    context["load"] = queries.load_of(coach)
    return page(request, "pool/coach.html", context)


@login_required
@require_POST
def leave(request: HttpRequest, number: int) -> HttpResponse:
    coach = get_object_or_404(Coach.objects.select_related("person", "place"), pk=number)
    actions.leave(coach, by=signed_in(request))
    return done(request, reverse("pool:pool"), _("Recorded. The missions have stopped; the requests wait again."))


@login_required
@require_GET
def requests(request: HttpRequest) -> HttpResponse:
    require(rules.can_propose(signed_in(request)))
    status = request.GET.get("status", HelpRequest.Status.OPEN)
    found, more = queries.requests_page(status, before=number_before(request))
    context = {"requests": found, "status": status, "counts": queries.counts_by_status(), "coaches": queries.coaches()}
    return page(request, "pool/requests.html", {**context, "next_url": next_page(request, more)}, part="found")


@login_required
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, number: int) -> HttpResponse:
    related = HelpRequest.objects.select_related("place__parent", "theme", "by")
    asked, by = get_object_or_404(related, pk=number), signed_in(request)
    require(rules.can_propose(by))
    candidates = queries.candidates(asked)
    free = [one.coach for one in candidates if not one.is_full]
    form = Proposal(free, **posted(request), initial={"starts_on": timezone.localdate()})
    if form.is_valid():
        mission = actions.propose(asked, by=by, **form.cleaned_data)
        return done(request, page_of(mission), _("Proposed. The coach and the member are asked to agree."))
    context = {"asked": asked, "candidates": candidates, "form": form, "chosen": request.POST.get("coach", "")}
    context["missions"] = queries.missions().filter(request=asked)
    return page(request, "pool/propose.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    place, by = get_object_or_404(Territory, slug=slug), signed_in(request)
    require(rules.can_see_requests(by, place) if request.method == "GET" else rules.can_ask(by, place))
    form = Asking(**posted(request))
    if form.is_valid():
        actions.ask(place, by=by, **form.cleaned_data)
        return done(request, request.path, _("Asked. The national team looks for a coach and tells you."))
    context = {"place": place, "form": form, "requests": queries.requests_of(place)}
    context |= {"can_ask": rules.can_ask(by, place), "figures": queries.figures()}
    return page(request, "pool/help.html", context)


@login_required
@require_POST
def withdraw(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    asked = get_object_or_404(HelpRequest.objects.select_related("place"), place__slug=slug, pk=number)
    actions.withdraw(asked, by=signed_in(request))
    return done(request, reverse("pool:help", args=[slug]), _("The request is taken back."))


# -- a mission; its page is in the outlook, where what the coach did is told -----------------------


@login_required
@require_POST
def agree(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    mission = actions.agree(mission_of(slug, number), by=signed_in(request))
    both = mission.status != Mission.Status.PROPOSED
    said = _("Both agree: the mission is set.") if both else _("Thank you. Now the other side is asked.")
    return done(request, page_of(mission), said)


@dataclass(frozen=True)
class Step:
    """What is said about a mission in a form of its own."""

    name: str  # as in `rules.open_to`
    may: Callable[[Person | None, Mission], bool]
    form: type[forms.Form]
    act: Callable[..., object]
    title: Any
    submit: Any
    next: Any  # what happens next
    said: Any  # once it is done
    kind: str = ""  # of the button


DECLINE = Step(
    "decline",
    rules.can_decline,
    Reason,
    actions.decline,
    title=_("Decline this mission"),
    submit=_("Decline"),
    next=_("The national team looks for another coach."),
    said=_("Declined. The request waits for another coach."),
    kind="danger",
)
NOTE = Step(
    "note",
    rules.can_note,
    Note,
    actions.note,
    title=_("A note on this mission"),
    submit=_("Keep this note"),
    next=_("The member, the coach and the national team read it."),
    said=_("Kept."),
)
END = Step(
    "end",
    rules.can_end,
    Report,
    actions.end,
    title=_("Report on this mission"),
    submit=_("File the report"),
    next=_("The mission ends, and with it what you may do there. The member then has the last word."),
    said=_("Thank you for your help. The member is asked for its word."),
)
CUT_SHORT = Step(
    "cut_short",
    rules.can_cut_short,
    Reason,
    actions.cut_short,
    title=_("Stop this mission"),
    submit=_("Stop the mission"),
    next=_("What the coach may do there ends at once."),
    said=_("The mission has stopped."),
    kind="danger",
)
SAY = Step(
    "say",
    rules.can_judge,
    Word,
    actions.say,
    title=_("The member's word"),
    submit=_("Publish"),
    next=_("It stands on the page of the mission, for everyone."),
    said=_("Your word is published. Thank you."),
)


@login_required
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, slug: str, number: int, step: Step) -> HttpResponse:
    """One step of a mission; what was typed stays in the form if it comes too late."""
    mission, by = mission_of(slug, number), signed_in(request)
    require(step.may(by, mission))
    require(request.method == "POST" or step.name in rules.open_to(by, mission), NotPossible())
    form = step.form(**posted(request), initial={"words": mission.member_word})
    status = 0
    if form.is_valid():
        try:
            step.act(mission, by=by, **form.cleaned_data)
            return done(request, page_of(mission), step.said)
        except NotPossible as refusal:
            status = refused(form, refusal)
    return page(request, "pool/form.html", around(mission, form, step), status=status)


def around(mission: Mission, form: forms.Form, step: Step) -> dict[str, Any]:
    """What the page of a step shows, and the way back from it."""
    context = {"form": form, "crumbs": [(mission.place.name, reverse("spaces:space", args=[mission.place.slug]))]}
    context["crumbs"] += [(_("Mission"), page_of(mission))]
    context |= {"title": step.title, "submit": step.submit, "next": step.next, "kind": step.kind}
    return context | {"cancel": page_of(mission), "draft": f"{step.name}-{mission.pk}"}
