from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from infitah.ground.territories.models import Territory
from infitah.lib.i18n import LocalizedField


class Meeting(models.Model):
    """A dated gathering, and what those who come may expect of it."""

    class Kind(models.TextChoices):
        COMMUNICATION = "communication", _("Communication meeting")
        TRAINING = "training", _("Training session")
        WORKSHOP = "workshop", _("Co-construction workshop")
        COMMITTEE = "committee", _("Meeting of the follow-up committee")
        EXCHANGE = "exchange", _("Exchange between members")

    class Influence(models.TextChoices):
        INFORM = "inform", _("Inform")
        CONSULT = "consult", _("Consult")
        DECIDE = "decide", _("Decide")

    place = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="meetings")
    kind = models.CharField(max_length=15, choices=Kind)
    influence = models.CharField(max_length=8, choices=Influence)
    title = LocalizedField()
    venue = LocalizedField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    participants = models.PositiveIntegerField(null=True)  # counted on the day
    key = models.UUIDField(unique=True, default=uuid4)  # the same form sent twice announces one meeting

    class Meta:
        indexes = [models.Index(fields=["place", "starts_at"], name="meeting_by_place")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")), name="it_ends_after_it_starts"
            )
        ]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def promise(self) -> str:
        """What those who come may expect, in a sentence."""
        return str(PROMISES[Meeting.Influence(self.influence)])


PROMISES = {
    Meeting.Influence.INFORM: _("Inform: you learn what is planned or done, and may ask."),
    Meeting.Influence.CONSULT: _(
        "Consult: your opinion is heard; the decision is taken later, with published reasons."
    ),
    Meeting.Influence.DECIDE: _("Decide: those present decide."),
}
