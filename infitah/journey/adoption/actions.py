from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from infitah.ground.accounts.models import Person
from infitah.ground.ledger import actions as ledger
from infitah.journey.consultation import actions as consultation
from infitah.journey.consultation import queries as consulted
from infitah.journey.consultation.models import Draft
from infitah.journey.programmes.models import Programme
from infitah.journey.programmes.rules import can_run
from infitah.lib import files
from infitah.lib.dates import month
from infitah.lib.errors import NotPossible, require
from infitah.lib.i18n import Localized, listed
from infitah.lib.states import lock, move
from infitah.lib.text import clean, print_of

from . import queries, rules
from .models import Deliberation, Sitting, Validation


def not_to_come(day: date) -> None:
    """Nothing is recorded before it has happened."""
    require(day <= timezone.localdate(), NotPossible(_("This day is still to come: record it once it has happened.")))


@transaction.atomic
def validate(
    programme: Programme, *, by: Person, validated_on: date, minutes: str, document: files.Checked | None = None
) -> Validation:
    """Record the committee's agreement. What changed since the consultation is frozen as the next version."""
    programme, minutes = lock(programme), clean(minutes)
    require_heard(programme, by)
    not_to_come(validated_on)
    require(bool(minutes), NotPossible(_("Write the minutes, or their main points: residents read them.")))
    draft = as_it_stands(programme, by)
    with files.kept(document, "minutes") as name:
        validation = Validation.objects.create(
            programme=programme,
            draft=draft,
            validated_on=validated_on,
            minutes=minutes,
            document=name,
            document_sha256=document.sha256 if document else "",
            by=by,
        )
        move(programme, Programme.Status.VALIDATED)
        on = {"version": draft.version, "sha256": draft.sha256, "validated_on": str(validated_on)}
        ledger.record("programme.validated", by=by, on=programme, place=programme.place, **on)
    return validation


def require_heard(programme: Programme, by: Person) -> None:
    """The committee speaks after the residents: said before the form is shown, and when it comes in."""
    require(can_run(by, programme))
    again = NotPossible(_("The committee's validation has already been recorded."))
    require(programme.status != Programme.Status.VALIDATED, again)
    unheard = NotPossible(_("The committee validates a programme once residents have been consulted on it."))
    require(programme.status == Programme.Status.CONSULTED, unheard)
    early = NotPossible(_("The consultation is still open: validate once everyone has had their time."))
    require(rules.can_validate(by, programme), early)


def as_it_stands(programme: Programme, by: Person) -> Draft:
    """The latest version, if nothing has changed since; else the next one, frozen now."""
    latest = Draft.objects.filter(programme=programme).order_by("-version").first()
    same = latest is not None and latest.sha256 == consulted.sha256_of(consulted.frozen(programme))
    return latest if latest is not None and same else consultation.freeze(programme, by=by)


@transaction.atomic
def put_on_agenda(programme: Programme, *, by: Person, sits_on: date, kind: str) -> Deliberation:
    """Bring the validated version, or the one on which the vote was postponed, before a sitting of the council."""
    programme = lock(programme)
    require_validated(programme, by)
    validation = Validation.objects.filter(programme=programme).select_related("draft").latest("id")
    early = NotPossible(_("The council sits on the programme after the committee has validated it."))
    require(sits_on >= validation.validated_on, early)
    require_session(programme, sits_on, kind)
    sitting, _new = Sitting.objects.get_or_create(place=programme.place, sits_on=sits_on, defaults={"kind": kind})
    again = NotPossible(_("The council has already voted on it that day: choose another sitting."))
    require(not sitting.deliberations.filter(programme=programme).exists(), again)
    deliberation = Deliberation.objects.create(programme=programme, sitting=sitting, draft=validation.draft, by=by)
    move(programme, Programme.Status.ON_AGENDA)
    version = validation.draft.version
    ledger.record(
        "programme.scheduled", by=by, on=programme, place=programme.place, sits_on=str(sits_on), version=version
    )
    return deliberation


def require_validated(programme: Programme, by: Person) -> None:
    """The council votes on what the committee has validated."""
    require(rules.keeps_record(by, programme))
    again = NotPossible(_("The programme is already on the council's agenda."))
    require(programme.status != Programme.Status.ON_AGENDA, again)
    ready = rules.can_put_on_agenda(by, programme)
    require(ready, NotPossible(_("Only a version that the committee has validated goes on the agenda.")))


def require_session(programme: Programme, sits_on: date, kind: str) -> None:
    """An ordinary session is held in one of the months that the law names."""
    months = queries.session_months(programme.place, sits_on)
    is_ordinary = kind == Sitting.Kind.ORDINARY and bool(months)
    named = listed(month(date(2000, number, 1)) for number in months)
    sentence = _("This council sits in ordinary session in: %(months)s. In another month the session is extraordinary.")
    require(not is_ordinary or sits_on.month in months, NotPossible(sentence % {"months": named}))


def hold(deliberation: Deliberation, by: Person, *, has_sat: bool = True) -> Deliberation:
    """The deliberation, held with its programme, ready for its vote to be recorded."""
    programme = lock(deliberation.programme)
    deliberation = lock(deliberation)
    deliberation.programme = programme
    require_pending(deliberation, by, has_sat=has_sat)
    return deliberation


def require_pending(deliberation: Deliberation, by: Person, *, has_sat: bool) -> None:
    """A vote is recorded once and, unless it is put off beforehand, after the council `has_sat`."""
    require(rules.keeps_record(by, deliberation.programme))
    waits = rules.can_record(by, deliberation)
    require(waits, NotPossible(_("This vote has already been recorded.")))
    if has_sat:
        not_to_come(deliberation.sitting.sits_on)


def conclude(deliberation: Deliberation, by: Person, outcome: str, status: str, **facts: object) -> Deliberation:
    """Write the outcome on a deliberation that is held with its programme."""
    written = {"outcome": outcome, "by": by, "recorded_at": timezone.now(), **facts}
    for name, value in written.items():
        setattr(deliberation, name, value)
    deliberation.save(update_fields=list(written))
    move(deliberation.programme, status)
    return deliberation


@transaction.atomic
def adopt(
    deliberation: Deliberation,
    *,
    by: Person,
    votes_for: int,
    votes_against: int,
    abstentions: int,
    number: str,
    document: files.Checked,
    posted_on: date | None = None,
    by_casting_vote: bool = False,
) -> Deliberation:
    """Record that the council adopted, with its votes and the signed PDF, which with its hash is the act."""
    deliberation, number = hold(deliberation, by), clean(number)
    require_votes(votes_for, votes_against, abstentions)
    require_tie(by_casting_vote, votes_for, votes_against)
    carried = queries.is_carried(votes_for, votes_against, by_casting_vote=by_casting_vote)
    require(carried, NotPossible(_("A programme is adopted by more votes for than against.")))
    require(bool(number), NotPossible(_("Give the number of the deliberation.")))
    require(document.kind == "pdf", NotPossible(_("The deliberation is a PDF, signed.")))
    if posted_on:
        not_to_come(posted_on)
    votes: dict[str, object] = {"votes_for": votes_for, "votes_against": votes_against, "abstentions": abstentions}
    with files.kept(document, "deliberations") as name:
        act = {"number": number, "document": name, "document_sha256": document.sha256, "posted_on": posted_on}
        votes |= {"by_casting_vote": by_casting_vote}
        outcome, status = Deliberation.Outcome.ADOPTED, Programme.Status.ADOPTED
        deliberation = conclude(deliberation, by, outcome, status, **votes, **act)
        record("programme.adopted", deliberation, by, **votes, document=document.sha256)
    return deliberation


def require_votes(*votes: int) -> None:
    """Votes are counted, and somebody has voted."""
    plausible = all(0 <= vote <= 500 for vote in votes) and sum(votes) > 0
    require(plausible, NotPossible(_("Count the votes: no number is below zero, and somebody has voted.")))


def require_tie(by_casting_vote: bool, votes_for: int, votes_against: int) -> None:
    """The president's vote decides between equal votes only."""
    is_needed = not by_casting_vote or votes_for == votes_against
    require(is_needed, NotPossible(_("The president's casting vote decides only between equal votes.")))


def record(action: str, deliberation: Deliberation, by: Person, **particulars: object) -> None:
    """Write a vote down with the version voted on; why it was put off or lost stands in the deliberation."""
    programme, draft = deliberation.programme, deliberation.draft
    on = {"deliberation": deliberation.pk, "sits_on": str(deliberation.sitting.sits_on)}
    on |= {"version": draft.version, "sha256": draft.sha256}
    ledger.record(action, by=by, on=programme, place=programme.place, **on, **particulars)


@transaction.atomic
def postpone(deliberation: Deliberation, *, by: Person, reason: str) -> Deliberation:
    """Record that the vote is put off, at the sitting or before it. The version stays as it is, for a later one."""
    deliberation, reason = hold(deliberation, by, has_sat=False), clean(reason)
    require_reason(reason)
    outcome, status = Deliberation.Outcome.POSTPONED, Programme.Status.POSTPONED
    deliberation = conclude(deliberation, by, outcome, status, reason=reason)
    record("programme.postponed", deliberation, by, reason_sha256=print_of(reason))
    return deliberation


@transaction.atomic
def reject(
    deliberation: Deliberation, *, by: Person, votes_for: int, votes_against: int, abstentions: int, reason: str
) -> Deliberation:
    """Record that the council voted it down; the programme goes back to drafting."""
    deliberation, reason = hold(deliberation, by), clean(reason)
    require_reason(reason)
    require_votes(votes_for, votes_against, abstentions)
    carried = queries.is_carried(votes_for, votes_against)
    require(not carried, NotPossible(_("More votes for than against: the programme is adopted.")))
    votes = {"votes_for": votes_for, "votes_against": votes_against, "abstentions": abstentions}
    outcome, status = Deliberation.Outcome.REJECTED, Programme.Status.REJECTED
    deliberation = conclude(deliberation, by, outcome, status, reason=reason, **votes)
    record("programme.rejected", deliberation, by, reason_sha256=print_of(reason), **votes)
    return deliberation


def require_reason(reason: str) -> None:
    require(bool(reason), NotPossible(_("Give the council’s reason: residents read it.")))


@transaction.atomic
def acknowledge(programme: Programme, *, by: Person, adopted_on: date) -> Deliberation:
    """Take in a plan that was adopted elsewhere (the country's, an OGP commitment), as published at its source."""
    programme = lock(programme)
    require(rules.can_acknowledge(by, programme))
    not_to_come(adopted_on)
    draft = consultation.write_down(programme, by=by, summary=Localized(), is_consulted=False)
    sitting, _new = Sitting.objects.get_or_create(
        place=programme.place, sits_on=adopted_on, defaults={"kind": Sitting.Kind.ELSEWHERE}
    )
    deliberation = Deliberation.objects.create(
        programme=programme,
        sitting=sitting,
        draft=draft,
        outcome=Deliberation.Outcome.ADOPTED,
        source=programme.source,
        by=by,
        recorded_at=timezone.now(),
    )
    move(programme, Programme.Status.ADOPTED)
    record("programme.acknowledged", deliberation, by, source_sha256=print_of(programme.source))
    return deliberation
