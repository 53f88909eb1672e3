from django.db import models

from infitah.ground.accounts.models import Person
from infitah.ground.moderation.models import Moderated

from .models import Comment


def can_say(person: Person | None, thing: models.Model) -> bool:
    """Everyone with an account comments on what is published, and answers comments."""
    return person is not None and person.is_active and (not isinstance(thing, Moderated) or thing.is_public)


def can_retract(person: Person | None, comment: Comment) -> bool:
    """The author takes back their own comment."""
    return person is not None and comment.by_id == person.pk and comment.retracted_at is None
