from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from infitah.ground.accounts.queries import signed_in
from infitah.ground.territories.models import Territory
from infitah.journey.ideas import actions as ideas_actions
from infitah.journey.ideas.models import Idea
from infitah.journey.programmes import queries as programmes
from infitah.journey.programmes.models import Programme
from infitah.journey.programmes.rules import can_run
from infitah.lib import text
from infitah.lib.errors import NotPossible, Overtaken, require
from infitah.lib.forms import refused
from infitah.lib.http import done, next_page, number_before, page, posted
from infitah.lib.states import mark

from . import actions, queries, rules
from .forms import (
    GROUP,
    NEW_PROJECT,
    Aims,
    Answer,
    Filter,
    Opened,
    Reason,
    Rewriting,
    Rows,
    Sheet,
    aimed,
    aims_of,
    draft_from,
    rows_of,
    written,
)
from .models import Project, Source


def programme_of(request: HttpRequest, slug: str) -> Programme:
    """The current programme of the place, for whoever runs it."""
    programme = programmes.programme_of(slug)
    require(rules.can_see_board(signed_in(request), programme))
    return programme


def project_of(request: HttpRequest, slug: str, number: int) -> Project:
    """A project of the place, for whoever may still write it."""
    found = Project.objects.select_related("programme__place", "axis")
    project = get_object_or_404(found, place__slug=slug, number=number)
    require(rules.can_see_board(signed_in(request), project.programme))
    return project


def open_project_of(request: HttpRequest, slug: str, number: int) -> Project:
    """A project that may be written now; else a sentence."""
    project = project_of(request, slug, number)
    closed = _(
        "This project cannot be changed now: it is set aside, or its programme is before the council or adopted."
    )
    require(rules.can_redraft(signed_in(request), project), NotPossible(closed))
    return project


def board_of(place: Territory) -> str:
    return reverse("projects:board", args=[place.slug])


def crumbs(place: Territory, *further: tuple[Any, str]) -> list[tuple[Any, str]]:
    """The way here: the place, the board, and what is between."""
    return [(place.name, reverse("spaces:space", args=[place.slug])), (_("Drafting board"), board_of(place)), *further]


@login_required
@require_GET
def board(request: HttpRequest, slug: str) -> HttpResponse:
    return show_board(request, programme_of(request, slug), None)


def show_board(request: HttpRequest, programme: Programme, answer: Answer | None, *, status: int = 0) -> HttpResponse:
    """Ideas on one side, projects on the other; with what was typed and why it was refused, if it was."""
    narrowing = Filter(programme, request.GET)
    found = queries.board(programme, narrowing.filters(), before=number_before(request))
    context: dict[str, Any] = {"programme": programme, "place": programme.place, "board": found, "filters": narrowing}
    context["form"] = answer or Answer(programme, found.projects)
    context["ticked"] = request.POST.getlist("ideas")
    context["next_url"] = next_page(request, found.waiting.before)
    context["lacking"] = [(project, queries.lacking(project)) for project in found.projects]
    context["can_draft"] = rules.can_draft(signed_in(request), programme)
    context["can_answer"] = context["can_draft"] and can_run(signed_in(request), programme)
    context["crumbs"] = crumbs(programme.place)[:1]
    return page(request, "projects/board.html", context, part="found", status=status)


@login_required
@require_POST
def answer(request: HttpRequest, slug: str) -> HttpResponse:
    programme = programme_of(request, slug)
    require(can_run(signed_in(request), programme))
    standing = list(Project.objects.filter(programme=programme).standing())
    form = Answer(programme, standing, request.POST)
    if not form.is_valid():
        return show_board(request, programme, form)
    if form.cleaned_data["outcome"] == NEW_PROJECT:
        ideas = ",".join(str(idea.number) for idea in form.cleaned_data["ideas"])
        asked = urlencode({"ideas": ideas, "reason": form.cleaned_data["reason"]})
        return done(request, f"{reverse('projects:draft', args=[slug])}?{asked}")
    try:
        return done(request, board_of(programme.place), settle(form, request.user))
    except Overtaken as overtaken:
        return show_board(request, programme, form, status=refused(form, overtaken))


def settle(form: Answer, by: Any) -> str:
    """Do with the ideas ticked what was chosen; what to say of it."""
    ideas, reason, project = list(form.cleaned_data["ideas"]), form.cleaned_data["reason"], form.project()
    count, seen = {"count": len(ideas)}, form.cleaned_data["seen"]
    if project:
        actions.draw_on(project, ideas, by=by, reason=reason, seen=seen)
        said = ngettext("%(count)s idea kept in “%(title)s”.", "%(count)s ideas kept in “%(title)s”.", len(ideas))
        return said % {**count, "title": project.title}
    if form.cleaned_data["outcome"] == GROUP:
        lead = max(ideas, key=lambda idea: (idea.support_count, -idea.pk))
        ideas_actions.group(ideas, by=by, lead=lead)
        return _("Grouped under idea %(number)s. They will get the same answer.") % {"number": lead.number}
    outcome, language = form.cleaned_data["outcome"], text.guess_language(reason)
    ideas_actions.decide_many(ideas, by=by, outcome=outcome, reason=reason, language=language, seen=seen)
    return ngettext("%(count)s idea answered.", "%(count)s ideas answered.", len(ideas)) % count


@login_required
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, slug: str) -> HttpResponse:
    programme = programme_of(request, slug)
    closed = NotPossible(_("This programme has been validated or voted on: no project is added to it any more."))
    require(rules.can_draft(signed_in(request), programme), closed)
    ideas = asked_for(request, programme)
    if request.method == "GET":
        begins = {**draft_from(ideas), "reason": request.GET.get("reason", "")}
        return show_sheet(request, programme, Sheet(programme, ideas=ideas, initial=begins))
    form = Sheet(programme, request.POST, ideas=ideas)
    if not form.is_valid():
        return show_sheet(request, programme, form)
    project = actions.draft(programme, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
    said = _("The project is written down. Now plan its activities.")
    return done(request, reverse("projects:plan", args=[slug, project.number]), said)


def asked_for(request: HttpRequest, programme: Programme) -> list[Idea]:
    """The ideas named in the address, from which a project is made."""
    numbers = [number for number in request.GET.get("ideas", "").split(",") if number.isdecimal() and len(number) < 10]
    return list(Idea.objects.filter(programme=programme, number__in=numbers[:200]).order_by("pk"))


def show_sheet(
    request: HttpRequest, programme: Programme, form: Sheet, *, project: Project | None = None, status: int = 0
) -> HttpResponse:
    """The form of a project, new or not."""
    place = programme.place
    context: dict[str, Any] = {"programme": programme, "place": place, "form": form, "project": project}
    context["crumbs"] = crumbs(place)
    context["can_answer"] = can_run(signed_in(request), programme)
    if project:
        context["sources"] = project.sources.standing().filter(idea__lead=None).select_related("idea")
    return page(request, "projects/sheet.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def redraft(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    project = open_project_of(request, slug, number)
    form, status = Rewriting(project, **posted(request)), 0
    if form.is_valid():
        try:
            actions.redraft(project, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
            return done(request, board_of(project.place), _("Project %(number)s is kept.") % {"number": project.number})
        except NotPossible as refusal:
            status = refused(form, refusal)
    return show_sheet(request, project.programme, form, project=project, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    project = open_project_of(request, slug, number)
    rows = Rows(**posted(request), initial=rows_of(project), prefix="row")
    opened, status = Opened(**posted(request), initial={"seen": mark(project, "activities")}), 0
    if opened.is_valid() and rows.is_valid():
        try:
            actions.arrange(project, by=request.user, rows=written(rows), **opened.cleaned_data)  # type: ignore[arg-type]
            if "more" in request.POST:
                following = f"{request.path}#id_row-{project.activities.count()}-title_0"  # where one writes on
                return done(request, following, _("Kept. Write the next ones."))
            return done(request, reverse("projects:aim", args=[slug, number]), _("The activities are kept."))
        except NotPossible as refusal:
            status = refused(opened, refusal)
    return show_rows(request, "projects/activities.html", project, rows, opened, status)


def show_rows(
    request: HttpRequest, template: str, project: Project, rows: Any, opened: Opened, status: int
) -> HttpResponse:
    """A sheet of rows: the activities, or the targets."""
    context = {"project": project, "place": project.place, "rows": rows, "form": opened}
    return page(request, template, {**context, "crumbs": crumbs(project.place)}, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def aim(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    project = open_project_of(request, slug, number)
    first = None if request.method == "POST" else aims_of(project)  # all that is sent is what shall stand
    rows = Aims(**posted(request), initial=first, prefix="row")
    opened, status = Opened(**posted(request), initial={"seen": mark(project, "targets")}), 0
    if opened.is_valid() and rows.is_valid():
        try:
            actions.aim(project, by=request.user, targets=aimed(rows), **opened.cleaned_data)  # type: ignore[arg-type]
            said = _("Project %(number)s is kept.") % {"number": project.number}
            return done(request, board_of(project.place), said)
        except NotPossible as refusal:
            status = refused(opened, refusal)
    return show_rows(request, "projects/targets.html", project, rows, opened, status)


@login_required
@require_http_methods(["GET", "POST"])
def drop(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    project = open_project_of(request, slug, number)
    require(rules.can_drop(signed_in(request), project))
    form = Reason(**posted(request))
    if form.is_valid():
        actions.drop(project, by=request.user, reason=form.cleaned_data["reason"])  # type: ignore[arg-type]
        return done(request, board_of(project.place), _("The project is set aside. You may take it up again."))
    context = {"project": project, "place": project.place, "form": form, "crumbs": crumbs(project.place)}
    return page(request, "projects/drop.html", context)


@login_required
@require_POST
def restore_project(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    project = project_of(request, slug, number)
    actions.restore_project(project, by=request.user)  # type: ignore[arg-type]
    return done(request, board_of(project.place), _("The project is taken up again, with its ideas."))


@login_required
@require_POST
def let_go(request: HttpRequest, slug: str, number: int, idea: int) -> HttpResponse:
    project = project_of(request, slug, number)
    source = get_object_or_404(Source, project=project, idea__number=idea)
    actions.let_go(source, by=request.user)  # type: ignore[arg-type]
    said = _("Idea %(number)s is taken out of the project and waits for another answer.") % {"number": idea}
    return done(request, reverse("projects:redraft", args=[slug, number]), said)
