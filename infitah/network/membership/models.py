from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from infitah.ground.accounts.models import Person
from infitah.ground.territories.models import Territory
from infitah.lib.i18n import LocalizedField


class Cohort(models.Model):
    """Members who joined with one call and go through the steps together."""

    number = models.PositiveSmallIntegerField(unique=True)
    label = models.CharField(max_length=40)
    enrolled_on = models.DateField()
    source = models.URLField(blank=True)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return self.label


class Charter(models.Model):
    """A version of the network's charter; the text agreed to is never edited."""

    version = models.PositiveSmallIntegerField(unique=True)
    text = LocalizedField()
    commitments = models.JSONField(default=list)  # [{"id": "C1", "ar": …, "fr": …, "en": …}]
    in_force_on = models.DateField()
    source = models.URLField(blank=True)

    class Meta:
        ordering = ["version"]


class Member(models.Model):
    """A collectivity of the network."""

    class Status(models.TextChoices):
        ADMITTED = "admitted", _("Admitted, charter not yet signed")
        ACTIVE = "active", _("Active member")
        DORMANT = "dormant", _("Dormant")
        LEFT = "left", _("Left")

    MOVES = {
        Status.ADMITTED: {Status.ACTIVE},
        Status.ACTIVE: {Status.DORMANT, Status.LEFT},
        Status.DORMANT: {Status.ACTIVE, Status.LEFT},
        Status.LEFT: {Status.ADMITTED},
    }

    place = models.OneToOneField(Territory, on_delete=models.PROTECT, related_name="membership")
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="members")
    status = models.CharField(max_length=10, choices=Status, default=Status.ADMITTED)
    joined_on = models.DateField(null=True)
    is_demonstration = models.BooleanField(default=False)  # true where no public source names this member

    def __str__(self) -> str:
        return str(self.place)


class Adhesion(models.Model):
    """The act of agreeing to a version of the charter."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="adhesions")
    charter = models.ForeignKey(Charter, on_delete=models.PROTECT, related_name="adhesions")
    signatory = models.CharField(max_length=120)
    function = LocalizedField()
    signed_on = models.DateField()
    document = models.FileField(upload_to="adhesions/%Y/", blank=True)
    document_sha256 = models.CharField(max_length=64, blank=True)
    recorded_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "charter"], name="a_member_signs_a_version_once"),
            models.CheckConstraint(
                condition=Q(document="") | ~Q(document_sha256=""), name="a_signed_document_has_its_hash"
            ),
        ]
