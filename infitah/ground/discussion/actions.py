from uuid import UUID, uuid4

from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from infitah.ground.accounts.models import Person
from infitah.ground.ledger import actions as ledger
from infitah.ground.moderation import actions as moderation
from infitah.ground.moderation import queries as publications
from infitah.ground.organisations.actions import require_voice
from infitah.ground.organisations.models import Organisation
from infitah.lib.errors import NotPossible, require
from infitah.lib.states import lock, sent_before
from infitah.lib.text import clean

from . import queries, rules
from .models import Comment


@transaction.atomic
def say(
    thing: models.Model,
    *,
    by: Person | None,
    text: str,
    language: str,
    answers: Comment | None = None,
    organisation: Organisation | None = None,
    key: UUID | None = None,
) -> Comment:
    """Comment on a thing, or answer a comment on it. The same key is the same comment, however often it is sent."""
    thing = lock(thing)
    require(rules.can_say(by, thing))
    require_voice(by, organisation)
    about = {"on_kind": publications.kind_of(thing), "on_id": thing.pk}
    known = sent_before(Comment, key, by=by, **about)
    if known:
        return known
    answers = lock(answers) if answers else None
    is_here = answers is None or (answers.on_kind, answers.on_id) == (about["on_kind"], about["on_id"])
    require(is_here and (answers is None or answers.is_public), NotPossible(_("This comment cannot be answered.")))
    top = answers.answers if answers and answers.answers_id else answers
    place = publications.place_of(thing)
    comment = Comment.objects.create(
        **about,
        place=place.code if place else "",
        answers=top,
        text=clean(text),
        language=language,
        by=by,
        organisation=organisation,
        key=key or uuid4(),
    )
    count(comment, 1)
    ledger.record("comment.said", by=by, on=comment, place=place, about=about["on_kind"], number=thing.pk)
    ground = publications.screen(comment.text)
    return moderation.hold_back(comment, ground) if ground else comment


@transaction.atomic
def retract(comment: Comment, *, by: Person | None) -> Comment:
    """Take back one's own comment; its place and its answers stay."""
    comment = lock(comment)
    require(rules.can_retract(by, comment))
    count(comment, -1)
    comment.retracted_at = timezone.now()
    comment.save(update_fields=["retracted_at"])
    ledger.record("comment.retracted", by=by, on=comment, place=publications.place_of(comment))
    return comment


def count(comment: Comment, change: int) -> None:
    """Add a comment to (1) or take it from (-1) what its subject counts, if readers see it."""
    subject = queries.subject_of(comment)
    if subject is not None and comment.is_public and queries.counts_comments(type(subject)):
        type(subject)._base_manager.filter(pk=subject.pk).update(comment_count=F("comment_count") + change)


@transaction.atomic
def recount(thing: models.Model) -> int:
    """Put a counter right."""
    thing = lock(thing)
    found = queries.counted(thing).count()
    type(thing)._base_manager.filter(pk=thing.pk).update(comment_count=found)
    return found
