from infitah.ground.accounts.models import Person
from infitah.ground.territories.models import Territory

from .models import Organisation, Speaker


def can_register(person: Person | None, place: Territory) -> bool:
    """Everyone with an account registers the organisation that they belong to, in the collectivity where it works."""
    return person is not None and person.is_active and place.valid_until is None


def speaks_for(person: Person | None, organisation: Organisation) -> bool:
    """Whether the person speaks for it today."""
    return person is not None and organisation.speakers.current().filter(person=person).exists()


def answers_at(person: Person | None, place: Territory) -> bool:
    """Whether the person is of those who verify organisations there: of the collectivity, or of the national team."""
    return person is not None and (person.is_national or person.is_focal_point_of(place))


def can_verify(person: Person | None, organisation: Organisation) -> bool:
    """The focal point or the deputy of the collectivity where it works, or the national team, verifies an organisation once they have seen that it exists, and withholds the mark with a public reason; nobody does so for one that they speak for."""  # noqa: E501
    return answers_at(person, organisation.place) and not speaks_for(person, organisation)


def can_read(person: Person | None, organisation: Organisation) -> bool:
    """Everyone reads the page of an organisation that has been verified; before that, those who speak for it or are invited to, and those who may verify it."""  # noqa: E501
    if organisation.is_public or answers_at(person, organisation.place):
        return True
    return person is not None and organisation.speakers.standing().filter(person=person).exists()


def can_reword(person: Person | None, organisation: Organisation) -> bool:
    """Whoever speaks for an organisation words anew what it does; its name only while it is not verified."""
    return speaks_for(person, organisation)


def can_invite(person: Person | None, organisation: Organisation) -> bool:
    """Whoever speaks for an organisation invites others to do so; where nobody is left who does, those who may verify it."""  # noqa: E501
    if speaks_for(person, organisation):
        return True
    return answers_at(person, organisation.place) and not organisation.speakers.current().exists()


def can_accept(person: Person | None, speaker: Speaker) -> bool:
    """Whoever was invited to speak for an organisation accepts it themselves."""
    return person is not None and speaker.person_id == person.pk


def can_end(person: Person | None, speaker: Speaker) -> bool:
    """Whoever speaks for an organisation leaves it; an invitation that was not accepted yet is declined by whoever was invited, and taken back by those who speak for it; those who verify organisations end either, at its word."""  # noqa: E501
    if person is None:
        return False
    if speaker.person_id == person.pk or answers_at(person, speaker.organisation.place):
        return True
    return speaker.accepted_at is None and speaks_for(person, speaker.organisation)


def can_speak_for(person: Person | None, organisation: Organisation) -> bool:
    """Whoever speaks for a verified organisation gives ideas, comments, opinions and ratings in its name; they still count as those of one person."""  # noqa: E501
    return organisation.is_verified and speaks_for(person, organisation)


def open_to(person: Person | None, organisation: Organisation) -> set[str]:
    """What the person may do with this organisation now: the verbs whose buttons its page shows."""
    judges, status = can_verify(person, organisation), organisation.status
    can = {
        "reword": can_reword(person, organisation),
        "verify": judges and organisation.is_shown and status != Organisation.Status.VERIFIED,
        "withhold": judges and status != Organisation.Status.WITHHELD,
        "invite": can_invite(person, organisation) or answers_at(person, organisation.place),
    }
    return {verb for verb, holds in can.items() if holds}
