from infitah.ground.accounts.models import Person
from infitah.ground.territories.models import Territory

from .models import Coach, HelpRequest, Mission


def can_enrol(person: Person | None) -> bool:
    """The national team takes trained focal points into the competency pool."""
    return person is not None and person.is_national


def can_describe(person: Person | None, coach: Coach) -> bool:
    """A coach says what they can do and how many missions they take; the national team may correct it. Only the coach agrees to be named in public."""  # noqa: E501
    return person is not None and coach.left_on is None and (person.is_national or coach.person_id == person.pk)


def can_leave(person: Person | None, coach: Coach) -> bool:
    """A coach leaves the pool; the national team records that one has left."""
    return can_describe(person, coach)


def can_ask(person: Person | None, place: Territory) -> bool:
    """The focal point or the deputy of a member asks for help."""
    return person is not None and person.is_focal_point_of(place)


def can_see_requests(person: Person | None, place: Territory) -> bool:
    """The member and the national team read what help the member asked for."""
    return can_ask(person, place) or (person is not None and person.is_national)


def can_withdraw(person: Person | None, request: HelpRequest) -> bool:
    """The member takes its request back."""
    return can_ask(person, request.place)


def can_propose(person: Person | None) -> bool:
    """The national team proposes a coach for a mission with a first and a last day, never beyond what the coach can take."""  # noqa: E501
    return person is not None and person.is_national


def is_coach_of(person: Person | None, mission: Mission) -> bool:
    return person is not None and mission.coach.person_id == person.pk


def can_see(person: Person | None, mission: Mission) -> bool:
    """The goals and notes of a mission are read by the member, the coach and the national team; its dates and what it changed by everyone."""  # noqa: E501
    return is_coach_of(person, mission) or can_see_requests(person, mission.place)


def can_agree(person: Person | None, mission: Mission) -> bool:
    """The coach and the member both agree before a mission begins."""
    return is_coach_of(person, mission) or can_ask(person, mission.place)


def can_decline(person: Person | None, mission: Mission) -> bool:
    """The coach or the member declines a mission that is proposed, with a reason; the national team calls it off."""
    return can_see(person, mission)


def can_note(person: Person | None, mission: Mission) -> bool:
    """The coach and the member keep dated notes while the mission lasts."""
    return can_agree(person, mission)


def can_end(person: Person | None, mission: Mission) -> bool:
    """The coach ends the mission with a report: what was done, what it changed."""
    return is_coach_of(person, mission)


def can_cut_short(person: Person | None, mission: Mission) -> bool:
    """The coach, the member or the national team cuts a mission short, with a reason; the coach's role ends at once."""
    return can_see(person, mission)


def can_judge(person: Person | None, mission: Mission) -> bool:
    """The member has the last word on a mission that is over."""
    return can_ask(person, mission.place)


def open_to(person: Person | None, mission: Mission) -> set[str]:
    """What the person may do with the mission as it stands, by the names of the doors."""
    status, side = mission.status, "coach" if is_coach_of(person, mission) else "member"
    doors = {
        "agree": status == Mission.Status.PROPOSED
        and can_agree(person, mission)
        and not getattr(mission, f"{side}_agreed_at"),
        "decline": status == Mission.Status.PROPOSED and can_decline(person, mission),
        "note": status in Mission.ENGAGED and can_note(person, mission),
        "end": mission.awaits_report and can_end(person, mission),
        "cut_short": status in Mission.ENGAGED and can_cut_short(person, mission),
        "say": mission.is_over and can_judge(person, mission),
    }
    return {name for name, is_open in doors.items() if is_open}
