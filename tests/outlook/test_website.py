from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from infitah.ground.discussion.models import Comment
from infitah.ground.territories.models import Territory
from infitah.journey.ideas import actions as ideas_actions
from infitah.journey.ideas import queries as ideas_queries
from infitah.journey.ideas.models import Idea, Tally
from infitah.lib.i18n import Localized
from tests import make

pytestmark = pytest.mark.django_db


def home(client: Client) -> Any:
    answer = client.get(reverse("website:home"))
    assert answer.status_code == 200
    return answer


# -- the front ---------------------------------------------------------------------------------------


def test_the_front_page_works_on_a_fresh_house(client: Client) -> None:
    assert Territory.objects.count() == 0
    with translation.override("en"):
        assert "No collectivity has joined yet" in home(client).content.decode()


def test_the_bare_address_leads_to_the_language_of_the_reader(client: Client) -> None:
    assert client.get("/", headers={"accept-language": "fr"}).headers["Location"] == "/fr/"
    assert client.get("/", headers={"accept-language": "de"}).headers["Location"] == "/ar/"


def test_the_front_page_shows_what_is_open_and_what_has_been_answered(client: Client) -> None:
    place = make.place(name=Localized(ar="وزان"))
    programme = make.programme(place, opened="ideas")
    alice, idea = make.focal_point(place), make.idea(programme)
    ideas_actions.recount(place)
    ideas_actions.decide(idea, by=alice, outcome="outside", reason="من اختصاص العمالة.")
    answer = home(client)
    assert [phase.programme for phase, _left in answer.context["open_now"]] == [programme]
    assert "من اختصاص العمالة." in answer.content.decode()
    figures = answer.context["figures"]
    assert (figures.members, figures.ideas) == (1, 1)


def test_the_front_page_takes_as_many_questions_with_30_members_as_with_one(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    make.programme(opened="ideas")
    with django_assert_max_num_queries(17) as one:
        home(client)
    for _number in range(29):
        make.idea(make.programme(opened="ideas"))
    client.cookies["device"] = "so that nothing kept is served"
    with django_assert_max_num_queries(len(one)):
        home(client)


# -- for machines, and what stays --------------------------------------------------------------------


@pytest.mark.parametrize("name", ["about", "legal", "accessibility"])
def test_the_pages_that_stay_are_there_in_every_language(client: Client, name: str) -> None:
    for language in ("ar", "fr", "en", "zgh"):
        with translation.override(language):
            assert client.get(reverse(f"website:{name}")).status_code == 200


def test_the_site_map_names_members_and_robots_name_the_site_map(client: Client) -> None:
    place = make.place("martil")
    make.member(place)
    assert "/fr/c/martil/</loc>" in client.get("/sitemap.xml").content.decode()
    assert "/sitemap.xml" in client.get("/robots.txt").content.decode()


def test_cohorts_are_counted_never_typed(client: Client) -> None:
    make.member()
    make.member(make.place(kind="region"))
    make.member(status="left")
    make.member(status="admitted")
    (cohort,) = client.get(reverse("website:about")).context["cohorts"]
    assert (cohort.size, cohort.region, cohort.commune) == (2, 1, 1)


def test_the_front_page_tells_of_the_open_call_and_the_next_meeting_of_the_network(client: Client) -> None:
    make.meeting(make.country(), title=Localized(ar="لقاء الأعضاء"), starts_at=timezone.now() + timedelta(days=3))
    make.meeting(title=Localized(ar="لقاء محلي"), starts_at=timezone.now() + timedelta(days=2))
    page = client.get("/ar/").content.decode()
    assert "لقاء الأعضاء" in page and "لقاء محلي" not in page


# -- counts ------------------------------------------------------------------------------------------


def test_every_count_that_differs_from_what_it_counts_is_put_right_by_a_command() -> None:
    idea = make.idea()
    ideas_actions.recount(idea.place)
    Comment.objects.create(on_kind="ideas.idea", on_id=idea.pk, text="نعم نعم", by=make.person())
    Tally.objects.update(public=99)
    Idea.objects.update(support_count=7)
    call_command("recount", stdout=StringIO())
    idea.refresh_from_db()
    assert (ideas_queries.tally(idea.place).public, idea.support_count, idea.comment_count) == (1, 0, 1)
