"""What many do at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection, transaction

from infitah.ground.accounts.models import Person
from infitah.journey.ideas import actions
from infitah.journey.ideas.models import Idea, Outcome, Support
from infitah.journey.projects import actions as projects
from infitah.lib.i18n import Localized
from tests import make

Answer = Callable[[list[Idea], Person], None]


def until_someone_waits() -> None:
    """Come back once a session of this database waits for a lock."""
    asked = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    with connection.cursor() as cursor:
        for _attempt in range(2000):
            cursor.execute("SELECT pg_sleep(0.005), pg_stat_clear_snapshot()")  # a transaction would see the same again
            cursor.execute(asked)
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody waits for a lock")


def answer_and_cover(ideas: list[Idea], alice: Person) -> None:
    actions.decide_many(ideas, by=alice, outcome=Outcome.COVERED, reason="مبرمجة من قبل")


def draft_a_project(ideas: list[Idea], alice: Person) -> None:
    projects.draft(ideas[0].programme, by=alice, title=Localized(ar="إنارة الأزقة"), ideas=ideas)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("answer", "outcome"), [(answer_and_cover, "covered"), (draft_a_project, "kept")])
def test_a_support_given_while_ideas_are_answered_together_waits_in_no_ring(answer: Answer, outcome: str) -> None:
    programme = make.programme()
    first, second = make.idea(programme), make.idea(programme)
    alice, has_taken = make.focal_point(programme.place), Event()

    def support_slowly() -> None:
        try:
            with transaction.atomic():
                Idea.objects.select_for_update().get(pk=second.pk)
                has_taken.set()
                until_someone_waits()
                actions.support(second, by=None, device="d1")
        finally:
            connection.close()

    def answer_both() -> None:
        try:
            has_taken.wait(10)
            answer([first, second], alice)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(support_slowly), pool.submit(answer_both)]:
            done.result(timeout=30)
    second.refresh_from_db()
    assert (second.outcome, second.support_count, Support.objects.count()) == (outcome, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_supports_given_at_the_same_moment_are_all_counted() -> None:
    idea = make.idea()

    def support(number: int) -> None:
        try:
            actions.support(idea, by=None, device=f"device-{number % 20}")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(support, range(40)))
    idea.refresh_from_db()
    assert idea.support_count == Support.objects.count() == 20
