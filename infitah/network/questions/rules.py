from infitah.ground.accounts.models import Person

from . import queries
from .models import Answer, Question


def can_ask(person: Person | None) -> bool:
    """Whoever holds a role at a member or in the network asks the others: focal points, deputies, committees, clerks, services in charge, coaches, trainers, the national team; evaluators stay apart."""  # noqa: E501
    return person is not None and person.is_active and bool(queries.homes(person))


def can_read(person: Person | None, question: Question) -> bool:
    """Everyone reads a published question; one that waits for a look, its author and the national team."""
    if question.is_public:
        return True
    return person is not None and (question.by_id == person.pk or person.is_national)


def can_answer(person: Person | None, question: Question) -> bool:
    """Whoever may ask may answer what is published, their own question as well."""
    return can_ask(person) and question.is_public


def can_accept(person: Person | None, answer: Answer) -> bool:
    """The asker says which answer helped; the national team does where the asker no longer can."""
    if person is None or not (answer.is_public and answer.question.is_public):
        return False
    asker = answer.question.by
    is_gone = asker is None or not asker.is_active or not queries.homes(asker)
    return answer.question.by_id == person.pk or (person.is_national and is_gone)


def can_retract(person: Person | None, question: Question) -> bool:
    """The asker takes a question back as long as nobody has answered it."""
    mine = person is not None and question.by_id == person.pk
    return mine and question.retracted_at is None and question.answer_count == 0


def can_retract_answer(person: Person | None, answer: Answer) -> bool:
    """Whoever answered takes the answer back, unless it was accepted."""
    mine = person is not None and answer.by_id == person.pk
    return mine and answer.retracted_at is None and answer.accepted_at is None
