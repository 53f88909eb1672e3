from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from infitah.ground.accounts.models import Person, Role
from infitah.ground.territories.models import Territory
from infitah.journey.adoption.models import Sitting
from infitah.journey.programmes.models import Cycle, Programme
from infitah.lib.i18n import Localized
from infitah.network.meetings.models import Decision, Minutes
from infitah.outlook.handover import queries
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Territory:
    return make.place("tetouan")


def read(person: Person, sign_in: Callable[[Person], Client]) -> str:
    return sign_in(person).get("/fr/c/tetouan/hand-over/").content.decode()


def test_the_page_gives_tasks_people_dates_promises_evidence_and_documents(
    place: Territory, sign_in: Callable[[Person], Client]
) -> None:
    programme = make.programme(place)
    kept = make.project(programme)
    make.source(kept, make.idea(programme))
    draft = make.draft(programme)
    make.reply(make.opinion(draft), text="Nous ajoutons une rencontre par quartier")
    make.opinion(draft)
    make.seat(programme, who=make.person("Chadia"))
    make.holder(Role.CLERK, place, "Driss")
    Sitting.objects.create(place=place, kind="extraordinary", sits_on=timezone.localdate() + timedelta(days=9))
    make.meeting(place, kind="committee", starts_at=timezone.now() + timedelta(days=2))
    make.declaration(place)
    held = make.meeting(place, kind="committee", starts_at=timezone.now() - timedelta(days=9))
    for version, words in enumerate(("Ouvrir le samedi", "Ouvrir le dimanche"), 1):
        minutes = Minutes.objects.create(meeting=held, version=version)
        Decision.objects.create(minutes=minutes, number=1, text=Localized(fr=words), who="Bibliothèque")
    alice = make.focal_point(place)
    page = read(alice, sign_in)
    for expected in (
        "1 avis attend",
        "Chadia",
        "Driss",
        "Session extraordinaire",
        "Atelier de M&#x27;hannech",
        f"/fr/c/tetouan/projects/{kept.number}/",
        "Nous ajoutons une rencontre par quartier",
        "Budget citoyen",
        "Point focal",
        "Ouvrir le dimanche",
    ):
        assert expected in page, expected
    assert "Ouvrir le samedi" not in page


def test_a_promise_is_kept_once_the_project_is_finished(place: Territory) -> None:
    programme = make.programme(place, status="adopted")
    project = make.project(programme)
    make.source(project, make.idea(programme))
    assert queries.kept_and_not_done(programme) == [project]
    project.activities.update(status="completed")
    assert queries.kept_and_not_done(programme) == []


def test_two_programmes_that_run_at_once_are_both_handed_over(place: Territory) -> None:
    first, alice = make.programme(place, status="adopted"), make.focal_point(place)
    later = {"name": Localized(fr="2027-2029"), "starts_on": date(2027, 1, 1), "ends_on": date(2029, 12, 31)}
    second = Programme.objects.create(cycle=Cycle.objects.create(**later), place=place, title=Localized(fr="Deux"))
    assert {each.programme for each in queries.handed_over(alice, place).running} == {first, second}
    place.programmes.filter(pk=first.pk).update(status="evaluated")
    assert [each.programme for each in queries.handed_over(alice, place).running] == [second]


def test_those_who_may_read_it_and_those_who_may_not(place: Territory, sign_in: Callable[[Person], Client]) -> None:
    alice = make.focal_point(place)
    readers = [make.holder(role, place) for role in (Role.DEPUTY, Role.PRESIDENT)]
    readers.append(make.holder(Role.NATIONAL, make.country()))
    strangers = [make.person(), make.holder(Role.COMMITTEE, place), make.focal_point(make.place("figuig"))]
    strangers.append(make.holder(Role.CLERK, place))
    for person in [alice, *readers]:
        assert sign_in(person).get("/fr/c/tetouan/hand-over/").status_code == 200
    for person in strangers:
        assert sign_in(person).get("/fr/c/tetouan/hand-over/").status_code == 403


def test_the_successor_says_i_have_read_it_once(place: Territory, sign_in: Callable[[Person], Client]) -> None:
    alice, bob = make.focal_point(place), make.person("Bob")
    named = make.hand_over(place, alice, bob, note="Les clés sont chez Karim")
    page = read(bob, sign_in)
    assert "Les clés sont chez Karim" in page and "J’ai tout lu" in page
    assert "Lire ce qui vous est transmis" not in page  # this is that very page
    address = f"/fr/c/tetouan/hand-over/{named.pk}/read/"
    assert sign_in(alice).post(address).status_code == 403
    assert [sign_in(bob).post(address).status_code for _twice in range(2)] == [303, 303]
    assert "J’ai tout lu" not in read(bob, sign_in)
    assert "lu le" in read(alice, sign_in)


def test_the_page_asks_as_much_for_thirty_records_as_for_one(
    place: Territory, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    programme, alice = make.programme(place), make.focal_point(place)
    draft = make.draft(programme)

    def more() -> None:
        project = make.project(programme)
        make.source(project, make.idea(programme))
        make.reply(make.opinion(draft, project=project))
        make.opinion(draft, project=project)
        make.seat(programme)
        make.declaration(place)

    more()
    with django_assert_max_num_queries(45) as asked:
        queries.handed_over(alice, place)
    for _ in range(29):
        more()
    with django_assert_num_queries(len(asked)):
        queries.handed_over(alice, place)
