from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from infitah.ground.accounts.models import Person
from infitah.ground.accounts.queries import signed_in
from infitah.ground.territories.models import Territory
from infitah.journey.programmes.models import Programme
from infitah.journey.projects.models import Project
from infitah.lib import files
from infitah.lib.errors import NotPossible, Overtaken, require
from infitah.lib.forms import refused
from infitah.lib.http import done, page, posted

from . import actions, queries, rules
from .forms import Answering, Reviewing
from .models import Answer, Evaluation, Finding, Review


def around(place: Territory, *steps: tuple[str, str]) -> dict[str, Any]:
    """What each page of the room knows: its place, and the way back from it."""
    return {"place": place, "crumbs": [(place.name, reverse("spaces:space", args=[place.slug])), *steps]}


def adopted_in(slug: str) -> Programme:
    """The programme that the place evaluates, or a sentence saying that there is none yet."""
    programme = queries.programme_to_evaluate(get_object_or_404(Territory, slug=slug))
    if programme is None:
        raise NotPossible(_("There is no adopted programme to evaluate here yet."))
    return programme


@require_GET
def evaluation(request: HttpRequest, slug: str) -> HttpResponse:
    place = get_object_or_404(Territory, slug=slug)
    programme, by = queries.programme_to_evaluate(place), signed_in(request)
    context = {**around(place), "programme": programme}
    if programme:
        found = queries.published(programme)
        context["evaluations"] = evaluations = queries.evaluations_of(programme)
        apart = [line for line in found if line.gap]
        context["lines"], context["apart"] = len(found), len(apart)
        context["blocks"] = queries.by_block(apart if "apart" in request.GET else found)
        context["can_open"] = not evaluations and queries.is_due(programme) and rules.can_open(by, programme)
        context["mine"] = evaluations.get(rules.side_of(by, programme))
        context["reviews"] = list(queries.reviews_in(programme))
    return page(request, "evaluation/evaluation.html", context)


@login_required
@require_POST
def open(request: HttpRequest, slug: str) -> HttpResponse:
    actions.open(adopted_in(slug), by=request.user)  # type: ignore[arg-type]
    return done(request, reverse("evaluation:answers", args=[slug]), _("The evaluation is open to both sides."))


def mine(request: HttpRequest, slug: str) -> tuple[Evaluation, Person]:
    """The evaluation of the side that the reader speaks for."""
    programme, by = adopted_in(slug), signed_in(request)
    side = rules.side_of(by, programme)
    require(by is not None and side != "")
    found = Evaluation.objects.filter(programme=programme, side=side).select_related("programme__place", "grid").first()
    if found is None or by is None:
        raise NotPossible(_("The evaluation has not been opened yet."))
    return found, by


@login_required
@require_GET
def answers(request: HttpRequest, slug: str) -> HttpResponse:
    evaluation, _by = mine(request, slug)
    return show(request, evaluation)


def show(request: HttpRequest, evaluation: Evaluation, *, status: int = 0, **faulty: Answering) -> HttpResponse:
    """The grid of one side, each question with its answer and its form."""
    place = evaluation.programme.place
    lines = queries.lines({evaluation.side: evaluation})
    rows = [row(evaluation, line, faulty.get(str(line.criterion.number))) for line in lines]
    waiting = (each for each in rows if (each["form"].errors if faulty else each["answer"] is None))
    for each in list(waiting)[:1]:
        each["is_open"] = True  # one at a time: nothing typed in another form goes when this one is sent
    context = {**around(place, (_("Evaluation"), reverse("evaluation:evaluation", args=[place.slug])))}
    context |= {"evaluation": evaluation, "rows": rows, "left": queries.unanswered(evaluation)}
    context["can_answer"] = evaluation.status == Evaluation.Status.OPEN
    return page(request, "evaluation/answers.html", context, status=status)


def row(evaluation: Evaluation, line: queries.Line, form: Answering | None = None) -> dict[str, Any]:
    """One question with this side's answer."""
    answer = next(iter(line.answers), None)
    form = form or Answering(line.criterion.number, answer)
    place, number = evaluation.programme.place, line.criterion.number
    draft = f"evaluation-{place.slug}-{number}"
    return {"criterion": line.criterion, "answer": answer, "form": form, "place": place, "draft": draft}


@login_required
@require_POST
def answer(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    evaluation, by = mine(request, slug)
    criterion = get_object_or_404(evaluation.grid.criteria, number=number)
    form = Answering(number, None, request.POST, request.FILES)
    if not form.is_valid():
        return show(request, evaluation, **{str(number): form})
    try:
        actions.answer(evaluation, by=by, criterion=criterion, **form.arguments())
    except Overtaken as overtaken:
        return show(request, evaluation, status=refused(form, overtaken), **{str(number): form})
    back = reverse("evaluation:answers", args=[slug])
    return done(request, f"{back}#criterion-{number}", _("Your answer is kept. Only your side sees it for now."))


@login_required
@require_POST
def file(request: HttpRequest, slug: str) -> HttpResponse:
    evaluation, by = mine(request, slug)
    filed = actions.file(evaluation, by=by)
    is_out = filed.status == Evaluation.Status.PUBLISHED
    waits = _("Filed. Both sides' answers are published together once the other side has filed.")
    message = _("Both sides have filed: the evaluation is published.") if is_out else waits
    return done(request, reverse("evaluation:evaluation", args=[slug]), message)


@require_GET
def evidence(request: HttpRequest, slug: str, number: int) -> HttpResponseBase:
    found = get_object_or_404(Answer, evaluation__programme__place__slug=slug, pk=number)
    if not found.file or not rules.can_see(signed_in(request), found.evaluation):
        raise Http404
    return files.sent(str(found.file.name), called=f"{slug}-evaluation-{number}")


@login_required
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """What an independent evaluator judges of a project."""
    project, by = get_object_or_404(queries.project_at(slug, number)), signed_in(request)
    actions.require_reviewer(project, by)
    kind = queries.kind_asked(project, request.POST.get("kind") or request.GET.get("kind", ""))
    form, status = Reviewing(kind, by, **posted(request)), 0
    if form.is_valid():
        try:
            actions.review(project, by=by, **form.arguments())
            said = _("The review is published. Those before it stay as they were.")
            return done(request, f"{reverse('custody:project', args=[slug, number])}#reviews", said)
        except NotPossible as refusal:
            status = refused(form, refusal)
    return page(request, "evaluation/review.html", reviewing(project, kind, form), status=status)


def reviewing(project: Project, kind: str, form: Reviewing) -> dict[str, Any]:
    """The page of a review: its form, and the way to the other kind."""
    address = reverse("custody:project", args=[project.place.slug, project.number])
    context = {**around(project.place, (project.title, address)), "project": project, "form": form, "kind": kind}
    tabs = [{"text": each.label, "url": f"?kind={each}", "is_current": each == kind} for each in Review.LOCAL]
    return {**context, "tabs": tabs, "cancel": address, "draft": f"review-{project.pk}-{kind}"}


@require_GET
def proof(request: HttpRequest, slug: str, number: int, finding: int) -> HttpResponseBase:
    """The file that a judgement of a review rests on."""
    of_project = {"review__project__place__slug": slug, "review__project__number": number}
    found = get_object_or_404(Finding.objects.exclude(file=""), pk=finding, **of_project)
    return files.sent(str(found.file.name), called=f"{slug}-review-{finding}")
