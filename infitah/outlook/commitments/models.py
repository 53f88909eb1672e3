import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from infitah.ground.accounts.models import Person
from infitah.ground.territories.models import Territory
from infitah.lib.i18n import LocalizedField


class Declarations(models.QuerySet["Declaration"]):
    """Short filters."""

    def standing(self) -> "Declarations":
        """Those that were not withdrawn."""
        return self.filter(withdrawn_at=None)


class Declaration(models.Model):
    """Evidence that no record of ours can show: what a member says of itself, with a document or a link."""

    class Kind(models.TextChoices):
        OFFICER = "officer", _("Information officer named (law 31-13)")
        PROACTIVE = "proactive", _("Page of proactive publication")
        CNDP = "cndp", _("Receipt of the CNDP")
        BUDGET = "budget", _("Citizen budget")
        INVITATION = "invitation", _("Invitation to a workshop or a consultation")
        ATTENDANCE = "attendance", _("Who took part, in numbers")
        MINUTES = "minutes", _("Minutes of a workshop or a consultation")
        COMMITTEE = "committee", _("Minutes of the follow-up committee")
        ANNUAL = "annual", _("Annual report")
        AGREEMENT = "agreement", _("Agreement with another collectivity")
        AWARD = "award", _("Award")
        ABROAD = "abroad", _("Presentation abroad")

    OF = {
        "C1": [Kind.OFFICER, Kind.PROACTIVE, Kind.CNDP, Kind.BUDGET],
        "C2": [Kind.INVITATION, Kind.ATTENDANCE, Kind.MINUTES],
        "C3": [Kind.COMMITTEE, Kind.ANNUAL],
        "C4": [Kind.AGREEMENT],
        "C5": [Kind.AWARD, Kind.ABROAD],
    }

    place = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="declarations")
    kind = models.CharField(max_length=10, choices=Kind)
    text = LocalizedField()
    dated_on = models.DateField()  # the day of what is declared
    document = models.FileField(upload_to="documents/%Y/", blank=True)
    document_sha256 = models.CharField(max_length=64, blank=True)
    link = models.URLField(blank=True, max_length=500)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = LocalizedField()
    key = models.UUIDField(unique=True, default=uuid.uuid4)  # the form's own number: the same form twice is one record

    objects = Declarations.as_manager()

    class Meta:
        ordering = ["-dated_on", "-id"]
        indexes = [models.Index(fields=["place", "-id"], name="declaration_by_place")]
        constraints = [
            models.CheckConstraint(condition=~Q(document="") | ~Q(link=""), name="declared_with_a_document_or_a_link"),
            models.CheckConstraint(
                condition=Q(document="") | ~Q(document_sha256=""), name="a_declared_document_has_its_hash"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_because={}), name="withdrawn_with_a_reason"
            ),
        ]

    @property
    def commitment(self) -> str:
        """Which of the five it is evidence for."""
        return next(code for code, kinds in self.OF.items() if self.kind in kinds)


class Use(models.Model):
    """How often somebody took the open data of one collectivity away: a count, never who."""

    place = models.OneToOneField(Territory, on_delete=models.CASCADE, related_name="data_use")
    times = models.PositiveIntegerField(default=0)
    last_on = models.DateField(default=timezone.localdate)
