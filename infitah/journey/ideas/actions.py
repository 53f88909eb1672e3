import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.contrib.postgres.search import SearchVector
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Count, F, Q, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from infitah.ground.accounts.models import Contact, Person
from infitah.ground.ledger import actions as ledger
from infitah.ground.moderation import actions as moderation
from infitah.ground.moderation import queries as moderation_queries
from infitah.ground.moderation.models import Ground
from infitah.ground.territories.models import Territory
from infitah.journey.programmes.models import Axis, Programme
from infitah.journey.programmes.rules import can_run, can_work_on
from infitah.lib import tables, text
from infitah.lib.errors import NotPossible, require
from infitah.lib.states import lock, move
from infitah.network.meetings.models import Meeting

from . import queries, rules
from .models import Batch, Channel, Decision, Idea, Support, Tally

AT_ONCE = 1000  # rows of a sheet that become ideas in one go
KEEP_CONTACTS = timedelta(days=365 * 3)  # a cycle and twelve months


def require_unsettled(by: Person | None, programme: Programme) -> None:
    """Ideas are answered by whoever runs the programme, until it goes to the council."""
    require(can_run(by, programme))
    require_at_work(by, programme)


def require_at_work(by: Person | None, programme: Programme) -> None:
    """Ideas are entered and grouped by whoever works on the programme, until it goes to the council."""
    require(can_work_on(by, programme))
    settled = NotPossible(_("The programme is before the council or adopted: its ideas have their answers."))
    require(rules.can_enter(by, programme), settled)


@transaction.atomic
def submit(
    programme: Programme,
    *,
    by: Person | None,
    key: UUID,
    axis: Axis,
    problem: str,
    solution: str,
    language: str,
    where: str = "",
    pseudonym: str = "",
    email: str = "",
    is_doubtful: bool = False,
) -> Idea:
    """Receive an idea given on the site. The same key is the same idea, however often it is sent.

    A doubtful one (sent by what may be a machine), or one with personal data or insults, waits for a look.
    """
    known = already_received(programme.place, key)
    if known:
        return known
    require(
        rules.can_submit(by, programme), NotPossible(_("The time for giving ideas here is over, or has not begun."))
    )
    contact = keep_contact(email, language) if email and by is None else None
    written: dict[str, Any] = {"axis": axis, "language": language, "channel": Channel.WEBSITE, "where": where}
    written |= {"author": by, "contact": contact, "pseudonym": pseudonym, "key": key}
    idea = receive(programme, by=by, problem=problem, solution=solution, **written)
    ground = moderation_queries.screen(f"{problem}\n{solution}\n{pseudonym}") or (Ground.SPAM if is_doubtful else None)
    return moderation.hold_back(idea, ground) if ground else idea


@transaction.atomic
def enter(
    programme: Programme,
    *,
    by: Person,
    key: UUID,
    axis: Axis,
    problem: str,
    solution: str,
    language: str,
    channel: str,
    workshop: Meeting | None = None,
    where: str = "",
    pseudonym: str = "",
    received_at: datetime | None = None,
) -> Idea:
    """Write down what someone said or wrote off line; it weighs as much as an idea given on the site."""
    known = already_received(programme.place, key)
    if known:
        return known
    require_at_work(by, programme)
    written: dict[str, Any] = {"axis": axis, "language": language, "channel": channel, "workshop": workshop}
    written |= {"where": where, "pseudonym": pseudonym, "entered_by": by, "key": key}
    received_at = received_at or (workshop.starts_at if workshop and workshop.starts_at < timezone.now() else None)
    if received_at:
        written["received_at"] = received_at
    return receive(programme, by=by, problem=problem, solution=solution, **written)


def receive(programme: Programme, *, by: Person | None, problem: str, solution: str, **written: Any) -> Idea:
    """Number an idea, give it its receipt, count it."""
    idea = Idea(programme=programme, place=programme.place, **worded(problem, solution), **written)
    idea.number = next_numbers(programme.place, 1)
    idea.receipt = free_receipts(1)[0]
    idea.save()
    count(idea, 1)
    ledger.record("idea.submitted", by=by, on=idea, place=idea.place, **told(idea))
    return idea


def told(idea: Idea) -> dict[str, Any]:
    """What the ledger keeps of a new idea: enough to prove that its words have not changed since."""
    return {"number": idea.number, "channel": idea.channel, "print": idea.fingerprint}


def worded(problem: str, solution: str) -> dict[str, Any]:
    """The fields that hold the words of an idea: cleaned, findable, recognisable as a duplicate."""
    problem, solution = text.clean(problem), text.clean(solution)
    return {
        "problem": problem,
        "solution": solution,
        "fingerprint": text.fingerprint(problem, solution),
        "search": SearchVector(Value(text.search_vector_text(solution, problem)), config="simple"),
    }


def keep_contact(email: str, language: str) -> Contact:
    """Keep an address apart from what its owner contributed, and for a time only."""
    return Contact.objects.create(email=email, language=language, retain_until=timezone.localdate() + KEEP_CONTACTS)


def hold(place: Territory) -> Tally:
    """The tally of the place, held until the transaction ends: whoever gives it an idea next waits."""
    Tally.objects.get_or_create(place=place)
    return Tally.objects.select_for_update().get(place=place)


def already_received(place: Territory, key: UUID) -> Idea | None:
    """The idea that bears the key, if it came before. Holds the tally of the place, so that twins come in turn."""
    hold(place)
    return Idea.objects.filter(key=key).first()


def next_numbers(place: Territory, how_many: int) -> int:
    """Take the next numbers of a place; returns the first. The place's tally must be held."""
    Tally.objects.filter(place=place).update(last_number=F("last_number") + how_many)
    return Tally.objects.values_list("last_number", flat=True).get(place=place) - how_many + 1


def count(idea: Idea, change: int) -> None:
    """Add an idea to (1) or take it from (-1) what the place counts, if the public sees it."""
    if not idea.is_public:
        return
    is_online, is_decided = idea.channel == Channel.WEBSITE, idea.status == Idea.Status.DECIDED
    Tally.objects.filter(place=idea.place).update(
        public=F("public") + change,
        online=F("online") + change * is_online,
        decided=F("decided") + change * is_decided,
    )


@transaction.atomic
def support(idea: Idea, *, by: Person | None, device: str = "") -> bool:
    """Support an idea once, as a person or else as a device; tells whether it was the first time."""
    require(rules.can_support(by, idea), NotPossible(_("This idea cannot be supported: it is not published.")))
    who: dict[str, Any] = {"person": by} if by else {"device": device}
    _support, is_new = Support.objects.get_or_create(idea=idea, **who)
    if is_new:
        Idea.objects.filter(pk=idea.pk).update(support_count=F("support_count") + 1)
        ledger.record("idea.supported", by=by, on=idea, place=idea.place)
    return is_new


@transaction.atomic
def unsupport(idea: Idea, *, by: Person | None, device: str = "") -> bool:
    """Take a support back; tells whether there was one."""
    supports = Support.objects.filter(idea=idea, **({"person": by} if by else {"person": None, "device": device}))
    gone, _kinds = supports.delete()
    if gone:
        Idea.objects.filter(pk=idea.pk).update(support_count=F("support_count") - gone)
        ledger.record("idea.unsupported", by=by, on=idea, place=idea.place)
    return bool(gone)


@transaction.atomic
def decide(idea: Idea, *, by: Person, outcome: str, reason: str, language: str = "ar") -> Decision:
    """Answer an idea, and with it the ideas grouped under it; every answer carries its reason."""
    hold_together([idea])
    idea = lock(idea)
    require_unsettled(by, idea.programme)
    require(bool(reason.strip()), NotPossible(_("Give the reason: the author and everyone else will read it.")))
    decision = answer(idea, by=by, outcome=outcome, reason=reason, language=language)
    for similar in Idea.objects.select_for_update().filter(lead=idea):
        answer(similar, by=by, outcome=outcome, reason=reason, language=language)
    return decision


def hold_together(ideas: Iterable[Idea]) -> None:
    """Hold these ideas and all grouped under them, in one order, before the first entry is recorded.

    An entry holds the head of its place until the end: whoever took another idea after it could wait in a ring
    with someone who supports that idea.
    """
    keys = [idea.pk for idea in ideas]
    list(Idea.objects.select_for_update().filter(Q(pk__in=keys) | Q(lead__in=keys)).order_by("pk").values_list("pk"))


def answer(idea: Idea, *, by: Person, outcome: str, reason: str, language: str) -> Decision:
    """The answer to one idea whose row is held."""
    reason = text.clean(reason)
    decision = Decision.objects.create(idea=idea, outcome=outcome, reason=reason, language=language, by=by)
    count(idea, -1)
    move(idea, Idea.Status.DECIDED, outcome=outcome, decided_at=idea.decided_at or decision.at)
    count(idea, 1)
    ledger.record("idea.decided", by=by, on=idea, place=idea.place, outcome=outcome, decision=decision.pk)
    return decision


@transaction.atomic
def decide_many(ideas: list[Idea], *, by: Person, outcome: str, reason: str, language: str = "ar") -> int:
    """Give several ideas the same answer; all of them or none."""
    hold_together(ideas)
    for idea in sorted(ideas, key=lambda one: one.pk):
        decide(idea, by=by, outcome=outcome, reason=reason, language=language)
    return len(ideas)


@transaction.atomic
def group(ideas: list[Idea], *, by: Person, lead: Idea) -> Idea:
    """Put ideas that say the same under one of them; each keeps its page, its author and its receipt."""
    hold_together([lead, *ideas])
    lead = lock(lead)
    require(lead.lead_id is None, NotPossible(_("This idea is itself grouped under another: choose that one.")))
    for idea in sorted(ideas, key=lambda one: one.pk):
        if idea.pk != lead.pk:
            place_under(lead, lock(idea), by)
    return lead


def place_under(lead: Idea, idea: Idea, by: Person) -> None:
    """Group one idea, with those already under it."""
    require_at_work(by, idea.programme)
    same = idea.programme_id == lead.programme_id
    require(same, NotPossible(_("Only ideas of the same programme can be grouped.")))
    Idea.objects.filter(lead=idea).update(lead=lead)
    move(idea, Idea.Status.GROUPED, lead=lead)
    ledger.record("idea.grouped", by=by, on=idea, place=idea.place, lead=lead.number)


@transaction.atomic
def ungroup(idea: Idea, *, by: Person) -> Idea:
    """Let a grouped idea stand alone again."""
    idea = lock(idea)
    require_at_work(by, idea.programme)
    move(idea, Idea.Status.RECEIVED, lead=None)
    ledger.record("idea.ungrouped", by=by, on=idea, place=idea.place)
    return idea


@transaction.atomic
def withdraw(idea: Idea, *, by: Person) -> Idea:
    """Take one's own idea back; its number and history stay."""
    idea = lock(idea)
    require(rules.can_withdraw(by, idea))
    count(idea, -1)
    move(idea, Idea.Status.WITHDRAWN)
    ledger.record("idea.withdrawn", by=by, on=idea, place=idea.place)
    return idea


@transaction.atomic
def bring(programme: Programme, *, by: Person, filename: str, contents: bytes) -> Batch:
    """Keep an uploaded sheet until it is confirmed; nothing comes in yet. Raises Unreadable where it is no sheet."""
    require_at_work(by, programme)
    queries.judged(programme, tables.rows_of(contents))
    batch = Batch(programme=programme, filename=filename[:200], sha256=hashlib.sha256(contents).hexdigest(), by=by)
    batch.file.save(f"{uuid4().hex}.sheet", ContentFile(contents), save=False)
    batch.save()
    ledger.record("sheet.brought", by=by, on=batch, place=programme.place, sha256=batch.sha256)
    return batch


@transaction.atomic
def import_batch(batch: Batch, *, by: Person) -> int:
    """Bring in the accepted rows of a sheet, all of them or none; tells how many. Asked twice, it is done once."""
    batch = lock(batch)
    require_at_work(by, batch.programme)
    require(batch.undone_at is None, NotPossible(_("This sheet has already been imported or undone.")))
    if batch.imported_at:
        return batch.size
    place = batch.programme.place
    hold(place)
    with batch.file.open("rb") as kept:
        judged = queries.judged(batch.programme, tables.rows_of(kept.read()))
    rows = [row for row in judged if row.verdict == queries.Verdict.ACCEPTED]
    first = next_numbers(place, len(rows))
    for start in range(0, len(rows), AT_ONCE):
        bring_in(batch, rows[start : start + AT_ONCE], first + start, by)
    batch.size, batch.imported_at = len(rows), timezone.now()
    batch.save(update_fields=["size", "imported_at"])
    count_many(batch, 1)
    ledger.record("sheet.imported", by=by, on=batch, place=place, size=batch.size)
    return batch.size


def bring_in(batch: Batch, rows: list[queries.Row], first: int, by: Person) -> None:
    """Make ideas of some rows of a sheet, numbered from `first` on."""
    place = batch.programme.place
    common: dict[str, Any] = {"programme": batch.programme, "place": place, "entered_by": by, "batch": batch}
    ideas = [
        Idea(number=number, receipt=receipt, **common, **brought(row))
        for number, (receipt, row) in enumerate(zip(free_receipts(len(rows)), rows, strict=True), first)
    ]
    Idea.objects.bulk_create(ideas)
    ledger.record_many("idea.submitted", by=by, things=ideas, place=place, particulars_of=told)


def brought(row: queries.Row) -> dict[str, Any]:
    """The fields of an idea that come from its row."""
    language = text.guess_language(f"{row.problem} {row.solution}")
    fields = {"axis": row.axis, "channel": row.channel, "outside_number": row.number, "language": language}
    return {**fields, "key": uuid4(), **worded(row.problem, row.solution)}


def free_receipts(how_many: int) -> list[str]:
    """New receipts that no idea bears yet."""
    fresh: set[str] = set()
    while len(fresh) < how_many:
        more = {text.new_receipt() for _number in range(how_many - len(fresh))}
        fresh |= more - set(Idea.objects.filter(receipt__in=more).values_list("receipt", flat=True))
    return list(fresh)


def count_many(batch: Batch, change: int) -> None:
    """Add what a whole import brought to (1) or take it from (-1) the counts of its place."""
    online = batch.ideas.filter(channel=Channel.WEBSITE).count()
    Tally.objects.filter(place=batch.programme.place).update(
        public=F("public") + change * batch.size, online=F("online") + change * online
    )


@transaction.atomic
def undo(batch: Batch, *, by: Person) -> Batch:
    """Take a whole import back: its ideas are withdrawn, their numbers and history stay. Asked twice, done once."""
    batch = lock(batch)
    require(rules.can_undo(by, batch))
    if batch.undone_at:
        return batch
    ideas = list(batch.ideas.select_for_update().order_by("pk"))
    untouched = all(idea.status == Idea.Status.RECEIVED and not idea.support_count for idea in ideas)
    require(untouched, NotPossible(_("An idea of this sheet has been answered, grouped or supported: it stays.")))
    batch.ideas.update(status=Idea.Status.WITHDRAWN)
    count_many(batch, -1)
    batch.undone_at = timezone.now()
    batch.save(update_fields=["undone_at"])
    ledger.record_many("idea.withdrawn", by=by, things=ideas, place=batch.programme.place)
    ledger.record("sheet.undone", by=by, on=batch, place=batch.programme.place)
    return batch


@transaction.atomic
def recount(place: Territory) -> Tally:
    """Put the counts of a place right, from the ideas and supports themselves."""
    tally, _is_new = Tally.objects.select_for_update().get_or_create(place=place)
    found = (
        Idea.objects.filter(place=place)
        .public()
        .aggregate(
            public=Count("id"),
            online=Count("id", filter=Q(channel=Channel.WEBSITE)),
            decided=Count("id", filter=Q(status=Idea.Status.DECIDED)),
        )
    )
    tally.public, tally.online, tally.decided = found["public"], found["online"], found["decided"]
    tally.save()
    counted = Idea.objects.filter(place=place).annotate(real=Count("supports"))
    for pk, real in counted.exclude(support_count=F("real")).values_list("pk", "real"):
        Idea.objects.filter(pk=pk).update(support_count=real)
    return tally
