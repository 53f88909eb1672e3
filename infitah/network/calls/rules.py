from infitah.ground.accounts.models import Person, Role
from infitah.ground.territories.models import Territory

from .models import Application, Call


def can_publish(person: Person | None) -> bool:
    """The national team writes calls, publishes them and changes them."""
    return person is not None and person.is_national


def can_apply(call: Call) -> bool:
    """Everyone can begin an application while the call is open, with an e-mail address and without an account."""
    return call.standing == "open"


def can_write(application: Application) -> bool:
    """Whoever bears the mailed link writes an application, until it is sent, and again when more is asked for."""
    return application.is_writable


def can_withdraw(application: Application) -> bool:
    """Whoever bears the mailed link withdraws an application that has no final answer yet."""
    return application.status in (Application.Status.SUBMITTED, Application.Status.RETURNED)


def can_review(person: Person | None) -> bool:
    """The national team, wilayas and provinces see the applications: all of them, or those of their territory."""
    return person is not None and (person.is_national or any(g.role == Role.WILAYA for g in person.current_grants))


def can_read(person: Person | None, application: Application) -> bool:
    """An application that was sent is read by the national team, and by the wilaya and the province it lies in."""
    if person is None or application.sent_at is None:
        return False
    return person.is_national or advises_for(person, application) is not None


def can_advise(person: Person | None, application: Application) -> bool:
    """The wilaya and the province give their opinion on an application until the national team has answered."""
    is_waiting = application.status == Application.Status.SUBMITTED
    return person is not None and is_waiting and advises_for(person, application) is not None


def can_answer(person: Person | None, application: Application) -> bool:
    """The national team accepts an application, asks for more, or refuses it with a reason."""
    return person is not None and person.is_national and application.status == Application.Status.SUBMITTED


def advises_for(person: Person, application: Application) -> Territory | None:
    """The territory for which the person gives an opinion: the nearest around the applicant."""
    place = application.place
    while place is not None:
        if person.holds(Role.WILAYA, at=place):
            return place
        place = place.parent
    return None
