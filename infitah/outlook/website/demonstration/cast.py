"""Who plays: made-up people, known by what they do, who hold their roles like anyone else."""

from infitah.ground.accounts import actions as accounts
from infitah.ground.accounts.models import Person, Role
from infitah.ground.territories.models import Territory

RUNNER = "نقطة الارتكاز"
DEPUTY = "نائب نقطة الارتكاز"
CLERK = "كتابة المجلس"
CIVIL = "ممثلة المجتمع المدني"


def begin() -> Person:
    """The first of the national team, who gives everyone else their role."""
    person = accounts.introduce("الفريق الوطني")
    accounts.appoint_first(person)
    return person


def enrol(pseudonym: str, role: str, at: Territory, *, by: Person, language: str = "ar") -> Person:
    """A person with a role at a place, or without any."""
    person = accounts.introduce(pseudonym, language=language, place=at)
    if role:
        accounts.grant(person, role, at, by=by)
    return person


def runner(at: Territory, *, by: Person) -> Person:
    """The focal point of a place."""
    return enrol(f"{RUNNER}: {at.name.get('ar', at)}", Role.FOCAL_POINT, at, by=by)
