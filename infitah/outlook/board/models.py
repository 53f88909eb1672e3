from uuid import uuid4

from django.db import models
from django.utils import timezone

from infitah.ground.accounts.models import Person
from infitah.ground.territories.models import Territory
from infitah.network.membership.models import Member


class Sign(models.Model):
    """The last time that a collectivity itself did something; kept beside it, so that nobody searches the ledger."""

    place = models.OneToOneField(Territory, on_delete=models.CASCADE, related_name="last_sign")
    entry = models.BigIntegerField()
    at = models.DateTimeField()


class PhoneCall(models.Model):
    """The national team has called a member: when, who, and what was said; for the next colleague to read."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="phone_calls")
    called_on = models.DateField(default=timezone.localdate)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    note = models.TextField(blank=True)
    key = models.UUIDField(unique=True, default=uuid4)  # the same form sent twice notes one call

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["member", "-called_on"], name="call_by_member")]
