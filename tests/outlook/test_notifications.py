import itertools
import os
import re
import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from smtplib import SMTPRecipientsRefused
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.filebased import EmailBackend as FileBackend
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from infitah.ground.accounts.models import Contact, Person, Role
from infitah.ground.discussion import actions as discussion
from infitah.ground.ledger import actions as ledger
from infitah.ground.ledger.models import Entry
from infitah.ground.moderation import actions as moderation
from infitah.ground.moderation import queries as publications
from infitah.ground.moderation.models import Ground
from infitah.journey.ideas.models import Idea
from infitah.journey.programmes import actions as programmes
from infitah.lib.errors import NotAllowed, NotPossible
from infitah.lib.i18n import Localized
from infitah.outlook.kinds.queries import KINDS
from infitah.outlook.notifications import actions, queries
from infitah.outlook.notifications.catalog import NOTICES
from infitah.outlook.notifications.models import Announcement, Notice, Subscription
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


def contact(language: str = "ar") -> Contact:
    return Contact.objects.create(
        email="resident@example.org", language=language, retain_until=timezone.localdate() + timedelta(days=9)
    )


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
    assert browser.get(address).status_code == 405


def test_the_register_is_read_in_plain_words_by_place(client: Client, idea: Idea) -> None:
    happen("idea.submitted", idea)
    elsewhere = make.idea(make.programme(make.place("figuig")), solution="Elsewhere")
    happen("idea.submitted", elsewhere)
    told = client.get("/fr/ledger/").content.decode()
    assert "Une idée a été proposée" in told and "Elsewhere" in told
    told = client.get(f"/fr/ledger/?place={idea.place.slug}").content.decode()
    assert idea.solution in told and "Elsewhere" not in told
    assert client.get("/fr/ledger/?place=nowhere").status_code == 404
    assert client.get("/fr/ledger/?before=x").status_code == 200


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


# -- announcements -----------------------------------------------------------------------------

SAID = {"subject": Localized(ar="لقاء", fr="Rencontre"), "text": Localized(ar="موعدنا غدا", fr="À demain.\nVenez.")}


def announced(people: list[Person], **given: Any) -> Announcement:
    by = make.holder(Role.NATIONAL, make.country())
    chosen = Person.objects.filter(pk__in=[person.pk for person in people])
    return actions.announce(**SAID, people=chosen, segment={}, **{"by": by, **given})


def test_an_announcement_is_told_in_full_on_the_page_and_by_mail(sign_in: Any) -> None:
    alice = make.person("Alice", language="fr")
    announced([alice])
    assert actions.mail(is_direct=True) == 1
    assert (mail.outbox[0].subject, mail.outbox[0].to) == ("Rencontre", [alice.email])
    assert "À demain.\nVenez." in mail.outbox[0].body and "Message-ID" in mail.outbox[0].extra_headers
    page = sign_in(alice).get("/fr/notices/").content.decode()
    assert "Rencontre" in page and "À demain.<br>Venez." in page


def test_what_is_announced_is_not_told_to_the_public(client: Client) -> None:
    announced([make.person()])
    page = client.get("/fr/ledger/").content.decode()
    assert "a écrit à des personnes" in page and "Rencontre" not in page


def test_the_same_form_announces_once_and_nobody_is_told_twice(ledger: Any) -> None:
    people, key, by = [make.person(), make.person()], uuid4(), make.holder(Role.NATIONAL, make.country())
    for person in people:
        make.grant(person, Role.DEPUTY, make.place())
        make.grant(person, Role.COMMITTEE, make.place())
    for _ in range(2):
        chosen = Person.objects.filter(grants__role__in=[Role.DEPUTY, Role.COMMITTEE])  # each of them twice
        actions.announce(**SAID, people=chosen, segment={}, by=by, key=key)
    assert Notice.objects.count() == 2 and Announcement.objects.get().people == 2
    assert ledger() == ["announcement.sent"]
    assert actions.mail(is_direct=True) == 2 == len(mail.outbox)


def test_only_the_national_team_announces_and_to_somebody() -> None:
    with pytest.raises(NotAllowed):
        announced([make.person()], by=make.focal_point(make.place()))
    with pytest.raises(NotPossible):
        announced([])
    assert not Announcement.objects.exists()


def test_a_refused_address_holds_up_nobody_else(monkeypatch: Any) -> None:
    people = [make.person(name) for name in ("Alice", "Bob", "Charlie")]
    announced(people)
    send = EmailMessage.send

    def refuse_bob(self: EmailMessage, fail_silently: bool = False) -> int:
        if self.to == [people[1].email]:
            raise SMTPRecipientsRefused({})
        return send(self, fail_silently)

    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", refuse_bob)
        with pytest.raises(SMTPRecipientsRefused):
            actions.mail(is_direct=True)
    assert [message.to for message in mail.outbox] == [[people[0].email], [people[2].email]]
    [sent] = queries.announcements()[0]
    assert (sent.announcement.people, sent.mailed, sent.read, sent.without_address) == (3, 2, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_half_way_leaves_nobody_out_and_nobody_twice(tmp_path: Path, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    people = [make.person(f"Person{number}") for number in range(12)]
    announced(people)
    connection.close()
    worker = os.fork()
    if worker == 0:
        take, taken = FileBackend.write_message, itertools.count()

        def fall(self: FileBackend, message: EmailMessage) -> None:
            if next(taken) == 7:
                os.kill(os.getpid(), signal.SIGKILL)
            take(self, message)

        FileBackend.write_message = fall  # type: ignore[method-assign]
        try:
            actions.mail(is_direct=True)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1]) == -signal.SIGKILL
    assert Notice.objects.filter(mailed_at=None).count() == 5
    actions.mail(is_direct=True)
    told = "".join(path.read_text() for path in tmp_path.iterdir())
    assert [told.count(f"To: {person.email}") for person in people] == [1] * 12


@pytest.mark.django_db(transaction=True)
def test_two_workers_write_to_nobody_twice() -> None:
    announced([make.person(f"Person{number}") for number in range(30)])

    def work() -> int:
        try:
            return actions.mail(is_direct=True)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        workers = [pool.submit(work), pool.submit(work)]
        assert sum(worker.result(30) for worker in workers) == 30
    assert len({message.to[0] for message in mail.outbox}) == len(mail.outbox) == 30


def test_every_kind_of_publication_is_found_from_the_desk_of_moderation() -> None:
    assert set(publications.kinds()) <= set(KINDS)
