from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from infitah.ground.accounts import actions as accounts
from infitah.ground.accounts.models import Person
from infitah.ground.ledger import actions as ledger
from infitah.ground.territories.models import Territory
from infitah.lib.dates import day
from infitah.lib.errors import NotPossible, require
from infitah.lib.files import Checked, kept
from infitah.lib.i18n import Localized
from infitah.lib.states import lock, mark, move, one_by_one, require_unchanged, sent_before

from . import queries, rules
from .models import Adhesion, Change, Charter, Cohort, HandOver, Member

# -- joining, signing, leaving ---------------------------------------------------------------------


@transaction.atomic
def admit(
    place: Territory,
    cohort: Cohort,
    *,
    by: Person | None,
    is_demonstration: bool = False,
    reason: Localized | None = None,
    on: date | None = None,
    document: Checked | None = None,
) -> Member:
    """Admit a collectivity to a cohort, or once more after it has left; it is active once it has signed the charter."""
    place = lock(place)
    require(rules.can_admit(by))
    said = _("Only a collectivity that exists today can join the network.")
    require(place.is_collectivity and place.valid_until is None, NotPossible(said))
    member = Member.objects.filter(place=place).first()
    if member is None:
        member = Member.objects.create(place=place, cohort=cohort, is_demonstration=is_demonstration)
    elif queries.stands_admitted(member, cohort, by, document.sha256 if document else ""):  # a second click
        return member
    else:
        has_left = member.status == Member.Status.LEFT
        require(has_left, NotPossible(_("This collectivity is already a member of the network.")))
        move(member, Member.Status.ADMITTED)
        member.cohort, member.joined_on = cohort, None
        member.save(update_fields=["cohort", "joined_on"])
    today, why = timezone.localdate(), reason or Localized()
    _turn(member, "member.admitted", document, by=by, reason=why, changed_on=on or today)
    return member


def _turn(member: Member, said: str, document: Checked | None, *, by: Person | None, **about: Any) -> None:
    """Write down what the member has become: its `reason` and `changed_on`, with the document that says so."""
    with kept(document, "documents") as name:
        sha256 = document.sha256 if document else ""
        about |= {"cohort": member.cohort, "document": name, "document_sha256": sha256}
        Change.objects.create(member=member, status=member.status, by=by, **about)
        told = {"cohort": member.cohort.number, "changed_on": str(about["changed_on"]), "sha256": sha256}
        ledger.record(said, by=by, on=member, place=member.place, **told)


@transaction.atomic
def adhere(
    member: Member,
    *,
    charter: Charter,
    function: Localized,
    signed_on: date,
    by: Person | None,
    signatory: str = "",
    document: Checked | None = None,
    key: UUID | None = None,
) -> Adhesion:
    """Record who signed which version of the charter, when, in which function, with the signed document."""
    member = lock(member)
    require(rules.can_adhere(by, member))
    known = sent_before(Adhesion, key, recorded_by=by, member=member)
    if known:
        return known
    require(charter.published_at is not None, NotPossible(_("This version of the charter is not published yet.")))
    _require_signable(member, charter, signed_on)
    with kept(document, "adhesions") as name:
        adhesion = Adhesion.objects.create(
            member=member,
            charter=charter,
            signatory=signatory,
            function=function,
            signed_on=signed_on,
            document=name,
            document_sha256=document.sha256 if document else "",
            recorded_by=by,
            key=key or uuid4(),
        )
        if member.status == Member.Status.ADMITTED:
            move(member, Member.Status.ACTIVE)
            member.joined_on = signed_on
            member.save(update_fields=["joined_on"])
        particulars = {"version": charter.version, "signed_on": str(signed_on), "sha256": adhesion.document_sha256}
        ledger.record("charter.signed", by=by, on=adhesion, place=member.place, **particulars)
    return adhesion


def _require_signable(member: Member, charter: Charter, signed_on: date) -> None:
    """The member is in the network, has not signed this version, and signs after it left if it came back."""
    require(member.status != Member.Status.LEFT, NotPossible(_("This member has left the network.")))
    is_new = not member.adhesions.standing().filter(charter=charter).exists()
    require(is_new, NotPossible(_("This member has already signed this version of the charter.")))
    left_on = member.adhesions.aggregate(day=Max("ended_on"))["day"]
    said = _("It left the network on %(day)s: it can only sign anew from that day on.") % {"day": day(left_on)}
    require(left_on is None or signed_on >= left_on, NotPossible(said))


def rest(member: Member, *, by: Person | None, **about: Any) -> Member:
    """The member does nothing for a while; it stays a member. `about`: `reason`, and if known `on` and `document`."""
    return _become(member, Member.Status.DORMANT, "member.rested", by, **about)


def wake(member: Member, *, by: Person | None, **about: Any) -> Member:
    """The member is active again."""
    return _become(member, Member.Status.ACTIVE, "member.woken", by, **about)


def leave(member: Member, *, by: Person | None, **about: Any) -> Member:
    """The member leaves; what it did and signed stays public."""
    return _become(member, Member.Status.LEFT, "member.left", by, **about)


@transaction.atomic
def _become(
    member: Member,
    status: Member.Status,
    said: str,
    by: Person | None,
    *,
    reason: Localized,
    on: date | None = None,
    document: Checked | None = None,
) -> Member:
    member, today = lock(member), timezone.localdate()
    since = on or today
    require(rules.can_move(by, member))
    require(member.status != Member.Status.ADMITTED, NotPossible(_("This member has not signed the charter yet.")))
    require(bool(reason), NotPossible(_("Say why: the reason is public.")))
    require(queries.last_change(member) <= since <= today, NotPossible(_("This day comes before the last change.")))
    move(member, status)
    if status == Member.Status.LEFT:
        member.adhesions.standing().update(ended_on=since)
    _turn(member, said, document, by=by, reason=reason, changed_on=since)
    return member


# -- versions of the charter, cohorts ----------------------------------------------------------------


@transaction.atomic
def draft_charter(*, by: Person | None, seen: str = "", **words: Any) -> Charter:
    """Keep the next version as it is worded so far: `text`, `commitments`, `in_force_on`, `source`.

    `seen` is the mark of the words that the writer had before them; others' words are not overwritten unread.
    """
    one_by_one(Charter)
    require(rules.can_word_charter(by))
    last = Charter.objects.order_by("-version").first()
    if last:
        require_unchanged(last, seen, words)
    if last and last.published_at is None:
        for name, value in words.items():
            setattr(last, name, value)
        last.save(update_fields=list(words))
        return last
    return Charter.objects.create(version=last.version + 1 if last else 1, published_at=None, **words)


@transaction.atomic
def publish_charter(charter: Charter, *, by: Person | None, seen: str = "") -> Charter:
    """From now on nobody changes the text, which is the one `seen`; the members are asked to adhere again."""
    charter = lock(charter)
    require(rules.can_word_charter(by))
    require(charter.published_at is None, NotPossible(_("This version is published: it is never changed.")))
    changed = _("This draft has changed since you read it. Read it again before you publish it.")
    require(seen in ("", mark(charter, *Charter.WORDS)), NotPossible(changed))
    is_whole = queries.is_whole(charter)
    require(is_whole, NotPossible(_("Write the text and each commitment in Arabic, French and English first.")))
    has_passed = charter.in_force_on < timezone.localdate()
    require(not has_passed, NotPossible(_("The day from which it is in force has passed. Choose another.")))
    earlier = Charter.objects.published().aggregate(latest=Max("in_force_on"))["latest"]
    follows = earlier is None or charter.in_force_on > earlier
    require(follows, NotPossible(_("It must be in force later than the version before it.")))
    charter.published_at, charter.published_by = timezone.now(), by
    charter.save(update_fields=["published_at", "published_by"])
    ledger.record("charter.published", by=by, on=charter, version=charter.version, in_force_on=str(charter.in_force_on))
    return charter


@transaction.atomic
def plan_cohort(
    number: int, *, by: Person | None, label: str, enrolled_on: date, source: str = "", cohort: Cohort | None = None
) -> Cohort:
    """Open a cohort, or word one anew: its members stay."""
    one_by_one(Cohort)
    require(rules.can_plan_cohort(by))
    same = Cohort.objects.filter(number=number).first()
    require(same is None or same == cohort, NotPossible(_("There is a cohort of this number already.")))
    cohort = lock(cohort) if cohort else Cohort()
    cohort.number, cohort.label, cohort.enrolled_on, cohort.source = number, label, enrolled_on, source
    cohort.save()
    ledger.record("cohort.planned", by=by, on=cohort, number=number, enrolled_on=str(enrolled_on))
    return cohort


# -- hand-over -----------------------------------------------------------------------------------------


@transaction.atomic
def hand_over(
    place: Territory,
    *,
    by: Person | None,
    role: str,
    outgoing: Person | None,
    to: Person | str,
    on: date,
    note: str = "",
    language: str = "ar",
    key: UUID | None = None,
) -> HandOver:
    """Name who takes over the role, by their account or their address; naming again before the day replaces."""
    place = lock(place)
    require(rules.can_name_successor(by, place))
    known = sent_before(HandOver, key, by=by, place=place)
    if known:
        return known
    named = accounts.invite(to) if isinstance(to, str) else to
    before = place.hand_overs.to_come().filter(role=role, outgoing=outgoing).first()
    accounts.hand_over(
        role, place, to=named, by=by, outgoing=outgoing, on=on, instead_of=before.incoming if before else None
    )
    if before:
        before.replaced_at = timezone.now()
        before.save(update_fields=["replaced_at"])
        ledger.record("role.recalled", by=by, on=before, place=place, role=role)
    words: dict[str, Any] = {"note": note, "language": language, "key": key or uuid4()}
    made = HandOver.objects.create(
        place=place, role=role, outgoing=outgoing, incoming=named, handed_on=on, by=by, **words
    )
    ledger.record("role.handed_over", by=by, on=made, place=place, role=role, since=str(on))
    return made


@transaction.atomic
def acknowledge(hand_over: HandOver, *, by: Person | None) -> HandOver:
    """Whoever takes over has read everything; saying so twice is saying it once."""
    hand_over = lock(hand_over)
    require(rules.can_acknowledge(by, hand_over))
    require(hand_over.replaced_at is None, NotPossible(_("Somebody else has been named in the meantime.")))
    if hand_over.acknowledged_at is None:
        hand_over.acknowledged_at = timezone.now()
        hand_over.save(update_fields=["acknowledged_at"])
        ledger.record("role.acknowledged", by=by, on=hand_over, place=hand_over.place, role=hand_over.role)
    return hand_over


# -- as public sources tell it -----------------------------------------------------------------------


@transaction.atomic
def import_charter(cohorts: Iterable[dict[str, Any]], **words: Any) -> Charter:
    """Lay down the first version of the charter and the cohorts of before; doing it twice changes nothing."""
    for cohort in cohorts:
        Cohort.objects.get_or_create(number=cohort["number"], defaults=cohort)
    charter, is_new = Charter.objects.get_or_create(version=1, defaults=words)
    if is_new:
        ledger.record("charter.published", by=None, on=charter, version=charter.version)
    return charter
