from infitah.ground.accounts.models import Person
from infitah.journey.programmes import queries as programmes
from infitah.journey.programmes.models import Phase, Programme
from infitah.journey.programmes.rules import can_run

from .models import Draft, Opinion


def can_open_draft(person: Person | None, programme: Programme) -> bool:
    """Whoever runs the programme puts its draft to consultation, once it is being drafted."""
    return can_run(person, programme) and programme.status == Programme.Status.DRAFTING


def can_freeze(person: Person | None, programme: Programme) -> bool:
    """Whoever runs the programme freezes its next version, until it is validated."""
    return can_run(person, programme) and not programme.is_frozen


def can_give(person: Person | None, draft: Draft) -> bool:
    """While the window is open everyone gives an opinion on the version put to residents; no account is needed."""
    is_current = draft.is_consulted and draft.programme.status == Programme.Status.CONSULTED
    return is_current and programmes.is_open(draft.programme, Phase.Kind.CONSULTATION)


def can_enter(person: Person | None, draft: Draft) -> bool:
    """The focal point enters what people said in workshops or on paper, until the programme is validated."""
    return draft.is_consulted and can_run(person, draft.programme) and not draft.programme.is_frozen


def can_see_desk(person: Person | None, draft: Draft) -> bool:
    """The desk is the workplace of whoever runs the programme."""
    return can_run(person, draft.programme)


def can_reply(person: Person | None, opinion: Opinion) -> bool:
    """Whoever runs the programme answers opinions, until the council has adopted it."""
    programme = opinion.draft.programme
    return can_run(person, programme) and programme.status not in Programme.IN_FORCE
