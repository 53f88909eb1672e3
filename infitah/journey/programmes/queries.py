from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from infitah.ground.organisations.models import Organisation
from infitah.ground.territories.models import Territory
from infitah.lib import dates
from infitah.lib.errors import NotPossible
from infitah.lib.i18n import listed
from infitah.network.meetings.models import Meeting

from .models import Cycle, Phase, Programme, Seat, Shift

LONG = 300  # days; a phase of years is told in years


def current_programme(place: Territory) -> Programme | None:
    """The place's latest programme, by the start of its cycle."""
    return programmes_of(place).first()


def programmes_of(place: Territory) -> QuerySet[Programme]:
    """The programmes of the place, the latest first."""
    found = Programme.objects.filter(place=place).select_related("cycle", "place")
    return found.order_by("-cycle__starts_on", "-id")


def cycles_to_begin(place: Territory) -> QuerySet[Cycle]:
    """The cycles of the place's cohort (of the country, for the country) that are not over, after its latest one."""
    cycles = Cycle.objects.filter(ends_on__gte=timezone.localdate()).order_by("-starts_on")
    latest = current_programme(place)
    if latest:
        cycles = cycles.filter(starts_on__gt=latest.cycle.starts_on)
    if place.kind == Territory.Kind.COUNTRY:
        return cycles.filter(cohort=None)
    return cycles.filter(cohort__members__place=place)


def programme_in(place: Territory, cycle: str) -> Programme | None:
    """The place's programme in the cycle of that number; its current one where none is asked for or there."""
    found = list(programmes_of(place))
    return next((one for one in found if str(one.cycle_id) == cycle), found[0] if found else None)


def cycle_part(programme: Programme) -> str:
    """What an address needs to lead to a programme which is not its place's current one: `?cycle=…`."""
    return "" if programme == current_programme(programme.place) else f"?cycle={programme.cycle_id}"


def programme_of(slug: str) -> Programme:
    """The current programme of the place with that slug. Raises NotPossible without one, Http404 without a place."""
    programme = current_programme(get_object_or_404(Territory, slug=slug))
    if programme is None:
        raise NotPossible(_("This collectivity has not begun an openness programme yet."))
    return programme


def phase_of(programme: Programme, kind: str) -> Phase | None:
    """The programme's phase of that kind, if it is planned."""
    return Phase.objects.filter(programme=programme, kind=kind).first()


def open_now(*kinds: str) -> QuerySet[Phase]:
    """The phases of these kinds that are open at this moment, of all programmes."""
    now = timezone.now()
    return Phase.objects.filter(Q(closes_at=None) | Q(closes_at__gt=now), kind__in=kinds, opens_at__lte=now)


def is_open(programme: Programme, kind: str) -> bool:
    """Whether that phase is open at this moment."""
    phase = phase_of(programme, kind)
    return phase is not None and phase.is_open()


# The first phase that a programme of each status has not come through, whatever the days say.
AHEAD = {
    Programme.Status.PREPARED: Phase.Kind.CONSULTATION,
    Programme.Status.DRAFTING: Phase.Kind.CONSULTATION,
    **dict.fromkeys([Programme.Status.CONSULTED, Programme.Status.VALIDATED], Phase.Kind.COUNCIL),
    **dict.fromkeys([Programme.Status.ON_AGENDA, Programme.Status.POSTPONED], Phase.Kind.COUNCIL),
    Programme.Status.REJECTED: Phase.Kind.COUNCIL,
    **dict.fromkeys([Programme.Status.ADOPTED, Programme.Status.CLOSED], Phase.Kind.EVALUATION),
}


@dataclass
class Step:
    """A phase as the timeline shows it; `state` is done, now or next, and at most one step is now."""

    kind: str
    name: str
    state: str
    note: str
    phase: Phase | None


def timeline(programme: Programme, now: datetime | None = None) -> list[Step]:
    """The seven phases in order, planned or not, for `ui/timeline.html`. One query.

    The first phase that is open is now; those closed, and those unplanned before one that has begun, are done. Days
    alone finish nothing: from the phase on that the programme has not come through, none is done, whatever was planned.
    """
    now = now or timezone.now()
    planned = {phase.kind: phase for phase in programme.phases.all()}
    kinds = list(Phase.Kind)
    first = AHEAD.get(Programme.Status(programme.status))
    ahead = kinds[kinds.index(first) :] if first else []
    begun = [kind for kind in kinds if kind in planned and planned[kind].has_begun(now)]
    waits = [kind for kind in ahead[:1] if kind in begun]
    opened = [kind for kind in kinds if kind not in ahead and kind in planned and planned[kind].is_open(now)] + waits
    steps = []
    for kind in kinds:
        phase = planned.get(kind)
        is_over = phase.is_over(now) if phase else any(kinds.index(kind) < kinds.index(later) for later in begun)
        state = "now" if opened[:1] == [kind] else "done" if is_over and kind not in ahead else "next"
        steps.append(Step(kind, str(kind.label), state, note_of(phase, state, now), phase))
    return steps


def note_of(phase: Phase | None, state: str, now: datetime | None = None) -> str:
    """When: until which day for what is going on, else the month or the years in which it was or is to be."""
    if phase is None:
        return ""
    starts, ends = span(phase)
    if (ends - starts).days > LONG:
        return str(starts.year) if starts.year == ends.year else f"{starts.year}-{ends.year}"
    if state == "now" and not phase.is_over(now or timezone.now()):
        return _("until %(day)s") % {"day": dates.day(ends)}
    return f"{dates.month(starts)}\u00a0{starts.year}"


def span(phase: Phase) -> tuple[date, date]:
    """The first and the last day on which the phase is really open; as planned, as long as nothing else is known."""
    starts = timezone.localdate(phase.opens_at) if phase.opens_at else phase.planned_from
    ends = timezone.localdate(phase.closes_at - timedelta(seconds=1)) if phase.closes_at else phase.planned_until
    return starts, max(starts, ends)


def last_day(programme: Programme, kind: str) -> tuple[date | None, int]:
    """The last day of the programme's phase of that kind, and how many days are left after today."""
    phase = phase_of(programme, kind)
    ends = span(phase)[1] if phase else None
    return ends, max(0, (ends - timezone.localdate()).days) if ends else 0


def shifts(programme: Programme) -> dict[str, str]:
    """Why the dates of each phase were last changed: `{kind: reason}`."""
    return dict(Shift.objects.filter(phase__programme=programme).order_by("id").values_list("phase__kind", "reason"))


def seated(programme: Programme, today: date | None = None) -> list[Seat]:
    """Who sits on the committee on that day."""
    held = Seat.objects.held(today or timezone.localdate()).filter(committee__programme=programme)
    return list(held.select_related("organisation").order_by("id"))


def unseated(programme: Programme) -> list[Seat]:
    """Who sat on the committee before, latest first."""
    held = Seat.objects.filter(committee__programme=programme, until__lte=timezone.localdate())
    return list(held.select_related("organisation").order_by("-until", "-id"))


def committee_meetings(programme: Programme) -> list[Meeting]:
    """The committee's meetings, latest first."""
    place, kind = programme.place, Meeting.Kind.COMMITTEE
    return list(Meeting.objects.filter(place=place, kind=kind, called_off_at=None).order_by("-starts_at")[:50])


def seatable(programme: Programme) -> QuerySet[Organisation]:
    """The organisations that a seat of the programme's committee can be tied to."""
    return Organisation.objects.verified().filter(place=programme.place).order_by("pk")


def sides(seats: list[Seat]) -> list[tuple[str, list[Seat]]]:
    """Who sits on each side that has seats: elected members first."""
    of_side = [(side.value, [seat for seat in seats if seat.side == side]) for side in Seat.Side]
    return [(side, held) for side, held in of_side if held]


def composition(seats: list[Seat]) -> dict[str, int]:
    """How many of each side, and how many women and men among those who said so: only ever counts."""
    counts = Counter(seat.side for seat in seats) + Counter(seat.gender for seat in seats if seat.gender)
    return {key: counts[key] for key in [*Seat.Side.values, *Seat.Gender.values]}


def composition_told(seats: list[Seat]) -> list[str]:
    """The same in words: how many in all, women and men, and of each side; nothing of what nobody is."""
    n = composition(seats)
    told = [
        [(len(seats), ngettext("%(n)s member", "%(n)s members", len(seats)))],
        [
            (n["woman"], ngettext("%(n)s woman", "%(n)s women", n["woman"])),
            (n["man"], ngettext("%(n)s man", "%(n)s men", n["man"])),
        ],
        [
            (n["elected"], ngettext("%(n)s elected member", "%(n)s elected members", n["elected"])),
            (n["civil"], ngettext("%(n)s from civil society", "%(n)s from civil society", n["civil"])),
            (
                n["administration"],
                ngettext("%(n)s from the administration", "%(n)s from the administration", n["administration"]),
            ),
        ],
    ]
    parts = [listed(words % {"n": count} for count, words in group if count) for group in told]
    return [part for part in parts if part]
