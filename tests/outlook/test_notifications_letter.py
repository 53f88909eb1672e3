from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from infitah.ground.accounts.models import Person, Role
from infitah.ground.moderation import actions as moderation
from infitah.ground.moderation.models import Ground
from infitah.ground.territories.models import Territory
from infitah.lib.i18n import Localized
from infitah.outlook.notifications import actions as notifications
from infitah.outlook.notifications.models import Notice, Quiet
from infitah.outlook.practices import actions
from infitah.outlook.practices.models import Practice, Review
from tests import make
from tests.outlook.test_notifications import happen, notify

pytestmark = pytest.mark.django_db
YES = {"is_clear": "yes", "is_useful": "yes", "is_proved": "partly", "said": "واضحة.", "language": "ar"}


@pytest.fixture
def place() -> Territory:
    return make.place("tetouan")


@pytest.fixture
def author(place: Territory) -> Person:
    return make.focal_point(place)


@pytest.fixture
def peer() -> Person:
    return make.focal_point(make.place("figuig", name=Localized(ar="فكيك", fr="Figuig")), "Bob")


def reviewed(practice: Practice, by: Person, *, is_ready: bool = True) -> Review:
    return actions.review(practice, by=by, key=uuid4(), is_ready=is_ready, **YES)


def sent_letters() -> list[Any]:
    mail.outbox.clear()
    notifications.mail(is_direct=False, is_weekly=True)
    return list(mail.outbox)


def test_focal_points_get_one_letter_a_week_with_what_is_new_and_never_the_same_again(
    place: Territory, author: Person, peer: Person
) -> None:
    reader, resident = make.focal_point(make.place("tata"), "Reader"), make.person()
    practice = actions.hand_in(make.practice(place, author=author), by=author)
    reviewed(practice, peer)
    question = make.question(author, title="من يجيب عن هذا؟")
    happen("question.asked", question, by=author)
    notify()
    letters = {letter.to[0]: letter for letter in sent_letters()}
    assert set(letters) == {peer.email, reader.email}  # the author asked, and was told of the practice at once
    told = letters[reader.email].body
    assert practice.title in told and question.title in told and resident.email not in letters
    assert practice.title not in letters[peer.email].body  # whose word it was
    assert letters[reader.email].extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert sent_letters() == []


def test_a_letter_with_nothing_left_to_tell_is_not_sent(place: Territory, author: Person, peer: Person) -> None:
    practice = actions.hand_in(make.practice(place, author=author), by=author)
    reviewed(practice, peer)
    notify()
    actions.withdraw(practice, by=author, reason="خطأ")
    assert sent_letters() == []


def test_one_click_stops_the_letter_without_signing_in_and_another_brings_it_back(
    client: Client, place: Territory, author: Person, peer: Person
) -> None:
    reader = make.focal_point(make.place("tata"), "Reader")
    reviewed(actions.hand_in(make.practice(place, author=author), by=author), peer)
    notify()
    (letter,) = sent_letters()
    stop = letter.extra_headers["List-Unsubscribe"].strip("<>").partition("//")[2].partition("/")[2]
    browser = Client(enforce_csrf_checks=True)
    assert browser.get(f"/{stop}").status_code == 200
    assert not Quiet.objects.exists()
    assert browser.post(f"/{stop}", {"List-Unsubscribe": "One-Click"}).status_code == 200  # as RFC 8058 asks
    assert Quiet.objects.get().person == reader
    other = actions.hand_in(make.practice(place, author=author), by=author)
    reviewed(other, peer)
    notify()
    assert sent_letters() == []
    client.post(f"/{stop}", {"again": "1"})
    assert not Quiet.objects.exists()


def test_news_of_more_than_a_week_ago_is_not_mailed(place: Territory, author: Person, peer: Person) -> None:
    reviewed(actions.hand_in(make.practice(place, author=author), by=author), peer)
    notify()
    with time_machine.travel(timezone.now() + timedelta(days=9), tick=False):
        assert sent_letters() == []


def test_a_question_that_waited_for_a_look_stands_in_the_next_letter_once_it_is_shown(author: Person) -> None:
    reader, national = make.focal_point(make.place("tata"), "Reader"), make.holder(Role.NATIONAL, make.country())
    question = make.question(author, title="من يجيب عن هذا؟")
    happen("question.asked", question, by=author)
    moderation.hold_back(question, Ground.PERSONAL)
    notify()
    assert sent_letters() == []
    with time_machine.travel(timezone.now() + timedelta(days=9), tick=False):
        moderation.restore(question, by=national, reason="رقم المصلحة", ground="personal")
        notify()
        (letter,) = sent_letters()
        assert letter.to == [reader.email] and question.title in letter.body
        moderation.hold(question, by=national, ground="personal", reason="لنظرة ثانية")
        moderation.restore(question, by=national, reason="رقم المصلحة", ground="personal")
        notify()
        assert sent_letters() == []


def test_somebody_with_two_roles_is_told_once(place: Territory, author: Person, peer: Person) -> None:
    make.grant(peer, Role.DEPUTY, make.place("tata"))
    practice = actions.hand_in(make.practice(place, author=author), by=author)
    third = make.focal_point(make.place("zagora"), "Third")
    reviewed(practice, third)
    notify()
    assert Notice.objects.filter(person=peer, is_weekly=True).count() == 1
