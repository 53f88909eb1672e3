from infitah.ground.accounts.models import Person, Role
from infitah.ground.moderation.models import Moderated
from infitah.journey.programmes.models import Programme, Seat
from infitah.journey.programmes.rules import can_run, sits
from infitah.journey.projects.models import Activity, Project

from .models import Evidence, Rating


def is_in_force(programme: Programme) -> bool:
    """Progress is reported and rated from the council's adoption on, and until the programme is evaluated."""
    return programme.status in {Programme.Status.ADOPTED, Programme.Status.CLOSED}


def answers_for(person: Person | None, programme: Programme) -> bool:
    """The focal point of the place, or a service in charge there."""
    return can_run(person, programme) or (person is not None and person.holds(Role.PROJECT_OWNER, at=programme.place))


def can_report(person: Person | None, activity: Activity) -> bool:
    """Who answers for the programme reports on its activities, once the council has adopted it."""
    return answers_for(person, activity.project.programme) and is_in_force(activity.project.programme)


def may_prove(person: Person | None, activity: Activity) -> bool:
    """Whether the person is one of those who add evidence, whatever the state of the programme."""
    programme = activity.project.programme
    return answers_for(person, programme) or sits(person, programme)


def can_prove(person: Person | None, activity: Activity) -> bool:
    """Who reports adds evidence, and so do the members of the follow-up committee."""
    return is_in_force(activity.project.programme) and may_prove(person, activity)


def side_of(person: Person, programme: Programme) -> str:
    """For whom a person speaks when rating: the collectivity, civil society or, as everyone else, residents."""
    if answers_for(person, programme):
        return Rating.Side.OFFICIAL
    seat = Seat.objects.filter(committee__programme=programme, person=person, until=None).first()
    if seat is None:
        return Rating.Side.CITIZEN
    return Rating.Side.CIVIL if seat.side == Seat.Side.CIVIL else Rating.Side.OFFICIAL


def can_rate(person: Person | None, activity: Activity) -> bool:
    """Everyone who is signed in rates an activity of a programme in force."""
    return person is not None and is_in_force(activity.project.programme)


def can_read(person: Person | None, project: Project) -> bool:
    """Who answers for the programme reads its indicators."""
    return answers_for(person, project.programme) and is_in_force(project.programme)


def can_see(person: Person | None, evidence: Evidence) -> bool:
    """Everyone sees what is published; what is hidden is seen by nobody here."""
    return evidence.visibility == Moderated.Visibility.SHOWN
