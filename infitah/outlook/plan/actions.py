from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from infitah.ground.accounts.models import Person
from infitah.ground.ledger import actions as ledger
from infitah.ground.territories.models import Territory
from infitah.journey.programmes import actions as programmes
from infitah.journey.programmes.models import Phase, Programme
from infitah.journey.programmes.queries import current_programme
from infitah.journey.projects.models import Project
from infitah.lib.errors import NotPossible, require
from infitah.lib.i18n import Localized
from infitah.lib.states import lock
from infitah.lib.text import clean, print_of

from . import queries, rules
from .models import Review


@transaction.atomic
def begin(
    country: Territory,
    *,
    by: Person,
    cycle: Localized,
    title: Localized,
    starts_on: date,
    ends_on: date,
    source: str,
) -> Programme:
    """Begin the country's next plan: its years, its title, and where it is published. The same plan begins once."""
    country = lock(country)
    require(rules.can_begin(by, country))
    require(starts_on < ends_on, NotPossible(_("A plan ends after it begins.")))
    latest = current_programme(country)
    if latest and latest.cycle.starts_on == starts_on and latest.title == title:
        return latest
    late = NotPossible(_("The new plan begins after the one before it."))
    require(latest is None or latest.cycle.starts_on < starts_on, late)
    years = programmes.plan_cycle(cycle, starts_on=starts_on, ends_on=ends_on)
    programme = programmes.prepare(country, by=by, cycle=years, title=title, source=source)
    kind = Phase.Kind.IMPLEMENTATION
    programmes.schedule(programme, kind, by=by, planned_from=starts_on, planned_until=ends_on)
    return programme


@transaction.atomic
def record_review(project: Project, *, by: Person, reviewed_on: date, key: UUID, **said: Any) -> Review:
    """Take in what an independent reviewer published; every review before it stays as it was."""
    project = lock(project)
    require(rules.can_record(by, project))
    known = Review.objects.filter(key=key).first()
    if known:
        return known
    to_come = _("This day is still to come: record it once it has happened.")
    require(reviewed_on <= timezone.localdate(), NotPossible(to_come))
    judged = {name: said.get(name, "") for name in queries.SCALES}
    require(any(judged.values()), NotPossible(_("A review judges something: give at least one of its answers.")))
    before = {name: getattr(one.review, name) for name, one in queries.standing(project.reviews.all()).items()}
    said["reviewer"] = clean(said["reviewer"])
    review = Review.objects.create(project=project, by=by, reviewed_on=reviewed_on, key=key, **said)
    now = queries.standing(project.reviews.all())
    changes = {name: [before.get(name, ""), getattr(one.review, name)] for name, one in now.items()}
    changes = {name: both for name, both in changes.items() if both[0] != both[1]}
    on = {"reviewed_on": str(reviewed_on), "kind": review.kind, "source_sha256": print_of(review.source)}
    ledger.record("plan.reviewed", by=by, on=review, place=project.place, **on, changes=changes)
    return review
