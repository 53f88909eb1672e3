import re

import pytest

from infitah.journey.ideas import actions, queries
from tests import make

pytestmark = pytest.mark.django_db


def test_the_list_pages_by_keyset_without_gap_or_double():
    programme = make.programme()
    for _number in range(45):
        make.idea(programme)
    actions.recount(programme.place)
    seen, before = [], None
    while True:
        found = queries.public_page(programme.place, {}, before=before)
        seen += [idea.number for idea in found.ideas]
        before = found.before
        if before is None:
            break
    assert seen == list(range(45, 0, -1)) and found.total == 45


def test_the_list_asks_as_many_queries_for_one_row_as_for_thirty(django_assert_num_queries):
    one, many = make.programme(), make.programme(make.place("agadir"))
    make.idea(one)
    for _number in range(30):
        make.idea(many)
    for programme in (one, many):
        with django_assert_num_queries(3):
            queries.public_page(programme.place, {})


def test_a_list_says_how_many_there_are_and_a_filtered_one_stops_counting(monkeypatch):
    monkeypatch.setattr(queries, "COUNTED", 2)
    programme = make.programme()
    for _number in range(3):
        make.idea(programme)
    actions.recount(programme.place)
    told = [queries.public_page(programme.place, filters) for filters in ({}, {"channel": "website"})]
    assert [(page.total, page.is_more_than) for page in told] == [(3, False), (2, True)]


@pytest.mark.parametrize(("asked", "leads_to"), [("?q=zzzz", "/ideas/"), ("", "/tetouan/")])
def test_a_list_without_ideas_tells_why_and_where_to_go_on(client, asked, leads_to):
    page = client.get(f"/fr/c/{make.programme(make.place('tetouan')).place.slug}/ideas/{asked}").content.decode()
    assert ("Aucune idée trouvée" in page) == bool(asked)
    assert re.search(rf'class="empty".*<a class="btn" href="[^"]*{leads_to}"', page, re.S)
