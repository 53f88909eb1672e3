from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from infitah.ground.territories.models import Territory
from infitah.lib.i18n import LocalizedField


class Leaf(models.Model):
    """A leaf of the index: something public that officials wrote, to be found by its words in any spelling.

    Places and ideas have indexes of their own, where they are kept.
    """

    class Kind(models.TextChoices):
        PROGRAMME = "programme", _("Programmes")
        PROJECT = "project", _("Projects")
        ACTIVITY = "activity", _("Activities")
        MEETING = "meeting", _("Meetings")
        DOCUMENT = "document", _("Documents")
        EVIDENCE = "evidence", _("Declared evidence")

    kind = models.CharField(max_length=10, choices=Kind)
    on_id = models.BigIntegerField()
    place = models.ForeignKey(Territory, on_delete=models.PROTECT)
    title = LocalizedField()
    text = LocalizedField()
    number = models.PositiveIntegerField(null=True)  # of the project whose page shows it
    search = SearchVectorField()

    class Meta:
        indexes = [
            GinIndex(fields=["search"], name="leaf_by_text"),
            models.Index(fields=["kind", "-id"], name="leaf_by_kind"),
        ]
        constraints = [models.UniqueConstraint(fields=["kind", "on_id"], name="a_thing_has_one_leaf")]


class Bookmark(models.Model):
    """How far the ledger has been read for the index."""

    at = models.DateTimeField()
