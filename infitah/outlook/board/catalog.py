"""What the board goes by: what it is narrowed by, when a step is not done though its day has passed, what is a sign of
life, to whom announcements go."""

from django.utils.translation import gettext_lazy as _

from infitah.ground.accounts.models import Role
from infitah.journey.programmes.models import Phase, Programme

Status, Kind = Programme.Status, Phase.Kind

FILTERS = {
    "attention": _("Calls for attention"),
    "step": _("Step of the programme"),
    "cohort": _("Cohort"),
    "region": _("Region"),
    "kind": _("Type"),
    "milieu": _("Milieu"),
    "status": _("Status"),
    "q": _("Name"),
}
ATTENTION = {
    "late": _("Late on its own calendar"),
    "sitting": _("Too late for the next session of its council"),
    "help": _("Asks for help"),
    "silent": _("Silent for 90 days"),
    "coached": _("Helped by a coach"),
}
ADDRESSED = [Role.FOCAL_POINT, Role.DEPUTY, Role.PRESIDENT, Role.CLERK, Role.COMMITTEE, Role.PROJECT_OWNER, Role.COACH]

# The step is not done as long as the programme stands there. Axes are done once worded, ideas once closed.
UNDONE: dict[str, list[str]] = {
    Kind.ANALYSIS: [Status.PREPARED, Status.DRAFTING],
    Kind.CONSULTATION: [Status.PREPARED, Status.DRAFTING],
    Kind.COUNCIL: [status for status in Status if status not in Programme.IN_FORCE],
    Kind.IMPLEMENTATION: [status for status in Status if status not in Programme.IN_FORCE],
    Kind.EVALUATION: [status for status in Status if status != Status.EVALUATED],
}
AFTER_THE_VOTE = [Kind.IMPLEMENTATION, Kind.EVALUATION]
READY_FOR_COUNCIL = [Status.VALIDATED, Status.ON_AGENDA, Status.POSTPONED]

# What a collectivity does itself; not what residents give it, nor what time or the national team does.
SIGNS = [
    *("activity.replanned", "activity.reported", "activity.rescheduled", "axes.worded", "committee.set_up"),
    *("criterion.answered", "document.published", "draft.frozen", "draft.opened", "evaluation.filed"),
    *("evaluation.opened", "evidence.added", "evidence.declared", "help.asked", "idea.decided", "idea.grouped"),
    *("idea.looked_at", "material.added", "meeting.announced", "meeting.changed", "meeting.held", "meeting.moved"),
    *("minutes.published", "mission.judged", "opinion.replied", "phase.scheduled", "phase.shifted"),
    *("practice.drafted", "practice.handed_in", "practice.redrafted", "programme.adopted", "programme.closed"),
    *("programme.postponed", "programme.prepared", "programme.rejected", "programme.scheduled"),
    *("programme.validated", "project.aimed", "project.drafted", "project.drawn_on", "project.dropped"),
    *("project.let_go", "project.planned", "project.redrafted", "project.restored", "question.answered"),
    *("question.asked", "role.acknowledged", "role.handed_over", "seat.ended", "seat.given", "sheet.imported"),
    "target.read",
]
