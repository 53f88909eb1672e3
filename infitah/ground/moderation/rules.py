from infitah.ground.accounts.models import Person
from infitah.ground.territories.models import Territory

from . import queries
from .models import Appeal, Moderated, Ruling


def can_report(person: Person | None, thing: Moderated) -> bool:
    """Everyone reports a publication that breaks the published rules, with or without an account."""
    return thing.is_public


def can_moderate(person: Person | None, place: Territory | None) -> bool:
    """The focal point of the place, and the national team, hold, hide or show again what residents publish, always with a reason; nobody deletes it."""  # noqa: E501
    return person is not None and (person.is_national or (place is not None and person.is_focal_point_of(place)))


def can_appeal(person: Person | None, thing: Moderated, receipt: str = "") -> bool:
    """The author, signed in or by the receipt, objects once to a ruling that holds or hides a publication."""
    by_receipt = bool(receipt) and receipt == getattr(thing, "receipt", None)
    return not thing.is_shown and (by_receipt or (person is not None and queries.author_of(thing) == person))


def can_answer_appeal(person: Person | None, appeal: Appeal) -> bool:
    """An appeal is answered by someone else than who ruled: another focal point of the place, or the national team."""
    return can_moderate(person, _place(appeal.ruling)) and person != appeal.ruling.by


def _place(ruling: Ruling) -> Territory | None:
    return Territory.objects.filter(code=ruling.place).first()
