"""Questions about questions: those of a theme, those nobody has answered, what was said to one."""

from dataclasses import dataclass
from typing import TypedDict

from django.contrib.postgres.search import SearchQuery
from django.db.models import F, Q, QuerySet

from infitah.ground.accounts.models import Person, Role
from infitah.ground.moderation.models import Moderated
from infitah.ground.territories.models import Territory
from infitah.lib import text
from infitah.lib.lists import page_before

from .models import Answer, Question

PAGE = 20
COUNTED = 1000  # beyond this a filtered list says "more than"
SPOKEN = list(Role)  # a person with several roles speaks first for the place of the first of them
ALIKE = 200


class Filters(TypedDict, total=False):
    """What the list of questions is narrowed to; empty values narrow nothing."""

    q: str
    theme: str
    state: str  # "unanswered", "open" (no accepted answer), "settled"


@dataclass(frozen=True)
class QuestionPage:
    """One page of the list, where the next page begins, and how many questions the whole list has."""

    questions: list[Question]
    before: int | None
    total: int

    @property
    def is_more_than(self) -> bool:
        """Whether there are more than were counted."""
        return self.total > COUNTED

    @property
    def shown_total(self) -> int:
        return min(self.total, COUNTED)


def to_show() -> QuerySet[Question]:
    """Questions with what a card of them names."""
    return Question.objects.select_related("home").defer("home__outline", "search")


def published() -> QuerySet[Question]:
    """The same, of those that everyone reads."""
    return Question.objects.public().select_related("home").defer("home__outline", "search")


def public_page(filters: Filters, *, before: int | None = None) -> QuestionPage:
    """A page of the published questions, latest first; as many queries at any size."""
    found = published()
    if filters.get("theme"):
        found = found.filter(theme=filters["theme"])
    state = filters.get("state")
    if state == "unanswered":
        found = found.filter(answer_count=0)
    elif state:
        found = found.filter(is_settled=state == "settled")
    if text.search_query(filters.get("q", "")):
        found = found.filter(search=words(filters["q"]))
    total = found.order_by()[: COUNTED + 1].count()
    return QuestionPage(*page_before(found, before, PAGE), total)


def words(typed: str) -> SearchQuery:
    """What was typed, as a question to the text index: every word, each perhaps unfinished."""
    return SearchQuery(text.search_query(typed), config="simple", search_type="raw")


def answers_of(question: Question, reader: Person | None) -> list[Answer]:
    """The published answers, the accepted one first, then as they came; one's own also while it waits for a look."""
    seen = Q(visibility=Moderated.Visibility.SHOWN)
    if reader is not None:
        seen |= Q(by=reader)
    found = question.answers.filter(seen, retracted_at=None).select_related("home").defer("home__outline")
    return list(found.order_by(F("accepted_at").asc(nulls_last=True), "id"))


def similar(question: Question, *, limit: int = 4) -> list[Question]:
    """Published questions that share most words with this one, those of its theme first among equals."""
    asked = {word for word in text.fold(f"{question.title} {question.text}").split() if len(word) > 3}
    if not asked:
        return []
    any_word = SearchQuery(" | ".join(sorted(asked)[:12]), config="simple", search_type="raw")
    found = published().filter(search=any_word).exclude(pk=question.pk).order_by("-pk")[:ALIKE]

    def weight(one: Question) -> tuple[int, bool]:
        return len(asked & set(text.fold(f"{one.title} {one.text}").split())), one.theme == question.theme

    return sorted(found, key=weight, reverse=True)[:limit]


def homes(person: Person) -> list[Territory]:
    """The places that a person may speak for, in the order of their roles there."""
    held = [grant for grant in person.current_grants if grant.role != Role.EVALUATOR]
    held.sort(key=lambda grant: SPOKEN.index(Role(grant.role)))
    return list({grant.territory_id: grant.territory for grant in held}.values())


def unanswered() -> int:
    """How many published questions nobody has answered."""
    return Question.objects.public().filter(answer_count=0).count()
