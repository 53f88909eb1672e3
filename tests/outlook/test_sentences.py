"""Why something was done is read in full in the register, and stands in no entry of the ledger."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from infitah.ground.accounts import actions as accounts
from infitah.ground.accounts import queries as people
from infitah.ground.accounts.models import Person, Role
from infitah.ground.ledger.models import Entry
from infitah.journey.adoption import actions as adoption
from infitah.journey.evaluation import actions as evaluation
from infitah.journey.monitoring import actions as monitoring
from infitah.journey.programmes import actions as programmes
from infitah.journey.programmes.models import Phase
from infitah.journey.projects import actions as projects
from infitah.lib import files
from infitah.lib.i18n import Localized
from infitah.lib.text import print_of
from infitah.network.calls import actions as calls
from infitah.network.meetings import actions as meetings
from infitah.outlook.notifications import actions as notifications
from infitah.outlook.notifications.models import Notice
from infitah.outlook.notifications.queries import told
from infitah.outlook.spaces import actions as spaces
from tests import make, make_calls

pytestmark = pytest.mark.django_db
WHY = "كما طلبت السيدة فاطمة"
SOON = {"opens_at": timezone.now(), "closes_at": timezone.now() + timedelta(days=9)}
DAYS = {"planned_from": date(2024, 3, 1), "planned_until": date(2024, 3, 31)}


def national() -> Person:
    return make.holder(Role.NATIONAL, make.country(), "Nadia")


def shifted(why: str = WHY, phase: Phase | None = None) -> Any:
    phase = phase or make.phase(make.programme(), "ideas")
    return programmes.shift(phase, by=make.focal_point(phase.programme.place), reason=why, **SOON)


def dropped() -> Any:
    project = make.project()
    return projects.drop(project, by=make.focal_point(project.place), reason=WHY)


def voted(how: Callable[..., Any], **votes: int) -> Any:
    vote = make.deliberation(make.programme(status="on_agenda"))
    return how(vote, by=make.holder(Role.CLERK, vote.programme.place), reason=WHY, **votes)


def withdrawn() -> Any:
    material = make.material(make.meeting())
    return meetings.withdraw(material, by=make.focal_point(material.meeting.place), reason=WHY)


def called_off() -> Any:
    meeting = make.meeting(starts_at=timezone.now() + timedelta(days=3))
    return meetings.call_off(meeting, by=make.focal_point(meeting.place), reason=Localized(ar=WHY))


def refused() -> Any:
    applied, about = make_calls.application(status="submitted"), {"outcome": "refused", "is_public": True}
    return calls.answer(applied, by=national(), key=uuid4(), turn=applied.turn, reason=WHY, **about)


ACTIONS: dict[str, Callable[[], Any]] = {
    "phase.shifted": shifted,
    "project.dropped": dropped,
    "project.amended": lambda: projects.amend(make.plan(), by=national(), reason=WHY, results=Localized(fr="Appui")),
    "activity.rescheduled": lambda: projects.reschedule(
        make.plan().activities.get(), by=national(), reason=WHY, **DAYS
    ),
    "programme.postponed": lambda: voted(adoption.postpone),
    "programme.rejected": lambda: voted(adoption.reject, votes_for=1, votes_against=9, abstentions=0),
    "material.withdrawn": withdrawn,
    "meeting.called_off": called_off,
    "application.refused": refused,
}


@pytest.mark.parametrize("action", ACTIONS)
def test_the_register_says_why_in_words_of_which_the_entry_has_the_print(action: str, client: Client) -> None:
    ACTIONS[action]()
    entry = Entry.objects.get(action=action)
    assert WHY not in str(entry.particulars)
    words = Localized(ar=WHY) if action == "meeting.called_off" else WHY
    assert entry.particulars["reason_sha256"] == print_of(words)
    assert client.get("/ar/ledger/").content.decode().count(WHY) == 1
    notice = Notice(entry=entry.pk, person=make.person(), at=entry.at, is_direct=False)
    assert [str(line.reason) for line in told([notice])] == [WHY]


def test_reasons_that_follow_each_other_are_each_read_beside_what_they_were_given_for(client: Client) -> None:
    project = make.project()
    focal = make.focal_point(project.place)
    for why in ("أول الأسباب", "ثانيها"):
        projects.drop(project, by=focal, reason=why)
        projects.restore_project(project, by=focal)
        shifted(why, make.phase(project.programme, "ideas" if why == "ثانيها" else "axes"))
    page = client.get("/ar/ledger/").content.decode()
    assert [page.count(why) for why in ("أول الأسباب", "ثانيها")] == [2, 2]


def test_a_page_of_the_register_asks_for_all_its_reasons_at_once(client: Client) -> None:
    phase = make.phase(make.programme(), "ideas")
    asked = []
    for turn in range(2):
        for number in range(1 + 12 * turn):
            shifted(f"{turn} {number}", phase)
        cache.clear()
        client.get(f"/ar/ledger/?before={99999990 + turn}")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/ar/ledger/?before={99999995 + turn}")
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_whoever_follows_a_place_is_mailed_why_a_vote_is_put_off_and_reads_it_in_its_story() -> None:
    place, follower = make.member().place, make.person()
    notifications.follow(follower, place)
    vote = make.deliberation(make.programme(place, status="on_agenda"))
    adoption.postpone(vote, by=make.holder(Role.CLERK, place), reason=WHY)
    make.told()
    notifications.mail(is_direct=False)
    assert WHY in str(mail.outbox[0].body)
    assert WHY in Client().get(f"/ar/c/{place.slug}/since/").content.decode()


def test_a_reason_for_the_applicant_alone_is_not_in_the_register(client: Client) -> None:
    applied = make_calls.application(status="submitted")
    calls.answer(applied, by=national(), key=uuid4(), turn=applied.turn, outcome="refused", reason=WHY)
    assert WHY not in client.get("/ar/ledger/").content.decode()


def test_titles_names_and_values_go_to_the_ledger_as_prints(ledger: Callable[..., list[Any]]) -> None:
    programme, name, title = make.programme(), Localized(ar="محور السيدة فاطمة"), Localized(fr="Le parc de Fatima")
    focal = make.focal_point(programme.place)
    programmes.word_axes(programme, by=focal, names=[name, name])
    project = projects.draft(programme, by=focal, title=title)
    paper = files.checked(SimpleUploadedFile("parc.pdf", make.PDF), kinds={"pdf"})
    spaces.publish(programme.place, by=focal, title=title, file=paper, key=uuid4())
    activity = make.under_way()
    target = make.target(activity.project)
    monitoring.read(target, by=make.holder(Role.PROJECT_OWNER, target.project.place), value="بحسب فاطمة")
    review = {"kind": "results", "reviewer": "IRM", "source": "https://example.org/fatima", "verifiable": "yes"}
    evaluation.review(make.plan(), by=national(), reviewed_on=date(2025, 5, 1), key=uuid4(), **review)
    assert ledger("axes.worded")[0].particulars == {"axes_sha256": [print_of(name)] * 2}
    told = {"number": project.number, "title_sha256": print_of(title)}
    assert ledger("project.drafted")[0].particulars == told
    assert ledger("document.published")[0].particulars["title_sha256"] == print_of(title)
    assert ledger("target.read")[0].particulars["value_sha256"] == print_of("بحسب فاطمة")
    assert ledger("project.reviewed")[0].particulars["source_sha256"] == print_of("https://example.org/fatima")


def test_whoever_gave_a_reason_finds_it_in_their_copy_and_leaves_it_when_they_are_erased(client: Client) -> None:
    phase = make.phase(make.programme(), "ideas")
    focal = make.focal_point(phase.programme.place, "Alice")
    programmes.shift(phase, by=focal, reason=WHY, **SOON)
    copy = people.kept_about(focal)["records"]["programmes.shift.by"]
    assert [row["reason"] for row in copy] == [WHY]
    accounts.erase(focal, by=focal)
    page = client.get("/ar/ledger/").content.decode()
    assert WHY in page and "Alice" not in page


def test_words_taken_out_of_a_record_are_gone_and_the_ledger_stays_whole(client: Client) -> None:
    shifted()
    before = Entry.objects.get(action="phase.shifted")
    changed = Phase.objects.get().shifts
    changed.update(reason="كما طلبت ساكنة")  # what whoever runs the platform does at somebody's demand
    page = client.get("/ar/ledger/").content.decode()
    assert "فاطمة" not in page and "كما طلبت ساكنة" in page
    after = Entry.objects.get(action="phase.shifted")
    assert after.particulars == before.particulars
    assert after.particulars["reason_sha256"] != print_of(changed.get().reason)
