from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from infitah.ground.accounts.queries import signed_in
from infitah.ground.ledger.queries import kept
from infitah.ground.territories.models import Territory
from infitah.lib.errors import require
from infitah.lib.http import done, next_page, number_before, page, posted

from . import actions, queries, rules
from .forms import Asking, Correction, Enrolment, Note, OwnDescription, Proposal, Reason, Report, Word
from .models import Coach, HelpRequest, Mission


def status_of(request: HttpRequest) -> int:
    """A form sent and shown again was refused."""
    return 422 if request.method == "POST" else 200


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
    return show_form(request, {**context, "cancel": reverse("pool:requests")})


def show_form(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """A page with one form: title, form, submit, next, cancel; perhaps lead and danger."""
    return page(request, "pool/form.html", context, status=status_of(request))


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
    return page(request, "pool/coach.html", context, status=status_of(request))


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
    return page(request, "pool/propose.html", context, status=status_of(request))


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
    return page(request, "pool/help.html", context, status=status_of(request))


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


def asked_of(request: HttpRequest, mission: Mission, form: forms.Form, **words: Any) -> HttpResponse:
    """The page of one form about a mission."""
    crumbs = [
        (mission.place.name, reverse("spaces:space", args=[mission.place.slug])),
        (_("Mission"), page_of(mission)),
    ]
    return show_form(request, {"form": form, "crumbs": crumbs, "cancel": page_of(mission), **words})


@login_required
@require_http_methods(["GET", "POST"])
def decline(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    mission, by = mission_of(slug, number), signed_in(request)
    require(rules.can_decline(by, mission))
    form = Reason(**posted(request))
    if form.is_valid():
        actions.decline(mission, by=by, **form.cleaned_data)
        return done(request, page_of(mission), _("Declined. The request waits for another coach."))
    words = {"title": _("Decline this mission"), "submit": _("Decline"), "danger": "danger"}
    return asked_of(request, mission, form, **words, next=_("The national team looks for another coach."))


@login_required
@require_http_methods(["GET", "POST"])
def note(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    mission, by = mission_of(slug, number), signed_in(request)
    require(rules.can_note(by, mission))
    form = Note(**posted(request), initial={"on": timezone.localdate()})
    if form.is_valid():
        actions.note(mission, by=by, **form.cleaned_data)
        return done(request, f"{page_of(mission)}#notes", _("Kept."))
    words = {"title": _("A note on this mission"), "submit": _("Keep this note"), "draft": f"note-{mission.pk}"}
    return asked_of(request, mission, form, **words, next=_("The member, the coach and the national team read it."))


@login_required
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    mission, by = mission_of(slug, number), signed_in(request)
    require(rules.can_end(by, mission))
    form = Report(**posted(request))
    if form.is_valid():
        actions.end(mission, by=by, **form.cleaned_data)
        return done(request, page_of(mission), _("Thank you for your help. The member is asked for its word."))
    words = {"title": _("Report on this mission"), "submit": _("File the report"), "draft": f"report-{mission.pk}"}
    what_next = _("The mission ends, and with it what you may do there. The member then has the last word.")
    return asked_of(request, mission, form, **words, next=what_next)


@login_required
@require_http_methods(["GET", "POST"])
def cut_short(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    mission, by = mission_of(slug, number), signed_in(request)
    require(rules.can_cut_short(by, mission))
    form = Reason(**posted(request))
    if form.is_valid():
        actions.cut_short(mission, by=by, **form.cleaned_data)
        return done(request, page_of(mission), _("The mission has stopped."))
    words = {"title": _("Stop this mission"), "submit": _("Stop the mission"), "danger": "danger"}
    return asked_of(request, mission, form, **words, next=_("What the coach may do there ends at once."))


@login_required
@require_http_methods(["GET", "POST"])
def say(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    mission, by = mission_of(slug, number), signed_in(request)
    require(rules.can_judge(by, mission))
    form = Word(**posted(request), initial={"words": mission.member_word})
    if form.is_valid():
        actions.say(mission, by=by, **form.cleaned_data)
        return done(request, page_of(mission), _("Your word is published. Thank you."))
    words = {"title": _("The member's word"), "submit": _("Publish"), "draft": f"word-{mission.pk}"}
    return asked_of(request, mission, form, **words, next=_("It stands on the page of the mission, for everyone."))
