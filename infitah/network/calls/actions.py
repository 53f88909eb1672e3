from contextlib import ExitStack
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from infitah.ground.accounts import actions as accounts
from infitah.ground.accounts.models import Contact, Person, Role
from infitah.ground.ledger import actions as ledger
from infitah.ground.territories.models import Territory
from infitah.lib.dates import day, midnight
from infitah.lib.errors import NotAllowed, NotPossible, Overtaken, require
from infitah.lib.files import Checked, drop, kept
from infitah.lib.states import lock, move, one_by_one, require_unchanged, sent_before
from infitah.lib.text import clean, print_of
from infitah.network.membership import actions as membership
from infitah.network.membership import queries as members
from infitah.network.membership.models import Cohort

from . import queries, rules
from .models import COUNCIL, Advice, Application, Call, Paper, Verdict

KEPT_AFTER_CLOSING = timedelta(days=365)  # names and addresses of an application
KEPT_IF_ADMITTED = timedelta(days=365 * 3)  # a cycle and twelve months
NOT_MAILED_AGAIN_FOR = timedelta(minutes=2)  # then 4, 8, 16… so that nobody's mailbox is flooded
AT_MOST = timedelta(hours=4)
SENT = gettext_lazy("This application has been sent, answered or withdrawn: it cannot be changed now.")

# -- calls -------------------------------------------------------------------------------------


@transaction.atomic
def draft(*, by: Person, key: UUID, cohort: Cohort | None = None, new_cohort: str = "", **written: Any) -> Call:
    """Write a call; nobody but the national team sees it before it is published. The same key is the same call."""
    one_by_one(Call)
    require(rules.can_publish(by))
    known = sent_before(Call, key, created_by=by)
    if known:
        return known
    last = Call.objects.order_by("-number").first()
    number, told = last.number + 1 if last else 1, {"is_demonstration": settings.IS_DEMO, **written}
    cohort = cohort or _new_cohort(new_cohort, enrolled_on=written["closes_at"].date(), by=by)
    call = Call.objects.create(number=number, cohort=cohort, created_by=by, key=key, **told)
    ledger.record("call.drafted", by=by, on=call, number=number)
    return call


def _new_cohort(label: str, *, enrolled_on: date, by: Person) -> Cohort:
    """The cohort that follows the last."""
    last = Cohort.objects.order_by("number").last()
    return membership.plan_cohort(last.number + 1 if last else 1, label=label, enrolled_on=enrolled_on, by=by)


@transaction.atomic
def change(call: Call, *, by: Person, seen: str = "", **written: Any) -> Call:
    """Change a call; what changed is written down, with the dates before and after.

    `seen` is the mark of what the writer had before them; others' words are not overwritten unread.
    """
    call = lock(call)
    require(rules.can_publish(by))
    over = NotPossible(_("This call is over. It stays as it was: write a new one."))
    require(call.standing != "past", over)
    require_unchanged(call, seen, written)
    ends = written.get("closes_at", call.closes_at)
    is_to_end = not call.is_published or ends > timezone.now()
    require(is_to_end, NotPossible(_("A published call ends today at the earliest: choose another last day.")))
    changed = {name: value for name, value in written.items() if getattr(call, name) != value}
    dates = {f"{name}_before": getattr(call, name).isoformat() for name in ("opens_at", "closes_at") if name in changed}
    for name, value in changed.items():
        setattr(call, name, value)
    if changed:
        call.save(update_fields=list(changed))
        ledger.record("call.changed", by=by, on=call, number=call.number, changed=sorted(changed), **dates)
    return call


@transaction.atomic
def publish(call: Call, *, by: Person) -> Call:
    """Show a call to everyone; it opens and closes by its dates."""
    call = lock(call)
    require(rules.can_publish(by))
    require(call.closes_at > timezone.now(), NotPossible(_("Its last day has passed: change the dates first.")))
    move(call, Call.Status.PUBLISHED)
    ledger.record("call.published", by=by, on=call, number=call.number, closes_at=call.closes_at.isoformat())
    return call


# -- the applicant -----------------------------------------------------------------------------


@transaction.atomic
def begin(call: Call, *, email: str, language: str) -> Application | None:
    """The application of this address in the call, a new draft if there is none or it was withdrawn; a link to it is
    to be mailed.

    Once the call is not open any more, only what was begun is found again; None where nothing was.
    """
    call = lock(call)
    mine = Application.objects.filter(call=call, applicant__email__iexact=email).order_by("-pk").first()
    is_standing = mine is not None and mine.status != Application.Status.WITHDRAWN
    if is_standing or not rules.can_apply(call):
        return mine
    applicant = _contact(call, language, email=email)
    return Application.objects.create(call=call, applicant=applicant, language=language)


def _contact(call: Call, language: str, *, email: str = "", name: str = "") -> Contact:
    """A name or an address, kept apart and for a time only."""
    until = timezone.localdate(call.closes_at) + KEPT_AFTER_CLOSING
    return Contact.objects.create(email=email.lower(), name=name, language=language, retain_until=until)


@transaction.atomic
def mail_link(application: Application) -> bool:
    """Mail the link to the applicant, unless it has just been mailed; tells whether it went."""
    application = lock(application)
    now = timezone.now()
    last, since = application.mailed_at, application.saved_at or application.begun_at
    is_fresh = last is not None and now - last < min(max(NOT_MAILED_AGAIN_FOR, last - since), AT_MOST)
    if is_fresh or application.applicant is None:
        return False
    application.mailed_at = now
    application.save(update_fields=["mailed_at"])
    with override(application.language):
        address = settings.SITE_URL + queries.link(application)
        told = {"call": application.call, "address": address, "days": queries.LINK_WORKS_FOR.days}
        subject = _("Your application to join the network of open local governments")
        body = render_to_string("calls/mail.txt", told)
    headers = {"Auto-Submitted": "auto-generated"}
    EmailMessage(subject, body, to=[application.applicant.email], headers=headers).send()
    return True


@transaction.atomic
def keep(
    application: Application,
    *,
    people: dict[str, dict[str, str]] | None = None,
    papers: dict[str, Checked] | None = None,
    seen: str = "",
    **written: Any,
) -> Application:
    """Keep what has been written so far, be it half of it; not unread of what another bearer of the link has written
    since it was `seen` (`queries.mark`).

    `people` maps a role (one of queries.NAMED) to a `name` and an `email`; `papers` what is asked for to a file.
    """
    application = lock(application)
    require(rules.can_write(application), NotPossible(SENT))
    stood = queries.mark(application)
    if application.sent_at:
        written.pop("place", None)  # what was sent stays that of the same collectivity
    is_first = application.saved_at is None
    for name, value in {**written, "saved_at": timezone.now()}.items():
        setattr(application, name, value)
    for role, given in (people or {}).items():
        _name(application, role, **given)
    application.save()
    with ExitStack() as files:
        for asked, paper in (papers or {}).items():
            _attach(application, asked, paper, files.enter_context(kept(paper, "applications")))
        require(seen in ("", stood) or queries.mark(application) == stood, Overtaken(stood))
        if is_first:
            ledger.record("application.begun", by=None, on=application, call=application.call.number)
    return application


def _name(application: Application, role: str, *, name: str = "", email: str = "") -> None:
    """Put a name and an address where the application names someone."""
    contact = getattr(application, role)
    if contact is None and (name or email):
        setattr(application, role, _contact(application.call, application.language, name=clean(name), email=email))
    elif contact is not None:
        contact.name, contact.email = clean(name), email.lower()
        contact.save(update_fields=["name", "email"])


def _attach(application: Application, asked: str, paper: Checked, name: str) -> None:
    """Put a document in its place: what a draft held there goes, what was sent before stays, as replaced."""
    before = application.papers.filter(asked=asked, replaced_at=None).first()
    if before and application.sent_at is None:
        before.delete()
        drop(before.file.name)
    elif before:
        before.replaced_at = timezone.now()
        before.save(update_fields=["replaced_at"])
    Paper.objects.create(application=application, asked=asked, file=name, sha256=paper.sha256)


@transaction.atomic
def submit(application: Application, *, key: UUID) -> Application:
    """Send an application to be reviewed, once it is whole. The same key sends it once."""
    call = lock(application.call)
    application = lock(application)
    if application.sent_key == key:
        return application
    require(rules.can_write(application), NotPossible(SENT))
    late = f"{queries.closed(call)} {_('Your draft is kept.')}"
    require(application.sent_at is not None or rules.can_apply(call), NotPossible(late))
    lacks = queries.missing(application)
    require(not lacks, NotPossible(" ".join(lacks.values())))
    require_free(call, application)
    now = timezone.now()
    times = {"sent_at": application.sent_at or now, "turn": application.turn + 1, "sent_key": key}
    move(application, Application.Status.SUBMITTED, **times)
    decision = application.papers.get(asked=COUNCIL, replaced_at=None).sha256
    particulars = {"call": call.number, "turn": application.turn, "decision": decision}
    ledger.record("application.submitted", by=None, on=application, place=application.place, **particulars)
    return application


def require_free(call: Call, application: Application) -> None:
    """The collectivity is one that the call is for, is not in yet, has not applied already; and there is room."""
    place = application.place
    assert place is not None
    told = {"place": place, "whom": queries.for_whom(call), "n": call.places}
    unfit = _("%(place)s cannot answer this call, which is for: %(whom)s. Your draft is kept.") % told
    require(queries.suits(call, place), NotPossible(unfit))
    is_in = members.belongs(place)
    require(not is_in, NotPossible(_("%(place)s is already a member of the network.") % told))
    other = queries.standing_for(call, place, but=application)
    if other and other.sent_at:
        told |= {"day": day(other.sent_at), "status": other.get_status_display()}
        twice = _("%(place)s has already applied to this call, on %(day)s (%(status)s). Your draft is kept.") % told
        raise NotPossible(twice)
    full = _("All %(n)s places of this call are taken. Your draft is kept.") % told
    require(queries.left(call) != 0, NotPossible(full))


@transaction.atomic
def withdraw(application: Application) -> Application:
    """The applicant takes the application back; that it was sent stays known."""
    application = lock(application)
    done = NotPossible(_("This application has its answer already, or was withdrawn."))
    require(rules.can_withdraw(application), done)
    move(application, Application.Status.WITHDRAWN, turn=application.turn + 1)
    ledger.record("application.withdrawn", by=None, on=application, place=application.place)
    return application


@transaction.atomic
def erase(application: Application) -> None:
    """Forget who applied and who is named, at the applicant's wish: a draft goes whole, what was sent stays."""
    application = lock(application)
    if application.sent_at is None:
        _discard(application)
        return
    if rules.can_withdraw(application):
        application = withdraw(application)
    queries.contacts(application).delete()
    ledger.record("application.erased", by=None, on=application, place=application.place)


def _discard(application: Application) -> None:
    """Remove a draft, its papers and whom it names."""
    drop(*application.papers.values_list("file", flat=True))
    queries.contacts(application).delete()
    application.delete()


@transaction.atomic
def purge(today: date) -> dict[str, int]:
    """Remove what has passed its time: drafts never opened or never sent, papers of what had no success."""
    drafts, papers = queries.stale(today)
    counts = {"drafts": drafts.count(), "papers": papers.count()}
    for application in drafts.select_for_update(of=("self",)):
        _discard(application)
    drop(*papers.values_list("file", flat=True))
    papers.delete()
    country = Territory.objects.filter(kind=Territory.Kind.COUNTRY).first()
    if country and any(counts.values()):
        ledger.record("applications.purged", by=None, on=country, place=country, **counts)
    return counts


# -- the reviewers -----------------------------------------------------------------------------


@transaction.atomic
def advise(application: Application, *, by: Person, key: UUID, turn: int, stance: str, text: str) -> Advice:
    """The wilaya or the province gives its opinion, once on what was sent."""
    application = lock(application)
    known = sent_before(Advice, key, by=by, application=application)
    if known:
        return known
    of = rules.advises_for(by, application)
    if of is None:
        raise NotAllowed()
    require_as_read(application, turn)
    given = application.advices.filter(of=of, turn=application.turn).select_related("of", "by").first()
    require(given is None, NotPossible(queries.advised_by(given) if given else ""))
    said = {"of": of, "turn": application.turn, "stance": stance, "text": clean(text), "by": by, "key": key}
    advice = Advice.objects.create(application=application, **said)
    place = application.place
    ledger.record("application.advised", by=by, on=application, place=place, advice=advice.pk, stance=stance)
    return advice


def require_as_read(application: Application, turn: int) -> None:
    """Nobody else has answered, and the applicant has changed nothing, since the page was read."""
    is_waiting = application.status == Application.Status.SUBMITTED
    if is_waiting and application.turn == turn:
        return
    verdict = application.verdicts.select_related("by").last()
    if application.status == Application.Status.WITHDRAWN or verdict is None:
        raise NotPossible(_("The applicant has withdrawn this application since you opened it."))
    said = queries.answered_by(verdict)
    if is_waiting:
        said += " " + _("The applicant has completed it and sent it again since: open it anew.")
    raise NotPossible(said)


@transaction.atomic
def answer(
    application: Application, *, by: Person, key: UUID, turn: int, outcome: str, reason: str, is_public: bool = False
) -> Verdict:
    """Accept, ask for more, or refuse with a reason. Whoever comes second is told who answered, and when.

    Accepting admits the collectivity to the cohort of the call, and gives the focal point and the deputy their roles.
    """
    call = lock(application.call)
    application = lock(application)
    known = sent_before(Verdict, key, by=by, application=application)
    if known:
        return known
    require(by.is_national)
    require_as_read(application, turn)
    is_accepted, reason = outcome == Verdict.Outcome.ACCEPTED, clean(reason)
    require(is_accepted or bool(reason), NotPossible(_("Give the reason: the applicant reads it.")))
    full = _("All %(n)s places of this call are taken: this application cannot be accepted.") % {"n": call.places}
    require(not is_accepted or queries.left(call) != 0, NotPossible(full))
    said = {"outcome": outcome, "reason": reason, "is_public": is_public, "by": by, "key": key}
    verdict = Verdict.objects.create(application=application, **said)
    move(application, outcome, turn=application.turn + 1)
    said = {"reason_sha256": print_of(reason)} if is_public and reason else {}
    particulars = {"call": call.number, "verdict": verdict.pk, **said}
    ledger.record(f"application.{outcome}", by=by, on=application, place=application.place, **particulars)
    if is_accepted:
        _admit(call, application, by)
    return verdict


def _admit(call: Call, application: Application, by: Person) -> None:
    """The collectivity joins, and its two people can sign in."""
    place = application.place
    assert place is not None
    membership.admit(place, call.cohort, by=by, is_demonstration=call.is_demonstration)
    for role, contact in ((Role.FOCAL_POINT, application.focal_point), (Role.DEPUTY, application.deputy)):
        gone = NotPossible(_("The people named in this application were erased: ask the applicant to name them again."))
        if contact is None or not contact.email:
            raise gone
        about: dict[str, Any] = {"full_name": contact.name, "is_demonstration": call.is_demonstration}
        person = accounts.invite(contact.email, language=application.language, **about)
        if not person.holds(role, at=place):
            accounts.grant(person, role, place, by=by)
    queries.contacts(application).update(retain_until=timezone.localdate() + KEPT_IF_ADMITTED)


# -- as public sources tell it -------------------------------------------------------------------


@transaction.atomic
def record(cohort: Cohort, *, number: int, opens_on: date, closes_on: date, **words: Any) -> Call:
    """Write down a call of before this platform, by the months that its sources name; twice changes nothing."""
    days = {"opens_at": midnight(opens_on), "closes_at": midnight(closes_on), "has_months_only": True}
    told = {"status": Call.Status.PUBLISHED, "cohort": cohort, "source": cohort.source, "key": uuid4(), **days}
    call, is_new = Call.objects.get_or_create(number=number, defaults={**told, **words})
    if is_new:
        ledger.record("call.recorded", by=None, on=call, number=number)
    return call
