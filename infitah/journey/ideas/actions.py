import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NotRequired, TypedDict, Unpack
from uuid import UUID, uuid4

from django.contrib.postgres.search import SearchVector
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Count, F, Q, QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from infitah.ground.accounts import actions as accounts
from infitah.ground.accounts.models import Person
from infitah.ground.ledger import actions as ledger
from infitah.ground.moderation import actions as moderation
from infitah.ground.moderation import queries as moderation_queries
from infitah.ground.moderation.models import Ground
from infitah.ground.organisations.actions import require_voice
from infitah.ground.organisations.models import Organisation
from infitah.ground.territories.models import Territory
from infitah.journey.programmes.models import Axis, Programme
from infitah.journey.programmes.rules import can_run, can_work_on, sits
from infitah.lib import tables, text
from infitah.lib.errors import NotPossible, Overtaken, require
from infitah.lib.states import lock, move, sent_before
from infitah.network.meetings.models import Meeting

from . import queries, rules
from .models import Batch, Channel, Decision, Idea, Proposal, Support, Tally

AT_ONCE = 1000  # rows of a sheet that become ideas in one go
UNSAID = gettext_lazy("Give the reason: the author and everyone else will read it.")
ANSWERED = gettext_lazy("This idea has been answered: it stays, with its answer.")
TOUCHED = gettext_lazy("This idea has been answered, grouped, supported or discussed since: it stays.")
SETTLED = gettext_lazy("The programme is before the council or adopted: only ideas that still wait are answered.")


def require_open(by: Person | None, programme: Programme) -> None:
    """Ideas are given while the window is open; who comes early or late is told so."""
    require(rules.can_submit(by, programme), NotPossible(queries.why_closed(programme)))


def require_answerable(by: Person | None, idea: Idea) -> None:
    """An idea that waits is answered at any time; an answer is changed until the programme goes to the council."""
    require(can_run(by, idea.programme))
    require(rules.can_decide(by, idea), NotPossible(SETTLED))


def require_at_work(by: Person | None, programme: Programme) -> None:
    """Ideas are entered and grouped by whoever works on the programme, until it goes to the council."""
    require(can_work_on(by, programme))
    require(rules.can_enter(by, programme), NotPossible(SETTLED))


def require_seated(by: Person | None, programme: Programme) -> None:
    """Answers are proposed by whoever sits on the committee, until the programme goes to the council."""
    require(sits(by, programme))
    require(not programme.is_frozen, NotPossible(SETTLED))


def require_proposable(by: Person | None, idea: Idea) -> None:
    """An answer is proposed to an idea that waits for one."""
    require_seated(by, idea.programme)
    require(rules.can_propose(by, idea), NotPossible(_("This idea does not wait for an answer: none can be proposed.")))


class Said(TypedDict):
    """What someone said or wrote, before it is an idea. The same `key` is the same idea, however often it is sent."""

    key: UUID
    axis: Axis
    problem: str
    solution: str
    language: NotRequired[str]  # guessed where it is not told
    where: NotRequired[str]
    pseudonym: NotRequired[str]
    organisation: NotRequired[Organisation | None]  # in whose name; else in one's own


@transaction.atomic
def submit(
    programme: Programme, *, by: Person | None, email: str = "", is_doubtful: bool = False, **said: Unpack[Said]
) -> Idea:
    """Receive an idea given on the site. What may be a machine's, or has personal data or insults, waits for a look."""
    words = {} if by else {"fingerprint": queries.print_of(said["problem"], said["solution"])}
    known = sent_before(Idea, said["key"], programme=programme, author=by, entered_by=None, **words)
    if known:
        return known
    require_open(by, programme)
    require_voice(by, said.get("organisation"))
    idea = receive(programme, said, by=by, channel=Channel.WEBSITE, author=by, email="" if by else email)
    screened = moderation_queries.screen("\n".join([idea.problem, idea.solution, idea.where, idea.pseudonym]))
    ground = screened or (Ground.SPAM if is_doubtful else None)
    return moderation.hold_back(idea, ground) if ground else idea


@transaction.atomic
def enter(
    programme: Programme,
    *,
    by: Person,
    channel: str,
    workshop: Meeting | None = None,
    received_at: datetime | None = None,
    **said: Unpack[Said],
) -> Idea:
    """Write down what someone said or wrote off line; it weighs as much as an idea given on the site."""
    known = sent_before(Idea, said["key"], programme=programme, entered_by=by)
    if known:
        return known
    require_at_work(by, programme)
    at = received_at or min(workshop.starts_at if workshop else timezone.now(), timezone.now())
    return receive(programme, said, by=by, channel=channel, workshop=workshop, entered_by=by, received_at=at)


def receive(programme: Programme, said: Said, *, by: Person | None, email: str = "", **how: Any) -> Idea:
    """Number an idea, give it its receipt, count it."""
    hold(programme.place)
    words = worded(said["problem"], said["solution"], said.get("language", ""))
    idea = Idea(programme=programme, place=programme.place, **{**said, **words}, **how)
    idea.where, idea.pseudonym = text.clean(idea.where), text.clean(idea.pseudonym)
    idea.contact = accounts.keep_contact(email, idea.language) if email else None
    idea.number = next_numbers(programme.place, 1)
    idea.receipt = queries.free_receipts(1)[0]
    idea.save()
    count(idea, 1)
    ledger.record("idea.submitted", by=by, on=idea, place=idea.place, **told(idea))
    return idea


def told(idea: Idea) -> dict[str, Any]:
    """What the ledger keeps of a new idea: enough to prove that its words have not changed since."""
    return {"number": idea.number, "channel": idea.channel, "print": idea.fingerprint}


def worded(problem: str, solution: str, language: str = "") -> dict[str, Any]:
    """The fields that hold the words of an idea: cleaned, findable, recognisable as a duplicate, in their language."""
    problem, solution = text.clean(problem), text.clean(solution)
    return {
        "problem": problem,
        "solution": solution,
        "language": language or text.guess_language(f"{problem} {solution}"),
        "fingerprint": queries.print_of(problem, solution),
        "search": SearchVector(Value(text.search_vector_text(solution, problem)), config="simple"),
    }


def hold(place: Territory) -> Tally:
    """The tally of the place, held until the transaction ends: whoever gives it an idea next waits."""
    Tally.objects.get_or_create(place=place)
    return Tally.objects.select_for_update().get(place=place)


def next_numbers(place: Territory, how_many: int) -> int:
    """Take the next numbers of a place; returns the first. The place's tally must be held."""
    Tally.objects.filter(place=place).update(last_number=F("last_number") + how_many)
    return Tally.objects.values_list("last_number", flat=True).get(place=place) - how_many + 1


def count(idea: Idea, change: int) -> None:
    """Add an idea to (1) or take it from (-1) what its place counts."""
    count_all(idea.place, Idea.objects.filter(pk=idea.pk), change)


def count_all(place: Territory, ideas: QuerySet[Idea], change: int) -> None:
    """Add all these ideas to (1) or take them from (-1) what the place counts; those the public does not see add 0."""
    found = queries.counts(ideas)
    Tally.objects.filter(place=place).update(**{name: F(name) + change * number for name, number in found.items()})


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
def decide(
    idea: Idea, *, by: Person, outcome: str, reason: str, language: str = "", seen: int | None = None
) -> Decision:
    """Answer an idea and those grouped under it, with a reason; no decision later than the one `seen` is replaced."""
    hold_together([idea])
    idea = lock(idea)
    require_answerable(by, idea)
    require(bool(text.clean(reason)), NotPossible(UNSAID))
    together = [idea, *idea.group.all()]
    return [answer(each, by=by, outcome=outcome, reason=reason, language=language, seen=seen) for each in together][0]


def hold_together(ideas: Iterable[Idea]) -> None:
    """Hold these ideas and all grouped under them, in one order, before the first entry is recorded.

    An entry holds the head of its place until the end: whoever took another idea after it could wait in a ring
    with someone who supports that idea.
    """
    keys = [idea.pk for idea in ideas]
    list(Idea.objects.select_for_update().filter(Q(pk__in=keys) | Q(lead__in=keys)).order_by("pk").values_list("pk"))


def answer(idea: Idea, *, by: Person, outcome: str, reason: str, language: str, seen: int | None) -> Decision:
    """The answer to one idea whose row is held. The same answer sent twice is one."""
    reason, last = text.clean(reason), idea.decisions.first()
    if last and (last.outcome, last.reason) == (outcome, reason):
        return last
    require(seen is None or last is None or last.pk <= seen, Overtaken(str(queries.latest_decision())))
    language = language or text.guess_language(reason)
    decision = Decision.objects.create(idea=idea, outcome=outcome, reason=reason, language=language, by=by)
    count(idea, -1)
    move(idea, Idea.Status.DECIDED, outcome=outcome, decided_at=idea.decided_at or decision.at)
    count(idea, 1)
    ledger.record("idea.decided", by=by, on=idea, place=idea.place, outcome=outcome, decision=decision.pk)
    return decision


@transaction.atomic
def propose(idea: Idea, *, by: Person, outcome: str, reason: str) -> Proposal:
    """Propose an answer as a member of the committee; a later proposal of theirs replaces it, the same one is none."""
    idea = lock(idea)
    require_proposable(by, idea)
    said: dict[str, Any] = {"outcome": outcome, "reason": text.clean(reason)}
    require(bool(said["reason"]), NotPossible(UNSAID))
    known = idea.proposals.filter(by=by, **said).first()
    if known:
        return known
    said |= {"language": text.guess_language(said["reason"]), "at": timezone.now()}
    proposal, _is_new = idea.proposals.update_or_create(by=by, defaults=said)
    ledger.record("idea.proposed", by=by, on=idea, place=idea.place, proposal=proposal.pk)
    return proposal


@transaction.atomic
def decide_many(ideas: list[Idea], *, by: Person, **said: Any) -> int:
    """Give several ideas the same answer; all of them or none."""
    hold_together(ideas)
    return len([decide(idea, by=by, **said) for idea in sorted(ideas, key=lambda one: one.pk)])


@transaction.atomic
def group(ideas: list[Idea], *, by: Person, lead: Idea) -> Idea:
    """Put ideas that say the same under one of them; each keeps its page, its author and its receipt."""
    hold_together([lead, *ideas])
    lead = lock(lead)
    require_at_work(by, lead.programme)
    require(lead.lead_id is None, NotPossible(_("This idea is itself grouped under another: choose that one.")))
    waits = lead.status == Idea.Status.RECEIVED
    require(waits, NotPossible(_("This idea no longer waits for an answer: group the others under one that does.")))
    for idea in sorted(ideas, key=lambda one: one.pk):
        if idea.pk != lead.pk:
            place_under(lead, lock(idea), by)
    return lead


def place_under(lead: Idea, idea: Idea, by: Person) -> None:
    """Group one idea, with those already under it."""
    same = idea.programme_id == lead.programme_id
    require(same, NotPossible(_("Only ideas of the same programme can be grouped.")))
    Idea.objects.filter(lead=idea).update(lead=lead)
    move(idea, Idea.Status.GROUPED, lead=lead)
    ledger.record("idea.grouped", by=by, on=idea, place=idea.place, lead=lead.number)


@transaction.atomic
def ungroup(idea: Idea, *, by: Person) -> Idea:
    """Let a grouped idea stand alone again; it waits for an answer of its own."""
    idea = lock(idea)
    require_at_work(by, idea.programme)
    if idea.lead_id:
        let_stand(idea, by)
    return idea


def let_stand(idea: Idea, by: Person) -> None:
    move(idea, Idea.Status.RECEIVED, lead=None)
    ledger.record("idea.ungrouped", by=by, on=idea, place=idea.place)


@transaction.atomic
def withdraw(idea: Idea, *, by: Person) -> Idea:
    """Take back one's own idea, or a row entered by mistake: its number stays, and its group stands alone again."""
    hold_together([idea])
    idea = lock(idea)
    is_theirs = rules.is_author(by, idea)
    require(is_theirs or rules.has_entered(by, idea))
    if idea.status == Idea.Status.WITHDRAWN:
        return idea
    said = ANSWERED if is_theirs else SETTLED if idea.programme.is_frozen else TOUCHED
    require(rules.can_withdraw(by, idea), NotPossible(said))
    count(idea, -1)
    move(idea, Idea.Status.WITHDRAWN, lead=None)
    for similar in Idea.objects.filter(lead=idea, status=Idea.Status.GROUPED).order_by("pk"):
        let_stand(similar, by)
    ledger.record("idea.withdrawn", by=by, on=idea, place=idea.place, channel=idea.channel)
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
    count_all(place, batch.ideas.all(), 1)
    ledger.record("sheet.imported", by=by, on=batch, place=place, size=batch.size)
    return batch.size


def bring_in(batch: Batch, rows: list[queries.Row], first: int, by: Person) -> None:
    """Make ideas of some rows of a sheet, numbered from `first` on."""
    place = batch.programme.place
    common: dict[str, Any] = {"programme": batch.programme, "place": place, "entered_by": by, "batch": batch}
    ideas = [
        Idea(number=number, receipt=receipt, **common, **brought(row))
        for number, (receipt, row) in enumerate(zip(queries.free_receipts(len(rows)), rows, strict=True), first)
    ]
    Idea.objects.bulk_create(ideas)
    ledger.record_many("idea.submitted", by=by, things=ideas, place=place, particulars_of=told)


def brought(row: queries.Row) -> dict[str, Any]:
    """The fields of an idea that come from its row."""
    fields = {"axis": row.axis, "channel": row.channel, "outside_number": row.number, "key": uuid4()}
    return {**fields, **worded(row.problem, row.solution)}


@transaction.atomic
def undo(batch: Batch, *, by: Person) -> Batch:
    """Take a whole import back: its ideas are withdrawn, their numbers and history stay. Asked twice, done once."""
    batch = lock(batch)
    require_at_work(by, batch.programme)
    if batch.undone_at:
        return batch
    ideas = list(batch.ideas.select_for_update().order_by("pk").defer("problem", "solution", "search"))
    untouched = all(idea.status == Idea.Status.RECEIVED and not idea.support_count for idea in ideas)
    untouched = untouched and not Idea.objects.filter(lead__batch=batch).exists()
    require(untouched, NotPossible(_("An idea of this sheet has been answered, grouped or supported: it stays.")))
    place = batch.programme.place
    count_all(place, batch.ideas.all(), -1)
    batch.ideas.update(status=Idea.Status.WITHDRAWN)
    batch.undone_at = timezone.now()
    batch.save(update_fields=["undone_at"])
    ledger.record_many("idea.withdrawn", by=by, things=ideas, place=place)
    ledger.record("sheet.undone", by=by, on=batch, place=place)
    return batch


@transaction.atomic
def recount(place: Territory) -> Tally:
    """Put the counts of a place right, from the ideas and supports themselves, while nobody changes them."""
    ideas = Idea.objects.filter(place=place).order_by("pk")
    list(ideas.select_for_update().values_list("pk"))  # the ideas first, then the tally, as whoever answers does
    hold(place)
    Tally.objects.filter(place=place).update(**queries.counts(ideas))
    miscounted = ideas.annotate(real=Count("supports")).exclude(support_count=F("real"))
    for pk, real in list(miscounted.values_list("pk", "real")):
        Idea.objects.filter(pk=pk).update(support_count=real)
    return queries.tally(place)
