from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from infitah.ground.accounts.models import Person, Role
from infitah.journey.programmes.models import Programme
from infitah.lib.i18n import Localized
from infitah.outlook.board import jobs, queries
from infitah.outlook.notifications import actions as notifications
from infitah.outlook.notifications.models import Announcement, Notice
from tests import make

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person], Client]


@pytest.fixture
def national() -> Person:
    return make.holder(Role.NATIONAL, make.country())


def letter(**given: Any) -> dict[str, Any]:
    words = {"subject_ar": "لقاء", "subject_fr": "Rencontre", "text_ar": "موعدنا غدا", "text_fr": "À demain"}
    return {**words, "roles": ["focal_point", "deputy"], "key": str(uuid4()), **given}


@pytest.fixture
def people() -> list[Person]:
    """A focal point and a deputy of one member, who is also the deputy of another; a focal point of a third."""
    first, second, third = (make.member(make.place(slug)).place for slug in ("first", "second", "third"))
    both = make.holder(Role.DEPUTY, first, "Both")
    make.grant(both, Role.DEPUTY, second)
    return [make.focal_point(first, "Alice"), both, make.focal_point(third, "Charlie")]


def test_the_count_is_shown_before_anything_is_sent(sign_in: SignIn, national: Person, people: list[Person]) -> None:
    page = sign_in(national).post("/fr/board/announce/", letter())
    assert page.status_code == 200
    told = page.content.decode()
    assert "<bdi>3</bdi>" in told and "Envoyer à 3 personnes" in told and "Rencontre" in told and "موعدنا غدا" in told
    assert not Announcement.objects.exists() and not Notice.objects.exists()


def test_it_goes_once_to_each_whatever_their_roles_and_clicks(
    sign_in: SignIn, national: Person, people: list[Person]
) -> None:
    browser, sent = sign_in(national), letter(people="3")
    for _ in range(2):
        assert browser.post("/fr/board/announce/", sent).status_code == 303
    assert sorted(Notice.objects.values_list("person", flat=True)) == sorted(person.pk for person in people)
    assert Announcement.objects.get().segment == {"roles": ["focal_point", "deputy"]}
    jobs.deliver(people=[person.pk for person in people])
    jobs.deliver(people=[person.pk for person in people])
    assert sorted(message.to[0] for message in mail.outbox) == sorted(str(person.email) for person in people)
    page = browser.get("/fr/board/announcements/").content.decode()
    assert "3 par e-mail" in page and "Rencontre" in page and "Point focal · Point focal adjoint" in page


def test_a_subject_of_two_lines_holds_up_nobodys_mail(national: Person, people: list[Person]) -> None:
    everyone = Person.objects.filter(pk__in=[person.pk for person in people])
    said = {"subject": Localized(ar="لقاء\nجديد"), "text": Localized(ar="نص")}
    notifications.announce(**said, people=everyone, segment={}, by=national)
    assert notifications.mail(is_direct=True) == len(people)
    assert {message.subject for message in mail.outbox} == {"لقاء جديد"}


def test_a_number_that_changed_in_the_meantime_is_shown_again(
    sign_in: SignIn, national: Person, people: list[Person]
) -> None:
    browser, given = sign_in(national), letter(people="3")
    make.focal_point(make.member(make.place("fourth")).place)
    answer = browser.post("/fr/board/announce/", given)
    assert answer.status_code == 422 and "Envoyer à 4 personnes" in answer.content.decode()
    assert not Announcement.objects.exists()
    assert browser.post("/fr/board/announce/", {**given, "people": "4"}).status_code == 303


def test_the_segment_is_that_of_the_board(sign_in: SignIn, national: Person, people: list[Person]) -> None:
    make.programme(make.place("drafting"), status="drafting")
    drafting = make.focal_point(make.place("drafting"), "Drafting")
    seat = make.seat(Programme.objects.get(), who=make.person("Seated"))
    chosen = {"step": "drafting"}
    assert list(queries.segment(national, chosen, ["focal_point"])) == [drafting]
    assert list(queries.segment(national, chosen, ["committee"])) == [seat.person]
    assert queries.segment(national, {}, ["focal_point", "deputy", "committee"]).count() == 5
    page = sign_in(national).get("/fr/board/announce/?step=drafting").content.decode()
    assert '<option value="drafting" selected>' in page


def test_what_was_typed_is_kept_when_it_is_refused_or_changed(
    sign_in: SignIn, national: Person, people: list[Person]
) -> None:
    browser = sign_in(national)
    refused = browser.post("/fr/board/announce/", letter(subject_ar="", subject_fr="", text_fr="Mon texte"))
    assert refused.status_code == 422 and "Mon texte" in refused.content.decode()
    again = browser.post("/fr/board/announce/", letter(again="1", people="3", text_fr="Mon texte"))
    assert again.status_code == 200 and "Mon texte" in again.content.decode()
    nobody = browser.post("/fr/board/announce/", letter(roles=["clerk"], people="0"))
    assert nobody.status_code == 422 and "Envoyer à" not in nobody.content.decode()
    assert not Announcement.objects.exists()


def test_the_mailing_is_left_to_the_workers_some_people_to_a_job() -> None:
    assert jobs.queue(list(range(1201))) == 3
    queued = ProcrastinateJob.objects.filter(task_name="board.deliver")
    assert [len(job.args["people"]) for job in queued.order_by("id")] == [500, 500, 201]


def test_the_workbench_of_the_national_team_leads_to_the_board(sign_in: SignIn, national: Person) -> None:
    page = sign_in(national).get("/fr/workbench/").content.decode()
    assert all(f"/fr/board/{part}" in page for part in ("", "cohorts/", "silent/", "announcements/"))
