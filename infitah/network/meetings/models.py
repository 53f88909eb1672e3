from datetime import datetime
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from infitah.ground.accounts.models import Contact, Person
from infitah.ground.territories.models import Territory
from infitah.lib.dates import day, moment
from infitah.lib.i18n import LocalizedField


class Meeting(models.Model):
    """A dated gathering, and what those who come may expect of it. Those of the network stand on the country or a
    region; the counts of its registrations are kept beside it, and `recount` puts them right."""

    class Kind(models.TextChoices):
        COMMUNICATION = "communication", _("Regional communication meeting")
        TRAINING = "training", _("Training on co-construction")
        TRAINERS = "trainers", _("Training of trainers")
        WORKSHOP = "workshop", _("Co-construction workshop, phase 1: ideas")
        CONSULTATION = "consultation", _("Co-construction workshop, phase 2: the draft")
        COMMITTEE = "committee", _("Meeting of the follow-up committee")
        EXCHANGE = "exchange", _("Meeting between peers")

    class Influence(models.TextChoices):
        INFORM = "inform", _("Inform")
        CONSULT = "consult", _("Consult")
        DECIDE = "decide", _("Decide")

    SUPPORTING = (Kind.TRAINING, Kind.TRAINERS, Kind.WORKSHOP, Kind.CONSULTATION)  # what PI2 counts as support

    place = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="meetings")
    kind = models.CharField(max_length=15, choices=Kind)
    influence = models.CharField(max_length=8, choices=Influence)
    title = LocalizedField()
    venue = LocalizedField()
    link = models.URLField(max_length=500, blank=True)  # where one joins from afar
    agenda = LocalizedField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    is_whole_day = models.BooleanField(default=False)  # the source tells its days and no hours
    has_registration = models.BooleanField(default=False)
    capacity = models.PositiveIntegerField(null=True)  # without one, nobody waits
    source = models.URLField(max_length=500, blank=True)  # the public page that tells of it
    is_demonstration = models.BooleanField(default=False)
    participants = models.PositiveIntegerField(null=True)  # counted on the day, where nobody is checked in
    confirmed = models.PositiveIntegerField(default=0)
    waiting = models.PositiveIntegerField(default=0)
    attended = models.PositiveIntegerField(default=0)
    changes = models.PositiveSmallIntegerField(default=0)  # how often those who keep it in a calendar must look again
    changed_at = models.DateTimeField(default=timezone.now)
    reminded_for = models.DateTimeField(null=True)  # the beginning that people were reminded of
    called_off_at = models.DateTimeField(null=True)
    called_off_because = LocalizedField()
    purged_at = models.DateTimeField(null=True)
    key = models.UUIDField(unique=True, default=uuid4)  # the same form sent twice announces one meeting

    class Meta:
        indexes = [
            models.Index(fields=["place", "starts_at"], name="meeting_by_place"),
            models.Index(fields=["starts_at", "id"], name="meeting_by_day"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")), name="it_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(capacity=None) | Q(capacity__gt=0), name="a_room_has_a_place_or_no_known_number"
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def promise(self) -> str:
        """What those who come may expect, in a sentence."""
        return str(PROMISES[Meeting.Influence(self.influence)])

    @property
    def when(self) -> str:
        """Its day and hours, or its days, as one reads them."""
        if self.is_whole_day:
            days = [day(self.starts_at), day(self.over_at)]
            return " – ".join(dict.fromkeys(days))
        until = ""
        if self.ends_at:
            is_same_day = day(self.starts_at) == day(self.ends_at)
            until = f" – {timezone.localtime(self.ends_at):%H:%M}" if is_same_day else f" – {moment(self.ends_at)}"
        return f"{moment(self.starts_at)}{until}"

    @property
    def over_at(self) -> datetime:
        """When it ends, or begins if nobody said how long it lasts."""
        return self.ends_at or self.starts_at

    @property
    def is_over(self) -> bool:
        return self.over_at <= timezone.now()

    @property
    def is_open(self) -> bool:
        """People can register: until it begins, unless it is called off."""
        return self.has_registration and self.called_off_at is None and timezone.now() < self.starts_at

    @property
    def is_full(self) -> bool:
        """Whoever registers now waits. Nobody overtakes those who wait already."""
        return self.capacity is not None and (self.confirmed >= self.capacity or self.waiting > 0)


PROMISES = {
    Meeting.Influence.INFORM: _("Inform: you learn what is planned or done, and may ask."),
    Meeting.Influence.CONSULT: _(
        "Consult: your opinion is heard; the decision is taken later, with published reasons."
    ),
    Meeting.Influence.DECIDE: _("Decide: those present decide."),
}


class Registration(models.Model):
    """One person's wish to come, and whether they came. Whoever they are stands here for a time only (`purge`); then
    the collectivity they came for and the moment they came remain."""

    class Status(models.TextChoices):
        CONFIRMED = "confirmed", _("Registered")
        WAITING = "waiting", _("On the waiting list")
        CANCELLED = "cancelled", _("Cancelled")

    class Gender(models.TextChoices):
        WOMAN = "woman", _("Woman")
        MAN = "man", _("Man")

    class Age(models.TextChoices):
        UNDER_25 = "under_25", _("Under 25")
        TO_34 = "25_34", _("25 to 34")
        TO_59 = "35_59", _("35 to 59")
        FROM_60 = "from_60", _("60 and over")

    class Disability(models.TextChoices):
        YES = "yes", _("Yes")
        NO = "no", _("No")

    MOVES = {
        Status.WAITING: {Status.CONFIRMED, Status.CANCELLED},
        Status.CONFIRMED: {Status.CANCELLED},
        Status.CANCELLED: set(),
    }

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="registrations")
    status = models.CharField(max_length=10, choices=Status)
    code = models.CharField(max_length=8, unique=True)  # without its hyphens; what its holder shows at the door
    key = models.UUIDField(unique=True)  # the same form sent twice is one registration
    name = models.CharField(max_length=80, blank=True)
    folded = models.CharField(max_length=80, blank=True)  # the name as it is looked for at the door
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="registrations")
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True)
    address_print = models.CharField(max_length=64, blank=True)  # tells that an address came before, not which it is
    collectivity = models.ForeignKey(Territory, on_delete=models.PROTECT, null=True, related_name="represented")
    gender = models.CharField(max_length=8, choices=Gender, blank=True)
    age = models.CharField(max_length=8, choices=Age, blank=True)
    disability = models.CharField(max_length=3, choices=Disability, blank=True)
    is_walk_in = models.BooleanField(default=False)
    registered_at = models.DateTimeField(default=timezone.now)
    checked_in_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["meeting", "status", "id"], name="registration_by_turn"),
            models.Index(fields=["meeting", "folded"], name="registration_by_name"),
            models.Index(fields=["collectivity", "checked_in_at"], name="registration_by_collectivity"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "person"],
                condition=~Q(status="cancelled"),
                name="a_person_registers_once_for_a_meeting",
            ),
            models.UniqueConstraint(
                fields=["meeting", "address_print"],
                condition=~Q(status="cancelled") & ~Q(address_print=""),
                name="an_address_registers_once_for_a_meeting",
            ),
            models.CheckConstraint(
                condition=Q(checked_in_at=None) | Q(status="confirmed"), name="whoever_came_has_a_place"
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(_("A participant"))


class Headcount(models.Model):
    """How many of those who came said so of themselves; kept when the sheet itself is purged. Small numbers stand here
    too, and are never shown: `queries.headcounts` hides them."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="headcounts")
    about = models.CharField(max_length=12)  # gender, age or disability
    answer = models.CharField(max_length=8, blank=True)  # empty: not said
    number = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "about", "answer"], name="an_answer_is_counted_once")]


class Material(models.Model):
    """A document or a photo of a meeting."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="materials")
    title = LocalizedField()
    file = models.FileField(upload_to="meetings/%Y/")
    small = models.FileField(upload_to="meetings/%Y/", blank=True)  # of a photo
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True)
    withdrawn_at = models.DateTimeField(null=True)  # then the file is gone; that it was there stays known
    withdrawn_because = models.TextField(blank=True)
    key = models.UUIDField(unique=True, default=uuid4)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_because=""), name="a_material_is_withdrawn_with_a_reason"
            )
        ]


class Minutes(models.Model):
    """What was said and decided, as published. Corrected minutes are a new version; earlier ones stay readable."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="minutes")
    version = models.PositiveSmallIntegerField()
    text = LocalizedField()
    correction = LocalizedField()  # what a later version puts right
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True)
    key = models.UUIDField(unique=True, default=uuid4)

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "version"], name="versions_of_minutes_are_numbered_once")
        ]


class Decision(models.Model):
    """What a meeting decided: what, who does it, until when."""

    minutes = models.ForeignKey(Minutes, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField()
    text = LocalizedField()
    who = models.CharField(max_length=120, blank=True)  # a service or a function
    due_on = models.DateField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["minutes", "number"], name="decisions_of_minutes_are_numbered_once")
        ]
