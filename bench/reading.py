"""Pages: lists of many ideas, an idea with many comments, finding one's commune."""

from django.test import Client
from django.urls import reverse

from infitah.ground.discussion.models import Comment
from infitah.ground.territories.models import Territory
from infitah.ground.territories.queries import find
from infitah.journey.ideas.models import Idea
from tests import make

from .clock import Times, fresh, in_turn, queries_of, tell

NAMES = [
    "tetouan",
    "تطوان",
    "Tétouan",
    "تِطْوَان",
    "casa",
    "الدار البيضاء",
    "Chefchawen",
    "شفشاون",
    "Ouled Teima",
    "oulad tayma",
]
NAMES += [
    "أكادير",
    "agadyr",
    "Sidi Slimane",
    "سيدي سليمان",
    "Beni Mellal",
    "بني ملال",
    "marakech",
    "El Jadida",
    "الجديده",
    "fes",
]


def lists(places: dict[str, Territory]) -> None:
    browser = Client(headers={"accept-language": "ar"})
    large = places["ten thousand"]
    first = reverse("ideas:list", args=[large.slug])
    oldest = Idea.objects.filter(place=large).order_by("pk").values_list("pk", flat=True)[25]
    pages = {"first": first, "deepest": f"{first}?before={oldest}", "filtered": f"{first}?q=الأرصفة"}
    for called, address in pages.items():
        [taken] = in_turn(40, fresh(browser, address))
        tell(f"List of 10,000 ideas, {called} page", taken, "25 ms")
        tell("    its queries", queries_of(browser, address), "12")
    [kept] = in_turn(40, lambda: browser.get(first))
    tell("    first page, kept for readers", kept)
    addresses = [reverse("ideas:list", args=[places[size].slug]) for size in ("a hundred", "a hundred thousand")]
    small, huge = in_turn(60, *(fresh(browser, address) for address in addresses))
    tell("List of 100 ideas", small)
    tell("List of 100,000 ideas", huge)
    tell("    ratio of the medians", f"{huge.median / small.median:.2f}", "1.3")


def idea(place: Territory) -> None:
    shown = Idea.objects.filter(place=place).latest("pk")
    by = make.person()
    Comment.objects.bulk_create(
        Comment(on_kind="ideas.idea", on_id=shown.pk, place=place.code, text=f"متفق مع الفكرة، رقم {n}.", by=by)
        for n in range(200)
    )
    address = reverse("custody:idea", args=[place.slug, shown.number])
    [taken] = in_turn(40, fresh(Client(headers={"accept-language": "ar"}), address))
    tell("Page of an idea with 200 comments", taken, "40 ms")
    tell("    its queries", queries_of(Client(headers={"accept-language": "ar"}), address))


def finding() -> None:
    find("x")
    taken = Times()
    for _ in range(10):
        for name in NAMES:
            with taken.one():
                find(name)
    tell("Find your commune, in any spelling", f"95 % under {taken.at(0.95):.1f} ms   ({taken})", "50 ms")
