"""Questions about organisations: those of a place, those a person speaks for, and who speaks for one."""

from django.db.models import Q, QuerySet

from infitah.ground.accounts.models import RUNNERS, Person, RoleGrant
from infitah.ground.territories.models import Territory
from infitah.lib.i18n import Localized
from infitah.lib.lists import page_before
from infitah.lib.text import fold

from .models import Organisation, Organisations, Speaker

PAGE = 30


def public_page(place: Territory, before: int | None = None) -> tuple[list[Organisation], int | None]:
    """A page of the organisations that work at a place, the latest first, and where the next page begins."""
    return page_before(Organisation.objects.public().filter(place=place), before, PAGE)


def waiting_at(place: Territory) -> Organisations:
    """Those that wait to be verified at a place."""
    return Organisation.objects.waiting().filter(place=place).order_by("pk")


def left_to_the_nation() -> Organisations:
    """Those that wait at places which nobody runs."""
    run = RoleGrant.objects.current().filter(role__in=RUNNERS).values("territory")
    return Organisation.objects.waiting().exclude(place__in=run).select_related("place").order_by("pk")


def voices(person: Person | None) -> QuerySet[Organisation]:
    """The verified organisations that a person speaks for: in their name they may give."""
    if person is None:
        return Organisation.objects.none()
    return Organisation.objects.verified().filter(speakers__in=Speaker.objects.current().filter(person=person))


def spoken_for(person: Person) -> list[Speaker]:
    """The organisations that a person speaks for or is invited to speak for, whatever their state."""
    return list(person.speaks.standing().select_related("organisation__place").defer("organisation__place__outline"))


def voice_of(person: Person | None, organisation: Organisation) -> Speaker | None:
    """As whom the person stands to it: somebody who speaks for it, or is invited to."""
    return organisation.speakers.standing().filter(person=person).first() if person else None


def speakers_of(organisation: Organisation) -> list[Speaker]:
    """Who speaks for it, and who is invited to."""
    return list(organisation.speakers.standing().select_related("person"))


def named_alike(place: Territory, name: Localized, *, but: Organisation | None = None) -> Organisation | None:
    """Another organisation of the place that bears one of these names, in any spelling; the place's are all read.

    One that was turned away, or hidden, keeps no name from others.
    """
    asked = {fold(said) for said in name.values()}
    gone = Q(status=Organisation.Status.WITHHELD, verified_at=None) | Q(visibility=Organisation.Visibility.HIDDEN)
    found = Organisation.objects.filter(place=place).exclude(gone | Q(pk=but.pk if but else 0))
    return next((one for one in found if asked & {fold(said) for said in one.name.values()}), None)
