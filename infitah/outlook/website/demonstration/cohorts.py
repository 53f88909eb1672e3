"""The 228 members by their real numbers: those whom public sources name, and others chosen and marked so."""

from collections.abc import Iterator
from itertools import chain, zip_longest

from infitah.ground.accounts.models import Person
from infitah.ground.territories.models import Territory
from infitah.lib.i18n import Localized
from infitah.network.membership import actions
from infitah.network.membership.models import Charter, Cohort, Member

# Named, with their cohort, by public sources; all others below are chosen, and marked as demonstration.
NAMED = {
    1: ["province-sefrou", "agadir", "ait-melloul", "ben-guerir"],
    2: ["fnideq"],
    3: ["province-larache", "tafraout"],
}
# Named by public sources as taking part, without their cohort.
LIKELY: dict[int, list[str]] = {1: ["tetouan", "sale", "marrakech", "khemisset", "argana"], 2: [], 3: ["al-aaroui"]}
COMPOSITION = {1: (12, 4, 47), 2: (0, 3, 60), 3: (0, 10, 92)}  # regions, provinces, communes
PROVINCES_OF_THIRD = 43
REGIONS, PROVINCES, COMMUNES = {"region"}, {"prefecture", "province"}, {"commune"}
SMALLEST = 1000  # people, of a commune chosen for a demonstration
PRESIDENT = Localized(ar="رئاسة المجلس", fr="Présidence du conseil", en="Presidency of the council")


def join(*, by: Person) -> int:
    """Admit the 228 members by their real numbers (63, 63, 102), those that no source names chosen and marked so.

    Signed by function only, on the day of their cohort. Gives how many were added; doing it twice adds none.
    """
    charter = Charter.objects.get(version=1)
    cohorts = {cohort.number: cohort for cohort in Cohort.objects.all()}
    present = set(Member.objects.values_list("place_id", flat=True))
    added = 0
    for number, place in composition():
        if place.pk not in present:
            is_named = place.kind == Territory.Kind.REGION or place.slug in NAMED[number]
            day = cohorts[number].enrolled_on
            member = actions.admit(place, cohorts[number], by=by, is_demonstration=not is_named, on=day)
            actions.adhere(member, charter=charter, function=PRESIDENT, signed_on=day, by=by)
            added += 1
    return added


def composition() -> Iterator[tuple[int, Territory]]:
    """Each member of a demonstration with its cohort, the same ones every time, spread over all regions."""
    places = {place.slug: place for place in Territory.objects.select_related("parent").filter(is_collectivity=True)}
    queues = queues_of(list(places.values()))
    first = {number: [places[slug] for slug in (*NAMED[number], *LIKELY[number])] for number in COMPOSITION}
    taken = set(chain.from_iterable(first.values()))
    for number, (regions, provinces, communes) in COMPOSITION.items():
        chosen = first[number]
        seats = [seat for seat, communes in queues.items() if len(set(communes) - taken) > 1]
        if number == 3:
            seats = list(dict.fromkeys([province_of(place) for place in chosen] + seats))[:PROVINCES_OF_THIRD]
        free = [[place for place in queues[seat] if place not in taken] for seat in seats]
        in_turn = [place for row in zip_longest(*free) for place in row if place]
        chosen = fill(chosen, [place for place in places.values() if place.kind in REGIONS], REGIONS, regions)
        chosen = fill(chosen, [seat for seat in seats if seat not in taken], PROVINCES, provinces)
        chosen = fill(chosen, in_turn, COMMUNES, communes)
        taken |= set(chosen)
        yield from ((number, place) for place in chosen)


def queues_of(places: list[Territory]) -> dict[Territory, list[Territory]]:
    """The provinces, one of each region in turn, each with its communes, a town and a rural one in turn, by size."""
    by_size = sorted(places, key=lambda place: -(place.population or 0))
    regions = [place for place in places if place.kind in REGIONS]
    of_regions = [[place for place in by_size if place.parent_id == region.pk] for region in regions]
    queues = {}
    for province in (place for row in zip_longest(*of_regions) for place in row if place):
        communes = [p for p in by_size if p.parent_id == province.pk and (p.population or 0) >= SMALLEST]
        towns, rural = ([place for place in communes if place.is_urban is kind] for kind in (True, False))
        queues[province] = [place for pair in zip_longest(towns, rural) for place in pair if place]
    return queues


def province_of(place: Territory) -> Territory:
    return place.parent if place.kind in COMMUNES and place.parent else place


def fill(chosen: list[Territory], candidates: list[Territory], kinds: set[str], many: int) -> list[Territory]:
    """The chosen, and as many candidates as make `many` of those kinds."""
    lacking = many - sum(place.kind in kinds for place in chosen)
    return chosen + [place for place in candidates if place not in chosen][:lacking]
