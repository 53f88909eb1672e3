from collections import defaultdict
from datetime import timedelta

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

from infitah.ground.accounts.models import Contact, Person
from infitah.lib.errors import require

from . import queries, rules
from .models import Notice, Subscription, Telling

RECENT = timedelta(days=3)  # older news stays on the page and is not mailed
KEPT = timedelta(days=365)
AT_ONCE = 200  # people mailed between two writes
FORGET = "forget-contact"
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


def mail(*, is_direct: bool) -> int:
    """Mail what waits, one message a person: at once about their own, in a digest what they follow.

    A notice is marked before its message goes; marked anew as waiting if the message was not taken.
    """
    sent = 0
    with get_connection() as post:
        while claimed := _claim(is_direct):
            for recipient, notices in claimed:
                sent += _send(post, recipient, notices)
    return sent


@transaction.atomic
def _claim(is_direct: bool) -> list[tuple[Recipient, list[Notice]]]:
    """Some people and all that waits for each, marked as mailed."""
    waiting = queries.unmailed(is_direct, timezone.now() - RECENT)
    whose = waiting.order_by("person_id", "contact_id").values_list("person_id", "contact_id").distinct()[:AT_ONCE]
    people, contacts = {person for person, _ in whose if person}, {contact for _, contact in whose if contact}
    mine = models.Q(person__in=people) | models.Q(contact__in=contacts)
    notices = list(waiting.filter(mine).select_for_update(of=("self",)).select_related("person", "contact"))
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(mailed_at=timezone.now())
    bundles: dict[Recipient, list[Notice]] = defaultdict(list)
    for notice in sorted(notices, key=lambda notice: notice.entry):
        bundles[notice.person or notice.contact].append(notice)  # type: ignore[index]
    return list(bundles.items())


def _send(post: BaseEmailBackend, recipient: Recipient, notices: list[Notice]) -> int:
    """One message with all that a person is told; 1 if it went."""
    if not recipient.email or getattr(recipient, "is_demonstration", False):
        return 0
    try:
        with override(recipient.language):
            message = written(recipient, notices)
            message.connection = post
            return message.send()
    except OSError:
        Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(mailed_at=None)
        raise


def written(recipient: Recipient, notices: list[Notice]) -> EmailMessage:
    """The message, in the language now spoken."""
    lines = queries.told(notices)
    subject = lines[0].words if len(lines) == 1 else _subject(len(lines))
    if isinstance(recipient, Contact):
        stop = reverse("notifications:forget", args=[signing.dumps(recipient.pk, salt=FORGET)])
    else:
        stop = reverse("notifications:notices")
    shown = {"lines": lines, "site": settings.SITE_URL, "stop": stop, "contact": isinstance(recipient, Contact)}
    body = render_to_string("notifications/mail.txt", shown)
    headers = {"Auto-Submitted": "auto-generated", "List-Unsubscribe": f"<{settings.SITE_URL}{stop}>"}
    return EmailMessage(subject, body, to=[str(recipient.email)], headers=headers)


def _subject(number: int) -> str:
    return ngettext("%(n)s piece of news", "%(n)s pieces of news", number) % {"n": number} + " · " + _("Infitah")


@transaction.atomic
def forget(contact: Contact) -> None:
    """Erase an address at its owner's wish; the contribution stays."""
    contact.delete()


@transaction.atomic
def tidy() -> int:
    """Remove notices of more than a year ago, and what erased people followed."""
    Subscription.objects.filter(person__erased_at__isnull=False).delete()
    removed: int = Notice.objects.filter(at__lt=timezone.now() - KEPT).delete()[0]
    return removed
