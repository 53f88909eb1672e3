from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from infitah.ground.accounts.models import Person, Role
from infitah.ground.ledger.models import Entry
from infitah.ground.territories.models import Territory
from infitah.journey.projects.models import Project, Theme
from infitah.lib.errors import NotAllowed, NotPossible
from infitah.lib.i18n import Localized
from infitah.outlook.notifications import queries as notices
from infitah.outlook.notifications.models import Notice
from infitah.outlook.practices import actions, queries, rules
from infitah.outlook.practices.models import Practice, Review
from infitah.outlook.website import queries as website
from infitah.outlook.workbench import queries as workbench
from tests import make
from tests.outlook.test_notifications import notify

pytestmark = pytest.mark.django_db
YES = {"is_clear": "yes", "is_useful": "yes", "is_proved": "partly", "said": "واضحة.", "language": "ar"}


def theme(key: str) -> Theme:
    return Theme.objects.get_or_create(key=key, defaults={"name": {"fr": key}})[0]


@pytest.fixture
def place() -> Territory:
    return make.place("tetouan")


@pytest.fixture
def author(place: Territory) -> Person:
    return make.focal_point(place)


@pytest.fixture
def peer() -> Person:
    return make.focal_point(make.place("figuig", name=Localized(ar="فكيك", fr="Figuig")), "Bob")


@pytest.fixture
def finished(place: Territory) -> Project:
    """A project done with proof, drawn from an idea, with a target that was read."""
    programme = make.programme(place, status="evaluated")
    project = make.project(programme, activities=0, budget=20_000, funding="secured", service=Localized(ar="المالية"))
    activity = make.activity(project, status="completed", ended_on=date(2026, 5, 4))
    make.proof(activity)
    make.activity(project, status="abandoned", reason="Pas d'argent")
    make.source(project, make.idea(programme, outcome="kept"))
    target = project.targets.create(name=Localized(ar="نسخ موزعة"), baseline="0", target="500", unit="نسخة")
    target.readings.create(value="640", read_on=date(2026, 6, 1))
    project.themes.add(theme("budget"))
    return project


def published(place: Territory, **fields: Any) -> Practice:
    return make.practice(place, status="published", **fields)


def reviewed(practice: Practice, by: Person, *, is_ready: bool = True) -> Review:
    return actions.review(practice, by=by, key=uuid4(), is_ready=is_ready, **YES)


# -- born from a project -----------------------------------------------------------------------


def test_one_press_begins_a_practice_with_what_the_project_tells(author: Person, finished: Project) -> None:
    with translation.override("ar"):
        born = actions.begin_from(finished, by=author, key=uuid4())
    assert (born.title, born.language, born.status) == (finished.title["ar"], "ar", "draft")
    assert "إعداد الصيغة المبسطة (4 ماي 2026)" in born.done.replace("\u00a0", " ")
    assert "20 000 درهم" in born.cost.replace("\u00a0", " ")
    assert "فكرة واحدة" in born.people
    assert "نسخ موزعة: 0 → 640 نسخة" in born.change
    assert born.evidence.startswith("– ")
    assert [theme.key for theme in born.themes.all()] == ["budget"]
    assert Entry.objects.get(action="practice.drafted").particulars == {"project": finished.number}


def test_pressed_twice_it_is_one_practice(author: Person, finished: Project) -> None:
    first, second = (actions.begin_from(finished, by=author, key=uuid4()) for _ in range(2))
    assert (first, Practice.objects.count()) == (second, 1)


def test_a_practice_begins_in_the_language_of_its_writer_if_the_project_speaks_it(
    author: Person, finished: Project
) -> None:
    with translation.override("fr"):
        assert actions.begin_from(finished, by=author, key=uuid4()).title == finished.title["fr"]
    assert queries.language_of(finished, "zgh") == finished.title.lang


@pytest.mark.parametrize(
    ("status", "activity", "is_finished"),
    [
        ("evaluated", "completed", True),
        ("adopted", "completed", True),
        ("adopted", "under_way", False),
        ("adopted", "abandoned", False),
        ("consulted", "completed", False),
    ],
)
def test_a_project_is_finished_when_nothing_of_it_is_left_and_something_was_completed(
    status: str, activity: str, is_finished: bool
) -> None:
    project = make.project(make.programme(status=status), activities=0)
    make.activity(project, status=activity, reason="x")
    assert queries.is_finished(project) is is_finished
    if not is_finished:
        with pytest.raises(NotPossible, match="activities have all ended|انتهت"):
            actions.begin_from(project, by=make.focal_point(project.place), key=uuid4())


def test_nobody_but_the_focal_point_of_the_place_begins_it(peer: Person, finished: Project) -> None:
    for stranger in [peer, None, make.holder(Role.NATIONAL, make.country())]:
        with pytest.raises(NotAllowed):
            actions.begin_from(finished, by=stranger, key=uuid4())


def test_the_page_of_a_finished_project_offers_the_press_to_its_focal_point_alone(
    client: Client, author: Person, peer: Person, finished: Project
) -> None:
    address = reverse("custody:project", args=[finished.place.slug, finished.number])
    press = reverse("practices:begin", args=[finished.place.slug, finished.number])
    offers = []
    for person in [author, peer]:
        client.force_login(person)
        offers.append(press in client.get(address).content.decode())
    assert offers == [True, False]
    client.force_login(author)
    assert client.post(press).headers["Location"] == reverse("practices:redraft", args=[Practice.objects.get().pk])
    assert press not in client.get(address).content.decode()


# -- between peers -----------------------------------------------------------------------------


def test_the_word_of_one_peer_publishes_a_practice(place: Territory, author: Person, peer: Person) -> None:
    practice = actions.hand_in(make.practice(place, author=author), by=author)
    review = reviewed(practice, peer)
    practice.refresh_from_db()
    assert (practice.status, review.place.slug, practice.published_at is not None) == ("published", "figuig", True)
    assert Entry.objects.get(action="practice.published").particulars == {"review": review.pk}


def test_nobody_of_its_own_collectivity_says_that_it_is_ready(place: Territory, author: Person) -> None:
    practice = actions.hand_in(make.practice(place, author=author), by=author)
    deputy, resident = make.holder(Role.DEPUTY, place), make.person()
    national = make.holder(Role.NATIONAL, make.country())
    for stranger in [author, deputy, resident, national]:
        with pytest.raises(NotAllowed):
            reviewed(practice, stranger)
    moved = make.focal_point(make.place("zagora"))
    Practice.objects.update(author=moved)
    practice.refresh_from_db()
    assert not rules.can_review(moved, practice)


def test_not_yet_sends_it_back_with_advice_and_it_is_handed_in_again(
    place: Territory, author: Person, peer: Person
) -> None:
    practice = actions.hand_in(make.practice(place, author=author), by=author)
    reviewed(practice, peer, is_ready=False)
    practice.refresh_from_db()
    assert practice.status == "sent_back"
    words = {name: getattr(practice, name) for name in Practice.WORDS}
    actions.redraft(practice, by=author, **{**words, "done": "أوضحنا من يجيب."}, language="ar")
    reviewed(actions.hand_in(practice, by=author), peer)
    practice.refresh_from_db()
    assert (practice.status, practice.done, practice.reviews.count()) == ("published", "أوضحنا من يجيب.", 2)


def test_of_two_peers_who_read_at_once_the_second_is_told_and_loses_no_word(
    client: Client, place: Territory, author: Person, peer: Person
) -> None:
    practice = actions.hand_in(make.practice(place, author=author), by=author)
    reviewed(practice, make.focal_point(make.place("tata"), "Charlie"))
    client.force_login(peer)
    sent = {**{name: "yes" for name in ("is_clear", "is_useful", "is_proved", "is_ready")}, "key": uuid4()}
    answer = client.post(reverse("practices:review", args=[practice.pk]), {**sent, "said": "كلمات كتبتها طويلا"})
    assert answer.status_code == 409
    assert "كلمات كتبتها طويلا" in answer.content.decode()


def test_the_same_word_sent_twice_is_one(place: Territory, author: Person, peer: Person) -> None:
    practice, key = actions.hand_in(make.practice(place, author=author), by=author), uuid4()
    first, second = (actions.review(practice, by=peer, key=key, is_ready=True, **YES) for _ in range(2))
    assert (first, Review.objects.count()) == (second, 1)


def test_what_is_lacking_is_said_before_peers_read(place: Territory, author: Person) -> None:
    practice = make.practice(place, author=author, change="", contact="")
    with translation.override("fr"), pytest.raises(NotPossible, match="ce que cela a changé, à qui s’adresser"):
        actions.hand_in(practice, by=author)
    with translation.override("ar"), pytest.raises(NotPossible, match="، "):
        actions.hand_in(practice, by=author)


def test_of_two_who_word_a_practice_at_once_the_second_reads_what_the_first_wrote(
    client: Client, place: Territory, author: Person
) -> None:
    practice = make.practice(place, author=author)
    client.force_login(author)
    at = reverse("practices:redraft", args=[practice.pk])
    seen = client.get(at).context["form"]["seen"].value()
    sent = {**{name: getattr(practice, name) for name in Practice.WORDS}, "language": "ar", "seen": seen}
    assert client.post(at, {**sent, "done": "كلمات\r\nالأولى"}).status_code == 303
    assert client.post(at, {**sent, "done": "كلمات\r\nالأولى"}).status_code == 303  # the same form again
    assert client.post(at, {**sent, "done": "كلمات\r\nالأولى", "themes": ["1"]}).status_code == 409
    late = client.post(at, {**sent, "done": "كلمات الثانية"})
    practice.refresh_from_db()
    assert (late.status_code, practice.done) == (409, "كلمات\nالأولى")
    assert "كلمات الثانية" in late.content.decode()


def test_what_was_handed_in_is_worded_no_more(place: Territory, author: Person, peer: Person) -> None:
    practice = actions.hand_in(make.practice(place, author=author), by=author)
    for stranger, refusal in [(author, NotPossible), (peer, NotAllowed)]:
        with pytest.raises(refusal):
            actions.redraft(practice, by=stranger, title="Autre", language="fr")


def test_the_national_team_asks_a_peer_who_is_told_once(place: Territory, author: Person, peer: Person) -> None:
    practice = actions.hand_in(make.practice(place, author=author), by=author)
    national = make.holder(Role.NATIONAL, make.country())
    for _ in range(2):
        actions.ask(practice, by=national, reviewer=peer)
    with pytest.raises(NotPossible):
        actions.ask(practice, by=national, reviewer=make.holder(Role.DEPUTY, place))
    with pytest.raises(NotAllowed):
        actions.ask(practice, by=peer, reviewer=peer)
    notify()
    assert [notice.person for notice in Notice.objects.filter(is_direct=True)] == [peer]
    address = reverse("practices:practice", args=[practice.pk])
    assert [line.address for line in notices.notices_of(peer)[0]] == [address]
    (task,) = [one for one in workbench.bench(peer).next if one.url == address]
    assert task.note == practice.title and task.place == place
    reviewed(practice, peer)
    assert address not in [one.url for one in workbench.bench(Person.objects.get(pk=peer.pk)).next]
    assert peer in [grant.person for grant in queries.peers(practice)]
    assert author not in [grant.person for grant in queries.peers(practice)]


def test_a_withdrawn_practice_says_why_and_may_be_taken_up_again(
    client: Client, place: Territory, author: Person, peer: Person
) -> None:
    practice = published(place, author=author)
    with pytest.raises(NotPossible):
        actions.withdraw(practice, by=author, reason="  ")
    actions.withdraw(practice, by=author, reason="الأرقام تغيرت")
    answer = client.get(reverse("practices:practice", args=[practice.pk]))
    assert (answer.status_code, "الأرقام تغيرت" in answer.content.decode()) == (410, True)
    with pytest.raises(NotAllowed):
        actions.take_up(practice, by=peer)
    assert actions.take_up(practice, by=author).status == "draft"
    assert client.get(reverse("practices:practice", args=[practice.pk])).status_code == 404


def test_a_draft_is_seen_by_its_own_and_by_peers_only_once_handed_in(
    client: Client, place: Territory, author: Person, peer: Person
) -> None:
    practice = make.practice(place, author=author)
    seen = {}
    for step in ("draft", "in_review"):
        Practice.objects.update(status=step)
        for person in (author, peer, make.person("Zahra"), None):
            client.logout() if person is None else client.force_login(person)
            seen[step, str(person)] = client.get(reverse("practices:practice", args=[practice.pk])).status_code
    assert [seen["draft", name] for name in ("Alice", "Bob", "Zahra", "None")] == [200, 404, 404, 404]
    assert [seen["in_review", name] for name in ("Alice", "Bob", "Zahra", "None")] == [200, 200, 404, 404]


# -- finding them ------------------------------------------------------------------------------


def shared(place: Territory, title: str, problem: str = "x", **fields: Any) -> Practice:
    author = make.focal_point(place, "Author")
    words = {name: "x" for name in ("done", "change", "evidence", "conditions", "contact")}
    language = fields.pop("language", "ar")
    made = actions.share(place, by=author, key=uuid4(), language=language, title=title, problem=problem, **words)
    Practice.objects.filter(pk=made.pk).update(status="published", published_at=timezone.now())
    made.themes.set([theme(key) for key in fields.pop("themes", [])])
    made.refresh_from_db()
    return made


def test_practices_are_found_in_any_spelling_by_theme_region_and_language(place: Territory) -> None:
    region = make.place("oriental", "region")
    east = make.place("oujda", parent=make.place("prefecture-oujda", "prefecture", parent=region))
    french = shared(east, "Publier un budget créé avec les habitants", language="fr", themes=["budget"])
    arabic = shared(place, "الميزانيّة المفهومة", themes=["water"])
    budget = theme("budget")
    asked: list[queries.Filters] = [
        {"q": "BUDGET cree"},
        {"q": "ميزانيه"},
        {"theme": budget.pk},
        {"region": region.pk},
        {"language": "fr"},
        {"q": "xyz"},
    ]
    found = [queries.published_page(filters).practices for filters in asked]
    assert found == [[french], [arabic], [french], [french], [french], []]
    assert [result.title for group in website.search("ميزانية", "practice") for result in group.results] == [
        arabic.title
    ]


def test_practices_alike_come_by_shared_themes_before_shared_words(place: Territory) -> None:
    one = shared(place, "نشر ميزانية المواطن", themes=["budget"])
    words = shared(make.place("tata"), "نشر لوائح المواطن", themes=["water"])
    theme = shared(make.place("zagora"), "لقاءات في الأحياء", themes=["budget"])
    shared(make.place("figuig2"), "ملاعب القرب", themes=["sport"])
    assert queries.similar(one) == [theme, words]


def test_the_list_asks_as_much_for_thirty_practices_as_for_one(
    place: Territory, django_assert_num_queries: Any
) -> None:
    for already, more in ((0, 1), (1, 29)):
        for turn in range(more):
            published(make.place(f"p-{already}-{turn}")).themes.add(theme("budget"))
        with django_assert_num_queries(3):
            assert len(queries.published_page({}).practices) == min(queries.PAGE, already + more)


def test_pages_of_the_list_follow_one_another_without_gap(place: Territory, author: Person) -> None:
    made = [published(place, author=author).pk for _ in range(23)]
    first = queries.published_page({})
    second = queries.published_page({}, before=first.before)
    assert [one.pk for one in [*first.practices, *second.practices]] == made[::-1]


def test_the_page_of_a_place_tells_what_it_shares_and_what_it_took_up(
    client: Client, place: Territory, author: Person, peer: Person
) -> None:
    practice, draft = published(place, author=author), make.practice(place, author=author, title="مسودة لم تنشر")
    programme = make.programme(Territory.objects.get(slug="figuig"))
    actions.adapt(practice, by=peer, programme=programme)
    here = client.get(reverse("practices:of_place", args=[place.slug])).content.decode()
    there = client.get(reverse("practices:of_place", args=["figuig"])).content.decode()
    assert (practice.title in here, draft.title in here, practice.title in there) == (True, False, True)
    client.force_login(author)
    assert draft.title in client.get(reverse("practices:of_place", args=[place.slug])).content.decode()


def test_through_the_doors_a_practice_is_written_handed_in_read_and_adapted(
    client: Client, place: Territory, author: Person, peer: Person
) -> None:
    client.force_login(author)
    words = {name: f"كلمات {name}" for name in Practice.WORDS}
    sent = {**words, "language": "ar", "key": str(uuid4())}
    made_at = client.post(reverse("practices:share", args=[place.slug]), sent).headers["Location"]
    practice = Practice.objects.get()
    assert made_at == reverse("practices:practice", args=[practice.pk])
    client.post(reverse("practices:hand_in", args=[practice.pk]))
    client.force_login(peer)
    assert practice.title in client.get(reverse("practices:waiting")).content.decode()
    word = {**{name: "yes" for name in ("is_clear", "is_useful", "is_proved", "is_ready")}, "said": "جاهزة"}
    client.post(reverse("practices:review", args=[practice.pk]), {**word, "key": str(uuid4())})
    programme = make.programme(Territory.objects.get(slug="figuig"))
    answer = client.post(reverse("practices:adapt", args=[practice.pk]), {"programme": programme.pk})
    assert answer.headers["Location"] == reverse("projects:redraft", args=["figuig", Project.objects.get().number])


def test_words_that_nobody_can_read_are_refused_and_not_kept(
    client: Client, place: Territory, author: Person, peer: Person
) -> None:
    practice, unseen = actions.hand_in(make.practice(place, author=author), by=author), "\u202e\u200b"
    with pytest.raises(NotPossible):
        actions.review(practice, by=peer, key=uuid4(), is_ready=True, **{**YES, "said": unseen})
    with pytest.raises(NotPossible):
        actions.withdraw(practice, by=author, reason=unseen)
    client.force_login(author)
    sent = client.post(reverse("practices:withdraw", args=[practice.pk]), {"reason": "👍"})
    practice.refresh_from_db()
    assert (sent.status_code, practice.status) == (422, "in_review")


def test_a_refused_form_keeps_what_was_typed(client: Client, place: Territory, author: Person) -> None:
    client.force_login(author)
    answer = client.post(reverse("practices:share", args=[place.slug]), {"title": "", "problem": "مشكل طويل كتبته"})
    assert (answer.status_code, "مشكل طويل كتبته" in answer.content.decode()) == (422, True)
