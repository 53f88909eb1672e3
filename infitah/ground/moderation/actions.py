from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any, TypeVar

from django.apps import apps
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from infitah.ground.accounts.models import Person
from infitah.ground.ledger import actions as ledger
from infitah.lib.errors import NotPossible, require
from infitah.lib.states import lock

from . import queries, rules
from .models import Appeal, Ground, Moderated, Report, Ruling

Thing = TypeVar("Thing", bound=Moderated)
Visibility = Moderated.Visibility
SCREENED = "Held by the automatic look before publication."


@transaction.atomic
def report(thing: Moderated, *, by: Person | None, ground: str, text: str = "") -> Report:
    """Say that a publication breaks the rules; the same person says it once until it has been looked at."""
    thing = lock(thing)
    require(rules.can_report(by, thing), NotPossible(_("This publication is not shown, or no longer.")))
    said = queries.reports_on(thing).filter(by=by).first() if by else None
    if said:
        return said
    place = queries.place_of(thing)
    about: dict[str, Any] = {"on_kind": queries.kind_of(thing), "on_id": thing.pk}
    made = Report.objects.create(**about, place=place.code if place else "", by=by, ground=ground, text=text)
    ledger.record("publication.reported", by=by, on=thing, place=place, ground=ground)
    return made


@transaction.atomic
def hold(thing: Moderated, *, by: Person | None, ground: str, reason: str) -> Ruling:
    """Take a publication aside until it has been looked at."""
    return _rule(thing, Visibility.HELD, by=by, ground=ground, reason=reason)


@transaction.atomic
def hide(thing: Moderated, *, by: Person | None, ground: str, reason: str) -> Ruling:
    """Hide a publication, for one of the published grounds and with a reason that its author is told."""
    return _rule(thing, Visibility.HIDDEN, by=by, ground=ground, reason=reason)


@transaction.atomic
def restore(thing: Moderated, *, by: Person | None, reason: str, ground: str = "") -> Ruling:
    """Show a publication (again), or leave one that was reported as it is."""
    return _rule(thing, Visibility.SHOWN, by=by, ground=ground, reason=reason)


@transaction.atomic
def hold_back(thing: Thing, ground: Ground) -> Thing:
    """What the automatic look found: a new publication waits for a human one, and its author sees why."""
    _settle(thing, Visibility.HELD, by=None, ground=ground, reason=SCREENED)
    return thing


@transaction.atomic
def appeal(ruling: Ruling, *, by: Person | None, text: str, receipt: str = "") -> Appeal:
    """Object to a ruling; once."""
    thing = queries.find(ruling.on_kind, ruling.on_id)
    require(thing is not None and rules.can_appeal(by, lock(thing), receipt))
    stands = thing is not None and queries.ruling_on(thing) == ruling
    free = not Appeal.objects.filter(ruling=ruling).exists()
    require(stands and free, NotPossible(_("There has been an appeal against this already.")))
    made = Appeal.objects.create(ruling=ruling, text=text)
    ledger.record("ruling.appealed", by=by, on=ruling, place=queries.place_of(thing) if thing else None)
    return made


@transaction.atomic
def answer_appeal(appeal: Appeal, *, by: Person | None, text: str, is_granted: bool) -> Appeal:
    """Answer an objection; granted, the publication is shown again."""
    appeal = lock(appeal)
    require(rules.can_answer_appeal(by, appeal))
    require(appeal.answered_at is None, NotPossible(_("This appeal has been answered already.")))
    thing = queries.find(appeal.ruling.on_kind, appeal.ruling.on_id)
    if is_granted and thing and not thing.is_shown:
        _rule(thing, Visibility.SHOWN, by=by, ground=appeal.ruling.ground, reason=text)
    appeal.answer, appeal.is_granted, appeal.answered_by, appeal.answered_at = text, is_granted, by, timezone.now()
    appeal.save()
    place = queries.place_of(thing) if thing else None
    ledger.record("appeal.answered", by=by, on=appeal.ruling, place=place, is_granted=is_granted)
    return appeal


def _rule(thing: Moderated, visibility: str, *, by: Person | None, ground: str, reason: str) -> Ruling:
    thing = lock(thing)
    require(rules.can_moderate(by, queries.place_of(thing)))
    is_open = thing.visibility != visibility or (thing.is_shown and queries.reports_on(thing).exists())
    require(is_open, NotPossible(_("This is so already: someone else has looked at it.")))
    return _settle(thing, visibility, by=by, ground=ground, reason=reason)


def _settle(thing: Moderated, visibility: str, *, by: Person | None, ground: str, reason: str) -> Ruling:
    """Change what is shown, count anew, keep the ruling, close the reports."""
    verb = "kept" if thing.visibility == visibility else visibility
    count = _count_of(thing)
    count(thing, -1)
    thing.visibility = visibility
    thing.save(update_fields=["visibility"])
    count(thing, 1)
    about: dict[str, Any] = {"on_kind": queries.kind_of(thing), "on_id": thing.pk}
    place = queries.place_of(thing)
    ruling = Ruling.objects.create(
        **about, place=place.code if place else "", visibility=visibility, ground=ground, reason=reason, by=by
    )
    if by:
        queries.reports_on(thing).update(settled_at=timezone.now())
    ledger.record(f"publication.{verb}", by=by, on=thing, place=place, ground=ground, ruling=ruling.pk)
    return ruling


def _count_of(thing: Moderated) -> Callable[[Moderated, int], None]:
    """How the thing's own room counts it, if it does: its `actions.count`."""
    room = apps.get_app_config(thing._meta.app_label).name
    actions = import_module(f"{room}.actions") if find_spec(f"{room}.actions") else None
    return getattr(actions, "count", lambda thing, change: None)
