"""What each action of the ledger is told as, and to whom."""

from dataclasses import dataclass
from enum import Enum, auto

from django.utils.translation import gettext_lazy as _

from infitah.outlook.sentences.queries import Words


class To(Enum):
    """Who is told."""

    AUTHOR = auto()  # of the contribution, at once
    FOLLOWERS = auto()  # of the thing, in a digest
    PLACE = auto()  # followers of the collectivity, in a digest
    CONCERNED = auto()  # those whom it concerns by their role, at once
    EXPECTED = auto()  # those who have a place at the meeting, at once
    REGISTERED = auto()  # they, and those who wait for a place
    NATIONAL = auto()  # the national team, at once
    NETWORK = auto()  # focal points and deputies of all members, in their weekly letter


@dataclass(frozen=True)
class Told:
    """What is said to whom of an action."""

    to: To
    words: Words


TO_READ = _("An application to join has been sent: it waits for you to read it.")
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
    "help.asked": [Told(To.NATIONAL, _("A member asks the competency pool for help."))],
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
    "charter.published": [
        Told(To.CONCERNED, _("A new version of the charter asks your collectivity to adhere again."))
    ],
    "member.admitted": [
        Told(To.CONCERNED, _("Your collectivity is admitted to the network: it now signs the charter."))
    ],
    "member.rested": [Told(To.CONCERNED, _("Your collectivity is recorded as dormant, with a reason."))],
    "member.woken": [Told(To.CONCERNED, _("Your collectivity is an active member again."))],
    "member.left": [Told(To.CONCERNED, _("Your collectivity is recorded as having left the network, with a reason."))],
    "role.handed_over": [
        Told(To.AUTHOR, _("You take over a role: all that is handed over stands on one page.")),
        Told(To.CONCERNED, _("Your role passes to somebody else, on the day agreed.")),
    ],
    "role.recalled": [Told(To.AUTHOR, _("Somebody else was named to take over the role; nothing is asked of you."))],
    "role.acknowledged": [Told(To.CONCERNED, _("Whoever takes over your role has read what you handed over."))],
    "practice.published": [
        Told(To.AUTHOR, _("A peer found your practice ready: it is published.")),
        Told(To.NETWORK, _("A new practice is published.")),
    ],
    "practice.sent_back": [Told(To.AUTHOR, _("A peer gave advice on your practice."))],
    "practice.adapted": [Told(To.AUTHOR, _("Another member has begun a project from your practice."))],
    "practice.asked_for": [Told(To.CONCERNED, _("The national team asks for your word on a practice."))],
    "practice.withdrawn": [Told(To.AUTHOR, _("Your practice was withdrawn, with a reason."))],
    "question.asked": [Told(To.NETWORK, _("A member asks the others."))],
    "question.answered": [Told(To.AUTHOR, _("Somebody answered your question."))],
    "answer.accepted": [Told(To.AUTHOR, _("Your answer helped: the asker accepted it."))],
    "application.submitted": [
        Told(To.AUTHOR, _("Your application has been received.")),
        Told(To.CONCERNED, TO_READ),
        Told(To.NATIONAL, TO_READ),
    ],
    "application.advised": [
        Told(To.AUTHOR, _("The wilaya or province gave its opinion on your application.")),
        Told(To.NATIONAL, _("The wilaya or province gave its opinion on an application to join.")),
    ],
    "application.returned": [Told(To.AUTHOR, _("The national team asks you to complete your application."))],
    "application.accepted": [
        Told(To.AUTHOR, _("Your application is accepted: your collectivity is admitted. Next, the charter is signed.")),
    ],
    "application.refused": [Told(To.AUTHOR, _("Your application is refused. The reason is on its page."))],
    "application.withdrawn": [Told(To.AUTHOR, _("Your application is withdrawn."))],
    "role.granted": [Told(To.AUTHOR, _("You have a new role."))],
    "role.revoked": [Told(To.AUTHOR, _("A role of yours was taken back."))],
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


def _runners(**where: Any) -> list[Person]:
    """The focal points and deputies of today, there."""
    found = RoleGrant.objects.current().filter(role__in=RUNNERS, **where).select_related("person")
    return [grant.person for grant in found]


def _of_mission(mission: Mission) -> list[Person]:
    """The coach, those who run the programme of the place, and whoever proposed the mission."""
    proposer = [mission.proposed_by] if mission.proposed_by else []
    return [mission.coach.person, *_runners(territory=mission.place), *proposer]


def _meeting(thing: Any) -> str:
    return path("meetings:meeting", thing.pk if isinstance(thing, Meeting) else thing.meeting_id)


def _project(project: Project) -> str:
    return path("custody:project", project.place.slug, project.number)


ASKED = [Member.Status.ADMITTED, Member.Status.ACTIVE, Member.Status.DORMANT]  # who is asked to sign a charter
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
        Kind(
            Practice,
            ("place", "author", "reviewer"),
            title=lambda practice: practice.title if practice.is_public else "",
            address=lambda practice: path("practices:practice", practice.pk) if practice.is_public else "",
            receipt=lambda practice: path("practices:practice", practice.pk),
            people=lambda practice: (practice.author, None),
            concerned=lambda practice: [practice.reviewer] if practice.reviewer else [],
        ),
        Kind(
            Question,
            ("home", "by"),
            title=lambda question: question.title if question.is_public else "",
            address=lambda question: path("questions:question", question.pk) if question.is_public else "",
            receipt=lambda question: path("questions:question", question.pk),
            people=lambda question: (question.by, None),
        ),
        Kind(
            Answer,
            ("question", "by"),
            title=lambda answer: answer.question.title if answer.is_public and answer.question.is_public else "",
            address=lambda answer: path("questions:question", answer.question_id),
            people=lambda answer: (answer.by, None),
        ),
        Kind(
            Call,
            title=lambda call: str(call.title) if call.is_published else "",
            address=lambda call: path("calls:call", call.number) if call.is_published else "",
        ),
        Kind(
            Application,
            ("call", "place", "applicant"),
            title=lambda application: application.public_name,
            address=lambda application: path("calls:call", application.call.number),
            receipt=calls.link,
            people=lambda application: (None, application.applicant),
        ),
        Kind(Comment, ("by",), people=lambda comment: (comment.by, None)),
        Kind(Ruling, address=lambda ruling: path("moderation:ruling", ruling.pk)),
        Kind(
            Charter,
            title=lambda charter: _("Version %(version)s of the charter") % {"version": charter.version},
            address=lambda charter: path("membership:version", charter.version) if charter.published_at else "",
            concerned=lambda charter: _runners(territory__membership__status__in=ASKED),
        ),
        Kind(Cohort, title=str, address=lambda cohort: path("membership:cohorts")),
        Kind(
            Member,
            ("place",),
            title=lambda member: str(member.place),
            address=lambda member: path("membership:member", member.place.slug),
            concerned=lambda member: _runners(territory=member.place),
        ),
        Kind(
            Adhesion,
            ("member__place",),
            title=lambda adhesion: str(adhesion.member.place),
            address=lambda adhesion: path("membership:member", adhesion.member.place.slug),
        ),
        Kind(
            Declaration,
            ("place",),
            title=lambda declaration: f"{declaration.get_kind_display()} · {declaration.place}",
            address=lambda declaration: path("commitments:commitments", declaration.place.slug),
        ),
        Kind(
            HandOver,
            ("place", "incoming", "outgoing"),
            title=lambda named: f"{named.get_role_display()} · {named.place}",
            address=lambda named: path("membership:member", named.place.slug),
            receipt=lambda named: path("handover:handover", named.place.slug),
            people=lambda named: (named.incoming, None),
            concerned=lambda named: [named.outgoing] if named.outgoing else [],
        ),
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
    """The kind and number of what an entry is about, for its reader: a comment or an answer is about what it stands
    under."""
    if entry.action in {"comment.said", "question.answered"}:
        return entry.particulars["about"], entry.particulars["number"]
    return entry.on_kind, entry.on_id
