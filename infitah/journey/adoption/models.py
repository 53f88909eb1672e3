from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from infitah.ground.accounts.models import Person
from infitah.ground.territories.models import Territory
from infitah.journey.consultation.models import Draft
from infitah.journey.programmes.models import Programme


class OrdinarySession(models.Model):
    """Reference data: the months in which councils of a kind sit by law, and since when that holds."""

    kind = models.CharField(max_length=12, choices=Territory.Kind)
    month = models.PositiveSmallIntegerField()
    law = models.CharField(max_length=60)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        ordering = ["kind", "month"]


class Validation(models.Model):
    """The follow-up committee's agreement to a version, with its minutes."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="validations")
    draft = models.OneToOneField(Draft, on_delete=models.PROTECT, related_name="validation")
    validated_on = models.DateField()
    minutes = models.TextField()
    document = models.FileField(upload_to="minutes/%Y/", blank=True)
    document_sha256 = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(minutes=""), name="validated_with_minutes"),
            models.CheckConstraint(condition=Q(document="") | ~Q(document_sha256=""), name="minutes_have_their_hash"),
        ]


class Sitting(models.Model):
    """A day on which an elected council sits."""

    class Kind(models.TextChoices):
        ORDINARY = "ordinary", _("Ordinary session")
        EXTRAORDINARY = "extraordinary", _("Extraordinary session")
        ELSEWHERE = "elsewhere", _("Decision published elsewhere")

    place = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="sittings")
    kind = models.CharField(max_length=14, choices=Kind)
    sits_on = models.DateField()

    class Meta:
        ordering = ["-sits_on"]
        constraints = [models.UniqueConstraint(fields=["place", "sits_on"], name="a_council_sits_once_a_day")]


class Deliberation(models.Model):
    """The council's vote on one version of a programme; the signed PDF with its hash is the act."""

    class Outcome(models.TextChoices):
        PENDING = "pending", _("On the agenda")
        ADOPTED = "adopted", _("Adopted")
        POSTPONED = "postponed", _("Postponed")
        REJECTED = "rejected", _("Rejected")

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="deliberations")
    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="deliberations")
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="deliberations")
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.PENDING)
    votes_for = models.PositiveSmallIntegerField(null=True)
    votes_against = models.PositiveSmallIntegerField(null=True)
    abstentions = models.PositiveSmallIntegerField(null=True)
    by_casting_vote = models.BooleanField(default=False)  # the votes were equal, and the president's decided
    reason = models.TextField(blank=True)  # why postponed or rejected
    number = models.CharField(max_length=40, blank=True)
    document = models.FileField(upload_to="deliberations/%Y/", blank=True)
    document_sha256 = models.CharField(max_length=64, blank=True)
    posted_on = models.DateField(null=True)
    source = models.URLField(blank=True, max_length=400)  # where a decision taken elsewhere is published
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True)
    recorded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "sitting"], name="a_sitting_votes_once_on_a_programme"),
            models.CheckConstraint(
                condition=~Q(outcome="adopted")
                | ~Q(source="")
                | (~Q(number="") & ~Q(document_sha256="") & Q(votes_for__isnull=False, votes_against__isnull=False)),
                name="adopted_with_votes_number_and_document",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="adopted")
                | Q(votes_for=None)
                | Q(votes_for__gt=F("votes_against"))
                | Q(by_casting_vote=True),
                name="adopted_by_more_votes_or_the_casting_one",
            ),
            models.CheckConstraint(
                condition=Q(by_casting_vote=False) | Q(votes_for=F("votes_against")),
                name="a_casting_vote_decides_between_equal_votes",
            ),
            models.UniqueConstraint(
                fields=["programme"], condition=Q(outcome="pending"), name="a_programme_is_on_one_agenda_at_a_time"
            ),
            models.UniqueConstraint(fields=["programme"], condition=Q(outcome="adopted"), name="adopted_once"),
            models.CheckConstraint(
                condition=~Q(outcome__in=["postponed", "rejected"]) | ~Q(reason=""),
                name="postponed_or_rejected_with_a_reason",
            ),
        ]

    @property
    def votes_told(self) -> str:
        """The votes in a line; empty where none were published."""
        if self.votes_for is None:
            return ""
        counted = {"for": self.votes_for, "against": self.votes_against or 0, "abstained": self.abstentions or 0}
        votes = gettext("%(for)s for, %(against)s against, %(abstained)s abstained") % counted
        return f"{votes} · {gettext('by the casting vote of the president')}" if self.by_casting_vote else votes
