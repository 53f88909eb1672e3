from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from infitah.ground.accounts.models import Person
from infitah.ground.accounts.queries import signed_in
from infitah.ground.discussion.queries import Comments, comments_of
from infitah.ground.ledger.queries import history
from infitah.ground.moderation.queries import ruling_on
from infitah.ground.territories.models import Territory
from infitah.journey.evaluation import rules as evaluating
from infitah.journey.ideas import rules as acting
from infitah.journey.ideas.models import Idea
from infitah.journey.monitoring.queries import silent_since
from infitah.journey.projects.models import Project
from infitah.lib import text
from infitah.lib.errors import require
from infitah.lib.http import device_of, looked_up, next_page, number_before, page
from infitah.network.pool import queries as pool
from infitah.network.pool import rules as pool_rules
from infitah.outlook.notifications.queries import following
from infitah.outlook.practices import queries as practices
from infitah.outlook.practices import rules as sharing
from infitah.outlook.sentences.queries import in_words

from . import queries, rules
from .forms import ReceiptForm


@require_safe
def idea(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The public page of an idea."""
    by = signed_in(request)
    found = get_object_or_404(queries.ideas_to_read(), place__slug=slug, number=number)
    if not rules.can_read(by, found):
        return withheld(request, found)
    context = {
        "idea": found,
        "place": found.place,
        "steps": queries.trail(found),
        "group": list(queries.group_of(found)[:20]),
        "entry": history(found).first(),
        "ruling": None if found.is_shown else ruling_on(found),
        "may": acting.open_to(by, found),
        "is_supported": queries.is_supported(found, by, device_of(request)),
        "comments": comments_under(found, request),
        "following": following(found, by),
        "shown": text.receipt_shown(found.receipt) if rules.can_see_receipt(by, found) else "",
    }
    return page(request, "custody/idea.html", context)


def comments_under(idea: Idea, request: HttpRequest) -> Comments:
    """The page of the discussion that was asked for."""
    begins = {"before": number_before(request, "comments"), "replies_before": number_before(request, "replies")}
    return comments_of(idea, signed_in(request), **begins)


def withheld(request: HttpRequest, idea: Idea) -> HttpResponse:
    """In place of an idea that is not published: why, and since when. Gone if it was, not found if it may yet be."""
    context = {"idea": idea, "place": idea.place, "ruling": ruling_on(idea), "entry": history(idea).first()}
    is_waiting = idea.visibility == Idea.Visibility.HELD
    return page(request, "custody/withheld.html", context, status=404 if is_waiting else 410)


@require_safe
def project(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The public page of a project."""
    found = get_object_or_404(queries.projects_to_read(), place__slug=slug, number=number)
    place = found.place
    context = {"project": found, "place": place, **queries.project_page(found)}
    by, around = signed_in(request), practices.around(found)
    context |= {"following": following(found, by), "adapted": around.adapted}
    context["practice"] = around.practice if around.practice and sharing.can_read(by, around.practice) else None
    context["can_begin"] = around.practice is None and sharing.can_begin(by, found)
    context["review_url"] = review_url(by, found)
    context["silent_since"] = silent_since(found, timezone.localdate())
    context["crumbs"] = [
        (place.name, reverse("spaces:space", args=[slug])),
        (_("Programme"), reverse("spaces:programme", args=[slug])),
    ]
    return page(request, "custody/project.html", context, status=410 if found.status == Project.Status.DROPPED else 200)


def review_url(by: Person | None, project: Project) -> str:
    """Where the reader may review the project; for everybody else, nowhere."""
    if not evaluating.can_review(by, project):
        return ""
    if project.place.kind == Territory.Kind.COUNTRY:
        return reverse("plan:record_review", args=[project.number])
    return reverse("evaluation:review", args=[project.place.slug, project.number])


@require_safe
def mission(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The page of a coach's mission: everyone sees until when and what was done, those concerned the rest."""
    found = get_object_or_404(pool.missions(), place__slug=slug, pk=number)
    by = signed_in(request)
    sees = pool_rules.can_see(by, found)
    require(sees or found.is_public)
    deeds, more = pool.deeds_page(found, before=number_before(request))
    context = {"mission": found, "place": found.place, "sees": sees, "may": pool_rules.open_to(by, found)}
    context |= {"steps": pool.steps(found), "deeds": in_words(deeds), "next_url": next_page(request, more)}
    context["notes"] = list(found.notes.select_related("by")) if sees else []
    way = (found.place.name, reverse("spaces:space", args=[slug]))
    context["crumbs"] = [way, (_("Competency pool"), reverse("pool:pool"))]
    return page(request, "custody/mission.html", context, part="deeds")


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """ "I have a paper receipt"."""
    form = ReceiptForm(request.GET if "receipt" in request.GET else None)
    if form.is_valid():
        return HttpResponseRedirect(reverse("custody:receipt", args=[text.receipt_shown(form.cleaned_data["receipt"])]))
    return page(request, "custody/find.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def receipt(request: HttpRequest, receipt: str) -> HttpResponse:
    """What became of what was given against this receipt."""
    code = text.read_receipt(receipt)
    given = looked_up(request, "receipts", lambda: queries.by_receipt(code) if code else None, misses=30, per=600)
    if given is None:
        form = ReceiptForm({"receipt": receipt[:40]})
        if form.is_valid():
            form.add_error("receipt", _("No contribution bears this number. Compare it with the paper."))
        return page(request, "custody/find.html", {"form": form}, status=404)
    shown = text.receipt_shown(given.receipt)
    steps = queries.trail(given) if isinstance(given, Idea) else queries.opinion_steps(given)
    context = {"given": given, "steps": steps, "shown": shown, "entry": history(given).first()}
    context |= {"is_idea": isinstance(given, Idea), "ruling": ruling_on(given), "place": queries.place_of(given)}
    context["address"] = f"{settings.SITE_URL}/r/{shown}/"
    return page(request, "custody/receipt.html", context)
