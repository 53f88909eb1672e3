"""The doors of the accounts; signing in and the second factor are allauth's, dressed in our templates."""

import logging
import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.utils import is_mfa_enabled
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods
from requests import RequestException

from infitah.ground.territories.models import Territory
from infitah.lib.errors import NotPossible, require
from infitah.lib.forms import refused
from infitah.lib.http import Answer, done, is_local, page, posted, to_sign_in

from . import actions, forms, queries, rules
from .models import Person, Role, RoleGrant

LOG = logging.getLogger(__name__)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class Doorkeeper(DefaultAccountAdapter):  # type: ignore[misc]
    """What allauth asks the house."""

    def new_user(self, request: HttpRequest) -> Person:
        """A new account speaks the language of the page it was made on."""
        return Person(language=get_language() or "ar")

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """After signing in, one's own page, in one's own language."""
        with override(request.user.language):  # type: ignore[union-attr]
            return reverse("accounts:me")

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return self.get_login_redirect_url(request)

    def is_reauthentication_required(self, *, app: str, **options: Any) -> bool:
        """Whoever signed in minutes ago is not asked again."""
        signed_in_at = [record["at"] for record in get_authentication_records(self.request, self.request.user)]
        is_fresh = bool(signed_in_at) and time.time() - max(signed_in_at) < app_settings.REAUTHENTICATION_TIMEOUT
        return not is_fresh and super().is_reauthentication_required(app=app, **options)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """A key first, it is the quickest."""
        words = {"mfa_reauthenticate": _("With a code"), "mfa_reauthenticate:webauthn": _("With your key")}
        ways = [
            {**way, "description": words.get(way["id"], way["description"])}
            for way in super().get_reauthentication_methods(user)
        ]
        return sorted(ways, key=lambda way: not way["id"].endswith("webauthn"))


class Reader(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Reads what an institution says of a person (docs/decisions/0013)."""

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: Any) -> Any:
        """An institution may tell more than it is asked; none of it is kept but the address."""
        sociallogin.account.extra_data = {}
        return super().populate_user(request, sociallogin, data)

    def authenticate_by_email(self, sociallogin: Any) -> Any:
        """Some institutions write that an address is checked, or that it is not, as a word: “false” is not true."""
        for address in sociallogin.email_addresses:
            address.verified = str(address.verified).lower() == "true"
        return super().authenticate_by_email(sociallogin)


class KeyKeeper(DefaultMFAAdapter):  # type: ignore[misc]
    """What allauth asks the house about second factors."""

    error_messages = {**DefaultMFAAdapter.error_messages, "incorrect_code": _lazy("This code is not right.")}

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        return _("My key")


class Door:
    """Staff without a second factor are led to set one up first; what the door refuses is said as in every room."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """What a page or a form asks after its reader was signed out is not led past that page."""
        answer = self.answer(request)
        door = f"{reverse('account_login')}?next="
        is_sent = request.method == "POST" or request.htmx  # type: ignore[attr-defined]
        is_shut = is_sent and answer.headers.get("Location", "").startswith(door)
        return to_sign_in(request, reverse("account_login")) if is_shut else answer

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        name = request.resolver_match.url_name or ""  # type: ignore[union-attr]
        if "password" in name or name == "account_request_login_code":  # allauth's own; nobody has a password here
            return redirect("account_login")
        is_at_the_door = view.__module__.startswith(("allauth.", "config.")) or view.__module__ == "django.views.i18n"
        if is_at_the_door or not settings.IS_SECOND_FACTOR_COMPULSORY:
            return None
        person = request.user
        if not isinstance(person, Person) or not person.needs_second_factor or is_mfa_enabled(person):
            return None
        messages.warning(
            request, _("Your role needs a second factor. Set up an authenticator app or a security key first.")
        )
        return redirect("mfa_index")

    def process_template_response(self, request: HttpRequest, answer: TemplateResponse) -> TemplateResponse:
        """Only allauth answers so: a form that it refuses is 422, as everywhere in the house."""
        told = (answer.context_data or {}).values()
        if request.method == "POST" and any(isinstance(one, BaseForm) and one.errors for one in told):
            answer.status_code = 422
        return answer

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """Only allauth asks others over the network: whoever is to say who somebody is."""
        if not isinstance(fault, RequestException):
            return None
        LOG.warning("an institution does not answer: %s", fault)
        return page(request, "socialaccount/authentication_error.html", status=503)


@login_required
def me(request: HttpRequest) -> HttpResponse:
    """My page: name, language, roles, data."""
    person = request.user
    initial = {"pseudonym": person.pseudonym, "language": person.language}
    form = forms.Me(initial=initial, **posted(request))
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["pseudonym"] != person.pseudonym:
            actions.rename(person, form.cleaned_data["pseudonym"], by=person)
        actions.choose_language(person, form.cleaned_data["language"])
        return done(request, reverse("accounts:me"), _("Saved."))
    shown = {"form": form, "grants": person.current_grants, "has_second_factor": is_mfa_enabled(person)}
    return page(request, "accounts/me.html", shown)


@login_required
def export(request: HttpRequest) -> HttpResponse:
    """A copy of all that is kept about me."""
    answer = JsonResponse(
        actions.export(request.user, by=request.user), json_dumps_params={"ensure_ascii": False, "indent": 1}
    )
    answer["Content-Disposition"] = 'attachment; filename="infitah-my-data.json"'
    return answer


@login_required
def erase(request: HttpRequest) -> HttpResponse:
    """Erase my account, after a second thought."""
    form = forms.Erase(**posted(request))
    if request.method == "POST" and form.is_valid():
        actions.erase(request.user, by=request.user)
        return done(request, reverse("website:home"), _("Your account is erased."))
    return page(request, "accounts/erase.html", {"form": form})


def roles(request: HttpRequest) -> HttpResponse:
    """Who may do what, read from the rules."""
    return page(request, "accounts/roles.html", {"rooms": queries.rooms_said(), "roles": queries.roles_said()})


@login_required
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """Who holds which role at a place; grant one."""
    place = get_object_or_404(Territory, slug=slug)
    require(rules.can_manage_people(request.user, place))
    form, status = forms.Grant(roles=rules.grantable(request.user, place), **posted(request)), 0
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        person = actions.invite(given["email"], language=request.user.language)
        try:
            actions.grant(person, given["role"], place, by=request.user, until=given["until"])
            return done(request, reverse("accounts:people", args=[slug]), _("The role is granted."))
        except NotPossible as refusal:
            status = refused(form, refusal)
    held = [
        (role, [(grant, rules.can_revoke(request.user, grant)) for grant in grants])
        for role, grants in queries.by_role(queries.grants_at(place))
    ]
    return page(request, "accounts/people.html", {"place": place, "held": held, "form": form}, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def revoke(request: HttpRequest, number: int) -> HttpResponse:
    """Take a role back, after a look at what ends with it."""
    grant = get_object_or_404(RoleGrant.objects.select_related("person", "territory"), pk=number)
    if request.method == "POST":
        actions.revoke(grant, by=request.user)
        return done(request, reverse("accounts:people", args=[grant.territory.slug]), _("The role is taken back."))
    actions.require_revocable(request.user, grant)
    shown = {"grant": grant, "place": grant.territory, "loses": queries.ENABLES[Role(grant.role)]}
    return page(request, "accounts/revoke.html", {**shown, "is_last": queries.is_last(grant)})


def demo(request: HttpRequest, token: str) -> HttpResponse:
    """Signs a demonstration person in, in a demonstration."""
    try:
        number = signing.loads(token, salt=queries.DEMO)
    except signing.BadSignature:
        raise Http404 from None
    if not settings.IS_DEMO:
        raise Http404
    person = get_object_or_404(Person, pk=number, is_demonstration=True, is_active=True)
    login(request, person, backend=BACKEND)
    to = request.GET.get("next", "")
    return redirect(to if is_local(to) else reverse("website:home"))
