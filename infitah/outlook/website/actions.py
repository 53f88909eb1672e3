from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.postgres.search import SearchVector
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Value

from infitah.ground.ledger import actions as ledger
from infitah.ground.ledger.models import Entry
from infitah.ground.territories.models import Territory
from infitah.journey.programmes.models import Programme
from infitah.journey.projects.models import Activity, Project
from infitah.lib import text
from infitah.lib.i18n import Localized
from infitah.network.meetings.models import Meeting
from infitah.outlook.commitments.models import Declaration
from infitah.outlook.spaces.models import Document

from .models import Bookmark, Leaf

OVERLAP = timedelta(minutes=5)  # a transaction may end after a later one has been read
SOURCES: dict[str, tuple[Leaf.Kind, Callable[[], models.QuerySet[Any]]]] = {  # what is public of each kind of thing
    Programme._meta.label_lower: (Leaf.Kind.PROGRAMME, Programme.objects.all),
    Project._meta.label_lower: (Leaf.Kind.PROJECT, Project.objects.standing),
    Activity._meta.label_lower: (
        Leaf.Kind.ACTIVITY,
        lambda: Activity.objects.filter(project__in=Project.objects.standing()).select_related("project"),
    ),
    Meeting._meta.label_lower: (Leaf.Kind.MEETING, Meeting.objects.all),
    Document._meta.label_lower: (Leaf.Kind.DOCUMENT, Document.objects.all),
    Declaration._meta.label_lower: (Leaf.Kind.EVIDENCE, Declaration.objects.standing),
}
SAID = {Leaf.Kind.PROJECT: "results", Leaf.Kind.MEETING: "venue"}  # what is shown under the title


@transaction.atomic
def index() -> int:
    """Index what the ledger has told of since the last time; returns how many things were read anew."""
    bookmark, _is_new = Bookmark.objects.select_for_update().get_or_create(
        defaults={"at": datetime(2000, 1, 1, tzinfo=UTC)}
    )
    told = Entry.objects.filter(at__gt=bookmark.at - OVERLAP, on_kind__in=SOURCES)
    changed: dict[str, set[int]] = defaultdict(set)
    last = bookmark.at
    for on_kind, on_id, at in told.values_list("on_kind", "on_id", "at").iterator(chunk_size=5000):
        changed[on_kind].add(on_id)
        last = max(last, at)
    # Activities are told of under their project.
    of_projects = Activity.objects.filter(project__in=changed[Project._meta.label_lower])
    changed[Activity._meta.label_lower].update(of_projects.values_list("pk", flat=True))
    gone = Leaf.objects.filter(~Exists(Activity.objects.filter(pk=OuterRef("on_id"))), kind=Leaf.Kind.ACTIVITY)
    gone.delete()
    count = sum(index_these(on_kind, ids) for on_kind, ids in changed.items())
    bookmark.at = last
    bookmark.save(update_fields=["at"])
    return count


def index_these(on_kind: str, ids: Iterable[int]) -> int:
    """Read these things anew; what is no longer public loses its leaf."""
    kind, public = SOURCES[on_kind]
    leaves = [leaf_of(kind, thing) for thing in public().filter(pk__in=ids)]
    Leaf.objects.filter(kind=kind, on_id__in=ids).exclude(on_id__in=[leaf.on_id for leaf in leaves]).delete()
    Leaf.objects.bulk_create(
        leaves,
        update_conflicts=True,
        unique_fields=["kind", "on_id"],
        update_fields=["place", "title", "text", "number", "search"],
        batch_size=500,
    )
    return len(leaves)


def leaf_of(kind: Leaf.Kind, thing: Any) -> Leaf:
    """What is kept of a thing: its title, a text, and the words of all its languages."""
    project = thing.project if kind == Leaf.Kind.ACTIVITY else thing
    said = project.title if kind == Leaf.Kind.ACTIVITY else getattr(thing, SAID.get(kind, ""), Localized())
    title = thing.text if kind == Leaf.Kind.EVIDENCE else thing.title
    words = [*title.values(), *said.values()]
    if kind == Leaf.Kind.PROJECT:
        words += [*thing.problem.values(), *thing.solution.values(), thing.reference]
    return Leaf(
        kind=kind,
        on_id=thing.pk,
        place_id=project.place_id,
        title=title,
        text=said,
        number=getattr(project, "number", None),
        search=SearchVector(Value(text.search_vector_text(*words)), config="simple"),
    )


@transaction.atomic
def close_demonstration(stage: str, scenes: int) -> Entry:
    """Write down that a demonstration has been played to its end, and how far its clock stands."""
    country = Territory.objects.get(kind=Territory.Kind.COUNTRY)
    return ledger.record("demonstration.played", by=None, on=country, stage=stage, scenes=scenes)
