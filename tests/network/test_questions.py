from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from infitah.ground.accounts.models import Person, Role
from infitah.ground.ledger.models import Entry
from infitah.ground.moderation import actions as moderation
from infitah.ground.moderation import queries as desk
from infitah.lib.errors import NotAllowed, NotPossible
from infitah.network.questions import actions, queries, rules
from infitah.network.questions.models import Answer, Question
from infitah.outlook.notifications.models import Notice
from tests import make
from tests.outlook.test_notifications import notify

pytestmark = pytest.mark.django_db
WORDS = {"theme": "ideas", "title": "كيف نصل إلى الدواوير؟", "said": "لدينا أسبوع واحد فقط.", "language": "ar"}


@pytest.fixture
def asker() -> Person:
    return make.focal_point(make.place("figuig"))


@pytest.fixture
def other() -> Person:
    return make.focal_point(make.place("tata"), "Bob")


def asked(by: Person, **words: str) -> Question:
    return actions.ask(by=by, key=uuid4(), **{**WORDS, **words})  # type: ignore[arg-type]


def answered(question: Question, by: Person, said: str = "يوم السوق.") -> Answer:
    return actions.answer(question, by=by, key=uuid4(), said=said, language="ar")


# -- asking and answering ----------------------------------------------------------------------


def test_whoever_holds_a_role_asks_for_their_own_place(asker: Person) -> None:
    question = asked(asker)
    assert (question.home.slug, question.is_public) == ("figuig", True)
    entry = Entry.objects.get(action="question.asked")
    assert (entry.on_id, entry.place, entry.particulars) == (question.pk, question.home.code, {"theme": "ideas"})


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.FOCAL_POINT, True),
        (Role.DEPUTY, True),
        (Role.COMMITTEE, True),
        (Role.COACH, True),
        (Role.TRAINER, True),
        (Role.NATIONAL, True),
        (Role.EVALUATOR, False),
        ("", False),
    ],
)
def test_those_with_a_role_ask_and_answer_and_evaluators_stay_apart(role: str, may: bool) -> None:
    person = make.holder(role, make.place()) if role else make.person()
    assert rules.can_ask(person) is may
    assert not rules.can_ask(None)


def test_a_resident_without_a_role_is_told_who_asks_here(client: Client, asker: Person) -> None:
    client.force_login(make.person())
    answer = client.get(reverse("questions:ask"))
    assert answer.status_code == 403
    assert "الأعضاء" in answer.content.decode()


def test_the_same_form_sent_twice_is_one_question_and_one_answer(asker: Person, other: Person) -> None:
    key = uuid4()
    first = actions.ask(by=asker, key=key, **WORDS)  # type: ignore[arg-type]
    assert actions.ask(by=asker, key=key, **WORDS) == first  # type: ignore[arg-type]
    given = [actions.answer(first, by=other, key=key, said="نعم", language="ar") for _ in range(2)]
    first.refresh_from_db()
    assert (given[0], first.answer_count, Entry.objects.filter(action="question.answered").count()) == (given[1], 1, 1)


def test_with_several_roles_one_speaks_for_the_place_one_chooses_and_for_no_other(asker: Person) -> None:
    tata = make.place("tata")
    make.grant(asker, Role.COACH, tata)
    assert [place.slug for place in queries.homes(asker)] == ["figuig", "tata"]
    assert actions.ask(by=asker, key=uuid4(), home=tata, **WORDS).home == tata  # type: ignore[arg-type]
    with pytest.raises(NotPossible, match="صفة|role"):
        actions.ask(by=asker, key=uuid4(), home=make.place("zagora"), **WORDS)  # type: ignore[arg-type]


def test_only_the_asker_accepts_and_a_later_choice_replaces_the_one_before(asker: Person, other: Person) -> None:
    question = asked(asker)
    first, second = answered(question, other), answered(question, other, "الهاتف.")
    for stranger in [other, make.holder(Role.NATIONAL, make.country()), None]:
        with pytest.raises(NotAllowed):
            actions.accept(first, by=stranger)
    for given in [first, second, second]:
        actions.accept(given, by=asker)
    accepted = Answer.objects.exclude(accepted_at=None).get()
    question.refresh_from_db()
    assert (accepted, question.is_settled) == (second, True)
    assert Entry.objects.filter(action="answer.accepted").count() == 2
    assert queries.answers_of(question, None)[0] == second


def test_the_national_team_accepts_where_the_asker_no_longer_can(asker: Person, other: Person) -> None:
    given = answered(asked(asker), other)
    national = make.holder(Role.NATIONAL, make.country())
    asker.grants.all().delete()
    given.refresh_from_db()
    assert actions.accept(given, by=national).accepted_at


def test_a_question_is_taken_back_only_as_long_as_nobody_answered(asker: Person, other: Person) -> None:
    lonely, discussed = asked(asker), asked(asker)
    answered(discussed, other)
    assert actions.retract(lonely, by=asker).retracted_at
    with pytest.raises(NotPossible, match="أجوبة|answers"):
        actions.retract(discussed, by=asker)
    with pytest.raises(NotAllowed):
        actions.retract(lonely, by=other)
    with pytest.raises(NotPossible):
        answered(lonely, other)
    assert list(queries.public_page({}).questions) == [discussed]


def test_an_answer_is_taken_back_unless_it_was_accepted(asker: Person, other: Person) -> None:
    question = asked(asker)
    kept, gone = answered(question, other), answered(question, other, "أخرى.")
    actions.accept(kept, by=asker)
    actions.retract_answer(gone, by=other)
    with pytest.raises(NotPossible):
        actions.retract_answer(kept, by=other)
    question.refresh_from_db()
    assert question.answer_count == 1


# -- moderation --------------------------------------------------------------------------------


def test_personal_data_wait_for_a_look_by_the_national_team_and_by_no_focal_point(asker: Person) -> None:
    question = asked(asker, said="اتصلوا بي على 0661234567 من فضلكم.")
    national = make.holder(Role.NATIONAL, make.country())
    assert question.visibility == "held"
    assert question not in queries.public_page({}).questions
    assert question.pk not in [case.thing.pk for case in desk.desk(question.home)]
    assert question.pk in [case.thing.pk for case in desk.desk(make.country())]
    with pytest.raises(NotAllowed):
        moderation.restore(question, by=asker, reason="هذا سؤالي")
    moderation.restore(question, by=national, reason="رقم المصلحة", ground="personal")
    question.refresh_from_db()
    assert question.is_public


def test_a_hidden_answer_is_counted_no_more_and_settles_nothing(asker: Person, other: Person) -> None:
    question = asked(asker)
    given = actions.accept(answered(question, other), by=asker)
    national = make.holder(Role.NATIONAL, make.country())
    moderation.hide(given, by=national, ground="spam", reason="إشهار")
    question.refresh_from_db()
    assert (question.answer_count, question.is_settled) == (0, False)
    moderation.restore(given, by=national, ground="spam", reason="ليس إشهارا")
    question.refresh_from_db()
    assert (question.answer_count, question.is_settled) == (1, True)


def test_a_recount_puts_the_counts_right(asker: Person, other: Person) -> None:
    question = asked(asker)
    actions.accept(answered(question, other), by=asker)
    Question.objects.update(answer_count=9, is_settled=False)
    question = actions.recount(question)
    assert (question.answer_count, question.is_settled) == (1, True)


def test_a_question_that_waits_says_so_to_others_and_shows_itself_to_its_author(client: Client, asker: Person) -> None:
    question = asked(asker, said="الهاتف 0661234567")
    address = reverse("questions:question", args=[question.pk])
    assert client.get(address).status_code == 404
    client.force_login(asker)
    assert client.get(address).status_code == 200


# -- the list ----------------------------------------------------------------------------------


def test_questions_are_found_by_theme_by_state_and_by_words_in_any_spelling(asker: Person, other: Person) -> None:
    budget = asked(asker, theme="budget", title="Où écrire le coût de l’activité ?", said="Créée sans budget.")
    ideas = asked(asker)
    actions.accept(answered(ideas, other), by=asker)
    found = {name: queries.public_page(filters).questions for name, filters in FILTERS.items()}
    assert found == {
        "theme": [budget],
        "unanswered": [budget],
        "open": [budget],
        "settled": [ideas],
        "french": [budget],
        "arabic": [ideas],
        "nothing": [],
    }


FILTERS: dict[str, queries.Filters] = {
    "theme": {"theme": "budget"},
    "unanswered": {"state": "unanswered"},
    "open": {"state": "open"},
    "settled": {"state": "settled"},
    "french": {"q": "ACTIVITE cree"},
    "arabic": {"q": "دواوير"},
    "nothing": {"q": "xyz"},
}


def test_the_list_asks_as_much_for_thirty_questions_as_for_one(
    client: Client, asker: Person, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    make.question(asker)
    client.get(reverse("questions:questions"))
    counts = []
    for more in (0, 29):
        for _ in range(more):
            make.question(asker)
        with django_assert_num_queries(3):  # type: ignore[operator]
            counts.append(queries.public_page({}).total + queries.unanswered())
        make.question(asker)
    assert counts[1] > counts[0]


def test_pages_of_the_list_follow_one_another_without_gap(asker: Person) -> None:
    for _ in range(25):
        make.question(asker)
    first = queries.public_page({})
    second = queries.public_page({}, before=first.before)
    assert (len(first.questions), len(second.questions), second.before) == (20, 5, None)
    assert first.total == 25


def test_a_refused_form_keeps_what_was_typed(client: Client, asker: Person) -> None:
    client.force_login(asker)
    answer = client.post(
        reverse("questions:ask"), {"key": uuid4(), "title": "سؤال عن الورشات", "theme": "", "said": ""}
    )
    assert answer.status_code == 422
    assert "سؤال عن الورشات" in answer.content.decode()


def test_a_question_says_something_that_can_be_read_and_an_answer_may_be_short(
    client: Client, asker: Person, other: Person
) -> None:
    client.force_login(asker)
    sent = {"key": uuid4(), "theme": "ideas", "title": "👍", "said": "\u202e"}
    assert client.post(reverse("questions:ask"), sent).status_code == 422
    client.force_login(other)
    question = asked(asker)
    at = reverse("questions:answer", args=[question.pk])
    statuses = [client.post(at, {"key": uuid4(), "said": said}).status_code for said in ("👍", "نعم")]
    assert (statuses, [one.text for one in question.answers.all()]) == ([422, 303], ["نعم"])


def test_through_the_doors_a_question_is_asked_answered_and_settled(
    client: Client, asker: Person, other: Person
) -> None:
    client.force_login(asker)
    sent = {"key": uuid4(), "theme": "ideas", "title": WORDS["title"], "said": WORDS["said"]}
    question_at = client.post(reverse("questions:ask"), sent)
    assert question_at.status_code == 303
    question = Question.objects.get()
    client.force_login(other)
    client.post(reverse("questions:answer", args=[question.pk]), {"key": uuid4(), "said": "في السوق الأسبوعي."})
    given = question.answers.get()
    client.force_login(asker)
    client.post(reverse("questions:accept", args=[question.pk, given.pk]))
    shown = client.get(reverse("questions:question", args=[question.pk])).content.decode()
    assert "في السوق الأسبوعي." in shown and "هذا الجواب أفاد" in shown


# -- who is told -------------------------------------------------------------------------------


def test_the_asker_is_told_of_an_answer_and_the_answerer_that_it_helped(asker: Person, other: Person) -> None:
    question = asked(asker)
    given = answered(question, other)
    actions.accept(given, by=asker)
    notify()
    direct = Notice.objects.filter(is_direct=True).order_by("entry")
    assert [notice.person for notice in direct] == [asker, other]


def test_nobody_is_told_of_what_waits_for_a_look(asker: Person, other: Person) -> None:
    question = asked(asker)
    notify()
    before = Notice.objects.filter(is_direct=True).count()
    answered(question, other, "الهاتف 0661234567")
    notify()
    told = Notice.objects.filter(is_direct=True, person=asker).count()
    assert (told, before, len(mail.outbox)) == (0, 0, 0)
