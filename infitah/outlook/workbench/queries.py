from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from infitah.ground.accounts.models import Person, Role
from infitah.ground.moderation.models import Moderated
from infitah.ground.territories.models import Territory
from infitah.journey.adoption import queries as adoption
from infitah.journey.consultation import queries as consultation
from infitah.journey.consultation.models import Opinion
from infitah.journey.evaluation import queries as evaluation
from infitah.journey.evaluation.models import Evaluation
from infitah.journey.ideas.models import Idea
from infitah.journey.monitoring import queries as monitoring
from infitah.journey.programmes.models import Phase, Programme
from infitah.journey.programmes.queries import current_programme, cycles_to_begin, is_open
from infitah.journey.programmes.rules import sits
from infitah.journey.projects.models import Activity
from infitah.network.membership import queries as membership

BEFORE_A_SITTING = timedelta(days=30)  # a draft is ready a month before the council sits (domain.md 7)
PAGE = 50


@dataclass(frozen=True)
class Task:
    """Something to do: in a few words, where, and by when if there is a day."""

    text: str
    url: str
    by: date | None = None
    note: str = ""

    @property
    def is_late(self) -> bool:
        return self.by is not None and self.by < timezone.localdate()


@dataclass(frozen=True)
class Desk:
    """One place where the person does something: their roles there, the next three things, and the rest."""

    place: Territory
    programme: Programme | None
    roles: list[str]
    next: list[Task]
    later: list[Task]
    doors: list[tuple[str, str]]


def desks(person: Person) -> list[Desk]:
    """The person's places, those with something to do first."""
    held: dict[Territory, set[str]] = {}
    for grant in person.current_grants:
        if grant.role not in (Role.NATIONAL, Role.EVALUATOR):
            held.setdefault(grant.territory, set()).add(grant.role)
    found = [desk(person, place, roles) for place, roles in held.items()]
    return sorted(found, key=lambda one: (not one.next, one.place.code))


def desk(person: Person, place: Territory, roles: set[str]) -> Desk:
    """What there is to do at a place."""
    programme = current_programme(place)
    tasks = sorted(tasks_of(person, place, programme, roles), key=lambda task: task.by or date.max)
    names = [str(Role(role).label) for role in sorted(roles)]
    return Desk(place, programme, names, tasks[:3], tasks[3:], doors(place, programme, roles))


def doors(place: Territory, programme: Programme | None, roles: set[str]) -> list[tuple[str, str]]:
    """The desks behind which these roles work."""
    if not roles & {Role.FOCAL_POINT, Role.DEPUTY}:
        return [(name, reverse(door, args=[place.slug])) for name, door in doors_to_read(programme, roles)]
    named = [(_("Axes, dates, committee"), "programmes:setup"), *(doors_in_time(programme) if programme else [])]
    named += [(_("Meetings"), "meetings:meetings"), (_("Documents"), "spaces:documents")]
    named.append((_("Practices"), "practices:of_place"))
    named += [(_("Publications to look at"), "moderation:desk")]
    named += [(_("The five commitments"), "commitments:commitments")]
    named += [(_("Who may do what here"), "accounts:people"), (_("Hand-over"), "handover:handover")]
    return [(name, reverse(door, args=[place.slug])) for name, door in named]


def doors_in_time(programme: Programme) -> list[tuple[str, str]]:
    """The desks of a programme that are of use where it stands; none that would only say no."""
    named: list[tuple[str, str]] = []
    if not programme.is_frozen:
        named += [(_("Ideas to answer"), "ideas:inbox"), (_("Enter workshop ideas"), "ideas:enter")]
        named += [(_("Import a spreadsheet"), "ideas:import"), (_("Drafting board"), "projects:board")]
    if programme.status == Programme.Status.ADOPTED:
        named.append((_("Progress round"), "monitoring:progress"))
    if programme.status in Programme.IN_FORCE:
        named.append((_("Evaluation"), "evaluation:evaluation"))
    elif consultation.consulted(programme):
        named.append((_("Opinions to answer"), "consultation:opinions"))
    return [*named, (_("Council"), "adoption:council")]


def doors_to_read(programme: Programme | None, roles: set[str]) -> list[tuple[str, str]]:
    """What those who do not run the programme come for: to follow it, and to do their own part."""
    named = [(_("Page of the collectivity"), "spaces:space")]
    if programme is None:
        return named
    if Role.PROJECT_OWNER in roles and programme.status == Programme.Status.ADOPTED:
        named.append((_("Progress round"), "monitoring:progress"))
    named += [(_("Ideas"), "ideas:list"), (_("Consultation"), "consultation:consultation")]
    named += [(_("Programme"), "spaces:programme"), (_("Council"), "adoption:council")]
    return [*named, (_("Follow-up committee"), "programmes:composition"), (_("Evaluation"), "evaluation:evaluation")]


def tasks_of(person: Person, place: Territory, programme: Programme | None, roles: set[str]) -> Iterator[Task]:
    """Everything there is to do at a place in these roles."""
    runs = bool(roles & {Role.FOCAL_POINT, Role.DEPUTY})
    if runs:
        yield from adhering(place)
    if programme is None:
        if runs:
            yield Task(_("Begin the programme of your collectivity"), reverse("programmes:setup", args=[place.slug]))
        return
    if runs:
        yield from preparing(programme)
        yield from answering(programme)
        yield from consulting(programme)
    if runs or Role.CLERK in roles:
        yield from adopting(programme)
    if runs or Role.PROJECT_OWNER in roles:
        yield from carrying_out(programme)
    yield from judging(person, programme, runs)
    is_over = programme.status in (Programme.Status.CLOSED, Programme.Status.EVALUATED)
    if runs and is_over and cycles_to_begin(place).exists():
        yield Task(_("Begin the programme of a cycle"), reverse("programmes:setup", args=[place.slug]))


def adhering(place: Territory) -> Iterator[Task]:
    """The version of the charter that waits for a signature."""
    charter = membership.charter_awaited(place)
    if charter:
        text = _("Sign version %(version)s of the charter, and record it") % {"version": charter.version}
        yield Task(text, reverse("membership:adhere", args=[place.slug]), charter.in_force_on)


def preparing(programme: Programme) -> Iterator[Task]:
    """Before ideas: axes, dates, committee."""
    here = [programme.place.slug]
    planned = set(programme.phases.values_list("kind", flat=True))
    if not programme.axes.exists():
        yield Task(
            _("Word the priority axes, after the consultative body's opinion"), reverse("programmes:axes", args=here)
        )
    if not {Phase.Kind.IDEAS, Phase.Kind.CONSULTATION} <= planned:
        yield Task(_("Set the dates of the phases"), reverse("programmes:phases", args=here))
    if not hasattr(programme, "committee"):
        yield Task(_("Record the follow-up committee"), reverse("programmes:committee", args=here))


def answering(programme: Programme) -> Iterator[Task]:
    """Ideas held for a look, and ideas without an answer."""
    if programme.is_frozen:
        return
    here, ideas = [programme.place.slug], Idea.objects.filter(programme=programme)
    found = ideas.aggregate(
        held=Count("id", filter=Q(visibility=Moderated.Visibility.HELD)),
        waiting=Count("id", filter=Q(status=Idea.Status.RECEIVED, visibility=Moderated.Visibility.SHOWN)),
    )
    if found["held"]:
        text = ngettext("%(n)s idea waits for a look", "%(n)s ideas wait for a look", found["held"])
        yield Task(text % {"n": found["held"]}, reverse("moderation:desk", args=here), timezone.localdate())
    if found["waiting"]:
        text = ngettext("%(n)s idea waits for an answer", "%(n)s ideas wait for an answer", found["waiting"])
        yield Task(text % {"n": found["waiting"]}, reverse("projects:board", args=here), end_of(programme, "analysis"))


def consulting(programme: Programme) -> Iterator[Task]:
    """The draft to open, the opinions to answer, the version to validate."""
    here = [programme.place.slug]
    if programme.status in (Programme.Status.PREPARED, Programme.Status.DRAFTING, Programme.Status.REJECTED):
        if Idea.objects.filter(programme=programme).exists():
            note = " ".join(consultation.gaps(programme)[:1])
            begin = start_of(programme, "consultation")
            yield Task(
                _("Open the draft to consultation"), reverse("consultation:consultation", args=here), begin, note
            )
    elif programme.status == Programme.Status.CONSULTED:
        opinions = Opinion.objects.filter(draft__programme=programme).unanswered().count()
        if opinions:
            text = ngettext("%(n)s opinion waits for a reply", "%(n)s opinions wait for a reply", opinions)
            yield Task(
                text % {"n": opinions}, reverse("consultation:opinions", args=here), end_of(programme, "consultation")
            )
        if not is_open(programme, Phase.Kind.CONSULTATION):
            validated_by = month_before_sitting(programme)
            yield Task(_("Record the committee's validation"), reverse("adoption:council", args=here), validated_by)


def adopting(programme: Programme) -> Iterator[Task]:
    """The way through the council."""
    council = reverse("adoption:council", args=[programme.place.slug])
    if programme.status in (Programme.Status.VALIDATED, Programme.Status.POSTPONED):
        sitting = adoption.next_ordinary_session(programme.place, timezone.localdate())
        yield Task(_("Put the programme on the council's agenda"), council, sitting)
    pending = adoption.pending(programme)
    if pending:
        yield Task(_("Record the council's vote"), council, pending.sitting.sits_on)


def carrying_out(programme: Programme) -> Iterator[Task]:
    """Activities past their day, and projects of which nobody speaks."""
    if programme.status != Programme.Status.ADOPTED:
        return
    progress, today = reverse("monitoring:progress", args=[programme.place.slug]), timezone.localdate()
    open_still = [Activity.Status.NOT_STARTED, Activity.Status.UNDER_WAY, Activity.Status.STALLED]
    due = Activity.objects.filter(project__programme=programme, planned_until__lt=today, status__in=open_still)
    late = due.count()
    if late:
        text = ngettext("%(n)s activity is past its day", "%(n)s activities are past their day", late)
        yield Task(
            text % {"n": late}, progress, due.order_by("planned_until").values_list("planned_until", flat=True)[0]
        )
    silent = monitoring.silent_projects(today).filter(programme=programme).count()
    if silent:
        text = ngettext(
            "%(n)s project has been silent for 120 days", "%(n)s projects have been silent for 120 days", silent
        )
        yield Task(text % {"n": silent}, progress, today)


def judging(person: Person, programme: Programme, runs: bool) -> Iterator[Task]:
    """What either side rates and evaluates."""
    is_civil = sits(person, programme, "civil")
    if programme.status in Programme.IN_FORCE and is_civil:
        yield Task(_("Rate the activities as civil society"), reverse("spaces:programme", args=[programme.place.slug]))
    if not (runs or is_civil) or not (evaluation.is_due(programme) or programme.evaluations.exists()):
        return
    side = Evaluation.Side.COLLECTIVITY if runs else Evaluation.Side.CIVIL
    filed = programme.evaluations.filter(side=side).exclude(status=Evaluation.Status.OPEN)
    if not filed.exists():
        yield Task(_("Answer the evaluation"), reverse("evaluation:evaluation", args=[programme.place.slug]))


def start_of(programme: Programme, kind: str) -> date | None:
    """The day a phase is planned to begin."""
    return programme.phases.filter(kind=kind).values_list("planned_from", flat=True).first()


def end_of(programme: Programme, kind: str) -> date | None:
    """The day a phase is planned to end."""
    return programme.phases.filter(kind=kind).values_list("planned_until", flat=True).first()


def month_before_sitting(programme: Programme) -> date | None:
    """Planned back from the next ordinary session of this kind of council."""
    sitting = adoption.next_ordinary_session(programme.place, timezone.localdate())
    return sitting - BEFORE_A_SITTING if sitting else None


# -- the national team, and everyone ----------------------------------------------------------


def stages() -> list[tuple[str, str, int]]:
    """How many programmes stand at each step: status, its name, the count."""
    counted = dict(Programme.objects.exclude(place__kind="country").values_list("status").annotate(n=Count("id")))
    return [(status.value, str(status.label), counted.get(status.value, 0)) for status in Programme.Status]


def overview(status: str, *, after: str = "") -> list[Programme]:
    """Programmes, one step or all, by territory code from `after` on; one more than a page where there is more."""
    found = Programme.objects.exclude(place__kind="country").select_related("place__parent", "cycle__cohort")
    if status in Programme.Status.values:
        found = found.filter(status=status)
    late = Q(phases__planned_until__lt=timezone.localdate(), phases__kind=Phase.Kind.COUNCIL)
    not_through = ~Q(status__in=Programme.IN_FORCE)
    return list(
        found.filter(place__code__gt=after)
        .annotate(lateness=Count("phases", filter=late & not_through))
        .order_by("place__code")[: PAGE + 1]
    )


def given_by(person: Person) -> QuerySet[Idea]:
    """The person's own ideas, latest first."""
    return Idea.objects.filter(author=person).select_related("place", "axis").order_by("-pk")[:20]


def opinions_of(person: Person) -> QuerySet[Opinion]:
    """The person's own opinions, latest first."""
    given = Opinion.objects.filter(author=person, entered_by=None).select_related("project__place", "reply")
    return given.order_by("-pk")[:20]


def ended(today: date) -> QuerySet[Programme]:
    """Programmes that an independent evaluator may look at: in force and past their years, or closed."""
    over = Q(status=Programme.Status.CLOSED) | Q(status=Programme.Status.ADOPTED, cycle__ends_on__lt=today)
    return Programme.objects.filter(over).select_related("place", "cycle").order_by("place__code")[:PAGE]
