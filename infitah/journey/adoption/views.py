from collections.abc import Callable
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from infitah.ground.accounts.models import Person
from infitah.ground.territories.models import Territory
from infitah.journey.consultation.models import Draft
from infitah.journey.programmes.models import Programme
from infitah.journey.programmes.queries import current_programme, programme_in
from infitah.journey.projects.queries import gaps
from infitah.lib import pdf
from infitah.lib.errors import NotPossible, require
from infitah.lib.http import done, page, posted

from . import actions, queries, rules
from .forms import Adoption, Agenda, Agreement, Postponement, Rejection
from .models import Deliberation, Sitting

PRINTED = {"ar", "fr"}  # the languages the programme is printed in
TEMPLATE = Path(__file__).parent / "templates/adoption/programme.typ"


def around(place: Territory, *, inside: bool = True, **more: Any) -> dict[str, Any]:
    """What each page of the room knows: its place, and the way back from it."""
    crumbs = [(place.name, reverse("spaces:space", args=[place.slug]))]
    if inside:
        crumbs.append((_("The council"), reverse("adoption:council", args=[place.slug])))
    return {"place": place, "crumbs": crumbs, **more}


def to_record(request: HttpRequest, slug: str) -> tuple[Programme, Person]:
    """The current programme of the place, for someone who keeps its record."""
    place = get_object_or_404(Territory, slug=slug)
    programme = current_programme(place)
    if programme is None:
        raise NotPossible(_("This collectivity has not begun an openness programme yet."))
    by: Person = request.user  # type: ignore[assignment]
    require(rules.keeps_record(by, programme))
    return programme, by


@require_GET
def council(request: HttpRequest, slug: str) -> HttpResponse:
    place = get_object_or_404(Territory, slug=slug)
    by = request.user if request.user.is_authenticated else None
    programme = current_programme(place)
    waiting = queries.pending(programme) if programme else None
    context = around(place, inside=False, programme=programme, pending=waiting)
    context["draft"] = queries.version_to_print(programme) if programme else None
    context["deliberations"] = queries.deliberations_of(place)
    context["validations"] = queries.validations_of(place)
    context["next_session"] = queries.coming_session(place)
    if programme and by:
        context["can_validate"] = rules.can_validate(by, programme)
        context["can_put_on_agenda"] = rules.can_put_on_agenda(by, programme)
        context["can_record"] = waiting is not None and rules.can_record(by, waiting)
        context["is_early"] = rules.is_early(by, programme)
        context["has_sat"] = waiting is not None and waiting.sitting.sits_on <= timezone.localdate()
    return page(request, "adoption/council.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def validate(request: HttpRequest, slug: str) -> HttpResponse:
    programme, by = to_record(request, slug)
    actions.require_heard(programme, by)
    form = Agreement(**posted(request))
    if form.is_valid():
        validation = actions.validate(programme, by=by, **form.cleaned_data)
        version = _("Version %(version)s is validated. It can now go to the council.")
        return done(request, reverse("adoption:council", args=[slug]), version % {"version": validation.draft.version})
    context = around(programme.place, programme=programme, form=form, gaps=gaps(programme))
    return page(request, "adoption/validate.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def agenda(request: HttpRequest, slug: str) -> HttpResponse:
    programme, by = to_record(request, slug)
    actions.require_validated(programme, by)
    form = Agenda(**posted(request), initial={"kind": Sitting.Kind.ORDINARY})
    if form.is_valid():
        try:
            actions.put_on_agenda(programme, by=by, **form.cleaned_data)
            said = _("The programme is on the council's agenda.")
            return done(request, reverse("adoption:council", args=[slug]), said)
        except NotPossible as wrong_day:
            form.add_error("sits_on", wrong_day.sentence)
    context = around(
        programme.place, programme=programme, form=form, next_session=queries.coming_session(programme.place)
    )
    return page(request, "adoption/agenda.html", context)


def record(
    request: HttpRequest, slug: str, number: int, form: forms.Form, act: Callable[..., Deliberation], message: str
) -> HttpResponse:
    """The door common to the three outcomes of a vote."""
    programme, by = to_record(request, slug)
    deliberation = get_object_or_404(Deliberation, programme=programme, pk=number)
    actions.require_pending(deliberation, by, has_sat=act is not actions.postpone)
    if form.is_valid():
        act(deliberation, by=by, **form.cleaned_data)
        return done(request, reverse("adoption:council", args=[slug]), message)
    outcomes = {"adopt": _("Adopted"), "postpone": _("Postponed"), "reject": _("Rejected")}
    tabs = [
        {"text": text, "url": reverse(f"adoption:{name}", args=[slug, number]), "is_current": name == act.__name__}
        for name, text in outcomes.items()
    ]
    has_sat = deliberation.sitting.sits_on <= timezone.localdate()  # before, the vote can only be put off
    context = around(programme.place, deliberation=deliberation, form=form, tabs=tabs if has_sat else [])
    context["outcome"] = act.__name__
    return page(request, "adoption/vote.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def adopt(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    form = Adoption(**posted(request))
    return record(request, slug, number, form, actions.adopt, _("The programme is adopted. Its implementation begins."))


@login_required
@require_http_methods(["GET", "POST"])
def postpone(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    form = Postponement(**posted(request))
    return record(
        request, slug, number, form, actions.postpone, _("The vote is postponed; the version stays as it is.")
    )


@login_required
@require_http_methods(["GET", "POST"])
def reject(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    form = Rejection(**posted(request))
    return record(request, slug, number, form, actions.reject, _("The rejection is recorded; drafting is open again."))


def told(programme: Programme, draft: Draft, language: str) -> dict[str, Any]:
    """What the document says, in its own language, and where the version it prints is kept."""
    with translation.override(language):
        version = reverse("consultation:version", args=[programme.place.slug, draft.version])
        address = f"{settings.SITE_URL}{version}?cycle={programme.cycle_id}"
        return queries.printed(programme, draft, language, address=address)


@require_GET
def programme_pdf(request: HttpRequest, slug: str, language: str) -> HttpResponse:
    if language not in PRINTED:
        raise Http404
    programme = programme_in(get_object_or_404(Territory, slug=slug), request.GET.get("cycle", ""))
    draft = queries.version_to_print(programme) if programme else None
    if programme is None or draft is None:
        raise NotPossible(_("No version of this programme has been frozen yet: there is nothing to print."))
    at = queries.printed_at(programme, draft)
    key = f"pdf:{draft.pk}:{language}:{programme.status}:{at.timestamp()}"
    made = cache.get_or_set(key, lambda: pdf.typeset(TEMPLATE, told(programme, draft, language), at=at), 3600)
    name = f"{slug}-{draft.version}-{language}.pdf"
    return HttpResponse(
        made, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )
