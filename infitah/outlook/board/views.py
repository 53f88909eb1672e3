from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from infitah.ground.accounts.models import Person
from infitah.journey.programmes.models import Phase
from infitah.lib import tables
from infitah.lib.errors import require
from infitah.lib.http import done, limit, next_page, number_before, page, posted
from infitah.network.membership.models import Member
from infitah.outlook.notifications import actions as notifications
from infitah.outlook.notifications.queries import announcements as sent_so_far
from infitah.outlook.notifications.queries import told_by
from infitah.outlook.notifications.rules import can_announce

from . import actions, jobs, queries, rules
from .catalog import ATTENTION, FILTERS
from .forms import Filter, Letter, Noted

NOT_CARRIED = {"csrfmiddlewaretoken", "people", "again"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def seen_by(request: HttpRequest) -> Person:
    """Who looks at the board, if they may."""
    person = request.user
    assert isinstance(person, Person)
    require(rules.can_see(person))
    return person


def tabs(person: Person, here: str) -> list[dict[str, Any]]:
    """The pages of the board that the person may open."""
    named = {"board": _("Members and steps"), "cohorts": _("Cohorts side by side")}
    if person.is_national:
        named |= {"silent": _("Whom to call"), "announcements": _("Announcements")}
    return [{"text": said, "url": reverse(f"board:{name}"), "is_current": name == here} for name, said in named.items()]


@login_required
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Members × steps, narrowed as one likes."""
    person, form = seen_by(request), Filter(request.GET)
    found = queries.board(person, form.chosen(), after=request.GET.get("after", "")[:16])
    asked = request.GET.copy()
    asked.pop("after", None)
    context: dict[str, Any] = {"form": form, "found": found, "asked": asked.urlencode()}
    context |= {"is_national": person.is_national, "tabs": tabs(person, "board"), "kinds": Phase.Kind.labels}
    if not request.htmx:
        numbers = queries.figures(person)
        context["figures"] = [(name, numbers[name], said) for name, said in ATTENTION.items()]
    asked["after"] = found.after
    context["next_url"] = f"?{asked.urlencode()}" if found.after else ""
    return page(request, "board/board.html", context, part="found")


@login_required
@require_safe
def export(request: HttpRequest, form: str) -> HttpResponse:
    """The board as a spreadsheet, with the same filters."""
    person = seen_by(request)
    limit(request, "board", times=60, per=3600)
    rows = queries.table(person, Filter(request.GET).chosen())
    if form == "xlsx":
        answer = HttpResponse(tables.sheet(rows), content_type=XLSX)
    elif form == "csv":
        answer = HttpResponse(tables.written(rows), content_type="text/csv; charset=utf-8")
    else:
        raise Http404
    answer["Content-Disposition"] = f'attachment; filename="board.{form}"'
    return answer


@login_required
@require_safe
def cohorts(request: HttpRequest) -> HttpResponse:
    """The cohorts side by side."""
    person = seen_by(request)
    names, lines = queries.side_by_side(person)
    context = {"names": names, "lines": lines, "tabs": tabs(person, "cohorts")}
    return page(request, "board/cohorts.html", context)


# -- whom to call ------------------------------------------------------------------------------------


@login_required
@require_safe
def silent(request: HttpRequest) -> HttpResponse:
    """The ten most silent, and the calls noted so far."""
    person = seen_by(request)
    require(rules.can_call(person))
    return page(request, "board/silent.html", calling(request, person), part="called")


def calling(request: HttpRequest, person: Person) -> dict[str, Any]:
    """What the page of calls shows."""
    calls, before = queries.called(number_before(request))
    to_call = [(each, Noted(auto_id=f"{each.member.place.slug}_%s")) for each in queries.to_call(person)]
    context = {"calls": calls, "next_url": next_page(request, before), "to_call": to_call}
    return {**context, "tabs": tabs(person, "silent")}


@login_required
@require_POST
def call(request: HttpRequest, slug: str) -> HttpResponse:
    """Note that a member was called."""
    person = seen_by(request)
    member = get_object_or_404(Member.objects.select_related("place"), place__slug=slug)
    require(rules.can_call(person))
    form = Noted(**posted(request), auto_id=f"{slug}_%s")
    if form.is_valid():
        actions.call(member, by=person, **form.cleaned_data)
        return done(request, reverse("board:silent"), _("The call is noted: your colleagues see it here."))
    context = {**calling(request, person), "refused": form, "refused_member": member}
    return page(request, "board/silent.html", context)


# -- announcements -----------------------------------------------------------------------------------


@login_required
@require_safe
def announcements(request: HttpRequest) -> HttpResponse:
    """What was announced, and how far it has got."""
    person = seen_by(request)
    require(can_announce(person))
    sent, before = sent_so_far(number_before(request))
    known = queries.filter_choices()
    context = {"sent": [(each, queries.described(each.announcement.segment, known)) for each in sent]}
    context |= {"next_url": next_page(request, before), "tabs": tabs(person, "announcements")}
    return page(request, "board/announcements.html", context, part="list")


@login_required
def announce(request: HttpRequest) -> HttpResponse:
    """Write, see to how many it goes, send."""
    person = seen_by(request)
    require(can_announce(person))
    if request.method != "POST":
        asked = {name: request.GET[name] for name in FILTERS if name in request.GET}
        return page(request, "board/announce.html", {"form": Letter(initial=asked)})
    form = Letter(**posted(request))
    if not form.is_valid() or "again" in request.POST:
        return page(request, "board/announce.html", {"form": form}, status=200 if form.is_valid() else 0)
    return confirmed(request, person, form)


def confirmed(request: HttpRequest, person: Person, form: Letter) -> HttpResponse:
    """Send if the number of people is the one that was shown; else show it."""
    given = form.cleaned_data
    people = queries.segment(person, form.chosen(), given["roles"])
    many = people.count()
    if not many or request.POST.get("people") != str(many):
        return to_confirm(request, form, many)
    letter = {name: given[name] for name in ("subject", "text", "key")}
    sent = notifications.announce(**letter, people=people, segment=form.segment(), by=person)
    jobs.queue(told_by(sent))
    said = ngettext("Sent to %(n)s person.", "Sent to %(n)s people, once each.", sent.people) % {"n": sent.people}
    return done(request, reverse("board:announcements"), said)


def to_confirm(request: HttpRequest, form: Letter, many: int) -> HttpResponse:
    """To how many people it goes, and all that was typed; 422 where another number was shown before."""
    has_changed = "people" in request.POST
    carried = [(name, each) for name, values in request.POST.lists() for each in values if name not in NOT_CARRIED]
    context = {"many": many, "carried": carried, "has_changed": has_changed}
    context["letters"] = queries.letters(form.cleaned_data["subject"], form.cleaned_data["text"])
    context["described"] = queries.described(form.segment(), queries.filter_choices())
    return page(request, "board/confirm.html", context, status=0 if has_changed else 200)
