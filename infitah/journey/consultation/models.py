from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from infitah.ground.accounts.models import Contact, Person
from infitah.ground.moderation.models import Moderated
from infitah.ground.organisations.models import Organisation
from infitah.journey.ideas.models import Channel
from infitah.journey.programmes.models import Programme
from infitah.journey.projects.models import Project
from infitah.lib.i18n import LocalizedField, Written
from infitah.lib.states import mark, mark_of
from infitah.network.meetings.models import Meeting


class Draft(models.Model):
    """A version of the programme, frozen: the database refuses to change it."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="drafts")
    version = models.PositiveSmallIntegerField()
    contents = models.JSONField()  # what queries.frozen() wrote: axes → projects → activities, targets, sources
    sha256 = models.CharField(max_length=64)
    summary = LocalizedField()  # in plain words, for those who will not read it all
    is_consulted = models.BooleanField(default=False)  # put to residents; the others are what became of it
    frozen_at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True)

    class Meta:
        ordering = ["programme", "version"]
        constraints = [models.UniqueConstraint(fields=["programme", "version"], name="versions_are_numbered_once")]

    def projects(self) -> dict[int, dict[str, Any]]:
        """Its projects by number, in reading order, each with the number and name of its axis."""
        return {
            project["number"]: {**project, "axis": {"number": axis["number"], "name": axis["name"]}}
            for axis in self.contents["axes"]
            for project in axis["projects"]
        }


class Opinions(models.QuerySet["Opinion"]):
    """Short filters."""

    def standing(self) -> "Opinions":
        """Not replaced by a later one of the same person."""
        return self.filter(replaced_at=None)

    def public(self) -> "Opinions":
        """Shown to everyone, and counted."""
        return self.standing().filter(visibility=Moderated.Visibility.SHOWN)

    def unanswered(self) -> "Opinions":
        """Those that say something and have no reply; a bare \"I agree\" is counted, and asks for none."""
        says_something = ~Q(text="") | ~Q(wording="")
        return self.standing().filter(says_something, reply=None).exclude(visibility=Moderated.Visibility.HIDDEN)


class Opinion(Moderated):
    """What someone thinks of a project of the frozen draft, online or on paper."""

    class Stance(models.TextChoices):
        AGREE = "agree", _("I agree")
        CHANGES = "changes", _("I agree, with changes")
        DISAGREE = "disagree", _("I disagree")

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="opinions")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="opinions")
    stance = models.CharField(max_length=8, choices=Stance)
    text = models.TextField(blank=True)
    wording = models.TextField(blank=True)  # suggested
    language = models.CharField(max_length=3, choices=Written, default=Written.ARABIC)
    channel = models.CharField(max_length=15, choices=Channel, default=Channel.WEBSITE)
    workshop = models.ForeignKey(Meeting, on_delete=models.PROTECT, null=True, related_name="opinions")
    people = models.PositiveSmallIntegerField(default=1)  # a workshop's show of hands counts as many
    author = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="opinions")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="opinions"
    )  # for whom
    device = models.CharField(max_length=64, blank=True)  # a random number kept by the browser of someone unnamed
    replaced_at = models.DateTimeField(null=True)  # by a later opinion of the same person
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True)
    pseudonym = models.CharField(max_length=60, blank=True)
    entered_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="entered_opinions")
    receipt = models.CharField(max_length=8, unique=True)
    key = models.UUIDField(unique=True)
    given_at = models.DateTimeField(default=timezone.now)

    objects = Opinions.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["project", "-id"], name="opinion_by_project"),
            models.Index(fields=["draft", "-id"], name="opinion_by_draft"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["draft", "project", "author"],
                condition=Q(author__isnull=False, entered_by=None, replaced_at=None),
                name="a_person_has_one_opinion_a_project",
            ),
            models.UniqueConstraint(
                fields=["draft", "project", "device"],
                condition=~Q(device="") & Q(replaced_at=None),
                name="a_device_has_one_opinion_a_project",
            ),
            models.CheckConstraint(condition=Q(people__gte=1), name="somebody_holds_the_opinion"),
            models.CheckConstraint(condition=Q(stance="agree") | ~Q(text=""), name="a_change_or_a_no_says_why"),
        ]

    @property
    def says_something(self) -> bool:
        """More than a stance: words that deserve a reply."""
        return bool(self.text or self.wording)

    @property
    def mark_of_reply(self) -> str:
        """A short number for the answer that stands, or for none: another one as soon as somebody answers."""
        reply = getattr(self, "reply", None)
        return mark(reply, "is_taken_up", "text") if reply else mark_of(None)


class Reply(models.Model):
    """The answer to an opinion: taken up or not, and why."""

    opinion = models.OneToOneField(Opinion, on_delete=models.PROTECT, related_name="reply")
    is_taken_up = models.BooleanField()
    text = models.TextField()
    language = models.CharField(max_length=3, choices=Written, default=Written.ARABIC)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="replied_with_words")]
