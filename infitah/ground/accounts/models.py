import uuid
from functools import cached_property

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from infitah.ground.territories.models import Territory


class Role(models.TextChoices):
    """What a person may be, somewhere, for a time."""

    FOCAL_POINT = "focal_point", _("Focal point")
    DEPUTY = "deputy", _("Deputy focal point")
    COMMITTEE = "committee", _("Member of the follow-up committee")
    CLERK = "clerk", _("Clerk of the council")
    PRESIDENT = "president", _("President of the council")
    PROJECT_OWNER = "project_owner", _("Service in charge")
    COACH = "coach", _("Coach of the competency pool")
    TRAINER = "trainer", _("Trainer or partner")
    WILAYA = "wilaya", _("Wilaya or province")
    NATIONAL = "national", _("National team")
    EVALUATOR = "evaluator", _("Independent evaluator")


STAFF = [role for role in Role if role not in {Role.COMMITTEE, Role.EVALUATOR}]
RUNNERS = [Role.FOCAL_POINT, Role.DEPUTY]  # who run the cycle of their collectivity, and hand over their role
LOCAL = {Role.DEPUTY, Role.COMMITTEE, Role.PROJECT_OWNER, Role.CLERK}  # what a focal point grants at home


class People(BaseUserManager["Person"]):
    """How Django and allauth make an account."""

    def create_user(self, email: str | None = None, **fields: object) -> "Person":
        person = self.model(email=(email or "").strip().lower() or None, **fields)
        person.set_unusable_password()
        person.save()
        return person


class Person(AbstractBaseUser, PermissionsMixin):
    """Someone with an account. The ledger and the public pages know only the pseudonym."""

    email = models.EmailField(unique=True, null=True, blank=True)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    pseudonym = models.CharField(_("Public name"), max_length=60, blank=True)
    full_name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=3, default="ar")
    is_active = models.BooleanField(default=True)
    is_demonstration = models.BooleanField(default=False)
    joined_at = models.DateTimeField(default=timezone.now)
    erased_at = models.DateTimeField(null=True)

    USERNAME_FIELD = "email"
    objects = People()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(erased_at=None) | Q(email=None, full_name=""), name="an_erased_person_has_no_name_or_email"
            )
        ]

    def __str__(self) -> str:
        return self.pseudonym or str(_("A resident"))

    def has_usable_password(self) -> bool:
        """Nobody has a password here: one signs in with a mailed code, a passkey or an institution."""
        return False

    @cached_property
    def current_grants(self) -> list["RoleGrant"]:
        """The roles held today, read once a request."""
        return list(self.grants.current().select_related("territory"))

    def holds(self, *roles: str, at: Territory) -> bool:
        """Whether the person holds one of the roles at the place, today."""
        return any(grant.role in roles and grant.territory_id == at.pk for grant in self.current_grants)

    def is_focal_point_of(self, place: Territory) -> bool:
        """Focal point or deputy: both run the cycle of their collectivity."""
        return self.holds(Role.FOCAL_POINT, Role.DEPUTY, at=place)

    def coaches(self, place: Territory) -> bool:
        """Helps the place during a mission: a role of a coach always has a last day."""
        return any(
            grant.role == Role.COACH and grant.territory_id == place.pk and grant.until is not None
            for grant in self.current_grants
        )

    @property
    def is_national(self) -> bool:
        """Of the national team, wherever."""
        return any(grant.role == Role.NATIONAL for grant in self.current_grants)

    @property
    def needs_second_factor(self) -> bool:
        """Staff roles sign in with a second factor."""
        return any(grant.role in STAFF for grant in self.current_grants)


class Grants(models.QuerySet["RoleGrant"]):
    """Short filters."""

    def current(self) -> "Grants":
        today = timezone.localdate()
        return self.filter(Q(until=None) | Q(until__gte=today), since__lte=today, revoked_at=None)

    def to_come(self) -> "Grants":
        """Those whose day has not come yet."""
        return self.filter(since__gt=timezone.localdate(), revoked_at=None)


class RoleGrant(models.Model):
    """A role, held by a person at a place, from a day and perhaps until another."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20, choices=Role)
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="grants")
    since = models.DateField(default=timezone.localdate)
    until = models.DateField(null=True)
    granted_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    objects = Grants.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role", "territory"],
                condition=Q(revoked_at=None),
                name="a_role_is_held_once_at_a_place",
            )
        ]


class Contact(models.Model):
    """How to name and tell someone without an account; kept apart from what they contributed, purged on its date."""

    email = models.EmailField(blank=True)
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=3, default="ar")
    retain_until = models.DateField()

    class Meta:
        indexes = [models.Index(Lower("email"), name="contact_by_address")]
