"""Policy areas: reference data that the national team keeps, and nobody else."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from infitah.ground.accounts.models import Person, Role
from infitah.ground.areas import actions, queries
from infitah.ground.areas.models import PolicyArea
from infitah.lib.errors import NotAllowed, NotPossible
from infitah.lib.i18n import Localized
from tests import make

pytestmark = pytest.mark.django_db
NAME = Localized(ar="الميزانيات المفتوحة", fr="Budgets ouverts", en="Open budgets")


@pytest.fixture
def nadia() -> Person:
    return make.holder(Role.NATIONAL, make.country(), "Nadia")


def test_the_areas_of_the_partnership_are_laid_down_once_and_not_over_what_the_team_made_of_them(
    nadia: Person, ledger: Any
) -> None:
    call_command("import_areas", verbosity=0)
    areas = list(PolicyArea.objects.all())
    assert len(areas) == 36 and all(set(area.name) == {"ar", "fr", "en"} and area.source for area in areas)
    actions.reword(areas[0], by=nadia, name=NAME)
    actions.retire(areas[1], by=nadia)
    told = len(ledger())
    call_command("import_areas", verbosity=0)
    assert PolicyArea.objects.get(pk=areas[0].pk).name == NAME and len(ledger()) == told
    assert not PolicyArea.objects.offered().filter(pk=areas[1].pk).exists()


def test_an_area_is_added_named_anew_retired_and_taken_up_again_and_each_is_written_down(
    nadia: Person, ledger: Any
) -> None:
    area = actions.add(NAME, by=nadia, source="https://example.org/")
    assert actions.add(NAME, by=nadia, source="https://example.org/") == area  # a second click
    assert area.key == "open-budgets"
    other = Localized(ar="شفافية الميزانية")
    actions.reword(area, by=nadia, name=other)
    actions.reword(area, by=nadia, name=other)
    for _turn in range(2):
        actions.retire(area, by=nadia)
    for _turn in range(2):
        actions.restore(area, by=nadia)
    area.refresh_from_db()
    assert (area.key, area.name, area.retired_on) == ("open-budgets", other, None)
    assert ledger() == ["area.added", "area.reworded", "area.retired", "area.restored"]
    assert ledger("area.reworded")[0].particulars["name"] == [NAME, other]


def test_two_areas_have_neither_one_name_in_any_spelling_nor_one_key(nadia: Person) -> None:
    first = actions.add(NAME, by=nadia)
    for name in (Localized(ar="الميزانياتُ المفتوحه"), Localized(fr="BUDGETS OUVERTS"), NAME):
        with pytest.raises(NotPossible):
            actions.add(name, by=nadia, source="https://example.org/")
    second = actions.add(Localized(fr="Open budgets", ar="مجال آخر"), by=nadia)
    assert second.key == "open-budgets-2" and actions.add(Localized(ar="كلمات"), by=nadia).key == "area"
    with pytest.raises(NotPossible):
        actions.reword(second, by=nadia, name=Localized(en="open BUDGETS"))
    assert actions.reword(first, by=nadia, name=Localized(en="Open Budgets")).name == {"en": "Open Budgets"}
    assert actions.add(Localized(en="New"), by=nadia).key == "new-2"  # the page of new ones is called so


def test_nobody_but_the_national_team_keeps_the_list() -> None:
    area = make.area()
    for who in (None, make.person(), make.focal_point(make.place())):
        with pytest.raises(NotAllowed):
            actions.add(NAME, by=who)
        with pytest.raises(NotAllowed):
            actions.reword(area, by=who, name=NAME)
        with pytest.raises(NotAllowed):
            actions.retire(area, by=who)
        with pytest.raises(NotAllowed):
            actions.restore(area, by=who)


def test_the_reader_finds_the_areas_in_the_order_of_their_own_alphabet(client: Client) -> None:
    make.area(key="a").name = {}
    PolicyArea.objects.filter(key="a").update(name={"ar": "ي", "fr": "Z"})
    PolicyArea.objects.create(key="b", name={"ar": "ب", "fr": "É"})
    PolicyArea.objects.create(key="c", name={"ar": "ت", "fr": "F"})
    assert [area.key for area in queries.in_order(PolicyArea.objects.all())] == ["b", "c", "a"]
    listed = client.get("/fr/policy-areas/").context["offered"]
    assert [area.key for area in listed] == ["b", "c", "a"]


def test_a_name_that_is_missing_or_taken_or_overtaken_is_refused_beside_what_was_typed(
    nadia: Person, sign_in: Callable[[Person], Client]
) -> None:
    browser, area = sign_in(nadia), actions.add(NAME, by=nadia)
    assert browser.post(reverse("areas:add"), {"source": "https://example.org/"}).status_code == 422
    taken = browser.post(reverse("areas:add"), {"name_en": "Open budgets", "source": "https://example.org/"})
    assert taken.status_code == 422 and taken.context["form"].errors["name"]
    at = reverse("areas:reword", args=[area.key])
    seen = browser.get(at).context["form"]["seen"].value()
    actions.reword(area, by=nadia, name=Localized(ar="شفافية الميزانية"))
    sent = {"name_ar": "ميزانيات", "seen": seen}
    overtaken = browser.post(at, sent)
    assert overtaken.status_code == 409 and overtaken.context["form"]["name"].value()[0] == "ميزانيات"
    again = overtaken.context["form"].data["seen"]
    assert browser.post(at, {**sent, "seen": again}).status_code == 303
    area.refresh_from_db()
    assert area.name == {"ar": "ميزانيات"}


def test_the_list_asks_as_many_questions_for_one_area_as_for_thirty(
    client: Client, django_assert_num_queries: Any
) -> None:
    make.area()
    client.get("/ar/policy-areas/")
    with django_assert_num_queries(1):
        client.get("/ar/policy-areas/")
    for _turn in range(30):
        make.area()
    with django_assert_num_queries(1):
        client.get("/ar/policy-areas/")
