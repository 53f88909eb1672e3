"""Questions about publications of any kind: where they belong, what they say, what waits for a look."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models

from infitah.ground.accounts.models import Person
from infitah.ground.territories.models import Territory
from infitah.lib.text import fold

from .models import Appeal, Ground, Moderated, Report, Ruling

DESK = 50  # of each kind at once
WORDS = ("title", "problem", "solution", "text", "wording", "caption")  # the fields that hold what a resident wrote
DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
PHONE = re.compile(r"(?<![\d+])(?:\+212|00212|212|0)[\s.\-/]*(?:\(0\)\s*)?[5-7](?:[\s.\-/]*\d){8}(?!\d)")
EMAIL = re.compile(r"[\w.+-]+@(?!(?:[\w-]+\.)*gov\.ma\b)[\w-]+(?:\.[\w-]+)+")
NATIONAL_ID = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{1,2}\s?\d{5,6}(?![A-Za-z0-9])")
# Only words that are nothing but insults, folded; a word list judges nothing, it asks for a human look.
INSULTS = frozenset(
    fold(
        "حمار حمير كلب كلاب حيوان حيوانات خنزير خنازير قحبة قحاب شرموطة عاهرة زامل زوامل منيوك كلخ مكلخ حقير سافل "
        "ولد_الحرام لعنة_الله_عليكم وغد connard connards connasse salaud salauds salope salopes enculé enculés pute "
        "putes fdp abruti abrutis crétin crétins ordure ordures racaille batard bâtards zamel zwamel 9a7ba kehba hmar "
        "7mar kelb"
    ).split()
)


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
    """The lookup that leads from a model to its place, along its foreign keys: `place`, `draft__programme__place`."""
    steps: list[tuple[type[models.Model], str]] = [(model, "")]
    for here, path in steps:
        if any(field.name == "place" for field in here._meta.concrete_fields):
            return f"{path}place"
        for link in here._meta.concrete_fields:
            to = link.related_model
            if isinstance(link, models.ForeignKey) and isinstance(to, type) and to not in {Person, here}:
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
    return "\n".join(filter(None, (getattr(thing, name, "") for name in WORDS)))


def screen(text: str) -> Ground | None:
    """Why this text should wait for a look before it is published, if at all: personal data or insults.

    Knows phone numbers, e-mail addresses (but not those of the administration) and what looks like a national
    identity card; judges nothing else.
    """
    plain = text.translate(DIGITS)
    if PHONE.search(plain) or EMAIL.search(plain) or NATIONAL_ID.search(plain):
        return Ground.PERSONAL
    return Ground.INSULT if INSULTS & set(fold(text).split()) else None


def rulings_on(thing: models.Model) -> models.QuerySet[Ruling]:
    """What was decided about a publication, newest first."""
    return Ruling.objects.filter(on_kind=kind_of(thing), on_id=thing.pk)


def ruling_on(thing: models.Model) -> Ruling | None:
    """The ruling in force: why it is held or hidden, or that it was shown again."""
    return rulings_on(thing).select_related("by").first()


@dataclass
class Case:
    """A publication on the desk: what it says, and why it is there."""

    thing: Moderated
    kind: str
    words: str
    language: str
    reports: list[Report] = field(default_factory=list)
    appeal: Appeal | None = None

    @property
    def name(self) -> str:
        return str(type(self.thing)._meta.verbose_name)


def desk(place: Territory) -> list[Case]:
    """What waits for a look at the place (at the country: everywhere): held, reported, or appealed against.

    Each kind of publication costs two queries, whatever its number.
    """
    everywhere = place.kind == Territory.Kind.COUNTRY
    here: dict[str, Any] = {} if everywhere else {"place": place.code}
    reports = Report.objects.filter(settled_at=None, **here).order_by("-id")[: DESK * 4]
    appeals = Appeal.objects.filter(answered_at=None).select_related("ruling").order_by("-id")
    if not everywhere:
        appeals = appeals.filter(ruling__place=place.code)
    wanted: dict[str, set[int]] = defaultdict(set)
    for kind, number in [
        *((report.on_kind, report.on_id) for report in reports),
        *((appeal.ruling.on_kind, appeal.ruling.on_id) for appeal in appeals[:DESK]),
    ]:
        wanted[kind].add(number)
    cases = {
        (kind, thing.pk): _case(kind, thing)
        for kind, model in kinds().items()
        for thing in _waiting(model, None if everywhere else place, wanted[kind])
    }
    for report in reports:
        if case := cases.get((report.on_kind, report.on_id)):
            case.reports.append(report)
    for appeal in appeals[:DESK]:
        if case := cases.get((appeal.ruling.on_kind, appeal.ruling.on_id)):
            case.appeal = appeal
    return sorted(cases.values(), key=lambda case: (case.appeal is None, not case.reports, -case.thing.pk))


def _case(kind: str, thing: Moderated) -> Case:
    return Case(thing, kind, words_of(thing), getattr(thing, "language", ""))


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
