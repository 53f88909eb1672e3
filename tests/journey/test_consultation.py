import hashlib
import json
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as some

from infitah.ground.accounts.models import Person, Role
from infitah.journey.adoption import actions as adoption
from infitah.journey.consultation import actions, queries, rules
from infitah.journey.consultation.models import Draft, Opinion
from infitah.journey.ideas.queries import free_receipts
from infitah.journey.programmes.models import Phase, Programme
from infitah.journey.projects import actions as projects
from infitah.journey.projects.models import Project, Theme
from infitah.lib.errors import NotAllowed, NotPossible
from infitah.lib.i18n import Localized
from infitah.lib.text import canonical
from tests import make

pytestmark = pytest.mark.django_db


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


@pytest.fixture
def programme() -> Programme:
    programme = make.programme()
    make.project(programme)
    Programme.objects.update(status="drafting")
    programme.refresh_from_db()
    return programme


@pytest.fixture
def project(programme: Programme) -> Project:
    return programme.projects.get()


@pytest.fixture
def alice(programme: Programme) -> Person:
    return make.focal_point(programme.place)


@pytest.fixture
def draft(programme: Programme, alice: Person) -> Draft:
    return actions.open_draft(programme, by=alice, closes_on=in_days(7), summary=Localized(ar="في سطرين"))


def given_by(person: Person | None, draft: Draft, project: Project, **fields: Any) -> Opinion:
    said = {"stance": "disagree", "text": "لا نوافق على الموقع", "key": uuid4(), **fields}
    return actions.give(draft, project, by=person, **said)


# -- freezing and opening ----------------------------------------------------------------------------


def test_opening_freezes_the_draft_and_opens_the_phase(programme: Programme, alice: Person, ledger: Any) -> None:
    draft = actions.open_draft(programme, by=alice, closes_on=in_days(7))
    programme.refresh_from_db()
    phase = programme.phases.get(kind=Phase.Kind.CONSULTATION)
    assert (draft.version, programme.status, phase.is_open()) == (1, "consulted", True)
    assert phase.planned_until == in_days(7) and phase.is_open(timezone.now() + timedelta(days=7) - timedelta(hours=25))
    assert ledger("draft.opened")[0].particulars["sha256"] == draft.sha256


def test_the_hash_is_that_of_the_json_anyone_can_download(draft: Draft) -> None:
    draft.refresh_from_db()
    assert hashlib.sha256(canonical(draft.contents)).hexdigest() == draft.sha256
    assert json.loads(canonical(draft.contents)) == draft.contents


def test_planned_days_stay_when_the_consultation_opens_on_others(programme: Programme, alice: Person) -> None:
    planned = make.phase(programme, "consultation", days_ago=-20, days_left=30)
    actions.open_draft(programme, by=alice, closes_on=in_days(7))
    planned.refresh_from_db()
    assert planned.is_open() and planned.planned_from == in_days(20)


def test_only_who_runs_the_programme_opens_the_draft(programme: Programme) -> None:
    for person in (make.focal_point(make.place()), make.holder(Role.NATIONAL, make.country()), make.person()):
        with pytest.raises(NotAllowed):
            actions.open_draft(programme, by=person, closes_on=in_days(7))


def test_a_draft_is_whole_or_it_says_what_is_missing(programme: Programme, project: Project, alice: Person) -> None:
    make.project(programme, activities=0, axis=None)
    with pytest.raises(NotPossible, match="2"):
        actions.open_draft(programme, by=alice, closes_on=in_days(7))
    Project.objects.update(status="dropped", dropped_reason="x")
    with pytest.raises(NotPossible):
        actions.open_draft(programme, by=alice, closes_on=in_days(7))
    assert not Draft.objects.exists()


def test_people_get_time_to_answer(programme: Programme, alice: Person) -> None:
    with pytest.raises(NotPossible):
        actions.open_draft(programme, by=alice, closes_on=in_days(0))


def test_a_draft_is_opened_once(programme: Programme, draft: Draft, alice: Person) -> None:
    with pytest.raises(NotPossible):
        actions.open_draft(programme, by=alice, closes_on=in_days(9))


def test_the_database_refuses_to_change_a_version(draft: Draft, alice: Person) -> None:
    for change in (
        lambda: Draft.objects.update(sha256="0" * 64),
        lambda: Draft.objects.update(contents={}),
        lambda: Draft.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    Draft.objects.update(by=None)  # an account that is erased is forgotten


def test_later_changes_make_the_next_version_and_leave_the_one_before(
    programme: Programme, project: Project, draft: Draft, alice: Person, ledger: Any
) -> None:
    before = draft.contents
    projects.redraft(project, by=alice, title=Localized(ar="عنوان آخر"))
    second = actions.freeze(programme, by=alice)
    draft.refresh_from_db()
    assert (second.version, second.is_consulted, draft.contents) == (2, False, before)
    assert second.sha256 != draft.sha256 and ledger()[-1] == "draft.frozen"
    assert queries.consulted(programme) == draft and queries.versions(programme) == [second, draft]
    Programme.objects.update(status="validated")
    with pytest.raises(NotPossible):
        actions.freeze(programme, by=alice)


def test_the_same_programme_freezes_to_the_same_json(programme: Programme, project: Project, alice: Person) -> None:
    filed = {"themes": Theme.objects.all()[:2], "policy_areas": [make.area()]}
    projects.redraft(project, by=alice, principles=["transparency"], budget=1200, **filed)
    make.source(project, make.idea(programme, outcome="kept"))
    assert canonical(queries.frozen(programme)) == canonical(queries.frozen(programme))
    frozen = queries.frozen(programme)["axes"][0]["projects"][0]
    assert (frozen["budget"], frozen["ideas"], len(frozen["themes"])) == ("1200.00", [1], 2)
    assert frozen["policy_areas"][0]["name"] == {"en": "Open Budgets"}
    told = [said for _name, said in queries.facts(frozen)]
    del frozen["policy_areas"]  # as in the versions of before there were any
    assert [said for _name, said in queries.facts(frozen)] == [said for said in told if said != "Open Budgets"]


def test_the_version_of_a_plan_without_axes_holds_its_projects(sign_in: Any, client: Any) -> None:
    commitment = make.plan(status="prepared")
    adoption.acknowledge(commitment.programme, by=make.holder(Role.NATIONAL, make.country()), adopted_on=in_days(-9))
    draft = Draft.objects.get()
    assert draft.projects()[commitment.number]["title"] == commitment.title
    slug = commitment.place.slug
    for address in (f"/fr/c/{slug}/versions/1/", f"/fr/c/{slug}/versions/", f"/fr/c/{slug}/programme.fr.pdf"):
        assert client.get(address).status_code == 200
    read = client.get(f"/fr/c/{slug}/versions/1/").content.decode()
    assert str(commitment.title["fr"]).replace("'", "&#x27;") in read and "Après la consultation" not in read


# -- opinions ----------------------------------------------------------------------------------------


def test_anyone_gives_an_opinion_while_it_is_open(draft: Draft, project: Project, ledger: Any) -> None:
    opinion = given_by(None, draft, project, email="samira@example.org", pseudonym="سميرة", device="d1")
    assert (opinion.channel, opinion.people, opinion.language, len(opinion.receipt)) == ("website", 1, "ar", 8)
    assert opinion.contact is not None and opinion.contact.email == "samira@example.org"
    assert ledger("opinion.given")[0].particulars["stance"] == "disagree"


def test_the_same_form_sent_twice_is_one_opinion(draft: Draft, project: Project, ledger: Any) -> None:
    key = uuid4()
    assert given_by(None, draft, project, key=key) == given_by(None, draft, project, key=key)
    assert len(ledger("opinion.given")) == 1


def test_an_opinion_given_again_replaces_the_one_before_and_keeps_it(draft: Draft, project: Project) -> None:
    bob = make.person("Bob")
    for who in ({"person": bob}, {"person": None, "device": "d1"}):
        first = given_by(who["person"], draft, project, device=who.get("device", ""))
        second = given_by(who["person"], draft, project, device=who.get("device", ""), stance="agree", text="")
        first.refresh_from_db()
        assert first.replaced_at and second.replaces == first
    assert queries.summary(draft)[project.number].agree == 2
    assert Opinion.objects.count() == 4 and Opinion.objects.public().count() == 2


def test_two_people_on_paper_do_not_replace_each_other(draft: Draft, project: Project, alice: Person) -> None:
    for _ in range(2):
        actions.enter(draft, project, by=alice, stance="agree", key=uuid4(), channel="paper")
    assert Opinion.objects.public().count() == 2


def test_a_change_or_a_no_says_why(draft: Draft, project: Project) -> None:
    for stance in ("changes", "disagree"):
        with pytest.raises(NotPossible):
            given_by(None, draft, project, stance=stance, text=" \u200b ")
    assert given_by(None, draft, project, stance="agree", text="").stance == "agree"


@pytest.mark.parametrize(("status", "days_left"), [("consulted", 0), ("validated", 5), ("adopted", 5)])
def test_a_closed_consultation_takes_no_opinion(status: str, days_left: int) -> None:
    draft = make.draft(days_left=days_left)
    Programme.objects.update(status=status)
    with pytest.raises(NotPossible):
        given_by(None, draft, draft.programme.projects.get())
    assert not Opinion.objects.exists()


def test_a_project_that_is_not_in_the_draft_gets_no_opinion(draft: Draft, programme: Programme) -> None:
    with pytest.raises(NotPossible):
        given_by(None, draft, make.project(programme))


def test_an_opinion_without_proof_waits_for_a_look(draft: Draft, project: Project) -> None:
    given_by(None, draft, project, is_doubtful=True)
    given_by(None, draft, project, text="عيطو لي على 0661223344")
    assert queries.summary(draft) == {} and queries.opinions_on(draft, project).opinions == []
    assert len(queries.desk(draft).opinions) == 2


def test_a_show_of_hands_counts_as_many_people_as_online_ones(draft: Draft, project: Project, alice: Person) -> None:
    actions.enter(draft, project, by=alice, stance="agree", key=uuid4(), people=23)
    given_by(None, draft, project)
    summary = queries.summary(draft)[project.number]
    assert (summary.agree, summary.disagree, summary.online, summary.offline) == (23, 1, 1, 23)
    assert (summary.people, summary.opinions, summary.shares()[2].length) == (24, 2, pytest.approx(100 / 24))
    assert queries.total(queries.summary(draft)).people == 24


def test_off_line_opinions_are_entered_after_the_window_but_not_after_validation(alice: Person, ledger: Any) -> None:
    draft = make.draft(days_left=0)
    project, focal = draft.programme.projects.get(), make.focal_point(draft.programme.place)
    key = uuid4()
    for _ in range(2):
        actions.enter(draft, project, by=focal, stance="agree", key=key, people=5)
    assert len(ledger("opinion.given")) == 1
    with pytest.raises(NotPossible):
        actions.enter(draft, project, by=focal, stance="agree", key=uuid4(), people=0)
    with pytest.raises(NotAllowed):
        actions.enter(draft, project, by=alice, stance="agree", key=uuid4())
    Programme.objects.update(status="validated")
    with pytest.raises(NotPossible):
        actions.enter(draft, project, by=focal, stance="agree", key=uuid4())


def test_the_receipts_of_ideas_and_of_opinions_are_never_the_same(draft: Draft, monkeypatch: Any) -> None:
    ideas, opinions = set(free_receipts(20)), {queries.free_receipt() for _ in range(20)}
    assert not {receipt[0] for receipt in ideas} & {receipt[0] for receipt in opinions}
    old, mine = make.idea(receipt="YYYYYYY2").receipt, make.opinion(draft, receipt="YYYYYYY3").receipt
    drawn = iter([old, mine, "YYYYYYY4"])
    monkeypatch.setattr(queries.text, "new_receipt", lambda first: next(drawn))
    assert queries.free_receipt() == "YYYYYYY4"


def test_a_bare_agreement_is_counted_and_asks_for_no_reply(draft: Draft, project: Project) -> None:
    given_by(None, draft, project, stance="agree", text="")
    assert (queries.waiting(draft), queries.desk(draft).opinions) == (0, [])
    assert len(queries.desk(draft, state="all").opinions) == 1


def test_an_opinion_is_answered_with_a_reason(draft: Draft, project: Project, alice: Person, ledger: Any) -> None:
    opinion = given_by(None, draft, project)
    assert rules.can_reply(alice, opinion) and not rules.can_reply(make.person(), opinion)
    with pytest.raises(NotPossible):
        actions.reply(opinion, by=alice, is_taken_up=True, text=" ")
    with pytest.raises(NotAllowed):
        actions.reply(opinion, by=make.focal_point(make.place()), is_taken_up=True, text="نعم")
    assert actions.reply(opinion, by=alice, is_taken_up=True, text="أضفنا الموقع").language == "ar"
    actions.reply(opinion, by=alice, is_taken_up=False, text="Finalement non, le terrain est privé")
    opinion.refresh_from_db()
    assert (opinion.reply.is_taken_up, opinion.reply.language, len(ledger("opinion.replied"))) == (False, "fr", 2)
    assert queries.desk(draft).opinions == [] and queries.desk(draft, state="replied").opinions == [opinion]
    Programme.objects.update(status="adopted")
    with pytest.raises(NotPossible):
        actions.reply(Opinion.objects.get(), by=alice, is_taken_up=True, text="نعم")


def test_lists_of_opinions_ask_as_much_for_one_as_for_thirty(
    draft: Draft, project: Project, django_assert_num_queries: Any
) -> None:
    for size in (1, 30):
        for _ in range(size):
            make.opinion(draft, author=make.person())
        with django_assert_num_queries(2):
            page = queries.opinions_on(draft, project)
            assert all(opinion.project and opinion.author for opinion in page.opinions)
            queries.summary(draft)
    rest = queries.opinions_on(draft, project, before=page.before)
    assert (len(page.opinions), len(rest.opinions), rest.before) == (20, 11, None)


# -- differences -------------------------------------------------------------------------------------


def version(number: int, *found: dict[str, Any]) -> Draft:
    """A version that was never kept, with projects of one axis."""
    axis = {"number": 1, "name": {"ar": "الرقمنة"}, "projects": list(found)}
    return Draft(version=number, contents={"programme": {}, "axes": [axis]})


def frozen_with(number: int = 1, **fields: Any) -> dict[str, Any]:
    words = {name: {} for name in queries.LABELS} | {"title": {"ar": "عنوان"}}
    rest = {"principles": [], "ogp_values": [], "themes": [], "funding": "", "budget": None, "ideas": []}
    rest |= {"starts_on": None, "ends_on": None, "activities": [], "targets": [], "source": "", "reference": ""}
    return {"number": number, **words, **rest, **fields}


def test_a_changed_word_is_shown_in_its_language_only() -> None:
    before = frozen_with(solution={"ar": "نشر الميزانية كل سنة", "fr": "Publier le budget"})
    after = frozen_with(solution={"ar": "نشر الميزانية كل فصل", "fr": "Publier le budget"})
    (change,) = queries.compare(version(1, before), version(2, after)).projects
    (field,) = change.fields
    assert (change.state, field.language) == ("changed", "ar")
    assert field.pieces == [("same", "نشر الميزانية كل "), ("gone", "سنة"), ("new", "فصل")]


def test_an_axis_worded_otherwise_is_told_once_and_leaves_its_projects_the_same() -> None:
    before, after = version(1, frozen_with(1)), version(2, frozen_with(1))
    after.contents["axes"][0]["name"] = {"ar": "الرقمنة والقرب"}
    comparison = queries.compare(before, after)
    assert ([one.language for one in comparison.axes], comparison.counts["same"]) == (["ar"], 1)


def test_new_gone_and_same_projects_are_told_apart() -> None:
    one, two, three = (frozen_with(number) for number in (1, 2, 3))
    comparison = queries.compare(version(1, one, two), version(2, one, three))
    assert [(project.number, project.state) for project in comparison.projects] == [
        (1, "same"),
        (2, "gone"),
        (3, "new"),
    ]
    assert comparison.counts == {"new": 1, "gone": 1, "changed": 0, "same": 1}


def test_dates_money_activities_and_targets_are_compared_too() -> None:
    activity = {"number": 1, "title": {"fr": "Écrire"}, "owner": {}, "planned_from": "2026-01-01"}
    target = {"name": {"fr": "Lecteurs"}, "baseline": "0", "unit": ""}
    before, after = (
        frozen_with(
            budget=budget,
            ends_on=day,
            activities=[{**activity, "planned_until": day}],
            targets=[{**target, "target": value}],
        )
        for budget, day, value in [("100.00", "2026-03-01", "5"), ("200.00", "2026-04-01", "9")]
    )
    (change,) = queries.compare(version(1, before), version(2, after)).projects
    assert len(change.fields) == 4 and all(field.language == "" for field in change.fields)


WORDS = some.text(alphabet="ابتثج نشر الميزانيةab é\u064b.\n", max_size=60)
TEXTS = some.fixed_dictionaries({}, optional={"ar": WORDS, "fr": WORDS})
PROJECTS = some.builds(frozen_with, title=TEXTS, problem=TEXTS, solution=TEXTS, number=some.integers(1, 4))
VERSIONS = some.lists(PROJECTS, max_size=4, unique_by=lambda project: project["number"])


@settings(deadline=None)
@given(VERSIONS, VERSIONS)
def test_the_two_versions_can_be_read_back_from_their_difference(
    older: list[dict[str, Any]], newer: list[dict[str, Any]]
) -> None:
    before, after = version(1, *older), version(2, *newer)
    texts = [{number: queries.texts(found) for number, found in one.projects().items()} for one in (before, after)]
    for project in queries.compare(before, after).projects:
        old, new = (side.get(project.number, {}) for side in texts)
        for field in project.fields:
            key = (field.name, field.language)
            assert "".join(text for kind, text in field.pieces if kind != "new") == old.get(key, "")
            assert "".join(text for kind, text in field.pieces if kind != "gone") == new.get(key, "")
        untouched = {key for key in old.keys() | new.keys()} - {(one.name, one.language) for one in project.fields}
        assert all(old.get(key) == new.get(key) for key in untouched)


@settings(deadline=None)
@given(VERSIONS)
def test_a_version_does_not_differ_from_itself(found: list[dict[str, Any]]) -> None:
    comparison = queries.compare(version(1, *found), version(2, *found))
    assert comparison.axes == [] and {project.state for project in comparison.projects} <= {"same"}


def test_why_the_consultation_opens_earlier_is_said_in_each_readers_language(
    programme: Programme, alice: Person, sign_in: Any
) -> None:
    make.phase(programme, "consultation", days_left=30)
    actions.open_draft(programme, by=alice, closes_on=in_days(7))
    desk = sign_in(alice)
    address = reverse("programmes:phases", args=[programme.place.slug])
    for language, words in {"fr": "Le projet de programme est prêt", "ar": "مسودة البرنامج جاهزة"}.items():
        assert words in desk.get(f"/{language}/{address.removeprefix('/ar/')}").content.decode()
