"""Questions about publications of any kind: where they belong, what they say, what waits for a look."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models

from infitah.ground.accounts.models import Person
from infitah.ground.territories.models import Territory
from infitah.lib import screening
from infitah.lib.i18n import Localized

from .models import Appeal, Ground, Moderated, Report, Ruling

DESK = 50  # of each kind at once
WORDS = ("title", "problem", "solution", "text", "wording", "caption")  # the fields that hold what a resident wrote


def kind_of(thing: models.Model) -> str:
    return thing._meta.label_lower


@cache
def kinds() -> dict[str, type[Moderated]]:
    """Everything in the house that is moderated, by kind."""
    return {model._meta.label_lower: model for model in apps.get_models() if issubclass(model, Moderated)}


def find(kind: str, number: int) -> Moderated | None:
    """The publication of that kind and number, if there is one."""
    model = kinds().get(kind)
    return model._base_manager.filter(pk=number).first() if model else None


@cache
def path_to_place(model: type[models.Model]) -> str:
    """The lookup that leads from a model to its place, along the foreign keys that each of its records has: `place`,
    `draft__programme__place`."""
    steps: list[tuple[type[models.Model], str]] = [(model, "")]
    for here, path in steps:
        if any(field.name == "place" for field in here._meta.concrete_fields):
            return f"{path}place"
        for link in here._meta.concrete_fields:
            to = link.related_model
            if isinstance(link, models.ForeignKey) and isinstance(to, type) and not link.null:
                steps.append((to, f"{path}{link.name}__"))
    return ""


def place_of(thing: models.Model) -> Territory | None:
    """The place a publication belongs to."""
    found: Any = thing
    for step in path_to_place(type(thing)).split("__"):
        found = getattr(found, step, None)
    return Territory.objects.filter(code=found).first() if isinstance(found, str) else found


def author_of(thing: models.Model) -> Person | None:
    author: Person | None = getattr(thing, "author", None) or getattr(thing, "by", None)
    return author


def words_of(thing: models.Model) -> str:
    """What the publication says, all its texts together."""
    said = [getattr(thing, name, "") for name in WORDS]
    texts = [text for one in said for text in (one.values() if isinstance(one, Localized) else [one])]
    return "\n".join(filter(None, texts))


def screen(text: str) -> Ground | None:
    """Why this text should wait for a look before it is published, if at all: personal data or insults."""
    found = screening.found_in(text)
    return Ground(found) if found else None


def ruling_on(thing: models.Model) -> Ruling | None:
    """The ruling in force: why it is held or hidden, or that it was shown again."""
    return Ruling.objects.filter(on_kind=kind_of(thing), on_id=thing.pk).select_related("by").first()


def rulings_on(kind: str, numbers: Iterable[int]) -> dict[int, Ruling]:
    """The ruling in force on each publication of a kind that there is one on, by its number; one query."""
    rulings = Ruling.objects.filter(on_kind=kind, on_id__in=list(numbers)).order_by("on_id", "-id")
    return {ruling.on_id: ruling for ruling in rulings.distinct("on_id")}


def reports_on(thing: models.Model) -> models.QuerySet[Report]:
    """What readers said of a publication that nobody has looked at yet."""
    return Report.objects.filter(on_kind=kind_of(thing), on_id=thing.pk, settled_at=None)


@dataclass
class Case:
    """A publication on the desk, and why it is there."""

    thing: Moderated
    reports: list[Report] = field(default_factory=list)
    appeal: Appeal | None = None
    ruling: Ruling | None = None

    @property
    def kind(self) -> str:
        return kind_of(self.thing)

    @property
    def words(self) -> str:
        return words_of(self.thing)

    @property
    def language(self) -> str:
        return getattr(self.thing, "language", "")


def desk(place: Territory) -> list[Case]:
    """What waits for a look at the place (at the country: everywhere): held, reported, or appealed against.

    Each kind of publication costs three queries, whatever its number.
    """
    here = None if place.kind == Territory.Kind.COUNTRY else place
    reports = list(Report.objects.filter(settled_at=None, **_at(here, "place")).order_by("-id")[: DESK * 4])
    open_appeals = Appeal.objects.filter(answered_at=None, **_at(here, "ruling__place"))
    appeals = list(open_appeals.select_related("ruling").order_by("-id")[:DESK])
    wanted: dict[str, set[int]] = defaultdict(set)
    concerned: list[Report | Ruling] = [*reports, *(appeal.ruling for appeal in appeals)]
    for said in concerned:
        wanted[said.on_kind].add(said.on_id)
    cases: dict[tuple[str, int], Case] = {}
    for kind, model in kinds().items():
        things = _waiting(model, here, wanted[kind])
        rulings = rulings_on(kind, (thing.pk for thing in things)) if things else {}
        cases |= {(kind, thing.pk): Case(thing, ruling=rulings.get(thing.pk)) for thing in things}
    for report in reports:
        if case := cases.get((report.on_kind, report.on_id)):
            case.reports.append(report)
    for appeal in appeals:
        if case := cases.get((appeal.ruling.on_kind, appeal.ruling.on_id)):
            case.appeal = appeal
    return sorted(cases.values(), key=lambda case: (case.appeal is None, not case.reports, -case.thing.pk))


def waiting_for(person: Person, place: Territory) -> int:
    """How many publications on the desk of the place wait for this person: an appeal does for who has not ruled."""
    return sum(case.appeal is None or case.appeal.ruling.by_id != person.pk for case in desk(place))


def left_to_the_nation(person: Person) -> int:
    """How many wait for the national team: appeals to whoever has not ruled, and what belongs to no single place."""
    placeless = [model for model in kinds().values() if not path_to_place(model)]
    held = sum(model._base_manager.filter(visibility=Moderated.Visibility.HELD).count() for model in placeless)
    return held + Appeal.objects.filter(answered_at=None).exclude(ruling__by=person).count()


def _at(place: Territory | None, field: str) -> dict[str, str]:
    """What tells records of the place, known by its code, from others; nothing does where every place is meant."""
    return {field: place.code} if place else {}


def _waiting(model: type[Moderated], place: Territory | None, wanted: Iterable[int]) -> list[Moderated]:
    """Those held at the place, and those named."""
    held = model._base_manager.filter(visibility=Moderated.Visibility.HELD)
    path = path_to_place(model)
    if place and not path:  # belongs to no single place: it lies on the national team's desk
        held = held.none()
    elif place:
        names_codes = {field.name for field in model._meta.concrete_fields if field.related_model is None}
        held = held.filter(**{path: place.code if path in names_codes else place})
    named = model._base_manager.filter(pk__in=wanted) if wanted else []
    found = {thing.pk: thing for thing in [*held.order_by("-pk")[:DESK], *named]}
    return list(found.values())
