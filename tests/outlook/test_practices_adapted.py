from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from infitah.ground.accounts.models import Person
from infitah.ground.areas.models import PolicyArea
from infitah.ground.territories.models import Territory
from infitah.journey.consultation import actions as consultation
from infitah.journey.programmes.models import Cycle, Programme
from infitah.journey.projects import actions as projects
from infitah.journey.projects.models import Project, Theme
from infitah.lib.errors import NotAllowed, NotPossible
from infitah.lib.i18n import Localized
from infitah.outlook.practices import actions, queries
from infitah.outlook.practices.models import Adaptation, Practice
from tests import make

pytestmark = pytest.mark.django_db
YES = {"is_clear": "yes", "is_useful": "yes", "is_proved": "partly", "said": "واضحة.", "language": "ar"}


def theme(key: str) -> Theme:
    return Theme.objects.get_or_create(key=key, defaults={"name": {"fr": key}})[0]


@pytest.fixture
def place() -> Territory:
    return make.place("tetouan")


@pytest.fixture
def author(place: Territory) -> Person:
    return make.focal_point(place)


@pytest.fixture
def peer() -> Person:
    return make.focal_point(make.place("figuig", name=Localized(ar="فكيك", fr="Figuig")), "Bob")


def published(place: Territory, **fields: Any) -> Practice:
    return make.practice(place, status="published", **fields)


def test_adapting_seeds_a_draft_project_that_says_where_it_comes_from_and_both_ends_count(
    client: Client, place: Territory, author: Person, peer: Person
) -> None:
    finished = make.project(make.programme(place, status="evaluated"))
    practice = published(place, author=author, project=finished)
    practice.themes.add(theme("budget"))
    programme = make.programme(Territory.objects.get(slug="figuig"))
    made = actions.adapt(practice, by=peer, programme=programme, axis=programme.axes.first())
    practice.refresh_from_db()
    project = made.project
    assert "تطوان" in project.results["ar"] and practice.change in project.results["ar"]  # said of there, not of here
    assert (project.title, project.solution) == (Localized(ar=practice.title), Localized(ar=practice.done))
    assert (project.adapted_from, [one.key for one in project.themes.all()]) == (finished, ["budget"])
    assert practice.adaptation_count == 1
    there = client.get(reverse("custody:project", args=["figuig", project.number])).content.decode()
    here = client.get(reverse("practices:practice", args=[practice.pk])).content.decode()
    born = client.get(reverse("custody:project", args=[place.slug, finished.number])).content.decode()
    assert reverse("practices:practice", args=[practice.pk]) in there
    assert reverse("custody:project", args=["figuig", project.number]) in here
    assert reverse("practices:practice", args=[practice.pk]) in born and "كُيّفت مرة واحدة" in born


def test_practices_are_found_by_the_policy_area_of_their_project_which_an_adaptation_takes_over(
    client: Client, place: Territory, peer: Person
) -> None:
    finished, area, retired = make.project(make.programme(place)), make.area("Open Data"), make.area("Aid")
    finished.policy_areas.add(area, retired)
    PolicyArea.objects.filter(pk=retired.pk).update(retired_on=timezone.localdate())
    practice = published(place, project=finished)
    published(make.place("tata"))
    assert [one.pk for one in queries.published_page({"area": area.pk}).practices] == [practice.pk]
    assert set(queries.areas_in_use()) == {area, retired}
    assert f"/practices/?area={area.pk}" in client.get(f"/en/practices/{practice.pk}/").content.decode()
    made = actions.adapt(practice, by=peer, programme=make.programme(Territory.objects.get(slug="figuig")))
    assert list(made.project.policy_areas.all()) == [area]


def test_pressed_twice_it_is_the_same_project(place: Territory, peer: Person) -> None:
    practice, programme = published(place), make.programme(Territory.objects.get(slug="figuig"))
    first, second = (actions.adapt(practice, by=peer, programme=programme) for _ in range(2))
    practice.refresh_from_db()
    assert (first, practice.adaptation_count, Project.objects.count()) == (second, 1, 1)


def test_only_another_collectivity_that_drafts_adapts(place: Territory, author: Person, peer: Person) -> None:
    practice, own = published(place, author=author), make.programme(place)
    theirs = make.programme(Territory.objects.get(slug="figuig"))
    for by, programme in [(author, own), (author, theirs), (peer, own), (make.person(), theirs)]:
        with pytest.raises(NotAllowed):
            actions.adapt(practice, by=by, programme=programme)
    with pytest.raises(NotAllowed):
        actions.adapt(make.practice(place), by=peer, programme=theirs)


@pytest.mark.parametrize(
    ("begins", "said"),
    [
        (None, "dès que le réseau en aura planifié le cycle"),
        (timedelta(days=400), "à partir du"),
        (timedelta(days=-5), "Un nouveau cycle vous est ouvert"),
    ],
)
def test_a_frozen_programme_refuses_and_says_when(
    begins: timedelta | None, said: str, client: Client, place: Territory, peer: Person
) -> None:
    today = timezone.localdate()
    programme = make.programme(Territory.objects.get(slug="figuig"), status="adopted")
    Cycle.objects.update(starts_on=today - timedelta(days=300), ends_on=today + timedelta(days=300))
    if begins is not None:
        Cycle.objects.create(
            cohort=programme.cycle.cohort,
            name=Localized(fr="Suivant"),
            starts_on=today + begins,
            ends_on=today + timedelta(days=1400),
        )
    practice = published(place)
    with translation.override("fr"), pytest.raises(NotPossible, match=said):
        actions.adapt(practice, by=peer, programme=programme)
    client.force_login(peer)
    with translation.override("fr"):
        answer = client.get(reverse("practices:adapt", args=[practice.pk]))
    assert (answer.status_code, said in answer.content.decode()) == (409, True)


def test_what_was_adapted_is_found_again_even_when_the_programme_is_frozen_since(
    place: Territory, peer: Person
) -> None:
    practice, programme = published(place), make.programme(Territory.objects.get(slug="figuig"))
    made = actions.adapt(practice, by=peer, programme=programme)
    programme.status = Programme.Status.ADOPTED
    programme.save()
    assert actions.adapt(practice, by=peer, programme=programme) == made


@pytest.mark.parametrize(
    ("language", "title", "code"),
    [("ary", "كيفاش درنا", "ar"), ("en", "How we did", "en"), ("es", "Cómo lo hicimos", "fr"), ("und", "كلام", "ar")],
)
def test_an_adapted_project_of_any_language_survives_being_frozen(
    language: str, title: str, code: str, place: Territory, peer: Person
) -> None:
    programme = make.programme(Territory.objects.get(slug="figuig"), opened="consultation")
    practice = published(place, language=language, title=title)
    project = actions.adapt(practice, by=peer, programme=programme, axis=programme.axes.first()).project
    make.activity(project)
    assert project.title == Localized({code: title})
    draft = consultation.freeze(programme, by=peer)
    assert title in str(draft.contents)


def test_a_project_set_aside_stays_counted_and_is_shown_as_set_aside(
    client: Client, place: Territory, peer: Person
) -> None:
    practice, programme = published(place), make.programme(Territory.objects.get(slug="figuig"))
    project = actions.adapt(practice, by=peer, programme=programme).project
    projects.drop(project, by=peer, reason="لا وقت")
    assert "وُضع جانبا" in client.get(reverse("practices:practice", args=[practice.pk])).content.decode()


def test_a_recount_puts_the_count_right(place: Territory, peer: Person) -> None:
    practice = published(place)
    actions.adapt(practice, by=peer, programme=make.programme(Territory.objects.get(slug="figuig")))
    Practice.objects.update(adaptation_count=7)
    assert actions.recount(practice) == 1
    practice.refresh_from_db()
    assert practice.adaptation_count == Adaptation.objects.count() == 1
