"""Independent reviews: who may write one of which project, what it must say, and where everyone reads it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from infitah.ground.accounts.models import Person, Role
from infitah.ground.ledger.models import Entry
from infitah.ground.territories.models import Territory
from infitah.journey.evaluation import actions, queries, rules
from infitah.journey.evaluation.models import Degree, Finding, Opening, Review
from infitah.journey.projects.models import Project
from infitah.lib.errors import NotAllowed, NotPossible
from infitah.lib.i18n import Localized
from infitah.lib.text import print_of
from infitah.outlook.notifications import actions as notifications
from infitah.outlook.sentences.queries import in_words
from infitah.outlook.workbench import queries as workbench
from tests import make

pytestmark = pytest.mark.django_db
STEPS = {
    "inception": {"verifiable": "yes", "lens": "yes", "potential": "modest"},
    "results": {"completion": "limited"},
    "end": {
        "completion": "limited",
        "information": "marginal",
        "participation": "unchanged",
        "accountability": "not_applicable",
        "addressed": "no",
    },
}
WORDS = "رأيت ذلك بعيني في الملعبين."


def project_in(status: str = "adopted", at: Territory | None = None) -> Project:
    return make.project(make.programme(at, status=status))


def evaluator(at: Territory) -> Person:
    return make.holder(Role.EVALUATOR, at, "Zineb")


def review(of: Project, by: Person, kind: str = "end", **said: Any) -> Review:
    """A whole review, but for what is said otherwise."""
    given: dict[str, Any] = {**STEPS[kind], "reviewer": "ATIL", "reviewed_on": timezone.localdate(), "key": uuid4()}
    given["findings"] = {scale: {"explanation": WORDS} for scale in STEPS[kind]}
    given |= {"lessons": Localized(ar="درس")} if kind == "end" else {}
    return actions.review(of, by=by, kind=kind, **given | said)


def form(kind: str = "end", **said: Any) -> dict[str, Any]:
    """The same, as a page sends it."""
    sent = {"kind": kind, "key": str(uuid4()), "reviewer": "ATIL", "reviewed_on": timezone.localdate(), **STEPS[kind]}
    sent |= {f"{scale}_explanation": WORDS for scale in STEPS[kind]}
    return {**sent, "lessons_ar": "درس واحد", **said}


def address(of: Project) -> str:
    return reverse("evaluation:review", args=[of.place.slug, of.number])


# -- who ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [role for role in Role if role != Role.EVALUATOR])
def test_nobody_but_an_evaluator_reviews_a_project(role: str) -> None:
    project = project_in()
    for at in (project.place, make.country()):
        with pytest.raises(NotAllowed):
            review(project, make.holder(role, at))


def test_an_evaluator_of_the_place_its_region_or_the_country_reviews_and_one_of_elsewhere_does_not() -> None:
    region = make.place(kind="region")
    province = make.place(kind="province", parent=region)
    project = project_in(at=make.place(parent=province))
    for at in (project.place, province, region, make.country()):
        assert rules.can_review(evaluator(at), project)
    for at in (make.place(parent=province), make.place(kind="region")):
        assert not rules.can_review(evaluator(at), project)


def test_a_grant_that_is_over_reviews_no_more() -> None:
    project, person = project_in(), make.person()
    yesterday = timezone.localdate() - timedelta(days=1)
    make.grant(person, Role.EVALUATOR, project.place, since=date(2025, 1, 1), until=yesterday)
    with pytest.raises(NotAllowed):
        review(project, person)


@pytest.mark.parametrize(
    "role", [Role.FOCAL_POINT, Role.DEPUTY, Role.CLERK, Role.PRESIDENT, Role.PROJECT_OWNER, Role.COMMITTEE, Role.COACH]
)
def test_an_evaluator_who_belongs_to_the_collectivity_is_refused_with_a_sentence(role: str, sign_in: Any) -> None:
    project = project_in()
    person = evaluator(make.country())
    make.grant(person, role, project.place)
    for answer in (sign_in(person).get(address(project)), sign_in(person).post(address(project), form())):
        assert (answer.status_code, "أنتم من هذه الجماعة الترابية" in answer.content.decode()) == (403, True)


def test_an_evaluator_who_sits_on_the_committee_reviews_elsewhere_only() -> None:
    project, other = project_in(), project_in()
    person = evaluator(make.country())
    make.seat(project.programme, "civil", person)
    assert (rules.can_review(person, project), rules.can_review(person, other)) == (False, True)
    assert [one.place for one in queries.to_review(person)] == [other.place]


@pytest.mark.parametrize(("status", "may"), [("validated", False), ("adopted", True), ("closed", True)])
def test_a_project_is_reviewed_from_the_adoption_of_its_programme_on(status: str, may: bool) -> None:
    project = project_in(status)
    if may:
        assert review(project, evaluator(project.place)).pk
    else:
        with pytest.raises(NotPossible):
            review(project, evaluator(project.place))


def test_a_project_of_an_evaluated_programme_is_reviewed_and_one_set_aside_is_not(sign_in: Any) -> None:
    project = project_in("evaluated")
    browser = sign_in(evaluator(project.place))
    assert browser.get(address(project)).status_code == 200
    Project.objects.filter(pk=project.pk).update(status="dropped", dropped_reason="x")
    assert browser.get(address(project)).status_code == 404


def test_an_evaluator_of_the_country_does_not_record_the_reviews_of_its_plan(sign_in: Any) -> None:
    commitment, person = make.plan(), evaluator(make.country())
    assert not rules.can_review(person, commitment)
    assert sign_in(person).get(address(commitment)).status_code == 404


# -- what --------------------------------------------------------------------------------------


def test_each_kind_judges_what_ogp_local_asks_on_scales_that_are_never_renamed() -> None:
    assert set(queries.JUDGED["inception"]) == {"verifiable", "lens", "potential"}
    opened = ("information", "participation", "accountability")
    assert set(queries.JUDGED["end"]) == {"completion", *opened, "addressed"}
    assert Degree.values == [*Opening.values, "not_applicable"]
    assert [queries.SCALES[name][1] for name in opened] == [Degree] * 3


@pytest.mark.parametrize(
    "said",
    [
        {"information": ""},
        {"findings": {}},
        {"findings": {scale: {"explanation": " "} for scale in STEPS["end"]}},
        {"lessons": Localized()},
        {"opening": "major"},
        {"reviewed_on": date(2099, 1, 1)},
    ],
    ids=lambda said: next(iter(said)),
)
def test_a_review_that_is_not_whole_or_not_of_its_kind_is_not_possible(said: dict[str, Any]) -> None:
    project = project_in()
    person = evaluator(project.place)
    with pytest.raises(NotPossible):
        review(project, person, **said)
    assert not Review.objects.exists()


def test_what_is_published_of_the_plan_is_of_no_kind_for_a_local_project() -> None:
    project = project_in()
    with pytest.raises(NotPossible):
        review(project, evaluator(project.place), "results", source="https://example.org/")


def test_a_later_review_stands_beside_the_former_and_the_ledger_says_what_changed_in_codes_only() -> None:
    project = project_in()
    first = review(project, evaluator(project.place))
    second = review(project, evaluator(make.country()), completion="substantial", source="https://example.org/secret")
    assert [one for one, _said in queries.reviews_of(project)] == [second, first]
    entry = Entry.objects.filter(action="project.reviewed").latest("id")
    assert entry.particulars == {
        "review": second.pk,
        "kind": "end",
        "reviewed_on": str(timezone.localdate()),
        "changes": {"completion": ["limited", "substantial"]},
        "source_sha256": print_of("https://example.org/secret"),
    }
    assert (entry.on_id, entry.place) == (project.pk, project.place.code)


def test_the_same_review_sent_twice_is_one() -> None:
    project, key = project_in(), uuid4()
    person = evaluator(project.place)
    assert review(project, person, key=key) == review(project, person, key=key)
    assert Finding.objects.count() == len(STEPS["end"])
    assert Entry.objects.filter(action="project.reviewed").count() == 1


def test_the_database_holds_no_review_without_a_reviewer_and_none_from_elsewhere_without_its_source() -> None:
    given: dict[str, Any] = {"project": project_in(), "reviewed_on": date(2026, 1, 1), "completion": "limited"}
    Review.objects.create(kind="end", reviewer="ATIL", **given)
    for wrong in ({"kind": "end", "reviewer": ""}, {"kind": "results", "reviewer": "IRM"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Review.objects.create(**given, **wrong)


# -- pages -------------------------------------------------------------------------------------


def test_an_evaluator_reviews_through_pages_and_everyone_reads_it(sign_in: Any, client: Client) -> None:
    project = project_in()
    page = reverse("custody:project", args=[project.place.slug, project.number])
    browser = sign_in(evaluator(project.place))
    assert address(project) in browser.get(page).content.decode()
    assert address(project) not in client.get(page).content.decode()
    sent = form(information_link="https://example.org/photo", completion_file=SimpleUploadedFile("x.pdf", make.PDF))
    assert browser.post(address(project), sent).status_code == 303
    shown = client.get(page).content.decode()
    for words in ("ATIL", WORDS, "درس واحد", "محدود", "https://example.org/photo", "لا ينطبق"):
        assert words in shown, words
    proof = Finding.objects.exclude(file="").get()
    file = reverse("evaluation:proof", args=[project.place.slug, project.number, proof.pk])
    assert file in shown and b"".join(client.get(file).streaming_content) == make.PDF  # type: ignore[attr-defined]
    assert len(proof.file_sha256) == 64
    told = client.get(reverse("evaluation:evaluation", args=[project.place.slug])).content.decode()
    assert "ATIL" in told and f"{page}#review-" in told


def test_the_kind_that_is_asked_first_is_the_one_of_the_day_and_the_other_is_a_press_away(sign_in: Any) -> None:
    project = project_in()
    browser = sign_in(evaluator(project.place))
    assert browser.get(address(project)).context["kind"] == "inception"
    assert browser.get(address(project) + "?kind=end").context["kind"] == "end"
    Project.objects.filter(pk=project.pk).update(starts_on=date(2024, 1, 1), ends_on=date(2025, 1, 1))
    assert browser.get(address(project)).context["kind"] == "end"
    assert browser.post(address(project), form("inception")).status_code == 303


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"completion": ""}, "completion"),
        ({"completion": "perfect"}, "completion"),
        ({"information_explanation": "🙂"}, "information_explanation"),
        ({"lessons_ar": ""}, "lessons"),
        ({"reviewer": ""}, "reviewer"),
        ({"reviewed_on": "2099-01-01"}, "reviewed_on"),
        ({"addressed_link": "javascript:alert(1)"}, "addressed_link"),
        ({"addressed_file": SimpleUploadedFile("x.pdf", b"MZ\x90\x00")}, "addressed_file"),
        ({"key": "?"}, "key"),
    ],
)
def test_a_form_that_lacks_something_comes_back_in_words_with_what_was_typed(
    sent: dict[str, Any], field: str, sign_in: Any
) -> None:
    project = project_in()
    answer = sign_in(evaluator(project.place)).post(address(project), form(**sent))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert WORDS in answer.content.decode() and not Review.objects.exists()


def test_a_form_that_somebody_else_has_sent_is_refused_with_its_words_kept(sign_in: Any) -> None:
    project, sent = project_in(), form()
    first, second = evaluator(project.place), evaluator(make.country())
    assert sign_in(first).post(address(project), sent).status_code == 303
    answer = sign_in(second).post(address(project), form(key=sent["key"], reviewer="Autre"))
    assert (answer.status_code, "Autre" in answer.content.decode(), Review.objects.count()) == (409, True, 1)


def test_the_focal_point_and_those_who_follow_the_project_are_told() -> None:
    project = project_in()
    make.focal_point(project.place, "Alice")
    notifications.follow(make.person("Follower"), project)
    make.person("Stranger")
    review(project, evaluator(project.place))
    told = make.told()
    assert set(told) == {"Alice", "Follower"}
    assert told["Alice"] != told["Follower"]


def test_what_was_recorded_of_the_plan_before_reviews_moved_is_still_read_in_words() -> None:
    entry = Entry(action="plan.reviewed", on_kind="plan.review", on_id=1, place="MA", particulars={}, at=timezone.now())
    (line,) = in_words([entry])
    assert line.words == "سجل تقييم مستقل للخطة الوطنية"


def test_the_workbench_of_an_evaluator_shows_what_may_be_reviewed_and_what_is(sign_in: Any) -> None:
    region = make.place(kind="region")
    project = project_in(at=make.place(parent=region))
    make.project(project.programme)
    project_in()  # of another region
    project_in("validated", make.place(parent=region))
    person = evaluator(region)
    review(project, person)
    ((shown,), _next) = workbench.to_review(person, None)
    assert (shown.programme, len(shown.projects), shown.reviewed) == (project.programme, 2, 1)
    assert address(project) in sign_in(person).get(reverse("workbench:workbench")).content.decode()
    assert "to_review" not in sign_in(make.person()).get(reverse("workbench:workbench")).context


def test_an_evaluator_without_a_programme_is_told_when_there_will_be_one(sign_in: Any) -> None:
    page = sign_in(evaluator(make.place())).get(reverse("workbench:workbench")).content.decode()
    assert "لا برنامج للتقييم بعد" in page


def test_the_page_of_a_project_asks_as_much_for_one_review_as_for_thirty(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    project, person = project_in(), evaluator(make.country())
    page = reverse("custody:project", args=[project.place.slug, project.number])
    review(project, person)
    client.get(page)
    with django_assert_max_num_queries(60) as few:
        client.get(page)
    for _turn in range(29):
        review(project, person)
    with django_assert_max_num_queries(len(few)):
        assert client.get(page).content.decode().count('id="review-') == 30


def test_the_workbench_asks_as_much_for_one_programme_as_for_fifteen(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    person = evaluator(make.country())
    person.current_grants  # noqa: B018
    review(project_in(), person)
    with django_assert_max_num_queries(5) as few:
        workbench.to_review(person, None)
    for _turn in range(14):
        review(project_in(), person)
    with django_assert_max_num_queries(len(few)):
        assert sum(one.reviewed for one in workbench.to_review(person, None)[0]) == 15


# -- the move ----------------------------------------------------------------------------------


def test_reviews_recorded_before_the_move_are_kept_as_they_were(migrated: Callable[..., Any]) -> None:
    commitment, key = make.plan(), uuid4()
    before = migrated(("evaluation", "0002_grid"), ("plan", "0001_initial"))
    said = {"kind": "results", "reviewer": "IRM", "source": "https://example.org/review", "completion": "limited"}
    day, words = date(2025, 5, 1), {"fr": "Bien avancé"}
    old = before.get_model("plan", "Review")
    old.objects.create(project_id=commitment.pk, reviewed_on=day, key=key, words=words, **said)
    migrated(("evaluation", "0003_reviews"), ("plan", "0002_review_moves"))
    kept = Review.objects.get(key=key)
    assert {name: getattr(kept, name) for name in said} == said
    assert (kept.project, kept.reviewed_on, kept.words, kept.information) == (commitment, day, words, "")
    assert queries.standing(commitment.reviews.all())["completion"].review == kept


@pytest.fixture
def migrated() -> Callable[..., Any]:
    """Bring the tables to where they stood after these migrations; the test's own transaction takes it back."""

    def bring(*to: tuple[str, str]) -> Any:
        connection.check_constraints()  # what still waits to be checked would hold the tables
        executor = MigrationExecutor(connection)
        executor.migrate(list(to))
        connection.check_constraints()
        return MigrationExecutor(connection).loader.project_state(list(to)).apps

    return bring
