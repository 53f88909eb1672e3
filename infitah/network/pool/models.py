from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from infitah.ground.accounts.models import Person, RoleGrant
from infitah.ground.territories.models import Territory
from infitah.lib.i18n import LocalizedField, Written


class Skill(models.Model):
    """A theme on which coaches help; reference data."""

    code = models.SlugField(max_length=40, unique=True)
    name = LocalizedField()
    number = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return str(self.name)


class Coach(models.Model):
    """A trained focal point who helps other members, so many at once."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="coaching")
    place = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="coaches")  # where they are at home
    skills = models.ManyToManyField(Skill, related_name="coaches")
    languages = models.JSONField(default=list)  # codes of lib.i18n.Written
    capacity = models.PositiveSmallIntegerField(default=2)  # missions at once
    note = LocalizedField()
    is_available = models.BooleanField(default=True)
    is_named = models.BooleanField(default=False)  # only the coach agrees to be named in public
    joined_on = models.DateField(default=timezone.localdate)
    left_on = models.DateField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(capacity__gte=1), name="a_coach_has_room_for_a_mission")]

    def __str__(self) -> str:
        return str(self.person)

    @property
    def is_present(self) -> bool:
        """Still of the pool, and still with us."""
        return self.left_on is None and self.person.is_active

    @property
    def tongues(self) -> list[str]:
        """The languages spoken, in words."""
        return [str(language.label) for language in Written if language in self.languages]


class HelpRequest(models.Model):
    """What a member asks help for. Read by the member, the national team and the coach proposed."""

    class Status(models.TextChoices):
        OPEN = "open", _("Waits for a coach")
        PROPOSED = "proposed", _("A coach is proposed")
        ANSWERED = "answered", _("A mission answers it")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    MOVES = {
        Status.OPEN: {Status.PROPOSED, Status.WITHDRAWN},
        Status.PROPOSED: {Status.OPEN, Status.ANSWERED, Status.WITHDRAWN},
        Status.ANSWERED: {Status.OPEN},  # the coach left before the end
        Status.WITHDRAWN: set(),
    }

    place = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="help_requests")
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True)
    theme = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="requests")
    text = models.TextField()
    language = models.CharField(max_length=3, choices=Written, default=Written.ARABIC)
    wanted_by = models.DateField(null=True)
    asked_at = models.DateTimeField(default=timezone.now)
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    key = models.UUIDField(unique=True, default=uuid4)

    class Meta:
        indexes = [models.Index(fields=["status", "-id"], name="help_by_status")]

    @property
    def badge(self) -> tuple[str, str]:
        """Its status for a badge: the kind, and the words."""
        kinds = {"answered": "ok", "withdrawn": "no", "proposed": "part"}
        return kinds.get(self.status, "wait"), self.get_status_display()


class Missions(models.QuerySet["Mission"]):
    """Short filters."""

    def begun(self) -> "Missions":
        """Those that really began, whatever became of them: what everyone sees listed."""
        return self.exclude(begun_at=None)

    def engaged(self) -> "Missions":
        """Those that take room with their coach: agreed or under way, and not past their last day."""
        return self.filter(status__in=Mission.ENGAGED, ends_on__gte=timezone.localdate())

    def lasting(self) -> "Missions":
        """Those during which the coach may act today."""
        today = timezone.localdate()
        return self.engaged().filter(starts_on__lte=today, coach__person__is_active=True)


class Mission(models.Model):
    """A coach helps a member, from a day until another. The role that goes with it ends with it."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        AGREED = "agreed", _("Agreed")
        DECLINED = "declined", _("Declined")
        RUNNING = "running", _("Under way")
        ENDED = "ended", _("Ended")
        CUT_SHORT = "cut_short", _("Cut short")

    MOVES = {
        Status.PROPOSED: {Status.AGREED, Status.DECLINED},
        Status.AGREED: {Status.RUNNING, Status.CUT_SHORT},
        Status.RUNNING: {Status.ENDED, Status.CUT_SHORT},
        Status.DECLINED: set(),
        Status.ENDED: set(),
        Status.CUT_SHORT: set(),
    }
    ENGAGED = [Status.AGREED, Status.RUNNING]
    OVER = [Status.ENDED, Status.CUT_SHORT]

    request = models.ForeignKey(HelpRequest, on_delete=models.PROTECT, related_name="missions")
    coach = models.ForeignKey(Coach, on_delete=models.PROTECT, related_name="missions")
    place = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="missions")
    starts_on = models.DateField()
    ends_on = models.DateField()
    goals = models.TextField()
    language = models.CharField(max_length=3, choices=Written, default=Written.ARABIC)
    status = models.CharField(max_length=10, choices=Status, default=Status.PROPOSED)
    proposed_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    coach_agreed_at = models.DateTimeField(null=True)
    member_agreed_at = models.DateTimeField(null=True)
    grant = models.ForeignKey(RoleGrant, on_delete=models.SET_NULL, null=True, related_name="+")
    begun_at = models.DateTimeField(null=True)  # really
    ended_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)  # why it was declined or cut short
    report = models.TextField(blank=True)  # what was done; read by those concerned
    change = models.TextField(blank=True)  # what it changed; public
    reported_at = models.DateTimeField(null=True)
    member_word = models.TextField(blank=True)  # public
    member_word_at = models.DateTimeField(null=True)
    key = models.UUIDField(unique=True, default=uuid4)

    objects = Missions.as_manager()

    class Meta:
        indexes = [models.Index(fields=["place", "-id"], name="mission_by_place")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="a_mission_ends_after_it_starts"),
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(status__in=["proposed", "agreed", "running"]),
                name="a_request_has_one_mission_at_a_time",
            ),
        ]

    @property
    def badge(self) -> tuple[str, str]:
        """Its status for a badge: the kind, and the words."""
        kinds = {"running": "ok", "ended": "part", "declined": "no", "cut_short": "no"}
        return kinds.get(self.status, "wait"), self.get_status_display()

    @property
    def is_over(self) -> bool:
        return self.status in self.OVER

    @property
    def is_public(self) -> bool:
        """Everyone knows of it, once both have agreed."""
        return self.status in [*self.ENGAGED, *self.OVER]

    @property
    def awaits_report(self) -> bool:
        """It has begun, and the coach has not said yet what was done."""
        return self.begun_at is not None and self.reported_at is None

    @property
    def why(self) -> str:
        """Why it was declined or cut short; read by those concerned."""
        if self.reason:
            return self.reason
        if self.request.status == HelpRequest.Status.WITHDRAWN:
            return str(_("The member has taken its request back."))
        if not self.coach.is_present:
            return str(_("The coach has left the pool."))
        if self.status == self.Status.DECLINED:
            return str(_("Its last day passed before both had agreed."))
        return str(_("The coach's role was taken back."))


class MissionNote(models.Model):
    """What was said or done on a day of the mission; read by the member, the coach and the national team."""

    mission = models.ForeignKey(Mission, on_delete=models.PROTECT, related_name="notes")
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True)
    on = models.DateField(default=timezone.localdate)
    text = models.TextField()
    language = models.CharField(max_length=3, choices=Written, default=Written.ARABIC)
    at = models.DateTimeField(default=timezone.now)
    key = models.UUIDField(unique=True, default=uuid4)

    class Meta:
        ordering = ["-on", "-id"]
