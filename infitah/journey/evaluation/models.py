from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from infitah.ground.accounts.models import Person
from infitah.journey.monitoring.models import Completion
from infitah.journey.programmes.models import Programme
from infitah.journey.projects.models import Project
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


# -- independent reviews -------------------------------------------------------------------------------


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


class Degree(models.TextChoices):
    """How far it opened government in one respect (OGP Local, indicators.md 6.2): the steps of Opening, or none."""

    WORSENED = Opening.WORSENED.value, Opening.WORSENED.label
    UNCHANGED = Opening.UNCHANGED.value, Opening.UNCHANGED.label
    MARGINAL = Opening.MARGINAL.value, Opening.MARGINAL.label
    MAJOR = Opening.MAJOR.value, Opening.MAJOR.label
    OUTSTANDING = Opening.OUTSTANDING.value, Opening.OUTSTANDING.label
    NOT_APPLICABLE = "not_applicable", _("Not applicable")


class Review(models.Model):
    """What an independent reviewer says of a project, on a day; a later review stands beside it, never over it.

    A field left empty was not judged by this review; what an earlier one said of it then still stands.
    """

    class Kind(models.TextChoices):
        ACTION_PLAN = "action_plan", _("Action plan review")
        RESULTS = "results", _("Results report")
        INCEPTION = "inception", _("Inception assessment")
        END = "end", _("End-of-commitment report")

    OF_THE_PLAN = [Kind.ACTION_PLAN, Kind.RESULTS]  # of the country, published elsewhere (IRM)
    LOCAL = [Kind.INCEPTION, Kind.END]  # written here (OGP Local)

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="reviews")
    kind = models.CharField(max_length=11, choices=Kind)
    reviewer = models.CharField(max_length=200)
    reviewed_on = models.DateField()
    source = models.URLField(max_length=400, blank=True)
    verifiable = models.CharField(max_length=3, choices=Said, blank=True)
    lens = models.CharField(max_length=3, choices=Said, blank=True)  # the open-government lens
    potential = models.CharField(max_length=11, choices=Potential, blank=True)
    completion = models.CharField(max_length=12, choices=Completion, blank=True)
    early_results = models.CharField(max_length=11, choices=EarlyResults, blank=True)
    opening = models.CharField(max_length=11, choices=Opening, blank=True)
    information = models.CharField(max_length=14, choices=Degree, blank=True)
    participation = models.CharField(max_length=14, choices=Degree, blank=True)
    accountability = models.CharField(max_length=14, choices=Degree, blank=True)
    addressed = models.CharField(max_length=3, choices=Said, blank=True)  # whether the problem was
    words = LocalizedField()  # what it says, in short
    lessons = LocalizedField()  # for whoever carries it on
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    key = models.UUIDField(unique=True, default=uuid4)  # the form's own number: the same form twice is one review
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-reviewed_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reviewer="") & (~Q(source="") | Q(kind__in=["inception", "end"])),
                name="reviewed_by_someone_somewhere",
            ),
            models.CheckConstraint(
                condition=~Q(
                    verifiable="",
                    lens="",
                    potential="",
                    completion="",
                    early_results="",
                    opening="",
                    information="",
                    participation="",
                    accountability="",
                    addressed="",
                ),
                name="a_review_judges_something",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class Finding(models.Model):
    """What one judgement of a review rests on: explanation and evidence; the judgement itself is the review's."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="findings")
    scale = models.CharField(max_length=14)  # the review's field that it explains
    explanation = models.TextField()
    language = models.CharField(max_length=3, choices=Written, default=Written.ARABIC)
    link = models.URLField(blank=True, max_length=500)
    file = models.FileField(upload_to="evaluation/%Y/", blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["review", "id"]
        constraints = [
            models.UniqueConstraint(fields=["review", "scale"], name="a_judgement_is_explained_once"),
            models.CheckConstraint(condition=~Q(explanation=""), name="found_with_an_explanation"),
        ]
