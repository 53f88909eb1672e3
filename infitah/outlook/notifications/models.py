import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from infitah.ground.accounts.models import Contact, Person
from infitah.lib.i18n import LocalizedField


class Subscription(models.Model):
    """Someone's wish to be told what happens to something."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="subscriptions")
    on_kind = models.CharField(max_length=64)
    on_id = models.BigIntegerField()
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["on_kind", "on_id"], name="subscription_by_subject")]
        constraints = [
            models.UniqueConstraint(fields=["person", "on_kind", "on_id"], name="a_person_follows_a_thing_once")
        ]


class Notice(models.Model):
    """One person told of one entry, once; shown on their page, and mailed."""

    entry = models.BigIntegerField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="notices")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, null=True, related_name="notices")
    is_direct = models.BooleanField(default=True)  # about one's own contribution: mailed at once; else in a digest
    is_weekly = models.BooleanField(default=False)  # news of the network: mailed once a week
    at = models.DateTimeField(default=timezone.now)  # when it happened
    mailed_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "-entry"], name="notice_by_person"),
            models.Index(fields=["is_direct", "at"], condition=Q(mailed_at=None), name="notice_unmailed"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["entry", "person"], name="a_person_is_told_once"),
            models.UniqueConstraint(fields=["entry", "contact"], name="a_contact_is_told_once"),
            models.CheckConstraint(
                condition=Q(person__isnull=False) ^ Q(contact__isnull=False), name="told_to_a_person_or_a_contact"
            ),
        ]


class Quiet(models.Model):
    """Someone's wish not to get the weekly letter of the network."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="quiet")
    since = models.DateTimeField(default=timezone.now)


class Telling(models.Model):
    """A sealed batch of the ledger whose entries have been told; so none is told twice or left out."""

    seal = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(default=timezone.now)
    notices = models.PositiveIntegerField(default=0)


class Announcement(models.Model):
    """What the national team writes to many people at once; each is told by one notice of its one entry."""

    subject = LocalizedField()
    text = LocalizedField()
    segment = models.JSONField(default=dict)  # to whom: what was chosen, as it was chosen
    people = models.PositiveIntegerField(default=0)
    entry = models.BigIntegerField(null=True, unique=True)  # of the ledger; its notices bear the same number
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    key = models.UUIDField(unique=True, default=uuid.uuid4)  # the same form sent twice announces once
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return str(self.subject)
