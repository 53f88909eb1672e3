from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from infitah.ground.accounts.models import Person
from infitah.ground.accounts.queries import signed_in
from infitah.ground.accounts.rules import can_manage_people
from infitah.ground.territories.models import Territory
from infitah.lib.dates import day
from infitah.lib.errors import NotPossible, Overtaken, require
from infitah.lib.forms import refused
from infitah.lib.http import done, limit, page, posted
from infitah.lib.i18n import Localized
from infitah.lib.states import mark

from . import actions, queries, rules
from .forms import Admission, Enrolment, Signing, Succession, Turn, Wording
from .models import Charter, Cohort, HandOver, Member

Move = Callable[..., Member]


def member_of(slug: str) -> Member:
    return get_object_or_404(Member.objects.select_related("place__parent", "cohort"), place__slug=slug)


@require_GET
def charter(request: HttpRequest, version: int | None = None) -> HttpResponse:
    """The version in force, or another one by its number: what it says, and who signed it."""
    shown = get_object_or_404(Charter.objects.published(), version=version) if version else queries.current_charter()
    if shown is None:
        raise NotPossible(_("The charter has not been published yet."))
    after = request.GET.get("after", "")
    signed, more = queries.signatures(shown, after=int(after) if after.isdecimal() and len(after) < 19 else 0)
    context = {"charter": shown, "signed": signed, "next_url": f"?after={more}" if more else ""}
    context |= {
        "total": shown.adhesions.values("member").distinct().count(),
        "commitments": [Localized(words) for words in shown.commitments],
    }
    context |= versions(shown) | {"can_word": rules.can_word_charter(signed_in(request))}
    return page(request, "membership/charter.html", context, part="signed")


def versions(shown: Charter) -> dict[str, Any]:
    """The versions beside the one shown, and how many members have yet to sign the latest."""
    published = list(Charter.objects.published().order_by("-version"))
    current, latest = queries.current_charter(), published[0]
    others = [each for each in published if each != shown]
    found = {"others": others, "is_current": shown == current, "is_to_come": shown.in_force_on > timezone.localdate()}
    waiting = queries.awaited_count(latest) if latest == shown and latest.version > 1 else 0
    return found | {"waiting": waiting, "current": current, "latest": latest}


@require_GET
def awaited(request: HttpRequest) -> HttpResponse:
    """The members who signed an earlier version of the charter only."""
    latest = queries.latest_charter()
    if latest is None:
        raise NotPossible(_("The charter has not been published yet."))
    members, more = queries.awaited(latest, after=request.GET.get("after", "")[:16])
    context = {"charter": latest, "members": members, "next_url": f"?after={more}" if more else ""}
    return page(request, "membership/awaited.html", context | {"total": queries.awaited_count(latest)}, part="found")


@login_required
def draft(request: HttpRequest) -> HttpResponse:
    """Word the next version of the charter; it is seen by the national team only until it is published."""
    by = signed_in(request)
    require(rules.can_word_charter(by))
    form = Wording(Charter.objects.order_by("-version").first(), **posted(request))
    status = 0
    if form.is_valid():
        try:
            kept = actions.draft_charter(by=by, **form.cleaned_data)
            said = _("The draft of version %(version)s is kept.") % {"version": kept.version}
            return done(request, reverse("membership:draft"), said)
        except Overtaken as refusal:
            status = refused(form, refusal)
    drafted = Charter.objects.filter(published_at=None).first()
    context = {"form": form, "charter": drafted, "is_whole": drafted and queries.is_whole(drafted)}
    context["seen"] = mark(drafted, *Charter.WORDS) if drafted else ""
    return page(request, "membership/draft.html", context, status=status)


@login_required
@require_POST
def publish(request: HttpRequest) -> HttpResponse:
    """From now on the drafted version stands, and the members are asked to adhere again."""
    by = signed_in(request)
    require(rules.can_word_charter(by))
    drafted = Charter.objects.filter(published_at=None).first()
    require(drafted is not None, NotPossible(_("No version of the charter is being drafted.")))
    published = actions.publish_charter(drafted, by=by, seen=request.POST.get("seen", ""))
    return done(request, reverse("membership:version", args=[published.version]), _("The charter is published."))


@require_GET
def member(request: HttpRequest, slug: str) -> HttpResponse:
    """What is recorded of a membership, from the admission on."""
    shown, by = member_of(slug), signed_in(request)
    asked = queries.charter_awaited(shown.place)
    adhesions = list(shown.adhesions.select_related("charter").order_by("-signed_on", "-pk"))
    context = {"member": shown, "place": shown.place, "adhesions": adhesions, "asked": asked}
    context["changes"] = list(shown.changes.select_related("cohort").order_by("-changed_on", "-pk"))
    context["can_adhere"] = asked is not None and rules.can_adhere(by, shown)
    context["can_read_hand_over"] = rules.can_read_hand_over(by, shown.place)
    context["can_manage_people"] = can_manage_people(by, shown.place)
    can_move = rules.can_move(by, shown)
    context["moves"] = queries.moves(shown) if can_move else {}
    context["can_return"] = can_move and shown.status == Member.Status.LEFT
    return page(request, "membership/member.html", context)


@login_required
def admit(request: HttpRequest) -> HttpResponse:
    by = signed_in(request)
    require(rules.can_admit(by))
    form = Admission(initial=returning(request.GET.get("place", "")), **posted(request))
    if form.is_valid():
        admitted = actions.admit(by=by, **form.cleaned_data)
        said = _("Admitted. Now record who signed the charter.")
        return done(request, reverse("membership:adhere", args=[admitted.place.slug]), said)
    return page(request, "membership/admit.html", {"form": form})


@login_required
def adhere(request: HttpRequest, slug: str) -> HttpResponse:
    shown, by, charter = member_of(slug), signed_in(request), queries.latest_charter()
    require(rules.can_adhere(by, shown))
    require(charter is not None, NotPossible(_("The charter has not been published yet.")))
    form = Signing(**posted(request))
    if form.is_valid():
        actions.adhere(shown, charter=charter, by=by, **form.cleaned_data)
        return done(request, reverse("membership:member", args=[slug]), _("The signing of the charter is recorded."))
    context = {"form": form, "member": shown, "place": shown.place, "charter": charter}
    return page(request, "membership/adhere.html", context)


@login_required
def rest(request: HttpRequest, slug: str) -> HttpResponse:
    return turned(request, slug, "rest", actions.rest)


@login_required
def wake(request: HttpRequest, slug: str) -> HttpResponse:
    return turned(request, slug, "wake", actions.wake)


@login_required
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    return turned(request, slug, "leave", actions.leave)


def turned(request: HttpRequest, slug: str, verb: str, action: Move) -> HttpResponse:
    """The doors above: the member becomes what the action makes of it, with a day and a reason."""
    shown, by = member_of(slug), signed_in(request)
    require(rules.can_move(by, shown))
    said = queries.moves(shown).get(verb)
    require(said is not None, NotPossible(_("This cannot be said of this member today.")))
    form = Turn(member=shown, **posted(request))
    if form.is_valid():
        action(shown, by=by, **form.cleaned_data)
        return done(request, reverse("membership:member", args=[slug]), _("Saved."))
    context = {"form": form, "title": said, "place": shown.place}
    return page(request, "membership/turn.html", context)


def returning(slug: str) -> dict[str, Any]:
    """What the form of admission knows already of a place that comes back."""
    place = Territory.objects.filter(slug=slug, is_collectivity=True).first()
    return {"kind": queries.type_of(place), "name": slug} if place else {}


@require_GET
def cohorts(request: HttpRequest) -> HttpResponse:
    """The cohorts of the network, and how many members each counts today."""
    can_plan = rules.can_plan_cohort(signed_in(request))
    return page(request, "membership/cohorts.html", {"cohorts": queries.cohorts(), "can_plan": can_plan})


@login_required
def plan(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """Open a cohort, or change what is said of one."""
    by = signed_in(request)
    require(rules.can_plan_cohort(by))
    cohort = get_object_or_404(Cohort, number=number) if number else None
    fields = ("number", "label", "enrolled_on", "source")
    initial = {name: getattr(cohort, name) for name in fields} if cohort else {}
    form = Enrolment(cohort=cohort, initial=initial, **posted(request))
    if form.is_valid():
        actions.plan_cohort(by=by, cohort=cohort, **form.cleaned_data)
        return done(request, reverse("membership:cohorts"), _("Saved."))
    return page(request, "membership/plan.html", {"form": form, "cohort": cohort})


@login_required
def hand_over(request: HttpRequest, slug: str) -> HttpResponse:
    """Name who takes over the role of focal point or deputy, and from which day."""
    place, by = get_object_or_404(Territory, slug=slug), signed_in(request)
    sent = next((one for one in place.hand_overs.filter(by=by) if str(one.key) == request.POST.get("key")), None)
    if sent:  # the same form twice, when the role may be theirs no longer
        return named(request, sent)
    require(rules.can_name_successor(by, place))
    form = Succession(roles=queries.roles_to_hand_over(by, place), **posted(request))
    if form.is_valid():
        limit(request, "hand-overs", times=10, per=3600)  # each writes to an address
        return named(request, actions.hand_over(place, by=by, **form.cleaned_data))
    context = {"form": form, "place": place}
    return page(request, "membership/hand_over.html", context)


def named(request: HttpRequest, made: HandOver) -> HttpResponse:
    """Said to whoever named a successor, on a page that they may still read."""
    said = _("The role passes on %(day)s. Both are told.") % {"day": day(made.handed_on)}
    is_reader = rules.can_read_hand_over(Person.objects.get(pk=request.user.pk), made.place)
    return done(request, reverse("handover:handover" if is_reader else "spaces:space", args=[made.place.slug]), said)


@login_required
@require_POST
def acknowledge(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Whoever takes over has read everything."""
    named = get_object_or_404(HandOver, pk=number, place__slug=slug)
    actions.acknowledge(named, by=signed_in(request))
    return done(request, reverse("handover:handover", args=[slug]), _("It is written down that you have read it."))
