from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from infitah.ground.accounts.queries import signed_in
from infitah.ground.ledger.queries import kept
from infitah.ground.territories.models import Territory
from infitah.lib.errors import NotPossible, require
from infitah.lib.forms import refused
from infitah.lib.http import done, limit, next_page, number_before, page, posted

from . import actions, queries, rules
from .forms import Invitation, Reason, Registration, Rewording
from .models import Organisation, Speaker


def around(place: Territory, *steps: tuple[Any, str], **more: Any) -> dict[str, Any]:
    """What each page of the room knows: its place, and the way back from it."""
    home = (place.name, reverse("spaces:space", args=[place.slug]))
    return {"place": place, "crumbs": [home, *steps], **more}


def behind(organisation: Organisation, **more: Any) -> dict[str, Any]:
    """The same for the pages behind that of an organisation."""
    place = organisation.place
    to_all = (_("Associations and organisations"), reverse("organisations:list", args=[place.slug]))
    return around(place, to_all, (organisation.name, address_of(organisation)), organisation=organisation, **more)


def address_of(organisation: Organisation) -> str:
    return reverse("voices:organisation", args=[organisation.pk])


def found(number: int) -> Organisation:
    return get_object_or_404(Organisation.objects.select_related("place"), pk=number)


@require_safe
def organisations(request: HttpRequest, slug: str) -> HttpResponse:
    """The organisations that work at a place."""
    place = get_object_or_404(Territory, slug=slug)
    return kept(request, places=[place], make=lambda: show_list(request, place))


def show_list(request: HttpRequest, place: Territory) -> HttpResponse:
    by = signed_in(request)
    shown, before = queries.public_page(place, number_before(request))
    context = around(place, organisations=shown, next_url=next_page(request, before))
    if rules.answers_at(by, place):
        context["waiting"] = queries.waiting_at(place)
    return page(request, "organisations/organisations.html", context, part="list")


@login_required
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest, slug: str) -> HttpResponse:
    place, by = get_object_or_404(Territory, slug=slug), signed_in(request)
    require(rules.can_register(by, place))
    form = Registration(**posted(request))
    if form.is_valid():
        limit(request, "organisations", times=5, per=3600)
        try:
            organisation = actions.register(place, by=by, **form.cleaned_data)
            return done(request, address_of(organisation), _("Thank you. It waits to be verified."))
        except NotPossible as taken:
            form.add_error("name", taken.sentence)
    to_all = (_("Associations and organisations"), reverse("organisations:list", args=[slug]))
    return page(request, "organisations/register.html", around(place, to_all, form=form))


@login_required
@require_http_methods(["GET", "POST"])
def reword(request: HttpRequest, number: int) -> HttpResponse:
    organisation, by = found(number), signed_in(request)
    require(rules.can_reword(by, organisation))
    form, status = Rewording(organisation, **posted(request)), 0
    if form.is_valid():
        try:
            actions.reword(organisation, by=by, **form.cleaned_data)
            return done(request, address_of(organisation), _("Saved."))
        except NotPossible as refusal:
            status = refused(form, refusal)
    return page(request, "organisations/reword.html", behind(organisation, form=form), status=status)


@login_required
@require_POST
def verify(request: HttpRequest, number: int) -> HttpResponse:
    organisation = actions.verify(found(number), by=signed_in(request))
    said = _("The organisation is verified. Those who speak for it are told.")
    return done(request, address_of(organisation), said)


@login_required
@require_http_methods(["GET", "POST"])
def withhold(request: HttpRequest, number: int) -> HttpResponse:
    organisation, by = found(number), signed_in(request)
    require(rules.can_verify(by, organisation))
    form = Reason(**posted(request))
    if form.is_valid():
        actions.withhold(organisation, by=by, **form.cleaned_data)
        return done(request, address_of(organisation), _("Saved. Those who speak for it are told why."))
    return page(request, "organisations/withhold.html", behind(organisation, form=form))


@login_required
@require_http_methods(["GET", "POST"])
def speakers(request: HttpRequest, number: int) -> HttpResponse:
    """Who speaks for an organisation; invite somebody."""
    organisation, by = found(number), signed_in(request)
    can_invite = rules.can_invite(by, organisation)
    require(can_invite or rules.answers_at(by, organisation.place))
    form = Invitation(**posted(request))
    if request.method == "POST":
        require(can_invite)
    if form.is_valid():
        limit(request, "invitations", times=10, per=3600)  # each writes to an address
        actions.invite(organisation, by=by, **form.cleaned_data)
        return done(request, request.path, _("The invitation is on its way."))
    standing = [(one, rules.can_end(by, one)) for one in queries.speakers_of(organisation)]
    context = behind(organisation, form=form if can_invite else None, standing=standing)
    return page(request, "organisations/speakers.html", context)


@login_required
@require_POST
def accept(request: HttpRequest, number: int) -> HttpResponse:
    speaker = actions.accept(get_object_or_404(Speaker, pk=number), by=signed_in(request))
    return done(request, address_of(speaker.organisation), _("From now on you speak for this organisation."))


@login_required
@require_POST
def end(request: HttpRequest, number: int) -> HttpResponse:
    by = signed_in(request)
    speaker = actions.end(get_object_or_404(Speaker, pk=number), by=by)
    organisation = speaker.organisation
    to = reverse("workbench:workbench")
    if speaker.person != by:
        to = reverse("organisations:speakers", args=[organisation.pk])
    return done(request, to, _("Done. What was given in its name stays."))
