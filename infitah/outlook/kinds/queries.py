"""The kinds of things that the ledger tells of, in the order of the journey."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from infitah.ground.accounts.models import RUNNERS, Contact, Person, Role, RoleGrant
from infitah.ground.areas.models import PolicyArea
from infitah.ground.discussion import queries as discussion
from infitah.ground.discussion.models import Comment
from infitah.ground.ledger.models import Entry
from infitah.ground.moderation.models import Ruling
from infitah.ground.organisations.models import Organisation, Speaker
from infitah.ground.organisations.queries import speakers_of
from infitah.ground.territories import queries as territories
from infitah.ground.territories.models import Territory
from infitah.journey.consultation.models import Draft, Opinion
from infitah.journey.ideas.models import Idea
from infitah.journey.monitoring.models import Evidence, Rating
from infitah.journey.programmes.models import Phase, Programme
from infitah.journey.projects.models import Activity, Project
from infitah.lib.text import receipt_shown
from infitah.network.calls import queries as calls
from infitah.network.calls.models import Application, Call
from infitah.network.meetings import queries as meetings
from infitah.network.meetings.models import Material, Meeting, Minutes, Registration
from infitah.network.membership.models import Adhesion, Charter, Cohort, HandOver, Member
from infitah.network.pool.models import Coach, HelpRequest, Mission
from infitah.network.questions.models import Answer, Question
from infitah.outlook.commitments.models import Declaration
from infitah.outlook.practices.models import Practice


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
    receipt: Callable[[Any], str] = lambda thing: ""  # seen by its author, and often good for nobody else
    desk: Callable[[Any], str] = lambda thing: ""  # seen by those whom it concerns by their role
    people: Callable[[Any], tuple[Person | None, Contact | None]] = lambda thing: (None, None)
    crowd: Callable[[Any, bool], list[tuple[Person | None, Contact | None]]] = lambda thing, with_waiting: []
    followed: Callable[[Any], models.Model | None] = lambda thing: thing
    concerned: Callable[[Any], Iterable[Person]] = lambda thing: ()


def _shown(thing: Any, words: str) -> str:
    return words[:90] if thing.is_public else ""


def _holders(roles: Iterable[str], **where: Any) -> list[Person]:
    """Who holds one of the roles there today."""
    held = RoleGrant.objects.current().filter(role__in=roles, **where)
    return list(Person.objects.filter(pk__in=held.values("person")).order_by("pk"))


def _runners(**where: Any) -> list[Person]:
    """The focal points and deputies of today, there."""
    return _holders(RUNNERS, **where)


def _advisers(application: Application) -> list[Person]:
    """The wilaya and the province in which the applicant lies."""
    place = application.place
    return _holders([Role.WILAYA], territory__in=[place, *territories.above(place)]) if place else []


def _of_mission(mission: Mission) -> list[Person]:
    """The coach, those who run the programme of the place, and whoever proposed the mission."""
    proposer = [mission.proposed_by] if mission.proposed_by else []
    return [mission.coach.person, *_runners(territory=mission.place), *proposer]


def _of_organisation(organisation: Organisation) -> list[Person]:
    """Those who verify it, which is the national team where nobody runs the place, and those who speak for it."""
    place = organisation.place
    verifiers = _runners(territory=place) or _holders([Role.NATIONAL])
    return [*verifiers, *(speaker.person for speaker in speakers_of(organisation) if speaker.accepted_at)]


def _organisation(organisation: Organisation) -> str:
    return path("voices:organisation", organisation.pk)


def _meeting(thing: Any) -> str:
    return path("meetings:meeting", thing.pk if isinstance(thing, Meeting) else thing.meeting_id)


def _project(project: Project) -> str:
    return path("custody:project", project.place.slug, project.number)


def _activity(activity: Activity) -> str:
    return path("monitoring:activity", activity.project.place.slug, activity.project.number, activity.number)


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
            desk=lambda idea: path("ideas:decide", idea.place.slug, idea.number),
            people=lambda idea: (idea.author, idea.contact),
            concerned=lambda idea: _runners(territory=idea.place),
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
        Kind(
            Project,
            ("place",),
            title=lambda project: str(project.title),
            address=_project,
            concerned=lambda project: _runners(territory=project.place),
        ),
        Kind(
            Activity,
            ("project__place",),
            title=lambda activity: str(activity.title),
            address=_activity,
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
            address=lambda programme: f"{path('spaces:programme', programme.place.slug)}?cycle={programme.cycle_id}",
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
            desk=lambda request: path("pool:propose", request.pk),
        ),
        Kind(
            Mission,
            ("place", "coach__person", "proposed_by"),
            title=lambda mission: str(mission.place),
            address=lambda mission: (
                path("custody:mission", mission.place.slug, mission.pk) if mission.is_public else ""
            ),
            desk=lambda mission: path("custody:mission", mission.place.slug, mission.pk),
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
            address=lambda practice: (
                path("practices:practice", practice.pk) if practice.is_public or practice.is_gone else ""
            ),
            receipt=lambda practice: path("practices:practice", practice.pk),
            desk=lambda practice: path("practices:practice", practice.pk),
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
            receipt=calls.link,  # whoever bears it is the applicant
            desk=lambda application: path("calls:review", application.call.number, application.pk),
            people=lambda application: (None, application.applicant),
            concerned=_advisers,
        ),
        Kind(
            Organisation,
            ("place", "by"),
            title=lambda organisation: str(organisation) if organisation.is_public else "",
            address=lambda organisation: _organisation(organisation) if organisation.is_public else "",
            receipt=_organisation,
            desk=_organisation,
            people=lambda organisation: (organisation.by, None),
            concerned=_of_organisation,
        ),
        Kind(
            Speaker,
            ("organisation__place", "person"),
            title=lambda speaker: str(speaker.organisation) if speaker.organisation.is_public else "",
            address=lambda speaker: _organisation(speaker.organisation) if speaker.organisation.is_public else "",
            receipt=lambda speaker: _organisation(speaker.organisation),
            people=lambda speaker: (speaker.person, None),
        ),
        Kind(PolicyArea, title=str, address=lambda area: path("areas:areas")),
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
            desk=lambda named: path("handover:handover", named.place.slug),
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
Key = tuple[str, int]  # the kind of a thing, and its number
FOLLOWED = {followed._meta.label_lower for followed in (Idea, Project, Practice, Territory)}


def about(entry: Entry) -> Key:
    """The kind and number of what an entry is about, for its reader: a comment or an answer is about what it stands
    under."""
    if entry.action in {"comment.said", "question.answered"}:
        return entry.particulars["about"], entry.particulars["number"]
    return entry.on_kind, entry.on_id


def things(keys: Iterable[Key]) -> dict[Key, Any]:
    """The things themselves, with what their titles and addresses need: one query a kind."""
    numbers: dict[str, set[int]] = defaultdict(set)
    for kind, number in keys:
        if kind in KINDS:
            numbers[kind].add(number)
    return {
        (kind, thing.pk): thing
        for kind, wanted in numbers.items()
        for thing in KINDS[kind].model._base_manager.filter(pk__in=wanted).select_related(*KINDS[kind].related)
    }


def address_of(kind: str, number: int) -> str:
    """Where a thing is seen by everyone; a comment, under what it is about. Empty where nothing is."""
    thing = things([(kind, number)]).get((kind, number))
    if isinstance(thing, Comment):
        page = address_of(thing.on_kind, thing.on_id)
        return discussion.at(page, thing) if page else ""
    return KINDS[kind].address(thing) if thing else ""
