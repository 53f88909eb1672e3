from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from infitah.ground.accounts.queries import signed_in
from infitah.journey.programmes.models import Programme
from infitah.journey.programmes.queries import programme_of
from infitah.journey.projects.models import Activity, Project, Target
from infitah.lib import files
from infitah.lib.errors import require
from infitah.lib.http import done, limit, next_page, number_before, page

from . import actions, queries, rules
from .forms import Judgement, Proof, Reporting, Value
from .models import Evidence


def around(project: Project) -> dict[str, Any]:
    """What a page about a project knows: its place, and the way back from it."""
    place = project.place
    crumbs = [
        (place.name, reverse("spaces:space", args=[place.slug])),
        (project.title, reverse("custody:project", args=[place.slug, project.number])),
    ]
    return {"place": place, "project": project, "crumbs": crumbs}


def here(slug: str, number: int, activity: int) -> Activity:
    """The activity that an address names."""
    return get_object_or_404(queries.activity_at(slug, number, activity))


def address_of(activity: Activity) -> str:
    parts = [activity.project.place.slug, activity.project.number, activity.number]
    return reverse("monitoring:activity", args=parts)


@require_GET
def activity(request: HttpRequest, slug: str, number: int, activity: int) -> HttpResponse:
    return show(request, here(slug, number, activity))


def show(request: HttpRequest, activity: Activity, **refused: Any) -> HttpResponse:
    """The page of an activity, with the forms that its reader may send."""
    by = signed_in(request)
    context = {**around(activity.project), "activity": activity, "signed_in": by}
    context["ratings"] = queries.ratings_of([activity])[activity.pk]
    context["residents"] = context["ratings"].said_by_residents()
    context["words"], before = queries.words_on(activity, number_before(request, "said"))
    context["more_words"] = next_page(request, before, "said")
    context["evidence"] = activity.evidence.filter(visibility=Evidence.Visibility.SHOWN).select_related("by")
    context["reports"], before = queries.reports_on(activity, number_before(request, "reports"))
    context["more_reports"] = next_page(request, before, "reports")
    context["is_in_force"] = rules.is_in_force(activity.project.programme)
    context["drafts"] = {name: f"{name}-{activity.pk}" for name in ("rating", "report", "proof")}
    if rules.can_report(by, activity):
        context["reporting"] = Reporting(activity)
    if rules.can_prove(by, activity):
        context["proof_form"] = Proof()
    if by and rules.can_rate(by, activity):
        context["judgement"], context["side"] = Judgement(by), rules.side_of(by, activity.project.programme)
    return page(request, "monitoring/activity.html", {**context, **refused})


@login_required
@require_POST
def report(request: HttpRequest, slug: str, number: int, activity: int) -> HttpResponse:
    found, by = here(slug, number, activity), signed_in(request)
    require(rules.answers_for(by, found.project.programme))
    form = Reporting(found, request.POST)
    is_round = "round" in request.POST
    if form.is_valid():
        actions.report(found, by=by, **form.arguments())  # type: ignore[arg-type]
        if not is_round:
            return done(request, address_of(found), _("Your report is published."))
        if not request.htmx:  # type: ignore[attr-defined]
            back = reverse("monitoring:progress", args=[slug])
            return done(request, f"{back}#activity-{found.pk}", _("Your report is published."))
        found, form = here(slug, number, activity), Reporting(here(slug, number, activity))
        return page(request, "monitoring/progress.html", row(found, form, is_kept=True), part="row", status=200)
    if is_round and request.htmx:  # type: ignore[attr-defined]
        return page(request, "monitoring/progress.html", row(found, form), part="row")
    return show(request, found, reporting=form)


def row(activity: Activity, form: Reporting, *, is_kept: bool = False) -> dict[str, Any]:
    """One row of the round."""
    return {"activity": activity, "form": form, "is_kept": is_kept, "place": activity.project.place}


@login_required
@require_POST
def prove(request: HttpRequest, slug: str, number: int, activity: int) -> HttpResponse:
    found, by = here(slug, number, activity), signed_in(request)
    require(rules.may_prove(by, found))
    form = Proof(request.POST, request.FILES)
    if not form.is_valid():
        return show(request, found, proof_form=form)
    actions.prove(found, by=by, **form.cleaned_data)  # type: ignore[arg-type]
    return done(request, f"{address_of(found)}#evidence", _("The evidence is published."))


@login_required
@require_POST
def rate(request: HttpRequest, slug: str, number: int, activity: int) -> HttpResponse:
    found, by = here(slug, number, activity), signed_in(request)
    form = Judgement(by, request.POST)
    if not form.is_valid():
        return show(request, found, judgement=form)
    limit(request, "rate", times=60, per=3600)
    rating = actions.rate(found, by=by, **form.arguments())  # type: ignore[arg-type]
    held = _("Thank you. Someone looks at your words before they are published.")
    return done(request, address_of(found), _("Thank you. Your rating is published.") if rating.is_shown else held)


@require_GET
def evidence(request: HttpRequest, slug: str, number: int, activity: int, evidence: int) -> HttpResponseBase:
    found = get_object_or_404(Evidence, activity=here(slug, number, activity), pk=evidence)
    if not rules.can_see(signed_in(request), found) or not found.file:
        raise Http404
    name = found.small.name if "small" in request.GET and found.small else found.file.name
    return files.sent(str(name), called=slugify(f"{slug} {number} {activity} {evidence}"))


@login_required
@require_GET
def progress(request: HttpRequest, slug: str) -> HttpResponse:
    programme, by = programme_of(slug), signed_in(request)
    require(rules.answers_for(by, programme))
    return show_round(request, programme)


def show_round(request: HttpRequest, programme: Programme, **refused: Any) -> HttpResponse:
    """Every activity and every indicator of the programme, each with its form."""
    place, states = programme.place, queries.in_state(timezone.localdate())
    state = request.GET.get("state", "")
    activities = queries.activities_of(programme).filter(states.get(state, Q()))
    context = {"place": place, "programme": programme, "rows": [row(each, Reporting(each)) for each in activities]}
    context["crumbs"] = [(place.name, reverse("spaces:space", args=[place.slug]))]
    context["is_in_force"], context["state"] = rules.is_in_force(programme), state
    context["progress"] = queries.progress(programme, timezone.localdate())
    forms = [(each, Value(auto_id=f"id_target_{each.pk}_%s")) for each in queries.targets_of(programme)]
    context["targets"] = [(each, refused.get(str(each.pk), form)) for each, form in forms]
    return page(request, "monitoring/progress.html", context)


@login_required
@require_POST
def read(request: HttpRequest, slug: str, target: int) -> HttpResponse:
    programme, by = programme_of(slug), signed_in(request)
    require(rules.answers_for(by, programme))
    found = get_object_or_404(Target, project__programme=programme, pk=target)
    form = Value(request.POST, auto_id=f"id_target_{target}_%s")
    if not form.is_valid():
        return show_round(request, programme, **{str(target): form})
    actions.read(found, by=by, **form.cleaned_data)  # type: ignore[arg-type]
    back = reverse("monitoring:progress", args=[slug])
    return done(request, f"{back}#target-{target}", _("The value is published."))
