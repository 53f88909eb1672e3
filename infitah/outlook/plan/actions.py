from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from infitah.ground.accounts.models import Person
from infitah.ground.territories.models import Territory
from infitah.journey.programmes import actions as programmes
from infitah.journey.programmes.models import Phase, Programme
from infitah.journey.programmes.queries import current_programme
from infitah.lib.errors import NotPossible, require
from infitah.lib.i18n import Localized
from infitah.lib.states import lock

from . import rules


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
