"""Questions about comments: those under something, as one reader sees them."""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Count, Q

from infitah.ground.accounts.models import Person
from infitah.ground.moderation import queries as moderation
from infitah.ground.moderation.models import Moderated, Ruling

from .models import Comment

SHOWN = 25  # threads on a page, the newest first of all; the earlier ones are a link away


@dataclass
class Said:
    """A comment with its replies, and, where it is held or hidden, the ruling that says why."""

    comment: Comment
    replies: list["Said"] = field(default_factory=list)
    ruling: Ruling | None = None


@dataclass
class Comments:
    """What is said under a thing, as `discussion/_comments.html` shows it."""

    kind: str
    number: int
    said: list[Said]
    count: int
    earlier: int = 0  # comments in threads older than those on this page
    before: int | None = None  # the page shows threads older than this one; None: the newest
    key: UUID = field(default_factory=uuid4)


def takes_comments(model: type[models.Model]) -> bool:
    """Whether there is a discussion under things of this kind: it counts comments, or says so (`takes_comments`)."""
    return counts_comments(model) or bool(getattr(model, "takes_comments", False))


def counts_comments(model: type[models.Model]) -> bool:
    try:
        return bool(model._meta.get_field("comment_count"))
    except FieldDoesNotExist:
        return False


def find(kind: str, number: int) -> models.Model | None:
    """The thing of that kind and number, if it takes comments."""
    try:
        model = apps.get_model(kind)
    except (LookupError, ValueError):
        return None
    return model._base_manager.filter(pk=number).first() if takes_comments(model) else None


def subject_of(comment: Comment) -> models.Model | None:
    """What the comment is about."""
    return find(comment.on_kind, comment.on_id)


def counted(thing: models.Model) -> models.QuerySet[Comment]:
    """The comments under a thing that readers see."""
    return _under(thing).filter(visibility=Moderated.Visibility.SHOWN, retracted_at=None)


def _under(thing: models.Model) -> models.QuerySet[Comment]:
    return Comment.objects.filter(on_kind=moderation.kind_of(thing), on_id=thing.pk)


def comments_of(thing: models.Model, reader: Person | None = None, *, before: int | None = None) -> Comments:
    """The newest threads under a thing (older than `before`), oldest first; what is held is shown to its author only.

    Four queries, however many there are.
    """
    visible = ~Q(visibility=Moderated.Visibility.HELD)
    if isinstance(reader, Person):
        visible |= Q(by=reader)
    under = _under(thing).filter(visible).select_related("by")
    threads = under.filter(answers=None, id__lt=before) if before else under.filter(answers=None)
    tops = {comment.pk: Said(comment) for comment in reversed(threads.order_by("-id")[:SHOWN])}
    replies = [Said(comment) for comment in under.filter(answers__in=tops).order_by("id")]
    for reply in replies:
        tops[reply.comment.answers_id or 0].replies.append(reply)
    found = [*tops.values(), *replies]
    _give_rulings([each for each in found if not each.comment.is_shown])
    oldest = min(tops, default=0)
    older = Q(answers=None, id__lt=oldest) | Q(answers__lt=oldest)
    counts = counted(thing).aggregate(every=Count("id"), older=Count("id", filter=older))
    said = list(tops.values())
    return Comments(moderation.kind_of(thing), thing.pk, said, counts["every"], counts["older"], before)


def _give_rulings(unseen: list[Said]) -> None:
    """The newest ruling on each comment that is not shown."""
    if unseen:
        rulings = moderation.rulings_on(Comment._meta.label_lower, (each.comment.pk for each in unseen))
        for each in unseen:
            each.ruling = rulings.get(each.comment.pk)
