from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from infitah.ground.accounts.models import Contact, Person
from infitah.ground.ledger.queries import kept
from infitah.ground.territories.models import Territory
from infitah.lib.errors import require
from infitah.lib.http import done, is_local, page

from . import actions, queries, rules


def number_of(text: str) -> int | None:
    return int(text) if text.isdigit() and len(text) < 19 else None


def ledger(request: HttpRequest) -> HttpResponse:
    """The public register: what happened, newest first, and how anyone can check it."""
    slug = request.GET.get("place", "")
    place = get_object_or_404(Territory, slug=slug) if slug else None

    def make() -> HttpResponse:
        lines, before = queries.latest(place, number_of(request.GET.get("before", "")))
        more = f"?place={slug}&before={before}" if before else ""
        return page(request, "notifications/ledger.html", {"lines": lines, "more": more, "place": place}, part="list")

    return kept(request, make=make, places=[place] if place else None)


def to(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """To where a thing is seen, for the rooms below that do not know."""
    address = queries.address_of(kind, number)
    if not address:
        raise Http404
    return redirect(address)


@login_required
def notices(request: HttpRequest) -> HttpResponse:
    """What I was told, and what I follow."""
    if request.method == "POST":
        actions.read(request.user)
        return done(request, reverse("notifications:notices"))
    lines, before = queries.notices_of(request.user, number_of(request.GET.get("before", "")))
    shown = {"lines": lines, "more": f"?before={before}" if before else "", "has_new": any(x.is_new for x in lines)}
    shown |= {"followed": queries.followed_by(request.user), "has_letter": queries.letter_of(request.user) is not None}
    shown["letter"] = reverse("notifications:quiet", args=[signing.dumps(request.user.pk, salt=actions.QUIET)])
    return page(request, "notifications/notices.html", shown)


@login_required
@require_POST
def follow(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """Follow a thing, or no longer."""
    thing = queries.find_followed(kind, number)
    if thing is None:
        raise Http404
    if request.POST.get("stop"):
        actions.unfollow(request.user, thing)
    else:
        require(rules.can_follow(request.user, thing))
        actions.follow(request.user, thing)
    if request.htmx:
        return render(request, "notifications/_follow.html", {"following": queries.following(thing, request.user)})
    to = request.GET.get("next", "")
    return done(request, to if is_local(to) else reverse("notifications:notices"))


@csrf_exempt  # the signed token is what allows it: mail programs send this form themselves (RFC 8058)
def quiet(request: HttpRequest, token: str) -> HttpResponse:
    """No weekly letter any more, or again, by the link in it."""
    try:
        person = Person.objects.filter(pk=signing.loads(token, salt=actions.QUIET), is_active=True).first()
    except signing.BadSignature:
        raise Http404 from None
    if person is None:
        raise Http404
    if request.method == "POST":
        (actions.unhush if request.POST.get("again") else actions.hush)(person)
        return done(request, request.path)
    return page(request, "notifications/quiet.html", {"is_on": queries.letter_of(person)})


def forget(request: HttpRequest, token: str) -> HttpResponse:
    """Erase the address of someone without an account, by the link in a message to it."""
    try:
        contact = Contact.objects.filter(pk=signing.loads(token, salt=actions.FORGET)).first()
    except signing.BadSignature:
        raise Http404 from None
    if request.method == "POST" and contact:
        actions.forget(contact)
        return done(request, reverse("website:home"), _("Your address is erased. You will get no more messages."))
    return page(request, "notifications/forget.html", {"contact": contact})
