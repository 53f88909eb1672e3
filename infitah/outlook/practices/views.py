from typing import Any
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from infitah.ground.accounts.queries import signed_in
from infitah.ground.ledger.queries import kept
from infitah.ground.territories.models import Territory
from infitah.journey.projects.models import Project
from infitah.lib.errors import NotPossible, require
from infitah.lib.forms import refused
from infitah.lib.http import done, limit, next_page, number_before, page, posted

from . import actions, queries, rules
from .forms import Adapt, Case, Filter, Peer, Reason, Rewording, Word
from .models import Practice


def crumbs(*steps: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("Practices"), reverse("practices:practices")), *steps]


def address(practice: Practice) -> str:
    return reverse("practices:practice", args=[practice.pk])


def short(practice: Practice) -> str:
    """Its name as a crumb."""
    return Truncator(practice.title).words(4, truncate="…")


def of(number: int) -> Practice:
    return get_object_or_404(queries.to_read(), pk=number)


@require_safe
def practices(request: HttpRequest) -> HttpResponse:
    return kept(request, make=lambda: show_list(request))


def show_list(request: HttpRequest) -> HttpResponse:
    """What is published, latest first."""
    form, reader = Filter(request.GET), signed_in(request)
    found = queries.published_page(form.filters(), before=number_before(request))
    context: dict[str, Any] = {"form": form, "found": found, "next_url": next_page(request, found.before)}
    context |= {"is_reader": queries.is_reader(reader), "runs": queries.run_by(reader)}
    return page(request, "practices/practices.html", context, part="found")


@require_safe
def practice(request: HttpRequest, number: int) -> HttpResponse:
    """The case, what its peers said, who took it up, and what is like it."""
    found, by = of(number), signed_in(request)
    if not rules.can_read(by, found):
        return withheld(request, found)
    context = {
        "practice": found,
        "place": found.place,
        "reviews": queries.reviews_of(found),
        "adaptations": queries.adaptations_of(found),
        "similar": queries.similar(found),
        "proofs": list(queries.proofs_of(found.project)[:12]) if found.project else [],
        "may": {name: getattr(rules, f"can_{name}")(by, found) for name in MAY},
        "crumbs": crumbs(),
    }
    return page(request, "practices/practice.html", context)


MAY = ["redraft", "hand_in", "review", "ask", "withdraw", "take_up", "adapt"]


def withheld(request: HttpRequest, practice: Practice) -> HttpResponse:
    """In place of a practice that is not published: gone, with the reason, if it was; else not found yet."""
    context = {"practice": practice, "crumbs": crumbs()}
    return page(request, "practices/withheld.html", context, status=410 if practice.is_gone else 404)


@require_safe
def of_place(request: HttpRequest, slug: str) -> HttpResponse:
    """What a collectivity shares, and what it took up from others."""
    place, by = get_object_or_404(Territory, slug=slug), signed_in(request)
    can_share, is_national = rules.can_share(by, place), by is not None and by.is_national
    found = queries.of_place(place, are_drafts_seen=can_share or is_national, before=number_before(request))
    context: dict[str, Any] = {"place": place, "found": found, "adapted": queries.adapted_by(place)}
    context |= {"next_url": next_page(request, found.before), "can_share": can_share}
    context["crumbs"] = [(place.name, reverse("spaces:space", args=[slug]))]
    return page(request, "practices/of_place.html", context)


@login_required
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """What waits for the word of a peer."""
    by = signed_in(request)
    require(queries.is_reader(by))
    found = queries.waiting(by, before=number_before(request))
    context = {"found": found, "next_url": next_page(request, found.before), "crumbs": crumbs()}
    return page(request, "practices/waiting.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def share(request: HttpRequest, slug: str) -> HttpResponse:
    place, by = get_object_or_404(Territory, slug=slug), signed_in(request)
    require(rules.can_share(by, place))
    form = Case(**posted(request), initial={"language": get_language()})
    if form.is_valid():
        made = actions.share(place, by=by, **form.cleaned_data)
        return done(request, address(made), _("The draft is kept. Read it once more, then hand it in."))
    return show_form(request, place, form)


def show_form(
    request: HttpRequest, place: Territory, form: Case, practice: Practice | None = None, status: int = 0
) -> HttpResponse:
    """The questions of a practice, new or not."""
    context: dict[str, Any] = {"place": place, "form": form, "practice": practice}
    context["crumbs"] = crumbs(
        (short(practice), address(practice))
        if practice
        else (str(place.name), reverse("practices:of_place", args=[place.slug]))
    )
    return page(request, "practices/case.html", context, status=status)


@login_required
@require_POST
def begin(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One press on the page of a finished project."""
    project = get_object_or_404(Project.objects.select_related("programme", "place"), place__slug=slug, number=number)
    born = actions.begin_from(project, by=signed_in(request), key=uuid4())
    said = _("The practice is begun with what the project tells. Complete it in your own words.")
    is_open = rules.can_redraft(signed_in(request), born)
    return done(
        request, reverse("practices:redraft", args=[born.pk]) if is_open else address(born), said if is_open else ""
    )


@login_required
@require_http_methods(["GET", "POST"])
def redraft(request: HttpRequest, number: int) -> HttpResponse:
    found, by = of(number), signed_in(request)
    require(rules.can_share(by, found.place))
    closed = NotPossible(_("This practice has been handed in: its words stay as its peers read them."))
    require(rules.can_redraft(by, found), closed)
    form, status = Rewording(**posted(request), initial=Rewording.filled(found)), 0
    if form.is_valid():
        try:
            actions.redraft(found, by=by, **form.cleaned_data)
            return done(request, address(found), _("The draft is kept. Read it once more, then hand it in."))
        except NotPossible as fault:
            status = refused(form, fault)
    return show_form(request, found.place, form, found, status)


@login_required
@require_POST
def hand_in(request: HttpRequest, number: int) -> HttpResponse:
    found = of(number)
    actions.hand_in(found, by=signed_in(request))
    return done(
        request, address(found), _("Handed in. Focal points elsewhere read it, and you are told what they say.")
    )


@login_required
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, number: int) -> HttpResponse:
    found, by = of(number), signed_in(request)
    form = Word(**posted(request))
    if form.is_valid():
        made = actions.review(found, by=by, **form.arguments())
        said = _("It is published. Thank you for reading.") if made.is_ready else _("It goes back with your advice.")
        return done(request, address(found), said)
    require(rules.is_peer(by, found))
    late = NotPossible(_("This practice does not wait for the word of a peer."))
    require(found.status == Practice.Status.IN_REVIEW, late)
    context = {"practice": found, "place": found.place, "form": form, "crumbs": crumbs((short(found), address(found)))}
    return page(request, "practices/review.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, number: int) -> HttpResponse:
    found, by = of(number), signed_in(request)
    require(by is not None and by.is_national)
    late = NotPossible(_("This practice does not wait for the word of a peer."))
    require(rules.can_ask(by, found), late)
    form = Peer(found, **posted(request))
    if form.is_valid():
        actions.ask(found, by=by, reviewer=form.cleaned_data["grant"].person)
        return done(request, address(found), _("They are told that you ask for their word."))
    context = {"practice": found, "form": form, "crumbs": crumbs((short(found), address(found)))}
    return page(request, "practices/ask.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    found, by = of(number), signed_in(request)
    require(rules.can_share(by, found.place) or (by is not None and by.is_national))
    form = Reason(**posted(request))
    if form.is_valid():
        actions.withdraw(found, by=by, reason=form.cleaned_data["reason"])
        return done(request, reverse("practices:of_place", args=[found.place.slug]), _("The practice is withdrawn."))
    require(rules.can_withdraw(by, found), NotPossible(_("This practice has been withdrawn already.")))
    context = {"practice": found, "form": form, "crumbs": crumbs((short(found), address(found)))}
    return page(request, "practices/withdraw.html", context)


@login_required
@require_POST
def take_up(request: HttpRequest, number: int) -> HttpResponse:
    found = of(number)
    actions.take_up(found, by=signed_in(request))
    return done(request, reverse("practices:redraft", args=[found.pk]), _("It is a draft again."))


@login_required
@require_http_methods(["GET", "POST"])
def adapt(request: HttpRequest, number: int) -> HttpResponse:
    found, by = of(number), signed_in(request)
    require(rules.can_adapt(by, found))
    programmes = queries.programmes_of(by, found)
    none = NotPossible(
        _("Your collectivity has not begun an openness programme yet: begin it, then adapt this practice.")
    )
    require(bool(programmes), none)
    if all(one.is_frozen and not queries.is_taken_up(found, one) for one in programmes):
        raise NotPossible(queries.why_closed(programmes[0]))
    form = Adapt(programmes, **posted(request))
    if form.is_valid():
        limit(request, "adapt", times=60, per=3600)
        made = actions.adapt(found, by=by, **form.cleaned_data)
        said = _("The draft project is begun. Word it for your own place, then plan its activities.")
        return done(request, reverse("projects:redraft", args=[made.programme.place.slug, made.project.number]), said)
    context = {"practice": found, "place": found.place, "form": form, "programmes": programmes}
    context["crumbs"] = crumbs((short(found), address(found)))
    return page(request, "practices/adapt.html", context)
