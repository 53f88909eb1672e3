"""Questions about comments: those under something, as one reader sees them."""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber

from infitah.ground.accounts.models import Person
from infitah.ground.moderation import queries as moderation
from infitah.ground.moderation.models import Moderated, Ruling
from infitah.ground.organisations.models import Organisation
from infitah.ground.organisations.queries import voices

from .models import Comment

SHOWN = 25  # threads on a page, the newest first of all; the earlier ones are a link away
REPLIES = 10  # of each thread, the newest; the earlier ones are a link away


@dataclass
class Said:
    """A comment with its replies, and, where it is held or hidden, the ruling that says why."""

    comment: Comment
    replies: list["Said"] = field(default_factory=list)
    ruling: Ruling | None = None
    earlier: int = 0  # replies older than those shown
    is_later: bool = False  # the replies shown are not the newest


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
    voices: list[Organisation] = field(default_factory=list)  # in whose name the reader may comment


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


def comments_of(
    thing: models.Model, reader: Person | None = None, *, before: int | None = None, replies_before: int | None = None
) -> Comments:
    """The newest threads under a thing (older than `before`), oldest first; what is held is shown to its author only.

    Of each thread the newest replies; of the last on the page, those older than `replies_before`. Four queries,
    however many there are, and one more for a reader who is signed in.
    """
    visible = ~Q(visibility=Moderated.Visibility.HELD)
    if isinstance(reader, Person):
        visible |= Q(by=reader)
    under = _under(thing).filter(visible).select_related("by", "organisation")
    threads = under.filter(answers=None, id__lt=before) if before else under.filter(answers=None)
    tops = {comment.pk: Said(comment) for comment in reversed(threads.order_by("-id")[:SHOWN])}
    last = max(tops, default=0) if replies_before else 0
    replies = [Said(reply) for reply in _newest(under.filter(answers__in=tops), last, replies_before or 0)]
    for reply in replies:
        thread = tops[reply.comment.answers_id or 0]
        thread.replies.append(reply)
        thread.earlier = reply.comment.count - len(thread.replies)  # type: ignore[attr-defined]
    if last:
        tops[last].is_later = True
    found = [*tops.values(), *replies]
    _give_rulings([each for each in found if not each.comment.is_shown])
    oldest = min(tops, default=0)
    older = Q(answers=None, id__lt=oldest) | Q(answers__lt=oldest)
    counts = counted(thing).aggregate(every=Count("id"), older=Count("id", filter=older))
    said = list(tops.values())
    here = Comments(moderation.kind_of(thing), thing.pk, said, counts["every"], counts["older"], before)
    here.voices = list(voices(reader))
    return here


def _newest(replies: models.QuerySet[Comment], last: int, before: int) -> models.QuerySet[Comment]:
    """The newest replies of each thread, oldest first, each with how many its thread has; of the thread `last`, those
    before one of them."""
    if last:
        replies = replies.exclude(answers=last, id__gte=before)
    thread = F("answers")
    turn = Window(RowNumber(), partition_by=thread, order_by=F("id").desc())
    found = replies.annotate(turn=turn, count=Window(Count("id"), partition_by=thread))
    return found.filter(turn__lte=REPLIES).order_by("id")


def at(page: str, comment: Comment) -> str:
    """Where a comment stands, on the page that shows what it is about: in the last thread, and the last reply there."""
    replies = f"&replies={comment.pk + 1}" if comment.answers_id else ""
    return f"{page}?comments={(comment.answers_id or comment.pk) + 1}{replies}#comment-{comment.pk}"


def _give_rulings(unseen: list[Said]) -> None:
    """The newest ruling on each comment that is not shown."""
    if unseen:
        rulings = moderation.rulings_on(Comment._meta.label_lower, (each.comment.pk for each in unseen))
        for each in unseen:
            each.ruling = rulings.get(each.comment.pk)
