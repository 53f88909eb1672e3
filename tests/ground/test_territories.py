from collections import Counter

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import translation

from infitah.ground.ledger.models import Entry
from infitah.ground.territories import actions, queries
from infitah.ground.territories.actions import Unit
from infitah.ground.territories.models import FormerName, Territory
from infitah.lib.i18n import Localized
from tests import make

pytestmark = pytest.mark.django_db


def small(*communes: str, renamed: str = "", population: int = 100) -> list[Unit]:
    """A register of one region, one province and a few communes."""
    units = [
        Unit("MA", "country", Localized(fr="Maroc"), "morocco", None, 1),
        Unit("01", "region", Localized(fr="Nord"), "region-nord", "MA", 1),
        Unit("01.571", "province", Localized(fr="Tétouan"), "province-tetouan", "01", 1),
    ]
    for at, slug in enumerate(communes):
        name = Localized(fr=renamed or slug.title())
        units.append(Unit(f"01.571.{at}", "commune", name, slug, "01.571", population, True))
    return units


def test_importing_twice_changes_nothing() -> None:
    call_command("import_register", verbosity=0)
    assert Entry.objects.filter(action="register.imported").count() == 1
    before = list(Territory.objects.order_by("pk").values())
    assert actions.import_register() == actions.Imported(0, 0, 0)
    assert list(Territory.objects.order_by("pk").values()) == before
    assert Entry.objects.count() == 1
    lands = Territory.objects.exclude(outline="")
    assert Counter(lands.values_list("kind", flat=True)) == {"region": 12, "province": 62, "prefecture": 13}
    assert sum(len(land.outline) for land in lands if land.kind == "region") < 12_000
    whole = queries.map_shapes(make.country(), {lands[0].pk: 3}, lambda place: f"/{place.slug}/")
    assert len(whole["lands"]) == 12
    assert whole["box"].startswith("-")


def test_a_renamed_place_keeps_its_slug_and_is_found_by_both_names() -> None:
    actions.import_register(small("kasba"))
    done = actions.import_register(small("kasba", renamed="Moulay Driss"))
    place = Territory.objects.get(slug="kasba")
    assert done == actions.Imported(0, 1, 0)
    assert str(place.name) == "Moulay Driss"
    assert FormerName.objects.get(territory=place).name == {"fr": "Kasba"}
    assert queries.find("moulay dris")[0] == queries.Found(place)
    assert queries.find("kasba") == [queries.Found(place, "Kasba")]
    assert "kasba" in place.search
    renamed = Entry.objects.get(action="territory.renamed")
    assert (renamed.on_id, renamed.particulars["former"]) == (place.pk, {"fr": "Kasba"})


def test_a_merged_place_is_closed_and_leads_to_its_successor(client: Client) -> None:
    actions.import_register(small("big", "tiny"))
    assert actions.import_register(small("big"), successors={"01.571.1": "01.571.0"}).closed == 1
    tiny, big = Territory.objects.get(slug="tiny"), Territory.objects.get(slug="big")
    assert tiny.valid_until and tiny.succeeded_by == big
    assert queries.find("tiny") == [queries.Found(big, "Tiny")]
    told = client.get("/fr/c/tiny/").content.decode()
    assert (
        "reste lisible" in told
        and '<a href="/fr/c/big/">Elle continue sous le nom de\N{NO-BREAK SPACE}: Commune de Big</a>' in told
        and "adhérer" not in told
    )
    assert "reste lisible" not in client.get("/fr/c/big/").content.decode()
    assert actions.import_register(small("big")) == actions.Imported(0, 0, 0)
    assert actions.import_register(small("big", "tiny")).changed == 1
    assert queries.find("tiny") == [queries.Found(tiny)]


def test_what_a_closed_place_has_become_may_be_told_later() -> None:
    actions.import_register(small("big", "tiny"))
    assert actions.import_register(small("big")).closed == 1
    day = Territory.objects.get(slug="tiny").valid_until
    merged = {"01.571.1": "01.571.0"}
    assert [actions.import_register(small("big"), successors=merged).closed for _ in range(2)] == [1, 0]
    tiny = Territory.objects.get(slug="tiny")
    assert (str(tiny.succeeded_by), tiny.valid_until) == ("Big", day)
    with pytest.raises(CommandError, match="takes two codes"):
        call_command("import_register", merged=["01.571.1=nowhere"])


def test_a_new_census_updates_figures_and_keeps_slugs() -> None:
    actions.import_register(small("here"))
    assert actions.import_register(small("here", population=120)).changed == 1
    units = small("here", population=120)
    there = Unit("01.571.99", "commune", Localized(fr="Here"), "here", "01.571", 5, False)
    assert actions.import_register([*units, there]).added == 1
    assert Territory.objects.get(code="01.571.0").slug == "here"
    assert Territory.objects.get(code="01.571.99").slug == "here-01-571-99"


@pytest.mark.parametrize("typed", ["", "   ", "!!!", "🙂", "\u202e", "zzzzzzzzzz", "x" * 100, "%_'\"\\", "ⵜⵉⵟⵟⴰⵡⵉⵏ"])
def test_what_names_no_place_finds_none(typed: str) -> None:
    actions.import_register(small("kasba"))
    assert queries.find(typed) == []


def test_what_lies_inside_and_above() -> None:
    actions.import_register(small("kasba", "souk"))
    places = {place.slug: place for place in Territory.objects.all()}
    assert queries.inside(places["region-nord"]).count() == 4
    assert queries.inside(places["kasba"]).get() == places["kasba"]
    assert queries.above(places["kasba"]) == [places["region-nord"], places["province-tetouan"]]
    assert queries.above(places["region-nord"]) == []


def test_the_page_finds_and_says_how_many(client: Client) -> None:
    actions.import_register(small("kasba"))
    answer = client.get("/fr/find/?q=kazba")
    assert "1 lieu trouvé" in answer.content.decode()
    assert "Kasba" in answer.content.decode()
    part = client.get("/fr/find/?q=kasba", headers={"HX-Request": "true"}).content.decode()
    assert "Kasba" in part and "<html" not in part
    assert "Aucun lieu" in client.get("/fr/find/?q=zzzzzz").content.decode()
    assert client.get("/fr/find/?q=" + "x" * 200).status_code == 422


def test_the_page_asks_as_much_for_one_place_as_for_ten(client: Client, django_assert_num_queries: object) -> None:
    actions.import_register(small(*[f"kasba-{at}" for at in range(10)]))
    client.get("/fr/find/?q=kasba")
    with django_assert_num_queries(3):  # type: ignore[operator]
        client.get("/fr/find/?q=kasba")
    with django_assert_num_queries(3):  # type: ignore[operator]
        client.get("/fr/find/?q=kasba-1")


def test_a_map_shades_by_number() -> None:
    actions.import_register(small("kasba"))
    region = Territory.objects.get(slug="region-nord")
    Territory.objects.filter(pk=region.pk).update(outline="M10 20l30 0 0 40z")
    with translation.override("fr"):
        shapes = queries.map_shapes(make.country(), {region.pk: 7}, lambda place: f"/x/{place.slug}/")
    assert shapes["lands"][0]["level"] == 4
    assert shapes["lands"][0]["url"] == "/x/region-nord/"
    assert shapes["box"] == "9.6 19.6 30.8 40.8"
