from datetime import date, timedelta
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from infitah.ground.accounts.models import Contact, Person
from infitah.ground.territories.models import Territory
from infitah.lib.i18n import LocalizedField
from infitah.network.membership.models import Cohort

COUNCIL = "council"  # the document that every call asks for: the decision of the council


class Kind(models.TextChoices):
    """The kinds of collectivities that a call may be open to."""

    REGION = "region", _("Regions")
    PROVINCE = "province", _("Prefectures and provinces")
    COMMUNE = "commune", _("Communes")


class Calls(models.QuerySet["Call"]):
    """Short filters."""

    def published(self) -> "Calls":
        return self.filter(status=Call.Status.PUBLISHED)

    def open(self) -> "Calls":
        now = timezone.now()
        return self.published().filter(opens_at__lte=now, closes_at__gt=now)


class Call(models.Model):
    """The national team asks for members: who may apply, when, with which documents, for which cohort."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Being written")
        PUBLISHED = "published", _("Published")

    MOVES = {Status.DRAFT: {Status.PUBLISHED}, Status.PUBLISHED: set()}
    WORDS = ["title", "text", "kinds", "regions", "places", "opens_at", "closes_at", "documents", "cohort"]

    number = models.PositiveSmallIntegerField(unique=True)
    title = LocalizedField()
    text = LocalizedField()
    kinds: Any = models.JSONField(default=list)  # of Kind
    regions: Any = models.JSONField(default=list, blank=True)  # codes of the regions it is for; empty means all
    places = models.PositiveSmallIntegerField(null=True)  # how many can join; without limit if null
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()  # the first moment after it
    has_months_only = models.BooleanField(default=False)  # its sources name months, not days
    documents: Any = models.JSONField(default=list)  # [{"id": "d1", "name": {"ar": …, "fr": …}, "is_required": true}]
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="calls")
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    source = models.URLField(blank=True)  # where a call of before this platform is told of
    is_demonstration = models.BooleanField(default=False)
    created_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True)
    key = models.UUIDField(unique=True)

    objects = Calls.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="a_call_closes_after_it_opens"),
            models.CheckConstraint(condition=Q(places=None) | Q(places__gt=0), name="a_call_has_places"),
        ]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def is_published(self) -> bool:
        return self.status == self.Status.PUBLISHED

    @property
    def standing(self) -> str:
        """By the clock: draft, coming, open or past."""
        now = timezone.now()
        if self.status == self.Status.DRAFT:
            return "draft"
        return "coming" if now < self.opens_at else "open" if now < self.closes_at else "past"

    @property
    def badge(self) -> tuple[str, Any]:
        """Its standing for a badge: the kind, and the words."""
        return {
            "draft": ("wait", _("Draft, not published")),
            "coming": ("wait", _("Coming")),
            "open": ("ok", _("Open now")),
            "past": ("no", _("Closed")),
        }[self.standing]

    @property
    def first_day(self) -> date:
        """By the clock of the place, like the last."""
        return timezone.localdate(self.opens_at)

    @property
    def last_day(self) -> date:
        """The last day on which one can apply."""
        return timezone.localdate(self.closes_at - timedelta(seconds=1))

    @property
    def is_before_us(self) -> bool:
        """Of before this platform: its applications were received elsewhere."""
        return bool(self.source)


class Applications(models.QuerySet["Application"]):
    """Short filters."""

    def received(self) -> "Applications":
        """Those that were sent, whatever became of them; drafts are their authors' own."""
        return self.exclude(sent_at=None)


class Application(models.Model):
    """A collectivity asks to join. Names and mails are kept apart, each in a contact that goes on its day."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Being written")
        SUBMITTED = "submitted", _("Under review")
        RETURNED = "returned", _("To be completed")
        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    MOVES = {
        Status.DRAFT: {Status.SUBMITTED},
        Status.SUBMITTED: {Status.RETURNED, Status.ACCEPTED, Status.REFUSED, Status.WITHDRAWN},
        Status.RETURNED: {Status.SUBMITTED, Status.WITHDRAWN},
        Status.ACCEPTED: set(),
        Status.REFUSED: set(),
        Status.WITHDRAWN: set(),
    }
    HELD = [Status.SUBMITTED, Status.RETURNED, Status.ACCEPTED, Status.REFUSED]  # one of these for a place in a call

    class Function(models.TextChoices):
        """Who applies for a collectivity."""

        PRESIDENT = "president", _("President of the council")
        CLERK = "clerk", _("Clerk of the council")
        DIRECTOR = "director", _("Director of services, by delegation of the president")

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="applications")
    place = models.ForeignKey(Territory, on_delete=models.PROTECT, null=True, related_name="applications")
    function = models.CharField(max_length=10, choices=Function, blank=True)
    decided_on = models.DateField(null=True)  # the day of the council's decision
    why = models.TextField(blank=True)
    language = models.CharField(max_length=3, default="ar")
    applicant = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, related_name="+")
    president = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, related_name="+")
    focal_point = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, related_name="+")
    deputy = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    turn = models.PositiveSmallIntegerField(default=0)  # grows with each move: tells a page read before it
    begun_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(null=True)  # by someone who has read the mailed link
    mailed_at = models.DateTimeField(null=True)  # when the link was last asked for
    sent_at = models.DateTimeField(null=True)
    sent_key = models.UUIDField(null=True)  # of the form by which it was last sent

    objects = Applications.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["call", "status", "-id"], name="application_by_status"),
            models.Index(fields=["place", "-id"], name="application_by_place"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "place"],
                condition=Q(status__in=["submitted", "returned", "accepted", "refused"]),
                name="a_collectivity_applies_once_in_a_call",
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(place__isnull=False, sent_at__isnull=False),
                name="what_was_sent_names_its_collectivity",
            ),
        ]

    def __str__(self) -> str:
        return str(self.place) if self.place else ""

    @property
    def public_name(self) -> str:
        """What everyone reads of it: for which collectivity, once it is sent; a draft is its author's own."""
        return f"{self.place} · {self.call.title}" if self.sent_at else str(self.call.title)

    @property
    def badge(self) -> tuple[str, str]:
        """Its status for a badge: the kind, and the words."""
        kinds = {"submitted": "part", "returned": "wait", "accepted": "ok", "refused": "no", "withdrawn": "no"}
        return kinds.get(self.status, "wait"), self.get_status_display()

    @property
    def is_writable(self) -> bool:
        return self.status in (self.Status.DRAFT, self.Status.RETURNED)


class Paper(models.Model):
    """A document of an application, never public: the decision of the council, or what else the call asks for."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="papers")
    asked = models.CharField(max_length=20)  # COUNCIL, or the id of a document of the call
    file = models.FileField(upload_to="applications/%Y/")
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField(default=timezone.now)
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "asked"], condition=Q(replaced_at=None), name="one_paper_stands_for_each_asked"
            )
        ]


class Advice(models.Model):
    """What a wilaya or province thinks of an application of its territory."""

    class Stance(models.TextChoices):
        FAVOURABLE = "favourable", _("Favourable")
        RESERVED = "reserved", _("Favourable, with a reservation")
        UNFAVOURABLE = "unfavourable", _("Unfavourable")

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="advices")
    of = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+")
    stance = models.CharField(max_length=12, choices=Stance)
    text = models.TextField()
    turn = models.PositiveSmallIntegerField()  # of the application as it was read
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True)
    at = models.DateTimeField(default=timezone.now)
    key = models.UUIDField(unique=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["application", "of", "turn"], name="a_wilaya_advises_once_a_sending"),
            models.CheckConstraint(condition=~Q(text=""), name="advised_with_a_text"),
        ]


class Verdict(models.Model):
    """What the national team answers; a later one follows an earlier one, none is removed."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("Accept: the collectivity is admitted to the network")
        RETURNED = "returned", _("Ask for more: the applicant completes and sends again")
        REFUSED = "refused", _("Refuse, with a reason")

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="verdicts")
    outcome = models.CharField(max_length=10, choices=Outcome)
    reason = models.TextField(blank=True)
    is_public = models.BooleanField(default=False)  # whether everyone reads the reason, or the applicant alone
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True)
    at = models.DateTimeField(default=timezone.now)
    key = models.UUIDField(unique=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(outcome="accepted") | ~Q(reason=""), name="not_accepted_with_a_reason")
        ]
