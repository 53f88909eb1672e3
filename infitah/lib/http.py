"""How a view answers: a page, a part of it, or done; and what stands guard around every answer."""

import logging
import re
import secrets
from collections.abc import Callable
from hashlib import sha256
from ipaddress import IPv6Network
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.core.cache import cache, caches
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.urls import Resolver404, resolve
from django.utils.cache import get_conditional_response
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from . import i18n
from .errors import NotAllowed, Refusal, TooMany, TooMuch, WrongWay

Answer = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger(__name__)

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
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, part: str = "", status: int = 0
) -> HttpResponse:
    """The page, or for htmx only its named part. What was done leads elsewhere (`done`): a page that answers a POST is
    the form refused, 422, unless its status is told."""
    swaps = bool(part) and bool(getattr(request, "htmx", False)) and not request.htmx.boosted  # type: ignore[attr-defined]
    status = status or (422 if request.method == "POST" else 200)
    answer = render(request, f"{template}#{part}" if swaps else template, context, status=status)
    if part:
        answer["Vary"] = "HX-Request, Accept-Language, Cookie"
    return answer


def posted(request: HttpRequest) -> dict[str, Any]:
    """What was sent, for a form: `Form(**posted(request))` is bound by a POST, even an empty one."""
    return {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}


def done(request: HttpRequest, to: str, message: str = "") -> HttpResponse:
    """The work is done: say so, and go on to the address given (303, so that reloading repeats nothing)."""
    if message:
        messages.success(request, message)
    if getattr(request, "htmx", False):
        return HttpResponse(status=204, headers={"HX-Redirect": to})
    answer = HttpResponseRedirect(to)
    answer.status_code = 303
    return answer


def number_before(request: HttpRequest, name: str = "before") -> int | None:
    """Where a page of a keyset list begins: the last number of the page before."""
    before = request.GET.get(name, "")
    return int(before) if before.isdecimal() and len(before) < 19 else None


def next_page(request: HttpRequest, before: int | None, name: str = "before") -> str:
    """The address of the next page of the same list; empty after the last."""
    if before is None:
        return ""
    asked = request.GET.copy()
    asked[name] = str(before)
    return f"?{asked.urlencode()}"


def address_of(request: HttpRequest) -> str:
    """The network address a request comes from; behind a proxy (https), the last one it was forwarded for.

    Of IPv6, where a single line has as many as it likes, the part that names the line.
    """
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.IS_HTTPS else ""
    address: str = forwarded.split(",")[-1].strip() or request.META.get("REMOTE_ADDR", "")
    try:
        line = IPv6Network((address.partition("%")[0], 64), strict=False)
    except ValueError:
        return address
    mapped = line.network_address.exploded.startswith("0000:0000:0000:0000")  # IPv4 written as IPv6
    return address if mapped else str(line.network_address)


def limit(request: HttpRequest, what: str, *, times: int, per: int, to: str = "") -> None:
    """Refuse with TooMany beyond so many `times` in `per` seconds from one network address; or, whoever asks, to one
    mailbox: nobody's is flooded from many places."""
    whose = sha256(to.strip().lower().encode()).hexdigest() if to else address_of(request)
    if counted(f"limit:{slugify(what)}:{whose}", per) > times:
        raise TooMany()


def counted(key: str, per: int) -> int:
    """One more under this key, and how many that makes in `per` seconds since the first."""
    cache.add(key, 0, per)
    try:
        return cache.incr(key)
    except ValueError:  # its time ran out, or the memory was needed, between the two
        cache.set(key, 1, per)
        return 1


Found = TypeVar("Found")


def looked_up(
    request: HttpRequest, what: str, find: Callable[[], Found | None], *, misses: int, per: int
) -> Found | None:
    """What `find()` gives; refused with TooMany after so many misses in `per` seconds from one network address.

    Only misses count: a whole hall behind one address opens its own codes, and nobody tries out those of others.
    """
    key = f"misses:{slugify(what)}:{address_of(request)}"
    if cache.get(key, 0) >= misses:
        raise TooMany()
    found = find()
    if found is None:
        counted(key, per)
    return found


KEPT_SECONDS = 60  # what depends on the hour, such as an open phase, is never further behind than this


def keep(request: HttpRequest, *, under: Callable[[], int], make: Callable[[], HttpResponse]) -> HttpResponse:
    """What `make()` answers, kept for readers who are not signed in as long as `under()` stays the same number.

    Only a GET without cookies of its own (a session, a device) is served from what is kept; only a plain page that
    carries no form token, message or cookie is kept. Answers 304 to a reader who has the same page already.
    """
    own_cookies = set(request.COOKIES) - {settings.LANGUAGE_COOKIE_NAME, settings.CSRF_COOKIE_NAME}
    if request.method != "GET" or own_cookies:
        return make()
    swaps = f"{request.headers.get('HX-Request')} {request.headers.get('HX-Boosted')}"
    asked = f"{request.build_absolute_uri()} {get_language()} {swaps}"
    key = f"kept:{sha256(asked.encode()).hexdigest()}:{under()}"
    found = caches["pages"].get(key)
    if not found:
        answer = make()
        has_token = request.META.get("CSRF_COOKIE_NEEDS_UPDATE", False)
        if answer.status_code != 200 or answer.streaming or answer.cookies or has_token or request.session.modified:
            return answer
        found = (answer.content, {**answer.headers, "ETag": f'"{sha256(answer.content).hexdigest()[:32]}"'})
        caches["pages"].set(key, found, KEPT_SECONDS)
    content, headers = found
    answer = HttpResponse(content, headers={"Cache-Control": "private, no-cache", **headers})
    return get_conditional_response(request, etag=headers["ETag"], response=answer) or answer


def is_local(address: str) -> bool:
    """Whether an address leads to this house (a path, no host): safe to go back to."""
    return address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)


DEVICE = "device"  # the cookie by which a reader without an account supports an idea, or judges a project, once
GIVEN = re.compile(r"[0-9A-Za-z]{1,64}")
YEARS_2 = 2 * 365 * 24 * 3600


def device_of(request: HttpRequest) -> str:
    """The number by which a reader without an account is known again; empty where nothing has been given yet."""
    said = request.COOKIES.get(DEVICE, "")
    return said if GIVEN.fullmatch(said) else ""  # a cookie may be made to carry signs that cannot be kept


def known_again(request: HttpRequest, answer: HttpResponse, device: str) -> HttpResponse:
    """The answer, with the number by which the reader will be known again."""
    answer.set_cookie(DEVICE, device, max_age=YEARS_2, httponly=True, samesite="Lax", secure=request.is_secure())
    return answer


def broken(request: HttpRequest, status: int = 500) -> HttpResponse:
    """The page of a fault of ours: it asks nothing of the database, tells the number under which the log has it, and
    gives back what was typed."""
    return HttpResponse(get_template("500.html").render({"request": request, "typed": typed(request)}), status=status)


def typed(request: HttpRequest) -> list[str]:
    """The words that came with a form that is refused whole, so that the page that says no gives them back."""
    if request.method != "POST":
        return []
    given = [value for _name, values in request.POST.lists() for value in values]
    return [value for value in given if " " in value.strip()][:20]


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The page that says no, with what was typed; a program gets the sentence alone."""
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": str(refusal.sentence)}, status=refusal.status)
    said = {"refusal": refusal, "typed": typed(request), "back": page_of(request)}
    return render(request, "refusal.html", said, status=refusal.status)


def page_of(request: HttpRequest) -> str:
    """The page one is on: the one asked for, or the one that sent a form or asked for a part of itself."""
    came = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer", ""))
    path = came._replace(scheme="", netloc="").geturl()
    is_sent = request.method == "POST" or getattr(request, "htmx", False)
    return path if is_sent and came.netloc == request.get_host() and is_local(path) else request.get_full_path()


def page_above(address: str) -> str:
    """The nearest page on whose address this one is built: where a form stands, its own address being none. Reloading
    what a form was refused with, or reading it in another language, leads there. Empty where only the first page is."""
    parts = address.strip("/").split("/")[:-1]
    while len(parts) > 1:
        above = f"/{'/'.join(parts)}/"
        try:
            resolve(above)
            return above
        except Resolver404:
            parts.pop()
    return ""


def to_sign_in(request: HttpRequest, door: str) -> HttpResponse:
    """For whoever is no longer signed in: the door leads back to the page they were on, and words that came with a form
    are given back beside it."""
    to = f"{door}?{urlencode({'next': page_of(request)})}"
    if getattr(request, "htmx", False):
        return HttpResponse(status=204, headers={"HX-Redirect": to})
    if typed(request):
        return refused(request, NotAllowed(_("You are no longer signed in. Sign in, then send this again.")))
    return HttpResponseRedirect(to)


def too_many(request: HttpRequest) -> HttpResponse:
    """The same for what the doors of signing in refuse."""
    return refused(request, TooMany())


def stale(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form whose token does not fit: it was open too long, or sent from elsewhere."""
    return render(request, "403_csrf.html", {"typed": typed(request)}, status=403)


class Numbered(logging.Filter):
    """Gives a line of the log the number of the request it is about."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.number = getattr(getattr(record, "request", None), "number", "-")
        return True


LINE = "%(asctime)s %(levelname)s %(name)s [%(number)s] %(message)s"
# Signed links, receipts and codes in addresses, which open what is somebody's own; and mail addresses.
OPENING = r"(?<=/)(?:[\w.-]+:[\w-]+:[\w-]{20,}|[2-9A-Z]{3}-?[2-9A-Z]{3}-?[2-9A-Z]{2})(?=[/\s]|$)"
NOT_LOGGED = re.compile(rf"{OPENING}|(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")  # each word is looked at once


class Discreet(logging.Formatter):
    """A line of the log, traceback and all, without the addresses of people and without what opens their pages."""

    def __init__(self, line: str = LINE) -> None:
        super().__init__(line)

    def format(self, record: logging.LogRecord) -> str:
        return NOT_LOGGED.sub("…", super().format(record))


class Guard:
    """Headers on every answer: nothing comes from another host, is framed, guessed, or kept for somebody else."""

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
        response.headers.setdefault("Cache-Control", "private, no-cache")  # nobody in between keeps what is one's own
        return response


class Tongues:
    """Marks on a page in a language that borrows most of its words the few that are its own."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.answer(request)
        is_page = response.get("Content-Type", "").startswith("text/html") and not response.streaming
        if get_language() in i18n.LENT and is_page:
            response.content = i18n.with_tongues(response.content.decode()).encode()
        return response


def beyond(request: HttpRequest) -> TooMuch | None:
    """Whether more comes than is read: of files, or of words alone."""
    size = int(request.META.get("CONTENT_LENGTH") or 0)
    if request.content_type == "application/x-www-form-urlencoded" and size > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        return TooMuch(_("This is too long to be read. Go back, shorten it, and send it again."))
    return TooMuch() if size > settings.FILE_UPLOAD_MAX_MEMORY_SIZE else None


class Refusals:
    """Turns a refusal raised anywhere into a page with its sentence and status."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        too_much = beyond(request)
        if too_much:  # refused before it is read
            return render(request, "refusal.html", {"refusal": too_much}, status=too_much.status)
        if "%00" in request.META["QUERY_STRING"] or "\0" in request.path:
            return refused(request, Refusal())  # PostgreSQL takes no such character
        answer = self.answer(request)
        if isinstance(answer, HttpResponseNotAllowed) and not answer.content and request.method != "HEAD":
            above = page_above(request.path) if request.method == "GET" else ""
            if above:
                return HttpResponseRedirect(above)
            said = refused(request, WrongWay())
            said["Allow"] = answer["Allow"]
            return said
        return answer

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        if isinstance(fault, OperationalError):  # the database is away, or has no room left: it passes
            log.error("The database: %s", fault, extra={"request": request})
            return broken(request, status=503)
        return refused(request, fault) if isinstance(fault, Refusal) else None
