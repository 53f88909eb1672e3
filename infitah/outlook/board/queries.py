from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from infitah.ground.accounts.models import Person, Role, RoleGrant
from infitah.ground.territories import queries as territories
from infitah.journey.adoption.queries import BEFORE_A_SITTING, next_sessions
from infitah.journey.programmes.models import Axis, Phase, Programme, Seat
from infitah.lib.dates import month
from infitah.lib.i18n import READ, Localized
from infitah.lib.lists import cut, page_before
from infitah.network.membership.models import Cohort, Member
from infitah.network.pool.models import HelpRequest, Mission
from infitah.outlook.directory.queries import NO_PROGRAMME, choices, directory, listed, step_said

from .catalog import AFTER_THE_VOTE, ATTENTION, FILTERS, READY_FOR_COUNCIL, UNDONE
from .models import PhoneCall

PAGE = 25
SILENT_AFTER = timedelta(days=90)
SPARED = timedelta(days=14)  # who was called is not called again at once
TO_CALL = 10
Chosen = Mapping[str, Any]

# -- which members, and what is told of each in the database -----------------------------------------


def scope(person: Person) -> Q:
    """The members whose board the person sees: all for the national team, those of its territory for a wilaya."""
    if person.is_national:
        return Q()
    inside = Q(pk=None)
    for grant in person.current_grants:
        if grant.role == Role.WILAYA:
            inside |= Q(place__in=territories.inside(grant.territory))
    return inside


def late_phases(now: datetime) -> QuerySet[Phase]:
    """The planned steps whose last day has passed and that are not done, by the programme's own calendar."""
    unworded = Q(kind=Phase.Kind.AXES) & ~Exists(Axis.objects.filter(programme=OuterRef("programme")))
    still_open = Q(kind=Phase.Kind.IDEAS) & (Q(closes_at=None) | Q(closes_at__gt=now))
    undone = unworded | still_open
    for kind, statuses in UNDONE.items():
        undone |= Q(kind=kind, programme__status__in=statuses)
    return Phase.objects.filter(undone, planned_until__lt=timezone.localdate(now)).order_by()


def watched(person: Person, chosen: Chosen) -> QuerySet[Any]:
    """The members of the directory that the person sees, each with `silent_since` (the day of its last sign, or on
    which it joined), narrowed also by `attention`."""
    silent_since = Coalesce(TruncDate("place__last_sign__at"), F("joined_on"))
    members: QuerySet[Any] = directory(chosen).filter(scope(person)).annotate(silent_since=silent_since)
    attention = chosen.get("attention")
    return members.filter(needs_attention(attention)) if attention else members


WAITING = HelpRequest.objects.filter(status__in=[HelpRequest.Status.OPEN, HelpRequest.Status.PROPOSED]).order_by("pk")
HERE = {"place": OuterRef("place")}


def engaged() -> QuerySet[Mission]:
    """The coaches' missions agreed or under way, the latest first."""
    return Mission.objects.engaged().order_by("-pk")


def needs_attention(name: str) -> Q:
    """Why a member calls for attention, as a filter of `watched`."""
    now = timezone.now()
    return {
        "late": lambda: Q(programme__in=late_phases(now).values("programme")),
        "sitting": lambda: too_late_for_the_sitting(timezone.localdate(now)),
        "help": lambda: Q(place__in=WAITING.order_by().values("place")),
        "silent": lambda: Q(silent_since__lte=timezone.localdate(now) - SILENT_AFTER),
        "coached": lambda: Q(place__in=engaged().order_by().values("place")),
    }[name]()


def too_late_for_the_sitting(today: date) -> Q:
    """Members with a programme to bring before a council that will not be ready a month before it sits."""
    kinds = [kind for kind, sits in next_sessions(today).items() if sits - BEFORE_A_SITTING < today]
    unready = [status for status in Programme.Status if status not in [*READY_FOR_COUNCIL, *Programme.IN_FORCE]]
    return Q(place__kind__in=kinds or [""], step__in=unready)  # an empty list would empty what is counted beside it


# -- the matrix ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """A member at a step: `state` is done, now, late, next or none; the note says when, or by how much."""

    name: str
    state: str
    note: str
    days: int = 0  # late


@dataclass(frozen=True)
class Sitting:
    """The council's next ordinary session, and how many days are left (late, if negative) to be ready for it."""

    on: date
    days: int | None  # None once the programme is ready

    @property
    def short(self) -> int:
        """Days by which it is too late."""
        return max(-(self.days or 0), 0)


@dataclass(frozen=True)
class Row:
    """A member on the board."""

    member: Any
    step: str
    cells: list[Cell]
    late: Cell | None  # the step that should have been done first
    sitting: Sitting | None


@dataclass(frozen=True)
class Board:
    """A page of the matrix, the code after which the next begins, and how many members there are in all."""

    rows: list[Row]
    after: str
    total: int


def board(person: Person, chosen: Chosen, *, after: str = "") -> Board:
    """A page of the board, as many queries whatever it shows."""
    members = watched(person, chosen)
    shown, last = cut(with_all(members).filter(place__code__gt=after), PAGE)
    return Board(list(rows_of(shown)), last.place.code if last else "", members.count())


def with_all(members: QuerySet[Any]) -> QuerySet[Any]:
    """With all that a row tells: its last sign, what it asks help for, and a coach's mission there."""
    waiting, missions = WAITING.filter(**HERE), engaged().filter(**HERE)
    found: QuerySet[Any] = listed(members).annotate(
        has_axes=Exists(Axis.objects.filter(programme=OuterRef("programme"))),
        help=Subquery(waiting.values("pk")[:1]),
        help_at=Subquery(waiting.values("asked_at")[:1]),
        mission=Subquery(missions.values("pk")[:1]),
        mission_until=Subquery(missions.values("ends_on")[:1]),
    )
    return found.select_related("place__last_sign")


def rows_of(members: Iterable[Any]) -> Iterator[Row]:
    """The rows of these members, in two queries."""
    members = list(members)
    now, sessions = timezone.now(), next_sessions(timezone.localdate())
    planned: dict[int, dict[str, Phase]] = {}
    for phase in Phase.objects.filter(programme__in=[member.programme for member in members]):
        planned.setdefault(phase.programme_id, {})[phase.kind] = phase
    for member in members:
        cells = [cell(member, kind, planned.get(member.programme, {}).get(kind), now) for kind in Phase.Kind]
        late = max((each for each in cells if each.days), key=lambda each: each.days, default=None)
        yield Row(member, step_said(member), cells, late, sitting(member, sessions))


def cell(member: Any, kind: Phase.Kind, phase: Phase | None, now: datetime) -> Cell:
    """Where a member stands at a step, against its own calendar."""
    name, today = str(kind.label), timezone.localdate(now)
    if phase is None:
        return Cell(name, "none", "")
    is_past = phase.planned_until < today
    if is_past and is_undone(member, kind, phase, now):
        days = (today - phase.planned_until).days
        return Cell(name, "late", ngettext("%(n)s d", "%(n)s d", days) % {"n": days}, days)
    if is_past or phase.is_over(now):
        return Cell(name, "done", "")
    has_to_wait = kind in AFTER_THE_VOTE and member.step not in Programme.IN_FORCE
    if phase.is_open(now) and not has_to_wait:
        return Cell(name, "now", f"{phase.planned_until:%d/%m/%y}")
    return Cell(name, "next", f"{phase.planned_from:%m/%y}")


def is_undone(member: Any, kind: str, phase: Phase, now: datetime) -> bool:
    """The same as `late_phases` asks of the database."""
    if kind == Phase.Kind.AXES:
        return not member.has_axes
    if kind == Phase.Kind.IDEAS:
        return not phase.is_over(now)
    return member.step in UNDONE.get(kind, [])


def sitting(member: Any, sessions: Mapping[str, date]) -> Sitting | None:
    """How the member stands against the next ordinary session of its council; None where nothing goes before it."""
    on = sessions.get(member.place.kind)
    if on is None or member.step is None or member.step in Programme.IN_FORCE:
        return None
    if member.step in READY_FOR_COUNCIL:
        return Sitting(on, None)
    return Sitting(on, (on - BEFORE_A_SITTING - timezone.localdate()).days)


def figures(person: Person) -> dict[str, int]:
    """How many of the members that the person sees call for attention, and why; one query."""
    wanted = {f"n_{name}": Count("pk", filter=needs_attention(name)) for name in ATTENTION}
    counted = watched(person, {}).aggregate(**wanted)
    return {name.removeprefix("n_"): number for name, number in counted.items()}


def table(person: Person, chosen: Chosen) -> Iterator[list[str | int]]:
    """The board as the rows of a spreadsheet, its header first."""
    yield [
        *(_("Code"), "ar", "fr", _("Type"), _("Region"), _("Cohort"), _("Status"), _("Step")),
        *(str(kind.label) for kind in Phase.Kind),
        *(_("Late: which step"), _("Late: days"), _("Next ordinary session"), _("Too late for it: days")),
        *(_("Last activity"), _("Asked for help on"), _("Coach until")),
    ]
    for row in rows_of(with_all(watched(person, chosen))):
        place, sits = row.member.place, row.sitting
        above = {way.kind: str(way.name) for way in (place.parent, place.parent and place.parent.parent) if way}
        sign = getattr(place, "last_sign", None)
        yield [
            *(place.code, place.name.get("ar", ""), place.name.get("fr", ""), place.get_kind_display()),
            *(above.get("region", ""), row.member.cohort.label, row.member.get_status_display(), row.step),
            *(" ".join(filter(None, [state_said(each.state), each.note])) for each in row.cells),
            *(row.late.name if row.late else "", row.late.days if row.late else ""),
            *(f"{month(sits.on)} {sits.on.year}" if sits else "", sits.short if sits else ""),
            f"{timezone.localdate(sign.at):%Y-%m-%d}" if sign else "",
            f"{timezone.localdate(row.member.help_at):%Y-%m-%d}" if row.member.help_at else "",
            f"{row.member.mission_until:%Y-%m-%d}" if row.member.mission_until else "",
        ]


def state_said(state: str) -> str:
    """A state in a word."""
    return {"done": _("done"), "now": _("now"), "late": _("late"), "next": _("planned")}.get(state, "")


# -- cohorts side by side ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """A line of the comparison: what is counted, the filter that lists it, and the count of each cohort."""

    name: str
    asked: str
    numbers: list[tuple[str, int]]  # the cohort's number, how many


def side_by_side(person: Person) -> tuple[list[str], list[Line]]:
    """The cohorts by name, and line after line how many of each stand at a step, and call for attention; two queries
    and the calendar of sessions."""
    steps = [(NO_PROGRAMME, _("No programme yet")), *Programme.Status.choices]
    wanted = {f"step={step}": Q(step=None if step == NO_PROGRAMME else step) for step, _said in steps}
    wanted |= {f"attention={name}": needs_attention(name) for name in ATTENTION}
    named = {"": _("Members"), **{f"step={step}": str(said) for step, said in steps}}
    named |= {f"attention={name}": str(said) for name, said in ATTENTION.items()}
    keys = {f"n{turn}": asked for turn, asked in enumerate(wanted)}
    counted = watched(person, {}).order_by().values("cohort__number")
    found: dict[int, dict[str, Any]] = {
        row["cohort__number"]: row
        for row in counted.annotate(n=Count("pk"), **{key: Count("pk", filter=wanted[keys[key]]) for key in keys})
    }
    cohorts = list(Cohort.objects.all())
    lines = [
        Line(named[asked], asked, [(str(each.number), found.get(each.number, {}).get(key, 0)) for each in cohorts])
        for key, asked in {"n": "", **keys}.items()
    ]
    return [each.label for each in cohorts], [line for line in lines if any(n for _number, n in line.numbers)]


# -- whom to call ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ToCall:
    """A silent member: since when, who can be reached there, and what was noted of the last call."""

    member: Any
    grants: list[RoleGrant]
    noted: PhoneCall | None

    @property
    def days(self) -> int:
        silence: timedelta = timezone.localdate() - self.member.silent_since
        return silence.days


def to_call(person: Person) -> list[ToCall]:
    """The ten active members with the longest silence that were not called these days, the longest first."""
    lately = PhoneCall.objects.filter(member=OuterRef("pk"), called_on__gt=timezone.localdate() - SPARED)
    silent: QuerySet[Any] = watched(person, {"status": Member.Status.ACTIVE}).filter(~Exists(lately))
    ordered: QuerySet[Any] = listed(silent).order_by("silent_since", "place__code")
    members = list(ordered[:TO_CALL])
    held: dict[int, list[RoleGrant]] = {}
    reached = [Role.FOCAL_POINT, Role.DEPUTY, Role.PRESIDENT]
    grants = RoleGrant.objects.current().filter(territory__in=[each.place_id for each in members], role__in=reached)
    for grant in sorted(grants.select_related("person"), key=lambda each: reached.index(Role(each.role))):
        held.setdefault(grant.territory_id, []).append(grant)
    noted = PhoneCall.objects.filter(member__in=members).order_by("member", "-id").distinct("member")
    last = {call.member_id: call for call in noted.select_related("by")}
    return [ToCall(member, held.get(member.place_id, []), last.get(member.pk)) for member in members]


def called(before: int | None = None) -> tuple[list[PhoneCall], int | None]:
    """A page of the calls noted, latest first, and the number before which the next page begins."""
    calls = PhoneCall.objects.select_related("member__place", "by").defer("member__place__outline")
    return page_before(calls, before, PAGE)


def filter_choices() -> dict[str, list[tuple[str, Any]]]:
    """What each filter can be set to."""
    return {**choices(), "attention": list(ATTENTION.items())}


# -- to whom an announcement goes --------------------------------------------------------------------


def segment(person: Person, chosen: Chosen, roles: list[str]) -> QuerySet[Person]:
    """The people who hold one of the roles at a member so chosen, each once; the committee is also who sits on that of
    the latest programme."""
    members = watched(person, chosen).order_by()
    places = members.values("place")
    grants = RoleGrant.objects.current().filter(role__in=roles, territory__in=places)
    by_role = Q(pk__in=grants.values("person"))
    if Role.COMMITTEE in roles:
        seats = Seat.objects.filter(until=None, committee__programme__in=members.values("programme"))
        by_role |= Q(pk__in=seats.filter(person__isnull=False).values("person"))
    return Person.objects.filter(by_role, is_active=True)


def described(segment: Chosen, known: Mapping[str, list[tuple[str, Any]]]) -> list[tuple[str, str]]:
    """To whom an announcement goes, in words: the roles, and each filter that was set; `known` are the choices."""
    labels = {name: {str(key): str(said) for key, said in options} for name, options in known.items()}
    said = [(_("Written to"), " · ".join(str(Role(role).label) for role in segment.get("roles", [])))]
    said += [
        (str(FILTERS[name]), labels.get(name, {}).get(str(value), str(value)))
        for name, value in segment.items()
        if name in FILTERS
    ]
    return said


def letters(subject: Localized, text: Localized) -> list[tuple[Localized, Localized]]:
    """What is written, a language after the other, as each reader gets it."""
    codes = [code for code in READ if subject.get(code) or text.get(code)]
    return [(Localized({code: subject.get(code, "")}), Localized({code: text.get(code, "")})) for code in codes]
