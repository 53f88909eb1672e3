from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from infitah.ground.accounts.models import Person
from infitah.ground.ledger import actions as ledger
from infitah.ground.ledger.models import Entry
from infitah.ground.organisations.models import Organisation
from infitah.ground.territories.models import Territory
from infitah.lib import text
from infitah.lib.dates import midnight
from infitah.lib.errors import NotPossible, Overtaken, require
from infitah.lib.i18n import Localized
from infitah.lib.states import lock, mark, move

from . import queries, rules
from .models import Axis, Committee, Cycle, Phase, Programme, Seat, Shift


@transaction.atomic
def plan_cycle(name: Localized, *, starts_on: date, ends_on: date, cohort_id: int | None = None) -> Cycle:
    """The cycle of a cohort (or, without one, of the country); the same cycle is planned once."""
    cycle, is_new = Cycle.objects.get_or_create(
        cohort_id=cohort_id,  # type: ignore[misc]  # None is the country's own cycle
        starts_on=starts_on,
        defaults={"name": name, "ends_on": ends_on},
    )
    if is_new:
        ledger.record("cycle.planned", by=None, on=cycle, starts_on=str(starts_on), ends_on=str(ends_on))
    return cycle


@transaction.atomic
def prepare(
    place: Territory, *, by: Person, cycle: Cycle, title: Localized, source: str = "", is_demonstration: bool = False
) -> Programme:
    """Begin the programme of a place in a cycle."""
    place = lock(place)
    require(rules.can_prepare(by, place))
    taken = Programme.objects.filter(cycle=cycle, place=place).exists()
    require(not taken, NotPossible(_("The programme of this cycle has already been begun.")))
    programme = Programme.objects.create(
        cycle=cycle, place=place, title=title, source=source, is_demonstration=is_demonstration
    )
    ledger.record("programme.prepared", by=by, on=programme, place=place)
    return programme


def require_unsettled(programme: Programme) -> None:
    """The axes are worded until the council has them before it."""
    require(not programme.is_frozen, NotPossible(_("The programme is before the council: its axes are settled.")))


@transaction.atomic
def word_axes(
    programme: Programme,
    *,
    by: Person,
    names: list[Localized],
    opinion: Localized | None = None,
    opinion_by: Localized | None = None,
    opinion_on: date | None = None,
    seen: str = "",
) -> list[Axis]:
    """Word the priority axes, with what the consultative bodies said of them; not unread of what others wrote since
    they were `seen`.

    Axes are numbered in the order given. Once ideas refer to an axis it is reworded, never removed.
    """
    programme = lock(programme)
    require(rules.can_word(by, programme))
    require_unsettled(programme)
    worded = list(programme.axes.all())
    removed = NotPossible(_("An axis that exists can be reworded, not removed: ideas may refer to it."))
    require(len(names) >= len(worded), removed)
    heard = {"opinion": opinion or Localized(), "opinion_by": opinion_by or Localized(), "opinion_on": opinion_on}
    is_so = all(getattr(programme, name) == value for name, value in heard.items())
    if is_so and [axis.name for axis in worded] == names:  # a second click
        return worded
    stood = mark(programme, "axes", *heard)
    require(seen in ("", stood), Overtaken(stood))
    for name, value in heard.items():
        setattr(programme, name, value)
    programme.save(update_fields=list(heard))
    axes = [
        Axis.objects.update_or_create(programme=programme, number=number, defaults={"name": name})[0]
        for number, name in enumerate(names, 1)
    ]
    prints = [text.print_of(name) for name in names]
    ledger.record("axes.worded", by=by, on=programme, place=programme.place, axes_sha256=prints)
    return axes


@transaction.atomic
def schedule(
    programme: Programme,
    kind: str,
    *,
    by: Person,
    planned_from: date,
    planned_until: date,
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
) -> Phase:
    """Plan a phase, or plan it anew before it begins. It opens and closes with its days unless told otherwise.

    Once it has begun its planned days stay, for comparison; its moments are moved by `shift`.
    """
    programme = lock(programme)
    require(rules.can_schedule(by, programme))
    require(planned_from <= planned_until, NotPossible(_("A phase ends after it begins.")))
    known = queries.phase_of(programme, kind)
    begun = NotPossible(_("This phase has begun: its planned days stay. Change its moments instead, and say why."))
    require(known is None or not known.has_begun(), begun)
    phase, _is_new = Phase.objects.update_or_create(
        programme=programme,
        kind=kind,
        defaults={
            "planned_from": planned_from,
            "planned_until": planned_until,
            "opens_at": opens_at or midnight(planned_from),
            "closes_at": closes_at or midnight(planned_until + timedelta(days=1)),
        },
    )
    dates = {"planned_from": str(planned_from), "planned_until": str(planned_until)}
    ledger.record("phase.scheduled", by=by, on=programme, place=programme.place, phase=kind, **dates)
    return phase


@transaction.atomic
def plan(programme: Programme, *, by: Person, days: dict[str, tuple[date, date]]) -> list[Phase]:
    """Plan several phases, `{kind: (first day, last day)}`; all of them or none."""
    return [
        schedule(programme, kind, by=by, planned_from=begins, planned_until=ends)
        for kind, (begins, ends) in days.items()
    ]


@transaction.atomic
def shift(phase: Phase, *, by: Person, opens_at: datetime, closes_at: datetime | None, reason: str) -> Phase:
    """Open or close a phase at other moments than planned, and say why; the planned dates stay for comparison."""
    phase = lock(phase)
    require(rules.can_shift(by, phase.programme))
    require(closes_at is None or opens_at < closes_at, NotPossible(_("A phase ends after it begins.")))
    require(bool(reason.strip()), NotPossible(_("Say why the dates change: residents read it.")))
    reason = text.clean(reason)
    is_said = queries.shifts(phase.programme).get(phase.kind) == reason
    if is_said and (phase.opens_at, phase.closes_at) == (opens_at, closes_at):
        return phase
    phase.opens_at, phase.closes_at = opens_at, closes_at
    phase.save(update_fields=["opens_at", "closes_at"])
    made = Shift.objects.create(phase=phase, opens_at=opens_at, closes_at=closes_at, reason=reason, by=by)
    moments = {"opens_at": opens_at.isoformat(), "closes_at": closes_at.isoformat() if closes_at else None}
    told = {"phase": phase.kind, **moments, "shift": made.pk, "reason_sha256": text.print_of(reason)}
    ledger.record("phase.shifted", by=by, on=phase.programme, place=phase.programme.place, **told)
    return phase


@transaction.atomic
def announce(now: datetime) -> list[Phase]:
    """Write down that phases have opened, once each; time opens them, nobody does. Long past ones pass in silence."""
    opened = Phase.objects.filter(opens_at__lte=now, opens_at__gt=now - timedelta(days=2))
    phases = list(opened.select_for_update(of=("self",)).select_related("programme__place"))
    said = Entry.objects.filter(action="phase.opened", on_kind=Phase._meta.label_lower)
    known = set(said.filter(on_id__in=[phase.pk for phase in phases]).values_list("on_id", flat=True))
    phases = [phase for phase in phases if phase.pk not in known]
    for phase in phases:
        ledger.record("phase.opened", by=None, on=phase, place=phase.programme.place, phase=phase.kind)
    return phases


@transaction.atomic
def set_up_committee(programme: Programme, *, by: Person, set_up_on: date, decision: str = "") -> Committee:
    """Record the decision that sets up the follow-up committee."""
    programme = lock(programme)
    require(rules.can_seat(by, programme))
    told = {"set_up_on": set_up_on, "decision": decision}
    known = Committee.objects.filter(programme=programme, **told).first()
    if known:  # a second click
        return known
    committee, _is_new = Committee.objects.update_or_create(programme=programme, defaults=told)
    ledger.record("committee.set_up", by=by, on=programme, place=programme.place, set_up_on=str(set_up_on))
    return committee


@transaction.atomic
def seat(
    committee: Committee,
    *,
    by: Person,
    side: str,
    name: str,
    function: Localized,
    since: date,
    gender: str = "",
    person: Person | None = None,
    organisation: Organisation | None = None,
) -> Seat:
    """Give someone a seat on the committee. Whoever already sits there under that name keeps the one seat."""
    committee = lock(committee)
    require(rules.can_seat(by, committee.programme))
    require_seatable(committee.programme, organisation)
    known = committee.seats.filter(side=side, name=name, until=None).first()
    if known:
        return known
    seat = Seat.objects.create(
        committee=committee,
        side=side,
        name=name,
        function=function,
        gender=gender,
        since=since,
        person=person,
        organisation=organisation,
    )
    ledger.record("seat.given", by=by, on=committee.programme, place=committee.programme.place, side=side, seat=seat.pk)
    return seat


def require_seatable(programme: Programme, organisation: Organisation | None) -> None:
    """A seat is tied to a verified organisation that works in the collectivity itself."""
    is_of_here = organisation is None or (organisation.is_verified and organisation.place_id == programme.place_id)
    require(is_of_here, NotPossible(_("Only a verified organisation of this collectivity can hold a seat here.")))


@transaction.atomic
def represent(seat: Seat, *, by: Person, organisation: Organisation | None) -> Seat:
    """Say for which organisation somebody sits, or that it is for none."""
    seat = lock(seat)
    programme = seat.committee.programme
    require(rules.can_seat(by, programme))
    require_seatable(programme, organisation)
    if seat.organisation != organisation:
        seat.organisation = organisation
        seat.save(update_fields=["organisation"])
        told = {"seat": seat.pk, "organisation": organisation.pk if organisation else None}
        ledger.record("seat.represents", by=by, on=programme, place=programme.place, **told)
    return seat


@transaction.atomic
def unseat(seat: Seat, *, by: Person, until: date) -> Seat:
    """End a seat; it stays in the committee's history."""
    seat = lock(seat)
    programme = seat.committee.programme
    require(rules.can_seat(by, programme))
    if seat.until == until:  # a second click
        return seat
    require(seat.until is None, NotPossible(_("This seat has already ended.")))
    require(until >= seat.since, NotPossible(_("A seat ends after it begins.")))
    seat.until = until
    seat.save(update_fields=["until"])
    ledger.record("seat.ended", by=by, on=programme, place=programme.place, seat=seat.pk, until=str(until))
    return seat


@transaction.atomic
def close(programme: Programme, *, by: Person) -> Programme:
    """End the implementation; what is left open stays visible as it is."""
    programme = lock(programme)
    require(rules.can_run(by, programme))
    if programme.status == Programme.Status.CLOSED:  # a second click
        return programme
    move(programme, Programme.Status.CLOSED)
    ledger.record("programme.closed", by=by, on=programme, place=programme.place)
    return programme
