from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone

from infitah.ground.accounts.models import Person
from infitah.ground.moderation.models import Moderated
from infitah.ground.organisations.models import Organisation
from infitah.lib.i18n import Written


class Comment(Moderated):
    """A remark under something, one level deep."""

    on_kind = models.CharField(max_length=64)
    on_id = models.BigIntegerField()
    place = models.CharField(max_length=16, blank=True)
    answers = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replies")
    text = models.TextField()
    language = models.CharField(max_length=3, choices=Written, default=Written.ARABIC)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True)  # in whose name
    key = models.UUIDField(default=uuid4, unique=True)  # the form's own number: the same form sent twice is one comment
    at = models.DateTimeField(default=timezone.now)
    retracted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["on_kind", "on_id", "id"], name="comment_by_subject")]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="a_comment_says_something")]

    def __str__(self) -> str:
        return self.text[:90]

    @property
    def is_public(self) -> bool:
        return self.is_shown and self.retracted_at is None
