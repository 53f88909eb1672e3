from django.db import models
from django.db.models import Q
from django.utils import timezone

from infitah.ground.accounts.models import Contact, Person


class Subscription(models.Model):
    """Someone's wish to be told what happens to something."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="subscriptions")
    on_kind = models.CharField(max_length=64)
    on_id = models.BigIntegerField()
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "on_kind", "on_id"], name="a_person_follows_a_thing_once")
        ]


class Notice(models.Model):
    """One person told of one entry, once; shown on their page, and mailed if they wish."""

    entry = models.BigIntegerField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="notices")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, null=True, related_name="notices")
    at = models.DateTimeField(default=timezone.now)
    mailed_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person", "-id"], name="notice_by_person")]
        constraints = [
            models.UniqueConstraint(fields=["entry", "person"], name="a_person_is_told_once"),
            models.UniqueConstraint(fields=["entry", "contact"], name="a_contact_is_told_once"),
            models.CheckConstraint(
                condition=Q(person__isnull=False) ^ Q(contact__isnull=False), name="told_to_a_person_or_a_contact"
            ),
        ]
