from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from infitah.ground.accounts import actions as accounts
from infitah.ground.accounts.models import Person
from infitah.ground.ledger import actions as ledger
from infitah.ground.moderation import actions as moderation
from infitah.ground.moderation import queries as publications
from infitah.ground.territories.models import Territory
from infitah.lib.errors import NotAllowed, NotPossible, require
from infitah.lib.i18n import Localized
from infitah.lib.states import lock, move, require_unchanged, sent_before
from infitah.lib.text import clean, guess_language

from . import queries, rules
from .models import Organisation, Speaker, Verdict

TAKEN = _("An organisation of this name is registered here already. Ask those who speak for it to invite you.")
Status = Organisation.Status


def require_voice(by: Person | None, organisation: Organisation | None) -> None:
    """Whoever gives in the name of an organisation speaks for it, and it is verified."""
    said = _("You cannot give in the name of this organisation: it is not verified, or you do not speak for it.")
    require(organisation is None or rules.can_speak_for(by, organisation), NotAllowed(said))


@transaction.atomic
def register(
    place: Territory,
    *,
    by: Person,
    name: Localized,
    kind: str,
    text: str,
    key: UUID,
    is_demonstration: bool = False,
) -> Organisation:
    """Register the organisation that one belongs to; whoever does speaks for it. The same key is the same one.

    It waits to be verified; one with personal data or insults waits for a look before that.
    """
    place = lock(place)
    known = sent_before(Organisation, key, by=by, place=place)
    if known:
        return known
    require(rules.can_register(by, place))
    require(queries.named_alike(place, name) is None, NotPossible(TAKEN))
    words = {"name": name, "kind": kind, "text": clean(text), "language": guess_language(text)}
    how = {"key": key, "is_demonstration": is_demonstration}
    organisation = Organisation.objects.create(place=place, by=by, **words, **how)
    Speaker.objects.create(organisation=organisation, person=by, accepted_at=timezone.now())
    ledger.record("organisation.registered", by=by, on=organisation, place=place, kind=kind)
    return screened(organisation)


def screened(organisation: Organisation) -> Organisation:
    """What the automatic look says of its words."""
    ground = publications.screen(publications.words_of(organisation))
    return moderation.hold_back(organisation, ground) if ground and organisation.is_shown else organisation


@transaction.atomic
def reword(organisation: Organisation, *, by: Person | None, seen: str = "", **words: Any) -> Organisation:
    """Word anew what an organisation does; while it is not verified also its `name` and `kind`: then it waits anew.

    `seen` is the mark of what the writer had before them; others' words are not overwritten unread.
    """
    place = lock(organisation.place)
    organisation = lock(organisation)
    require(rules.can_reword(by, organisation))
    words["text"] = clean(words["text"])
    require_unchanged(organisation, seen, words)
    changed = sorted(name for name, said in words.items() if getattr(organisation, name) != said)
    if not changed:
        return organisation
    is_named_anew = organisation.status == Status.VERIFIED and changed != ["text"]
    require(not is_named_anew, NotPossible(_("It was verified under this name: ask who verified it to change it.")))
    alike = queries.named_alike(place, words.get("name", organisation.name), but=organisation)
    require(alike is None, NotPossible(TAKEN))
    for name, said in {**words, "language": guess_language(words["text"])}.items():
        setattr(organisation, name, said)
    organisation.save(update_fields=[*words, "language"])
    if organisation.status == Status.WITHHELD:
        move(organisation, Status.REGISTERED)
    ledger.record("organisation.reworded", by=by, on=organisation, place=place, fields=changed)
    return screened(organisation)


@transaction.atomic
def verify(organisation: Organisation, *, by: Person) -> Organisation:
    """Say, on this day, that one has seen that an organisation exists and that those who speak for it may."""
    organisation = lock(organisation)
    require(rules.can_verify(by, organisation))
    if organisation.status == Status.VERIFIED:  # a second click
        return organisation
    require(organisation.is_shown, NotPossible(_("Its words wait for a look: decide on that first.")))
    move(organisation, Status.VERIFIED, verified_at=timezone.now())
    _judge(organisation, "organisation.verified", by=by, is_verified=True)
    return organisation


@transaction.atomic
def withhold(organisation: Organisation, *, by: Person, reason: str) -> Organisation:
    """Not verify an organisation, or take the mark back, with a reason that everyone reads beside its name."""
    organisation, reason = lock(organisation), clean(reason)
    require(rules.can_verify(by, organisation))
    require(bool(reason), NotPossible(_("Say why: the reason is public.")))
    if organisation.status == Status.WITHHELD:  # a second click
        return organisation
    move(organisation, Status.WITHHELD)
    said = {"reason": reason, "language": guess_language(reason)}
    _judge(organisation, "organisation.withheld", by=by, is_verified=False, **said)
    return organisation


def _judge(organisation: Organisation, action: str, *, by: Person, **said: Any) -> None:
    """Write down the verdict, and of which side it is."""
    is_national = not by.is_focal_point_of(organisation.place)
    Verdict.objects.create(organisation=organisation, by=by, is_national=is_national, **said)
    ledger.record(action, by=by, on=organisation, place=organisation.place, is_national=is_national)


@transaction.atomic
def invite(organisation: Organisation, *, by: Person, email: str) -> Speaker:
    """Invite somebody, by their address, to speak for an organisation; they do once they have accepted."""
    organisation = lock(organisation)
    require(rules.can_invite(by, organisation))
    person = accounts.invite(email, language=by.language)
    known = organisation.speakers.filter(person=person, left_at=None).first()
    if known:
        return known
    invited = Speaker.objects.create(organisation=organisation, person=person, invited_by=by)
    ledger.record("speaker.invited", by=by, on=invited, place=organisation.place)
    return invited


@transaction.atomic
def accept(speaker: Speaker, *, by: Person) -> Speaker:
    """From now on, speak for an organisation as one was invited to; accepted twice, it is once."""
    speaker = lock(speaker)
    require(rules.can_accept(by, speaker))
    require(speaker.left_at is None, NotPossible(_("This invitation was taken back, or you have left since.")))
    if speaker.accepted_at is None:
        speaker.accepted_at = timezone.now()
        speaker.save(update_fields=["accepted_at"])
        ledger.record("speaker.accepted", by=by, on=speaker, place=speaker.organisation.place)
    return speaker


@transaction.atomic
def end(speaker: Speaker, *, by: Person) -> Speaker:
    """Somebody speaks for an organisation no more, or will not begin; what was given in its name stays."""
    speaker = lock(speaker)
    require(rules.can_end(by, speaker))
    if speaker.left_at is None:
        speaker.left_at = timezone.now()
        speaker.save(update_fields=["left_at"])
        ledger.record("speaker.ended", by=by, on=speaker, place=speaker.organisation.place)
    return speaker
