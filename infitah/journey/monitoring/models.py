import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from infitah.ground.accounts.models import Person
from infitah.ground.moderation.models import Moderated
from infitah.ground.organisations.models import Organisation
from infitah.journey.projects.models import Activity, Project, Target
from infitah.lib.i18n import LocalizedField, Written


class Completion(models.TextChoices):
    """The official five steps (IRM, indicators.md 6.1); never renamed."""

    NO_EVIDENCE = "no_evidence", _("No evidence")
    NOT_STARTED = "not_started", _("Not started")
    LIMITED = "limited", _("Limited")
    SUBSTANTIAL = "substantial", _("Substantial")
    COMPLETE = "complete", _("Complete")


class Report(models.Model):
    """What the service in charge says of an activity, on a day."""

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="reports")
    status = models.CharField(max_length=12, choices=Activity.Status)
    text = models.TextField()
    language = models.CharField(max_length=3, choices=Written, default=Written.ARABIC)
    reported_on = models.DateField(default=timezone.localdate)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    key = models.UUIDField(unique=True, default=uuid.uuid4)  # the form's own number: the same form twice is one record
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["activity", "-reported_on"], name="report_by_activity")]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="reported_in_words")]


class Evidence(Moderated):
    """A file, photo or link that shows what was done."""

    class Kind(models.TextChoices):
        FILE = "file", _("Document")
        PHOTO = "photo", _("Photo")
        LINK = "link", _("Link")

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=5, choices=Kind)
    caption = LocalizedField()
    file = models.FileField(upload_to="evidence/%Y/", blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    small = models.FileField(upload_to="evidence/%Y/", blank=True)  # a photo as it is shown in a list
    link = models.URLField(blank=True, max_length=500)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    key = models.UUIDField(unique=True, default=uuid.uuid4)  # the form's own number: the same form twice is one record
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(file="") ^ ~Q(link=""), name="evidence_is_a_file_or_a_link"),
            models.CheckConstraint(condition=Q(file="") | ~Q(sha256=""), name="an_evidence_file_has_its_hash"),
        ]


class Rating(Moderated):
    """One side's judgement of an activity; both sides are shown, never averaged."""

    class Side(models.TextChoices):
        OFFICIAL = "official", _("The collectivity")
        CIVIL = "civil", _("Civil society")
        CITIZEN = "citizen", _("Residents")

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="ratings")
    side = models.CharField(max_length=8, choices=Side)
    completion = models.CharField(max_length=12, choices=Completion)
    text = models.TextField(blank=True)
    language = models.CharField(max_length=3, choices=Written, default=Written.ARABIC)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="ratings"
    )  # for whom
    key = models.UUIDField(unique=True, default=uuid.uuid4)  # the form's own number: the same form twice is one record
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["activity", "side", "-id"], name="rating_by_side")]


class Reading(models.Model):
    """The value of a target, read on a day."""

    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="readings")
    value = models.CharField(max_length=60)
    read_on = models.DateField(default=timezone.localdate)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-read_on", "-id"]


class Alert(models.Model):
    """A project silent for too long, flagged once until it speaks again."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="alerts")
    silent_since = models.DateField()
    at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project"], condition=Q(ended_at=None), name="a_project_is_flagged_once_at_a_time"
            )
        ]
