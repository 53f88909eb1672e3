"""Every form has a number of its own: sent twice it is one, and a number that is somebody else's opens nothing."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import models
from django.test import Client
from django.utils import timezone

from infitah.ground.accounts.models import Person, Role
from infitah.ground.discussion import actions as discussion
from infitah.ground.discussion.models import Comment
from infitah.ground.organisations import actions as organisations
from infitah.ground.territories.models import Territory
from infitah.journey.consultation import actions as consultation
from infitah.journey.consultation.models import Opinion
from infitah.journey.evaluation import actions as evaluation
from infitah.journey.ideas import actions as ideas
from infitah.journey.ideas.models import Idea
from infitah.journey.monitoring import actions as monitoring
from infitah.journey.projects import actions as projects
from infitah.lib.errors import NotPossible
from infitah.lib.i18n import Localized
from infitah.network.meetings import actions as meetings
from infitah.network.membership import actions as membership
from infitah.network.pool import actions as pool
from infitah.network.questions import actions as questions
from infitah.outlook.board import actions as board
from infitah.outlook.commitments import actions as commitments
from infitah.outlook.notifications import actions as notifications
from infitah.outlook.practices import actions as practices
from infitah.outlook.spaces import actions as spaces
from tests import make

pytestmark = pytest.mark.django_db
Form = tuple[Callable[..., models.Model], list[Any], dict[str, Any], tuple[Person, Person]]
NAME = Localized(ar="شيء", fr="Une chose")
WORDS = {"problem": "الأزقة مظلمة ليلا", "solution": "إنارة الأزقة بالطاقة الشمسية"}


def two(role: str = "", at: Territory | None = None) -> tuple[Person, Person]:
    """Alice and Bob, who may both send the form."""
    if not role:
        return make.person("Alice"), make.person("Bob")
    at = at or make.country()
    return make.holder(role, at, "Alice"), make.holder(role, at, "Bob")


def comment() -> Form:
    return discussion.say, [make.idea()], {"text": "Bonne idée", "language": "fr"}, two()


def idea() -> Form:
    of = make.programme(opened="ideas")
    return ideas.submit, [of], {"axis": of.axes.first(), **WORDS}, two()


def row() -> Form:
    of = make.programme()
    said = {"axis": of.axes.first(), "channel": "workshop", **WORDS}
    return ideas.enter, [of], said, two(Role.FOCAL_POINT, of.place)


def opinion() -> Form:
    draft = make.draft()
    return consultation.give, [draft, draft.programme.projects.get()], {"stance": "agree"}, two()


def show_of_hands() -> Form:
    draft, said = make.draft(), {"stance": "agree", "people": 5}
    focal = two(Role.FOCAL_POINT, draft.programme.place)
    return consultation.enter, [draft, draft.programme.projects.get()], said, focal


def report() -> Form:
    on = make.under_way()
    said = {"status": "under_way", "text": "x"}
    return monitoring.report, [on], said, two(Role.PROJECT_OWNER, on.project.place)


def proof() -> Form:
    on = make.under_way()
    said = {"caption": NAME, "link": "https://example.org/"}
    return monitoring.prove, [on], said, two(Role.PROJECT_OWNER, on.project.place)


def rating() -> Form:
    return monitoring.rate, [make.under_way()], {"completion": "limited"}, two()


def review() -> Form:
    scales = {"verifiable": "yes", "lens": "yes", "potential": "modest"}
    said: dict[str, Any] = {**scales, "kind": "inception", "reviewer": "ATIL", "reviewed_on": timezone.localdate()}
    said["findings"] = {scale: {"explanation": "x"} for scale in scales}
    return evaluation.review, [make.under_way().project], said, two(Role.EVALUATOR)


def registration() -> Form:
    to = make.meeting(starts_at=timezone.now() + timedelta(days=3), has_registration=True)
    return meetings.register, [to], {"name": "فاطمة"}, two()


def material() -> Form:
    of = make.meeting()
    return meetings.add, [of], {"title": NAME, "file": make.upload()}, two(Role.FOCAL_POINT, of.place)


def organisation() -> Form:
    said = {"name": NAME, "kind": "association", "text": "نعمل في الحي منذ سنوات"}
    return organisations.register, [make.place()], said, two()


def question() -> Form:
    said = {"theme": "ideas", "title": "كيف؟", "said": "لدينا أسبوع.", "language": "ar"}
    return questions.ask, [], said, two(Role.FOCAL_POINT, make.place())


def answer() -> Form:
    said = {"said": "نعم.", "language": "ar"}
    return questions.answer, [make.question()], said, two(Role.FOCAL_POINT, make.place())


def declaration() -> Form:
    at, said = make.member().place, {"kind": "budget", "text": NAME, "link": "https://example.org/"}
    return commitments.declare, [at], {"dated_on": date(2026, 1, 5), **said}, two(Role.FOCAL_POINT, at)


def document() -> Form:
    at = make.member().place
    return spaces.publish, [at], {"title": NAME, "file": make.upload()}, two(Role.FOCAL_POINT, at)


def practice() -> Form:
    at = make.member().place
    return practices.share, [at], {"language": "ar", "title": "x"}, two(Role.FOCAL_POINT, at)


def help_request() -> Form:
    at = make.member().place
    said = {"theme": make.skill("workshops"), "text": "كيف ننشط الورشة؟", "language": "ar"}
    return pool.ask, [at], said, two(Role.FOCAL_POINT, at)


def hand_over() -> Form:
    said = {"role": Role.DEPUTY, "outgoing": None, "to": "nadia@example.org"}
    return membership.hand_over, [make.place()], {"on": timezone.localdate(), **said}, two(Role.NATIONAL)


def phone_call() -> Form:
    return board.call, [make.member()], {"note": "x"}, two(Role.NATIONAL)


def announcement() -> Form:
    people = two(Role.NATIONAL)
    said = {"subject": NAME, "text": NAME, "people": Person.objects.all(), "segment": {}}
    return notifications.announce, [], said, people


FORMS = [comment, idea, row, opinion, show_of_hands, report, proof, rating, review, registration, material]
FORMS += [
    organisation,
    question,
    answer,
    declaration,
    document,
    practice,
    help_request,
    hand_over,
    phone_call,
    announcement,
]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_the_same_form_is_one_and_the_key_of_somebody_else_opens_nothing(
    form: Callable[[], Form], ledger: Callable[..., list[Any]]
) -> None:
    act, on, said, (alice, bob) = form()
    said["key"] = uuid4()
    first = act(*on, by=alice, **said)
    told = ledger()
    assert act(*on, by=alice, **said) == first
    with pytest.raises(NotPossible, match="استمارة"):
        act(*on, by=bob, **said)
    assert ledger() == told and type(first)._base_manager.filter(key=said["key"]).count() == 1


def test_a_key_used_elsewhere_is_refused_there() -> None:
    alice, key = make.holder(Role.FOCAL_POINT, make.place("agadir")), uuid4()
    made = meetings.announce(alice.current_grants[0].territory, by=alice, starts_at=timezone.now(), key=key)
    with pytest.raises(NotPossible):
        meetings.announce(
            make.place("tata"), by=make.focal_point(make.place("tata")), starts_at=timezone.now(), key=key
        )
    one, other = make.programme(status="prepared"), make.programme(status="prepared")
    drafted = projects.draft(one, by=make.focal_point(one.place), key=key, title=NAME, axis=one.axes.first())
    with pytest.raises(NotPossible):
        projects.draft(other, by=make.focal_point(other.place), key=key, title=NAME, axis=other.axes.first())
    assert (made.key, drafted.key) == (key, key)


def test_without_an_account_the_same_words_are_the_same_form_and_others_are_somebody_elses() -> None:
    of, key = make.programme(opened="ideas"), uuid4()

    def give(**said: Any) -> Idea:
        return ideas.submit(of, axis=of.axes.first(), key=key, **{"by": None, **WORDS, **said})

    first = give()
    assert give(solution=f" {WORDS['solution']} ") == first
    for other in ({"solution": "شيء آخر تماما للحي"}, {"by": make.person()}):
        with pytest.raises(NotPossible):
            give(**other)
    draft, another = make.draft(), uuid4()
    on = draft.programme.projects.get()

    def say(**said: Any) -> Opinion:
        said = {"stance": "disagree", "text": "لا نوافق", **said}
        return consultation.give(draft, on, by=None, key=another, **said)

    assert say(device="a") == say(device="b")  # pressed twice before the browser was given its number
    with pytest.raises(NotPossible):
        say(text="نوافق بشرط")


def test_two_accounts_at_one_key_get_a_sentence_and_their_words_back(sign_in: Callable[[Person], Client]) -> None:
    about, key = make.idea(), str(uuid4())
    said = {"text": "Une autre chose à dire", "key": key}
    address = f"/fr/discussion/ideas.idea/{about.pk}/"
    assert sign_in(make.person("Alice")).post(address, {**said, "text": "Bonne idée"}).status_code == 303
    answer = sign_in(make.person("Bob")).post(address, said)
    assert answer.status_code == 409
    assert "Ce formulaire" in answer.content.decode() and said["text"] in answer.content.decode()
    assert "Bonne idée" not in answer.content.decode() and Comment.objects.get().text == "Bonne idée"
