from collections import defaultdict
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

from django.apps import apps
from django.contrib.postgres.search import SearchVector
from django.db import transaction
from django.db.models import Exists, OuterRef, Value

from infitah.ground.ledger import actions as ledger
from infitah.ground.ledger.models import Entry
from infitah.ground.territories.models import Territory
from infitah.journey.projects.models import Activity
from infitah.lib import text

from .catalog import SOURCES, Source
from .models import Bookmark, Leaf

OVERLAP = timedelta(minutes=5)  # a transaction may end after a later one has been read
BATCH = 5000
HEARD = {*SOURCES, *(of._meta.label_lower for source in SOURCES.values() for of in source.told_under)}


@transaction.atomic
def index() -> int:
    """Index what the ledger has told of since the last time; returns how many things were read anew."""
    bookmark, _is_new = Bookmark.objects.select_for_update().get_or_create(
        defaults={"at": datetime(2000, 1, 1, tzinfo=UTC)}
    )
    told = Entry.objects.filter(at__gt=bookmark.at - OVERLAP, on_kind__in=HEARD)
    changed: dict[str, set[int]] = defaultdict(set)
    last = bookmark.at
    for on_kind, on_id, at in told.values_list("on_kind", "on_id", "at").iterator(chunk_size=BATCH):
        changed[on_kind].add(on_id)
        last = max(last, at)
    planned = Activity.objects.filter(pk=OuterRef("on_id"))  # nothing else is ever deleted
    Leaf.objects.filter(~Exists(planned), on_kind=Activity._meta.label_lower).delete()
    count = 0
    for on_kind, source in SOURCES.items():
        heard = [("pk", on_kind), *((path, of._meta.label_lower) for of, path in source.told_under.items())]
        count += sum(index_those(on_kind, source, path, sorted(changed[of])) for path, of in heard)
    bookmark.at = last
    bookmark.save(update_fields=["at"])
    return count


def index_those(on_kind: str, source: Source, path: str, told: list[int]) -> int:
    """Read anew the things of a kind that lead by this path to what was told of."""
    count, things = 0, apps.get_model(on_kind)._base_manager.order_by("pk")
    for start in range(0, len(told), BATCH):
        found = things.filter(**{f"{path}__in": told[start : start + BATCH]}).values_list("pk", flat=True)
        count += index_these(on_kind, source, list(found))
    return count


def index_these(on_kind: str, source: Source, ids: Collection[int]) -> int:
    """Read these things anew; what is no longer public loses its leaf."""
    outlines = [f"{path}__outline" for path in source.related if path.endswith("place")]  # too long to read
    public = source.public().filter(pk__in=ids).select_related(*source.related).defer(*outlines)
    leaves = [leaf_of(on_kind, source, thing) for thing in public.order_by("pk")]  # what is found comes latest first
    Leaf.objects.filter(on_kind=on_kind, on_id__in=ids).exclude(on_id__in=[leaf.on_id for leaf in leaves]).delete()
    Leaf.objects.bulk_create(
        leaves,
        update_conflicts=True,
        unique_fields=["on_kind", "on_id"],
        update_fields=["kind", "place", "title", "text", "address", "search"],
        batch_size=500,
    )
    return len(leaves)


def leaf_of(on_kind: str, source: Source, thing: Any) -> Leaf:
    """What is kept of a thing: its title, a text, where it stands, and the words of all its languages."""
    title, said = source.title(thing), source.text(thing)
    words = source.words(thing) or [*title.values(), *said.values()]
    return Leaf(
        kind=source.kind,
        on_kind=on_kind,
        on_id=thing.pk,
        place_id=source.place(thing),
        title=title,
        text=said,
        address=source.address(thing),
        search=SearchVector(Value(text.search_vector_text(*words)), config="simple"),
    )


@transaction.atomic
def close_demonstration(stage: str, scenes: int) -> Entry:
    """Write down that a demonstration has been played to its end, and how far its clock stands."""
    country = Territory.objects.get(kind=Territory.Kind.COUNTRY)
    return ledger.record("demonstration.played", by=None, on=country, stage=stage, scenes=scenes)
