from django.db import models
from django.utils import timezone

from infitah.network.meetings.models import Registration


class Certificate(models.Model):
    """That the holder of a registration came. The name is printed, never kept: its initials and a keyed hash of it
    remain, so that whoever holds the paper can check the name on it and nobody can read one here."""

    registration = models.OneToOneField(Registration, on_delete=models.PROTECT, related_name="certificate")
    code = models.CharField(max_length=8, unique=True)
    names = models.JSONField(default=dict)  # {"ar": {"initials": "F. Z.", "print": "…"}}, by language of the paper
    issued_at = models.DateTimeField(default=timezone.now)
