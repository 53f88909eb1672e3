from infitah.ground.accounts.models import Person
from infitah.journey.ideas.models import Idea
from infitah.journey.ideas.rules import is_author
from infitah.journey.programmes.rules import can_run, can_work_on


def can_read(person: Person | None, idea: Idea) -> bool:
    """Everyone reads what is published; before that, its author, whoever runs the programme, and the national team; what was taken back, its author alone."""  # noqa: E501
    if idea.is_public or is_author(person, idea):
        return True
    if idea.status == Idea.Status.WITHDRAWN:
        return False
    return person is not None and (person.is_national or can_run(person, idea.programme))


def can_see_receipt(person: Person | None, idea: Idea) -> bool:
    """The receipt of an idea is seen by its author, and by whoever enters ideas there and hands receipts out."""
    return is_author(person, idea) or can_work_on(person, idea.programme)
