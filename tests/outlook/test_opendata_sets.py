"""What each set gives of a world that has something in every one."""

import csv
import io
import json
from hashlib import sha256

import pytest
from django.test import Client
from django.urls import reverse

from infitah.journey.projects.models import Change
from infitah.lib.text import print_of
from infitah.outlook.opendata.catalog import DATA_SETS
from tests import make, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def whole_world(once: None) -> None:
    make_world.a_whole_world()


def taken(client: Client, name: str, form: str = "json", **asked: str) -> str:
    answer = client.get(reverse("opendata:download", args=[name, form]), asked)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", [each.name for each in DATA_SETS])
def test_every_set_is_given_as_csv_and_json_with_the_same_lines(name: str, client: Client) -> None:
    lines = json.loads(taken(client, name))
    rows = list(csv.DictReader(io.StringIO(taken(client, name, "csv").removeprefix("\ufeff"))))
    assert len(rows) == len(lines)
    assert lines or name == "ledger"
    assert all(list(row) == list(line) for row, line in zip(rows, lines, strict=True))


@pytest.mark.parametrize("name", [each.name for each in DATA_SETS])
def test_nobody_is_named_in_any_set(name: str, client: Client) -> None:
    assert "Zoubida" not in taken(client, name)


def test_the_rating_of_a_single_resident_is_not_given(client: Client) -> None:
    assert [line["side"] for line in json.loads(taken(client, "ratings"))] == ["civil"]


@pytest.mark.parametrize("name", [each.name for each in DATA_SETS])
def test_every_set_can_be_narrowed_to_a_place(name: str, client: Client) -> None:
    elsewhere = make.place(code="99.9").code
    assert json.loads(taken(client, name, place=elsewhere)) == []
    assert client.get(f"/api/{name}/", {"place": elsewhere}).json()["lines"] == []
    every = json.loads(taken(client, name))
    for code in {line["place"] for line in every if "place" in line}:
        here = [line for line in every if line["place"] == code]
        assert json.loads(taken(client, name, place=code)) == here


def test_what_an_amendment_changed_is_given_in_the_form_that_its_print_is_taken_of(client: Client) -> None:
    (line,) = json.loads(taken(client, "changes"))
    assert sha256(line["changes"].encode()).hexdigest() == print_of(Change.objects.get().changes)
    assert json.loads(line["changes"]) == {"title": [{"fr": "Parc"}, {"fr": "Jardin"}]}


def test_what_became_of_an_idea_can_be_followed_through_the_sets(client: Client) -> None:
    (idea,), (source,) = json.loads(taken(client, "ideas")), json.loads(taken(client, "sources"))
    assert (source["idea"], source["place"]) == (idea["number"], idea["place"])
    assert source["project"] in [line["number"] for line in json.loads(taken(client, "projects"))]
    (opinion,) = json.loads(taken(client, "opinions"))
    assert opinion["stance"] and opinion["is_taken_up"] is True and opinion["reply"] == "Retenue."
