"""A row entered at a workshop by mistake: it is told of where it says the same as another, and taken back."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from infitah.ground.accounts.models import Person, Role
from infitah.ground.ledger.models import Entry
from infitah.journey.ideas import actions, queries, rules
from infitah.journey.ideas.models import Channel, Idea
from infitah.journey.programmes.models import Programme
from infitah.lib.errors import NotAllowed, NotPossible
from infitah.network.pool.queries import AS_A_RESIDENT
from tests import make

pytestmark = pytest.mark.django_db
WORDS = {"problem": "الأزقة مظلمة ليلا", "solution": "إنارة الأزقة بالطاقة الشمسية"}


@pytest.fixture
def programme() -> Programme:
    return make.programme()


@pytest.fixture
def alice(programme: Programme) -> Person:
    return make.focal_point(programme.place)


def entered(programme: Programme, by: Person, **said: Any) -> Idea:
    said = {"axis": programme.axes.first(), "channel": Channel.WORKSHOP, "key": uuid4(), **WORDS, **said}
    return actions.enter(programme, by=by, **said)


def test_a_row_entered_by_mistake_is_taken_back_and_its_number_stays(
    programme: Programme, alice: Person, ledger: Any
) -> None:
    row = entered(programme, alice)
    assert [actions.withdraw(row, by=alice).status for _click in range(2)] == ["withdrawn", "withdrawn"]
    assert entered(programme, alice).number == row.number + 1
    assert queries.tally(programme.place).public == 1
    (entry,) = ledger("idea.withdrawn")
    assert (entry.by, entry.on_id, entry.place) == (alice.uid, row.pk, programme.place.code)


def test_whoever_entered_it_and_the_focal_point_take_a_row_back_and_nobody_else(programme: Programme) -> None:
    coach = make.mission(programme.place, status="running").coach.person
    focal = make.focal_point(programme.place, "Nadia")
    of_coach, of_focal = entered(programme, coach), entered(programme, focal, solution="شيء آخر للحي كله")
    for who in (None, make.person(), make.focal_point(make.place()), make.holder(Role.NATIONAL, make.country())):
        assert not rules.can_withdraw(who, of_coach)
    with pytest.raises(NotAllowed):
        actions.withdraw(of_focal, by=coach)
    assert actions.withdraw(of_coach, by=coach).status == actions.withdraw(of_focal, by=focal).status == "withdrawn"
    deeds = Entry.objects.filter(action="idea.withdrawn").exclude(AS_A_RESIDENT)
    assert set(deeds.values_list("by", flat=True)) == {coach.uid, focal.uid}  # done for the member, not as residents


def test_a_row_stays_once_something_has_happened_to_it(programme: Programme, alice: Person) -> None:
    def refused(row: Idea) -> bool:
        with pytest.raises(NotPossible):
            actions.withdraw(row, by=alice)
        return Idea.objects.get(pk=row.pk).status != "withdrawn"

    answered, supported, discussed, lead, grouped, proposed = (
        entered(programme, alice, solution=f"حل مقترح رقم {number}") for number in range(6)
    )
    actions.decide(answered, by=alice, outcome="outside", reason="من اختصاص الجهة")
    actions.support(supported, by=None, device="d")
    Idea.objects.filter(pk=discussed.pk).update(comment_count=1)
    actions.group([grouped], by=alice, lead=lead)
    actions.propose(proposed, by=make.seat(programme).person, outcome="outside", reason="من اختصاص الجهة")
    assert all(refused(row) for row in (answered, supported, discussed, lead, grouped, proposed))
    free = entered(programme, alice, solution="حل لم يحدث له شيء")
    Programme.objects.update(status="on_agenda")
    assert refused(free)


def test_a_row_of_a_sheet_goes_with_its_sheet(programme: Programme, alice: Person) -> None:
    batch = make.batch(programme)
    actions.import_batch(batch, by=alice)
    assert not rules.can_withdraw(alice, batch.ideas.get())


def test_a_row_that_says_the_same_is_kept_and_leads_to_the_other(
    programme: Programme, alice: Person, sign_in: Any
) -> None:
    first = entered(programme, alice)
    again = entered(programme, alice, solution="إنارةُ الأزقّة   بالطاقة الشمسيّة.")
    other = entered(programme, alice, solution="تنظيف الأزقة كل أسبوع")
    assert [row.twin for row in queries.latest_entered(programme)] == [None, first, None]
    address = f"/fr/c/{programme.place.slug}/ideas/enter/"
    said = sign_in(alice).get(address).content.decode()
    assert said.count("Elle dit la même chose que") == 1 and f"/ideas/{first.number}/" in said
    actions.withdraw(first, by=alice)
    assert not any(row.twin for row in queries.latest_entered(programme))
    assert [row.pk for row in queries.slips(programme)] == [other.pk, again.pk]


def test_a_row_is_taken_back_beside_it_and_the_next_begins_as_before(
    programme: Programme, alice: Person, sign_in: Any, client: Client
) -> None:
    row, browser, base = entered(programme, alice), sign_in(alice), f"/fr/c/{programme.place.slug}/ideas/"
    axis = programme.axes.last().pk
    page = browser.get(f"{base}enter/?channel=paper&axis={axis}").content.decode()
    back = f"{base}enter/?channel=paper&amp;axis={axis}"
    assert f'action="{base}{row.number}/withdraw/"' in page and f'name="next" value="{back}"' in page
    answer = browser.post(f"{base}{row.number}/withdraw/", {"next": back.replace("&amp;", "&")}, follow=True)
    said = answer.content.decode()
    assert answer.redirect_chain[-1][0] == back.replace("&amp;", "&") and f"{row.number}/withdraw/" not in said
    assert f"La ligne {row.number} est retirée" in said and "Retirée" in said
    shown = client.get(f"{base}{row.number}/")
    assert shown.status_code == 410 and "saisie par erreur" in shown.content.decode()


def test_the_page_of_a_row_lets_the_focal_point_take_it_back(programme: Programme, alice: Person, sign_in: Any) -> None:
    row = entered(programme, alice)
    page = sign_in(alice).get(f"/fr/c/{programme.place.slug}/ideas/{row.number}/").content.decode()
    assert "Retirer cette ligne" in page and "Retirer mon idée" not in page


@pytest.mark.parametrize("is_coach", [False, True])
def test_ten_rows_take_as_many_queries_as_one(
    programme: Programme, alice: Person, sign_in: Any, is_coach: bool
) -> None:
    by = make.mission(programme.place, status="running").coach.person if is_coach else alice
    browser, address = sign_in(by), f"/fr/c/{programme.place.slug}/ideas/enter/"

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert browser.get(address).status_code == 200
        return len(queries)

    entered(programme, by)
    asked()
    one = asked()
    for _row in range(9):
        entered(programme, by)
    assert asked() == one
