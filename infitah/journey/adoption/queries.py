from datetime import date

from django.db.models import Q, QuerySet

from infitah.ground.territories.models import Territory
from infitah.journey.programmes.models import Programme

from .models import Deliberation, OrdinarySession, Sitting, Validation


def session_months(place: Territory, on: date) -> list[int]:
    """The months in which councils of this kind sit in ordinary session, by the law in force on that day."""
    held = OrdinarySession.objects.filter(Q(valid_until=None) | Q(valid_until__gte=on), kind=place.kind)
    return list(held.filter(valid_from__lte=on).values_list("month", flat=True))


def next_ordinary_session(place: Territory, after: date) -> date | None:
    """The first day of the month of the next ordinary session, on or after that day; None where no law names one."""
    months = session_months(place, after)
    days = [date(year, month, 1) for year in (after.year, after.year + 1) for month in months]
    return min((day for day in days if day >= after), default=None)


def deliberations_of(place: Territory) -> QuerySet[Deliberation]:
    """All that the council was asked about the programmes of the place, latest sitting first."""
    found = Deliberation.objects.filter(programme__place=place).defer("draft__contents")
    return found.select_related("sitting", "draft", "programme").order_by("-sitting__sits_on", "-id")


def validations_of(place: Territory) -> QuerySet[Validation]:
    """The committee's agreements, latest first."""
    found = Validation.objects.filter(programme__place=place).defer("draft__contents")
    return found.select_related("draft", "programme").order_by("-validated_on", "-id")


def pending(programme: Programme) -> Deliberation | None:
    """What waits on the agenda."""
    found = Deliberation.objects.filter(programme=programme, outcome=Deliberation.Outcome.PENDING)
    return found.select_related("sitting", "programme__place").first()


def adopted(programme: Programme) -> Deliberation | None:
    """The vote by which the programme was adopted."""
    found = Deliberation.objects.filter(programme=programme, outcome=Deliberation.Outcome.ADOPTED)
    return found.select_related("sitting", "draft").first()


def sittings_of(place: Territory) -> QuerySet[Sitting]:
    """The sittings recorded so far, latest first."""
    return Sitting.objects.filter(place=place)


def is_carried(votes_for: int, votes_against: int) -> bool:
    """Adopted by more votes than were cast against it."""
    return votes_for > votes_against
