"""How a view answers: a page, a part of it, or done; and what stands guard around every answer."""

import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from .errors import Refusal, TooMany

Answer = Callable[[HttpRequest], HttpResponse]

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)


def page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, part: str = "", status: int = 200
) -> HttpResponse:
    """The page, or for htmx only its named part. A refused form is the same page with status 422."""
    swaps = bool(part) and bool(getattr(request, "htmx", False)) and not request.htmx.boosted  # type: ignore[attr-defined]
    answer = render(request, f"{template}#{part}" if swaps else template, context, status=status)
    if part:
        answer["Vary"] = "HX-Request, Accept-Language, Cookie"
    return answer


def done(request: HttpRequest, to: str, message: str = "") -> HttpResponse:
    """The work is done: say so, and go on to the address given (303, so that reloading repeats nothing)."""
    if message:
        messages.success(request, message)
    if getattr(request, "htmx", False):
        return HttpResponse(status=204, headers={"HX-Redirect": to})
    answer = HttpResponseRedirect(to)
    answer.status_code = 303
    return answer


def address_of(request: HttpRequest) -> str:
    """The network address a request comes from; behind a proxy (https), the last one it was forwarded for."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.IS_HTTPS else ""
    return forwarded.split(",")[-1].strip() or request.META.get("REMOTE_ADDR", "")


def limit(request: HttpRequest, what: str, *, times: int, per: int) -> None:
    """Refuse with TooMany beyond so many `times` in `per` seconds from one address."""
    key = f"limit:{what}:{address_of(request)}"
    cache.add(key, 0, per)
    if cache.incr(key) > times:
        raise TooMany()


def is_local(address: str) -> bool:
    """Whether an address leads to this house (a path, no host): safe to go back to."""
    parts = urlsplit(address)
    return address.startswith("/") and not address.startswith("//") and not parts.scheme and not parts.netloc


class Guard:
    """Headers on every answer: nothing comes from another host, nothing is framed, nothing is guessed."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.number = secrets.token_hex(4)  # type: ignore[attr-defined]  # told on error pages, found in the log
        response = self.answer(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=(self), interest-cohort=()"
        )
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        return response


class Refusals:
    """Turns a refusal raised anywhere into a page with its sentence and status."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        if isinstance(fault, Refusal):
            return render(request, "refusal.html", {"refusal": fault}, status=fault.status)
        return None
