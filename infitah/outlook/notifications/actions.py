from collections.abc import Iterable
from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import models, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from infitah.ground.accounts import queries as accounts
from infitah.ground.accounts.models import Contact, Person
from infitah.ground.ledger import actions as ledger
from infitah.ground.territories.models import Territory
from infitah.lib.errors import NotPossible, require
from infitah.lib.i18n import Localized
from infitah.lib.states import sent_before

from . import queries, rules
from .models import Announcement, Notice, Quiet, Subscription, Telling

RECENT = timedelta(days=3)  # older news stays on the page and is not mailed
WEEK = timedelta(days=8)
KEPT = timedelta(days=365)
FORGET = "forget-contact"
QUIET = "quiet"
Recipient = Person | Contact


@transaction.atomic
def follow(person: Person | None, thing: models.Model) -> None:
    """Be told what happens to a thing. Following is nobody else's business, so it is not in the ledger."""
    require(rules.can_follow(person, thing))
    Subscription.objects.get_or_create(person=person, on_kind=thing._meta.label_lower, on_id=thing.pk)


@transaction.atomic
def unfollow(person: Person, thing: models.Model) -> None:
    Subscription.objects.filter(person=person, on_kind=thing._meta.label_lower, on_id=thing.pk).delete()


@transaction.atomic
def read(person: Person) -> None:
    """Everything a person was told has been seen."""
    Notice.objects.filter(person=person, read_at=None).update(read_at=timezone.now())


def notify() -> int:
    """Tell of the entries sealed since the last time; returns how many notices were made."""
    return sum(tell(seal) for seal in queries.untold())


@transaction.atomic
def tell(seal: int) -> int:
    """Tell of the entries under a seal, once: whoever comes second waits for the first and finds it done."""
    telling, is_first = Telling.objects.get_or_create(seal=seal)
    if not is_first:
        return 0
    notices = queries.notices_for(seal)
    Notice.objects.bulk_create(notices, batch_size=2000, ignore_conflicts=True)
    telling.notices = len(notices)
    telling.save(update_fields=["notices"])
    return len(notices)


@transaction.atomic
def announce(
    *,
    subject: Localized,
    text: Localized,
    people: models.QuerySet[Person],
    segment: dict[str, Any],
    by: Person | None,
    key: UUID | None = None,
) -> Announcement:
    """Write to these people, once each, whatever the number of ways by which they are chosen; the same key again
    gives the same announcement."""
    require(rules.can_announce(by))
    known = sent_before(Announcement, key, by=by)
    if known:
        return known
    ids = sorted(set(people.filter(is_active=True).values_list("pk", flat=True)))
    require(bool(ids), NotPossible(_("There is nobody to write to: choose others.")))
    said = {"subject": subject, "text": text, "segment": segment, "people": len(ids), "by": by}
    sent = Announcement.objects.create(key=key or uuid4(), **said)
    country = Territory.objects.filter(kind=Territory.Kind.COUNTRY).first()
    sent.entry = ledger.record("announcement.sent", by=by, on=sent, place=country, people=len(ids)).pk
    sent.save(update_fields=["entry"])
    Notice.objects.bulk_create((Notice(entry=sent.entry, person_id=number) for number in ids), batch_size=2000)
    return sent


def mail(*, is_direct: bool, is_weekly: bool = False, to: Iterable[int] | None = None) -> int:
    """Mail what waits, one message a person (only to the people numbered in `to`, if given): at once about their own,
    in a digest what they follow, once a week the news of the network. Any number of workers may do so side by side.

    An address or a message that is refused holds up nobody else; it is raised at the end.
    """
    since = timezone.now() - (WEEK if is_weekly else RECENT)
    waiting, sent, refused = queries.unmailed(is_direct, since, is_weekly=is_weekly), 0, None
    whose = waiting if to is None else waiting.filter(person__in=list(to))
    done: set[int] = set()
    with get_connection() as post:
        for person, contact in whose.order_by("person", "contact").values_list("person", "contact").distinct():
            if contact in done:
                continue
            box = queries.mailbox_of(contact) if contact else []
            done.update(box)
            theirs = waiting.filter(contact__in=box) if contact else waiting.filter(person=person)
            try:
                sent += _mail_one(post, theirs, person, box)
            except (SMTPRecipientsRefused, SMTPDataError) as fault:
                refused = fault
                if _is_for_good(fault):
                    theirs.update(mailed_at=timezone.now())
    if refused:
        raise refused
    return sent


def _is_for_good(fault: Exception) -> bool:
    """Whether there is no such mailbox: what waits for it is not tried again every minute."""
    codes = [code for code, _said in fault.recipients.values()] if isinstance(fault, SMTPRecipientsRefused) else []
    return bool(codes) and min(codes) >= 500


@transaction.atomic
def _mail_one(post: BaseEmailBackend, theirs: models.QuerySet[Notice], person: int | None, box: list[int]) -> int:
    """One message with all that waits for someone, known by account or else by the contacts of one mailbox; 1 if it
    went.

    Who is written to is held until the message has gone and is marked as gone: a worker that falls on the way leaves
    it waiting, and another one passes by. The message has the same number if it must go again.
    """
    kind: type[Person] | type[Contact] = Person if person else Contact
    held: models.QuerySet[Any] = kind._default_manager.select_for_update(skip_locked=True, no_key=True, of=("self",))
    recipient: Recipient | None = held.filter(pk=person or min(box, default=None)).first()
    notices = list(theirs.order_by("entry")) if recipient else []
    if recipient is None or not notices:
        return 0
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(mailed_at=timezone.now())
    if not recipient.email or getattr(recipient, "is_demonstration", False):
        return 0
    with override(recipient.language):
        message = letter(recipient, notices) if notices[0].is_weekly else written(recipient, notices)
        if message is None:
            return 0
        message.connection = post
        return message.send()


def letter(recipient: Recipient, notices: list[Notice]) -> EmailMessage | None:
    """The weekly letter of the network, in the language now spoken; none where nothing is left to tell, or where the
    person has asked for quiet since."""
    week = queries.week(notices)
    if not len(week) or Quiet.objects.filter(person=recipient.pk).exists():
        return None
    stop = reverse("notifications:quiet", args=[signing.dumps(recipient.pk, salt=QUIET)])
    body = render_to_string("notifications/letter.txt", {"week": week, "site": settings.SITE_URL, "stop": stop})
    number = f"<week.{notices[0].pk}.{notices[-1].pk}@{urlsplit(settings.SITE_URL).hostname}>"
    headers = {"Auto-Submitted": "auto-generated", "List-Unsubscribe": f"<{settings.SITE_URL}{stop}>"}
    headers |= {"List-Unsubscribe-Post": "List-Unsubscribe=One-Click", "Message-ID": number}
    subject = _("This week in the network") + " · " + _("Infitah")
    return EmailMessage(subject, body, to=[str(recipient.email)], headers=headers)


@transaction.atomic
def hush(person: Person) -> None:
    """No weekly letter any more. Nobody else's business, so it is not in the ledger."""
    Quiet.objects.get_or_create(person=person)


@transaction.atomic
def unhush(person: Person) -> None:
    """The weekly letter again, from the next news on."""
    Quiet.objects.filter(person=person).delete()


def written(recipient: Recipient, notices: list[Notice]) -> EmailMessage:
    """The message, in the language now spoken."""
    lines = queries.told(notices)
    subject = lines[0].subject if len(lines) == 1 else _subject(len(lines))
    if isinstance(recipient, Contact):
        stop = reverse("notifications:forget", args=[signing.dumps(recipient.pk, salt=FORGET)])
    else:
        stop = reverse("notifications:notices")
    shown = {"lines": lines, "site": settings.SITE_URL, "stop": stop, "contact": isinstance(recipient, Contact)}
    body = render_to_string("notifications/mail.txt", shown)
    number = f"<{notices[0].pk}.{notices[-1].pk}@{urlsplit(settings.SITE_URL).hostname}>"
    headers = {"Auto-Submitted": "auto-generated", "List-Unsubscribe": f"<{settings.SITE_URL}{stop}>"}
    headers["Message-ID"] = number  # a mailbox that gets it again knows it
    on_one_line = " ".join(subject.split())  # a header takes no more, and one that breaks would hold up all others
    return EmailMessage(on_one_line, body, to=[str(recipient.email)], headers=headers)


def _subject(number: int) -> str:
    return ngettext("%(n)s piece of news", "%(n)s pieces of news", number) % {"n": number} + " · " + _("Infitah")


@transaction.atomic
def forget(contact: Contact) -> None:
    """Erase an address at its owner's wish, wherever it was given; the contributions stay."""
    accounts.same_mailbox(contact).delete()


@transaction.atomic
def tidy() -> int:
    """Remove notices of more than a year ago, and what erased people followed."""
    Subscription.objects.filter(person__erased_at__isnull=False).delete()
    removed: int = Notice.objects.filter(at__lt=timezone.now() - KEPT).delete()[0]
    return removed
