from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from infitah.ground.accounts.models import Person
from infitah.journey.monitoring.models import Completion
from infitah.journey.projects.models import Project
from infitah.lib.i18n import LocalizedField


class Said(models.TextChoices):
    """Yes or no, as the independent reviewer says it."""

    YES = "yes", _("Yes")
    NO = "no", _("No")


class Potential(models.TextChoices):
    """Potential for results, the official steps (IRM, indicators.md 6.1); never renamed."""

    UNCLEAR = "unclear", _("Unclear")
    MODEST = "modest", _("Modest")
    SUBSTANTIAL = "substantial", _("Substantial")


class EarlyResults(models.TextChoices):
    """Early results, the official steps."""

    NONE = "none", _("No notable results")
    MODERATE = "moderate", _("Moderate")
    SIGNIFICANT = "significant", _("Significant")


class Opening(models.TextChoices):
    """Whether it opened government, the official steps."""

    WORSENED = "worsened", _("Worsened")
    UNCHANGED = "unchanged", _("Did not change")
    MARGINAL = "marginal", _("Marginal")
    MAJOR = "major", _("Major")
    OUTSTANDING = "outstanding", _("Outstanding")


class Review(models.Model):
    """What an independent reviewer published of a commitment, on a day; a later review stands beside it, never over it.

    A field left empty was not judged by this review; what an earlier one said of it then still stands.
    """

    class Kind(models.TextChoices):
        ACTION_PLAN = "action_plan", _("Action plan review")
        RESULTS = "results", _("Results report")

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="reviews")
    kind = models.CharField(max_length=11, choices=Kind)
    reviewer = models.CharField(max_length=200)
    reviewed_on = models.DateField()
    source = models.URLField(max_length=400)
    verifiable = models.CharField(max_length=3, choices=Said, blank=True)
    lens = models.CharField(max_length=3, choices=Said, blank=True)  # the open-government lens
    potential = models.CharField(max_length=11, choices=Potential, blank=True)
    completion = models.CharField(max_length=12, choices=Completion, blank=True)
    early_results = models.CharField(max_length=11, choices=EarlyResults, blank=True)
    opening = models.CharField(max_length=11, choices=Opening, blank=True)
    words = LocalizedField()  # what it says, in short
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    key = models.UUIDField(unique=True, default=uuid4)  # the form's own number: the same form twice is one review
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-reviewed_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(source="") & ~Q(reviewer=""), name="reviewed_by_someone_somewhere"),
            models.CheckConstraint(
                condition=~Q(verifiable="", lens="", potential="", completion="", early_results="", opening=""),
                name="a_review_judges_something",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())
