import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from infitah.ground.accounts.models import Person
from infitah.ground.areas.models import PolicyArea
from infitah.ground.territories.models import Territory
from infitah.journey.ideas.models import Idea, Outcome
from infitah.journey.programmes.models import Axis, Programme
from infitah.lib.i18n import LocalizedField


class Principle(models.TextChoices):
    """The five national principles (facts.json, S1); not the axes, which each collectivity words itself."""

    TRANSPARENCY = "transparency", _("Transparency")
    ACCOUNTABILITY = "accountability", _("Accountability")
    ACCESS = "access_to_information", _("Right of access to information")
    PARTICIPATION = "citizen_participation", _("Citizen participation")
    DIGITALISATION = "digitalisation", _("Digitalisation")


class OgpValue(models.TextChoices):
    """What the Open Government Partnership looks for; technology counts only in addition to one of the three."""

    ACCESS = "access_to_information", _("Access to information")
    PARTICIPATION = "civic_participation", _("Civic participation")
    ACCOUNTABILITY = "public_accountability", _("Public accountability")
    TECHNOLOGY = "technology", _("Technology and innovation")


class Funding(models.TextChoices):
    """Where the money stands."""

    NOT_NEEDED = "not_needed", _("Needs no money of its own")
    SECURED = "secured", _("Secured")
    PARTLY = "partly", _("Partly secured")
    SOUGHT = "sought", _("Being sought")


class Theme(models.Model):
    """Reference data: what a project is about, by the list of the network's portal."""

    key = models.SlugField(unique=True)
    name = LocalizedField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.name)


class Projects(models.QuerySet["Project"]):
    """Short filters."""

    def standing(self) -> "Projects":
        """Not set aside."""
        return self.filter(status=Project.Status.DRAFT)


class Project(models.Model):
    """Something the collectivity undertakes to do, drawn from residents' ideas."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        DROPPED = "dropped", _("Set aside before adoption")

    MOVES = {Status.DRAFT: {Status.DROPPED}, Status.DROPPED: {Status.DRAFT}}

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="projects")
    place = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="projects")
    number = models.PositiveIntegerField()
    axis = models.ForeignKey(Axis, on_delete=models.PROTECT, related_name="projects", null=True)
    title = LocalizedField()
    problem = LocalizedField()
    solution = LocalizedField()
    results = LocalizedField()  # expected results
    change = LocalizedField()  # what rule or routine will change
    principles = models.JSONField(default=list)  # of Principle
    themes = models.ManyToManyField(Theme, blank=True)
    ogp_values = models.JSONField(default=list)  # of OgpValue
    policy_areas = models.ManyToManyField(PolicyArea, blank=True, related_name="projects")
    service = LocalizedField()  # in charge
    partners = LocalizedField()
    budget = models.DecimalField(max_digits=14, decimal_places=2, null=True)  # dirhams
    funding = models.CharField(max_length=10, choices=Funding, blank=True)
    plan_line = LocalizedField()  # the line of the communal or regional development programme that it serves
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    adapted_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="adaptations")
    source = models.URLField(blank=True, max_length=400)
    reference = models.CharField(max_length=20, blank=True)  # its number in an outside plan, as MATET0003
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    dropped_reason = models.TextField(blank=True)
    key = models.UUIDField(unique=True, default=uuid.uuid4)  # the form's own number: the same form twice is one project
    drafted_at = models.DateTimeField(default=timezone.now)

    objects = Projects.as_manager()

    class Meta:
        ordering = ["programme", "number"]
        constraints = [
            models.UniqueConstraint(fields=["place", "number"], name="projects_of_a_place_are_numbered_once"),
            models.CheckConstraint(
                condition=~Q(status="dropped") | ~Q(dropped_reason=""), name="dropped_with_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(ogp_values=["technology"]), name="technology_counts_only_beside_another_value"
            ),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="a_project_is_planned_forward"),
            models.CheckConstraint(condition=Q(budget__gte=0), name="a_budget_is_not_negative"),
        ]

    def __str__(self) -> str:
        return str(self.title)


class Activity(models.Model):
    """A dated piece of a project, with somebody in charge; it is complete only on evidence."""

    class Status(models.TextChoices):
        NOT_STARTED = "not_started", _("Not started")
        UNDER_WAY = "under_way", _("Under way")
        STALLED = "stalled", _("Stalled")
        COMPLETED = "completed", _("Completed")
        ABANDONED = "abandoned", _("Abandoned, with a reason")

    MOVES = {
        Status.NOT_STARTED: {Status.UNDER_WAY, Status.STALLED, Status.COMPLETED, Status.ABANDONED},
        Status.UNDER_WAY: {Status.STALLED, Status.COMPLETED, Status.ABANDONED},
        Status.STALLED: {Status.UNDER_WAY, Status.COMPLETED, Status.ABANDONED},
        Status.COMPLETED: {Status.UNDER_WAY},
        Status.ABANDONED: {Status.UNDER_WAY},
    }

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="activities")
    number = models.PositiveSmallIntegerField()
    title = LocalizedField()
    owner = LocalizedField()  # the service in charge
    planned_from = models.DateField()
    planned_until = models.DateField()
    moved_from = models.DateField(null=True)  # by an amendment of the country's plan; what was planned first stays
    moved_until = models.DateField(null=True)
    started_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    status = models.CharField(max_length=12, choices=Status, default=Status.NOT_STARTED)
    reason = models.TextField(blank=True)  # why stalled or abandoned

    class Meta:
        ordering = ["project", "number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="activities_are_numbered_once"),
            models.CheckConstraint(
                condition=Q(planned_until__gte=F("planned_from")), name="an_activity_is_planned_forward"
            ),
            models.CheckConstraint(condition=Q(moved_until__gte=F("moved_from")), name="an_activity_is_moved_forward"),
            models.CheckConstraint(condition=~Q(status="abandoned") | ~Q(reason=""), name="abandoned_with_a_reason"),
        ]

    def __str__(self) -> str:
        return str(self.title)


class Change(models.Model):
    """Why a project is set aside, or the country's plan amended; a later change stands beside it, never over it."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="changes")
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, null=True, related_name="changes")
    changes = models.JSONField(default=dict)  # of each field written anew, what stood before and what stands now
    reason = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="changed_with_a_reason")]


class Target(models.Model):
    """An indicator of a project: where it started and where it should arrive."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="targets")
    name = LocalizedField()
    baseline = models.CharField(max_length=60, blank=True)
    target = models.CharField(max_length=60)
    unit = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["project", "id"]


class Sources(models.QuerySet["Source"]):
    """Short filters."""

    def standing(self) -> "Sources":
        """Of projects that stand, and of ideas that have been given no other answer since."""
        return self.filter(project__status=Project.Status.DRAFT, idea__outcome=Outcome.KEPT)


class Source(models.Model):
    """An idea that a project was drawn from."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="sources")
    idea = models.ForeignKey(Idea, on_delete=models.PROTECT, related_name="sources")
    at = models.DateTimeField(default=timezone.now)

    objects = Sources.as_manager()

    class Meta:
        ordering = ["project", "id"]
        constraints = [models.UniqueConstraint(fields=["project", "idea"], name="an_idea_is_drawn_on_once_a_project")]
