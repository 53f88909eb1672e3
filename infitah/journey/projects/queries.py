from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, prefetch_related_objects
from django.utils.translation import gettext as _

from infitah.journey.ideas import queries as ideas_queries
from infitah.journey.ideas.models import Idea, Outcome
from infitah.journey.programmes.models import Programme

from .models import Project, Projects, Source


@dataclass(frozen=True)
class Board:
    """The drafting board: ideas that wait on one side, projects on the other."""

    waiting: ideas_queries.IdeaPage  # each with its `group`
    loose: list[Idea]  # kept, but in no project any more
    projects: list[Project]  # by axis, each with its sources; those set aside come last
    dropped: list[Project]


def board(programme: Programme, filters: ideas_queries.Filters | None = None, *, before: int | None = None) -> Board:
    """What the focal point works on; as many queries for 1 idea or project as for 1,000."""
    waiting = ideas_queries.inbox(programme, filters or {}, before=before)
    prefetch_related_objects(waiting.ideas, "group")
    projects = list(projects_of(programme))
    standing = [project for project in projects if project.status == Project.Status.DRAFT]
    dropped = [project for project in projects if project.status == Project.Status.DROPPED]
    return Board(waiting, loose(programme), standing, dropped)


def projects_of(programme: Programme) -> Projects:
    """The programme's projects in the order of its axes, with activities, targets and sources."""
    sources = Prefetch("sources", Source.objects.standing().select_related("idea"))
    found: Projects = Project.objects.filter(programme=programme).select_related("axis")
    return found.prefetch_related("activities", "targets", sources).order_by("axis__number", "number")


def whole(programme: Programme) -> Projects:
    """The projects that stand, with all that a reader is shown."""
    return projects_of(programme).standing().prefetch_related("themes", "policy_areas")


def loose(programme: Programme) -> list[Idea]:
    """Ideas that were kept in a project which was set aside since, or were taken out of it: they wait again."""
    kept = Source.objects.standing().filter(idea=OuterRef("pk"))
    return list(
        Idea.objects.filter(~Exists(kept), programme=programme, outcome=Outcome.KEPT, lead=None)
        .select_related("axis")
        .prefetch_related("group", "proposals")
        .order_by("-pk")[:100]
    )


def lacking(project: Project) -> list[str]:
    """What a project still needs before it is put to consultation, in words; its activities are best prefetched."""
    needs = [
        (project.axis_id, _("an axis")),
        (project.activities.all(), _("at least one activity with its dates")),
    ]
    return [sentence for has, sentence in needs if not has]


def gaps(programme: Programme) -> list[str]:
    """What keeps the programme from being put to residents, a sentence each; none where all is there."""
    found = list(whole(programme))
    if not found:
        return [_("The programme has no project yet.")]
    needs = {project.number: _(" and ").join(lacking(project)) for project in found}
    sentence = _("Project %(number)s still needs %(what)s.")
    return [sentence % {"number": number, "what": what} for number, what in needs.items() if what]
