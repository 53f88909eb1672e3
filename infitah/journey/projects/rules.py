from infitah.ground.accounts.models import Person
from infitah.ground.territories.models import Territory
from infitah.journey.programmes.models import Programme
from infitah.journey.programmes.rules import can_run, can_work_on

from .models import Activity, Project, Source

AMENDED = {Programme.Status.ADOPTED, Programme.Status.CLOSED}  # what is evaluated stands as it was judged


def can_see_board(person: Person | None, programme: Programme) -> bool:
    """The drafting board is the workshop of whoever works on the programme: a coach too."""
    return can_work_on(person, programme)


def can_draft(person: Person | None, programme: Programme) -> bool:
    """Whoever works on the programme writes its projects, until it is validated; after that nobody does."""
    return can_work_on(person, programme) and not programme.is_frozen


def can_redraft(person: Person | None, project: Project) -> bool:
    """A project that stands is rewritten by whoever drafts."""
    return can_draft(person, project.programme) and project.status == Project.Status.DRAFT


def can_draw_on(person: Person | None, project: Project) -> bool:
    """Whoever runs the programme keeps ideas in a project that stands: it is their answer, so no coach does."""
    return can_redraft(person, project) and can_run(person, project.programme)


def can_let_go(person: Person | None, source: Source) -> bool:
    """Whoever answers ideas takes one out of a project."""
    return can_draft(person, source.project.programme) and can_run(person, source.project.programme)


def can_plan(person: Person | None, project: Project) -> bool:
    """Activities and targets are planned by whoever drafts."""
    return can_redraft(person, project)


def can_replan(person: Person | None, activity: Activity) -> bool:
    """Before adoption an activity is planned otherwise or taken out; afterwards it only advances."""
    return can_redraft(person, activity.project)


def can_drop(person: Person | None, project: Project) -> bool:
    """Whoever runs the programme sets a project aside, with a reason, before adoption only."""
    return can_redraft(person, project) and can_run(person, project.programme)


def can_restore(person: Person | None, project: Project) -> bool:
    """What was set aside may be taken up again by whoever runs the programme, before adoption."""
    runs = can_draft(person, project.programme) and can_run(person, project.programme)
    return runs and project.status == Project.Status.DROPPED


def can_amend(person: Person | None, programme: Programme) -> bool:
    """The national team amends the country's own plan in force, with a reason that stays shown; nobody amends the adopted programme of a collectivity."""  # noqa: E501
    is_national = programme.place.kind == Territory.Kind.COUNTRY
    return is_national and can_run(person, programme) and programme.status in AMENDED
