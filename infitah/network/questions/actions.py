from uuid import UUID

from django.contrib.postgres.search import SearchVector
from django.db import transaction
from django.db.models import F, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from infitah.ground.accounts.models import Person
from infitah.ground.ledger import actions as ledger
from infitah.ground.moderation import actions as moderation
from infitah.ground.moderation import queries as publications
from infitah.ground.moderation.models import Moderated
from infitah.ground.territories.models import Territory
from infitah.lib import text
from infitah.lib.errors import NotPossible, require
from infitah.lib.states import lock, sent_before

from . import queries, rules
from .models import Answer, Question


@transaction.atomic
def ask(
    *, by: Person, key: UUID, theme: str, title: str, said: str, language: str, home: Territory | None = None
) -> Question:
    """Ask the other members. The same key is the same question, however often it is sent."""
    require(rules.can_ask(by))
    known = sent_before(Question, key, by=by)
    if known:
        return known
    home = spoken_for(by, home)
    title, said = text.clean(title), text.clean(said)
    require(bool(title and said), NotPossible(_("Write a few words.")))
    question = Question.objects.create(
        home=home,
        theme=theme,
        title=title,
        text=said,
        language=language,
        by=by,
        key=key,
        is_demonstration=by.is_demonstration,
        search=SearchVector(Value(text.search_vector_text(title, said)), config="simple"),
    )
    ledger.record("question.asked", by=by, on=question, place=home, theme=theme)
    ground = publications.screen(f"{title}\n{said}")
    return moderation.hold_back(question, ground) if ground else question


def spoken_for(person: Person, home: Territory | None) -> Territory:
    """The place that the person speaks for: the one named, if they hold a role there, else their first."""
    places = queries.homes(person)
    require(home is None or home in places, NotPossible(_("You hold no role there: choose another place.")))
    return home or places[0]


@transaction.atomic
def answer(
    question: Question, *, by: Person, key: UUID, said: str, language: str, home: Territory | None = None
) -> Answer:
    """Answer a question; its asker is told. The same key is the same answer."""
    question = lock(question)
    require(rules.can_ask(by))
    known = sent_before(Answer, key, by=by, question=question)
    if known:
        return known
    require(rules.can_answer(by, question), NotPossible(_("This question is not published: it takes no answers.")))
    home, said = spoken_for(by, home), text.clean(said)
    require(bool(said), NotPossible(_("Write a few words.")))
    given = Answer.objects.create(question=question, home=home, text=said, language=language, by=by, key=key)
    count(given, 1)
    about = publications.kind_of(question)
    ledger.record("question.answered", by=by, on=given, place=home, about=about, number=question.pk)
    ground = publications.screen(said)
    return moderation.hold_back(given, ground) if ground else given


def count(thing: Moderated, change: int) -> None:
    """Add an answer to (1) or take it from (-1) what its question counts, if readers see it."""
    if isinstance(thing, Answer) and thing.is_public:
        changed: dict[str, object] = {"answer_count": F("answer_count") + change}
        if thing.accepted_at:
            changed["is_settled"] = change > 0
        Question.objects.filter(pk=thing.question_id).update(**changed)


@transaction.atomic
def accept(given: Answer, *, by: Person | None) -> Answer:
    """Say which answer helped; a later choice replaces the one before."""
    question = lock(given.question)
    given = lock(given)
    given.question = question
    require(rules.can_accept(by, given))
    if given.accepted_at:
        return given
    question.answers.exclude(accepted_at=None).update(accepted_at=None)
    given.accepted_at = timezone.now()
    given.save(update_fields=["accepted_at"])
    Question.objects.filter(pk=question.pk).update(is_settled=True)
    ledger.record("answer.accepted", by=by, on=given, place=given.home, question=question.pk)
    return given


@transaction.atomic
def retract(question: Question, *, by: Person | None) -> Question:
    """Take one's own question back; it leaves the list, what happened stays in the register."""
    question = lock(question)
    require(by is not None and question.by_id == by.pk)
    answered = NotPossible(_("This question has answers, which others may need: it stays."))
    require(rules.can_retract(by, question), answered)
    question.retracted_at = timezone.now()
    question.save(update_fields=["retracted_at"])
    ledger.record("question.retracted", by=by, on=question, place=question.home)
    return question


@transaction.atomic
def retract_answer(given: Answer, *, by: Person | None) -> Answer:
    """Take one's own answer back."""
    lock(given.question)
    given = lock(given)
    require(by is not None and given.by_id == by.pk)
    helped = NotPossible(_("This answer was accepted, and others may need it: it stays."))
    require(rules.can_retract_answer(by, given), helped)
    count(given, -1)
    given.retracted_at = timezone.now()
    given.save(update_fields=["retracted_at"])
    ledger.record("answer.retracted", by=by, on=given, place=given.home, question=given.question_id)
    return given


@transaction.atomic
def recount(question: Question) -> Question:
    """Put the counts of a question right, from its answers themselves."""
    question = lock(question)
    shown = question.answers.filter(visibility=Moderated.Visibility.SHOWN, retracted_at=None)
    question.answer_count = shown.count()
    question.is_settled = shown.exclude(accepted_at=None).exists()
    question.save(update_fields=["answer_count", "is_settled"])
    return question
