from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from infitah.ground.accounts.models import Person


class Ground(models.TextChoices):
    """What a publication can be reported or hidden for; the published rules, in order."""

    PERSONAL = "personal", _("Personal data of somebody")
    INSULT = "insult", _("Insult or hate")
    THREAT = "threat", _("Threat or call to violence")
    SPAM = "spam", _("Advertising, or the same thing again and again")
    SUBJECT = "subject", _("Nothing to do with the subject")
    UNLAWFUL = "unlawful", _("Against the law in another way")


class Moderated(models.Model):
    """Something residents publish: shown, held for a look, or hidden with a reason. Never deleted.

    Its author is in `author` or `by`; its place is found along its foreign keys; a room that counts it offers
    `actions.count(thing, change)`, which adds it to (1) or takes it from (-1) what is counted, if it is shown.
    """

    class Visibility(models.TextChoices):
        SHOWN = "shown", _("Published")
        HELD = "held", _("Waiting for a look")
        HIDDEN = "hidden", _("Hidden, with a reason")

    visibility = models.CharField(max_length=6, choices=Visibility, default=Visibility.SHOWN)

    class Meta:
        abstract = True

    @property
    def is_shown(self) -> bool:
        return self.visibility == self.Visibility.SHOWN

    @property
    def is_public(self) -> bool:
        """Whether everyone reads it: shown and, where its author can take it back, not taken back."""
        return self.is_shown


class Report(models.Model):
    """A reader's word that something breaks the published rules."""

    on_kind = models.CharField(max_length=64)
    on_id = models.BigIntegerField()
    place = models.CharField(max_length=16, blank=True)
    ground = models.CharField(max_length=20, choices=Ground)
    text = models.TextField(blank=True)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["on_kind", "on_id"], name="report_by_subject"),
            models.Index(fields=["place", "-id"], condition=Q(settled_at=None), name="report_open"),
        ]


class Ruling(models.Model):
    """What was decided about a publication, with the reason its author is told."""

    on_kind = models.CharField(max_length=64)
    on_id = models.BigIntegerField()
    place = models.CharField(max_length=16, blank=True)
    visibility = models.CharField(max_length=6, choices=Moderated.Visibility)
    ground = models.CharField(max_length=20, choices=Ground)
    reason = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["on_kind", "on_id", "-id"], name="ruling_by_subject")]
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="ruled_with_a_reason")]


class Appeal(models.Model):
    """The author's objection to a ruling, answered by someone else than who ruled."""

    ruling = models.OneToOneField(Ruling, on_delete=models.PROTECT)
    text = models.TextField()
    at = models.DateTimeField(auto_now_add=True)
    answer = models.TextField(blank=True)
    is_granted = models.BooleanField(null=True)  # true where the publication is shown again
    answered_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
