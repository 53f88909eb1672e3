"""Who takes a place at a meeting, waits for one, gives it back; and who is told."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from infitah.ground.accounts import actions as accounts
from infitah.ground.accounts.models import Contact, Person
from infitah.ground.ledger import actions as ledger_actions
from infitah.ground.ledger.models import Entry
from infitah.lib.errors import NotAllowed, NotPossible
from infitah.lib.i18n import Localized
from infitah.lib.text import receipt_shown
from infitah.network.meetings import actions, queries
from infitah.network.meetings.models import Meeting, Registration
from infitah.outlook.notifications import actions as notifications
from infitah.outlook.notifications.models import Notice
from tests import make

pytestmark = pytest.mark.django_db
IN_A_WEEK = timedelta(days=7)


def open_meeting(capacity: int | None = 2, **fields: Any) -> Meeting:
    fields = {"starts_at": timezone.now() + IN_A_WEEK, "has_registration": True, "capacity": capacity, **fields}
    return make.meeting(fields.pop("at", None), **fields)


def register(meeting: Meeting, email: str = "", *, by: Person | None = None, key: UUID | None = None) -> Registration:
    return actions.register(meeting, by=by, key=key or uuid4(), email=email, name="فاطمة")


def counts(meeting: Meeting) -> dict[str, int]:
    """The counts kept beside the meeting, which are those of its registrations."""
    meeting.refresh_from_db()
    kept = {name: getattr(meeting, name) for name in ("confirmed", "waiting", "attended")}
    assert kept == queries.counted(meeting)
    return kept


def tell() -> list[Notice]:
    """All notices by now; a test's own transaction is never finished, so its entries are sealed by hand."""
    ledger_actions.seal_these(list(Entry.objects.filter(seal=None).order_by("id")))
    notifications.notify()
    return list(Notice.objects.select_related("contact", "person"))


def test_places_are_given_in_turn_and_then_people_wait(ledger: Callable[..., list[Any]]) -> None:
    meeting = open_meeting(2)
    given = [register(meeting).status for _turn in range(4)]
    assert given == ["confirmed", "confirmed", "waiting", "waiting"]
    assert counts(meeting) == {"confirmed": 2, "waiting": 2, "attended": 0}
    assert [entry.particulars["status"] for entry in ledger("registration.made")] == given
    assert not any("فاطمة" in str(entry.particulars) for entry in ledger("registration.made"))


def test_without_a_known_number_of_places_nobody_waits() -> None:
    meeting = open_meeting(None)
    assert {register(meeting).status for _turn in range(3)} == {"confirmed"}


def test_the_same_form_the_same_person_and_the_same_address_take_one_place() -> None:
    meeting, key, alice = open_meeting(5), uuid4(), make.person("Alice")
    assert register(meeting, key=key) == register(meeting, key=key)
    assert register(meeting, by=alice) == register(meeting, by=alice)
    register(meeting, "a@example.org")
    with pytest.raises(NotPossible, match=r"رابط|already"):
        register(meeting, "A@example.org")
    assert counts(meeting)["confirmed"] == 3
    assert Contact.objects.get().email == "a@example.org"


def test_the_register_never_says_who_registered_and_they_get_their_code(ledger: Callable[..., list[Any]]) -> None:
    alice = make.person("Alice", language="fr")
    made = register(open_meeting(), by=alice)
    (entry,) = ledger("registration.made")
    assert (entry.by, str(alice.uid) in str(entry.particulars)) == (None, False)
    tell()
    notifications.mail(is_direct=True)
    assert [receipt_shown(made.code) in letter.body for letter in mail.outbox if alice.email in letter.to] == [True]


def test_whoever_waits_longest_moves_up_when_a_place_is_given_back(ledger: Callable[..., list[Any]]) -> None:
    meeting = open_meeting(1)
    first, second, third = (register(meeting, f"{name}@example.org") for name in "abc")
    assert queries.turn_of(third) == 2
    actions.cancel(first)
    actions.cancel(first)
    second.refresh_from_db()
    third.refresh_from_db()
    first.refresh_from_db()
    assert (first.status, second.status, third.status) == ("cancelled", "confirmed", "waiting")
    assert (first.name, first.contact, first.address_print) == ("", None, "")
    assert counts(meeting) == {"confirmed": 1, "waiting": 1, "attended": 0}
    assert ledger()[-2:] == ["registration.cancelled", "registration.moved_up"]
    told = {notice.contact.email for notice in tell() if notice.contact}
    assert told == {"b@example.org", "c@example.org"}
    assert Notice.objects.filter(contact__email="b@example.org").count() == 2  # registered, moved up


def test_whoever_waits_and_cancels_frees_no_place() -> None:
    meeting = open_meeting(1)
    register(meeting)
    waits, later = register(meeting), register(meeting)
    actions.cancel(waits)
    later.refresh_from_db()
    assert (later.status, counts(meeting)["waiting"]) == ("waiting", 1)


def test_nobody_overtakes_those_who_wait_and_more_places_let_them_in() -> None:
    place = make.place()
    meeting, focal = open_meeting(1, at=place), make.focal_point(place)
    rows = [register(meeting) for _turn in range(4)]
    actions.change(meeting, by=focal, capacity=3)
    assert counts(meeting) == {"confirmed": 3, "waiting": 1, "attended": 0}
    assert register(meeting).status == "waiting"
    actions.change(meeting, by=focal, capacity=None)
    assert counts(meeting)["waiting"] == 0
    rows[3].refresh_from_db()
    assert rows[3].status == "confirmed"


def test_a_meeting_called_off_promises_no_place_to_those_who_wait(ledger: Callable[..., list[Any]]) -> None:
    meeting = open_meeting(1)
    first, second = register(meeting), register(meeting)
    actions.call_off(meeting, by=make.focal_point(meeting.place), reason=Localized(fr="Grève des trains"))
    actions.cancel(first)
    second.refresh_from_db()
    assert (second.status, ledger("registration.moved_up")) == ("waiting", [])
    assert counts(meeting) == {"confirmed": 0, "waiting": 1, "attended": 0}


def test_a_slip_put_right_after_a_meeting_moves_nobody_to_another_day(ledger: Callable[..., list[Any]]) -> None:
    meeting = open_meeting(1)
    focal, _first, second = make.focal_point(meeting.place), register(meeting), register(meeting)
    with time_machine.travel(meeting.over_at + timedelta(days=2)):
        actions.change(meeting, by=focal, venue=Localized(fr="Maison des jeunes"), capacity=40)
        assert (len(ledger("meeting.changed")), ledger("meeting.moved")) == (1, [])
        later = timezone.now() + IN_A_WEEK
        actions.change(meeting, by=focal, starts_at=later, ends_at=None)
    second.refresh_from_db()
    assert (len(ledger("meeting.moved")), second.status) == (1, "confirmed")  # held again: there is room now


def test_registration_ends_when_the_meeting_begins_or_is_called_off() -> None:
    place = make.place()
    focal = make.focal_point(place)
    begun = open_meeting(at=place, starts_at=timezone.now() - timedelta(hours=1))
    off = actions.call_off(open_meeting(at=place), by=focal, reason=Localized(fr="Grève des trains"))
    without = open_meeting(at=place, has_registration=False)
    for meeting in (begun, off, without):
        with pytest.raises(NotPossible):
            register(meeting)
    late = make.registration(begun)
    with pytest.raises(NotPossible):
        actions.cancel(late)


def test_a_recount_puts_the_numbers_right() -> None:
    meeting = open_meeting(1)
    register(meeting)
    register(meeting)
    Meeting.objects.update(confirmed=7, waiting=7, attended=7)
    actions.recount(meeting)
    assert counts(meeting) == {"confirmed": 1, "waiting": 1, "attended": 0}


@pytest.mark.django_db(transaction=True)
def test_many_at_the_same_moment_get_exactly_the_places_there_are() -> None:
    meeting, twins = open_meeting(12), [uuid4() for _turn in range(30)]

    def take(turn: int) -> None:
        try:
            register(meeting, key=twins[turn % 30])
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(take, range(60)))
    assert counts(meeting) == {"confirmed": 12, "waiting": 18, "attended": 0}
    order = list(meeting.registrations.order_by("pk").values_list("status", flat=True))
    assert order == ["confirmed"] * 12 + ["waiting"] * 18

    def give_back(registration: Registration) -> None:
        try:
            actions.cancel(registration)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(give_back, list(meeting.registrations.filter(status="confirmed")[:5])))
    assert counts(meeting) == {"confirmed": 12, "waiting": 13, "attended": 0}
    still = meeting.registrations.exclude(status="cancelled").order_by("pk").values_list("status", flat=True)
    assert list(still) == ["confirmed"] * 12 + ["waiting"] * 13


# -- told --------------------------------------------------------------------------------------------


@time_machine.travel("2026-03-09T10:00Z", tick=False)
def test_people_are_reminded_once_the_day_before_and_of_the_new_day_if_it_moves(
    ledger: Callable[..., list[Any]],
) -> None:
    place = make.place()
    meeting, focal = open_meeting(1, at=place, starts_at=timezone.now() + timedelta(days=1)), make.focal_point(place)
    register(meeting, "a@example.org")
    register(meeting, "waits@example.org")
    assert (actions.remind(), actions.remind()) == (1, 0)
    tell()
    reminded = Notice.objects.filter(entry=ledger("meeting.reminded")[0].pk)
    assert [notice.contact.email for notice in reminded] == ["a@example.org"]
    actions.change(meeting, by=focal, starts_at=meeting.starts_at + timedelta(days=3))
    assert actions.remind() == 0
    with time_machine.travel("2026-03-12T10:00Z", tick=False):
        assert actions.remind() == 1


def test_everyone_is_told_once_that_a_meeting_moved_or_is_called_off(ledger: Callable[..., list[Any]]) -> None:
    place = make.place()
    meeting, focal, bob = open_meeting(1, at=place), make.focal_point(place), make.person("Bob")
    register(meeting, "a@example.org")
    register(meeting, by=bob)
    gone = register(meeting, "gone@example.org")
    actions.cancel(gone)
    later = meeting.starts_at + timedelta(days=1)
    actions.change(meeting, by=focal, starts_at=later, title=meeting.title)
    actions.change(meeting, by=focal, starts_at=later)  # nothing changes: nobody is told again
    actions.change(meeting, by=focal, agenda=Localized(fr="Accueil"))
    actions.call_off(meeting, by=focal, reason=Localized(fr="Grève"))
    actions.call_off(meeting, by=focal, reason=Localized(fr="Grève"))
    tell()
    tell()
    for action in ("meeting.moved", "meeting.called_off"):
        (entry,) = ledger(action)
        told = Notice.objects.filter(entry=entry.pk).order_by("pk")
        assert [notice.contact and notice.contact.email for notice in told] == ["a@example.org", None]
        assert [notice.person for notice in told] == [None, bob]
    assert len(ledger("meeting.changed")) == 1
    with pytest.raises(NotPossible):
        actions.change(meeting, by=focal, capacity=9)


def test_the_address_given_gets_the_link_with_the_code_in_its_language() -> None:
    made = actions.register(open_meeting(), by=None, key=uuid4(), email="a@example.org", language="fr")
    tell()
    assert notifications.mail(is_direct=True) == 1
    (letter,) = mail.outbox
    assert (letter.to, "inscrit(e) à une rencontre" in letter.subject) == (["a@example.org"], True)
    assert f"/fr/meetings/registrations/{receipt_shown(made.code)}/" in letter.body


def test_only_whoever_runs_it_changes_a_meeting_or_calls_it_off() -> None:
    meeting = open_meeting()
    for person in (None, make.person(), make.focal_point(make.place())):
        with pytest.raises(NotAllowed):
            actions.change(meeting, by=person, capacity=3)
        with pytest.raises(NotAllowed):
            actions.call_off(meeting, by=person, reason=Localized(fr="Non"))
    past = make.meeting(starts_at=timezone.now() - timedelta(days=2))
    with pytest.raises(NotPossible):
        actions.call_off(past, by=make.focal_point(past.place), reason=Localized(fr="Trop tard"))


# -- through the pages -------------------------------------------------------------------------------


def test_a_visitor_registers_sees_the_turn_and_cancels_by_the_own_link(client: Client) -> None:
    meeting = open_meeting(1)
    register(meeting)
    make.place("martil", name=Localized(ar="مرتيل", fr="Martil"))
    address = f"/fr/meetings/{meeting.pk}/register/"
    assert "liste d’attente" in client.get(address).content.decode()
    form = {"key": str(uuid4()), "name": "Fatima", "email": "f@example.org", "collectivity": "martil", "age": "25_34"}
    answer = client.post(address, form)
    again = client.post(address, form)
    assert (answer.status_code, again["Location"]) == (303, answer["Location"])
    made = Registration.objects.get(name="Fatima")
    assert (made.status, made.collectivity.slug, made.age, made.gender) == ("waiting", "martil", "25_34", "")
    page = client.get(answer["Location"]).content.decode()
    assert "Votre rang sur la liste d’attente\N{NO-BREAK SPACE}: 1" in page
    assert "<svg" in page
    assert client.post(f"{answer['Location']}cancel/").status_code == 303
    assert Registration.objects.get(pk=made.pk).status == "cancelled"
    assert not Contact.objects.exists()


def test_a_refused_registration_keeps_what_was_typed(client: Client) -> None:
    meeting, parent = open_meeting(), make.place("nador-province", "province", name=Localized(fr="Nador"))
    make.place("nador", name=Localized(fr="Nador"), parent=parent)
    register(meeting, "taken@example.org")
    address = f"/fr/meetings/{meeting.pk}/register/"
    form = {"key": str(uuid4()), "name": "Fatima Zahra"}
    for more, status, said in [
        ({"email": "not an address"}, 422, "Fatima Zahra"),
        ({"collectivity": "Qqqqqqq"}, 422, "Aucune collectivité ne porte ce nom"),
        ({"collectivity": "Nador"}, 422, "Choisissez ci-dessous"),
        ({"email": "taken@example.org"}, 409, "déjà inscrit avec cette adresse"),
    ]:
        answer = client.post(address, form | more)
        assert (answer.status_code, said in answer.content.decode()) == (status, True), more
        assert "Fatima Zahra" in answer.content.decode()
    code = re.search(
        r'name="which" value="(\w+)"', client.post(address, form | {"collectivity": "Nador"}).content.decode()
    )
    assert code is not None
    assert client.post(address, form | {"collectivity": "Nador", "which": code[1]}).status_code == 303


def test_whoever_is_signed_in_finds_the_own_registration_again(sign_in: Callable[[Person], Client]) -> None:
    meeting, alice = open_meeting(), make.person("Alice")
    made = register(meeting, by=alice)
    page = sign_in(alice).get(f"/fr/meetings/{meeting.pk}/").content.decode()
    assert f"/fr/meetings/registrations/{receipt_shown(made.code)}/" in page
    assert "Votre inscription" not in sign_in(make.person("Bob")).get(f"/fr/meetings/{meeting.pk}/").content.decode()


def test_the_name_of_whoever_erases_their_account_goes_with_it() -> None:
    meeting, alice = open_meeting(), make.person("Alice")
    made = register(meeting, by=alice)
    accounts.erase(alice, by=alice)
    actions.purge(timezone.localdate())
    made.refresh_from_db()
    assert (made.name, made.folded, made.person, made.status) == ("", "", None, "confirmed")


def test_a_wrong_code_gets_a_sentence_and_a_flood_is_slowed(client: Client) -> None:
    answer = client.get("/fr/meetings/registrations/222-222-23/")
    assert (answer.status_code, "Aucune inscription ne porte ce code" in answer.content.decode()) == (404, True)
    meeting = open_meeting(None)
    address = f"/fr/meetings/{meeting.pk}/register/"
    statuses = [client.post(address, {"key": str(uuid4())}).status_code for _turn in range(9)]
    assert statuses == [303] * 8 + [429]


def test_a_mailbox_is_not_flooded_by_registering_and_cancelling(client: Client) -> None:
    meeting = open_meeting(None)
    statuses = []
    for _turn in range(6):
        sent = {"key": str(uuid4()), "email": "Alice@example.org"}
        statuses.append(client.post(f"/fr/meetings/{meeting.pk}/register/", sent).status_code)
        for made in Registration.objects.filter(status="confirmed"):
            actions.cancel(made)
    assert statuses == [303] * 5 + [429]


def test_one_person_takes_one_place_signed_in_or_by_the_own_address() -> None:
    meeting, other, alice = open_meeting(5), open_meeting(5), make.person("Alice")
    assert alice.email
    register(meeting, by=alice)
    with pytest.raises(NotPossible, match="رابط"):
        register(meeting, alice.email.upper())
    by_mail = register(other, alice.email)
    assert register(other, by=alice) == by_mail
    assert counts(meeting)["confirmed"] == counts(other)["confirmed"] == 1


def test_codes_are_not_tried_out_and_a_whole_hall_opens_its_own(client: Client) -> None:
    own = receipt_shown(register(open_meeting()).code)
    opened = {client.get(f"/fr/meetings/registrations/{own}/").status_code for _turn in range(40)}
    tried = [client.get("/fr/meetings/registrations/222-222-23/").status_code for _turn in range(31)]
    assert opened == {200} and tried == [404] * 30 + [429]
    assert client.get(f"/fr/meetings/registrations/{own}/").status_code == 429
    assert "no-store" in Client(REMOTE_ADDR="10.0.0.9").get(f"/fr/meetings/registrations/{own}/")["Cache-Control"]
