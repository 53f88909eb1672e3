from infitah.ground.accounts.models import Person
from infitah.journey.consultation.models import Opinion
from infitah.journey.ideas.models import Idea
from infitah.journey.programmes.rules import can_run


def can_read(person: Person | None, given: Idea | Opinion) -> bool:
    """Everyone reads what is published; before that, its author, whoever runs the programme, and the national team."""
    if given.is_public:
        return True
    if person is None:
        return False
    programme = given.programme if isinstance(given, Idea) else given.draft.programme
    return given.author_id == person.pk or person.is_national or can_run(person, programme)
