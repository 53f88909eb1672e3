from datetime import date, datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from infitah.ground.accounts.models import Person
from infitah.ground.organisations.models import Organisation
from infitah.ground.territories.models import Territory
from infitah.lib.i18n import LocalizedField
from infitah.network.membership.models import Cohort


class Cycle(models.Model):
    """The years that programmes share: one cohort's, or the country's. Cycles of several cohorts overlap."""

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, null=True, related_name="cycles")
    name = LocalizedField()
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="a_cycle_ends_after_it_starts")
        ]

    def __str__(self) -> str:
        return str(self.name)


class Programme(models.Model):
    """The openness programme of one collectivity in one cycle; the national plan is that of the country."""

    class Status(models.TextChoices):
        PREPARED = "prepared", _("In preparation")
        DRAFTING = "drafting", _("Being drafted")
        CONSULTED = "consulted", _("Put to consultation")
        VALIDATED = "validated", _("Validated by the committee")
        ON_AGENDA = "on_agenda", _("On the council's agenda")
        POSTPONED = "postponed", _("Postponed by the council")
        REJECTED = "rejected", _("Rejected by the council")
        ADOPTED = "adopted", _("Adopted")
        CLOSED = "closed", _("Closed")
        EVALUATED = "evaluated", _("Evaluated")

    MOVES = {
        Status.PREPARED: {Status.DRAFTING, Status.ADOPTED},  # adopted at once: elsewhere, before it came here
        Status.DRAFTING: {Status.CONSULTED, Status.ADOPTED},
        Status.CONSULTED: {Status.VALIDATED, Status.DRAFTING},
        Status.VALIDATED: {Status.ON_AGENDA, Status.CONSULTED},
        Status.ON_AGENDA: {Status.ADOPTED, Status.POSTPONED, Status.REJECTED},
        Status.POSTPONED: {Status.ON_AGENDA},
        Status.REJECTED: {Status.DRAFTING},
        Status.ADOPTED: {Status.CLOSED, Status.EVALUATED},
        Status.CLOSED: {Status.EVALUATED},
        Status.EVALUATED: set(),
    }
    OPEN_TO_DRAFTING = [Status.PREPARED, Status.DRAFTING, Status.CONSULTED, Status.REJECTED]
    IN_FORCE = [Status.ADOPTED, Status.CLOSED, Status.EVALUATED]

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="programmes")
    place = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="programmes")
    title = LocalizedField()
    status = models.CharField(max_length=10, choices=Status, default=Status.PREPARED)
    opinion = LocalizedField()  # what the consultative bodies said of the axes
    opinion_on = models.DateField(null=True)
    opinion_by = LocalizedField()
    source = models.URLField(blank=True, max_length=400)
    is_demonstration = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cycle", "place"], name="a_place_has_one_programme_a_cycle"),
        ]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def is_frozen(self) -> bool:
        """Once on the agenda or voted on, nothing in it changes."""
        return self.status not in self.OPEN_TO_DRAFTING


class Axis(models.Model):
    """A priority of the collectivity, in its own words."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="axes")
    number = models.PositiveSmallIntegerField()
    name = LocalizedField()

    class Meta:
        ordering = ["programme", "number"]
        constraints = [models.UniqueConstraint(fields=["programme", "number"], name="axes_are_numbered_once")]

    def __str__(self) -> str:
        return str(self.name)


class Phase(models.Model):
    """A window of the cycle: planned dates, and the moments between which it is really open."""

    class Kind(models.TextChoices):
        AXES = "axes", _("Axes")
        IDEAS = "ideas", _("Ideas")
        ANALYSIS = "analysis", _("Answers")
        CONSULTATION = "consultation", _("Consultation")
        COUNCIL = "council", _("Council vote")
        IMPLEMENTATION = "implementation", _("Implementation")
        EVALUATION = "evaluation", _("Evaluation")

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="phases")
    kind = models.CharField(max_length=15, choices=Kind)
    planned_from = models.DateField()
    planned_until = models.DateField()
    opens_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["programme", "planned_from", "id"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "kind"], name="a_programme_has_each_phase_once"),
            models.CheckConstraint(
                condition=Q(planned_until__gte=F("planned_from")), name="a_phase_is_planned_forward"
            ),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="a_phase_closes_after_it_opens"),
        ]

    def is_open(self, now: datetime | None = None) -> bool:
        """Open from the moment it opens until, and not at, the moment it closes."""
        return self.has_begun(now) and not self.is_over(now)

    def has_begun(self, now: datetime | None = None) -> bool:
        """Whether it has opened, be it closed since."""
        return self.opens_at is not None and self.opens_at <= (now or timezone.now())

    def is_over(self, now: datetime | None = None) -> bool:
        """Closed for good, from the moment it closes."""
        return self.closes_at is not None and self.closes_at <= (now or timezone.now())


class Shift(models.Model):
    """The moments given to a phase instead of those before, and why; a later shift stands beside it, never over it."""

    phase = models.ForeignKey(Phase, on_delete=models.PROTECT, related_name="shifts")
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True)
    reason = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="shifted_with_a_reason")]


class Committee(models.Model):
    """Follows the preparation, implementation and evaluation of the programme; its composition is public."""

    programme = models.OneToOneField(Programme, on_delete=models.PROTECT, related_name="committee")
    set_up_on = models.DateField()
    decision = models.CharField(max_length=200, blank=True)


class Seats(models.QuerySet["Seat"]):
    """Short filters."""

    def held(self, on: date) -> "Seats":
        """Those that someone sits on that day."""
        return self.filter(Q(until=None) | Q(until__gt=on), since__lte=on)


class Seat(models.Model):
    """A place on the committee. A name is public because the function is."""

    class Side(models.TextChoices):
        ELECTED = "elected", _("Elected member")
        CIVIL = "civil", _("Civil society")
        ADMINISTRATION = "administration", _("Administration")

    class Gender(models.TextChoices):
        WOMAN = "woman", _("Woman")
        MAN = "man", _("Man")

    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="seats")
    side = models.CharField(max_length=15, choices=Side)
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="seats")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="seats")
    name = models.CharField(max_length=120)
    function = LocalizedField()
    gender = models.CharField(max_length=5, choices=Gender, blank=True)
    since = models.DateField()
    until = models.DateField(null=True)

    objects = Seats.as_manager()

    class Meta:
        ordering = ["committee", "id"]
