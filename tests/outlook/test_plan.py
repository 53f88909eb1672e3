from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from infitah.ground.accounts.models import Person, Role
from infitah.ground.ledger.models import Entry
from infitah.journey.evaluation import actions as evaluation
from infitah.journey.evaluation.models import Review
from infitah.journey.monitoring import actions as monitoring
from infitah.journey.programmes.models import Programme
from infitah.journey.projects import actions as projects
from infitah.journey.projects.models import Change, Project
from infitah.lib.errors import NotAllowed, NotPossible
from infitah.lib.i18n import Localized
from infitah.lib.text import print_of
from infitah.outlook.plan import queries
from tests import make
from tests.make_session import browser

pytestmark = pytest.mark.django_db
JUDGED = {"kind": "action_plan", "reviewer": "IRM", "source": "https://example.org/review", "verifiable": "yes"}


@pytest.fixture
def national() -> Person:
    return make.holder(Role.NATIONAL, make.country())


def read(name: str = "plan:plan", person: Person | None = None, query: str = "", **parts: Any) -> str:
    cache.clear()
    with translation.override("en"):
        return browser(person, "en").get(reverse(name, kwargs=parts) + query).content.decode()


def send(name: str, person: Person, sent: dict[str, Any], **parts: Any) -> Any:
    with translation.override("en"):
        return browser(person, "en").post(reverse(name, kwargs=parts), sent)


def review(of: Project, by: Person, **said: Any) -> Review:
    return evaluation.review(of, by=by, **{"reviewed_on": date(2025, 5, 1), "key": uuid4(), **JUDGED, **said})


# -- the plan in force ------------------------------------------------------------------------------


def test_the_plan_shows_planned_and_real_days_of_each_activity(national: Person) -> None:
    activity = make.plan().activities.get()
    make.proof(activity)
    monitoring.report(activity, by=national, status="completed", text="Done", reported_on=date(2024, 2, 9))
    shown = read()
    assert "1\u00a0January\u00a02024 – 31\u00a0January\u00a02024" in shown
    assert "9\u00a0February\u00a02024" in shown


def test_what_was_reported_in_several_languages_is_read_in_ones_own(national: Person) -> None:
    activity = make.plan().activities.get()
    for language, text in {"fr": "Réunion tenue", "en": "Meeting held", "ar": "انعقد اللقاء"}.items():
        monitoring.report(activity, by=national, status="under_way", text=text, language=language)
    shown = read()
    assert "Meeting held" in shown and "Réunion tenue" not in shown


def test_the_indicators_are_counted_before_the_plan_and_now() -> None:
    commitment = make.plan()
    make.member(make.place(), joined_on=date(2023, 1, 1))
    make.member(make.place(), joined_on=date(2024, 1, 20))
    cache.clear()
    found = queries.measures(commitment.programme, make.country(), date(2024, 6, 1))
    joined = next(each for each in found if each.now.indicator.code == "PI1")
    assert joined.before is not None
    assert (joined.before.numerator, joined.now.numerator, joined.since) == (1, 2, 1)
    assert {"PI1", "PI2", "PI3", "PI4", "II2"} <= {each.now.indicator.code for each in found}


def test_each_figure_of_the_plan_opens_its_list() -> None:
    make.plan()
    assert "/figures/PI2/" in read()


def test_a_country_without_a_plan_says_so_and_lets_the_national_team_begin(national: Person) -> None:
    assert "No national plan has been begun yet" in read()
    assert "/plan/begin/" not in read()
    assert "/plan/begin/" in read(person=national)


def test_the_plan_asks_as_much_for_one_activity_as_for_thirty(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    commitment = make.plan()
    read()  # the first reading fills what a process keeps
    with django_assert_max_num_queries(80) as few:
        read()
    for _number in range(29):
        make.activity(commitment)
    with django_assert_max_num_queries(len(few)):
        read()


# -- amendments ---------------------------------------------------------------------------------------


def test_an_amendment_keeps_what_stood_before_and_why(national: Person) -> None:
    commitment = make.plan(results=Localized(fr="Confiance"))
    results = Localized(fr="Confiance et participation")
    projects.amend(commitment, by=national, reason="Atelier de mars", results=results)
    entry = Entry.objects.get(action="project.amended")
    kept = Change.objects.get(pk=entry.particulars["change"])
    assert kept.changes == {"results": [{"fr": "Confiance"}, {"fr": "Confiance et participation"}]}
    told = {"number": commitment.number, "fields": ["results"], "change": kept.pk}
    prints = {"changes_sha256": print_of(kept.changes), "reason_sha256": print_of("Atelier de mars")}
    assert entry.particulars == {**told, **prints}
    shown = read("plan:history")
    assert "et participation</ins>" in shown
    assert "Atelier de mars" in shown
    assert "National team" in shown


def test_the_policy_areas_of_the_plan_are_amended_and_the_history_tells_both_names(national: Person) -> None:
    commitment, other = make.plan(), make.area("Open Data")
    commitment.policy_areas.add(make.area("Open Contracting"))
    sent = {"title_fr": "Appui", "reason": "Nouvelle liste", "policy_areas": [other.pk]}
    assert send("plan:amend", national, sent, number=commitment.number).status_code == 303
    (before, after) = commitment.changes.get().changes["policy_areas"]
    assert (before, after) == ({"en": "Open Contracting"}, {"en": "Open Data"})
    assert "Contracting</del>" in read("plan:history") and "Open Data" in read("plan:plan")


def test_the_same_amendment_twice_is_written_once(national: Person) -> None:
    commitment = make.plan()
    for _turn in range(2):
        projects.amend(commitment, by=national, reason="Again", results=Localized(fr="Confiance"))
    assert Entry.objects.filter(action="project.amended").count() == 1


def test_of_two_who_amend_at_once_the_second_is_told_and_may_insist(national: Person) -> None:
    commitment = make.plan()
    with translation.override("en"):
        page = browser(national, "en").get(reverse("plan:amend", args=[commitment.number])).content.decode()
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    projects.amend(commitment, by=national, reason="First", results=Localized(fr="Confiance"))
    sent = {"title_fr": "Appui", "results_fr": "Participation", "reason": "Second", "seen": seen}
    answer = send("plan:amend", national, sent, number=commitment.number)
    again = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else has changed this" in again and "Participation</textarea>" in again
    sent["seen"] = again.partition('name="seen" value="')[2].partition('"')[0]
    assert send("plan:amend", national, sent, number=commitment.number).status_code == 303


def test_an_amendment_without_a_reason_is_refused_and_nothing_typed_is_lost(national: Person) -> None:
    commitment = make.plan()
    answer = send("plan:amend", national, {"title_fr": "Un autre titre"}, number=commitment.number)
    assert answer.status_code == 422
    assert "Un autre titre" in answer.content.decode()
    with pytest.raises(NotPossible):
        projects.amend(commitment, by=national, reason=" ", results=Localized(fr="Confiance"))


def test_nobody_amends_the_adopted_programme_of_a_collectivity(national: Person) -> None:
    adopted = make.project(make.programme(status="adopted"))
    with pytest.raises(NotAllowed):
        projects.amend(adopted, by=national, reason="Because", title=Localized(fr="Autre"))
    with pytest.raises(NotPossible):
        projects.amend(adopted, by=make.focal_point(adopted.place), reason="Because", title=Localized(fr="Autre"))


def test_a_plan_still_being_written_is_drafted_not_amended(national: Person) -> None:
    with pytest.raises(NotPossible):
        projects.amend(make.plan("drafting"), by=national, reason="Because", title=Localized(fr="Autre"))


def test_nobody_but_the_national_team_amends_the_plan() -> None:
    with pytest.raises(NotAllowed):
        projects.amend(make.plan(), by=make.person(), reason="Because", title=Localized(fr="Autre"))


# -- days -----------------------------------------------------------------------------------------------


def test_new_days_stand_beside_those_planned_first(national: Person) -> None:
    activity = make.plan().activities.get()
    new = {"planned_from": date(2024, 3, 1), "planned_until": date(2024, 3, 31)}
    projects.reschedule(activity, by=national, reason="Le calendrier régional", **new)
    activity.refresh_from_db()
    assert (activity.planned_until, activity.moved_until) == (date(2024, 1, 31), date(2024, 3, 31))
    shown = read()
    assert "31\u00a0January\u00a02024" in shown
    assert "31\u00a0March\u00a02024" in shown
    told = read("plan:history")
    assert "Le calendrier régional" in told
    assert "<del>31\u00a0January\u00a02024</del>" in told
    assert "<ins>31\u00a0March\u00a02024</ins>" in told


def test_a_state_told_in_the_history_says_what_it_was_before(national: Person) -> None:
    activity = make.plan().activities.get()
    monitoring.report(activity, by=national, status="under_way", text="Begun", reported_on=date(2024, 1, 5))
    shown = read("plan:history")
    assert "<del>Not started</del>" in shown
    assert "<ins>Under way</ins>" in shown


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ({"started_on": "2024-01-05"}, "It has not started"),
        ({"ended_on": "2024-01-20"}, "goes with its state"),
        ({"planned_until": "2023-12-01"}, "An activity ends after it begins."),
        ({"ended_on": "2099-01-01"}, "This day has not come yet."),
        ({"reason": ""}, "This field is required."),
    ],
)
def test_days_that_cannot_be_are_refused_in_words(national: Person, days: dict[str, str], sentence: str) -> None:
    commitment = make.plan()
    sent = {"planned_from": "2024-01-01", "planned_until": "2024-01-31", "reason": "Because", **days}
    answer = send("plan:reschedule", national, sent, number=commitment.number, activity=1)
    assert answer.status_code in (409, 422)
    assert sentence in answer.content.decode()


def test_the_real_days_of_an_activity_are_set_right_with_a_reason(national: Person) -> None:
    commitment = make.plan()
    activity = commitment.activities.get()
    make.proof(activity)
    monitoring.report(activity, by=national, status="completed", text="Done", reported_on=date(2024, 2, 9))
    sent = {"planned_from": "2024-01-01", "planned_until": "2024-01-31", "started_on": "2024-01-08"}
    sent |= {"ended_on": "2024-02-02", "reason": "Le procès-verbal dit le 2"}
    assert send("plan:reschedule", national, sent, number=commitment.number, activity=1).status_code == 303
    activity.refresh_from_db()
    assert (activity.started_on, activity.ended_on) == (date(2024, 1, 8), date(2024, 2, 2))
    assert activity.moved_from is None
    changes = Entry.objects.get(action="activity.rescheduled").particulars["changes"]
    assert changes["ended_on"] == ["2024-02-09", "2024-02-02"]


# -- independent reviews -----------------------------------------------------------------------------


def test_without_a_review_the_plan_says_that_it_waits_for_one() -> None:
    make.plan()
    shown = read()
    assert "Waiting for the review" in shown
    assert "No review of this commitment has been published yet." in shown


def test_a_new_review_never_overwrites_the_former(national: Person) -> None:
    commitment = make.plan()
    first = review(commitment, national, potential="modest")
    later = {"kind": "results", "reviewed_on": date(2025, 9, 1), "verifiable": ""}
    review(commitment, national, completion="limited", **later)
    first.refresh_from_db()
    assert (first.potential, first.completion, commitment.reviews.count()) == ("modest", "", 2)
    judged = {each.label: each.word for each in queries.commitments(commitment.programme, date(2026, 1, 1))[0].judged}
    with translation.override("en"):
        assert read().count("https://example.org/review") >= 4
    assert len([word for word in judged.values() if word]) == 3


def test_the_latest_judgement_on_a_scale_stands_and_the_history_tells_the_one_before(national: Person) -> None:
    commitment = make.plan()
    review(commitment, national, potential="unclear")
    review(commitment, national, potential="substantial", reviewed_on=date(2025, 8, 1))
    review(commitment, national, potential="modest", reviewed_on=date(2025, 6, 1))  # found late: it does not stand
    found = queries.standing(commitment.reviews.all())
    assert found["potential"].review is not None
    assert found["potential"].review.potential == "substantial"
    shown = read("plan:history")
    assert "<del>Unclear</del>" in shown
    assert "<ins>Substantial</ins>" in shown


def test_the_official_scales_keep_their_steps() -> None:
    steps = {name: list(scale.values) for name, (_label, scale) in queries.SCALES.items()}
    assert steps["potential"] == ["unclear", "modest", "substantial"]
    assert steps["completion"] == ["no_evidence", "not_started", "limited", "substantial", "complete"]
    assert steps["opening"] == ["worsened", "unchanged", "marginal", "major", "outstanding"]
    assert steps["verifiable"] == steps["lens"] == ["yes", "no"]


def test_the_same_form_twice_is_one_review(national: Person) -> None:
    commitment, key = make.plan(), uuid4()
    assert review(commitment, national, key=key) == review(commitment, national, key=key)
    assert Entry.objects.filter(action="project.reviewed").count() == 1


def test_a_review_that_judges_nothing_is_refused(national: Person) -> None:
    commitment = make.plan()
    sent = {**JUDGED, "reviewed_on": "2025-05-01", "key": str(uuid4()), "verifiable": ""}
    answer = send("plan:record_review", national, sent, number=commitment.number)
    assert answer.status_code == 422
    assert "A review judges something" in answer.content.decode()


def test_only_the_national_team_records_a_review() -> None:
    with pytest.raises(NotAllowed):
        review(make.plan(), make.focal_point(make.place()))


# -- the next plan ------------------------------------------------------------------------------------


def test_a_plan_is_begun_written_and_brought_into_force_through_pages(national: Person) -> None:
    country = make.country()
    sent = {"cycle_fr": "Plan 2024-2027", "title_fr": "Programme d'appui", "source": "https://example.org/plan"}
    sent |= {"starts_on": "2024-01-01", "ends_on": "2027-12-31"}
    for _turn in range(2):  # the same form twice
        assert send("plan:begin", national, sent).status_code == 303
    programme = Programme.objects.get(place=country)
    send("projects:draft", national, {"title_ar": "التزام", "key": str(uuid4())}, slug=country.slug)
    commitment = Project.objects.get(programme=programme)
    days = {"planned_from": date(2024, 1, 1), "planned_until": date(2024, 1, 31)}
    projects.plan(commitment, by=national, activities=[{"title": Localized(fr="Adhésion"), **days}])
    assert "The plan is in force" in read(person=national)
    answer = send("plan:bring_into_force", national, {"adopted_on": "2024-01-01"}, number=programme.pk)
    assert answer.status_code == 303
    programme.refresh_from_db()
    assert programme.status == Programme.Status.ADOPTED
    assert "Adhésion" in read()


def test_a_plan_brought_into_force_on_a_day_to_come_is_refused_on_the_same_page(national: Person) -> None:
    commitment = make.plan("drafting")
    sent = {"adopted_on": "2099-01-01"}
    answer = send("plan:bring_into_force", national, sent, number=commitment.programme.pk)
    assert answer.status_code == 422
    assert "This day has not come yet." in answer.content.decode()


def test_what_is_refused_is_shown_on_the_page_of_the_plan_that_it_was_asked_of(national: Person) -> None:
    make.plan(reference="MO0007")
    following = make.plan("drafting", starts_on=date(2028, 1, 1), reference="MO0099")
    answer = send("plan:bring_into_force", national, {"adopted_on": "2099-01-01"}, number=following.programme.pk)
    shown = answer.content.decode()
    assert (answer.status_code, "MO0099" in shown, "MO0007" in shown) == (422, True, False)


def test_the_plan_in_force_is_shown_while_the_next_is_written(national: Person) -> None:
    make.plan(reference="MO0065")
    following = make.plan("drafting", starts_on=date(2028, 1, 1), reference="MO0099")
    assert "MO0065" in read()
    assert "MO0099" in read(query=f"?cycle={following.programme.cycle_id}")


def test_the_next_plan_begins_after_the_one_before(national: Person) -> None:
    make.plan()
    sent = {"cycle_fr": "Plan 2020", "title_fr": "Avant", "source": "https://example.org/plan"}
    answer = send("plan:begin", national, {**sent, "starts_on": "2020-01-01", "ends_on": "2022-12-31"})
    assert answer.status_code == 422
    assert "The new plan begins after the one before it." in answer.content.decode()


# -- the history --------------------------------------------------------------------------------------


def test_the_history_turns_its_pages_and_says_roles_never_names(national: Person) -> None:
    commitment = make.plan()
    for turn in range(queries.PAGE + 1):
        projects.amend(commitment, by=national, reason="Because", results=Localized(fr=f"Résultat {turn}"))
    events, before = queries.history(make.country())
    assert (len(events), len(queries.history(make.country(), before)[0])) == (queries.PAGE, 1)
    assert national.pseudonym not in read("plan:history")
