"""What every page carries: what a link to it shows where it is shared, and the icon that browsers ask for."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import make

pytestmark = pytest.mark.django_db


def head_of(page: str) -> dict[str, str]:
    """What the head says of the page, by name."""
    said = dict(re.findall(r'<meta (?:name="description" )?property="(og:\w+)" content="([^"]*)">', page))
    return said | {"canonical": found[1] if (found := re.search('rel="canonical" href="([^"]*)"', page)) else ""}


def test_a_link_that_is_shared_shows_what_its_page_is_about(client: Client, settings: Any) -> None:
    settings.SITE_URL = "https://infitah.example"
    said = {"problem": "Le parc ferme à midi.", "solution": 'Ouvrir "le parc" <le soir>', "language": "fr"}
    idea = make.idea(make.programme(make.place("tetouan")), **said)
    address = f"/fr/c/tetouan/ideas/{idea.number}/"
    assert head_of(client.get(address).content.decode()) == {
        "og:title": "Ouvrir &quot;le parc&quot; &lt;le soir&gt; · Commune de Tétouan",
        "og:description": "Le parc ferme à midi.",
        "og:type": "website",
        "canonical": f"https://infitah.example{address}",
    }


@pytest.mark.parametrize("address", ["/ar/", "/fr/members/?q=a&kind=commune", "/fr/nowhere/", "/fr/accounts/login/"])
def test_every_page_says_its_title_once_more(client: Client, address: str) -> None:
    page = client.get(address).content.decode()
    said, title = head_of(page), re.search("<title>(.*?)</title>", page, re.S)
    assert title and title[1].startswith(said["og:title"]) and said["og:title"] and said["og:description"]
    assert said["canonical"].endswith(address.replace("&", "&amp;"))


def test_the_icon_is_given_where_browsers_ask_without_a_session_or_a_query(sign_in: Any, settings: Any) -> None:
    settings.IS_SECOND_FACTOR_COMPULSORY = True
    browser = sign_in(make.focal_point(make.place()))
    for reader in (browser, Client()):
        with CaptureQueriesContext(connection) as asked:
            answer = reader.get("/favicon.ico")
        assert (answer.status_code, len(asked), answer.cookies) == (302, 0, {})
        assert answer.headers["Location"].startswith("/static/built/favicon")
        assert answer.headers["Cache-Control"] == "public, max-age=86400"
