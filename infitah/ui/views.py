"""The doors of the house that belong to no room: what pages are made of, a sum to solve, a language to remember."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.translation import check_for_language
from django.views.decorators.cache import never_cache

from infitah.lib import proof
from infitah.lib.http import is_local

from . import samples


@never_cache
def challenge(request: HttpRequest) -> JsonResponse:
    return JsonResponse(proof.challenge())


def speak(request: HttpRequest) -> HttpResponse:
    """Remember a language for the pages whose address carries none."""
    to = request.GET.get("to", "/")
    answer = HttpResponseRedirect(to if is_local(to) else "/")
    language = request.GET.get("language", "")
    if language in dict(settings.LANGUAGES) and check_for_language(language):
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=31_536_000, samesite="Lax")
    return answer


def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component, in both directions side by side."""
    return render(request, "ui/styleguide.html", {"ar": samples.pieces("ar"), "fr": samples.pieces("fr")})
