"""The story of a policy area: named by the national team, chosen by a focal point, counted, worded anew, retired."""

from datetime import date

import pytest
from django.core.management import call_command
from django.test import Client

from infitah.ground.accounts.models import Person, Role
from infitah.ground.areas.models import PolicyArea
from infitah.journey.projects.models import Project
from tests import make
from tests.stories.readers import Alone

pytestmark = pytest.mark.django_db
BOARD = "/ar/c/tetouan/board/"


def read_as(person: Person | None) -> Alone:
    client = Client(headers={"accept-language": "ar"})
    if person:
        client.force_login(person)
    return Alone(client)


def test_a_policy_area_is_named_chosen_counted_worded_anew_and_retired() -> None:
    place = make.place("tetouan")
    programme = make.programme(place)
    focal, national = make.focal_point(place), make.holder(Role.NATIONAL, make.country(), "Nadia")
    call_command("import_areas", verbosity=0)
    assert "الميزانيات المفتوحة" not in read_as(None).open("/ar/policy-areas/").text

    team = read_as(national).open("/ar/workbench/").follow("مجالات السياسات").follow("إضافة مجال")
    team.send(name_ar="الميزانيات المفتوحة", name_fr="Budgets ouverts", name_en="Open budgets")
    assert "الميزانيات المفتوحة" in read_as(None).open("/ar/policy-areas/").text

    sheet = read_as(focal).open(f"{BOARD}new/")
    area = PolicyArea.objects.get(key="open-budgets")
    sheet.send(title_ar="ميزانية المواطن", ogp_values="access_to_information", policy_areas=area.pk)
    project = Project.objects.get()
    assert "الميزانيات المفتوحة" in read_as(None).open("/ar/c/tetouan/projects/1/").text

    make.proof(make.activity(project, status="completed", ended_on=date(2026, 3, 1)))
    programme.status = "adopted"
    programme.save()
    figure = read_as(None).open("/ar/figures/II2/").follow("الميزانيات المفتوحة")
    assert "ميزانية المواطن" in figure.text

    team.open("/ar/policy-areas/open-budgets/").send(name_ar="شفافية الميزانية")
    assert "شفافية الميزانية" in read_as(None).open("/ar/c/tetouan/projects/1/").text
    team.open("/ar/policy-areas/").send(to="/open-budgets/retire/")
    assert "شفافية الميزانية" in read_as(None).open("/ar/c/tetouan/projects/1/").text
    there = make.place("figuig")
    make.programme(there)
    elsewhere = read_as(make.focal_point(there, "Figuig")).open("/ar/c/figuig/board/new/")
    assert "شفافية الميزانية" not in elsewhere.text
