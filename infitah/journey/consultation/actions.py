from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from infitah.ground.accounts import actions as accounts
from infitah.ground.accounts.models import Person
from infitah.ground.ledger import actions as ledger
from infitah.ground.moderation import actions as moderation
from infitah.ground.moderation import queries as moderation_queries
from infitah.ground.moderation.models import Ground
from infitah.ground.organisations.actions import require_voice
from infitah.ground.organisations.models import Organisation
from infitah.journey.ideas.models import Channel
from infitah.journey.programmes import actions as programmes
from infitah.journey.programmes.models import Phase, Programme
from infitah.journey.programmes.queries import phase_of
from infitah.journey.programmes.rules import can_run
from infitah.journey.projects import queries as projects
from infitah.journey.projects.models import Project
from infitah.lib import text as words
from infitah.lib.dates import midnight
from infitah.lib.errors import NotPossible, Overtaken, require
from infitah.lib.i18n import Localized
from infitah.lib.states import lock, move, sent_before
from infitah.network.meetings.models import Meeting

from . import queries, rules
from .models import Draft, Opinion, Reply

# -- versions ----------------------------------------------------------------------------------------


@transaction.atomic
def open_draft(programme: Programme, *, by: Person, closes_on: date, summary: Localized | None = None) -> Draft:
    """Freeze a version of the programme and put it to residents, from now until the end of that day."""
    programme = lock(programme)
    require(can_run(by, programme))
    drafting = NotPossible(_("The draft is opened once, while the programme is being drafted."))
    require(rules.can_open_draft(by, programme), drafting)
    require(closes_on > timezone.localdate(), NotPossible(_("Give people time: the consultation ends after today.")))
    gaps = projects.gaps(programme)
    require(not gaps, NotPossible("\n".join(gaps)))
    draft = write_down(programme, by=by, summary=summary or Localized(), is_consulted=True)
    move(programme, Programme.Status.CONSULTED)
    open_phase(programme, by=by, closes_on=closes_on)
    particulars = {"version": draft.version, "sha256": draft.sha256, "closes_on": str(closes_on)}
    ledger.record("draft.opened", by=by, on=draft, place=programme.place, **particulars)
    return draft


def open_phase(programme: Programme, *, by: Person, closes_on: date) -> Phase:
    """Open the consultation now; if it was planned on other days, those stay for comparison."""
    now, closes_at = timezone.now(), midnight(closes_on + timedelta(days=1))
    phase = phase_of(programme, Phase.Kind.CONSULTATION)
    if phase:
        reason = gettext_noop("The draft programme is ready and open for opinions.")  # said in each reader's language
        return programmes.shift(phase, by=by, opens_at=now, closes_at=closes_at, reason=reason)
    days = {"planned_from": timezone.localdate(), "planned_until": closes_on}
    kind = Phase.Kind.CONSULTATION
    return programmes.schedule(programme, kind, by=by, **days, opens_at=now, closes_at=closes_at)


@transaction.atomic
def freeze(programme: Programme, *, by: Person) -> Draft:
    """Freeze the next version of the programme as it now stands; the committee validates, the council votes on it."""
    programme = lock(programme)
    require(can_run(by, programme))
    settled = NotPossible(_("This programme has been validated or voted on: no other version is made of it."))
    require(rules.can_freeze(by, programme), settled)
    gaps = projects.gaps(programme)
    require(not gaps, NotPossible("\n".join(gaps)))
    draft = write_down(programme, by=by, summary=Localized(), is_consulted=False)
    particulars = {"version": draft.version, "sha256": draft.sha256}
    ledger.record("draft.frozen", by=by, on=draft, place=programme.place, **particulars)
    return draft


def write_down(programme: Programme, *, by: Person, summary: Localized, is_consulted: bool) -> Draft:
    """The next version, in full, with its hash. The programme's row must be held."""
    last: int | None = Draft.objects.filter(programme=programme).aggregate(last=Max("version"))["last"]
    contents = queries.frozen(programme)
    return Draft.objects.create(
        programme=programme,
        version=(last or 0) + 1,
        contents=contents,
        sha256=queries.sha256_of(contents),
        summary=summary,
        is_consulted=is_consulted,
        by=by,
    )


# -- opinions ----------------------------------------------------------------------------------------


@transaction.atomic
def give(
    draft: Draft,
    project: Project,
    *,
    by: Person | None,
    stance: str,
    key: UUID,
    text: str = "",
    wording: str = "",
    language: str = "",
    pseudonym: str = "",
    email: str = "",
    device: str = "",
    organisation: Organisation | None = None,
    is_doubtful: bool = False,
) -> Opinion:
    """Receive an opinion given on the site. Given again, it replaces the one before, which stays in the history.

    The same key is the same opinion, however often it is sent. A doubtful one (sent by what may be a machine), or one
    with personal data or insults, waits for a look.
    """
    project = lock(project)  # the opinions on a project come in turn
    said = {} if by else {"stance": stance, "text": words.clean(text), "wording": words.clean(wording)}
    known = sent_before(Opinion, key, project=project, author=by, entered_by=None, **said)
    if known:
        return known
    draft.programme.refresh_from_db(fields=["status"])
    over = NotPossible(_("The time for giving opinions here is over, or has not begun."))
    require(rules.can_give(by, draft), over)
    require_voice(by, organisation)
    spoken = language or words.guess_language(text)
    written: dict[str, Any] = {"author": by, "device": "" if by else device, "channel": Channel.WEBSITE, "key": key}
    written |= {"language": spoken, "pseudonym": "" if by else words.clean(pseudonym), "organisation": organisation}
    written["contact"] = accounts.keep_contact(email, spoken) if email and by is None else None
    written["replaces"] = set_aside_earlier(draft, project, by, written["device"])
    opinion = receive(draft, project, by=by, stance=stance, text=text, wording=wording, **written)
    ground = moderation_queries.screen(f"{text}\n{wording}\n{pseudonym}") or (Ground.SPAM if is_doubtful else None)
    return moderation.hold_back(opinion, ground) if ground else opinion


def set_aside_earlier(draft: Draft, project: Project, by: Person | None, device: str) -> Opinion | None:
    """The standing opinion of the same person, or else of the same device, which is about to be replaced."""
    if not (by or device):
        return None
    who: dict[str, Any] = {"author": by, "entered_by": None} if by else {"author": None, "device": device}
    earlier = Opinion.objects.standing().filter(draft=draft, project=project, **who).first()
    if earlier:
        earlier.replaced_at = timezone.now()
        earlier.save(update_fields=["replaced_at"])
    return earlier


@transaction.atomic
def enter(
    draft: Draft,
    project: Project,
    *,
    by: Person,
    stance: str,
    key: UUID,
    people: int = 1,
    text: str = "",
    wording: str = "",
    language: str = "",
    channel: str = Channel.WORKSHOP,
    workshop: Meeting | None = None,
    pseudonym: str = "",
) -> Opinion:
    """Write down an opinion given off line; a show of hands is one opinion of so many people."""
    project = lock(project)
    known = sent_before(Opinion, key, project=project, entered_by=by)
    if known:
        return known
    draft.programme.refresh_from_db(fields=["status"])
    require(can_run(by, draft.programme))
    settled = NotPossible(_("This programme has been validated or voted on: its consultation is closed."))
    require(rules.can_enter(by, draft), settled)
    require(people >= 1, NotPossible(_("At least one person holds an opinion.")))
    written: dict[str, Any] = {"entered_by": by, "channel": channel, "workshop": workshop, "people": people}
    written |= {"language": language or words.guess_language(text), "pseudonym": words.clean(pseudonym), "key": key}
    return receive(draft, project, by=by, stance=stance, text=text, wording=wording, **written)


def receive(
    draft: Draft, project: Project, *, by: Person | None, stance: str, text: str, wording: str, **written: Any
) -> Opinion:
    """Keep an opinion and give it its receipt. Called by give and enter."""
    is_in = project.number in draft.projects()
    require(is_in, NotPossible(_("This project is not part of the draft put to consultation.")))
    text, wording = words.clean(text), words.clean(wording)
    says_why = stance == Opinion.Stance.AGREE or bool(text)
    require(says_why, NotPossible(_("Say what should change, or why you disagree: a few words are enough.")))
    opinion = Opinion.objects.create(
        draft=draft,
        project=project,
        stance=stance,
        text=text,
        wording=wording,
        receipt=queries.free_receipt(),
        **written,
    )
    particulars = {"project": project.number, "stance": stance, "channel": opinion.channel, "people": opinion.people}
    ledger.record("opinion.given", by=by, on=opinion, place=project.place, **particulars)
    return opinion


@transaction.atomic
def reply(opinion: Opinion, *, by: Person, is_taken_up: bool, text: str, language: str = "", seen: str = "") -> Reply:
    """Answer an opinion: taken up or not, and why. Answered again, the ledger keeps that it was.

    `seen` is the mark of the answer that the writer had before them: another one is not overwritten unread.
    """
    opinion = lock(opinion)
    require(can_run(by, opinion.draft.programme))
    over = NotPossible(_("The council has adopted this programme: its consultation is closed."))
    require(rules.can_reply(by, opinion), over)
    said = words.clean(text)
    require(bool(said), NotPossible(_("Give the reason: the author and everyone else will read it.")))
    written = {"is_taken_up": is_taken_up, "text": said, "language": language or words.guess_language(said)}
    known = Reply.objects.filter(opinion=opinion, **written).first()
    if known:  # a second click
        return known
    require(seen in ("", opinion.mark_of_reply), Overtaken(opinion.mark_of_reply))
    answer, _is_new = Reply.objects.update_or_create(
        opinion=opinion, defaults={**written, "by": by, "at": timezone.now()}
    )
    place, particulars = opinion.project.place, {"project": opinion.project.number, "is_taken_up": is_taken_up}
    ledger.record("opinion.replied", by=by, on=opinion, place=place, **particulars)
    return answer
