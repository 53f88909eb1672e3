from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from infitah.ground.accounts import actions as accounts
from infitah.ground.accounts.models import Person, Role
from infitah.ground.ledger import actions as ledger
from infitah.ground.territories.models import Territory
from infitah.lib import text as texts
from infitah.lib.dates import midnight
from infitah.lib.errors import NotPossible, require
from infitah.lib.i18n import Localized
from infitah.lib.states import lock, move, sent_before
from infitah.network.membership import queries as membership

from . import queries, rules
from .models import Coach, HelpRequest, Mission, MissionNote, Skill

LONGEST = timedelta(days=183)  # help is for a time: half a year, then another mission if need be


# -- the pool --------------------------------------------------------------------------------------


@transaction.atomic
def enrol(
    person: Person,
    *,
    by: Person | None,
    place: Territory,
    skills: Iterable[Skill],
    languages: list[str],
    capacity: int = 2,
    note: Localized | None = None,
) -> Coach:
    """Take a trained focal point into the pool; one who is of it already stays the same coach."""
    person = lock(person)
    require(rules.can_enrol(by))
    told = {"place": place, "languages": languages, "capacity": capacity, "note": note or Localized()}
    coach = Coach.objects.filter(person=person).first()
    if coach and coach.left_on is None:
        return coach
    again = {"left_on": None, "is_available": True, "joined_on": timezone.localdate()}
    coach, _is_new = Coach.objects.update_or_create(person=person, defaults={**told, **again})
    coach.skills.set(skills)
    ledger.record("coach.enrolled", by=by, on=coach, place=place)
    return coach


@transaction.atomic
def describe(
    coach: Coach,
    *,
    by: Person | None,
    skills: Iterable[Skill],
    languages: list[str],
    capacity: int,
    note: Localized,
    is_available: bool,
    is_named: bool | None = None,
) -> Coach:
    """Say anew what a coach can do and take on. Being named in public is for the coach alone to agree to."""
    coach = lock(coach)
    require(rules.can_describe(by, coach))
    coach.languages, coach.capacity, coach.note, coach.is_available = languages, capacity, note, is_available
    if is_named is not None and by == coach.person:
        coach.is_named = is_named
    coach.save(update_fields=["languages", "capacity", "note", "is_available", "is_named"])
    coach.skills.set(skills)
    ledger.record("coach.described", by=by, on=coach, place=coach.place)
    return coach


@transaction.atomic
def leave(coach: Coach, *, by: Person | None) -> Coach:
    """A coach leaves the pool: missions stop today, and what was asked waits for another coach."""
    coach = lock(coach)
    require(rules.can_leave(by, coach))
    for mission in coach.missions.filter(status__in=[Mission.Status.PROPOSED, *Mission.ENGAGED]):
        _let_go(mission, by=by)
    coach.left_on, coach.is_available, coach.is_named = timezone.localdate(), False, False
    coach.save(update_fields=["left_on", "is_available", "is_named"])
    ledger.record("coach.left", by=by, on=coach, place=coach.place)
    return coach


# -- requests --------------------------------------------------------------------------------------


@transaction.atomic
def ask(
    place: Territory,
    *,
    by: Person | None,
    key: UUID,
    theme: Skill,
    text: str,
    language: str,
    wanted_by: date | None = None,
) -> HelpRequest:
    """Ask the pool for help. The same key is the same request, however often it is sent."""
    place = lock(place)
    require(rules.can_ask(by, place))
    require(membership.belongs(place), NotPossible(_("Only members of the network ask the competency pool for help.")))
    known = sent_before(HelpRequest, key, by=by, place=place)
    if known:
        return known
    asked = {"theme": theme, "text": texts.clean(text), "language": language, "wanted_by": wanted_by}
    request = HelpRequest.objects.create(place=place, by=by, key=key, **asked)
    ledger.record("help.asked", by=by, on=request, place=place, theme=theme.code)
    return request


@transaction.atomic
def withdraw(request: HelpRequest, *, by: Person | None) -> HelpRequest:
    """Take a request back, as long as no mission answers it; a coach already proposed is told."""
    proposed = list(request.missions.select_for_update().filter(status=Mission.Status.PROPOSED))
    request = lock(request)
    require(rules.can_withdraw(by, request))
    move(request, HelpRequest.Status.WITHDRAWN)
    for mission in proposed:
        _refuse(mission, by=by)
    ledger.record("help.withdrawn", by=by, on=request, place=request.place)
    return request


# -- missions: rows are held in one order, the coach, the mission, the request ---------------------


@transaction.atomic
def propose(
    request: HelpRequest,
    *,
    by: Person | None,
    key: UUID,
    coach: Coach,
    starts_on: date,
    ends_on: date,
    goals: str,
    language: str = "ar",
) -> Mission:
    """Propose a coach to a member, for a time. Two who propose at once: the second is told that it is done."""
    coach, request = lock(coach), lock(request)
    require(rules.can_propose(by))
    known = sent_before(Mission, key, proposed_by=by, request=request)
    if known:
        return known
    is_open = request.status == HelpRequest.Status.OPEN
    require(is_open, NotPossible(_("Someone has proposed a coach meanwhile, or the request was taken back.")))
    _require_fit(coach, request.place)
    _require_days(starts_on, ends_on)
    mission = Mission.objects.create(
        request=request,
        coach=coach,
        place=request.place,
        starts_on=starts_on,
        ends_on=ends_on,
        goals=texts.clean(goals),
        language=language,
        proposed_by=by,
        key=key,
    )
    move(request, HelpRequest.Status.PROPOSED)
    days = {"starts_on": str(starts_on), "ends_on": str(ends_on)}
    ledger.record("mission.proposed", by=by, on=mission, place=mission.place, **days)
    return mission


def _require_fit(coach: Coach, place: Territory) -> None:
    """The coach is of the pool, has room, and is of another place."""
    present = coach.is_present and coach.is_available
    require(present, NotPossible(_("This coach takes no mission now. Choose another one.")))
    stranger = coach.place_id != place.pk and not coach.person.is_focal_point_of(place)
    require(stranger, NotPossible(_("Nobody coaches their own collectivity. Choose another coach.")))
    room = queries.load_of(coach, with_proposed=True) < coach.capacity
    require(room, NotPossible(_("This coach already has as many missions as they can take. Choose another one.")))
    here = coach.missions.engaged().filter(place=place)
    require(not here.exists(), NotPossible(_("This coach already has a mission there.")))


def _require_days(starts_on: date, ends_on: date) -> None:
    require(starts_on <= ends_on, NotPossible(_("A mission ends after it begins.")))
    require(ends_on >= timezone.localdate(), NotPossible(_("The last day of the mission has passed.")))
    short = ends_on - starts_on <= LONGEST
    require(short, NotPossible(_("A mission lasts half a year at most. Another one can follow.")))


@transaction.atomic
def agree(mission: Mission, *, by: Person | None) -> Mission:
    """The coach or the member agrees. Once both have, the coach gets the role there, from the first day to the last."""
    coach, mission = lock(mission.coach), lock(mission)
    require(rules.can_agree(by, mission))
    proposed = mission.status == Mission.Status.PROPOSED
    require(proposed, NotPossible(_("This mission is no longer waiting for an agreement.")))
    side = "coach" if rules.is_coach_of(by, mission) else "member"
    field = f"{side}_agreed_at"
    if getattr(mission, field):
        return mission
    setattr(mission, field, timezone.now())
    mission.save(update_fields=[field])
    ledger.record("mission.agreed", by=by, on=mission, place=mission.place, side=side)
    if mission.coach_agreed_at and mission.member_agreed_at:
        _let_in(mission, coach)
    return mission


def _let_in(mission: Mission, coach: Coach) -> None:
    """Give the coach the role at the place, until the last day; the mission begins on its first."""
    today = timezone.localdate()
    too_late = _("The days of this mission have passed. The national team has to propose it again.")
    require(mission.ends_on >= today, NotPossible(too_late))
    room = queries.load_of(coach) < coach.capacity
    require(room, NotPossible(_("The coach has taken on other missions meanwhile, and has no room for this one.")))
    proposer = mission.proposed_by
    still = proposer is not None and proposer.is_national
    require(still, NotPossible(_("Who proposed this mission has left the national team: it has to be proposed again.")))
    since = max(mission.starts_on, today)
    days = {"since": since, "until": mission.ends_on}
    mission.grant = accounts.grant(coach.person, Role.COACH, mission.place, by=proposer, **days)
    move(mission, Mission.Status.AGREED, grant=mission.grant)
    _turn(mission, HelpRequest.Status.ANSWERED)
    if since <= today:
        _begin(mission)


def _begin(mission: Mission) -> None:
    """It has begun with its first day, or later if the two agreed later."""
    agreed = [moment for moment in (mission.coach_agreed_at, mission.member_agreed_at) if moment]
    move(mission, Mission.Status.RUNNING, begun_at=max([midnight(mission.starts_on), *agreed]))
    ledger.record("mission.begun", by=None, on=mission, place=mission.place, ends_on=str(mission.ends_on))


@transaction.atomic
def decline(mission: Mission, *, by: Person | None, reason: str) -> Mission:
    """Say no to a mission, and why; the request waits for another coach."""
    mission, reason = lock(mission), texts.clean(reason)
    require(rules.can_decline(by, mission))
    require(bool(reason), NotPossible(_("Say why: the others concerned read it.")))
    _refuse(mission, by=by, reason=reason)
    _turn(mission, HelpRequest.Status.OPEN)
    return mission


def _refuse(mission: Mission, *, by: Person | None, reason: str = "") -> None:
    move(mission, Mission.Status.DECLINED, reason=reason, ended_at=timezone.now())
    ledger.record("mission.declined", by=by, on=mission, place=mission.place)


@transaction.atomic
def note(mission: Mission, *, by: Person | None, key: UUID, on: date, text: str, language: str) -> MissionNote:
    """Keep what was said or done on a day, for those concerned."""
    mission = lock(mission)
    require(rules.can_note(by, mission))
    lasts = mission.status in Mission.ENGAGED
    require(lasts, NotPossible(_("Notes are kept while a mission lasts.")))
    known = sent_before(MissionNote, key, by=by, mission=mission)
    if known:
        return known
    written = {"on": on, "text": texts.clean(text), "language": language}
    kept = MissionNote.objects.create(mission=mission, by=by, key=key, **written)
    ledger.record("mission.noted", by=by, on=mission, place=mission.place, day=str(on))
    return kept


@transaction.atomic
def end(mission: Mission, *, by: Person | None, report: str, change: str) -> Mission:
    """The coach reports what was done and what it changed. The mission ends with it, if it has not before."""
    mission, report, change = lock(mission), texts.clean(report), texts.clean(change)
    require(rules.can_end(by, mission))
    if mission.reported_at and (mission.report, mission.change) == (report, change):
        return mission
    ready = mission.status == Mission.Status.RUNNING or (mission.is_over and mission.awaits_report)
    require(ready, NotPossible(_("This mission has not begun, or has its report already.")))
    mission.report, mission.change, mission.reported_at = report, change, timezone.now()
    mission.save(update_fields=["report", "change", "reported_at"])
    if mission.status == Mission.Status.RUNNING:
        _close(mission, Mission.Status.ENDED, by=by)
    ledger.record("mission.reported", by=by, on=mission, place=mission.place)
    return mission


@transaction.atomic
def cut_short(mission: Mission, *, by: Person | None, reason: str) -> Mission:
    """Stop a mission before its last day, and say why."""
    mission, reason = lock(mission), texts.clean(reason)
    require(rules.can_cut_short(by, mission))
    require(bool(reason), NotPossible(_("Say why: the others concerned read it.")))
    _close(mission, Mission.Status.CUT_SHORT, by=by, reason=reason)
    return mission


def _close(mission: Mission, status: str, *, by: Person | None, reason: str = "", at: datetime | None = None) -> None:
    """End a mission, and with it what the coach may do at the place."""
    move(mission, status, ended_at=at or timezone.now(), reason=reason)
    grant = mission.grant
    if by is not None and grant is not None and grant.revoked_at is None:
        accounts.revoke(grant, by=by)
        mission.coach.person.__dict__.pop("current_grants", None)
    said = "mission.ended" if status == Mission.Status.ENDED else "mission.cut_short"
    ledger.record(said, by=by, on=mission, place=mission.place, ends_on=str(mission.ends_on))


def _let_go(mission: Mission, *, by: Person | None) -> None:
    """The coach is gone: decline or stop the mission; the request waits for another coach."""
    mission = lock(mission)
    if mission.status == Mission.Status.PROPOSED:
        _refuse(mission, by=by)
    else:
        _close(mission, Mission.Status.CUT_SHORT, by=by)
    _turn(mission, HelpRequest.Status.OPEN)


def _turn(mission: Mission, to: str) -> None:
    """Bring the request behind a mission to another status."""
    mission.request = lock(mission.request)
    move(mission.request, to)


@transaction.atomic
def say(mission: Mission, *, by: Person | None, words: str) -> Mission:
    """The member's word on a mission that is over; public, and said anew as often as wished."""
    mission = lock(mission)
    require(rules.can_judge(by, mission))
    require(mission.is_over, NotPossible(_("The member has the last word once the mission is over.")))
    mission.member_word, mission.member_word_at = texts.clean(words), timezone.now()
    mission.save(update_fields=["member_word", "member_word_at"])
    ledger.record("mission.judged", by=by, on=mission, place=mission.place)
    return mission


# -- what time does --------------------------------------------------------------------------------


@transaction.atomic
def keep_time(today: date) -> dict[str, int]:
    """Begin the missions whose day has come, end those whose last day is over, stop those whose coach is gone or whose
    role was taken back, and free the coaches of those that nobody agreed to in time. Safe to run twice."""
    engaged = Mission.objects.select_for_update(of=("self",)).filter(status__in=Mission.ENGAGED)
    gone = Q(coach__person__is_active=False)
    left = list(engaged.filter(gone | Q(grant__revoked_at__isnull=False)).select_related("coach__person", "place"))
    proposed = Mission.objects.filter(gone | Q(ends_on__lt=today), status=Mission.Status.PROPOSED)
    for mission in [*left, *proposed]:
        _let_go(mission, by=None)
    counted = {"left": len(left), "begun": 0, "ended": 0}
    for mission in engaged.filter(starts_on__lte=today).select_related("place", "grant", "coach__person"):
        if mission.status == Mission.Status.AGREED:
            _begin(mission)
            counted["begun"] += 1
        if mission.ends_on < today:
            over_at = midnight(mission.ends_on + timedelta(days=1))
            _close(mission, Mission.Status.ENDED, by=None, at=over_at)
            counted["ended"] += 1
    return counted
