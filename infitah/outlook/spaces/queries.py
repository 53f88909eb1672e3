"""What a member's pages show: few questions, however much there is to show."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Aggregate, Count, F, FloatField, OuterRef, Q, QuerySet, Subquery, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from infitah.ground.territories.models import Territory
from infitah.journey.adoption.models import Deliberation, Validation
from infitah.journey.consultation.models import Draft
from infitah.journey.evaluation.queries import by_block, published
from infitah.journey.ideas.models import Channel, Decision, Idea
from infitah.journey.monitoring.queries import ProjectRatings, ratings_by_project
from infitah.journey.programmes.models import Phase, Programme, Shift
from infitah.journey.programmes.queries import Step, composition_told, seated
from infitah.journey.projects.models import Project
from infitah.lib.lists import page_before
from infitah.network.meetings.models import Meeting
from infitah.network.membership.models import Member
from infitah.network.membership.queries import present
from infitah.outlook.custody import queries as custody

from .models import Document


class MedianDays(Aggregate):
    """The middle of the days between two moments."""

    template = "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY EXTRACT(EPOCH FROM %(expressions)s) / 86400)"
    output_field = FloatField()


@dataclass(frozen=True)
class Figures:
    """What is counted of a programme's ideas; days as a median, None where nothing can be said."""

    ideas: int = 0
    from_workshops: int = 0
    answered: int = 0
    days: float | None = None

    @property
    def rate(self) -> int | None:
        """How many in a hundred have got an answer with its reason; rounded down: 100 means all."""
        return self.answered * 100 // self.ideas if self.ideas else None

    @property
    def whole_days(self) -> int:
        return round(self.days or 0)


def find(slug: str) -> Territory | None:
    """The place, with what stands above it and its membership."""
    above = "parent", "parent__parent", "parent__parent__parent", "membership", "membership__cohort"
    outlines = ["outline", "parent__outline", "parent__parent__outline", "parent__parent__parent__outline"]
    return Territory.objects.select_related(*above).defer(*outlines).filter(slug=slug).first()


def above(place: Territory) -> list[Territory]:
    """Region and province of a place read by `find`, the widest first; the country left out."""
    ways = [place.parent, place.parent.parent if place.parent else None]
    return [way for way in reversed(ways) if way and way.kind != Territory.Kind.COUNTRY]


def membership(place: Territory) -> Member | None:
    """The place's membership, unless it has left."""
    member: Member | None = getattr(place, "membership", None)
    return member if member and member.status != Member.Status.LEFT else None


def programmes(place: Territory) -> list[Programme]:
    """The programmes of a place, the latest first."""
    return list(Programme.objects.filter(place=place).select_related("cycle").order_by("-cycle__starts_on", "-id"))


def figures(programme: Programme) -> Figures:
    """What residents gave and got, counted from the published ideas of the programme."""
    counted = (
        Idea.objects.public()
        .filter(programme=programme)
        .aggregate(
            ideas=Count("id"),
            from_workshops=Count("id", filter=Q(channel=Channel.WORKSHOP)),
            answered=Count("id", filter=Q(status=Idea.Status.DECIDED)),
            days=MedianDays(F("decided_at") - F("received_at")),
        )
    )
    return Figures(**counted)


def answers(programme: Programme, *, limit: int = 3) -> list[Idea]:
    """The ideas answered last, each with its `trail`, `reason` and `reason_language`."""
    answered = Idea.objects.public().filter(programme=programme, status=Idea.Status.DECIDED, lead=None)
    last = Decision.objects.filter(idea=OuterRef("pk")).order_by("-id")
    found = custody.with_milestones(answered.select_related("workshop")).annotate(
        reason=Subquery(last.values("reason")[:1]), reason_language=Subquery(last.values("language")[:1])
    )
    ideas: list[Any] = list(found.order_by("-decided_at", "-id")[:limit])
    for idea in ideas:
        idea.trail = custody.milestones(idea)
    return ideas


# -- the programme and its two ratings ---------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """Where a project stands: how many of its activities each side holds to be complete."""

    project: Project
    ratings: ProjectRatings


def standings(programme: Programme) -> list[Standing]:
    """The standing projects of a programme in the order of its axes, each with both sides' counts; four queries.

    Nothing is counted before the council has the programme: one query.
    """
    rated = ratings_by_project(programme) if programme.is_frozen else {}
    projects = Project.objects.filter(programme=programme).standing().select_related("axis")
    return [
        Standing(project, rated.get(project.pk, ProjectRatings()))
        for project in projects.order_by("axis__number", "number")
    ]


# -- the one thing to do now --------------------------------------------------------------------------


WITH_RESIDENTS = {Phase.Kind.IDEAS, Phase.Kind.CONSULTATION}  # only while they are open


@dataclass(frozen=True)
class Invitation:
    """What a resident can do here today."""

    title: str
    text: str
    action: str
    url: str
    icon: str = ""


def invitation(programme: Programme, step: Step | None, given: Figures, projects: int) -> Invitation:
    """The one thing to do now; it follows from what the council decided, else from the phase that is open."""
    place = programme.place
    kind = step.kind if step and (step.kind not in WITH_RESIDENTS or step.phase and step.phase.is_open()) else ""
    if programme.status in {Programme.Status.POSTPONED, Programme.Status.REJECTED}:
        return _to_read_the_vote(programme, reverse("adoption:council", args=[place.slug]))
    if kind == Phase.Kind.IDEAS:
        return _to_give(reverse("ideas:new", args=[place.slug]))
    if kind in {"", Phase.Kind.ANALYSIS} and given.ideas:
        return _to_read_answers(reverse("ideas:list", args=[place.slug]), given)
    if kind == Phase.Kind.CONSULTATION and projects:
        return _to_opine(reverse("consultation:consultation", args=[place.slug]), projects)
    return _to_follow(kind, reverse("spaces:programme", args=[place.slug]))


def _to_read_the_vote(programme: Programme, url: str) -> Invitation:
    if programme.status == Programme.Status.POSTPONED:
        text = _("It votes on the same version at a later sitting. Its reason is published, and so will be the day.")
        return Invitation(_("The council put off its vote"), text, _("Read the reason"), url, "vote")
    text = _("Its reason is published. The ideas and their answers stay, for the next programme.")
    return Invitation(_("The council did not adopt the programme"), text, _("Read the reason"), url, "vote")


def _to_give(url: str) -> Invitation:
    text = _("Say what does not work and what you propose, in your own words and language. No account, one minute.")
    return Invitation(_("What would you change here?"), text, _("Give an idea"), url, "idea")


def _to_read_answers(url: str, given: Figures) -> Invitation:
    counted = {"answered": given.answered, "n": given.ideas}
    if not given.answered:
        text = _("They are being read. Each answer will stand here with its reason.")
        return Invitation(_("Every idea gets an answer"), text, _("See the ideas"), url)
    if given.answered == given.ideas:
        text = ngettext("The idea given has its answer.", "All %(n)s ideas have their answer.", given.ideas)
    else:
        text = ngettext(
            "%(answered)s of %(n)s idea has its answer; the others are being read.",
            "%(answered)s of %(n)s ideas have their answer; the others are being read.",
            given.ideas,
        )
    return Invitation(_("Every idea gets an answer"), text % counted, _("See the answers"), url)


def _to_opine(url: str, projects: int) -> Invitation:
    waiting = ngettext("%(count)s project waits for your opinion", "%(count)s projects wait for your opinion", projects)
    text = _("Residents' ideas have become projects. Say if you agree and what to change. No account, three minutes.")
    return Invitation(waiting % {"count": projects}, text, _("Give my opinion"), url, "speech")


def _to_follow(kind: str, url: str) -> Invitation:
    if kind == Phase.Kind.COUNCIL:
        text = _("Sittings of the council are public. Read what it votes on before the day.")
        return Invitation(_("The council votes on the programme"), text, _("Read the programme"), url, "vote")
    if kind in {Phase.Kind.IMPLEMENTATION, Phase.Kind.EVALUATION}:
        text = _("For each activity: its proof, what the collectivity says of it, and what civil society says.")
        return Invitation(_("See what has been done, and what has not"), text, _("Follow the programme"), url, "eye")
    text = _("The dates on which you can give ideas will stand here. What is already there can be read.")
    return Invitation(_("The programme is being prepared"), text, _("See the programme"), url)


# -- days to come ------------------------------------------------------------------------------------


LAST_DAYS: dict[str, Any] = {
    Phase.Kind.IDEAS: gettext_lazy("Last day for ideas"),
    Phase.Kind.CONSULTATION: gettext_lazy("Last day for opinions"),
}


@dataclass(frozen=True)
class Event:
    """A day to come."""

    at: date
    title: Any
    text: str
    url: str = ""
    why: str = ""  # if it was put off or brought forward


def events(place: Territory, steps: list[Step], *, limit: int = 4) -> list[Event]:
    """The next dates of a place, soonest first: meetings, and the ends of what is open now."""
    coming = place.meetings.filter(called_off_at=None, starts_at__gte=timezone.now()).order_by("starts_at")
    found = [
        Event(timezone.localdate(each.starts_at), each.title, told(each), reverse("meetings:meeting", args=[each.pk]))
        for each in coming[:limit]
    ]
    now = [step.phase for step in steps if step.phase and step.phase.is_open() and step.kind in LAST_DAYS]
    why = dict(Shift.objects.filter(phase__in=now).order_by("id").values_list("phase", "reason"))
    found += [
        Event(last_day(phase), LAST_DAYS[phase.kind], _("online and in person"), why=why.get(phase.pk, ""))
        for phase in now
    ]
    return sorted(found, key=lambda event: event.at)[:limit]


def told(meeting: Meeting) -> str:
    """Where, at what time, and what those who come may expect: to be informed, to be consulted, to decide."""
    parts = (meeting.venue, f"{timezone.localtime(meeting.starts_at):%H:%M}", meeting.get_influence_display())
    return "\u00a0· ".join(str(part) for part in parts if part)


def last_day(phase: Phase) -> date:
    """The last day on which a phase is open."""
    if phase.closes_at is None:
        return phase.planned_until
    return timezone.localdate(phase.closes_at - timedelta(seconds=1))


# -- around ------------------------------------------------------------------------------------------


def neighbours(place: Territory, *, limit: int = 8) -> list[Member]:
    """Members under the same roof: the same province, and the province itself."""
    near = Q(place__parent=place.parent) | Q(place=place.parent)
    return list(_members().filter(near).exclude(place=place).order_by("place__code")[:limit])


def members_under(place: Territory) -> QuerySet[Member]:
    """The members in a region or a province, the place itself aside."""
    return _members().filter(Q(place__parent=place) | Q(place__parent__parent=place))


def _members() -> QuerySet[Member]:
    return present().select_related("place", "cohort").defer("place__outline").order_by("place__code")


# -- the programme as a document -----------------------------------------------------------------------


def whole(programme: Programme) -> dict[str, Any]:
    """All of a programme: axes with their projects and activities, versions, votes, committee, both evaluations."""
    found = standings(programme)
    prefetch_related_objects([each.project for each in found], "activities")
    under: dict[int | None, list[Standing]] = defaultdict(list)
    for standing in found:
        under[standing.project.axis_id].append(standing)
    axes = [(axis, under.pop(axis.pk, [])) for axis in programme.axes.all()]
    votes = Deliberation.objects.filter(programme=programme).select_related("sitting", "draft")
    drafts = list(Draft.objects.filter(programme=programme).defer("contents").order_by("version"))
    return {
        "axes": axes,
        "others": [standing for left in under.values() for standing in left],
        "count": len(found),
        "is_consulted": any(draft.is_consulted for draft in drafts),
        "drafts": drafts,
        "validations": list(Validation.objects.filter(programme=programme).order_by("id")),
        "votes": list(votes.order_by("sitting__sits_on", "id")),
        "committee": composition_told(seated(programme)),
        "blocks": by_block(published(programme)),
    }


# -- documents -------------------------------------------------------------------------------------------

PAGE = 20


def documents(place: Territory, before: int | None) -> tuple[list[Document], int | None]:
    """A page of what the place has published, latest first, and the number before which the next page begins."""
    return page_before(Document.objects.filter(place=place), before, PAGE)
