import csv
import io
import json
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from infitah.journey.consultation.models import Opinion, Reply
from infitah.journey.evaluation.models import Answer, Evaluation, Grid
from infitah.journey.programmes.models import Programme
from infitah.outlook.opendata.catalog import DATA_SETS
from infitah.outlook.plan.models import Review
from tests import make, make_calls

pytestmark = pytest.mark.django_db
REVIEW = {
    "kind": "results",
    "reviewed_on": date(2026, 6, 1),
    "source": "https://example.org/review",
    "completion": "substantial",
    "words": {"fr": "Bien avancé"},
}


def taken(client: Client, name: str, form: str = "json", **asked: str) -> str:
    answer = client.get(reverse("opendata:download", args=[name, form]), asked)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]


def evaluated(programme: Programme, status: str) -> Answer:
    """A question answered by civil society."""
    grid = Grid.objects.first() or Grid.objects.create(version=1)
    criterion = grid.criteria.first() or grid.criteria.create(number=1, block={"fr": "A"}, question={"fr": "B"})
    filed = Evaluation.objects.create(programme=programme, grid=grid, side="civil", status=status)
    return Answer.objects.create(evaluation=filed, criterion=criterion, rating="limited", explanation="Peu.")


def a_whole_world() -> None:
    """Something in every data set, by people whose names must not be found in any."""
    programme = make.programme(status="adopted")
    author = make.person("Zoubida", full_name="Zoubida Secret")
    idea = make.idea(
        programme, author=author, pseudonym="Zoubida", status="decided", outcome="kept", decided_at=timezone.now()
    )
    make_calls.call()
    make.mission(programme.place, "running", coach=make.coach("Zoubida", is_named=True))
    make.registration(make.meeting(programme.place), person=author, name="Zoubida")
    make.declaration(programme.place, by=author)
    signed = {"charter": make.charter(), "signed_on": "2025-02-01", "recorded_by": author}
    programme.place.membership.adhesions.create(signatory="Zoubida Secret", **signed)
    idea.decisions.create(outcome="kept", reason="Retenue.", by=author)
    project = make.project(programme)
    project.policy_areas.add(make.area())
    make.source(project, idea)
    make.opinion(make.draft(programme), pseudonym="Zoubida", author=author)
    Reply.objects.create(opinion=Opinion.objects.get(), is_taken_up=True, text="Retenue.", by=author)
    evaluated(programme, "published")
    activity = make.activity(project)
    activity.ratings.create(side="civil", completion="limited", by=author)
    activity.ratings.create(side="citizen", completion="complete", by=author)
    practice = make.practice(status="published", author=author)
    practice.adaptations.create(programme=programme, project=project)
    make.answer(make.question(make.focal_point(make.place(), "Zoubida")))
    Review.objects.create(project=project, reviewer="Zoubida Secret", by=author, **REVIEW)
    make.deliberation(
        programme, outcome="adopted", votes_for=9, votes_against=0, abstentions=0, number="1", document_sha256="0"
    )


@pytest.mark.parametrize("name", [each.name for each in DATA_SETS])
def test_every_set_is_given_as_csv_and_json_with_the_same_lines(name: str, client: Client) -> None:
    a_whole_world()
    lines = json.loads(taken(client, name))
    rows = list(csv.DictReader(io.StringIO(taken(client, name, "csv").removeprefix("\ufeff"))))
    assert len(rows) == len(lines)
    assert lines or name == "ledger"
    assert all(list(row) == list(line) for row, line in zip(rows, lines, strict=True))


@pytest.mark.parametrize("name", [each.name for each in DATA_SETS])
def test_nobody_is_named_in_any_set(name: str, client: Client) -> None:
    a_whole_world()
    assert "Zoubida" not in taken(client, name)


def test_ideas_that_are_not_published_are_in_no_set(client: Client) -> None:
    programme = make.programme()
    make.idea(programme, visibility="held")
    make.idea(programme, visibility="hidden")
    make.idea(programme, status="withdrawn")
    assert json.loads(taken(client, "ideas")) == []


def test_the_rating_of_a_single_resident_is_not_given(client: Client) -> None:
    a_whole_world()
    assert [line["side"] for line in json.loads(taken(client, "ratings"))] == ["civil"]


def test_a_rating_that_is_held_or_hidden_is_not_given(client: Client) -> None:
    activity = make.activity()
    for visibility in ("held", "hidden"):
        activity.ratings.create(side="civil", completion="limited", text="0612345678", visibility=visibility)
    assert json.loads(taken(client, "ratings")) == []


def test_a_review_of_the_national_plan_is_given_on_the_official_scales(client: Client) -> None:
    commitment = make.plan(reference="MO0065")
    Review.objects.create(project=commitment, reviewer="IRM", **REVIEW)
    (line,) = json.loads(taken(client, "reviews", place=commitment.place.code))
    assert (line["commitment"], line["reviewed_on"], line["words_fr"]) == (
        commitment.number,
        "2026-06-01",
        "Bien avancé",
    )
    assert (line["completion"], line["opening"], line["source"]) == ("substantial", "", REVIEW["source"])


def test_no_cell_of_a_csv_begins_a_formula(client: Client) -> None:
    make.idea(problem="=cmd|'/c calc'!A0")
    assert "'=cmd" in taken(client, "ideas", "csv")
    assert json.loads(taken(client, "ideas"))[0]["problem"].startswith("=cmd")


def test_a_set_is_narrowed_to_a_place(client: Client) -> None:
    idea = make.idea()
    make.idea()
    (line,) = json.loads(taken(client, "ideas", place=idea.place.code))
    assert line["place"] == idea.place.code


@pytest.mark.parametrize("name", [each.name for each in DATA_SETS])
def test_every_set_can_be_narrowed_to_a_place(name: str, client: Client) -> None:
    a_whole_world()
    elsewhere = make.place(code="99.9").code
    assert json.loads(taken(client, name, place=elsewhere)) == []
    assert client.get(f"/api/{name}/", {"place": elsewhere}).json()["lines"] == []
    every = json.loads(taken(client, name))
    for code in {line["place"] for line in every if "place" in line}:
        here = [line for line in every if line["place"] == code]
        assert json.loads(taken(client, name, place=code)) == here


def test_a_project_is_one_line_however_many_policy_areas_it_has(client: Client) -> None:
    project = make.project(ogp_values=["access_to_information", "technology"])
    project.policy_areas.add(make.area(key="open-data"), make.area(key="budgets"))
    make.project()
    first, second = json.loads(taken(client, "projects"))
    assert (first["policy_areas"], first["ogp_values"]) == ("budgets open-data", "access_to_information technology")
    assert second["policy_areas"] == ""
    here = json.loads(taken(client, "policy_areas", place=project.place.code))
    assert [line["key"] for line in here] == ["open-data", "budgets"]


def test_what_became_of_an_idea_can_be_followed_through_the_sets(client: Client) -> None:
    a_whole_world()
    (idea,), (source,) = json.loads(taken(client, "ideas")), json.loads(taken(client, "sources"))
    assert (source["idea"], source["place"]) == (idea["number"], idea["place"])
    assert source["project"] in [line["number"] for line in json.loads(taken(client, "projects"))]
    (opinion,) = json.loads(taken(client, "opinions"))
    assert opinion["stance"] and opinion["is_taken_up"] is True and opinion["reply"] == "Retenue."


def test_what_one_side_answers_is_in_no_set_before_both_are_in(client: Client) -> None:
    answer = evaluated(make.programme(status="closed"), "filed")
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
