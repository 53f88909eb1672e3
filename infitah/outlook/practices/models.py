from uuid import uuid4

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from infitah.ground.accounts.models import Person, Role
from infitah.ground.territories.models import Territory
from infitah.journey.programmes.models import Programme
from infitah.journey.projects.models import Project, Theme
from infitah.lib.i18n import Written

PEERS = [Role.FOCAL_POINT, Role.DEPUTY, Role.COACH]  # whose word publishes a practice, if they are of elsewhere


class Practices(models.QuerySet["Practice"]):
    """Short filters."""

    def public(self) -> "Practices":
        """Shown to everyone."""
        return self.filter(status=Practice.Status.PUBLISHED)


class Practice(models.Model):
    """What a collectivity did that others can do as well: one text, in the one language it was written in."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_REVIEW = "in_review", _("Read by peers")
        SENT_BACK = "sent_back", _("Sent back with advice")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    MOVES = {
        Status.DRAFT: {Status.IN_REVIEW, Status.WITHDRAWN},
        Status.IN_REVIEW: {Status.PUBLISHED, Status.SENT_BACK, Status.WITHDRAWN},
        Status.SENT_BACK: {Status.IN_REVIEW, Status.WITHDRAWN},
        Status.PUBLISHED: {Status.WITHDRAWN},
        Status.WITHDRAWN: {Status.DRAFT},
    }
    OPEN_TO_WRITING = [Status.DRAFT, Status.SENT_BACK]
    WORDS = ["title", "problem", "done", "cost", "people", "change", "evidence", "conditions", "contact"]

    place = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="practices")
    project = models.OneToOneField(Project, on_delete=models.PROTECT, null=True, related_name="practice")  # born from
    themes = models.ManyToManyField(Theme, blank=True, related_name="practices")
    language = models.CharField(max_length=3, choices=Written, default=Written.ARABIC)
    title = models.CharField(max_length=200)
    problem = models.TextField(blank=True)
    done = models.TextField(blank=True)  # what was done
    cost = models.TextField(blank=True)
    people = models.TextField(blank=True)  # who did it, who took part
    change = models.TextField(blank=True)  # what it changed
    evidence = models.TextField(blank=True)
    link = models.URLField(blank=True, max_length=400)  # where the evidence can be seen
    conditions = models.TextField(blank=True)  # what it needs elsewhere
    contact = models.CharField(max_length=200, blank=True)  # a function, never a private name
    email = models.EmailField(blank=True)  # of the collectivity
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    author = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="practices")
    reviewer = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")  # asked to read it
    key = models.UUIDField(unique=True, default=uuid4)  # the form's own number: the same form twice is one practice
    drafted_at = models.DateTimeField(default=timezone.now)
    handed_in_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    withdrawn_reason = models.TextField(blank=True)
    adaptation_count = models.PositiveIntegerField(default=0)
    is_demonstration = models.BooleanField(default=False)
    search = SearchVectorField(default="")

    objects = Practices.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["status", "-id"], name="practice_by_status"),
            models.Index(fields=["place", "-id"], name="practice_by_place"),
            GinIndex(fields=["search"], name="practice_by_text"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="a_practice_has_a_title"),
            models.CheckConstraint(
                condition=~Q(status="published")
                | (~Q(problem="") & ~Q(done="") & ~Q(change="") & Q(published_at__isnull=False)),
                name="a_published_practice_tells_problem_work_and_change",
            ),
            models.CheckConstraint(
                condition=~Q(status="withdrawn") | ~Q(withdrawn_reason=""), name="a_practice_is_withdrawn_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_public(self) -> bool:
        """Whether everyone reads it."""
        return self.status == self.Status.PUBLISHED

    @property
    def is_gone(self) -> bool:
        """Whether everyone reads in its place why it was withdrawn."""
        return self.status == self.Status.WITHDRAWN and self.published_at is not None

    @property
    def kind(self) -> str:
        """The kind of its badge."""
        return {"published": "ok", "in_review": "part", "sent_back": "late", "draft": "wait"}.get(self.status, "no")


class Review(models.Model):
    """A peer's word on a practice: is it clear, of use elsewhere, shown by evidence; ready, or not yet."""

    class Word(models.TextChoices):
        YES = "yes", _("Yes")
        PARTLY = "partly", _("Partly")
        NO = "no", _("No")

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="reviews")
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="practice_reviews")
    place = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+")  # where the peer comes from
    is_clear = models.CharField(max_length=6, choices=Word)
    is_useful = models.CharField(max_length=6, choices=Word)
    is_proved = models.CharField(max_length=6, choices=Word)
    is_ready = models.BooleanField()
    text = models.TextField()
    language = models.CharField(max_length=3, choices=Written, default=Written.ARABIC)
    key = models.UUIDField(unique=True, default=uuid4)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="reviewed_in_words")]


class Adaptation(models.Model):
    """A project that another collectivity began from a practice; both ends tell of it."""

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="adaptations")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    project = models.OneToOneField(Project, on_delete=models.PROTECT, related_name="adaptation")
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["practice", "programme"], name="a_programme_adapts_a_practice_once")
        ]
