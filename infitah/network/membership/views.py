from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from infitah.ground.accounts.queries import signed_in
from infitah.lib.errors import NotPossible, require
from infitah.lib.http import done, page
from infitah.lib.i18n import Localized

from . import actions, queries, rules
from .forms import Admission, Signing
from .models import Member

Move = Callable[..., Member]


def member_of(slug: str) -> Member:
    return get_object_or_404(Member.objects.select_related("place__parent", "cohort"), place__slug=slug)


@require_GET
def charter(request: HttpRequest) -> HttpResponse:
    shown = queries.current_charter()
    if shown is None:
        raise NotPossible(_("The charter has not been published yet."))
    after = request.GET.get("after", "")
    signed, more = queries.signatures(shown, after=int(after) if after.isdecimal() and len(after) < 19 else 0)
    context = {"charter": shown, "signed": signed, "next_url": f"?after={more}" if more else ""}
    context |= {"total": shown.adhesions.count(), "commitments": [Localized(words) for words in shown.commitments]}
    return page(request, "membership/charter.html", context, part="signed")


@require_GET
def member(request: HttpRequest, slug: str) -> HttpResponse:
    shown, by = member_of(slug), signed_in(request)
    adhesions, current = list(shown.adhesions.select_related("charter").order_by("pk")), queries.current_charter()
    has_signed = current is None or current in [adhesion.charter for adhesion in adhesions]
    context = {"member": shown, "place": shown.place, "adhesions": adhesions}
    context["can_adhere"] = not has_signed and rules.can_adhere(by, shown) and shown.status != Member.Status.LEFT
    context["moves"] = queries.moves(shown) if rules.can_move(by, shown) else []
    return page(request, "membership/member.html", context)


@login_required
def admit(request: HttpRequest) -> HttpResponse:
    by = signed_in(request)
    require(rules.can_admit(by))
    form = Admission(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        admitted = actions.admit(form.cleaned_data["place"], form.cleaned_data["cohort"], by=by)
        said = _("Admitted. Now record who signed the charter.")
        return done(request, reverse("membership:adhere", args=[admitted.place.slug]), said)
    return page(request, "membership/admit.html", {"form": form}, status=422 if request.method == "POST" else 200)


@login_required
def adhere(request: HttpRequest, slug: str) -> HttpResponse:
    shown, by, charter = member_of(slug), signed_in(request), queries.current_charter()
    require(rules.can_adhere(by, shown))
    require(charter is not None, NotPossible(_("The charter has not been published yet.")))
    form = Signing(request.POST, request.FILES) if request.method == "POST" else Signing()
    if request.method == "POST" and form.is_valid():
        actions.adhere(shown, charter=charter, by=by, **form.cleaned_data)
        return done(request, reverse("membership:member", args=[slug]), _("The signing of the charter is recorded."))
    context = {"form": form, "member": shown, "place": shown.place, "charter": charter}
    return page(request, "membership/adhere.html", context, status=422 if request.method == "POST" else 200)


@login_required
@require_POST
def rest(request: HttpRequest, slug: str) -> HttpResponse:
    return moved(request, slug, actions.rest)


@login_required
@require_POST
def wake(request: HttpRequest, slug: str) -> HttpResponse:
    return moved(request, slug, actions.wake)


@login_required
@require_POST
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    return moved(request, slug, actions.leave)


def moved(request: HttpRequest, slug: str, action: Move) -> HttpResponse:
    """The doors above: the member becomes what the action makes of it."""
    action(member_of(slug), by=signed_in(request))
    return done(request, reverse("membership:member", args=[slug]), _("Saved."))
