from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from infitah.ground.accounts.models import Person
from infitah.ground.ledger import actions as ledger
from infitah.lib.errors import NotPossible, require
from infitah.lib.i18n import Localized
from infitah.lib.states import lock, one_by_one, require_unchanged

from . import queries, rules
from .models import PolicyArea

TAKEN = _("There is an area of this name already.")


@transaction.atomic
def add(name: Localized, *, by: Person | None, source: str = "") -> PolicyArea:
    """Add an area to the list; the same one sent twice is one."""
    one_by_one(PolicyArea)
    require(rules.can_keep(by))
    known = queries.named_alike(name)
    if known and (known.name, known.source, known.retired_on) == (name, source, None):  # a second click
        return known
    require(known is None, NotPossible(TAKEN))
    area = PolicyArea.objects.create(key=queries.free_key(name), name=name, source=source)
    ledger.record("area.added", by=by, on=area, key=area.key, name=name)
    return area


@transaction.atomic
def reword(area: PolicyArea, *, by: Person | None, name: Localized, source: str = "", seen: str = "") -> PolicyArea:
    """Name an area otherwise, on all projects that have it; its key stays, and the ledger keeps what it was called."""
    one_by_one(PolicyArea)
    area = lock(area)
    require(rules.can_keep(by))
    require_unchanged(area, seen, {"name": name, "source": source})
    alike = queries.named_alike(name, but=area)
    require(alike is None, NotPossible(TAKEN))
    if (area.name, area.source) != (name, source):
        before, area.name, area.source = area.name, name, source
        area.save(update_fields=["name", "source"])
        ledger.record("area.reworded", by=by, on=area, key=area.key, name=[before, name])
    return area


@transaction.atomic
def retire(area: PolicyArea, *, by: Person | None) -> PolicyArea:
    """Offer an area no more; the projects that have it keep it."""
    area = lock(area)
    require(rules.can_keep(by))
    if area.retired_on is None:
        area.retired_on = timezone.localdate()
        area.save(update_fields=["retired_on"])
        ledger.record("area.retired", by=by, on=area, key=area.key)
    return area


@transaction.atomic
def restore(area: PolicyArea, *, by: Person | None) -> PolicyArea:
    """Offer a retired area again."""
    area = lock(area)
    require(rules.can_keep(by))
    if area.retired_on:
        area.retired_on = None
        area.save(update_fields=["retired_on"])
        ledger.record("area.restored", by=by, on=area, key=area.key)
    return area


@transaction.atomic
def import_areas(told: Iterable[dict[str, Any]], *, source: str) -> list[PolicyArea]:
    """Lay down the areas that are not in the list yet, by their keys; what the national team has made of the others
    stays. Doing it twice changes nothing."""
    one_by_one(PolicyArea)
    known = set(PolicyArea.objects.values_list("key", flat=True))
    new = [PolicyArea(key=each["key"], name=Localized(each["name"]), source=source) for each in told]
    made = PolicyArea.objects.bulk_create([area for area in new if area.key not in known])
    ledger.record_many("area.added", by=None, things=made, particulars_of=lambda area: {"key": area.key})
    return made
