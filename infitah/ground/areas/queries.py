"""Questions about policy areas: all of them in the reader's order, and whether a name is free."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils.text import slugify

from infitah.lib.i18n import Localized
from infitah.lib.text import fold

from .models import PolicyArea


def in_order(areas: Iterable[PolicyArea]) -> list[PolicyArea]:
    """By their names, as the reader's alphabet has them."""
    return sorted(areas, key=lambda area: fold(str(area)))


def to_choose(kept: Iterable[PolicyArea] = ()) -> QuerySet[PolicyArea]:
    """The areas that something may be filed under: those offered today, and those that it has already."""
    return PolicyArea.objects.filter(Q(retired_on=None) | Q(pk__in=[area.pk for area in kept]))


def choices(areas: Iterable[PolicyArea]) -> list[tuple[int, PolicyArea]]:
    """The areas as a form offers them, in the reader's order."""
    return [(area.pk, area) for area in in_order(areas)]


def named_alike(name: Localized, *, but: PolicyArea | None = None) -> PolicyArea | None:
    """Another area that bears one of these names, in any spelling; there are a few dozen, and all are read."""
    asked = {(code, fold(said)) for code, said in name.items()}
    found = PolicyArea.objects.exclude(pk=but.pk) if but else PolicyArea.objects.all()
    return next((area for area in found if asked & {(code, fold(said)) for code, said in area.name.items()}), None)


def free_key(name: Localized) -> str:
    """A key made of the name in Latin letters, which no area has."""
    key = slugify(name.get("en") or name.get("fr") or "")[:50] or "area"
    begin_so = PolicyArea.objects.filter(key__startswith=key).values_list("key", flat=True)
    taken = {"new", *begin_so}  # “new” is the name of a page
    return next(one for one in (key, *(f"{key}-{turn}" for turn in range(2, len(taken) + 3))) if one not in taken)
