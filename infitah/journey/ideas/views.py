import secrets
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from infitah.ground.accounts.models import Person
from infitah.ground.accounts.queries import signed_in
from infitah.ground.ledger.queries import kept
from infitah.ground.territories.models import Territory
from infitah.journey.programmes.models import Programme
from infitah.journey.programmes.queries import programme_of, programmes_of
from infitah.journey.programmes.rules import can_run, can_work_on
from infitah.lib import proof
from infitah.lib.errors import Overtaken, require
from infitah.lib.forms import refused
from infitah.lib.http import device_of, done, is_local, known_again, limit, next_page, number_before, page, posted
from infitah.lib.tables import Unreadable

from . import actions, queries, rules
from .forms import Answer, Choice, Entry, Filter, Proposed, Sheet, Submission
from .models import Batch, Idea

PROVEN = 60  # ideas an hour from one network address, which a whole quarter may share on its phones
UNPROVEN = 8  # the same, of those that come without an account and without a proof of work


def around(place: Territory, *steps: tuple[str, str]) -> dict[str, Any]:
    """What each page of the room knows: its place, and the way back from it."""
    return {"place": place, "crumbs": [(place.name, reverse("spaces:space", args=[place.slug])), *steps]}


def desk(place: Territory) -> dict[str, Any]:
    """The same for the pages behind the inbox."""
    return around(place, (_("Ideas to answer"), reverse("ideas:inbox", args=[place.slug])))


@require_GET
def ideas(request: HttpRequest, slug: str) -> HttpResponse:
    place = get_object_or_404(Territory, slug=slug)
    return kept(request, places=[place], make=lambda: show_list(request, place))


def show_list(request: HttpRequest, place: Territory) -> HttpResponse:
    """The place's published ideas, latest first."""
    programmes = list(programmes_of(place))
    programme = programmes[0] if programmes else None
    form = Filter(programmes, request.GET)
    found = queries.public_page(place, form.filters(), before=number_before(request))
    context = {**around(place), "programme": programme, "form": form, "found": found}
    context["next_url"] = next_page(request, found.before)
    context["can_submit"] = programme is not None and rules.can_submit(signed_in(request), programme)
    return page(request, "ideas/ideas.html", context, part="found")


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, slug: str) -> HttpResponse:
    programme, by = programme_of(slug), signed_in(request)
    if request.method == "POST":
        return submit(request, programme, by)
    actions.require_open(by, programme)
    first = programme.axes.first() if programme.axes.count() == 1 else None
    form = Submission(programme, initial={"axis": first}, by=by)
    return show_form(request, programme, form)


def show_form(request: HttpRequest, programme: Programme, form: Submission) -> HttpResponse:
    """The three questions."""
    here = around(programme.place, (_("Ideas"), reverse("ideas:list", args=[programme.place.slug])))
    return page(request, "ideas/new.html", {**here, "programme": programme, "form": form})


def submit(request: HttpRequest, programme: Programme, by: Person | None) -> HttpResponse:
    """The door of `actions.submit`: no account needed; without proof of work the idea is looked at first."""
    form = Submission(programme, request.POST, by=by)
    if not form.is_valid():
        actions.require_open(by, programme)
        return show_form(request, programme, form)
    is_proven = by is not None or proof.is_solved(request.POST.get("proof", ""))
    what, times = ("ideas", PROVEN) if is_proven else ("ideas-unproven", UNPROVEN)
    limit(request, what, times=times, per=3600)
    idea = actions.submit(programme, by=by, is_doubtful=not is_proven, **form.cleaned_data)
    return done(request, reverse("custody:receipt", args=[idea.receipt]), _("Thank you. Your idea has been received."))


@require_GET
def similar(request: HttpRequest, slug: str) -> HttpResponse:
    place = get_object_or_404(Territory, slug=slug)
    typed = f"{request.GET.get('problem', '')} {request.GET.get('solution', '')}"[:500]
    return page(request, "ideas/_similar.html", {"place": place, "similar": queries.similar(place, typed)})


@require_POST
def support(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    idea = get_object_or_404(Idea, place__slug=slug, number=number)
    by, device = signed_in(request), device_of(request) or secrets.token_hex(16)
    limit(request, "supports", times=60, per=3600)
    wants = request.POST.get("take_back") != "1"
    (actions.support if wants else actions.unsupport)(idea, by=by, device="" if by else device)
    idea.refresh_from_db(fields=["support_count"])
    if getattr(request, "htmx", False):
        answer = page(request, "ideas/_support.html", {"idea": idea, "is_supported": wants}, status=200)
    else:
        to = request.POST.get("next", "")
        answer = done(request, to if is_local(to) else reverse("custody:idea", args=[slug, number]))
    return answer if by else known_again(request, answer, device)


@login_required
@require_POST
def withdraw(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    idea = get_object_or_404(Idea, place__slug=slug, number=number)
    by, to = signed_in(request), request.POST.get("next", "")
    actions.withdraw(idea, by=by)
    own = _("You have taken your idea back. Its number and its history stay.")
    row = _("Row %(number)s is taken back. Its number and its history stay.") % {"number": number}
    said = own if rules.is_author(by, idea) else row
    return done(request, to if is_local(to) else reverse("custody:idea", args=[slug, number]), said)


@login_required
@require_POST
def ungroup(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    idea = get_object_or_404(Idea.objects.select_related("programme__place"), place__slug=slug, number=number)
    actions.ungroup(idea, by=signed_in(request))
    said = _("The idea stands alone again and waits for an answer of its own.")
    return done(request, reverse("custody:idea", args=[slug, number]), said)


@login_required
@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    idea = get_object_or_404(
        Idea.objects.select_related("programme__place", "axis", "workshop"), place__slug=slug, number=number
    )
    by = signed_in(request)
    actions.require_answerable(by, idea)
    taken = idea.proposals.filter(pk=number_before(request, "proposal")).first()
    form, status = Answer(**posted(request), initial=vars(taken) if taken else None), 0
    if request.method == "POST" and form.is_valid():
        try:
            actions.decide(idea, by=by, **form.cleaned_data)
            return done(request, reverse("custody:idea", args=[slug, number]), _("The answer is published."))
        except Overtaken as overtaken:
            status = refused(form, overtaken)
    context = {**desk(idea.place), "idea": idea, "form": form, "proposed": queries.proposed(idea), "taken": taken}
    return page(request, "ideas/decide.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    idea = get_object_or_404(
        Idea.objects.select_related("programme__place", "axis", "workshop", "lead"), place__slug=slug, number=number
    )
    by, back = signed_in(request), reverse("ideas:waiting", args=[slug])
    actions.require_proposable(by, idea)
    own = idea.proposals.filter(by=by).first()
    form = Proposed(**posted(request), initial=vars(own) if own else None)
    if request.method == "POST" and form.is_valid():
        actions.propose(idea, by=by, **form.cleaned_data)
        return done(request, back, _("Your proposal has reached the focal point, who decides."))
    context = {**around(idea.place, (_("Ideas that wait"), back)), "idea": idea, "form": form, "own": own}
    context["draft"] = "" if own else f"proposal-{idea.pk}"  # what is kept on the device does not cover what was sent
    return page(request, "ideas/propose.html", context)


@login_required
@require_GET
def waiting(request: HttpRequest, slug: str) -> HttpResponse:
    """The ideas to which whoever sits on the committee may propose an answer."""
    programme, by = programme_of(slug), signed_in(request)
    actions.require_seated(by, programme)
    form = Filter([programme], request.GET, states=())
    found = queries.to_propose(programme, by, form.filters(), before=number_before(request))
    context = {**around(programme.place), "programme": programme, "form": form, "found": found}
    context["next_url"] = next_page(request, found.before)
    return page(request, "ideas/waiting.html", context, part="found")


@login_required
@require_http_methods(["GET", "POST"])
def inbox(request: HttpRequest, slug: str) -> HttpResponse:
    programme, by = programme_of(slug), signed_in(request)
    if not can_run(by, programme):
        actions.require_at_work(by, programme)
    if request.method == "POST":
        return (group if "group" in request.POST else answer)(request, programme, by)
    return show_inbox(request, programme, Answer())


def show_inbox(
    request: HttpRequest, programme: Programme, answer: Answer, *, fault: str = "", status: int = 0
) -> HttpResponse:
    """The ideas that wait for an answer, with the form to answer or group those ticked; 422 after a refused one."""
    can_answer = can_run(signed_in(request), programme)
    form = Filter([programme], request.GET, states=Filter.PROPOSED if can_answer else ())
    found = queries.inbox(programme, form.filters(), before=number_before(request))
    context = {**around(programme.place), "programme": programme, "form": form, "found": found, "answer": answer}
    context |= {"next_url": next_page(request, found.before), "ticked": request.POST.getlist("ideas")}
    context |= {"fault": fault, "can_answer": can_answer}
    return page(request, "ideas/inbox.html", context, part="found", status=status)


def without_page(request: HttpRequest) -> str:
    """The same list with the same filters, from its beginning."""
    asked = request.GET.copy()
    asked.pop("before", None)
    return f"{request.path}?{asked.urlencode()}"


def answer(request: HttpRequest, programme: Programme, by: Person | None) -> HttpResponse:
    """The ideas ticked get one answer."""
    require(can_run(by, programme))
    choice, form = Choice(programme, request.POST), Answer(request.POST)
    if not (choice.is_valid() and form.is_valid()):
        return show_inbox(request, programme, form, fault=" ".join(choice.errors.get("ideas", [])))
    try:
        how_many = actions.decide_many(list(choice.cleaned_data["ideas"]), by=by, **form.cleaned_data)
    except Overtaken as overtaken:
        return show_inbox(request, programme, form, status=refused(form, overtaken))
    said = ngettext("%(count)s idea answered.", "%(count)s ideas answered.", how_many) % {"count": how_many}
    return done(request, without_page(request), said)


def group(request: HttpRequest, programme: Programme, by: Person | None) -> HttpResponse:
    """The ideas ticked say the same: the first given leads the others."""
    choice = Choice(programme, request.POST)
    if not choice.is_valid() or len(choice.cleaned_data["ideas"]) < 2:
        return show_inbox(request, programme, Answer(), fault=_("Tick the ideas that say the same: at least two."))
    ideas = sorted(choice.cleaned_data["ideas"], key=lambda idea: idea.pk)
    lead = actions.group(ideas, by=by, lead=ideas[0])
    said = _("Grouped under idea %(number)s. They will get the same answer.") % {"number": lead.number}
    return done(request, without_page(request), said)


@login_required
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, slug: str) -> HttpResponse:
    programme, by = programme_of(slug), signed_in(request)
    actions.require_at_work(by, programme)
    if request.method == "GET":
        sticky = {name: request.GET[name] for name in Entry.STICKY if request.GET.get(name)}
        return show_entry(request, programme, Entry(programme, initial=sticky))
    form = Entry(programme, request.POST)
    if not form.is_valid():
        return show_entry(request, programme, form)
    actions.enter(programme, by=by, **form.cleaned_data)
    if getattr(request, "htmx", False):
        return show_entry(request, programme, Entry(programme, initial=form.sticky()))
    return done(request, f"{request.path}?{urlencode(form.sticky())}")


def show_entry(request: HttpRequest, programme: Programme, form: Entry) -> HttpResponse:
    """The sheet: one row to fill, and below it the rows already kept."""
    context = {**desk(programme.place), "programme": programme, "form": form}
    by, entered = signed_in(request), queries.latest_entered(programme)
    context["entered"] = [(row, rules.can_withdraw(by, row)) for row in entered]
    sticky = {name: form[name].value() for name in Entry.STICKY if form[name].value()}
    context["here"] = f"{request.path}?{urlencode(sticky)}"
    return page(request, "ideas/enter.html", context, part="sheet", status=0 if form.is_bound else 200)


@login_required
@require_GET
def slips(request: HttpRequest, slug: str) -> HttpResponse:
    programme = programme_of(slug)
    require(can_work_on(signed_in(request), programme))
    context = {**desk(programme.place), "entered": queries.slips(programme), "site": settings.SITE_URL}
    return page(request, "ideas/slips.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def bring(request: HttpRequest, slug: str) -> HttpResponse:
    programme, by = programme_of(slug), signed_in(request)
    actions.require_at_work(by, programme)
    form = Sheet(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        sheet = form.cleaned_data["sheet"]
        try:
            batch = actions.bring(programme, by=by, filename=sheet.name, contents=sheet.read())
            return done(request, reverse("ideas:batch", args=[slug, batch.pk]))
        except Unreadable as fault:
            form.add_error("sheet", fault.sentence)
    context = {**desk(programme.place), "form": form, "batches": queries.batches(programme)}
    return page(request, "ideas/import.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def batch(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    batch = get_object_or_404(Batch.objects.select_related("programme__place"), programme__place__slug=slug, pk=number)
    by = signed_in(request)
    actions.require_at_work(by, batch.programme)
    if request.method == "POST":
        how_many = actions.import_batch(batch, by=by)
        said = ngettext("%(count)s idea imported.", "%(count)s ideas imported.", how_many) % {"count": how_many}
        return done(request, request.path, said)
    sheets = (_("Import a spreadsheet"), reverse("ideas:import", args=[slug]))
    context = {**around(batch.programme.place, sheets), "batch": batch}
    if batch.is_waiting:
        found = queries.preview(batch, request.GET.get("show", ""), after=number_before(request, "after") or 0)
        context |= {"found": found, "next_url": next_page(request, found.after, "after")}
    return page(request, "ideas/batch.html", context)


@login_required
@require_POST
def undo(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    batch = get_object_or_404(Batch.objects.select_related("programme__place"), programme__place__slug=slug, pk=number)
    actions.undo(batch, by=signed_in(request))
    return done(request, reverse("ideas:import", args=[slug]), _("The import is undone: its ideas are withdrawn."))
