from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from infitah.ground.territories.models import Territory
from infitah.journey.ideas import actions as ideas_actions
from infitah.journey.programmes import actions as programmes
from infitah.journey.programmes.models import Cycle, Programme, Seat
from infitah.journey.programmes.queries import composition_told, seated, timeline
from infitah.lib.i18n import Localized
from infitah.outlook.spaces import queries
from infitah.outlook.spaces.models import Document
from tests import make

pytestmark = pytest.mark.django_db


def body(client: Client, place: Territory, name: str = "space") -> str:
    answer = client.get(reverse(f"spaces:{name}", args=[place.slug]))
    assert answer.status_code == 200
    return str(answer.content.decode())


def invited(programme: Programme, client: Client) -> str:
    """Where the one thing to do now leads."""
    return str(client.get(reverse("spaces:space", args=[programme.place.slug])).context["invitation"].url)


@pytest.mark.parametrize(
    ("phase", "leads_to"),
    [
        ("ideas", "ideas:new"),
        ("consultation", "consultation:consultation"),
        ("council", "spaces:programme"),
        ("implementation", "spaces:programme"),
    ],
)
def test_the_one_thing_to_do_follows_from_the_open_phase(phase: str, leads_to: str, client: Client) -> None:
    programme = make.programme(opened=phase)
    make.project(programme)
    assert invited(programme, client) == reverse(leads_to, args=[programme.place.slug])


@pytest.mark.parametrize(
    ("answered", "said"), [(0, "à l’étude. Chaque"), (1, "motivées : 1 sur 2"), (2, "Les 2 idées ont toutes")]
)
def test_an_invitation_says_no_more_of_the_answers_than_is_true(answered: int, said: str) -> None:
    programme = make.programme(opened="analysis")
    step = next(each for each in timeline(programme) if each.state == "now")
    with translation.override("fr"):
        given = queries.Figures(ideas=2, answered=answered)
        assert said in queries.invitation(programme, step, given, 0).text.replace("\u00a0", " ")


def test_a_last_day_that_was_changed_says_why_beside_it(client: Client) -> None:
    programme = make.programme(opened="ideas")
    phase, place = programme.phases.get(kind="ideas"), programme.place
    until = timezone.now() + timedelta(days=9)
    for reason in ("La grève des transports", "Les fêtes"):
        programmes.shift(phase, by=make.focal_point(place), opens_at=phase.opens_at, closes_at=until, reason=reason)
    shown = body(client, place)
    assert "Les fêtes" in shown and "La grève" not in shown


def test_a_committee_is_told_with_all_its_sides_and_as_each_language_counts() -> None:
    programme = make.programme()
    make.seat(programme, Seat.Side.ELECTED)
    for _turn in range(2):
        make.seat(programme, Seat.Side.CIVIL)
    make.seat(programme, Seat.Side.ADMINISTRATION)
    with translation.override("ar"):
        told = " · ".join(composition_told(seated(programme)))
    assert told == "4 أعضاء · منتخب(ة) واحد(ة)، عضوان من المجتمع المدني، عضو واحد من الإدارة"


def test_before_any_phase_nobody_is_sent_to_a_closed_door(client: Client) -> None:
    programme = make.programme()
    assert invited(programme, client) == reverse("spaces:programme", args=[programme.place.slug])


def test_the_figures_count_only_published_ideas() -> None:
    programme = make.programme()
    now = timezone.now()
    make.idea(programme, visibility="hidden")
    make.idea(programme, channel="workshop")
    for days in (2, 4, 9):
        make.idea(
            programme, status="decided", outcome="outside", received_at=now - timedelta(days=days), decided_at=now
        )
    figures = queries.figures(programme)
    assert (figures.ideas, figures.from_workshops, figures.answered, figures.rate, figures.whole_days) == (
        4,
        1,
        3,
        75,
        4,
    )


def test_a_rate_is_never_rounded_up_to_all() -> None:
    assert queries.Figures(ideas=1000, answered=999).rate == 99


def test_the_space_shows_the_answers_given_lately_with_their_reason(client: Client) -> None:
    programme = make.programme(opened="analysis")
    alice, idea = make.focal_point(programme.place), make.idea(programme)
    ideas_actions.recount(programme.place)
    ideas_actions.decide(idea, by=alice, outcome="covered", reason="مبرمج في الشطر الثالث.")
    assert "مبرمج في الشطر الثالث." in body(client, programme.place)


def test_the_space_takes_as_many_questions_with_30_ideas_and_projects_as_with_one(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    programme = make.programme(status="adopted", opened="implementation")

    def grow() -> None:
        idea = make.idea(programme, status="decided", outcome="kept", decided_at=timezone.now())
        make.source(make.project(programme), idea)
        make.seat(programme)
        make.meeting(programme.place)

    grow()
    with django_assert_max_num_queries(20) as one:
        body(client, programme.place)
    for _number in range(29):
        grow()
    client.cookies["device"] = "so that nothing kept is served"
    with django_assert_max_num_queries(len(one)):
        body(client, programme.place)


def test_a_reader_without_a_session_is_served_the_kept_page_until_something_happens(
    client: Client, django_assert_num_queries: Any
) -> None:
    programme = make.programme(opened="ideas")
    make.focal_point(programme.place)
    ideas_actions.recount(programme.place)
    before = body(client, programme.place)
    with django_assert_num_queries(2):
        assert body(client, programme.place) == before
    ideas_actions.submit(
        programme,
        by=None,
        key=make.uuid4(),
        axis=programme.axes.get(number=1),
        problem="الزنقة مظلمة",
        solution="إنارة الزنقة",
        language="ar",
    )
    assert body(client, programme.place) != before


def test_the_programme_before_stands_beside_the_one_in_consultation(client: Client) -> None:
    programme = make.programme(opened="consultation")
    cycle = Cycle.objects.create(name=Localized(fr="Avant"), starts_on="2023-01-01", ends_on="2024-12-31")
    before = Programme.objects.create(cycle=cycle, place=programme.place, status="adopted", title=Localized(fr="Avant"))
    make.project(programme, title=Localized(ar="مشروع جديد"))
    make.project(before, title=Localized(ar="مشروع سابق"))
    shown = body(client, programme.place)
    assert shown.index("مشروع جديد") < shown.index("مشروع سابق")


# -- not a member ------------------------------------------------------------------------------------


def test_a_place_that_is_not_a_member_says_how_its_council_can_join(client: Client) -> None:
    province = make.place(kind="province")
    neighbour = make.place(parent=province, name=Localized(ar="مرتيل", fr="Martil"))
    make.member(neighbour)
    place = make.place(parent=province, is_urban=False, population=4321)
    with translation.override("en"):
        shown = body(client, place)
    assert "How your council can join" in shown
    assert "4,321" in shown and "Rural" in shown
    assert reverse("spaces:space", args=[neighbour.slug]).replace("/ar/", "/en/") in shown


def test_the_country_is_not_asked_to_join(client: Client) -> None:
    make.member()
    with translation.override("en"):
        shown = body(client, make.country())
    assert "Not a member" not in shown and "Members of the network" in shown


def test_a_region_lists_its_members(client: Client) -> None:
    region = make.place(kind="region")
    province = make.place(kind="province", parent=region)
    make.member(make.place("martil", parent=province, name=Localized(ar="مرتيل")))
    assert "مرتيل" in body(client, region)


def test_a_place_that_does_not_exist_is_not_found(client: Client) -> None:
    assert client.get(reverse("spaces:space", args=["atlantis"])).status_code == 404


@pytest.mark.parametrize(
    ("kind", "name", "title"),
    [
        ("commune", "Agadir", "Commune d’Agadir"),
        ("commune", "Tétouan", "Commune de Tétouan"),
        ("province", "Ifrane", "Province d’Ifrane"),
        ("region", "Oriental", "Région de l’Oriental"),
        ("province", "Youssoufia", "Province de Youssoufia"),
        ("commune", "Had Soualem", "Commune de Had Soualem"),
    ],
)
def test_names_are_elided_as_french_does(kind: str, name: str, title: str) -> None:
    with translation.override("fr"):
        assert Territory(kind=kind, name=Localized(fr=name)).titled == title


# -- the programme -----------------------------------------------------------------------------------


def test_the_whole_programme_is_a_document_to_read(client: Client) -> None:
    programme = make.programme(status="adopted")
    project = make.project(programme, title=Localized(ar="ميزانية المواطن"))
    make.version(programme)
    make.deliberation(
        programme, outcome="adopted", votes_for=20, votes_against=1, abstentions=2, number="7/26", document_sha256="0"
    )
    shown = body(client, programme.place, "programme")
    assert "ميزانية المواطن" in shown and "7/26" in shown
    assert reverse("custody:project", args=[programme.place.slug, project.number]) in shown


def test_a_place_without_a_programme_says_so(client: Client) -> None:
    place = make.place()
    make.member(place)
    assert client.get(reverse("spaces:programme", args=[place.slug])).status_code == 404


def test_invented_participation_is_marked(client: Client) -> None:
    programme = make.programme(opened="ideas", is_demonstration=True)
    assert 'class="mark"' in body(client, programme.place)


# -- documents ---------------------------------------------------------------------------------------


def publish(browser: Client, place: Territory, content: bytes = make.PDF, **fields: Any) -> Any:
    sent = {
        "key": make.uuid4(),
        "title_ar": "ميزانية 2026",
        "file": SimpleUploadedFile("budget.pdf", content),
        **fields,
    }
    return browser.post(reverse("spaces:publish", args=[place.slug]), sent)


def test_the_focal_point_publishes_a_document_with_its_hash(sign_in: Any, client: Client, ledger: Any) -> None:
    place = make.place()
    assert publish(sign_in(make.focal_point(place)), place).status_code == 303
    document = Document.objects.get()
    assert document.sha256 == sha256(make.PDF).hexdigest()
    assert ledger() == ["document.published"]
    shown = client.get(reverse("spaces:documents", args=[place.slug])).content.decode()
    assert "ميزانية 2026" in shown and document.sha256 in shown
    assert b"".join(client.get(document.file.url).streaming_content) == make.PDF  # type: ignore[attr-defined]


def test_the_same_document_sent_twice_is_published_once(sign_in: Any) -> None:
    place, key = make.place(), make.uuid4()
    browser = sign_in(make.focal_point(place))
    assert [publish(browser, place, key=key).status_code for _time in range(2)] == [303, 303]
    assert Document.objects.count() == 1


def test_a_program_is_no_document_whatever_its_name(sign_in: Any) -> None:
    place = make.place()
    assert publish(sign_in(make.focal_point(place)), place, b"MZ\x90\x00 a program").status_code == 422
    assert not Document.objects.exists()


def test_only_the_focal_point_of_the_place_publishes(sign_in: Any) -> None:
    place = make.place()
    assert publish(sign_in(make.focal_point(make.place())), place).status_code == 403
    assert publish(sign_in(make.person()), place).status_code == 403


def test_documents_are_listed_page_by_page(client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    place = make.place()
    for number in range(3):
        Document.objects.create(
            place=place, title=Localized(fr=f"Document {number}"), file="documents/x.pdf", sha256="0"
        )
    url = reverse("spaces:documents", args=[place.slug])
    first = client.get(url)
    second = client.get(url + first.context["next_url"])
    assert [len(each.context["documents"]) for each in (first, second)] == [2, 1]


@pytest.mark.parametrize("page", ["", "ideas/", "programme/", "council/", "committee/", "documents/"])
def test_a_province_and_a_commune_of_the_same_name_have_titles_of_their_own(client: Client, page: str) -> None:
    name = Localized(ar="العرائش", fr="Larache")
    titles = set()
    for kind in ("province", "commune"):
        programme = make.programme(make.place(f"larache-{kind}", kind, name=name))
        shown = client.get(f"/ar/c/{programme.place.slug}/{page}").content.decode()
        titles.add(shown.partition("<title>")[2].partition("</title>")[0])
    assert len(titles) == 2
