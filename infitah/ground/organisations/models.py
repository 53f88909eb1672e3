from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from infitah.ground.accounts.models import Person
from infitah.ground.moderation.models import Moderated
from infitah.ground.territories.models import Territory
from infitah.lib.i18n import LocalizedField, Written


class Organisations(models.QuerySet["Organisation"]):
    """Short filters."""

    def public(self) -> "Organisations":
        """Read by everyone: verified once, be it withheld since."""
        return self.filter(visibility=Moderated.Visibility.SHOWN, verified_at__isnull=False)

    def verified(self) -> "Organisations":
        """Those in whose name something can be given."""
        return self.public().filter(status=Organisation.Status.VERIFIED)

    def waiting(self) -> "Organisations":
        """Wait for somebody to verify them."""
        return self.filter(visibility=Moderated.Visibility.SHOWN, status=Organisation.Status.REGISTERED)


class Organisation(Moderated):
    """An association, school, newspaper, company or body; given in its name is what its speakers say that they give so.

    Until whoever runs the place where it works, or the national team, has verified it, nothing is.
    """

    class Kind(models.TextChoices):
        ASSOCIATION = "association", _("Association")
        NETWORK = "network", _("Network of associations")
        COOPERATIVE = "cooperative", _("Cooperative")
        SCHOOL = "school", _("University or school")
        MEDIA = "media", _("Media")
        COMPANY = "company", _("Company")
        BODY = "body", _("Consultative body")
        OTHER = "other", _("Another organisation")

    class Status(models.TextChoices):
        REGISTERED = "registered", _("Waiting to be verified")
        VERIFIED = "verified", _("Verified")
        WITHHELD = "withheld", _("Not verified")

    MOVES = {
        Status.REGISTERED: {Status.VERIFIED, Status.WITHHELD},
        Status.VERIFIED: {Status.WITHHELD},
        Status.WITHHELD: {Status.VERIFIED, Status.REGISTERED},
    }

    place = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="organisations")
    name = LocalizedField()  # as its people write it
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.ASSOCIATION)
    text = models.TextField()  # what it does there
    language = models.CharField(max_length=3, choices=Written, default=Written.ARABIC)
    status = models.CharField(max_length=10, choices=Status, default=Status.REGISTERED)
    verified_at = models.DateTimeField(null=True)  # the last time; it stays when the mark is withheld later
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")  # who registered it
    key = models.UUIDField(unique=True, default=uuid4)  # the form's own number: the same form twice is one organisation
    registered_at = models.DateTimeField(default=timezone.now)
    is_demonstration = models.BooleanField(default=False)

    objects = Organisations.as_manager()

    class Meta:
        indexes = [models.Index(fields=["place", "-id"], name="organisation_by_place")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="verified") | Q(verified_at__isnull=False), name="verified_on_a_day"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="an_organisation_says_what_it_does"),
        ]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def title(self) -> str:
        """Its names in all languages together, as moderation reads them."""
        return " · ".join(self.name.values())

    @property
    def is_public(self) -> bool:
        """Read by everyone; `Organisations.public` asks the same of many."""
        return self.is_shown and self.verified_at is not None

    @property
    def is_verified(self) -> bool:
        """Whether something can be given in its name; `Organisations.verified` asks the same of many."""
        return self.is_public and self.status == self.Status.VERIFIED

    @property
    def standing(self) -> tuple[str, str]:
        """For a badge: the badge's kind, and the words."""
        if not self.is_shown:
            kind = {"held": "wait", "hidden": "late"}[self.visibility]
            return kind, str(self.Visibility(self.visibility).label)
        if self.status == self.Status.WITHHELD and self.verified_at:
            return "no", str(_("No longer verified"))
        kinds = {self.Status.VERIFIED: "ok", self.Status.REGISTERED: "wait"}
        return kinds.get(self.Status(self.status), "no"), str(self.Status(self.status).label)


class Verdict(models.Model):
    """That somebody in charge has verified an organisation, or why they withhold the mark; none is removed."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="verdicts")
    is_verified = models.BooleanField()
    reason = models.TextField(blank=True)
    language = models.CharField(max_length=3, choices=Written, default=Written.ARABIC)
    is_national = models.BooleanField()  # of the national team; else of the collectivity
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(is_verified=True) | ~Q(reason=""), name="withheld_with_a_reason")
        ]


class Speakers(models.QuerySet["Speaker"]):
    """Short filters."""

    def standing(self) -> "Speakers":
        """Who speaks for it, or is invited to; nobody whose account is closed."""
        return self.filter(left_at=None, person__is_active=True)

    def current(self) -> "Speakers":
        """Who speaks for it today."""
        return self.standing().filter(accepted_at__isnull=False)


class Speaker(models.Model):
    """Somebody who speaks for an organisation, from the day on which they accepted until they leave."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="speakers")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="speaks")
    invited_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now)
    accepted_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    objects = Speakers.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "person"],
                condition=Q(left_at=None),
                name="a_person_speaks_for_an_organisation_once",
            )
        ]
