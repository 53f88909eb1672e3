from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from infitah.ground.accounts.queries import signed_in
from infitah.ground.ledger.queries import kept
from infitah.lib import files
from infitah.lib.errors import NotPossible, Overtaken, require
from infitah.lib.forms import refused, see_again
from infitah.lib.http import done, limit, next_page, number_before, page, posted

from . import actions, jobs, queries, rules
from .forms import Beginning, Filling, Opinion, Ruling, Writing
from .models import Application, Call


def around(*steps: tuple[Any, str], **more: Any) -> dict[str, Any]:
    """What each page of the room knows: the way back from it."""
    return {"crumbs": [(_("Calls for members"), reverse("calls:calls")), *steps], **more}


def here(call: Call) -> tuple[Any, str]:
    """The step back to a call."""
    return call.title, reverse("calls:call", args=[call.number])


def call_of(request: HttpRequest, number: int) -> Call:
    """A call that is published; for the national team, also one that is not yet."""
    found = get_object_or_404(queries.counted(Call.objects.select_related("cohort")), number=number)
    if found.status == Call.Status.DRAFT and not rules.can_publish(signed_in(request)):
        raise Http404
    return found


# -- the calls ---------------------------------------------------------------------------------


@require_GET
def calls(request: HttpRequest) -> HttpResponse:
    return kept(request, make=lambda: show_calls(request))


def show_calls(request: HttpRequest) -> HttpResponse:
    """Open, coming and past calls, with what came of them."""
    by = signed_in(request)
    can_publish = rules.can_publish(by)
    found = queries.listed(is_national=can_publish, before=number_before(request))
    context = {"found": found, "next_url": next_page(request, found.before), "can_publish": can_publish}
    context["can_review"] = rules.can_review(by)
    return page(request, "calls/calls.html", context, part="found")


@require_GET
def call(request: HttpRequest, number: int) -> HttpResponse:
    return kept(request, make=lambda: show_call(request, number))


def show_call(request: HttpRequest, number: int) -> HttpResponse:
    """One call: who may apply, until when, with what; and who joined."""
    found, by = call_of(request, number), signed_in(request)
    context = around(call=found, asked=queries.asked(found), left=queries.left(found))
    context["steps"] = queries.story(found)
    context |= {"whom": queries.for_whom(found), "is_open": rules.can_apply(found)}
    context |= {"joined": queries.joined(found), "can_publish": rules.can_publish(by)}
    context["can_review"] = rules.can_review(by)
    return page(request, "calls/call.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    by = signed_in(request)
    require(rules.can_publish(by))
    form = Writing(**posted(request))
    if form.is_valid():
        drafted = actions.draft(by=by, **form.arguments())
        said = _("The draft is kept. Read it as others will, then publish it.")
        return done(request, reverse("calls:call", args=[drafted.number]), said)
    return page(request, "calls/write.html", around(form=form))


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, number: int) -> HttpResponse:
    by = signed_in(request)
    require(rules.can_publish(by))
    found = call_of(request, number)
    require(found.standing != "past", NotPossible(_("This call is over. It stays as it was: write a new one.")))
    form = Writing(found, **posted(request))
    status = 0
    if form.is_valid():
        try:
            actions.change(found, by=by, **form.arguments())
            return done(request, reverse("calls:call", args=[number]), _("Saved."))
        except NotPossible as refusal:
            status = refused(form, refusal)
    context = around(here(found), form=form, call=found)
    return page(request, "calls/write.html", context, status=status)


@login_required
@require_POST
def publish(request: HttpRequest, number: int) -> HttpResponse:
    actions.publish(get_object_or_404(Call, number=number), by=signed_in(request))
    return done(request, reverse("calls:call", args=[number]), _("The call is published."))


# -- the applicant -----------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def apply(request: HttpRequest, number: int) -> HttpResponse:
    found = call_of(request, number)
    form = Beginning(**posted(request))
    if form.is_valid():
        return begin(request, found, form)
    context = around(here(found), call=found, form=form, asked=queries.asked(found), left=queries.left(found))
    return page(request, "calls/apply.html", context)


def begin(request: HttpRequest, call: Call, form: Beginning) -> HttpResponse:
    """The door of `actions.begin`; its answer does not tell whose addresses are known."""
    limit(request, "applications", times=10, per=3600)
    begun = actions.begin(call, **form.arguments())
    if begun:
        jobs.mail_link.defer(application=begun.pk)
    found_again = _("If you had begun to apply with this address, we have mailed you the link.")
    require(rules.can_apply(call), NotPossible(f"{queries.closed(call)} {found_again}"))
    if settings.IS_DEMO and begun:
        said = _("In a demonstration no mail goes out: here is what the mailed link opens.")
        return done(request, queries.link(begun), said)
    said = _("We have mailed a link to this address. It works for 30 days; ask for another whenever you like.")
    return done(request, reverse("calls:call", args=[call.number]), said)


def borne(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view of an application, for the bearer of its link; with a link that has expired, the way to another."""

    @never_cache
    @wraps(view)
    def opened(request: HttpRequest, number: int, token: str, **more: Any) -> HttpResponse:
        try:
            found = queries.borne(token, number)
        except BadSignature:
            raise Http404 from None
        if found:
            return view(request, found, token, **more)
        messages.warning(request, _("This link has expired. Ask for another with your address: your draft is kept."))
        return done(request, reverse("calls:apply", args=[number]))

    return opened


@require_http_methods(["GET", "POST"])
@borne
def application(request: HttpRequest, found: Application, token: str) -> HttpResponse:
    if request.method == "GET":
        return show_application(request, found, token, Filling(found) if found.is_writable else None)
    if found.sent_key and request.POST.get("key") == str(found.sent_key):
        return done(request, request.path, _("Your application has been received."))
    limit(request, "application", times=120, per=3600)
    form = Filling(found, request.POST, request.FILES)
    form.is_valid()
    try:
        found = actions.keep(found, **form.sound())
    except Overtaken as overtaken:
        return show_application(request, found, token, form, status=refused(form, overtaken))
    see_again(form, queries.mark(found))
    if "send" in request.POST and not form.errors:
        return send(request, found, token, form)
    if form.errors:
        return show_application(request, found, token, form)
    return done(request, request.path, _("Saved. Come back by the same link and go on whenever you like."))


def send(request: HttpRequest, found: Application, token: str, form: Filling) -> HttpResponse:
    """The door of `actions.submit`; whatever is said against it, what was written is kept."""
    for field, sentence in queries.missing(found).items():
        form.add_error(field if field in form.fields else None, sentence)
    if form.errors:
        return show_application(request, found, token, form)
    try:
        actions.submit(found, key=form.cleaned_data["key"])
    except NotPossible as refusal:
        return show_application(request, found, token, form, status=refused(form, refusal))
    return done(request, request.path, _("Your application has been received."))


def show_application(
    request: HttpRequest, found: Application, token: str, form: Filling | None, *, status: int = 0
) -> HttpResponse:
    """The applicant's own page: the form while it can be written, the papers, each step with its day."""
    context = around(here(found.call), application=found, call=found.call, token=token, form=form)
    context |= {"papers": queries.papers(found), "steps": queries.history(found, is_applicant=True)}
    missing = list(dict.fromkeys(queries.missing(found).values())) if form else []
    context |= {"missing": missing, "can_withdraw": rules.can_withdraw(found)}
    context["asked_for"] = found.verdicts.last() if found.status == Application.Status.RETURNED else None
    context["is_late"] = found.sent_at is None and not rules.can_apply(found.call)
    context["closed"] = queries.closed(found.call) if context["is_late"] else ""
    return page(request, "calls/application.html", context, status=status)


@require_POST
@borne
def withdraw(request: HttpRequest, found: Application, token: str) -> HttpResponse:
    actions.withdraw(found)
    back = reverse("calls:application", args=[found.call.number, token])
    return done(request, back, _("Your application is withdrawn."))


@require_POST
@borne
def erase(request: HttpRequest, found: Application, token: str) -> HttpResponse:
    back = reverse("calls:call", args=[found.call.number])
    actions.erase(found)
    return done(request, back, _("The names and addresses are erased."))


@require_GET
@borne
def copy(request: HttpRequest, found: Application, token: str) -> HttpResponse:
    answer = JsonResponse(queries.kept_of(found), json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = 'attachment; filename="infitah-application.json"'
    return answer


@require_GET
@borne
def own_paper(request: HttpRequest, found: Application, token: str, paper: int) -> HttpResponse:
    return files.sent(get_object_or_404(found.papers, pk=paper).file.name)


# -- the reviewers -----------------------------------------------------------------------------


@login_required
@require_GET
def applications(request: HttpRequest, number: int) -> HttpResponse:
    by = signed_in(request)
    require(rules.can_review(by))
    found, status = call_of(request, number), request.GET.get("status", "")
    listed = queries.review_page(found, by, status=status, before=number_before(request))
    context = around(here(found), call=found, found=listed, next_url=next_page(request, listed.before), status=status)
    context |= {"counts": queries.by_status(found, by), "left": queries.left(found)}
    return page(request, "calls/applications.html", context, part="found")


def read_by(request: HttpRequest, number: int, pk: int) -> Application:
    """An application, for someone who reviews it."""
    found = get_object_or_404(queries.whole(Application.objects.received()), call__number=number, pk=pk)
    require(rules.can_read(signed_in(request), found))
    return found


@login_required
@require_GET
def review(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    found = read_by(request, number, pk)
    return show_review(request, found, Opinion(initial={"turn": found.turn}), Ruling(initial={"turn": found.turn}))


def show_review(
    request: HttpRequest, found: Application, opinion: Opinion, ruling: Ruling, *, status: int = 0
) -> HttpResponse:
    """All of an application, and what this reviewer may do with it."""
    by = signed_in(request)
    back = (_("Applications"), reverse("calls:applications", args=[found.call.number]))
    context = around(here(found.call), back, application=found, call=found.call, left=queries.left(found.call))
    context |= {"papers": queries.papers(found), "steps": queries.history(found, is_applicant=True)}
    context["earlier"] = found.papers.exclude(replaced_at=None)
    of = rules.advises_for(by, found)
    given = found.advices.filter(of=of, turn=found.turn).exists()
    context |= {"of": of, "opinion": opinion if rules.can_advise(by, found) and not given else None}
    context["ruling"] = ruling if rules.can_answer(by, found) else None
    return page(request, "calls/review.html", context, status=status)


@login_required
@require_POST
def advise(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    found, by = read_by(request, number, pk), signed_in(request)
    require(rules.advises_for(by, found) is not None)
    form = Opinion(request.POST)
    if not form.is_valid():
        return show_review(request, found, form, Ruling(initial={"turn": found.turn}))
    actions.advise(found, by=by, **form.cleaned_data)
    return done(request, reverse("calls:review", args=[number, pk]), _("The opinion is recorded."))


@login_required
@require_POST
def answer(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    found, by = read_by(request, number, pk), signed_in(request)
    require(rules.can_publish(by))
    form = Ruling(request.POST)
    if not form.is_valid():
        return show_review(request, found, Opinion(initial={"turn": found.turn}), form)
    actions.answer(found, by=by, **form.cleaned_data)
    return done(request, reverse("calls:applications", args=[number]), _("The answer is recorded, and told."))


@login_required
@require_GET
def paper(request: HttpRequest, number: int, pk: int, paper: int) -> HttpResponse:
    found = read_by(request, number, pk)
    return files.sent(get_object_or_404(found.papers, pk=paper).file.name)
