import uuid

from django.db import models
from django.utils import timezone

from infitah.ground.accounts.models import Person
from infitah.ground.territories.models import Territory
from infitah.lib.i18n import LocalizedField


class Document(models.Model):
    """A document a member publishes, under the first commitment of the charter."""

    place = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="documents")
    title = LocalizedField()
    file = models.FileField(upload_to="documents/%Y/")
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True)
    key = models.UUIDField(unique=True, default=uuid.uuid4)

    class Meta:
        indexes = [models.Index(fields=["place", "-id"], name="document_by_place")]
