import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from infitah.journey.evaluation.models import Evaluation, Review
from infitah.outlook.opendata.catalog import DATA_SETS
from tests import make, make_world

pytestmark = pytest.mark.django_db


def taken(client: Client, name: str, form: str = "json", **asked: str) -> str:
    answer = client.get(reverse("opendata:download", args=[name, form]), asked)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]


def test_ideas_that_are_not_published_are_in_no_set(client: Client) -> None:
    programme = make.programme()
    make.idea(programme, visibility="held")
    make.idea(programme, visibility="hidden")
    make.idea(programme, status="withdrawn")
    assert json.loads(taken(client, "ideas")) == []


def test_a_rating_that_is_held_or_hidden_is_not_given(client: Client) -> None:
    activity = make.activity()
    for visibility in ("held", "hidden"):
        activity.ratings.create(side="civil", completion="limited", text="0612345678", visibility=visibility)
    assert json.loads(taken(client, "ratings")) == []


def test_a_review_of_the_national_plan_is_given_on_the_official_scales(client: Client) -> None:
    commitment = make.plan(reference="MO0065")
    Review.objects.create(project=commitment, reviewer="IRM", **make_world.REVIEW)
    (line,) = json.loads(taken(client, "reviews", place=commitment.place.code))
    assert (line["commitment"], line["reviewed_on"], line["words_fr"]) == (
        commitment.number,
        "2026-06-01",
        "Bien avancé",
    )
    assert (line["completion"], line["opening"], line["source"]) == ("substantial", "", make_world.REVIEW["source"])


def test_reviews_of_local_projects_are_given_with_what_they_rest_on(client: Client) -> None:
    project = make.project()
    said = {"kind": "end", "reviewer": "ATIL", "reviewed_on": "2026-06-01", "participation": "not_applicable"}
    review = Review.objects.create(project=project, lessons={"fr": "Recommencer"}, **said)
    review.findings.create(scale="participation", explanation="Rien de tel n’était prévu.", language="fr")
    (line,) = json.loads(taken(client, "reviews", place=project.place.code))
    assert (line["participation"], line["lessons_fr"], line["source"]) == ("not_applicable", "Recommencer", "")
    (rests,) = json.loads(taken(client, "findings", place=project.place.code))
    assert (rests["review"], rests["scale"]) == (line["id"], "participation")


def test_no_cell_of_a_csv_begins_a_formula(client: Client) -> None:
    make.idea(problem="=cmd|'/c calc'!A0")
    assert "'=cmd" in taken(client, "ideas", "csv")
    assert json.loads(taken(client, "ideas"))[0]["problem"].startswith("=cmd")


def test_a_set_is_narrowed_to_a_place(client: Client) -> None:
    idea = make.idea()
    make.idea()
    (line,) = json.loads(taken(client, "ideas", place=idea.place.code))
    assert line["place"] == idea.place.code


def test_a_project_is_one_line_however_many_policy_areas_it_has(client: Client) -> None:
    project = make.project(ogp_values=["access_to_information", "technology"])
    project.policy_areas.add(make.area(key="open-data"), make.area(key="budgets"))
    make.project()
    first, second = json.loads(taken(client, "projects"))
    assert (first["policy_areas"], first["ogp_values"]) == ("budgets open-data", "access_to_information technology")
    assert second["policy_areas"] == ""
    here = json.loads(taken(client, "policy_areas", place=project.place.code))
    assert [line["key"] for line in here] == ["open-data", "budgets"]


def test_what_one_side_answers_is_in_no_set_before_both_are_in(client: Client) -> None:
    answer = make_world.evaluated(make.programme(status="closed"), "filed")
    assert json.loads(taken(client, "evaluations")) == []
    Evaluation.objects.filter(pk=answer.evaluation_id).update(status="published")
    (line,) = json.loads(taken(client, "evaluations"))
    assert (line["side"], line["rating"], line["explanation"]) == ("civil", "limited", "Peu.")


def test_a_set_or_a_form_that_does_not_exist_is_not_found(client: Client) -> None:
    assert client.get(reverse("opendata:download", args=["people", "csv"])).status_code == 404
    assert client.get(reverse("opendata:download", args=["ideas", "xml"])).status_code == 404


# -- for programs ------------------------------------------------------------------------------------


def test_the_api_gives_a_set_page_by_page(client: Client) -> None:
    programme = make.programme()
    for _number in range(5):
        make.idea(programme)
    seen: list[Any] = []
    after = 0
    while after is not None:
        page = client.get("/api/ideas/", {"number": 2, "after": after}).json()
        seen += page["lines"]
        after = page["after"]
    assert [line["number"] for line in seen] == [1, 2, 3, 4, 5]


def test_the_api_refuses_in_the_words_of_programs(client: Client) -> None:
    answer = client.get("/api/ideas/?place=%00")
    assert (answer.status_code, list(answer.json())) == (400, ["detail"])


def test_the_api_describes_itself_without_anything_from_elsewhere(client: Client) -> None:
    described = client.get("/api/openapi.json").json()
    assert set(described["paths"]) == {"/api/", "/api/{name}/"}
    assert {each["name"] for each in client.get("/api/").json()} == {each.name for each in DATA_SETS}


def test_the_api_refuses_in_words(client: Client) -> None:
    assert client.get("/api/people/").status_code == 404
    assert client.get("/api/ideas/", {"number": 0}).status_code == 422
    assert client.get("/api/ideas/", {"after": "x"}).status_code == 422
