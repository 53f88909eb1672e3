from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from infitah.ground.accounts.models import Person, Role
from infitah.journey.monitoring import actions, queries, rules
from infitah.journey.monitoring.models import Alert, Evidence, Rating, Report
from infitah.journey.projects.models import Activity, Target
from infitah.lib.errors import NotAllowed, NotPossible
from infitah.lib.i18n import Localized
from tests import make

pytestmark = pytest.mark.django_db
SHOWN = Localized(ar="بعد الأشغال", fr="Après les travaux")


def owner_of(activity: Activity) -> Person:
    return make.holder(Role.PROJECT_OWNER, activity.project.place)


def test_who_answers_for_the_programme_reports_and_nobody_else() -> None:
    activity = make.under_way()
    place = activity.project.place
    for who in (make.focal_point(place), owner_of(activity)):
        assert rules.can_report(who, activity)
    member = make.seat(activity.project.programme).person
    strangers = [
        None,
        make.person(),
        make.focal_point(make.place()),
        member,
        make.holder(Role.NATIONAL, make.country()),
    ]
    assert not any(rules.can_report(who, activity) for who in strangers)


def test_nothing_is_reported_rated_or_proved_before_the_council_adopts() -> None:
    activity = make.activity(make.project(make.programme(status="on_agenda")))
    by = make.focal_point(activity.project.place)
    for act in (
        lambda: actions.report(activity, by=by, status="under_way", text="بدأنا"),
        lambda: actions.rate(activity, by=by, completion="limited"),
        lambda: actions.prove(activity, by=by, caption=SHOWN, link="https://example.org"),
    ):
        with pytest.raises(NotPossible):
            act()


def test_a_stranger_may_not_report() -> None:
    with pytest.raises(NotAllowed):
        actions.report(make.under_way(), by=make.person(), status="under_way", text="x")


def test_an_activity_is_complete_only_on_evidence_that_is_shown(ledger: Callable[..., list[Any]]) -> None:
    activity = make.under_way()
    by = owner_of(activity)
    make.proof(activity, visibility=Evidence.Visibility.HIDDEN)
    with pytest.raises(NotPossible):
        actions.report(activity, by=by, status="completed", text="انتهينا")
    actions.prove(activity, by=by, caption=SHOWN, link="https://example.org/budget")
    actions.report(activity, by=by, status="completed", text="انتهينا")
    activity.refresh_from_db()
    assert (activity.status, activity.ended_on) == ("completed", timezone.localdate())
    assert ledger()[-2:] == ["evidence.added", "activity.reported"]


def test_why_an_activity_stalls_stands_with_it_until_it_moves_again() -> None:
    activity = make.under_way()
    by = owner_of(activity)
    actions.report(activity, by=by, status="stalled", text="لا اعتمادات")
    activity.refresh_from_db()
    assert activity.reason == "لا اعتمادات"
    actions.report(activity, by=by, status="under_way", text="استؤنفت الأشغال", reported_on=timezone.localdate())
    activity.refresh_from_db()
    assert (activity.reason, activity.started_on) == ("", timezone.localdate())


@pytest.mark.parametrize("wrong", [{"text": "  "}, {"reported_on": date(2999, 1, 1)}, {"status": "not_started"}])
def test_a_report_has_words_a_day_that_has_come_and_a_way_forward(wrong: dict[str, Any]) -> None:
    activity = make.under_way(status="under_way")
    with pytest.raises(NotPossible):
        actions.report(activity, by=owner_of(activity), **{"status": "under_way", "text": "x", **wrong})


def test_the_same_form_twice_is_one_record() -> None:
    activity, key = make.under_way(), uuid4()
    by = owner_of(activity)
    for _ in range(2):
        actions.report(activity, by=by, status="under_way", text="x", key=key)
        actions.prove(activity, by=by, caption=SHOWN, link="https://example.org", key=key)
        actions.rate(activity, by=by, completion="limited", key=key)
    assert (Report.objects.count(), Evidence.objects.count(), Rating.objects.count()) == (1, 1, 1)


def test_a_photo_is_kept_with_its_hash_and_a_small_copy() -> None:
    activity = make.under_way()
    file = make.upload(make.photo((2000, 1000)), "x.jpg", ("pdf", "image"))
    proof = actions.prove(activity, by=owner_of(activity), caption=SHOWN, file=file)
    assert (proof.kind, proof.sha256) == ("photo", file.sha256)
    assert proof.small.size < proof.file.size


def test_evidence_is_a_file_or_a_link() -> None:
    activity = make.under_way()
    by = owner_of(activity)
    for both_or_none in ({"file": make.upload(), "link": "https://example.org"}, {}):
        with pytest.raises(NotPossible):
            actions.prove(activity, by=by, caption=SHOWN, **both_or_none)
    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.create(activity=activity, kind="link", caption=SHOWN)


def test_whoever_rates_speaks_for_one_side() -> None:
    activity = make.under_way()
    programme = activity.project.programme
    speakers = {
        "official": [owner_of(activity), make.seat(programme, "elected").person],
        "civil": [make.seat(programme, "civil").person],
        "citizen": [make.person()],
    }
    for side, people in speakers.items():
        for who in people:
            assert actions.rate(activity, by=who, completion="limited").side == side


def test_the_two_ratings_stand_side_by_side_with_the_gap_in_steps() -> None:
    activity = make.under_way(status="under_way")
    programme = activity.project.programme
    civil = make.seat(programme, "civil").person
    actions.rate(activity, by=owner_of(activity), completion="substantial")
    for completion in ("complete", "not_started"):
        actions.rate(activity, by=civil, completion=completion)
    resident = make.person()
    for completion in ("limited", "substantial"):
        actions.rate(activity, by=resident, completion=completion)
    ratings = queries.ratings_of(queries.activities_of(programme))[activity.pk]
    assert (ratings.official, ratings.civil, ratings.gap) == ("substantial", "not_started", 2)
    assert dict(ratings.citizens) == {"substantial": 1}
    assert [side["steps"] for side in ratings.sides] == [3, 0]


def test_a_project_counts_what_each_side_holds_to_be_complete() -> None:
    activity = make.under_way(status="completed")
    project = activity.project
    for _ in range(4):
        make.activity(project)
    make.proof(activity)
    actions.rate(activity, by=make.seat(project.programme, "civil").person, completion="limited")
    counted = queries.ratings(project)
    assert (counted.total, counted.official, counted.civil, counted.gap, counted.share) == (5, 1, 0, 1, 20)


def test_completion_no_longer_counts_once_its_evidence_is_hidden() -> None:
    activity = make.under_way(status="completed")
    make.proof(activity, visibility=Evidence.Visibility.HIDDEN)
    programme = activity.project.programme
    assert queries.progress(programme, date(2026, 1, 1)).completed == 0
    assert queries.ratings_of(queries.activities_of(programme))[activity.pk].official == "no_evidence"


def test_progress_counts_every_activity_once() -> None:
    activity = make.under_way(status="completed")
    make.proof(activity)
    make.proof(activity)
    for status in ("under_way", "stalled", "not_started"):
        make.activity(activity.project, status=status)
    make.activity(activity.project, status="abandoned", reason="x")
    counted = queries.progress(activity.project.programme, date(2026, 7, 1))
    assert (counted.total, counted.completed, counted.late, counted.share) == (5, 1, 3, 20)


@pytest.mark.parametrize("activities", [1, 30])
def test_ratings_ask_the_database_thrice_whatever_their_number(activities: int, django_assert_num_queries: Any) -> None:
    project = make.under_way().project
    for _ in range(activities):
        actions.rate(make.activity(project), by=make.person(), completion="limited")
    with django_assert_num_queries(3):
        queries.ratings_by_project(project.programme)


def test_a_project_silent_for_120_days_is_flagged_once_until_it_speaks(ledger: Callable[..., list[Any]]) -> None:
    activity = make.under_way()
    last = activity.planned_from
    assert actions.alert(last + timedelta(days=119)) == []
    assert len(actions.alert(last + timedelta(days=120))) == 1
    assert actions.alert(last + timedelta(days=130)) == []
    actions.report(activity, by=owner_of(activity), status="under_way", text="عدنا")
    assert Alert.objects.exclude(ended_at=None).count() == 1
    assert len(actions.alert(timezone.localdate() + timedelta(days=120))) == 1
    assert ledger().count("project.silent") == 2


def test_a_silent_project_says_so_to_its_readers_until_it_speaks(client: Client) -> None:
    activity = make.under_way(planned_from=timezone.localdate() - timedelta(days=200))
    project = activity.project
    page = f"/fr/c/{project.place.slug}/projects/{project.number}/"
    assert "Rien n’a été rapporté depuis" in client.get(page).content.decode()
    actions.report(activity, by=owner_of(activity), status="under_way", text="Nous avons repris")
    assert "Rien n’a été rapporté depuis" not in client.get(page).content.decode()


def test_a_finished_or_closed_project_is_not_silent() -> None:
    make.under_way(status="abandoned", reason="x")
    make.activity(make.project(make.programme(status="closed")))
    assert not queries.silent_projects(date(2999, 1, 1)).exists()


def test_an_indicator_is_read_by_those_who_answer_for_it() -> None:
    activity = make.under_way()
    target = Target.objects.create(project=activity.project, name={"ar": "زيارات"}, target="100")
    for value in ("40", "60"):
        actions.read(target, by=owner_of(activity), value=value)
    assert [reading.value for reading in target.readings.all()] == ["60"]
    with pytest.raises(NotAllowed):
        actions.read(target, by=make.person(), value="1")
    with pytest.raises(NotPossible):
        actions.read(target, by=owner_of(activity), value="1", read_on=date(2999, 1, 1))


@pytest.mark.parametrize("status", ["stalled", "abandoned"])
def test_what_stalls_or_is_given_up_bears_its_reason(status: str) -> None:
    activity = make.under_way()
    actions.report(activity, by=owner_of(activity), status=status, text="لم تُرصد الميزانية بعد")
    activity.refresh_from_db()
    assert (activity.status, activity.reason) == (status, "لم تُرصد الميزانية بعد")


# -- pages -------------------------------------------------------------------------------------


def address(activity: Activity, verb: str = "") -> str:
    project = activity.project
    tail = f"{verb}/" if verb else ""
    return f"/ar/c/{project.place.slug}/projects/{project.number}/activities/{activity.number}/{tail}"


def sending(content: bytes, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_from_proof_to_two_ratings_through_pages(sign_in: Any, client: Client) -> None:
    activity = make.under_way()
    owner = sign_in(owner_of(activity))
    proof = {"key": str(uuid4()), "caption_ar": "الغلاف", "file": sending(make.photo(), "x.jpg")}
    assert owner.post(address(activity, "prove"), proof).status_code == 303
    report = {"key": str(uuid4()), "status": "completed", "text": "انتهينا"}
    assert owner.post(address(activity, "report"), report).status_code == 303
    civil = sign_in(make.seat(activity.project.programme, "civil").person)
    rating = {"key": str(uuid4()), "completion": "limited", "text": "ناقص"}
    assert civil.post(address(activity, "rate"), rating).status_code == 303
    shown = client.get(address(activity)).content.decode()
    for words in ("انتهينا", "ناقص", "مكتمل", "محدود", "تفصل بين الطرفين درجتان"):
        assert words in shown
    evidence = Evidence.objects.get()
    for query in ("", "?small"):
        answer = client.get(f"{address(activity, 'evidence')}{evidence.pk}/{query}")
        assert b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        assert answer["Content-Type"].startswith("image/")


def test_hidden_evidence_is_nowhere(client: Client) -> None:
    activity = make.under_way()
    evidence = actions.prove(activity, by=owner_of(activity), caption=SHOWN, file=make.upload())
    Evidence.objects.update(visibility="hidden")
    assert client.get(f"{address(activity, 'evidence')}{evidence.pk}/").status_code == 404
    assert client.get(f"/files/{evidence.file.name}").status_code == 404
    assert "صورة خاصة" not in client.get(address(activity)).content.decode()


@pytest.mark.parametrize(
    ("verb", "wrong"),
    [
        ("report", {"status": "completed", "text": ""}),
        ("report", {"status": "nonsense", "text": "x"}),
        ("prove", {"caption_fr": "x"}),
        ("prove", {"caption_fr": "x", "link": "javascript:alert(1)"}),
        ("prove", {"caption_fr": "x", "file": sending(b"MZ\x90\x00 run", "x.pdf")}),
        ("prove", {"caption_fr": "x", "file": sending(make.PDF, "x.pdf"), "link": "https://example.org"}),
        ("rate", {"completion": ""}),
    ],
)
def test_a_wrong_form_comes_back_with_what_was_typed(verb: str, wrong: dict[str, Any], sign_in: Any) -> None:
    activity = make.under_way()
    answer = sign_in(owner_of(activity)).post(address(activity, verb), {"key": str(uuid4()), **wrong})
    assert answer.status_code == 422


def test_what_a_piece_of_evidence_shows_is_told_in_the_language_of_the_reader(sign_in: Any, client: Client) -> None:
    activity = make.under_way()
    told = {"key": str(uuid4()), "caption_ar": "الغلاف", "caption_fr": "La couverture", "link": "https://example.org/"}
    assert sign_in(owner_of(activity)).post(address(activity, "prove"), told).status_code == 303
    assert Evidence.objects.get().caption == Localized(ar="الغلاف", fr="La couverture")
    for language, shown, other in [("ar", "الغلاف", "La couverture"), ("fr", "La couverture", "الغلاف")]:
        page = client.get(address(activity).replace("/ar/", f"/{language}/")).content.decode()
        assert f'<span lang="{language}"' in page and shown in page and other not in page


def test_completing_without_evidence_is_refused_with_a_sentence(sign_in: Any) -> None:
    activity = make.under_way()
    form = {"key": str(uuid4()), "status": "completed", "text": "انتهينا من كل شيء"}
    answer = sign_in(owner_of(activity)).post(address(activity, "report"), form)
    shown = answer.content.decode()
    assert (answer.status_code, "دليل إثبات" in shown, form["text"] in shown) == (422, True, True)
    assert f'id="id_{activity.pk}_status_error"' in shown
    with pytest.raises(NotPossible):
        actions.report(activity, by=owner_of(activity), status="completed", text="انتهينا")


def test_an_emoji_alone_is_no_report_no_caption_and_no_word_with_a_rating(sign_in: Any) -> None:
    activity = make.under_way()
    browser, key = sign_in(owner_of(activity)), str(uuid4())
    for verb, sent in [
        ("report", {"status": "under_way", "text": "👍👍👍"}),
        ("prove", {"caption_ar": "📷", "link": "https://example.org/"}),
        ("rate", {"completion": "limited", "text": "🙏"}),
    ]:
        assert browser.post(address(activity, verb), {"key": key, **sent}).status_code == 422
    assert browser.post(address(activity, "rate"), {"key": key, "completion": "limited", "text": ""}).status_code == 303


def test_what_the_collectivity_rates_after_completing_is_shown_and_what_it_said_before_is_not() -> None:
    activity = make.under_way(status="completed", ended_on=timezone.localdate() - timedelta(days=20))
    make.proof(activity)
    owner = owner_of(activity)

    def official() -> str | None:
        found = queries.activities_of(activity.project.programme)
        return queries.ratings_of(found)[activity.pk].official

    assert official() == "complete"
    actions.rate(activity, by=owner, completion="limited")
    activity.ratings.update(at=timezone.now() - timedelta(days=40))
    assert official() == "complete"
    actions.rate(activity, by=owner, completion="substantial")
    assert official() == "substantial"
    assert queries.ratings(activity.project).official == 1  # it is completed on evidence all the same
    activity.evidence.update(visibility="hidden")
    assert official() == "no_evidence"


def test_the_round_keeps_a_row_at_once_and_answers_with_that_row(sign_in: Any) -> None:
    activity = make.under_way()
    browser = sign_in(owner_of(activity))
    form = {"key": str(uuid4()), "status": "under_way", "text": "بدأنا", "round": "1"}
    answer = browser.post(address(activity, "report"), form, headers={"HX-Request": "true"})
    assert (answer.status_code, f'id="activity-{activity.pk}"' in answer.content.decode()) == (200, True)
    assert "<html" not in answer.content.decode()
    again = browser.post(address(activity, "report"), {**form, "text": ""}, headers={"HX-Request": "true"})
    assert again.status_code == 422
    plain = browser.post(address(activity, "report"), {**form, "key": str(uuid4())})
    assert plain.headers["Location"].endswith(f"/progress/#activity-{activity.pk}")


def test_each_figure_of_the_round_opens_the_activities_that_it_counts(sign_in: Any) -> None:
    activity = make.under_way(status="completed", title=Localized(fr="Prouvée"))
    make.proof(activity)
    make.activity(activity.project, status="completed")  # without evidence that anyone can see
    make.activity(activity.project, status="stalled")
    make.activity(activity.project, status="under_way", moved_until=date(2999, 1, 1), moved_from=date(2026, 1, 1))
    browser, round_ = sign_in(owner_of(activity)), f"/fr/c/{activity.project.place.slug}/progress/"
    counted = browser.get(round_).context["progress"]
    for state, number in {"completed": 1, "under_way": 1, "stalled": 1, "late": 1}.items():
        rows = browser.get(round_, {"state": state}).context["rows"]
        assert len(rows) == number == getattr(counted, state), state


def test_words_with_a_phone_number_wait_for_a_look(client: Client) -> None:
    activity = make.under_way()
    rating = actions.rate(activity, by=make.person(), completion="limited", text="اتصلوا بي 0612345678")
    assert not rating.is_shown
    assert "0612345678" not in client.get(address(activity)).content.decode()
    ratings = queries.ratings_of(queries.activities_of(activity.project.programme))
    assert not ratings[activity.pk].citizens


@pytest.mark.parametrize("activities", [1, 30])
def test_the_round_costs_the_same_for_any_number_of_activities(
    activities: int, sign_in: Any, django_assert_max_num_queries: Any
) -> None:
    activity = make.under_way()
    for _ in range(activities - 1):
        make.activity(activity.project)
    browser = sign_in(owner_of(activity))
    with django_assert_max_num_queries(12):
        assert browser.get(f"/ar/c/{activity.project.place.slug}/progress/").status_code == 200
