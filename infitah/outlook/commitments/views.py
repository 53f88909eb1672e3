from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from infitah.ground.accounts.queries import signed_in
from infitah.ground.ledger.queries import kept
from infitah.ground.territories.models import Territory
from infitah.lib.errors import require
from infitah.lib.http import done, page, posted

from . import actions, queries, rules
from .forms import Declaring, Withdrawal
from .models import Declaration


@require_safe
def commitments(request: HttpRequest, slug: str) -> HttpResponse:
    """The five commitments of a member: evidence found or not yet found, and what it declares."""
    member = queries.member_at(slug)

    def make() -> HttpResponse:
        place = member.place
        context = {"place": place, "member": member, "commitments": queries.commitments_of(place)}
        context |= {"withdrawn": queries.withdrawn(place), "can_declare": rules.can_declare(signed_in(request), place)}
        return page(request, "commitments/commitments.html", context)

    return kept(request, make=make, places=[member.place])


@login_required
def declare(request: HttpRequest, slug: str) -> HttpResponse:
    """Declare evidence, with a document or a link."""
    place, by = queries.member_at(slug).place, signed_in(request)
    require(rules.can_declare(by, place))
    form = Declaring(commitment=request.GET.get("for", ""), **posted(request))
    if request.method == "POST" and form.is_valid():
        actions.declare(place, by=by, **form.cleaned_data)
        return done(request, reverse("commitments:commitments", args=[slug]), _("It is declared, and public."))
    context = {"form": form, "place": place}
    return page(request, "commitments/declare.html", context)


@login_required
def withdraw(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Withdraw what was declared, with a reason."""
    place = get_object_or_404(Territory, slug=slug)
    declaration, by = get_object_or_404(Declaration, pk=number, place=place), signed_in(request)
    require(rules.can_declare(by, place))
    form = Withdrawal(**posted(request))
    if request.method == "POST" and form.is_valid():
        actions.withdraw(declaration, by=by, **form.cleaned_data)
        return done(request, reverse("commitments:commitments", args=[slug]), _("It is withdrawn."))
    context = {"form": form, "place": place, "declaration": declaration}
    return page(request, "commitments/withdraw.html", context)


@require_safe
def network(request: HttpRequest) -> HttpResponse:
    """How many members show each piece of evidence: counts, no ranking."""

    def make() -> HttpResponse:
        found, members = queries.counted()
        return page(request, "commitments/network.html", {"commitments": found, "members": members})

    return kept(request, make=make)


@require_safe
def shown(request: HttpRequest, evidence: str) -> HttpResponse:
    """The members that show a piece of evidence: the list behind a count, in the order of the register."""

    def make() -> HttpResponse:
        found = queries.showing(evidence, after=request.GET.get("after", "")[:16])
        context = {"found": found, "next_url": f"?after={found.after}" if found.after else ""}
        return page(request, "commitments/shown.html", context, part="members")

    return kept(request, make=make)
