"""What is given in the name of an organisation: named beside it, listed on its page, and one voice all the same."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from infitah.ground.accounts.models import Person
from infitah.ground.discussion import actions as discussion
from infitah.ground.organisations import actions as organisations
from infitah.ground.organisations.models import Organisation
from infitah.ground.territories.models import Territory
from infitah.journey.consultation import actions as consultation
from infitah.journey.consultation.models import Opinion
from infitah.journey.ideas import actions as ideas
from infitah.journey.ideas.models import Idea
from infitah.journey.monitoring import actions as monitoring
from infitah.journey.programmes import actions as programmes
from infitah.journey.programmes.models import Programme
from infitah.lib.errors import NotAllowed, NotPossible
from infitah.lib.i18n import Localized
from infitah.outlook.voices import queries
from infitah.outlook.website import actions as website
from infitah.outlook.website.queries import search
from tests import make
from tests.make_organisations import organisation, speaker

pytestmark = pytest.mark.django_db
NAME = Localized(ar="جمعية الحي المنفتح", fr="Association Quartier ouvert")


@pytest.fixture
def place() -> Territory:
    return make.place("tetouan")


@pytest.fixture
def amal() -> Person:
    return make.person("Amal")


@pytest.fixture
def association(place: Territory, amal: Person) -> Organisation:
    return organisation(place, by=amal, name=NAME)


def page_of(one: Organisation, **asked: str) -> Any:
    return Client(headers={"accept-language": "ar"}).get(reverse("voices:organisation", args=[one.pk]), asked)


def given(programme: Programme, by: Person, one: Organisation | None, **words: str) -> Any:
    said = {"problem": "لا أحد يفهم الميزانية.", "solution": "لقاء في كل حي لشرح الميزانية.", **words}
    return ideas.submit(programme, by=by, key=uuid4(), axis=programme.axes.first(), organisation=one, **said)


def test_an_idea_bears_the_name_of_the_organisation_and_its_author_alone_may_take_it_back(
    place: Territory, amal: Person, association: Organisation, client: Client
) -> None:
    idea = given(make.programme(place, opened="ideas"), amal, association)
    shown = client.get(reverse("custody:idea", args=[place.slug, idea.number])).content.decode()
    assert NAME["ar"] in shown and "موثقة" in shown and "Amal" not in shown
    other = make.person("Bilal")
    speaker(association, other)
    with pytest.raises(NotAllowed):
        ideas.withdraw(idea, by=other)


def test_nothing_is_given_in_a_name_one_does_not_speak_for(
    place: Territory, amal: Person, association: Organisation, sign_in: Callable[[Person], Client]
) -> None:
    programme, stranger = make.programme(place, opened="ideas"), make.person("Bilal")
    with pytest.raises(NotAllowed):
        given(programme, stranger, association)
    at, sent = reverse("ideas:new", args=[place.slug]), {"organisation": association.pk}
    assert "organisation" not in sign_in(stranger).get(at).context["form"].fields
    refused = sign_in(amal).post(at, {**sent, "organisation": association.pk + 1})
    assert refused.status_code == 422 and "organisation" in refused.context["form"].errors
    activity = make.activity(make.project(make.programme(make.place(), status="adopted"), activities=0))
    with pytest.raises(NotAllowed):
        monitoring.rate(activity, by=stranger, completion="limited", organisation=association)


def test_two_who_speak_for_it_are_two_voices_and_one_person_is_one(
    place: Territory, amal: Person, association: Organisation
) -> None:
    draft = make.draft(make.programme(place))
    project, other = draft.programme.projects.get(), make.person("Bilal")
    speaker(association, other)
    for who, one in ((amal, association), (amal, None), (other, association)):
        consultation.give(draft, project, by=who, organisation=one, stance="agree", key=uuid4())
    standing = Opinion.objects.public()
    assert {(each.author, each.organisation) for each in standing} == {(amal, None), (other, association)}
    assert all(each.people == 1 for each in standing)


def test_a_rating_in_its_name_is_of_the_side_on_which_the_person_sits(
    place: Territory, amal: Person, association: Organisation
) -> None:
    programme = make.programme(place, status="adopted")
    activity = make.activity(make.project(programme, activities=0))
    rated = monitoring.rate(activity, by=amal, completion="limited", organisation=association)
    assert rated.side == "citizen"
    make.seat(programme, who=amal)
    assert monitoring.rate(activity, by=amal, completion="limited", organisation=association).side == "civil"


def test_its_page_tells_all_that_is_published_of_what_it_gave_by_kind(
    place: Territory, amal: Person, association: Organisation
) -> None:
    programme = make.programme(place, opened="ideas")
    idea = given(programme, amal, association)
    given(programme, amal, association, problem="اتصلوا بي 0612345678")  # waits for a look
    given(programme, amal, None)  # in her own name
    discussion.say(idea, by=amal, organisation=association, text="ونحن مستعدون.", language="ar")
    draft = make.draft(programme)
    project = programme.projects.get()
    consultation.give(draft, project, by=amal, organisation=association, stance="agree", key=uuid4())
    Programme.objects.update(status="adopted")
    activity = project.activities.get()
    monitoring.rate(activity, by=amal, completion="limited", text="بدأ فقط.", organisation=association)
    context = page_of(association).context
    assert [(tab["count"], tab["is_current"]) for tab in context["tabs"]] == [(1, True), *[(1, False)] * 3]
    assert [line.words for line in context["lines"]] == [idea.solution]
    told = {kind: page_of(association, given=kind).context["lines"][0] for kind in queries.GIVEN}
    assert [line.words for line in told.values()] == [idea.solution, "", "بدأ فقط.", "ونحن مستعدون."]
    for line in told.values():
        assert Client().get(line.url.partition("#")[0]).status_code == 200
    assert page_of(association, given="nonsense").context["lines"] == context["lines"]
    Idea.objects.update(visibility="hidden")
    assert [tab["count"] for tab in page_of(association).context["tabs"]] == [0, 1, 1, 0]


def test_the_practices_that_came_of_its_ideas_stand_on_its_page(
    place: Territory, amal: Person, association: Organisation
) -> None:
    programme = make.programme(place)
    kept = make.idea(programme, organisation=association, status="decided", outcome="kept", decided_at=timezone.now())
    project = make.project(programme)
    make.source(project, kept)
    practice = make.practice(place, project=project, status="published")
    make.practice(place, project=make.project(programme), status="published")
    assert list(page_of(association).context["practices"]) == [practice]


def test_its_page_asks_as_many_questions_for_one_contribution_as_for_twenty(
    place: Territory, amal: Person, association: Organisation, django_assert_max_num_queries: Any
) -> None:
    programme = make.programme(place)
    for kind in queries.GIVEN:
        for how_many in (1, 10):
            for _turn in range(how_many):
                idea = make.idea(programme, organisation=association)
                discussion.say(idea, by=amal, organisation=association, text="نعم", language="ar")
            with django_assert_max_num_queries(20):
                assert page_of(association, given=kind).status_code == 200


# -- seats ---------------------------------------------------------------------------------------


def test_a_seat_is_held_for_a_verified_organisation_of_the_place_and_no_other(
    place: Territory, association: Organisation, ledger: Any
) -> None:
    programme, focal = make.programme(place), make.focal_point(place)
    seat = make.seat(programme)
    for other in (organisation(make.place()), organisation(place, status="registered")):
        with pytest.raises(NotPossible):
            programmes.represent(seat, by=focal, organisation=other)
    for _click in range(2):
        programmes.represent(seat, by=focal, organisation=association)
    assert len(ledger("seat.represents")) == 1
    assert NAME["ar"] in Client().get(reverse("programmes:composition", args=[place.slug])).content.decode()
    assert queries.seats_of(association) == [seat] and str(seat.name) in page_of(association).content.decode()
    with pytest.raises(NotAllowed):
        programmes.represent(seat, by=make.person(), organisation=None)


def test_the_organisation_of_a_seat_is_chosen_on_the_page_of_the_committee(
    place: Territory, association: Organisation, sign_in: Callable[[Person], Client]
) -> None:
    browser, seat = sign_in(make.focal_point(place)), make.seat(make.programme(place))
    at = reverse("programmes:represent", args=[place.slug, seat.pk])
    assert browser.post(at, {"organisation": organisation(make.place()).pk}).status_code == 422
    assert browser.post(at, {"organisation": association.pk}).status_code == 303
    seat.refresh_from_db()
    assert seat.organisation == association
    sent = {"side": "civil", "name": "سعيد", "function_ar": "عضو", "since": "2026-03-01"}
    assert browser.post(reverse("programmes:seat", args=[place.slug]), {**sent, "organisation": association.pk})
    assert [one.organisation for one in seat.committee.seats.all()] == [association, association]


# -- found, and given away -----------------------------------------------------------------------


def test_an_organisation_is_found_by_its_name_once_it_is_verified(place: Territory, amal: Person) -> None:
    words = {"name": NAME, "kind": "association", "text": "نشرح الميزانية.", "key": uuid4()}
    one = organisations.register(place, by=amal, **words)
    website.index()
    assert not search("المنفتح", "body")[0].results
    organisations.verify(one, by=make.focal_point(place))
    website.index()
    (found,) = search("quartier OUVERT", "body")[0].results
    assert (found.title, found.url) == (NAME, reverse("voices:organisation", args=[one.pk]))


def test_the_open_data_tell_in_whose_name_and_which_organisations_there_are(
    place: Territory, association: Organisation, client: Client
) -> None:
    make.idea(make.programme(place), organisation=association)
    organisation(place, status="registered")
    lines = client.get("/api/organisations/").json()["lines"]
    assert [(line["id"], line["name_fr"], line["status"]) for line in lines] == [
        (association.pk, NAME["fr"], "verified")
    ]
    assert client.get("/api/ideas/").json()["lines"][0]["organisation"] == association.pk
