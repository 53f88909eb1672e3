from infitah.ground.accounts.models import Person
from infitah.ground.territories.models import Territory
from infitah.journey.projects.models import Project

from . import queries
from .models import PEERS, Practice


def can_share(person: Person | None, place: Territory) -> bool:
    """The focal point of a collectivity writes down what worked there, so that others can do it as well."""
    return person is not None and person.is_focal_point_of(place)


def can_begin(person: Person | None, project: Project) -> bool:
    """The focal point begins the practice of a finished project in one press, with what the project already tells."""
    return can_share(person, project.place) and queries.is_finished(project)


def can_read(person: Person | None, practice: Practice) -> bool:
    """Everyone reads a published practice; before that, its own focal point, the national team, and the peers to whom it was handed in."""  # noqa: E501
    if practice.is_public:
        return True
    if person is None:
        return False
    return can_share(person, practice.place) or person.is_national or can_review(person, practice)


def can_redraft(person: Person | None, practice: Practice) -> bool:
    """The focal point of the place words a practice until it is handed in, and again when peers sent it back."""
    return can_share(person, practice.place) and practice.status in Practice.OPEN_TO_WRITING


def can_hand_in(person: Person | None, practice: Practice) -> bool:
    """Whoever words a practice hands it in for its peers to read."""
    return can_redraft(person, practice)


def is_peer(person: Person | None, practice: Practice) -> bool:
    """A focal point, deputy or coach of elsewhere."""
    if person is None or not person.is_active or person.pk == practice.author_id:
        return False
    is_from_there = any(grant.territory_id == practice.place_id for grant in person.current_grants)
    return not is_from_there and any(grant.role in PEERS for grant in person.current_grants)


def can_review(person: Person | None, practice: Practice) -> bool:
    """A focal point of another member, or a coach, says whether a practice is ready; never its author, nor anyone of its own collectivity."""  # noqa: E501
    return practice.status == Practice.Status.IN_REVIEW and is_peer(person, practice)


def can_ask(person: Person | None, practice: Practice) -> bool:
    """The national team asks a peer to read a practice that waits."""
    return person is not None and person.is_national and practice.status == Practice.Status.IN_REVIEW


def can_withdraw(person: Person | None, practice: Practice) -> bool:
    """The focal point of the place, or the national team, withdraws a practice, with a reason that everyone reads."""
    may = can_share(person, practice.place) or (person is not None and person.is_national)
    return may and practice.status != Practice.Status.WITHDRAWN


def can_take_up(person: Person | None, practice: Practice) -> bool:
    """The focal point of the place takes up again what was withdrawn, as a draft."""
    return can_share(person, practice.place) and practice.status == Practice.Status.WITHDRAWN


def can_adapt(person: Person | None, practice: Practice) -> bool:
    """The focal point of another collectivity takes up a published practice in a project of its own programme."""
    return practice.is_public and any(place.pk != practice.place_id for place in queries.run_by(person))
