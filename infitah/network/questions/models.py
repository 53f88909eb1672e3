from uuid import uuid4

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from infitah.ground.accounts.models import Person
from infitah.ground.moderation.models import Moderated
from infitah.ground.territories.models import Territory
from infitah.lib.i18n import Written


class Theme(models.TextChoices):
    """What those who run a programme ask each other about."""

    JOINING = "joining", _("Joining, and the charter")
    IDEAS = "ideas", _("Ideas and workshops")
    COMMITTEE = "committee", _("The follow-up committee")
    DRAFTING = "drafting", _("Projects and drafting")
    CONSULTATION = "consultation", _("Consultation")
    COUNCIL = "council", _("Council and deliberation")
    FOLLOW_UP = "follow_up", _("Work, evidence and follow-up")
    EVALUATION = "evaluation", _("Evaluation")
    INFORMATION = "information", _("Access to information")
    BUDGET = "budget", _("Budget and money")
    INCLUSION = "inclusion", _("Reaching everyone")
    TOOLS = "tools", _("Digital tools")


class Questions(models.QuerySet["Question"]):
    """Short filters."""

    def public(self) -> "Questions":
        """Shown to everyone."""
        return self.filter(visibility=Moderated.Visibility.SHOWN, retracted_at=None)


class Question(Moderated):
    """What one member asks the others; the national team moderates it, for it belongs to no single place."""

    home = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="questions")  # the asker speaks for it
    theme = models.CharField(max_length=12, choices=Theme)
    title = models.CharField(max_length=200)
    text = models.TextField()
    language = models.CharField(max_length=3, choices=Written, default=Written.ARABIC)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="questions")
    key = models.UUIDField(default=uuid4, unique=True)  # the form's own number: the same form twice is one question
    at = models.DateTimeField(default=timezone.now)
    retracted_at = models.DateTimeField(null=True)
    answer_count = models.PositiveIntegerField(default=0)
    is_settled = models.BooleanField(default=False)  # an answer has been accepted
    is_demonstration = models.BooleanField(default=False)
    search = SearchVectorField(default="")

    objects = Questions.as_manager()

    class Meta:
        verbose_name = _("Question")
        indexes = [
            models.Index(fields=["theme", "-id"], name="question_by_theme"),
            GinIndex(fields=["search"], name="question_by_text"),
        ]
        constraints = [models.CheckConstraint(condition=~Q(title="") & ~Q(text=""), name="a_question_says_something")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_public(self) -> bool:
        return self.is_shown and self.retracted_at is None


class Answers(models.QuerySet["Answer"]):
    """Short filters."""

    def public(self) -> "Answers":
        """Shown to everyone, where their question is."""
        return self.filter(visibility=Moderated.Visibility.SHOWN, retracted_at=None)


class Answer(Moderated):
    """What another member knows of it."""

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    home = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+")  # whoever answers speaks for it
    text = models.TextField()
    language = models.CharField(max_length=3, choices=Written, default=Written.ARABIC)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="answers")
    key = models.UUIDField(default=uuid4, unique=True)
    at = models.DateTimeField(default=timezone.now)
    retracted_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)

    objects = Answers.as_manager()

    class Meta:
        verbose_name = _("Answer")
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="an_answer_says_something"),
            models.UniqueConstraint(
                fields=["question"], condition=Q(accepted_at__isnull=False), name="a_question_has_one_accepted_answer"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:90]

    @property
    def is_public(self) -> bool:
        return self.is_shown and self.retracted_at is None
