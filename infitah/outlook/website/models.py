from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from infitah.ground.territories.models import Territory
from infitah.lib.i18n import LocalizedField


class Leaf(models.Model):
    """A leaf of the index: something public, to be found by its words in any spelling; never who wrote it.

    Places, ideas, practices, questions and calls are found where they are kept. What has been hidden since is left out
    when it is asked for (`catalog.SOURCES`), so that it is gone at once.
    """

    class Kind(models.TextChoices):
        ANSWER = "answer", _("Answers")
        OPINION = "opinion", _("Opinions and comments")
        PROGRAMME = "programme", _("Programmes")
        PROJECT = "project", _("Projects")
        ACTIVITY = "activity", _("Activities")
        EVIDENCE = "evidence", _("Follow-up and evaluation")
        MEETING = "meeting", _("Meetings")
        DOCUMENT = "document", _("Documents")
        BODY = "body", _("Associations and organisations")

    kind = models.CharField(max_length=10, choices=Kind)  # under which name it is found
    on_kind = models.CharField(max_length=64)  # what it is of
    on_id = models.BigIntegerField()
    place = models.ForeignKey(Territory, on_delete=models.PROTECT)
    title = LocalizedField()
    text = LocalizedField()  # of residents, in the one language that they wrote
    address = models.CharField(max_length=300)  # of the page where it stands, without the language
    search = SearchVectorField()

    class Meta:
        indexes = [
            GinIndex(fields=["search"], name="leaf_by_text"),
            models.Index(fields=["kind", "-id"], name="leaf_by_kind"),
        ]
        constraints = [models.UniqueConstraint(fields=["on_kind", "on_id"], name="a_thing_has_one_leaf")]


class Bookmark(models.Model):
    """How far the ledger has been read for the index."""

    at = models.DateTimeField()
