"""What the ledger's actions are called in plain words, who is told of them, and where each kind of thing is seen."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from django.db import models
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from infitah.ground.accounts.models import Contact, Person, Role, RoleGrant
from infitah.ground.discussion.models import Comment
from infitah.ground.ledger.models import Entry
from infitah.ground.moderation.models import Ruling
from infitah.ground.territories.models import Territory
from infitah.journey.consultation.models import Draft, Opinion
from infitah.journey.ideas.models import Idea
from infitah.journey.monitoring.models import Evidence, Rating
from infitah.journey.programmes.models import Phase, Programme
from infitah.journey.projects.models import Activity, Project
from infitah.lib.text import receipt_shown
from infitah.network.meetings import queries as meetings
from infitah.network.meetings.models import Material, Meeting, Minutes, Registration
from infitah.network.pool.models import Coach, HelpRequest, Mission

from .models import Announcement

Words = str | Promise


class To(Enum):
    """Who is told."""

    AUTHOR = auto()  # of the contribution, at once
    FOLLOWERS = auto()  # of the thing, in a digest
    PLACE = auto()  # followers of the collectivity, in a digest
    CONCERNED = auto()  # those whom it concerns by their role, at once
    EXPECTED = auto()  # those who have a place at the meeting, at once
    REGISTERED = auto()  # they, and those who wait for a place


@dataclass(frozen=True)
class Told:
    """What is said to whom of an action."""

    to: To
    words: Words


NOTICES: dict[str, list[Told]] = {
    "announcement.sent": [Told(To.AUTHOR, _("The national team writes to you."))],  # whom, its own action says
    "idea.decided": [
        Told(To.AUTHOR, _("Your idea has an answer.")),
        Told(To.FOLLOWERS, _("An idea that you follow has an answer.")),
    ],
    "idea.grouped": [
        Told(To.AUTHOR, _("Your idea is grouped with similar ones and will be answered with them.")),
        Told(To.FOLLOWERS, _("An idea that you follow is grouped with similar ones.")),
    ],
    "coach.enrolled": [Told(To.AUTHOR, _("You are of the competency pool. Say what you offer."))],
    "help.asked": [Told(To.CONCERNED, _("A member asks the competency pool for help."))],
    "mission.proposed": [Told(To.CONCERNED, _("A mission is proposed: agree, or say why not."))],
    "mission.agreed": [Told(To.CONCERNED, _("One side agrees to the mission."))],
    "mission.begun": [Told(To.CONCERNED, _("The mission has begun."))],
    "mission.declined": [Told(To.CONCERNED, _("The mission was declined, with a reason."))],
    "mission.noted": [Told(To.CONCERNED, _("There is a new note on the mission."))],
    "mission.ended": [Told(To.CONCERNED, _("The mission has ended, and with it what the coach may do."))],
    "mission.cut_short": [Told(To.CONCERNED, _("The mission was stopped before its last day."))],
    "mission.reported": [Told(To.CONCERNED, _("The coach has filed the report. The member has the last word."))],
    "mission.judged": [Told(To.CONCERNED, _("The member has said its word on the mission."))],
    "opinion.replied": [Told(To.AUTHOR, _("Your opinion has an answer."))],
    "phase.opened": [Told(To.PLACE, _("A new step is open."))],
    "draft.opened": [Told(To.PLACE, _("The draft programme is open to your opinion."))],
    "programme.adopted": [Told(To.PLACE, _("The council adopted the programme."))],
    "programme.postponed": [Told(To.PLACE, _("The council put off its vote on the programme."))],
    "programme.rejected": [Told(To.PLACE, _("The council rejected the programme."))],
    "evaluation.published": [Told(To.PLACE, _("Both evaluations of the programme are published."))],
    "activity.reported": [Told(To.FOLLOWERS, _("A project that you follow reports on an activity."))],
    "evidence.added": [Told(To.FOLLOWERS, _("A project that you follow has new evidence."))],
    "activity.rated": [Told(To.FOLLOWERS, _("An activity of a project that you follow has a new rating."))],
    "project.silent": [Told(To.FOLLOWERS, _("A project that you follow has said nothing for 120 days."))],
    "comment.said": [
        Told(To.AUTHOR, _("There is a comment on your contribution.")),
        Told(To.FOLLOWERS, _("There is a comment on something that you follow.")),
    ],
    "publication.held": [Told(To.AUTHOR, _("Your contribution waits for a look before it is shown."))],
    "publication.hidden": [Told(To.AUTHOR, _("Your contribution was hidden, with a reason. You can appeal."))],
    "publication.shown": [Told(To.AUTHOR, _("Your contribution is published."))],
    "appeal.answered": [Told(To.AUTHOR, _("Your appeal has an answer."))],
    "meeting.announced": [Told(To.PLACE, _("A meeting is announced."))],
    "meeting.moved": [
        Told(To.REGISTERED, _("A meeting that you registered for has changed: look at its day, hour and place.")),
        Told(To.PLACE, _("A meeting has changed: look at the day, the hour and the place.")),
    ],
    "meeting.called_off": [
        Told(To.REGISTERED, _("A meeting that you registered for is called off.")),
        Told(To.PLACE, _("A meeting is called off.")),
    ],
    "meeting.reminded": [Told(To.EXPECTED, _("Tomorrow: the meeting that you registered for."))],
    "minutes.published": [Told(To.PLACE, _("The minutes of a meeting are published."))],
    "registration.made": [Told(To.AUTHOR, _("You registered for a meeting: here is the link with your code."))],
    "registration.moved_up": [Told(To.AUTHOR, _("A place has become free: you are registered for the meeting."))],
    "role.granted": [Told(To.AUTHOR, _("You have a new role."))],
    "role.revoked": [Told(To.AUTHOR, _("A role of yours was taken back."))],
}

SENTENCES: dict[str, Words] = {
    "accounts.purged": _("Personal data past its date was erased"),
    "activity.rated": _("An activity was rated"),
    "activity.replanned": _("An activity was replanned"),
    "activity.reported": _("Progress on an activity was reported"),
    "activity.rescheduled": _("The days of an activity were changed, with a reason"),
    "activity.unplanned": _("An activity was taken out of a draft"),
    "announcement.sent": _("The national team wrote to people of the network"),
    "appeal.answered": _("An appeal was answered"),
    "axes.worded": _("The priority axes were worded"),
    "charter.published": _("A version of the charter was published"),
    "charter.signed": _("The charter was signed"),
    "coach.described": _("A coach said anew what they offer"),
    "coach.enrolled": _("A coach joined the competency pool"),
    "coach.left": _("A coach left the competency pool"),
    "comment.retracted": _("A comment was taken back by its author"),
    "comment.said": _("A comment was made"),
    "committee.set_up": _("The follow-up committee was set up"),
    "criterion.answered": _("A question of the evaluation was answered"),
    "cycle.planned": _("A cycle was planned"),
    "demonstration.played": _("The demonstration was played"),
    "draft.frozen": _("A version of the programme was frozen"),
    "draft.opened": _("A version of the programme was opened to consultation"),
    "evaluation.filed": _("One side filed its evaluation"),
    "evaluation.opened": _("The evaluation was opened"),
    "evaluation.published": _("Both evaluations were published"),
    "evidence.added": _("Evidence was added"),
    "help.asked": _("A member asked the competency pool for help"),
    "help.withdrawn": _("A request for help was taken back"),
    "idea.decided": _("An idea was answered"),
    "idea.grouped": _("An idea was grouped with similar ones"),
    "idea.looked_at": _("An idea was looked at before publication"),
    "idea.submitted": _("An idea was given"),
    "idea.supported": _("An idea was supported"),
    "idea.ungrouped": _("An idea left its group"),
    "idea.unsupported": _("A support was taken back"),
    "idea.withdrawn": _("An idea was withdrawn"),
    "certificate.issued": _("A certificate of attendance was issued"),
    "material.added": _("A document of a meeting was published"),
    "material.withdrawn": _("A document of a meeting was taken away, with a reason"),
    "meeting.announced": _("A meeting was announced"),
    "meeting.called_off": _("A meeting was called off, with a reason"),
    "meeting.changed": _("What was announced of a meeting was changed"),
    "document.published": _("A document was published"),
    "meeting.held": _("A meeting was held"),
    "meeting.moved": _("A meeting was moved to another day, hour or place"),
    "meeting.purged": _("The names on an attendance list were erased; the numbers stay"),
    "meeting.reminded": _("Those who registered were reminded of a meeting"),
    "member.admitted": _("A collectivity was admitted to the network"),
    "member.called": _("The national team called a member"),
    "member.left": _("A collectivity left the network"),
    "member.rested": _("A member became dormant"),
    "member.woken": _("A member became active again"),
    "mission.agreed": _("One side agreed to a coach's mission"),
    "mission.begun": _("A coach's mission began"),
    "mission.cut_short": _("A coach's mission was stopped before its last day"),
    "mission.declined": _("A coach's mission was declined"),
    "mission.ended": _("A coach's mission ended"),
    "mission.judged": _("A member said its word on a coach's mission"),
    "mission.noted": _("A note on a coach's mission was kept"),
    "mission.proposed": _("A coach's mission was proposed"),
    "mission.reported": _("A coach reported on a mission"),
    "minutes.published": _("The minutes of a meeting were published"),
    "opinion.given": _("An opinion was given"),
    "opinion.replied": _("An opinion was answered"),
    "person.erased": _("An account was erased"),
    "person.exported": _("Someone took a copy of their data"),
    "person.introduced": _("A demonstration person was introduced"),
    "person.renamed": _("Someone changed their public name"),
    "phase.opened": _("A phase opened"),
    "phase.scheduled": _("A phase was planned"),
    "phase.shifted": _("The dates of a phase were changed, with a reason"),
    "plan.reviewed": _("An independent review of the national plan was recorded"),
    "programme.acknowledged": _("A plan adopted elsewhere was taken in, with its source"),
    "programme.adopted": _("The council adopted a programme"),
    "programme.closed": _("A programme was closed"),
    "programme.postponed": _("The council put off its vote on a programme"),
    "programme.prepared": _("A programme was begun"),
    "programme.rejected": _("The council rejected a programme"),
    "programme.scheduled": _("A programme was put on the council's agenda"),
    "programme.validated": _("The committee validated a programme"),
    "project.aimed": _("The targets of a project were set"),
    "project.drafted": _("A project was drafted"),
    "project.drawn_on": _("A project was drawn from ideas"),
    "project.amended": _("The national plan was amended, with a reason"),
    "project.dropped": _("A project was set aside, with a reason"),
    "project.let_go": _("A project no longer draws on an idea"),
    "project.planned": _("The activities of a project were planned"),
    "project.redrafted": _("A draft project was reworded"),
    "project.restored": _("A project was taken up again"),
    "project.silent": _("A project has said nothing for 120 days"),
    "publication.held": _("A publication was held for a look"),
    "publication.hidden": _("A publication was hidden, with a reason"),
    "publication.reported": _("A publication was reported"),
    "publication.shown": _("A publication was shown after a look"),
    "register.imported": _("The register of collectivities was imported"),
    "registration.cancelled": _("Someone gave their place at a meeting back"),
    "registration.checked_in": _("Someone was checked in at a meeting"),
    "registration.checked_out": _("A slip at the door of a meeting was put right"),
    "registration.made": _("Someone registered for a meeting"),
    "registration.moved_up": _("Someone moved up from the waiting list of a meeting"),
    "registration.walked_in": _("Someone came to a meeting without having registered"),
    "role.granted": _("A role was granted"),
    "role.revoked": _("A role was taken back"),
    "ruling.appealed": _("The author appealed against a ruling"),
    "seat.ended": _("A seat on the committee ended"),
    "seat.given": _("A seat on the committee was given"),
    "sheet.brought": _("A spreadsheet of ideas was brought"),
    "sheet.imported": _("A spreadsheet of ideas was imported"),
    "sheet.undone": _("The import of a spreadsheet was undone"),
    "target.read": _("A target was read"),
    "territory.closed": _("A collectivity was merged into another"),
    "territory.renamed": _("A collectivity was renamed"),
}


def path(name: str, *parts: Any) -> str:
    """The address, in the reader's language; nothing where this installation has no such page."""
    try:
        return reverse(name, args=parts)
    except NoReverseMatch:
        return ""


@dataclass(frozen=True)
class Kind:
    """A kind of thing that entries are about: how it is read, called, seen, and whose it is."""

    model: type[models.Model]
    related: tuple[str, ...] = ()
    title: Callable[[Any], str] = lambda thing: ""  # said in public
    address: Callable[[Any], str] = lambda thing: ""  # seen by everyone
    receipt: Callable[[Any], str] = lambda thing: ""  # seen by its author
    people: Callable[[Any], tuple[Person | None, Contact | None]] = lambda thing: (None, None)
    crowd: Callable[[Any, bool], list[tuple[Person | None, Contact | None]]] = lambda thing, with_waiting: []
    followed: Callable[[Any], models.Model | None] = lambda thing: thing
    concerned: Callable[[Any], Iterable[Person]] = lambda thing: ()


def _shown(thing: Any, words: str) -> str:
    return words[:90] if thing.is_shown else ""


def _national() -> list[Person]:
    """The national team today."""
    found = RoleGrant.objects.current().filter(role=Role.NATIONAL).select_related("person")
    return [grant.person for grant in found]


def _of_mission(mission: Mission) -> list[Person]:
    """The coach, those who run the programme of the place, and whoever proposed the mission."""
    roles = [Role.FOCAL_POINT, Role.DEPUTY]
    runs = RoleGrant.objects.current().filter(role__in=roles, territory=mission.place).select_related("person")
    proposer = [mission.proposed_by] if mission.proposed_by else []
    return [mission.coach.person, *(grant.person for grant in runs), *proposer]


def _meeting(thing: Any) -> str:
    return path("meetings:meeting", thing.pk if isinstance(thing, Meeting) else thing.meeting_id)


def _project(project: Project) -> str:
    return path("custody:project", project.place.slug, project.number)


KINDS: dict[str, Kind] = {
    kind.model._meta.label_lower: kind
    for kind in [
        Kind(
            Idea,
            ("place", "author", "contact"),
            title=lambda idea: _shown(idea, idea.solution),
            address=lambda idea: path("custody:idea", idea.place.slug, idea.number),
            receipt=lambda idea: path("custody:receipt", idea.receipt),
            people=lambda idea: (idea.author, idea.contact),
        ),
        Kind(
            Opinion,
            ("project__place", "author", "contact"),
            title=lambda opinion: str(opinion.project.title),
            address=lambda opinion: _project(opinion.project),
            receipt=lambda opinion: path("custody:receipt", opinion.receipt),
            people=lambda opinion: (opinion.author, opinion.contact),
            followed=lambda opinion: opinion.project,
        ),
        Kind(Project, ("place",), title=lambda project: str(project.title), address=_project),
        Kind(
            Activity,
            ("project__place",),
            title=lambda activity: str(activity.project.title),
            address=lambda activity: _project(activity.project),
            followed=lambda activity: activity.project,
        ),
        Kind(
            Evidence,
            ("activity__project__place", "by"),
            title=lambda evidence: str(evidence.activity.project.title),
            address=lambda evidence: _project(evidence.activity.project),
            people=lambda evidence: (evidence.by, None),
            followed=lambda evidence: evidence.activity.project,
        ),
        Kind(
            Rating,
            ("activity__project__place", "by"),
            title=lambda rating: str(rating.activity.project.title),
            address=lambda rating: _project(rating.activity.project),
            people=lambda rating: (rating.by, None),
            followed=lambda rating: rating.activity.project,
        ),
        Kind(
            Programme,
            ("place",),
            title=lambda programme: str(programme.title),
            address=lambda programme: path("spaces:programme", programme.place.slug),
        ),
        Kind(
            Phase,
            ("programme__place",),
            title=lambda phase: f"{phase.programme.place} · {phase.get_kind_display()}",
            address=lambda phase: path("spaces:space", phase.programme.place.slug),
        ),
        Kind(
            Draft,
            ("programme__place",),
            title=lambda draft: str(draft.programme.title),
            address=lambda draft: path("spaces:programme", draft.programme.place.slug),
        ),
        Kind(
            Territory,
            title=lambda place: str(place.name),
            address=lambda place: path("spaces:space", place.slug),
        ),
        Kind(Announcement),  # told to those it is sent to, and to nobody else
        Kind(
            Coach,
            ("person", "place"),
            title=lambda coach: str(coach.place),
            address=lambda coach: path("pool:pool"),
            receipt=lambda coach: path("pool:describe", coach.pk),
            people=lambda coach: (coach.person, None),
        ),
        Kind(
            HelpRequest,
            ("place",),
            title=lambda request: str(request.place),
            receipt=lambda request: path("pool:propose", request.pk),
            concerned=lambda request: _national(),
        ),
        Kind(
            Mission,
            ("place", "coach__person", "proposed_by"),
            title=lambda mission: str(mission.place),
            address=lambda mission: (
                path("custody:mission", mission.place.slug, mission.pk) if mission.is_public else ""
            ),
            receipt=lambda mission: path("custody:mission", mission.place.slug, mission.pk),
            concerned=_of_mission,
        ),
        Kind(Meeting, ("place",), title=str, address=_meeting, crowd=meetings.expected),
        Kind(
            Registration,
            ("meeting__place", "person", "contact"),
            title=lambda registration: str(registration.meeting),
            address=_meeting,
            receipt=lambda registration: path("meetings:registration", receipt_shown(registration.code)),
            people=lambda registration: (registration.person, registration.contact),
        ),
        Kind(Material, ("meeting__place",), title=lambda material: str(material.meeting), address=_meeting),
        Kind(Minutes, ("meeting__place",), title=lambda minutes: str(minutes.meeting), address=_meeting),
        Kind(Comment, ("by",), people=lambda comment: (comment.by, None)),
        Kind(Ruling, address=lambda ruling: path("moderation:ruling", ruling.pk)),
        Kind(
            RoleGrant,
            ("person", "territory"),
            title=lambda grant: f"{grant.get_role_display()} · {grant.territory}",
            address=lambda grant: path("accounts:roles"),
            people=lambda grant: (grant.person, None),
        ),
    ]
}
FOLLOWED = {Idea._meta.label_lower, Project._meta.label_lower, Territory._meta.label_lower}


def about(entry: Entry) -> tuple[str, int]:
    """The kind and number of what an entry is about, for its reader: a comment is about what it stands under."""
    if entry.action == "comment.said":
        return entry.particulars["about"], entry.particulars["number"]
    return entry.on_kind, entry.on_id
