"""Who comes in, how many they are, and what remains of it: numbers, minutes, documents."""

import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from infitah.ground.accounts.models import Contact, Person
from infitah.lib import files
from infitah.lib.errors import NotAllowed, NotPossible
from infitah.lib.i18n import Localized
from infitah.network.meetings import actions, queries
from infitah.network.meetings.models import Headcount, Material, Meeting, Registration
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting() -> Meeting:
    """One that began an hour ago."""
    begun = timezone.now() - timedelta(hours=1)
    return make.meeting(starts_at=begun, ends_at=begun + timedelta(hours=3), has_registration=True, capacity=2)


@pytest.fixture
def focal(meeting: Meeting) -> Person:
    return make.focal_point(meeting.place)


def came(meeting: Meeting, many: int, **said: Any) -> None:
    for _turn in range(many):
        make.registration(meeting, checked_in_at=timezone.now(), **said)


# -- at the door -------------------------------------------------------------------------------------


def test_a_person_is_counted_once_and_a_slip_is_put_right(
    meeting: Meeting, focal: Person, ledger: Callable[..., list[Any]]
) -> None:
    alice = make.registration(meeting)
    for _press in range(2):
        actions.check_in(alice, by=focal)
    meeting.refresh_from_db()
    assert meeting.attended == 1
    actions.check_out(alice, by=focal)
    actions.check_out(alice, by=focal)
    meeting.refresh_from_db()
    assert (meeting.attended, queries.counted(meeting)["attended"]) == (0, 0)
    assert ledger() == ["registration.checked_in", "registration.checked_out"]


def test_whoever_waited_is_let_in_at_the_door_and_whoever_cancelled_is_not(meeting: Meeting, focal: Person) -> None:
    waits, gone = make.registration(meeting, status="waiting"), make.registration(meeting, status="cancelled")
    actions.check_in(waits, by=focal)
    with pytest.raises(NotPossible):
        actions.check_in(gone, by=focal)
    meeting.refresh_from_db()
    assert (meeting.confirmed, meeting.waiting, meeting.attended) == (1, 0, 1)


def test_the_desk_is_open_on_the_day_to_whoever_runs_the_meeting(meeting: Meeting, focal: Person) -> None:
    alice = make.registration(meeting)
    for person in (None, make.person(), make.focal_point(make.place())):
        with pytest.raises(NotAllowed):
            actions.check_in(alice, by=person)
        with pytest.raises(NotAllowed):
            actions.walk_in(meeting, by=person, key=uuid4())
    for days in (-3, 2):
        begins = timezone.now() + timedelta(days=days)
        Meeting.objects.update(starts_at=begins, ends_at=begins + timedelta(hours=3))
        with pytest.raises(NotPossible):
            actions.check_in(alice, by=focal)


def test_the_same_row_at_the_door_is_one_person(meeting: Meeting, focal: Person) -> None:
    key = uuid4()
    first = actions.walk_in(meeting, by=focal, key=key, name="Rachid")
    assert actions.walk_in(meeting, by=focal, key=key, name="Rachid") == first
    meeting.refresh_from_db()
    assert (meeting.confirmed, meeting.attended, first.is_walk_in) == (1, 1, True)


def test_people_are_found_by_any_part_of_the_name_or_by_code(meeting: Meeting) -> None:
    fatima = make.registration(meeting, name="فاطمة الزهراء")
    make.registration(meeting, name="Rachid", checked_in_at=timezone.now())
    for words in ("فاطمه", "الزهرا", fatima.code.lower()):
        assert queries.desk(meeting, words)[0] == [fatima]
    assert queries.desk(meeting, "") == ([fatima], None)
    assert [row.name for row in queries.desk(meeting, "rach")[0]] == ["Rachid"]


def test_one_press_checks_in_through_the_page_and_through_the_square(
    meeting: Meeting, focal: Person, client: Client, sign_in: Callable[[Person], Client]
) -> None:
    alice, browser = make.registration(meeting, name="Alice"), sign_in(focal)
    square = f"/fr/meetings/{meeting.pk}/check-in/{alice.code}/"
    assert client.get(square).status_code == 302
    assert sign_in(make.person()).get(square).status_code == 403
    assert "Alice" in browser.get(square).content.decode()
    assert Registration.objects.get(pk=alice.pk).checked_in_at is None  # looking checks nobody in
    assert browser.post(square).status_code == 303
    assert "Présents : 1 · inscrits : 1" in browser.get(f"/fr/meetings/{meeting.pk}/check-in/").content.decode()
    swapped = browser.post(square, {"undo": "1"}, headers={"hx-request": "true"}).content.decode()
    assert "<html" not in swapped
    assert 'hx-swap-oob="true"' in swapped
    elsewhere = make.registration(make.meeting(meeting.place))
    answer = browser.post(f"/fr/meetings/{meeting.pk}/check-in/{elsewhere.code}/")
    assert (answer.status_code, "pas de cette rencontre" in answer.content.decode()) == (404, True)


def test_rows_are_added_one_after_the_other(
    meeting: Meeting, focal: Person, sign_in: Callable[[Person], Client]
) -> None:
    browser, desk = sign_in(focal), f"/fr/meetings/{meeting.pk}/check-in/"
    row = {"key": str(uuid4()), "name": "Karim", "gender": "man", "disability": "yes"}
    swapped = browser.post(desk, row, headers={"hx-request": "true"})
    assert (swapped.status_code, "Karim" in swapped.content.decode()) == (200, True)
    assert browser.post(desk, row).status_code == 303
    assert browser.post(desk, {"name": "x", "gender": "?"}).status_code == 422
    assert (Registration.objects.get().gender, Registration.objects.get().disability) == ("man", "yes")


def test_the_desk_asks_as_much_for_one_as_for_thirty(
    meeting: Meeting, focal: Person, sign_in: Callable[[Person], Client], django_assert_num_queries: Any
) -> None:
    browser = sign_in(focal)
    for many in (1, 29):
        for _turn in range(many):
            make.registration(meeting, collectivity=meeting.place)
        with django_assert_num_queries(6):
            browser.get(f"/fr/meetings/{meeting.pk}/check-in/")


# -- numbers only ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "visible"),
    [
        ({"woman": 12, "man": 9, "": 6}, {"woman": 12, "man": 9, "": 6}),
        ({"woman": 12, "man": 9}, {"woman": 12, "man": 9, "": 0}),
        ({"woman": 12, "man": 3, "": 8}, {"woman": 12, "man": None, "": None}),  # 23 - 12 - 8 would give the three away
        ({"woman": 2, "man": 2, "": 20}, {"woman": None, "man": None, "": None}),  # 24 - 20: all four would be known
        ({"woman": 40}, {"woman": None, "man": None, "": None}),  # that all are women is known of each
    ],
)
def test_no_small_number_is_shown_nor_one_that_gives_it_away(
    answers: dict[str, int], visible: dict[str, int | None]
) -> None:
    assert queries.shown(answers, ["woman", "man", ""]) == visible


def test_who_came_is_shown_as_numbers_once_the_desk_is_closed(meeting: Meeting, client: Client) -> None:
    came(meeting, 6, gender="woman", age="25_34")
    came(meeting, 7, gender="man", age="35_59")
    came(meeting, 5, name="Unsaid Name")
    address = f"/fr/meetings/{meeting.pk}/"
    assert "Qui est venu" in client.get(address).content.decode()
    assert "Femme" not in client.get(address).content.decode()
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        page = client.get(address).content.decode()
    assert re.search(r"Femme</span>\s*<strong><bdi>6</bdi>", page)
    assert "Unsaid Name" not in page


def test_after_ninety_days_names_go_and_numbers_stay(meeting: Meeting, ledger: Callable[..., list[Any]]) -> None:
    contact = Contact.objects.create(email="a@example.org", retain_until=date(2099, 1, 1))
    came(meeting, 1, gender="woman", name="Fatima", contact=contact, address_print="x")
    came(meeting, 5, gender="woman", name="Khadija")
    came(meeting, 5, gender="man", collectivity=meeting.place)
    before = queries.headcounts(Meeting.objects.get())
    today = timezone.localdate(meeting.over_at)
    assert actions.purge(today + timedelta(days=90)) == 0
    assert [actions.purge(today + timedelta(days=days)) for days in (91, 92)] == [1, 0]
    purged = Meeting.objects.get()
    assert purged.purged_at is not None
    assert queries.headcounts(purged) == before
    assert not Contact.objects.exists()
    kept = Registration.objects.values_list("name", "folded", "address_print", "gender", "contact").distinct()
    assert list(kept) == [("", "", "", "", None)]
    assert Headcount.objects.get(about="gender", answer="woman").number == 6
    assert ledger("meeting.purged")[0].particulars == {"sheets": 11, "contacts": 1, "attended": 11}


def test_people_counted_at_the_door_are_not_counted_again_by_hand(meeting: Meeting, focal: Person) -> None:
    came(meeting, 1)
    with pytest.raises(NotPossible):
        actions.hold(meeting, participants=40, by=focal)


def test_to_a_meeting_called_off_nobody_came(meeting: Meeting, focal: Person) -> None:
    actions.call_off(meeting, by=focal, reason=Localized(fr="Alerte météo"))
    with pytest.raises(NotPossible, match="called off|لم يحضره"):
        actions.hold(meeting, participants=12, by=focal)


# -- what remains ------------------------------------------------------------------------------------


def test_minutes_are_corrected_by_a_new_version_and_the_old_one_stays(
    meeting: Meeting, focal: Person, client: Client, sign_in: Callable[[Person], Client]
) -> None:
    browser, address = sign_in(focal), f"/fr/meetings/{meeting.pk}/minutes/"
    rows = {"form-TOTAL_FORMS": "3", "form-INITIAL_FORMS": "0"}
    first = rows | {
        "key": str(uuid4()),
        "said_fr": "Six communes",
        "form-0-text_fr": "Publier",
        "form-0-who": "Le service",
    }
    assert browser.post(address, first | {"form-1-who": "Personne"}).status_code == 422  # who, and not what
    more = browser.post(address, first | {"more": "1"})
    assert (more.status_code, more.content.decode().count("Décision ")) == (200, 6)
    assert [browser.post(address, first).status_code for _twice in range(2)] == [303, 303]
    again = first | {"key": str(uuid4()), "said_fr": "Sept communes"}
    assert browser.post(address, again).status_code == 422  # what does it put right?
    assert browser.post(address, again | {"correction_fr": "Sept, et non six"}).status_code == 303
    page = client.get(f"/fr/meetings/{meeting.pk}/").content.decode()
    assert ("Sept communes" in page, "Six communes" in page, "Le service" in page) == (True, False, True)
    assert "Six communes" in client.get(f"{address}1/").content.decode()
    assert client.get(f"{address}3/").status_code == 404


def test_a_meeting_that_has_not_begun_has_no_minutes() -> None:
    coming = make.meeting(starts_at=timezone.now() + timedelta(days=1))
    with pytest.raises(NotPossible):
        actions.publish(coming, by=make.focal_point(coming.place), said=Localized(fr="…"), decisions=[], key=uuid4())


def test_a_photo_loses_its_place_and_can_be_taken_away(
    meeting: Meeting, focal: Person, sign_in: Callable[[Person], Client], ledger: Callable[..., list[Any]]
) -> None:
    packed, marks = io.BytesIO(), Image.Exif()
    marks[0x010F] = "Camera of the mayor"
    Image.new("RGB", (60, 40)).save(packed, "JPEG", exif=marks)
    browser, address = sign_in(focal), f"/fr/meetings/{meeting.pk}/material/"
    form = {"key": str(uuid4()), "title_fr": "La salle"}
    assert browser.post(address, form | {"file": SimpleUploadedFile("x.jpg", b"<svg/>")}).status_code == 422
    assert browser.post(address, form | {"file": SimpleUploadedFile("x.jpg", packed.getvalue())}).status_code == 303
    photo = Material.objects.get()
    with default_storage.open(photo.file.name) as kept:
        assert b"Camera" not in kept.read()
    page = browser.get(f"/fr/meetings/{meeting.pk}/").content.decode()
    assert f"/files/{photo.small.name}" in page
    assert browser.post(f"{address}{photo.pk}/withdraw/", {"reason": "Une personne s'y oppose"}).status_code == 303
    assert browser.get(f"{address}{photo.pk}/withdraw/").status_code == 404
    assert photo.small.name not in browser.get(f"/fr/meetings/{meeting.pk}/").content.decode()
    assert ledger()[-2:] == ["material.added", "material.withdrawn"]


def test_only_whoever_runs_the_meeting_adds_and_publishes(meeting: Meeting) -> None:
    stranger = make.focal_point(make.place())
    paper = files.checked(SimpleUploadedFile("a.pdf", make.PDF), kinds={"pdf"})
    with pytest.raises(NotAllowed):
        actions.add(meeting, by=stranger, title=Localized(fr="x"), file=paper, key=uuid4())
    with pytest.raises(NotAllowed):
        actions.publish(meeting, by=stranger, said=Localized(fr="x"), decisions=[], key=uuid4())
    with pytest.raises(NotAllowed):
        actions.withdraw(make.material(meeting), by=stranger, reason="x")
