from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from infitah.ground.accounts.models import Contact, Person
from infitah.ground.moderation.models import Moderated
from infitah.ground.organisations.models import Organisation
from infitah.ground.territories.models import Territory
from infitah.journey.programmes.models import Axis, Programme
from infitah.lib.i18n import Localized, Written
from infitah.network.meetings.models import Meeting


class Channel(models.TextChoices):
    """How a contribution reached the collectivity; all weigh the same."""

    WEBSITE = "website", _("Website")
    WORKSHOP = "workshop", _("Workshop")
    PAPER = "paper", _("Paper")
    PHONE = "phone", _("Phone")
    ASSISTED = "assisted", _("Helped at the counter")
    OWN_INITIATIVE = "own_initiative", _("Own initiative")

    @classmethod
    def entered(cls) -> list[tuple[str, Any]]:
        """The choices of whoever enters for others what did not come over the website."""
        return [choice for choice in cls.choices if choice[0] != cls.WEBSITE]


class Outcome(models.TextChoices):
    """The four answers an idea can get."""

    KEPT = "kept", _("Kept in a project")
    COVERED = "covered", _("Already covered")
    OUTSIDE = "outside", _("Outside competence")
    NOT_KEPT = "not_kept", _("Not kept")

    @property
    def standing(self) -> tuple[str, str]:
        """For a badge: the badge's kind, and the words."""
        return {"kept": "ok", "covered": "part"}.get(self.value, "no"), str(self.label)


class Batch(models.Model):
    """Ideas brought in together from one spreadsheet; can be undone as a whole until one of them is answered."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT)
    file = models.FileField(upload_to="sheets/%Y/")
    filename = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(default=0)  # ideas brought in
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True)
    at = models.DateTimeField(default=timezone.now)
    imported_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    @property
    def is_waiting(self) -> bool:
        """Uploaded and looked at, not yet confirmed."""
        return self.imported_at is None and self.undone_at is None


class Ideas(models.QuerySet["Idea"]):
    """Short filters."""

    def public(self) -> "Ideas":
        """Shown to everyone."""
        return self.filter(visibility=Moderated.Visibility.SHOWN).exclude(status=Idea.Status.WITHDRAWN)

    def waiting(self) -> "Ideas":
        """Wait for an answer of their own: those grouped are answered with their lead, unless it is hidden."""
        alone = Q(status=Idea.Status.GROUPED, lead__visibility=Moderated.Visibility.HIDDEN)
        return self.filter(Q(status=Idea.Status.RECEIVED) | alone)


class Idea(Moderated):
    """A problem and a proposed solution, as a resident wrote or said it. Never edited."""

    class Status(models.TextChoices):
        RECEIVED = "received", _("Received")
        GROUPED = "grouped", _("Grouped with similar ideas")
        DECIDED = "decided", _("Answered")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    MOVES = {
        Status.RECEIVED: {Status.GROUPED, Status.DECIDED, Status.WITHDRAWN},
        Status.GROUPED: {Status.RECEIVED, Status.DECIDED, Status.WITHDRAWN},
        Status.DECIDED: {Status.DECIDED},
        Status.WITHDRAWN: set(),
    }

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="ideas")
    place = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="ideas")
    number = models.PositiveIntegerField()
    axis = models.ForeignKey(Axis, on_delete=models.PROTECT, related_name="ideas")
    problem = models.TextField()
    solution = models.TextField()
    language = models.CharField(max_length=3, choices=Written, default=Written.ARABIC)
    channel = models.CharField(max_length=15, choices=Channel, default=Channel.WEBSITE)
    where = models.CharField(max_length=200, blank=True)
    workshop = models.ForeignKey(Meeting, on_delete=models.PROTECT, null=True, related_name="ideas")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, related_name="ideas")
    outside_number = models.CharField(max_length=40, blank=True)  # its number in the spreadsheet it came from
    author = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="ideas")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="ideas"
    )  # for whom
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True)
    pseudonym = models.CharField(max_length=60, blank=True)
    entered_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="entered_ideas")
    receipt = models.CharField(max_length=8, unique=True)  # without its hyphens
    key = models.UUIDField(unique=True)  # the form's own number: the same form sent twice is one idea
    fingerprint = models.CharField(max_length=64)  # of the folded text: tells exact duplicates
    received_at = models.DateTimeField(default=timezone.now)
    status = models.CharField(max_length=10, choices=Status, default=Status.RECEIVED)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    decided_at = models.DateTimeField(null=True)
    lead = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="group")
    support_count = models.PositiveIntegerField(default=0)
    comment_count = models.PositiveIntegerField(default=0)
    search = SearchVectorField()

    objects = Ideas.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["place", "-id"], name="idea_by_place"),
            models.Index(fields=["place", "axis", "-id"], name="idea_by_axis"),
            models.Index(fields=["place", "outcome", "-id"], name="idea_by_outcome"),
            models.Index(fields=["place", "channel", "-id"], name="idea_by_channel"),
            models.Index(fields=["place", "language", "-id"], name="idea_by_language"),
            models.Index(fields=["programme", "fingerprint"], name="idea_by_fingerprint"),
            GinIndex(fields=["search"], name="idea_by_text"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["place", "number"], name="ideas_of_a_place_are_numbered_once"),
            models.CheckConstraint(
                condition=~Q(status="decided") | (~Q(outcome="") & Q(decided_at__isnull=False)),
                name="a_decided_idea_has_an_outcome_and_a_date",
            ),
            models.CheckConstraint(condition=~Q(status="grouped") | Q(lead__isnull=False), name="grouped_under_a_lead"),
            models.CheckConstraint(condition=~Q(lead=F("id")), name="an_idea_does_not_lead_itself"),
        ]

    def __str__(self) -> str:
        return Truncator(self.solution).chars(90)

    @property
    def is_public(self) -> bool:
        """Shown to everyone; `Ideas.public` asks the same of many."""
        return self.is_shown and self.status != self.Status.WITHDRAWN

    @property
    def is_waiting(self) -> bool:
        """Waits for an answer of its own; `Ideas.waiting` asks the same of many."""
        is_alone = self.lead is not None and self.lead.visibility == self.Visibility.HIDDEN
        return self.status == self.Status.RECEIVED or (self.status == self.Status.GROUPED and is_alone)

    @property
    def is_entered(self) -> bool:
        """Brought in for somebody else, by hand or in a sheet, and not given on the site."""
        return self.channel != Channel.WEBSITE or self.batch_id is not None

    @property
    def is_untouched(self) -> bool:
        """Nobody has done anything with it: no answer, no group, no support, no comment, no proposal."""
        is_new = self.is_shown and self.status == self.Status.RECEIVED
        return is_new and not (self.support_count or self.comment_count or self.group.all() or self.proposals.all())

    @property
    def standing(self) -> tuple[str, str]:
        """Where it stands, for a badge: the badge's kind, and the words."""
        if not self.is_shown:
            kind = {"held": "wait", "hidden": "late"}[self.visibility]
            return kind, str(self.Visibility(self.visibility).label)
        if self.status == self.Status.WITHDRAWN:
            return "no", str(self.Status.WITHDRAWN.label)
        if self.outcome:
            return Outcome(self.outcome).standing
        if self.status == self.Status.GROUPED:
            return "part", str(self.Status.GROUPED.label)
        return "wait", str(_("Waiting for an answer"))

    @property
    def came_by(self) -> Localized | str:
        """How it came: the title of its workshop, else the channel."""
        return self.workshop.title if self.workshop else str(Channel(self.channel).label)

    @property
    def answer(self) -> "Decision | None":
        """The decision that holds, the latest; ask `prefetch_related("decisions")` for many."""
        return next(iter(self.decisions.all()), None)


class Support(models.Model):
    """One person's word that an idea matters; not a signature."""

    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="supports")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True)
    device = models.CharField(max_length=64, blank=True)  # a random number kept by the reader's browser
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["idea", "person"], name="a_person_supports_an_idea_once"),
            models.UniqueConstraint(
                fields=["idea", "device"], condition=~Q(device=""), name="a_device_supports_an_idea_once"
            ),
            models.CheckConstraint(condition=Q(person__isnull=False) ^ ~Q(device=""), name="supported_by_one_or_other"),
        ]


class Decision(models.Model):
    """An answer to an idea; a later one replaces it, none is removed."""

    idea = models.ForeignKey(Idea, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=10, choices=Outcome)
    reason = models.TextField()
    language = models.CharField(max_length=3, choices=Written, default=Written.ARABIC)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="decided_with_a_reason")]

    @property
    def standing(self) -> tuple[str, str]:
        """What it says, for a badge: the badge's kind, and the words."""
        return Outcome(self.outcome).standing


class Proposal(models.Model):
    """The answer that a member of the follow-up committee proposes; the focal point decides. Not public."""

    idea = models.ForeignKey(Idea, on_delete=models.PROTECT, related_name="proposals")
    outcome = models.CharField(max_length=10, choices=Outcome)
    reason = models.TextField()
    language = models.CharField(max_length=3, choices=Written, default=Written.ARABIC)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["idea", "by"], name="a_member_proposes_one_answer_to_an_idea"),
            models.CheckConstraint(condition=~Q(reason=""), name="proposed_with_a_reason"),
        ]

    @property
    def standing(self) -> tuple[str, str]:
        """What it proposes, for a badge: the badge's kind, and the words."""
        return Outcome(self.outcome).standing


class Tally(models.Model):
    """The counts of a place's ideas, kept beside them; `recount` puts them right."""

    place = models.OneToOneField(Territory, on_delete=models.PROTECT, primary_key=True)
    last_number = models.PositiveIntegerField(default=0)
    public = models.PositiveIntegerField(default=0)
    online = models.PositiveIntegerField(default=0)
    decided = models.PositiveIntegerField(default=0)
