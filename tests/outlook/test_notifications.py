import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from infitah.ground.accounts.models import Contact, Person
from infitah.ground.discussion import actions as discussion
from infitah.ground.ledger import actions as ledger
from infitah.ground.ledger.models import Entry
from infitah.ground.moderation import actions as moderation
from infitah.ground.moderation import queries as publications
from infitah.ground.moderation.models import Ground
from infitah.journey.ideas import actions as ideas
from infitah.journey.ideas.models import Idea
from infitah.journey.programmes import actions as programmes
from infitah.lib.errors import NotAllowed
from infitah.outlook.kinds.queries import KINDS
from infitah.outlook.notifications import actions, queries
from infitah.outlook.notifications.catalog import NOTICES
from infitah.outlook.notifications.models import Notice, Subscription
from infitah.outlook.practices import actions as practices
from infitah.outlook.sentences.queries import SENTENCES
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def idea() -> Idea:
    return make.idea(author=make.person("Author", language="fr"))


def happen(action: str, thing: Any, by: Person | None = None, **particulars: Any) -> Entry:
    return ledger.record(action, by=by, on=thing, place=getattr(thing, "place", None), **particulars)


def notify() -> int:
    """Seal what happened and tell of it; a test's own transaction is never finished, so it is sealed by hand."""
    ledger.seal_these(list(Entry.objects.filter(seal=None).order_by("id")))
    return actions.notify()


def contact(language: str = "ar", email: str = "resident@example.org") -> Contact:
    return Contact.objects.create(email=email, language=language, retain_until=timezone.localdate() + timedelta(days=9))


def test_whoever_runs_the_programme_is_told_of_a_proposal_in_a_digest_and_nobody_else(idea: Idea) -> None:
    runner, member = make.focal_point(idea.place), make.seat(idea.programme).person
    follower = make.person("Follower")
    for person in (follower, runner):
        actions.follow(person, idea)
    ideas.propose(idea, by=member, outcome="covered", reason="مبرمجة من قبل")
    assert notify() == 1
    notice = Notice.objects.get()
    (line,) = queries.told([notice])
    assert (notice.person, notice.is_direct, notice.is_weekly) == (runner, False, False)
    assert line.address.endswith(f"/ideas/{idea.number}/decide/") and "لجنة التتبع" in line.words


def test_every_action_of_the_house_has_a_sentence() -> None:
    told = set()
    for file in Path(settings.HOUSE / "infitah").rglob("actions.py"):
        told |= set(re.findall(r'\brecord(?:_many)?\(\s*"([a-z_]+\.[a-z_]+)"', file.read_text()))
    assert sorted(told - set(SENTENCES)) == []
    assert sorted(set(NOTICES) - set(SENTENCES)) == []


def test_an_author_is_told_once_and_mailed_once_in_their_language(idea: Idea) -> None:
    happen("idea.decided", idea)
    assert (notify(), notify(), actions.notify()) == (1, 0, 0)
    assert (actions.mail(is_direct=True), actions.mail(is_direct=True)) == (1, 0)
    sent = mail.outbox[0]
    assert (sent.to, sent.subject) == ([idea.author.email], "Votre idée a reçu une réponse.")
    assert idea.solution in sent.body


def test_an_author_without_an_account_is_mailed_with_the_receipt_and_can_stop() -> None:
    idea = make.idea(contact=contact())
    happen("idea.decided", idea)
    notify()
    actions.mail(is_direct=True)
    body = mail.outbox[0].body
    assert "صدر جواب عن فكرتكم." in mail.outbox[0].subject
    if queries.path("custody:receipt", idea.receipt):
        assert f"/r/{idea.receipt}/" in body
    stop = re.search(r"http://[^/]+(/ar/notices/forget/\S+)", body)
    assert stop
    browser = Client()
    assert browser.get(stop[1]).status_code == 200 and Contact.objects.exists()
    assert browser.post(stop[1]).status_code == 303 and not Contact.objects.exists()
    assert browser.get(stop[1]).status_code == 200
    assert browser.get("/ar/notices/forget/wrong/").status_code == 404


def test_whoever_gave_five_ideas_without_an_account_gets_one_message_when_they_are_answered() -> None:
    programme, spelt = make.programme(), ["a@example.org", "A@Example.org"]
    given = [make.idea(programme, contact=contact(email=spelt[number % 2])) for number in range(5)]
    other = make.idea(programme, contact=contact(email="other@example.org"))
    by = make.focal_point(programme.place)
    ideas.decide_many([*given, other], by=by, outcome="covered", reason="مبرمجة من قبل")
    notify()
    assert (actions.mail(is_direct=True), actions.mail(is_direct=True)) == (2, 0)
    first, second = sorted(mail.outbox, key=lambda sent: sent.to[0].lower())
    assert all(f"/r/{idea.receipt}/" in first.body for idea in given) and other.receipt not in first.body
    assert f"/r/{other.receipt}/" in second.body and second.to == ["other@example.org"]
    actions.forget(given[2].contact)
    assert list(Contact.objects.values_list("email", flat=True)) == ["other@example.org"]


def test_nobody_is_told_of_what_they_did_themselves(idea: Idea) -> None:
    happen("idea.grouped", idea, by=idea.author)
    assert notify() == 0


def test_followers_get_one_digest_and_never_an_empty_one(idea: Idea) -> None:
    follower = make.person("Follower", language="ar")
    actions.follow(follower, idea)
    assert actions.mail(is_direct=False) == 0
    happen("idea.grouped", idea)
    happen("idea.decided", idea)
    notify()
    assert (actions.mail(is_direct=False), actions.mail(is_direct=False)) == (1, 0)
    sent = [each for each in mail.outbox if each.to == [follower.email]]
    assert len(sent) == 1 and "مستجدان" in sent[0].subject
    assert "صدر جواب عن فكرة تتتبعونها." in sent[0].body


def test_old_news_is_shown_and_not_mailed(idea: Idea) -> None:
    happen("idea.decided", idea)
    notify()
    Notice.objects.update(at=timezone.now() - timedelta(days=4))
    assert actions.mail(is_direct=True) == 0
    assert len(queries.notices_of(idea.author)[0]) == 1


def test_demonstration_people_get_no_mail(idea: Idea) -> None:
    Person.objects.filter(pk=idea.author.pk).update(is_demonstration=True)
    happen("idea.decided", idea)
    notify()
    assert actions.mail(is_direct=True) == 0 and not mail.outbox


def test_a_message_not_taken_is_sent_later(idea: Idea, monkeypatch: Any) -> None:
    happen("idea.decided", idea)
    notify()
    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", lambda *_: (_ for _ in ()).throw(OSError("no post")))
        with pytest.raises(OSError):
            actions.mail(is_direct=True)
    assert actions.mail(is_direct=True) == 1


def test_followers_of_a_place_hear_of_its_phases_once() -> None:
    programme = make.programme()
    actions.follow(make.person("Follower"), programme.place)
    make.phase(programme, "ideas", days_ago=1)
    make.phase(programme, "consultation", days_ago=9)
    assert [phase.kind for phase in programmes.announce(timezone.now())] == ["ideas"]
    assert programmes.announce(timezone.now()) == []
    assert notify() == 1
    assert str(programme.place) in queries.told(list(Notice.objects.all()))[0].title


def test_followers_of_a_project_hear_of_its_activities() -> None:
    project = make.project()
    activity = project.activities.first() or project.activities.create(
        number=1, title={"fr": "Former"}, owner={}, planned_from=date(2025, 1, 1), planned_until=date(2025, 2, 1)
    )
    actions.follow(make.person("Follower"), project)
    happen("activity.reported", activity)
    assert notify() == 1


def test_the_author_is_told_of_a_ruling_and_of_the_answer_to_an_appeal(idea: Idea) -> None:
    ruling = moderation.hide(idea, by=make.focal_point(idea.place), ground=Ground.SPAM, reason="Twice.")
    appeal = moderation.appeal(ruling, by=idea.author, text="Once only.")
    moderation.answer_appeal(appeal, by=make.holder("deputy", idea.place), text="Twice.", is_granted=False)
    notify()
    lines = queries.notices_of(idea.author)[0]
    assert [line.entry.action for line in lines] == ["appeal.answered", "publication.hidden"]
    assert all(f"/rulings/{ruling.pk}/" in line.address for line in lines)


def test_a_comment_is_told_to_the_author_of_the_idea_unless_it_is_held(idea: Idea) -> None:
    discussion.say(idea, by=make.person("Bob"), text="I agree", language="fr")
    discussion.say(idea, by=make.person("Bob"), text="Call 0612345678", language="fr")
    notify()
    assert Notice.objects.filter(person=idea.author).count() == 1


def test_telling_takes_as_many_queries_for_one_as_for_thirty(idea: Idea) -> None:
    def told(count: int) -> int:
        for _ in range(count):
            each = make.idea(idea.programme, author=make.person("Author"))
            actions.follow(make.person("Follower"), each)
            happen("idea.decided", each)
        ledger.seal_these(list(Entry.objects.filter(seal=None).order_by("id")))
        with CaptureQueriesContext(connection) as asked:
            assert actions.notify() == 2 * count
        return len(asked)

    assert told(1) == told(30)


def test_one_follows_once_and_what_is_published_only(idea: Idea) -> None:
    alice = make.person()
    for _ in range(2):
        actions.follow(alice, idea)
    assert Subscription.objects.count() == 1
    actions.unfollow(alice, idea)
    assert not queries.following(idea, alice).is_on
    for who, thing in [(None, idea), (alice, make.idea(idea.programme, visibility="hidden"))]:
        with pytest.raises(NotAllowed):
            actions.follow(who, thing)


def test_notices_of_long_ago_and_wishes_of_the_erased_are_removed(idea: Idea) -> None:
    actions.follow(make.person(erased_at=timezone.now(), email=None), idea)
    Notice.objects.create(entry=1, person=make.person(), at=timezone.now() - timedelta(days=400))
    assert actions.tidy() == 1 and not Subscription.objects.exists()


# -- pages -------------------------------------------------------------------------------------


def test_my_news_are_listed_and_marked_as_read(sign_in: Any, idea: Idea) -> None:
    happen("idea.decided", idea)
    notify()
    browser = sign_in(idea.author)
    told = browser.get("/fr/notices/").content.decode()
    assert "Votre idée a reçu une réponse." in told and "Nouveau" in told
    assert browser.post("/fr/notices/").status_code == 303
    assert "Nouveau" not in browser.get("/fr/notices/").content.decode()


def test_one_follows_on_the_page_with_and_without_htmx(sign_in: Any, idea: Idea) -> None:
    alice = make.person()
    browser, address = sign_in(alice), f"/ar/follow/ideas.idea/{idea.pk}/"
    assert browser.post(f"{address}?next=/ar/")["Location"] == "/ar/"
    assert queries.following(idea, alice).is_on
    swap = browser.post(address, {"stop": "1"}, headers={"hx-request": "true"})
    assert swap.status_code == 200 and "<html" not in swap.content.decode()
    assert not queries.following(idea, alice).is_on
    assert browser.post(f"/ar/follow/accounts.person/{alice.pk}/").status_code == 404
    page = browser.get(address).content.decode()
    assert idea.solution in page and f'action="{address}?next=' in page


def test_followers_of_a_practice_hear_who_takes_it_up_and_why_it_is_withdrawn(sign_in: Any) -> None:
    alice, author, peer = make.person(), make.focal_point(make.place("here")), make.focal_point(make.place("there"))
    practice = make.practice(author.grants.get().territory, author=author, status="published")
    with pytest.raises(NotAllowed):
        actions.follow(alice, make.practice(practice.place, author=author))  # a draft
    browser, at = sign_in(alice), f"/fr/practices/{practice.pk}/"
    assert f"/fr/follow/practices.practice/{practice.pk}/" in browser.get(at).content.decode()
    assert browser.post(f"/fr/follow/practices.practice/{practice.pk}/?next={at}")["Location"] == at
    practices.adapt(practice, by=peer, programme=make.programme(peer.grants.get().territory))
    practices.withdraw(practice, by=author, reason="الأرقام تغيرت")
    notify()
    lines = queries.notices_of(alice)[0]
    assert [line.entry.action for line in lines] == ["practice.withdrawn", "practice.adapted"]
    assert all(f"/practices/{practice.pk}/" in line.address for line in lines)
    assert Notice.objects.filter(person=alice, is_direct=False, is_weekly=False).count() == 2


def test_the_register_is_read_in_plain_words_by_place(client: Client, idea: Idea) -> None:
    happen("idea.submitted", idea)
    elsewhere = make.idea(make.programme(make.place("figuig")), solution="Elsewhere")
    happen("idea.submitted", elsewhere)
    told = client.get("/fr/ledger/").content.decode()
    assert "Une idée a été proposée" in told and "Elsewhere" in told
    told = client.get(f"/fr/ledger/?place={idea.place.slug}").content.decode()
    assert idea.solution in told and "Elsewhere" not in told
    assert client.get("/fr/ledger/?place=nowhere").status_code == 404
    assert {client.get(f"/fr/ledger/?before={odd}").status_code for odd in ("x", "²", "-1", "9" * 30)} == {200}


def test_the_register_does_not_tell_what_is_hidden(client: Client, idea: Idea) -> None:
    happen("idea.submitted", idea)
    moderation.hide(idea, by=make.focal_point(idea.place), ground=Ground.SPAM, reason="Twice.")
    assert idea.solution not in client.get("/fr/ledger/").content.decode()


def test_a_page_of_the_register_takes_as_many_queries_at_any_length(client: Client, idea: Idea) -> None:
    happen("idea.submitted", idea)
    client.get("/fr/ledger/?before=99999990")
    with CaptureQueriesContext(connection) as one:
        client.get("/fr/ledger/?before=99999991")
    for _ in range(40):
        happen("idea.submitted", make.idea(idea.programme))
    with CaptureQueriesContext(connection) as many:
        answer = client.get("/fr/ledger/?before=99999992")
    assert len(many) == len(one) and "before=" in answer.content.decode()


def test_every_kind_is_read_with_what_its_title_needs(idea: Idea) -> None:
    assert queries.things((name, 1) for name in KINDS) is not None
    with CaptureQueriesContext(connection) as asked:
        queries.things((name, 1) for name in [*KINDS, "unknown.kind"])
    assert len(asked) == len(KINDS)


def test_every_kind_of_publication_is_found_from_the_desk_of_moderation() -> None:
    assert set(publications.kinds()) <= set(KINDS)
