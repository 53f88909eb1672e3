from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from infitah.ground.accounts.models import Contact, Person
from infitah.ground.ledger.queries import kept
from infitah.ground.territories.models import Territory
from infitah.lib.errors import require
from infitah.lib.http import done, is_local, next_page, number_before, page
from infitah.outlook.kinds.queries import KINDS, address_of
from infitah.outlook.sentences.queries import latest

from . import actions, queries, rules


@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """The public register: what happened, newest first, and how anyone can check it."""
    slug = request.GET.get("place", "")
    place = get_object_or_404(Territory, slug=slug) if slug else None

    def make() -> HttpResponse:
        lines, before = latest(place, number_before(request))
        shown = {"lines": lines, "more": next_page(request, before), "place": place}
        return page(request, "notifications/ledger.html", shown, part="list")

    return kept(request, make=make, places=[place] if place else None)


@require_safe
def to(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """To where a thing is seen, for the rooms below that do not know."""
    address = address_of(kind, number)
    if not address:
        raise Http404
    return redirect(address)


@login_required
@require_http_methods(["GET", "POST"])
def notices(request: HttpRequest) -> HttpResponse:
    """What I was told, and what I follow."""
    if request.method == "POST":
        actions.read(request.user)
        return done(request, reverse("notifications:notices"))
    lines, before = queries.notices_of(request.user, number_before(request))
    shown = {"lines": lines, "more": next_page(request, before), "has_new": any(x.is_new for x in lines)}
    shown |= {"followed": queries.followed_by(request.user), "has_letter": queries.letter_of(request.user) is not None}
    shown["letter"] = reverse("notifications:quiet", args=[signing.dumps(request.user.pk, salt=actions.QUIET)])
    return page(request, "notifications/notices.html", shown)


@login_required
@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """Follow a thing, or no longer; opened as a page, for the rooms below that do not know who follows what."""
    thing = queries.find_followed(kind, number)
    if thing is None:
        raise Http404
    if request.method != "POST":
        require(rules.can_follow(request.user, thing))
        shown = {"following": queries.following(thing, request.user), "title": KINDS[kind].title(thing)}
        return page(request, "notifications/follow.html", {**shown, "address": KINDS[kind].address(thing)})
    (actions.unfollow if request.POST.get("stop") else actions.follow)(request.user, thing)
    if request.htmx:
        return render(request, "notifications/_follow.html", {"following": queries.following(thing, request.user)})
    to = request.GET.get("next", "")
    return done(request, to if is_local(to) else reverse("notifications:notices"))


@require_http_methods(["GET", "POST"])
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
        if "List-Unsubscribe" not in request.POST:  # a mail program follows no redirect
            return done(request, request.path)
    return page(request, "notifications/quiet.html", {"is_on": queries.letter_of(person)}, status=200)


@require_http_methods(["GET", "POST"])
def forget(request: HttpRequest, token: str) -> HttpResponse:
    """Erase the address of someone without an account, by the link in a message to it."""
    try:
        contact = Contact.objects.filter(pk=signing.loads(token, salt=actions.FORGET)).first()
    except signing.BadSignature:
        raise Http404 from None
    if request.method == "POST" and contact:
        actions.forget(contact)
        return done(request, reverse("website:home"), _("Your address is erased. You will get no more messages."))
    return page(request, "notifications/forget.html", {"contact": contact}, status=200)
