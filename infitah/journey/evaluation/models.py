from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from infitah.ground.accounts.models import Person
from infitah.journey.programmes.models import Programme
from infitah.lib.i18n import LocalizedField, Written


class Grid(models.Model):
    """A set of questions, the same for both sides; data, not code (indicators.md 6.4)."""

    version = models.PositiveSmallIntegerField(unique=True)
    name = LocalizedField()
    in_force_on = models.DateField()


class Criterion(models.Model):
    """A question of the grid."""

    grid = models.ForeignKey(Grid, on_delete=models.PROTECT, related_name="criteria")
    number = models.PositiveSmallIntegerField()
    block = LocalizedField()
    question = LocalizedField()

    class Meta:
        ordering = ["grid", "number"]
        constraints = [models.UniqueConstraint(fields=["grid", "number"], name="criteria_are_numbered_once")]


class Evaluation(models.Model):
    """One side's answers to the grid; shown to nobody else until both sides have filed theirs."""

    class Side(models.TextChoices):
        COLLECTIVITY = "collectivity", _("The collectivity")
        CIVIL = "civil", _("Civil society")

    class Status(models.TextChoices):
        OPEN = "open", _("Being answered")
        FILED = "filed", _("Filed")
        PUBLISHED = "published", _("Published")

    MOVES = {Status.OPEN: {Status.FILED}, Status.FILED: {Status.PUBLISHED}, Status.PUBLISHED: set()}

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="evaluations")
    grid = models.ForeignKey(Grid, on_delete=models.PROTECT)
    side = models.CharField(max_length=12, choices=Side)
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    opened_at = models.DateTimeField(default=timezone.now)
    filed_at = models.DateTimeField(null=True)
    filed_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "side"], name="a_side_evaluates_a_programme_once")]


class Answer(models.Model):
    """Rating, explanation, evidence."""

    class Step(models.TextChoices):
        NO_EVIDENCE = "no_evidence", _("No evidence")
        LIMITED = "limited", _("Limited")
        SUBSTANTIAL = "substantial", _("Substantial")
        COMPLETE = "complete", _("Complete")

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="answers")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT)
    rating = models.CharField(max_length=12, choices=Step)
    explanation = models.TextField()
    language = models.CharField(max_length=3, choices=Written, default=Written.ARABIC)
    link = models.URLField(blank=True, max_length=500)
    file = models.FileField(upload_to="evaluation/%Y/", blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True)

    class Meta:
        ordering = ["evaluation", "criterion"]
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "criterion"], name="a_criterion_is_answered_once"),
            models.CheckConstraint(condition=~Q(explanation=""), name="rated_with_an_explanation"),
        ]
