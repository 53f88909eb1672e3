import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from infitah.ground.accounts.models import Person, Role
from infitah.ground.territories.models import Territory
from infitah.lib.i18n import LocalizedField, Written


class Type(models.TextChoices):
    """The types of collectivities; prefectures and provinces are one."""

    REGION = "region", _("Region")
    PROVINCE = "province", _("Prefecture or province")
    COMMUNE = "commune", _("Commune")


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


class Charters(models.QuerySet["Charter"]):
    """Short filters."""

    def published(self) -> "Charters":
        """All but the one that is being drafted."""
        return self.filter(published_at__isnull=False)

    def in_force(self) -> "Charters":
        """Those whose day has come."""
        return self.published().filter(in_force_on__lte=timezone.localdate())


class Charter(models.Model):
    """A version of the network's charter; once published, the database refuses to change it."""

    WORDS = ["text", "commitments", "in_force_on", "source"]

    version = models.PositiveSmallIntegerField(unique=True)
    text = LocalizedField()
    commitments = models.JSONField(default=list)  # [{"id": "C1", "ar": …, "fr": …, "en": …}]
    in_force_on = models.DateField()
    source = models.URLField(blank=True)
    published_at = models.DateTimeField(null=True, default=timezone.now)  # empty while it is drafted
    published_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = Charters.as_manager()

    class Meta:
        ordering = ["version"]
        constraints = [
            models.UniqueConstraint(
                fields=["published_at"],
                condition=Q(published_at=None),
                nulls_distinct=False,
                name="one_charter_is_drafted_at_a_time",
            )
        ]


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


class Adhesions(models.QuerySet["Adhesion"]):
    """Short filters."""

    def standing(self) -> "Adhesions":
        """Those of a membership that goes on, whatever the version."""
        return self.filter(ended_on=None)


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
    ended_on = models.DateField(null=True)  # the day the member left; it signs again when it comes back
    key = models.UUIDField(unique=True, default=uuid.uuid4)  # the form's own number: the same form twice is one record

    objects = Adhesions.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "charter"], condition=Q(ended_on=None), name="a_member_signs_a_version_once"
            ),
            models.CheckConstraint(
                condition=Q(document="") | ~Q(document_sha256=""), name="a_signed_document_has_its_hash"
            ),
        ]


class Change(models.Model):
    """A turn in the life of a member, with its day and its reason; the signing of the charter is an adhesion."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="changes")
    status = models.CharField(max_length=10, choices=Member.Status)
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="+")  # to which it belonged from then on
    reason = LocalizedField()
    changed_on = models.DateField(default=timezone.localdate)
    document = models.FileField(upload_to="documents/%Y/", blank=True)  # the decision or the letter that says so
    document_sha256 = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["member", "changed_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="admitted") | ~Q(reason={}), name="a_member_changes_with_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(document="") | ~Q(document_sha256=""), name="the_document_of_a_change_has_its_hash"
            ),
        ]


class HandOvers(models.QuerySet["HandOver"]):
    """Short filters."""

    def standing(self) -> "HandOvers":
        """Those that hold; not those for which somebody else was named in time."""
        return self.filter(replaced_at=None)

    def to_come(self) -> "HandOvers":
        """Those whose day has not come."""
        return self.standing().filter(handed_on__gt=timezone.localdate())


class HandOver(models.Model):
    """The role of focal point or deputy passes from one person to another, in mid-cycle if need be."""

    ROLES = [(Role.FOCAL_POINT.value, Role.FOCAL_POINT.label), (Role.DEPUTY.value, Role.DEPUTY.label)]

    place = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="hand_overs")
    role = models.CharField(max_length=20, choices=ROLES)
    outgoing = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="handed_over")
    incoming = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="taken_over")
    handed_on = models.DateField()
    note = models.TextField(blank=True)  # from the one to the other; never public
    language = models.CharField(max_length=3, choices=Written, default=Written.ARABIC)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    replaced_at = models.DateTimeField(null=True)  # somebody else was named before the day came
    acknowledged_at = models.DateTimeField(null=True)  # the successor says: I have read it
    key = models.UUIDField(unique=True, default=uuid.uuid4)

    objects = HandOvers.as_manager()

    class Meta:
        ordering = ["-handed_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(outgoing=F("incoming")), name="nobody_hands_over_to_themselves"),
        ]
