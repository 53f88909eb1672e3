import secrets
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from infitah.ground.accounts.models import Person
from infitah.ground.accounts.queries import signed_in
from infitah.ground.territories.models import Territory
from infitah.journey.programmes.models import Phase, Programme
from infitah.journey.programmes.queries import cycle_part, last_day, programme_in, programme_of
from infitah.journey.programmes.rules import can_run
from infitah.journey.projects import queries as projects
from infitah.journey.projects.models import Project
from infitah.lib import proof, text
from infitah.lib.errors import NotPossible, Overtaken, require
from infitah.lib.forms import refused
from infitah.lib.http import device_of, done, known_again, limit, looked_up, next_page, number_before, page, posted

from . import actions, queries, rules
from .forms import Entry, Opening, Reply, Voice
from .models import Draft, Opinion


def draft_of(programme: Programme) -> Draft:
    """The version put to residents, or a sentence saying that there is none."""
    draft = queries.consulted(programme)
    if draft is None:
        raise NotPossible(_("The draft programme has not been put to consultation yet."))
    draft.programme = programme
    return draft


def crumbs(place: Territory, *further: tuple[Any, str]) -> list[tuple[Any, str]]:
    return [(place.name, reverse("spaces:space", args=[place.slug])), *further]


def to_consultation(place: Territory, cycle: str = "") -> tuple[Any, str]:
    return (_("Consultation"), reverse("consultation:consultation", args=[place.slug]) + cycle)


def to_versions(place: Territory, cycle: str) -> tuple[Any, str]:
    return (_("Versions"), reverse("consultation:versions", args=[place.slug]) + cycle)


def said_to(person: Person | None, draft: Draft) -> dict[str, Any]:
    """What pages say of a draft and its window."""
    programme = draft.programme
    context: dict[str, Any] = {"draft": draft, "programme": programme, "place": programme.place}
    context["cycle"] = cycle_part(programme)
    context["last_day"], context["days_left"] = last_day(programme, Phase.Kind.CONSULTATION)
    context |= {"is_open": rules.can_give(person, draft), "can_run": can_run(person, programme)}
    return context


# -- the draft as residents read it --------------------------------------------------------------------


@require_GET
def consultation(request: HttpRequest, slug: str) -> HttpResponse:
    place, by = get_object_or_404(Territory, slug=slug), signed_in(request)
    programme = programme_in(place, request.GET.get("cycle", ""))
    draft = queries.consulted(programme) if programme else None
    if programme is None or draft is None:
        can_open = programme is not None and rules.can_open_draft(by, programme)
        context = {"place": place, "programme": programme, "crumbs": crumbs(place), "can_open": can_open}
        return page(request, "consultation/none.html", context)
    draft.programme = programme
    found = queries.summary(draft)
    mine = queries.numbers_said(draft, by, device_of(request))
    context = said_to(by, draft) | {"total": queries.total(found), "crumbs": crumbs(place)}
    context |= {"axes": queries.document(draft), "stances": Opinion.Stance.choices}
    for listed in (one for axis in context["axes"] for one in axis["projects"]):
        number = listed["number"]
        listed |= {"summary": found.get(number), "is_said": number in mine, "key": uuid4()}
    return page(request, "consultation/consultation.html", context)


@require_http_methods(["GET", "POST"])
def project(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    by, found = signed_in(request), Project.objects.select_related("programme__place", "programme__cycle")
    project = get_object_or_404(found, place__slug=slug, number=number)
    draft, form = draft_of(project.programme), Voice(**posted(request), by=by)
    if request.method == "GET":
        return show_project(request, draft, project, form)
    if not rules.can_give(by, draft):
        return show_project(request, draft, project, form, status=409)
    if not form.is_valid():
        return show_project(request, draft, project, form)
    limit(request, "opinions", times=200 if by else 60, per=3600)
    device = "" if by else device_of(request) or secrets.token_hex(16)
    is_proven = by is not None or proof.is_solved(request.POST.get("proof", ""))
    opinion = actions.give(draft, project, by=by, device=device, is_doubtful=not is_proven, **form.cleaned_data)
    answer = done(request, f"{request.path}?receipt={opinion.receipt}", _("Thank you. Your opinion has been received."))
    return known_again(request, answer, device) if device else answer


def show_project(request: HttpRequest, draft: Draft, project: Project, form: Voice, *, status: int = 0) -> HttpResponse:
    """One project of the draft: its text, what people think of it, and the form."""
    context = said_to(signed_in(request), draft)
    found = queries.in_document(draft, project.number)
    require(found is not None, NotPossible(_("This project is not part of the draft put to consultation.")))
    listed = queries.opinions_on(draft, project, before=number_before(request))
    context |= {"project": found, "form": form, "opinions": listed.opinions}
    context["summary"] = queries.summary(draft).get(project.number)
    context["next_url"] = next_page(request, listed.before)
    context["further"] = queries.number_after(draft, project.number)
    receipt = request.GET.get("receipt", "")
    given = Opinion.objects.filter(receipt=receipt, project=project)
    context["given"] = looked_up(request, "receipts", given.first, misses=30, per=600) if receipt else None
    context["is_too_late"] = status == 409
    place = draft.programme.place
    context["crumbs"] = crumbs(place, to_consultation(place, context["cycle"]))
    return page(request, "consultation/project.html", context, part="opinions", status=status)


# -- the focal point's doors ---------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def open_draft(request: HttpRequest, slug: str) -> HttpResponse:
    programme, by = programme_of(slug), signed_in(request)
    require(can_run(by, programme))
    drafting = NotPossible(_("The draft is opened once, while the programme is being drafted."))
    require(rules.can_open_draft(by, programme), drafting)
    form, gaps, place = Opening(**posted(request)), projects.gaps(programme), programme.place
    if form.is_valid() and not gaps and by:
        actions.open_draft(programme, by=by, **form.cleaned_data)
        said = _("The draft programme is open for opinions.")
        return done(request, reverse("consultation:consultation", args=[slug]), said)
    context = {"programme": programme, "place": place, "form": form, "gaps": gaps}
    context["crumbs"] = crumbs(place, to_consultation(place))
    return page(request, "consultation/open.html", context)


@login_required
@require_GET
def opinions(request: HttpRequest, slug: str) -> HttpResponse:
    draft = draft_of(programme_of(slug))
    require(rules.can_see_desk(signed_in(request), draft))
    return show_desk(request, draft)


def show_desk(
    request: HttpRequest, draft: Draft, *, faulty: Reply | None = None, on: Opinion | None = None, status: int = 0
) -> HttpResponse:
    """The opinions to answer, each with its form; the refused one with what was typed."""
    state = request.GET.get("state", "waiting")
    number = request.GET.get("project", "")
    asked = int(number) if number.isdecimal() and len(number) < 6 else None
    found = queries.desk(draft, state=state, project=asked, before=number_before(request))
    context = said_to(signed_in(request), draft)
    listed = [on, *(one for one in found.opinions if one != on)] if on else found.opinions
    forms = [faulty if one == on else to_reply(one) for one in listed]
    context["rows"] = list(zip(listed, forms, strict=True))
    context |= {"state": state, "next_url": next_page(request, found.before), "total": queries.waiting(draft)}
    place = draft.programme.place
    context["crumbs"] = crumbs(place, to_consultation(place))
    return page(request, "consultation/desk.html", context, part="rows", status=status)


def to_reply(opinion: Opinion, **sent: Any) -> Reply:
    """The form to answer an opinion, one of many on its page."""
    return Reply(**sent, auto_id=f"id_{opinion.pk}_%s", initial={"seen": opinion.mark_of_reply})


@login_required
@require_POST
def reply(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    draft, by = draft_of(programme_of(slug)), signed_in(request)
    found = Opinion.objects.select_related("project__place", "reply").filter(draft__programme=draft.programme_id)
    opinion = get_object_or_404(found, pk=number)
    require(rules.can_see_desk(by, draft))
    form = to_reply(opinion, data=request.POST)
    try:
        if not form.is_valid() or by is None:
            return show_desk(request, draft, faulty=form, on=opinion)
        actions.reply(opinion, by=by, **form.cleaned_data)
    except Overtaken as overtaken:
        return show_desk(request, draft, faulty=form, on=opinion, status=refused(form, overtaken))
    return done(request, reverse("consultation:opinions", args=[slug]), _("The answer is published."))


@login_required
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, slug: str) -> HttpResponse:
    draft, by = draft_of(programme_of(slug)), signed_in(request)
    require(rules.can_see_desk(by, draft))
    closed = NotPossible(_("This programme has been validated or voted on: its consultation is closed."))
    require(rules.can_enter(by, draft), closed)
    if request.method == "GET" or by is None:
        return show_entry(request, draft, Entry(draft, initial={name: request.GET.get(name) for name in Entry.STICKY}))
    form = Entry(draft, request.POST)
    if not form.is_valid():
        return show_entry(request, draft, form)
    actions.enter(draft, by=by, **form.cleaned_data)
    if getattr(request, "htmx", False):
        return show_entry(request, draft, Entry(draft, initial=form.sticky()))
    return done(request, f"{request.path}?{urlencode(form.sticky())}")


def show_entry(request: HttpRequest, draft: Draft, form: Entry) -> HttpResponse:
    """The sheet: one row to fill, and below it the rows already kept."""
    place = draft.programme.place
    context: dict[str, Any] = {"draft": draft, "place": place, "form": form, "entered": queries.latest_entered(draft)}
    to_desk = (_("Opinions to answer"), reverse("consultation:opinions", args=[place.slug]))
    context["crumbs"] = crumbs(place, to_consultation(place), to_desk)
    return page(request, "consultation/enter.html", context, part="sheet", status=0 if form.is_bound else 200)


# -- versions ------------------------------------------------------------------------------------------


@require_GET
def versions(request: HttpRequest, slug: str) -> HttpResponse:
    place = get_object_or_404(Territory, slug=slug)
    programme = programme_in(place, request.GET.get("cycle", ""))
    found = queries.versions(programme) if programme else []
    pairs = list(zip(found, [*found[1:], None], strict=False))  # each with the one before it
    context = {"place": place, "programme": programme, "pairs": pairs, "crumbs": crumbs(place)}
    context["cycle"] = cycle_part(programme) if programme else ""
    return page(request, "consultation/versions.html", context)


def version_of(request: HttpRequest, slug: str, number: int) -> Draft:
    """A version of the programme of the cycle asked for, else of the current one."""
    programme = programme_in(get_object_or_404(Territory, slug=slug), request.GET.get("cycle", ""))
    found = Draft.objects.select_related("programme__place", "programme__cycle")
    return get_object_or_404(found, programme=programme, version=number)


@require_GET
def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    draft = version_of(request, slug, number)
    place, cycle = draft.programme.place, cycle_part(draft.programme)
    context: dict[str, Any] = {"draft": draft, "programme": draft.programme, "place": place, "cycle": cycle}
    context |= {"axes": queries.document(draft), "crumbs": crumbs(place, to_versions(place, cycle))}
    return page(request, "consultation/version.html", context)


@require_GET
def download(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    draft = version_of(request, slug, number)
    answer = HttpResponse(text.canonical(draft.contents), content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{slug}-v{number}.json"'
    return answer


@require_GET
def compare(request: HttpRequest, slug: str, older: int, newer: int) -> HttpResponse:
    before, after = version_of(request, slug, older), version_of(request, slug, newer)
    place, comparison = after.programme.place, queries.compare(before, after)
    context = {"place": place, "comparison": comparison, "older": before, "newer": after}
    context |= {
        "crumbs": crumbs(place, to_versions(place, cycle_part(after.programme))),
        "same": [one for one in comparison.projects if one.state == "same"],
    }
    return page(request, "consultation/compare.html", context)
