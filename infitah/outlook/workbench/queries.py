from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from infitah.ground.accounts.models import Person, Role, RoleGrant
from infitah.ground.accounts.queries import holders
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
from infitah.journey.programmes.queries import current_programme, cycles_to_begin, span
from infitah.journey.programmes.rules import sits
from infitah.journey.projects.models import Activity
from infitah.lib.dates import day
from infitah.network.calls import queries as calls
from infitah.network.meetings.models import Meeting
from infitah.network.membership import queries as membership
from infitah.network.pool import queries as pool

from .catalog import AHEAD, DOORS, POINTS, RUNNING, Calendar, For, Point, Task, applications_to_read, practices_to_read

WRITTEN_AFTER = timedelta(days=3)  # a workshop is written down while one remembers it
ANSWERED_AFTER = timedelta(days=7)  # a member who asks for a coach
NEXT = 3
PAGE = 50


@dataclass(frozen=True)
class Desk:
    """One place where the person does something: their roles there, the next three things, and the rest."""

    place: Territory
    programme: Programme | None
    roles: list[str]
    next: list[Task]
    later: list[Task]
    doors: list[tuple[str, str]]


@dataclass(frozen=True)
class Bench:
    """All of a person's tasks: the next three, the most urgent first, then the others; and their desks."""

    next: list[Task]
    later: list[Task]
    desks: list[Desk]
    is_national: bool

    @property
    def is_spread(self) -> bool:
        """Whether the tasks are of several places, so that each says its own."""
        return len({task.place for task in [*self.next, *self.later]}) > 1


def bench(person: Person) -> Bench:
    """What the person has to do, wherever they do it."""
    found = desks(person)
    tasks = [task for one in found for task in [*one.next, *one.later]]
    tasks += [*of_coach(person), *practices_to_read(person)]
    if person.is_national:
        tasks += of_national_team()
    tasks = by_day(tasks)
    return Bench(tasks[:NEXT], tasks[NEXT:], found, person.is_national)


def by_day(tasks: Iterable[Task]) -> list[Task]:
    """The most urgent first; those without a day last."""
    return sorted(tasks, key=lambda task: task.by or date.max)


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
    tasks = by_day(tasks_of(person, place, programme, roles))
    names = [str(Role(role).label) for role in sorted(roles)]
    here = [*missions_here(person, place, roles), *doors(place, programme, roles)]
    return Desk(place, programme, names, tasks[:NEXT], tasks[NEXT:], here)


def missions_here(person: Person, place: Territory, roles: set[str]) -> list[tuple[str, str]]:
    """The pages of the person's own missions at the place."""
    lasting = pool.lasting_at(place) if Role.COACH in roles else []
    own = [mission.pk for mission in lasting if mission.coach.person_id == person.pk]
    return [(_("My mission here"), reverse("custody:mission", args=[place.slug, number])) for number in own]


def doors(place: Territory, programme: Programme | None, roles: set[str]) -> list[tuple[str, str]]:
    """The desks behind which these roles work, and those of use to whoever only follows."""
    groups = {For.READER}
    if roles & RUNNING:
        groups = {For.RUNNER}
    elif Role.COACH in roles and programme and not programme.is_frozen:
        groups = {For.COACH}
    elif Role.PROJECT_OWNER in roles:
        groups = {For.READER, For.OWNER}
    here = [door for door in DOORS if door.to & groups and door.is_of_use(programme)]
    board = [(_("Board of the network"), reverse("board:board"))] if Role.WILAYA in roles else []
    return board + [(str(door.name), reverse(door.url, args=[place.slug])) for door in here]


def tasks_of(person: Person, place: Territory, programme: Programme | None, roles: set[str]) -> Iterator[Task]:
    """Everything there is to do at a place in these roles."""
    runs = bool(roles & RUNNING)
    yield from belonging(person, place, roles)
    if runs:
        yield from about_missions(place)
        yield from beginning(place, programme)
    if Role.WILAYA in roles:
        yield from applications_to_read(calls.waiting_for_advice(place), place)
    if programme is None:
        return
    dates = calendar_of(programme)
    if runs or Role.COACH in roles:
        yield from preparing(programme, dates, runs)
        yield from answering(programme, dates, runs)
        yield from drafting(programme, dates, runs)
    if runs or Role.CLERK in roles:
        yield from adopting(programme, dates, runs)
    if runs or Role.PROJECT_OWNER in roles:
        yield from carrying_out(programme)
    if runs:
        yield from consulting(programme, dates)
        yield from following(programme, dates)
    yield from judging(person, programme, dates, runs)


def belonging(person: Person, place: Territory, roles: set[str]) -> Iterator[Task]:
    """What the network asks of a member: to read what was handed over, to sign the charter, to name who runs it."""
    here = [place.slug]
    if roles & RUNNING:
        named = place.hand_overs.standing().filter(incoming=person, acknowledged_at=None).first()
        if named:
            text, url = _("Read what is handed over to you"), reverse("handover:handover", args=here)
            yield Task(text, url, named.handed_on, action=_("Read it all"), place=place)
        charter = membership.charter_awaited(place)
        if charter:
            text = _("Sign version %(version)s of the charter, and record it") % {"version": charter.version}
            url, by = reverse("membership:adhere", args=here), charter.in_force_on
            yield Task(text, url, by, action=_("Record the signing"), place=place)
    elif roles & {Role.PRESIDENT, Role.CLERK} and not holders(Role.FOCAL_POINT, place):
        text, url = _("Name a focal point: nobody holds the role"), reverse("membership:hand_over", args=here)
        yield Task(text, url, action=_("Name someone"), place=place)


def beginning(place: Territory, programme: Programme | None) -> Iterator[Task]:
    """No programme yet, or one that is over with a cycle that waits."""
    begin = reverse("programmes:setup", args=[place.slug])
    if programme is None:
        yield Task(_("Begin the programme of your collectivity"), begin, action=_("Begin"), place=place)
    elif programme.status in (Programme.Status.CLOSED, Programme.Status.EVALUATED) and cycles_to_begin(place).exists():
        yield Task(_("Begin the programme of a cycle"), begin, action=_("Begin"), place=place)


def calendar_of(programme: Programme) -> Calendar:
    """The days of the programme, and the session of its council for which they are meant. Three queries at most."""
    phases = {phase.kind: span(phase) for phase in programme.phases.all()}
    planned = {point: phases[kind][last] for point, (kind, last) in POINTS.items() if kind in phases}
    today, council = timezone.localdate(), phases.get(Phase.Kind.COUNCIL)
    after = today
    if council:
        after = max(today, council[0].replace(day=1))
    elif Phase.Kind.CONSULTATION in phases:
        after = max(today, phases[Phase.Kind.CONSULTATION][1] + adoption.BEFORE_A_SITTING)
    elif programme.status in (Programme.Status.PREPARED, Programme.Status.DRAFTING):
        after = today + timedelta(days=AHEAD)
    return Calendar(planned, adoption.next_ordinary_session(programme.place, after))


def about_missions(place: Territory) -> Iterator[Task]:
    """A coach who is proposed, and a mission that is over: the member has a word to say."""
    for mission in pool.missions_awaiting_member(place):
        url = reverse("custody:mission", args=[place.slug, mission.pk])
        if mission.is_over:
            yield Task(_("Say what the coach's mission brought you"), url, action=_("Say a word"), place=place)
        else:
            text = _("A coach is proposed to you: agree, or say why not")
            yield Task(text, url, mission.starts_on, action=_("Look at the mission"), place=place)


def preparing(programme: Programme, dates: Calendar, runs: bool) -> Iterator[Task]:
    """Before ideas: axes, dates, committee; workshops to announce and to write down."""
    if programme.is_frozen:
        return
    place = programme.place
    if not programme.axes.exists():
        yield dates.task("axes", place)
    if not {Point.IDEAS_OPEN, Point.DRAFT_OPENS} <= dates.planned.keys():
        yield dates.task("dates", place)
    if runs and not hasattr(programme, "committee"):
        yield dates.task("committee", place)
    opens, closes = dates.planned.get(Point.IDEAS_OPEN), dates.planned.get(Point.IDEAS_CLOSE)
    if opens and closes:
        yield from workshops(programme, dates, opens, closes, runs)


def workshops(programme: Programme, dates: Calendar, opens: date, closes: date, runs: bool) -> Iterator[Task]:
    """None announced while ideas are open; or one held, of which nothing has been written down."""
    place, now = programme.place, timezone.now()
    held = place.meetings.filter(kind=Meeting.Kind.WORKSHOP, called_off_at=None, starts_at__date__range=(opens, closes))
    counted = held.annotate(written=Count("ideas"))
    starts = list(counted.values_list("starts_at", "written").order_by("starts_at"))
    if not starts and runs and timezone.localdate() <= closes:
        yield dates.task("workshop", place)
    silent = [at for at, written in starts if at < now and not written]
    if silent:
        text, by = _("Write down what people said in the workshop"), timezone.localdate(silent[0]) + WRITTEN_AFTER
        enter = reverse("ideas:enter", args=[place.slug])
        why = _("Planned back from %(what)s: %(day)s") % {"what": _("the workshop"), "day": day(silent[0])}
        yield Task(text, enter, by, why=why, action=_("Enter workshop ideas"), place=place)


def answering(programme: Programme, dates: Calendar, runs: bool) -> Iterator[Task]:
    """Ideas held for a look, and ideas without an answer; a coach groups them."""
    if programme.is_frozen:
        return
    place, ideas = programme.place, Idea.objects.filter(programme=programme)
    found = ideas.aggregate(
        held=Count("id", filter=Q(visibility=Moderated.Visibility.HELD)),
        waiting=Count("id", filter=Q(status=Idea.Status.RECEIVED, visibility=Moderated.Visibility.SHOWN)),
    )
    if found["held"] and runs:
        text = ngettext("%(n)s idea waits for a look", "%(n)s ideas wait for a look", found["held"])
        desk, today = reverse("moderation:desk", args=[place.slug]), timezone.localdate()
        yield Task(text % {"n": found["held"]}, desk, today, action=_("Look"), place=place)
    if found["waiting"]:
        text = ngettext("%(n)s idea waits for an answer", "%(n)s ideas wait for an answer", found["waiting"])
        said = text % {"n": found["waiting"]}
        yield dates.task("answer", place, text=said) if runs else dates.task("group", place, note=said)


def drafting(programme: Programme, dates: Calendar, runs: bool) -> Iterator[Task]:
    """The projects to write, the draft to open."""
    if programme.status not in (Programme.Status.PREPARED, Programme.Status.DRAFTING, Programme.Status.REJECTED):
        return
    is_written = programme.projects.exists()
    if not is_written:
        yield dates.task("draft", programme.place)
    if runs:
        note = " ".join(consultation.gaps(programme)[:1]) if is_written else ""
        yield dates.task("open", programme.place, note=note)


def consulting(programme: Programme, dates: Calendar) -> Iterator[Task]:
    """The workshop to announce, the opinions to answer."""
    if programme.status != Programme.Status.CONSULTED:
        return
    place, opens, closes = programme.place, dates.day(Point.DRAFT_OPENS), dates.day(Point.DRAFT_CLOSES)
    if opens and closes and closes >= timezone.localdate():
        announced = place.meetings.filter(called_off_at=None, starts_at__date__range=(opens, closes))
        if not announced.exclude(kind=Meeting.Kind.COMMITTEE).exists():
            yield dates.task("hear", place)
    opinions = Opinion.objects.filter(draft__programme=programme).unanswered().count()
    if opinions:
        text = ngettext("%(n)s opinion waits for a reply", "%(n)s opinions wait for a reply", opinions)
        yield dates.task("reply", place, text=text % {"n": opinions})


def adopting(programme: Programme, dates: Calendar, runs: bool) -> Iterator[Task]:
    """The way through the council, for as much of it as is still ahead."""
    place, status = programme.place, programme.status
    if status in Programme.IN_FORCE:
        return
    pending = adoption.pending(programme)
    if runs and not programme.is_frozen:
        yield dates.task("validate", place)
    if runs and not programme.is_frozen or status in (Programme.Status.VALIDATED, Programme.Status.POSTPONED):
        yield dates.task("agenda", place)
    if pending:
        why = _("The council sits on %(day)s") % {"day": day(pending.sitting.sits_on)}
        yield replace(dates.task("vote", place, by=pending.sitting.sits_on), why=why)
    elif runs and not programme.is_frozen or status in (Programme.Status.VALIDATED, Programme.Status.POSTPONED):
        yield dates.task("vote", place)


def following(programme: Programme, dates: Calendar) -> Iterator[Task]:
    """Before and during the implementation: its years, who is in charge, the committee's meetings."""
    if not programme.is_frozen or programme.status == Programme.Status.EVALUATED:
        return
    place, now = programme.place, timezone.now()
    if not {Point.WORK_BEGINS, Point.EVALUATION_CLOSES} <= dates.planned.keys():
        yield dates.task("years", place)
    if not RoleGrant.objects.current().filter(role=Role.PROJECT_OWNER, territory=place).exists():
        owners = dates.task("owners", place)
        yield replace(owners, by=None, why="") if programme.status in Programme.IN_FORCE else owners
    met = place.meetings.filter(kind=Meeting.Kind.COMMITTEE, called_off_at=None, starts_at__gte=now)
    if not met.exists():
        yield dates.task("follow", place)


def carrying_out(programme: Programme) -> Iterator[Task]:
    """Activities past their day or next to be done, and projects of which nobody speaks."""
    if programme.status != Programme.Status.ADOPTED:
        return
    place, today = programme.place, timezone.localdate()
    progress = reverse("monitoring:progress", args=[place.slug])
    open_still = [Activity.Status.NOT_STARTED, Activity.Status.UNDER_WAY, Activity.Status.STALLED]
    due = Activity.objects.filter(project__programme=programme, status__in=open_still).exclude(
        project__status="dropped"
    )
    days = list(due.order_by("planned_until").values_list("planned_until", flat=True))
    late = [one for one in days if one < today]
    if late:
        text = ngettext("%(n)s activity is past its day", "%(n)s activities are past their day", len(late))
        why = _("The first one was planned until %(day)s") % {"day": day(late[0])}
        yield Task(text % {"n": len(late)}, progress, late[0], why=why, action=_("Report progress"), place=place)
    if len(days) > len(late):
        text, action = _("Report on the activity that ends next"), _("Progress round")
        yield Task(text, progress, days[len(late)], action=action, place=place)
    silent = monitoring.silent_projects(today).filter(programme=programme).count()
    if silent:
        text = ngettext(
            "%(n)s project has been silent for 120 days", "%(n)s projects have been silent for 120 days", silent
        )
        yield Task(text % {"n": silent}, progress, today, action=_("Report progress"), place=place)


def judging(person: Person, programme: Programme, dates: Calendar, runs: bool) -> Iterator[Task]:
    """What either side rates and evaluates."""
    is_civil = sits(person, programme, "civil")
    if programme.status in Programme.IN_FORCE and is_civil:
        url = reverse("spaces:programme", args=[programme.place.slug])
        yield Task(_("Rate the activities as civil society"), url, action=_("Rate"), place=programme.place)
    if not (runs or is_civil) or not (evaluation.is_due(programme) or programme.evaluations.exists()):
        return
    side = Evaluation.Side.COLLECTIVITY if runs else Evaluation.Side.CIVIL
    filed = programme.evaluations.filter(side=side).exclude(status=Evaluation.Status.OPEN)
    if not filed.exists():
        yield dates.task("evaluate", programme.place)


def of_coach(person: Person) -> Iterator[Task]:
    """Missions proposed to the person, and those that lack a report."""
    for mission in pool.to_agree(person):
        url = reverse("custody:mission", args=[mission.place.slug, mission.pk])
        text = _("A mission is proposed to you: agree, or say why not")
        yield Task(text, url, mission.starts_on, action=_("Look at the mission"), place=mission.place)
    for mission in pool.soon_over(person):
        url = reverse("pool:end", args=[mission.place.slug, mission.pk])
        why = _("The mission ends on %(day)s") % {"day": day(mission.ends_on)}
        text = _("Report on your mission")
        yield Task(text, url, mission.ends_on, why=why, action=_("Write the report"), place=mission.place)


def of_national_team() -> Iterator[Task]:
    """Members who wait for a coach, collectivities for an answer to their application."""
    waiting = pool.waiting().aggregate(n=Count("pk"), first=Min("asked_at"))
    if waiting["n"]:
        text = ngettext("%(n)s member waits for a coach", "%(n)s members wait for a coach", waiting["n"])
        by = timezone.localdate(waiting["first"]) + ANSWERED_AFTER
        why = _("A week after the first request: %(day)s") % {"day": day(waiting["first"])}
        url = reverse("pool:requests")
        yield Task(text % {"n": waiting["n"]}, url, by, why=why, action=_("Find coaches"))
    yield from applications_to_read(calls.waiting_for_verdict())


# -- everyone ---------------------------------------------------------------------------------


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
