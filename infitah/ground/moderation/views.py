from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from infitah.ground.accounts.queries import signed_in
from infitah.ground.territories.models import Territory
from infitah.lib.errors import require
from infitah.lib.http import done, is_local, limit, looked_up, page, posted

from . import actions, forms, queries, rules
from .models import Appeal, Ground, Moderated, Ruling

ACT = {"shown": actions.restore, "held": actions.hold, "hidden": actions.hide}


def found(kind: str, number: int) -> Moderated:
    thing = queries.find(kind, number)
    if thing is None:
        raise Http404
    return thing


def published_rules(request: HttpRequest) -> HttpResponse:
    """What may be published, and how it is watched over."""
    return page(request, "moderation/rules.html", {"grounds": Ground})


def report(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """Report a publication; no account needed."""
    thing = found(kind, number)
    form = forms.Report(**posted(request))
    back = request.GET.get("next", "")
    if request.method == "POST":
        limit(request, "report", times=10, per=3600)
        if form.is_valid():
            actions.report(thing, by=signed_in(request), **form.cleaned_data)
            to = back if is_local(back) else reverse("moderation:rules")
            return done(request, to, _("Thank you. Someone will look at it."))
    words = queries.words_of(thing) if thing.is_public else ""
    shown = {"form": form, "words": words, "language": getattr(thing, "language", "")}
    return page(request, "moderation/report.html", shown)


@login_required
def desk(request: HttpRequest, slug: str) -> HttpResponse:
    """What waits for a look at a place."""
    place = get_object_or_404(Territory, slug=slug)
    require(rules.can_moderate(request.user, place))
    cases = [
        (case, forms.Rule(auto_id=f"{case.kind}-{case.thing.pk}-%s"), forms.Answer(auto_id=f"a{case.thing.pk}-%s"))
        for case in queries.desk(place)
    ]
    return page(request, "moderation/desk.html", {"place": place, "cases": cases})


@login_required
def rule(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """Show, hold or hide a publication."""
    thing = found(kind, number)
    place = queries.place_of(thing)
    require(rules.can_moderate(request.user, place))
    form = forms.Rule(**posted(request))
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        ruling = ACT[given.pop("visibility")](thing, by=request.user, **given)
        back = request.GET.get("next", "")
        to = back if is_local(back) else reverse("moderation:ruling", args=[ruling.pk])
        is_kept = thing.visibility == ruling.visibility
        return done(request, to, _("Saved.") if is_kept else _("Done. The author is told."))
    shown = {"form": form, "place": place, "case": queries.Case(thing, list(queries.reports_on(thing)))}
    return page(request, "moderation/rule.html", shown)


def may_appeal(request: HttpRequest, thing: Moderated, receipt: str) -> bool:
    """Whether it is the author who reads; nobody tries out receipts one after the other."""
    may = rules.can_appeal(signed_in(request), thing, receipt)
    return bool(looked_up(request, "appeal", lambda: may or None, misses=20, per=600)) if receipt else may


def ruling(request: HttpRequest, number: int) -> HttpResponse:
    """A ruling, for everyone; the author objects here."""
    ruling = get_object_or_404(Ruling.objects.select_related("by"), pk=number)
    thing, receipt = found(ruling.on_kind, ruling.on_id), request.GET.get("receipt", "")
    can_appeal = may_appeal(request, thing, receipt) and queries.ruling_on(thing) == ruling
    form = forms.Appeal(**posted(request))
    if request.method == "POST" and form.is_valid():
        actions.appeal(ruling, by=signed_in(request), receipt=receipt, **form.cleaned_data)
        return done(request, request.get_full_path(), _("Your appeal is received. Someone else will answer it."))
    shown = {"ruling": ruling, "appeal": Appeal.objects.filter(ruling=ruling).first(), "form": form}
    shown["can_appeal"] = can_appeal
    return page(request, "moderation/ruling.html", shown)


@login_required
@require_POST
def answer_appeal(request: HttpRequest, number: int) -> HttpResponse:
    """Answer an objection."""
    appeal = get_object_or_404(Appeal.objects.select_related("ruling"), pk=number)
    require(rules.can_answer_appeal(request.user, appeal))
    form = forms.Answer(request.POST)
    if not form.is_valid():
        return page(request, "moderation/answer.html", {"form": form, "appeal": appeal})
    actions.answer_appeal(appeal, by=request.user, **form.cleaned_data)
    return done(request, reverse("moderation:ruling", args=[appeal.ruling_id]), _("The appeal is answered."))
