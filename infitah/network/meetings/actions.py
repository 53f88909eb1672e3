"""Workshops, trainings and meetings: announced, changed, held; who registers, who comes, and what was decided.

Whoever registers, cancels or is checked in holds the row of the meeting (always first, so that nobody waits in a
ring): places are given in turn, and the counts beside the meeting are those of its registrations.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from infitah.ground.accounts.models import Contact, Person
from infitah.ground.ledger import actions as ledger
from infitah.ground.territories.models import Territory
from infitah.lib import files, text
from infitah.lib.errors import NotPossible, require
from infitah.lib.i18n import Localized
from infitah.lib.states import lock, move, require_unchanged, sent_before

from . import queries, rules
from .models import Decision, Headcount, Material, Meeting, Minutes, Registration

KEEP_SHEETS = timedelta(days=90)  # after a meeting: then who came is forgotten, and how many stays
PERSONAL = {"name": "", "folded": "", "person": None, "contact": None, "address_print": ""}
DECLARED = {"gender": "", "age": "", "disability": ""}
MOVING = {"starts_at", "ends_at", "venue", "link"}  # what whoever wants to come must know
Status = Registration.Status


# -- the meeting -------------------------------------------------------------------------------------


@transaction.atomic
def announce(
    place: Territory, *, by: Person | None, starts_at: datetime, key: UUID | None = None, **said: Any
) -> Meeting:
    """Announce a meeting, and whether it informs, consults or decides; the same key again gives the same meeting.

    Said of it: kind, influence, title; and perhaps ends_at, venue, link, agenda, has_registration, capacity, source.
    """
    place = lock(place)
    require(rules.can_announce(by, place))
    require_order(starts_at, said.get("ends_at"))
    said["is_demonstration"] = bool(by and by.is_demonstration and not said.get("source"))
    known = sent_before(Meeting, key, place=place)
    if known:
        return known
    meeting = Meeting.objects.create(place=place, starts_at=starts_at, key=key or uuid4(), **said)
    particulars = {"kind": meeting.kind, "influence": meeting.influence, "starts_at": starts_at.isoformat()}
    ledger.record("meeting.announced", by=by, on=meeting, place=place, **particulars)
    return meeting


def require_order(starts_at: datetime, ends_at: datetime | None) -> None:
    require(ends_at is None or ends_at > starts_at, NotPossible(_("A meeting ends after it begins.")))


@transaction.atomic
def change(meeting: Meeting, *, by: Person | None, seen: str = "", **said: Any) -> Meeting:
    """Say something else of a meeting, not unread of what others changed since it was `seen`. Where or when it is:
    everyone who registered is told, once for each change."""
    meeting = lock(meeting)
    require(rules.can_run(by, meeting))
    require(meeting.called_off_at is None, NotPossible(_("This meeting is called off: announce a new one.")))
    require_unchanged(meeting, seen, said)
    changed = {name: value for name, value in said.items() if getattr(meeting, name) != value}
    before, was_over = meeting.starts_at, meeting.is_over
    for name, value in changed.items():
        setattr(meeting, name, value)
    require_order(meeting.starts_at, meeting.ends_at)
    if changed:
        meeting.changes += 1
        meeting.changed_at = timezone.now()
        meeting.save(update_fields=[*changed, "changes", "changed_at"])
        dates = {"starts_at": meeting.starts_at.isoformat(), "before": before.isoformat()}
        is_moved = bool(MOVING & changed.keys()) and not (was_over and meeting.is_over)  # a slip put right moves nobody
        verb = "meeting.moved" if is_moved else "meeting.changed"
        ledger.record(verb, by=by, on=meeting, place=meeting.place, changed=sorted(changed), **dates)
        fill(meeting)
    return meeting


@transaction.atomic
def call_off(meeting: Meeting, *, by: Person | None, reason: Localized) -> Meeting:
    """The meeting does not take place; everyone who registered is told why."""
    meeting = lock(meeting)
    require(rules.can_run(by, meeting))
    require(not meeting.is_over, NotPossible(_("This meeting is over: it can no longer be called off.")))
    if meeting.called_off_at is None:
        meeting.called_off_at = meeting.changed_at = timezone.now()
        meeting.called_off_because = reason
        meeting.changes += 1
        meeting.save(update_fields=["called_off_at", "changed_at", "called_off_because", "changes"])
        ledger.record("meeting.called_off", by=by, on=meeting, place=meeting.place, reason_sha256=text.print_of(reason))
    return meeting


@transaction.atomic
def hold(meeting: Meeting, *, participants: int, by: Person | None) -> Meeting:
    """Say how many people came; a wrong count is corrected by saying it again."""
    meeting = lock(meeting)
    require(rules.can_hold(by, meeting))
    require(meeting.called_off_at is None, NotPossible(_("This meeting is called off: nobody came to it.")))
    early = NotPossible(_("This meeting has not begun yet: those who come are counted on the day."))
    require(meeting.starts_at <= timezone.now(), early)
    require(not meeting.attended, NotPossible(_("Those who came are counted by the check-in of this meeting.")))
    if meeting.participants != participants:
        meeting.participants = participants
        meeting.save(update_fields=["participants"])
        ledger.record("meeting.held", by=by, on=meeting, place=meeting.place, participants=participants)
    return meeting


# -- who wants to come -------------------------------------------------------------------------------


@transaction.atomic
def register(
    meeting: Meeting, *, by: Person | None, key: UUID, email: str = "", language: str = "ar", **said: Any
) -> Registration:
    """Take a place, or a turn on the waiting list; no account needed. The same key, or the same person again, is the
    same registration.

    May be said: name, collectivity, gender, age, disability.
    """
    meeting = hold_places(meeting)
    named = {} if by else {"folded": text.fold(text.clean(said.get("name", ""))[:80])[:80]}
    mine = queries.registered(meeting, by) if by else None
    known = mine or sent_before(Registration, key, meeting=meeting, person=by, is_walk_in=False, **named)
    if known:
        return known
    require(rules.can_register(by, meeting), NotPossible(_("Registration for this meeting is closed.")))
    status = Status.WAITING if meeting.is_full else Status.CONFIRMED
    mark = {"address_print": queries.own_print(meeting, by)}
    kept = keep_contact(meeting, email, language) if email and by is None else mark
    made = enrol(meeting, status, key=key, person=by, **kept, **said)
    # Who comes to what is not for the public register, which would keep it for ever.
    ledger.record("registration.made", by=None, on=made, place=meeting.place, meeting=meeting.pk, status=status)
    return made


def hold_places(meeting: Meeting) -> Meeting:
    """The meeting, held until the transaction ends: whoever wants a place next waits."""
    held = Meeting.objects.select_for_update(no_key=True, of=("self",)).select_related("place")
    return held.get(pk=meeting.pk)


def keep_contact(meeting: Meeting, email: str, language: str) -> dict[str, Any]:
    """Keep an address apart, for a time; an address that came before is told of, so that nobody takes two places."""
    kept = queries.printed(meeting.pk, email.lower())
    again = _("Someone registered with this address already: the link is in its mailbox. Or leave the address out.")
    is_taken = meeting.registrations.filter(address_print=kept).exclude(status=Status.CANCELLED).exists()
    require(not is_taken, NotPossible(again))
    until = timezone.localdate(meeting.over_at) + KEEP_SHEETS
    contact = Contact.objects.create(email=email.lower(), language=language, retain_until=until)
    return {"contact": contact, "address_print": kept}


def enrol(meeting: Meeting, status: str, *, name: str = "", **said: Any) -> Registration:
    """Write a registration down and count it. The meeting must be held."""
    name = text.clean(name)[:80]
    code = next(code for code in iter(text.new_receipt, "") if not Registration.objects.filter(code=code).exists())
    said |= {"name": name, "folded": text.fold(name)[:80]}
    made = Registration.objects.create(meeting=meeting, status=status, code=code, **said)
    count(meeting, **{status: 1})
    return made


def count(meeting: Meeting, **changes: int) -> None:
    """Add to the counts beside the meeting, which must be held."""
    for name, by in changes.items():
        setattr(meeting, name, getattr(meeting, name) + by)
    meeting.save(update_fields=list(changes))


@transaction.atomic
def cancel(registration: Registration) -> Registration:
    """Give one's place back: name and address go at once, and whoever waits longest moves up."""
    meeting = hold_places(registration.meeting)
    registration = lock(registration)
    if registration.status == Status.CANCELLED:
        return registration
    begun = NotPossible(_("The meeting has begun: this registration can no longer be cancelled."))
    require(rules.can_cancel(registration), begun)
    before = registration.status
    if registration.contact:
        registration.contact.delete()
    move(registration, Status.CANCELLED, **PERSONAL, **DECLARED)
    count(meeting, **{before: -1})
    ledger.record("registration.cancelled", by=None, on=registration, place=meeting.place, meeting=meeting.pk)
    fill(meeting)
    return registration


def fill(meeting: Meeting) -> None:
    """Give the free places to those who wait, in turn, as long as people can register. The meeting must be held."""
    if not meeting.is_open:
        return
    free = meeting.waiting if meeting.capacity is None else max(0, meeting.capacity - meeting.confirmed)
    moving = list(meeting.registrations.select_for_update().filter(status=Status.WAITING).order_by("pk")[:free])
    for each in moving:
        move(each, Status.CONFIRMED)
        ledger.record("registration.moved_up", by=None, on=each, place=meeting.place, meeting=meeting.pk)
    if moving:
        count(meeting, confirmed=len(moving), waiting=-len(moving))


@transaction.atomic
def recount(meeting: Meeting) -> Meeting:
    """Put the counts beside the meeting right, if they ever differ from its registrations."""
    meeting = hold_places(meeting)
    for name, number in queries.counted(meeting).items():
        setattr(meeting, name, number)
    meeting.save(update_fields=["confirmed", "waiting", "attended"])
    return meeting


# -- who comes ---------------------------------------------------------------------------------------


@transaction.atomic
def check_in(registration: Registration, *, by: Person | None) -> Registration:
    """This person is here; pressed twice, it counts once. Whoever waited is let in by whoever stands at the door."""
    meeting = hold_places(registration.meeting)
    require_desk(meeting, by)
    registration = lock(registration)
    gone = NotPossible(_("This registration was cancelled. Add the person as a new row."))
    require(registration.status != Status.CANCELLED, gone)
    if registration.checked_in_at is not None:
        return registration
    if registration.status == Status.WAITING:
        move(registration, Status.CONFIRMED)
        count(meeting, confirmed=1, waiting=-1)
    registration.checked_in_at = timezone.now()
    registration.save(update_fields=["checked_in_at"])
    count(meeting, attended=1)
    ledger.record("registration.checked_in", by=by, on=registration, place=meeting.place, meeting=meeting.pk)
    return registration


def require_desk(meeting: Meeting, by: Person | None) -> None:
    require(rules.can_run(by, meeting))
    closed = _("People are checked in from 12 hours before a meeting until a day after it.")
    require(rules.has_open_desk(meeting), NotPossible(closed))


@transaction.atomic
def check_out(registration: Registration, *, by: Person | None) -> Registration:
    """A slip at the door is put right: this person is not here."""
    meeting = hold_places(registration.meeting)
    require_desk(meeting, by)
    registration = lock(registration)
    if registration.checked_in_at is not None:
        registration.checked_in_at = None
        registration.save(update_fields=["checked_in_at"])
        count(meeting, attended=-1)
        ledger.record("registration.checked_out", by=by, on=registration, place=meeting.place, meeting=meeting.pk)
    return registration


@transaction.atomic
def walk_in(meeting: Meeting, *, by: Person | None, key: UUID, **said: Any) -> Registration:
    """Someone came without having registered; the same row sent twice is one person."""
    meeting = hold_places(meeting)
    require_desk(meeting, by)
    known = sent_before(Registration, key, meeting=meeting, is_walk_in=True)
    if known:
        return known
    made = enrol(meeting, Status.CONFIRMED, key=key, is_walk_in=True, checked_in_at=timezone.now(), **said)
    count(meeting, attended=1)
    ledger.record("registration.walked_in", by=by, on=made, place=meeting.place, meeting=meeting.pk)
    return made


# -- what remains of it ------------------------------------------------------------------------------


@transaction.atomic
def add(meeting: Meeting, *, by: Person | None, title: Localized, file: files.Checked, key: UUID) -> Material:
    """Add a document or a photo; the same form sent twice is one."""
    meeting = lock(meeting)
    require(rules.can_run(by, meeting))
    known = sent_before(Material, key, by=by, meeting=meeting)
    if known:
        return known
    photo = files.small(file) if file.kind == "image" else None
    with files.kept(file, "meetings") as name, files.kept(photo, "meetings") as small:
        asked = {"title": title, "file": name, "small": small, "sha256": file.sha256, "by": by, "key": key}
        material = Material.objects.create(meeting=meeting, **asked)
        ledger.record("material.added", by=by, on=material, place=meeting.place, sha256=file.sha256, meeting=meeting.pk)
    return material


@transaction.atomic
def withdraw(material: Material, *, by: Person | None, reason: str) -> Material:
    """Take a document or photo away, as when someone in it objects: the file goes, that it was there stays known."""
    material, reason = lock(material), text.clean(reason)
    require(rules.can_run(by, material.meeting))
    require(bool(reason), NotPossible(_("Say why: the reason is public.")))
    if material.withdrawn_at is None:
        material.withdrawn_at, material.withdrawn_because = timezone.now(), reason
        material.save(update_fields=["withdrawn_at", "withdrawn_because"])
        meeting, told = material.meeting, {"meeting": material.meeting_id, "reason_sha256": text.print_of(reason)}
        ledger.record("material.withdrawn", by=by, on=material, place=meeting.place, **told)
        files.drop(material.file.name, material.small.name)
    return material


@transaction.atomic
def publish(
    meeting: Meeting,
    *,
    by: Person | None,
    said: Localized,
    decisions: Iterable[dict[str, Any]],
    key: UUID,
    correction: Localized | None = None,
) -> Minutes:
    """Publish the minutes with what was decided: each decision `{"text", "who", "due_on"}`. Where there are minutes
    already, these are a correction, and the earlier ones stay readable."""
    meeting = lock(meeting)
    require(rules.can_run(by, meeting))
    known = sent_before(Minutes, key, by=by, meeting=meeting)
    if known:
        return known
    require(meeting.starts_at <= timezone.now(), NotPossible(_("This meeting has not begun yet: it has no minutes.")))
    latest = meeting.minutes.first()
    require(latest is None or bool(correction), NotPossible(_("Say what the new version puts right.")))
    asked = {"text": said, "correction": correction or Localized(), "by": by, "key": key}
    made = Minutes.objects.create(meeting=meeting, version=latest.version + 1 if latest else 1, **asked)
    written = [Decision(minutes=made, number=number, **each) for number, each in enumerate(decisions, 1)]
    Decision.objects.bulk_create(written)
    about = {"meeting": meeting.pk, "version": made.version, "decisions": len(written)}
    ledger.record("minutes.published", by=by, on=made, place=meeting.place, **about)
    return made


# -- what time does ----------------------------------------------------------------------------------


def remind() -> int:
    """Remind those who have a place, the day before; a meeting that moved reminds again. Returns how many meetings."""
    return sum(remind_of(meeting) for meeting in queries.to_remind(timezone.now()))


@transaction.atomic
def remind_of(meeting: Meeting) -> bool:
    meeting = hold_places(meeting)
    if meeting.reminded_for == meeting.starts_at or meeting.called_off_at:
        return False
    meeting.reminded_for = meeting.starts_at
    meeting.save(update_fields=["reminded_for"])
    ledger.record("meeting.reminded", by=None, on=meeting, place=meeting.place, people=meeting.confirmed)
    return True


def purge(today: date) -> int:
    """Forget who came to what was over long ago, and whoever erased their account; numbers stay, and the ledger
    tells the counts. Returns how many sheets."""
    Registration.objects.filter(person__erased_at__isnull=False).update(**PERSONAL)
    return sum(purge_sheet(meeting) for meeting in queries.to_purge(today - KEEP_SHEETS))


@transaction.atomic
def purge_sheet(meeting: Meeting) -> bool:
    meeting = hold_places(meeting)
    if meeting.purged_at is not None:
        return False
    for about, answers in queries.tallied(meeting).items():
        for answer, number in answers.items():
            Headcount.objects.create(meeting=meeting, about=about, answer=answer, number=number)
    contacts = Contact.objects.filter(registration__meeting=meeting).delete()[1]
    forgotten = meeting.registrations.update(**PERSONAL, **DECLARED)
    Meeting.objects.filter(pk=meeting.pk).update(purged_at=timezone.now())
    report = {"sheets": forgotten, "contacts": contacts.get(Contact._meta.label, 0), "attended": meeting.attended}
    ledger.record("meeting.purged", by=None, on=meeting, place=meeting.place, **report)
    return True
