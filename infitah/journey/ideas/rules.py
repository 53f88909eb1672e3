from infitah.ground.accounts.models import Person
from infitah.journey.programmes import queries as programmes
from infitah.journey.programmes.models import Phase, Programme
from infitah.journey.programmes.rules import can_run, can_work_on, sits

from .models import Idea


def can_submit(person: Person | None, programme: Programme) -> bool:
    """Everyone gives ideas while the window is open, with or without an account."""
    return programmes.is_open(programme, Phase.Kind.IDEAS)


def can_enter(person: Person | None, programme: Programme) -> bool:
    """The focal point, or a coach who helps, enters what people said or wrote, until the programme goes to the council."""  # noqa: E501
    return can_work_on(person, programme) and not programme.is_frozen


def can_support(person: Person | None, idea: Idea) -> bool:
    """Everyone supports an idea that is published, once."""
    return idea.is_public


def can_decide(person: Person | None, idea: Idea) -> bool:
    """The focal point of the place, and no coach, answers ideas; once the programme goes to the council, only those that still wait."""  # noqa: E501
    return can_run(person, idea.programme) and (idea.is_waiting or not idea.programme.is_frozen)


def can_propose(person: Person | None, idea: Idea) -> bool:
    """Whoever sits on the follow-up committee proposes an answer to a published idea that waits for one, until the programme goes to the council; the focal point decides."""  # noqa: E501
    waits = idea.is_public and idea.is_waiting and not idea.programme.is_frozen
    return waits and sits(person, idea.programme)


def can_group(person: Person | None, idea: Idea) -> bool:
    """Whoever enters ideas may group those that say the same: a coach too."""
    return can_enter(person, idea.programme)


def is_author(person: Person | None, idea: Idea) -> bool:
    """Whoever gave it, signed in."""
    return person is not None and idea.author_id == person.pk


def has_entered(person: Person | None, idea: Idea) -> bool:
    """Whoever entered it for somebody else, and the focal point: a row of theirs, not one of an imported sheet."""
    is_theirs = person is not None and person.pk == idea.entered_by_id
    return idea.is_entered and idea.batch_id is None and (is_theirs or can_run(person, idea.programme))


def can_withdraw(person: Person | None, idea: Idea) -> bool:
    """The author takes back an idea that has not been answered; whoever entered one for somebody else, or the focal point, takes back a row entered by mistake, as long as nothing has happened to it."""  # noqa: E501
    if is_author(person, idea):
        return idea.status in {Idea.Status.RECEIVED, Idea.Status.GROUPED}
    return has_entered(person, idea) and can_enter(person, idea.programme) and idea.is_untouched


def open_to(person: Person | None, idea: Idea) -> set[str]:
    """What the person may do with this idea now: the verbs whose buttons its page shows."""
    can = {
        "support": can_support(person, idea),
        "decide": can_decide(person, idea) and idea.status != Idea.Status.WITHDRAWN,
        "propose": can_propose(person, idea) and not can_decide(person, idea),
        "withdraw": can_withdraw(person, idea),
        "ungroup": idea.status == Idea.Status.GROUPED and can_group(person, idea),
    }
    return {verb for verb, holds in can.items() if holds}
