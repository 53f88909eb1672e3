from contextlib import ExitStack
from datetime import date, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from infitah.ground.accounts import actions as accounts
from infitah.ground.accounts.models import Contact, Person, Role
from infitah.ground.ledger import actions as ledger
from infitah.ground.territories.models import Territory
from infitah.lib.errors import NotAllowed, NotPossible, require
from infitah.lib.files import Checked, kept
from infitah.lib.states import lock, move
from infitah.lib.text import clean
from infitah.network.membership import actions as membership
from infitah.network.membership.models import Cohort, Member

from . import queries, rules
from .models import COUNCIL, Advice, Application, Call, Paper, Verdict

KEPT_AFTER_CLOSING = timedelta(days=365)  # names and addresses of an application
KEPT_IF_ADMITTED = timedelta(days=365 * 3)  # a cycle and twelve months
NOT_MAILED_AGAIN_FOR = timedelta(minutes=2)  # then 4, 8, 16… so that nobody's mailbox is flooded
AT_MOST = timedelta(hours=4)

# -- calls -------------------------------------------------------------------------------------


@transaction.atomic
def draft(*, by: Person, key: UUID, cohort: Cohort | None = None, new_cohort: str = "", **written: Any) -> Call:
    """Write a call; nobody but the national team sees it before it is published. The same key is the same call."""
    require(rules.can_publish(by))
    last = Call.objects.select_for_update().order_by("-number").first()
    known = Call.objects.filter(key=key).first()
    if known:
        return known
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
def change(call: Call, *, by: Person, **written: Any) -> Call:
    """Change a call; what changed is written down, with the dates before and after."""
    call = lock(call)
    require(rules.can_publish(by))
    over = NotPossible(_("This call is over. It stays as it was: write a new one."))
    require(call.standing != "past", over)
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
def begin(call: Call, *, email: str, language: str, key: UUID) -> Application | None:
    """The application of this address in the call, a new draft if there is none; a link to it is to be mailed.

    Once the call is not open any more, only what was begun is found again; None where nothing was.
    """
    call = lock(call)
    mine = Application.objects.filter(call=call, applicant__email__iexact=email).order_by("-pk").first()
    found = mine or Application.objects.filter(key=key).first()
    if found or not rules.can_apply(call):
        return found
    applicant = _contact(call, language, email=email)
    return Application.objects.create(call=call, applicant=applicant, language=language, key=key)


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
    **written: Any,
) -> Application:
    """Keep what has been written so far, be it half of it.

    `people` maps a role (one of queries.NAMED) to a `name` and an `email`; `papers` what is asked for to a file.
    """
    application = lock(application)
    require(rules.can_write(application), _not_written(application))
    if application.sent_at:
        written.pop("place", None)  # what was sent stays that of the same collectivity
    is_first = application.saved_at is None
    for name, value in {**written, "saved_at": timezone.now()}.items():
        setattr(application, name, clean(value) if name == "why" else value)
    for role, given in (people or {}).items():
        _name(application, role, **given)
    application.save()
    with ExitStack() as files:
        for asked, paper in (papers or {}).items():
            _attach(application, asked, paper, files.enter_context(kept(paper, "applications")))
        if is_first:
            ledger.record("application.begun", by=None, on=application, call=application.call.number)
    return application


def _not_written(application: Application) -> NotPossible:
    """Says why an application is not changed any more."""
    if application.status == Application.Status.SUBMITTED:
        return NotPossible(_("This application has been sent: it waits for its answer and cannot be changed."))
    return NotPossible(_("This application has its answer, or was withdrawn: it cannot be changed any more."))


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
        transaction.on_commit(lambda gone=before.file.name: default_storage.delete(gone))  # type: ignore[misc]
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
    require(rules.can_write(application), _not_written(application))
    if application.sent_at is None:
        require_open(call)
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


def require_open(call: Call) -> None:
    """A first sending is in time, or refused with the day."""
    day = queries.dates.day(call.last_day)
    late = _("This call closed on %(day)s: the application can no longer be sent. Your draft is kept.") % {"day": day}
    require(call.standing != "past", NotPossible(late))
    require(rules.can_apply(call), NotPossible(_("This call is not open yet. Your draft is kept.")))


def require_free(call: Call, application: Application) -> None:
    """The collectivity is one that the call is for, is not in yet, has not applied already; and there is room."""
    place = application.place
    assert place is not None
    told = {"place": place, "whom": queries.for_whom(call), "n": call.places}
    unfit = _("%(place)s cannot answer this call, which is for: %(whom)s. Your draft is kept.") % told
    require(queries.suits(call, place), NotPossible(unfit))
    is_in = Member.objects.filter(place=place).exclude(status=Member.Status.LEFT).exists()
    require(not is_in, NotPossible(_("%(place)s is already a member of the network.") % told))
    other = queries.standing_for(call, place, but=application)
    if other and other.sent_at:
        told |= {"day": queries.dates.day(other.sent_at), "status": other.get_status_display()}
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
    _unname(application)
    ledger.record("application.erased", by=None, on=application, place=application.place)


def _unname(application: Application) -> None:
    """Remove the names and addresses; the fields that point to them become empty."""
    kept_apart = [getattr(application, f"{role}_id") for role in ("applicant", *queries.NAMED)]
    Contact.objects.filter(pk__in=[pk for pk in kept_apart if pk]).delete()


def _discard(application: Application) -> None:
    """Remove a draft, its papers and whom it names."""
    for name in application.papers.values_list("file", flat=True):
        transaction.on_commit(lambda gone=name: default_storage.delete(gone))  # type: ignore[misc]
    _unname(application)
    application.delete()


@transaction.atomic
def purge(today: date) -> dict[str, int]:
    """Remove what has passed its time: drafts never opened or never sent, papers of what had no success."""
    drafts, papers = queries.stale(today)
    counts = {"drafts": drafts.count(), "papers": papers.count()}
    for application in drafts.select_for_update(of=("self",)):
        _discard(application)
    for paper in papers:
        transaction.on_commit(lambda gone=paper.file.name: default_storage.delete(gone))  # type: ignore[misc]
        paper.delete()
    country = Territory.objects.filter(kind=Territory.Kind.COUNTRY).first()
    if country and any(counts.values()):
        ledger.record("applications.purged", by=None, on=country, place=country, **counts)
    return counts


# -- the reviewers -----------------------------------------------------------------------------


@transaction.atomic
def advise(application: Application, *, by: Person, key: UUID, turn: int, stance: str, text: str) -> Advice:
    """The wilaya or the province gives its opinion, once on what was sent."""
    application = lock(application)
    known = Advice.objects.filter(key=key).first()
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
    known = Verdict.objects.filter(key=key).first()
    if known:
        return known
    require(by.is_national)
    require_as_read(application, turn)
    is_accepted = outcome == Verdict.Outcome.ACCEPTED
    require(is_accepted or bool(reason.strip()), NotPossible(_("Give the reason: the applicant reads it.")))
    said = {"outcome": outcome, "reason": clean(reason), "is_public": is_public, "by": by, "key": key}
    verdict = Verdict.objects.create(application=application, **said)
    move(application, outcome, turn=application.turn + 1)
    particulars = {"call": call.number, "verdict": verdict.pk, **({"reason": verdict.reason} if is_public else {})}
    ledger.record(f"application.{outcome}", by=by, on=application, place=application.place, **particulars)
    if is_accepted:
        _admit(call, application, by)
    return verdict


def _admit(call: Call, application: Application, by: Person) -> None:
    """The collectivity joins, and its two people can sign in."""
    full = _("All %(n)s places of this call are taken: this application cannot be accepted.") % {"n": call.places}
    taken = Application.objects.filter(call=call, status=Application.Status.ACCEPTED).count()
    require(call.places is None or taken <= call.places, NotPossible(full))
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
    until = timezone.localdate() + KEPT_IF_ADMITTED
    named = [getattr(application, f"{role}_id") for role in ("applicant", *queries.NAMED)]
    Contact.objects.filter(pk__in=[pk for pk in named if pk]).update(retain_until=until)


# -- the calls of before this platform -----------------------------------------------------------


@transaction.atomic
def import_calls() -> int:
    """The three calls of before this platform, by the months that public sources name; doing it twice adds none."""
    membership.import_charter()
    added = 0
    for told in queries.PAST:
        if Call.objects.filter(number=told["number"]).exists():
            continue
        cohort = Cohort.objects.get(number=told["number"])
        opens, closes = (_midnight(told[name]) for name in ("from", "until"))
        known = {"title": told["title"], "text": told["text"], "opens_at": opens, "closes_at": closes}
        known |= {"has_months_only": True, "status": Call.Status.PUBLISHED, "source": cohort.source, "cohort": cohort}
        key = uuid5(NAMESPACE_URL, f"call/{told['number']}")
        call = Call.objects.create(number=told["number"], key=key, **known)
        ledger.record("call.recorded", by=None, on=call, number=call.number)
        added += 1
    return added


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day))
