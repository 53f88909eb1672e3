import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from infitah.lib.errors import NotPossible
from infitah.lib.i18n import Localized
from infitah.network.certificates import actions, queries
from infitah.network.meetings import actions as meetings
from infitah.network.meetings.models import Meeting
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting() -> Meeting:
    """One that began an hour ago."""
    begun = timezone.now() - timedelta(hours=1)
    return make.meeting(starts_at=begun, ends_at=begun + timedelta(hours=3), has_registration=True, capacity=2)


def test_a_certificate_is_for_whoever_came_and_keeps_no_name(
    meeting: Meeting, ledger: Callable[..., list[Any]]
) -> None:
    alice, absent = make.registration(meeting, checked_in_at=timezone.now()), make.registration(meeting)
    with pytest.raises(NotPossible):
        actions.certify(alice, name="Alice Amrani", language="fr")  # it is not over yet
    with time_machine.travel(meeting.over_at + timedelta(minutes=1)):
        made = actions.certify(alice, name="Alice Amrani", language="fr")
        assert actions.certify(alice, name="أليس عمراني", language="ar") == made
        actions.certify(alice, name="Alice Amrani", language="fr")
        with pytest.raises(NotPossible):
            actions.certify(absent, name="Nobody", language="fr")
    made.refresh_from_db()
    assert [kept["initials"] for kept in made.names.values()] == ["أ. ع.", "A. A."]
    assert [queries.is_named(made, name) for name in ("alice AMRANI", "أليس عمراني", "Bob Amrani")] == [
        True,
        True,
        False,
    ]
    assert "Amrani" not in str([vars(made), ledger("certificate.issued")[0].particulars])
    assert len(ledger("certificate.issued")) == 2


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_a_certificate_is_printed_and_anyone_verifies_it(meeting: Meeting, client: Client, language: str) -> None:
    alice = make.registration(meeting, checked_in_at=timezone.now())
    with time_machine.travel(meeting.over_at + timedelta(minutes=1)):
        own = f"/fr/meetings/registrations/{alice.code}/certificate/"
        assert client.post(own, {"name": "…", "language": language}).status_code == 422
        answer = client.post(own, {"name": "Alice *Amrani*", "language": language})
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    code = alice.certificate.code
    page = client.get(f"/fr/verify/{code.lower()}/").content.decode()
    assert "A. A." in page
    assert "Amrani" not in page
    assert str(meeting.title["fr"]).replace("'", "&#x27;") in page
    assert "Oui" in client.post(f"/fr/verify/{code}/", {"name": "alice amrani"}).content.decode()
    assert "un autre nom" in client.post(f"/fr/verify/{code}/", {"name": "Bob"}).content.decode()


def test_whoever_came_goes_from_the_registration_to_the_certificate(meeting: Meeting, client: Client) -> None:
    alice = make.registration(meeting, name="Alice Amrani", checked_in_at=timezone.now())
    absent = make.registration(meeting)
    with time_machine.travel(meeting.over_at + timedelta(minutes=1)):
        pages = [client.get(f"/fr/meetings/registrations/{one.code}/").content.decode() for one in (alice, absent)]
        (own,) = re.findall(r'href="(\S+/certificate/)"', pages[0])
        assert "/certificate/" not in pages[1]
        assert 'value="Alice Amrani"' in client.get(own).content.decode()
        other = client.post(f"/fr/meetings/registrations/{absent.code}/certificate/", {"name": "X", "language": "fr"})
    assert (other.status_code, client.get(own).status_code) == (409, 409)  # did not come; is not over yet


def test_of_a_meeting_called_off_there_are_no_certificates(meeting: Meeting) -> None:
    alice = make.registration(meeting, checked_in_at=timezone.now())
    meetings.call_off(meeting, by=make.focal_point(meeting.place), reason=Localized(fr="Alerte météo"))
    with time_machine.travel(meeting.over_at + timedelta(minutes=1)), pytest.raises(NotPossible):
        actions.certify(alice, name="Alice Amrani", language="fr")


def test_one_wrong_character_is_said_to_be_wrong(client: Client, meeting: Meeting) -> None:
    code = make.certificate(make.registration(meeting)).code
    wrong = ("3" if code[0] != "3" else "4") + code[1:]
    for answer in (client.get(f"/fr/verify/{wrong}/"), client.get(f"/fr/verify/?code={wrong}")):
        assert (answer.status_code, "Un caractère de ce code est faux" in answer.content.decode()) == (422, True)
        assert wrong in answer.content.decode()
    unknown = client.get("/fr/verify/22222222/")
    assert (unknown.status_code, "Aucune attestation" in unknown.content.decode()) == (404, True)
    assert client.get(f"/fr/verify/?code={code[:3]} {code[3:]}").status_code == 302
