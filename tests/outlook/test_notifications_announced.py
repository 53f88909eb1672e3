"""What the national team writes to many people: once each, whatever falls on the way."""

import itertools
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from smtplib import SMTPDataError, SMTPRecipientsRefused
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.filebased import EmailBackend as FileBackend
from django.db import connection
from django.test import Client

from infitah.ground.accounts.models import Person, Role
from infitah.lib.errors import NotAllowed, NotPossible
from infitah.lib.i18n import Localized
from infitah.outlook.notifications import actions, queries
from infitah.outlook.notifications.models import Announcement, Notice
from tests import make

pytestmark = pytest.mark.django_db

SAID = {"subject": Localized(ar="لقاء", fr="Salle changée"), "text": Localized(ar="موعدنا غدا", fr="À demain.\nVenez.")}


def announced(people: list[Person], **given: Any) -> Announcement:
    by = make.holder(Role.NATIONAL, make.country())
    chosen = Person.objects.filter(pk__in=[person.pk for person in people])
    return actions.announce(**SAID, people=chosen, segment={}, **{"by": by, **given})


def test_an_announcement_is_told_in_full_on_the_page_and_by_mail(sign_in: Any) -> None:
    alice = make.person("Alice", language="fr")
    announced([alice])
    assert actions.mail(is_direct=True) == 1
    assert (mail.outbox[0].subject, mail.outbox[0].to) == ("Salle changée", [alice.email])
    assert "À demain.\nVenez." in mail.outbox[0].body and "Message-ID" in mail.outbox[0].extra_headers
    page = sign_in(alice).get("/fr/notices/").content.decode()
    assert "Salle changée" in page and "À demain.<br>Venez." in page


def test_what_is_announced_is_not_told_to_the_public(client: Client) -> None:
    announced([make.person()])
    page = client.get("/fr/ledger/").content.decode()
    assert "a écrit à des personnes" in page and "Salle changée" not in page


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


@pytest.mark.parametrize("fault", [SMTPRecipientsRefused({}), SMTPDataError(554, b"No")])
def test_a_refused_address_or_message_holds_up_nobody_else(fault: Exception, monkeypatch: Any) -> None:
    people = [make.person(name) for name in ("Alice", "Bob", "Charlie")]
    announced(people)
    send = EmailMessage.send

    def refuse_bob(self: EmailMessage, fail_silently: bool = False) -> int:
        if self.to == [people[1].email]:
            raise fault
        return send(self, fail_silently)

    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", refuse_bob)
        with pytest.raises(type(fault)):
            actions.mail(is_direct=True)
    assert [message.to for message in mail.outbox] == [[people[0].email], [people[2].email]]
    [sent] = queries.announcements()[0]
    assert (sent.announcement.people, sent.mailed, sent.read, sent.without_address) == (3, 2, 0, 0)


def test_a_mailbox_that_is_not_there_is_tried_once_and_one_that_is_full_again(monkeypatch: Any) -> None:
    announced([make.person("Gone")])
    for code, waits in ((450, 1), (550, 0)):
        fault = SMTPRecipientsRefused({"gone@example.org": (code, b"No")})
        with monkeypatch.context() as broken:
            broken.setattr(EmailMessage, "send", lambda *_, fault=fault: (_ for _ in ()).throw(fault))
            with pytest.raises(SMTPRecipientsRefused):
                actions.mail(is_direct=True)
        assert Notice.objects.filter(mailed_at=None).count() == waits


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
