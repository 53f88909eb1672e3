"""The role of focal point or deputy passes from one person to another, in mid-cycle if need be."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from infitah.ground.accounts import actions as accounts
from infitah.ground.accounts.models import Person, Role, RoleGrant
from infitah.ground.accounts.queries import kept_about
from infitah.ground.territories.models import Territory
from infitah.lib.errors import NotAllowed, NotPossible
from infitah.network.membership import actions
from infitah.network.membership.models import HandOver
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def national() -> Person:
    return make.holder(Role.NATIONAL, make.country())


@pytest.fixture
def place() -> Territory:
    return make.place("tetouan")


def today(days: int = 0) -> date:
    return timezone.localdate() + timedelta(days=days)


def name(place: Territory, by: Person | None, to: Person | str, **given: Any) -> HandOver:
    given = {"role": Role.FOCAL_POINT, "outgoing": by, "on": today(), **given}
    return actions.hand_over(place, by=by, to=to, **given)


def fresh(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def test_the_role_passes_on_its_day_and_whoever_held_it_keeps_no_rights(
    place: Territory, sign_in: Callable[[Person], Client]
) -> None:
    alice, bob = make.focal_point(place), make.person("Bob")
    programme = make.programme(place)
    name(place, alice, bob, on=today(7))
    assert fresh(alice).is_focal_point_of(place) and not fresh(bob).is_focal_point_of(place)
    assert sign_in(bob).get("/fr/c/tetouan/hand-over/").status_code == 200
    assert sign_in(bob).get("/fr/c/tetouan/programme/setup/").status_code == 403
    with time_machine.travel(timezone.now() + timedelta(days=7), tick=False):
        assert not fresh(alice).is_focal_point_of(place) and fresh(bob).is_focal_point_of(place)
        for door in ("hand-over/", "hand-over/name/", "programme/setup/", "ideas/inbox/"):
            assert sign_in(alice).get(f"/fr/c/tetouan/{door}").status_code == 403
        assert sign_in(bob).get("/fr/c/tetouan/programme/setup/").status_code == 200
        assert programme.axes.count() == 2  # nothing is lost


def test_whoever_names_nobody_is_not_told_that_somebody_holds_the_role_already(
    place: Territory, sign_in: Callable[[Person], Client]
) -> None:
    alice = make.person("Alice", email=None)
    make.grant(alice, "focal_point", place)
    sent = {"whose": f"focal_point-{alice.pk}", "on": str(today()), "language": "fr"}
    form = sign_in(alice).post("/fr/c/tetouan/hand-over/name/", sent).context["form"]
    assert len(form.errors["email"]) == 1


def test_a_focal_point_is_replaced_at_once_in_mid_cycle(
    place: Territory, sign_in: Callable[[Person], Client], ledger: Callable[..., list[Any]]
) -> None:
    alice = make.focal_point(place)
    make.draft(make.programme(place))
    browser = sign_in(alice)
    answer = browser.get("/fr/c/tetouan/hand-over/name/").content.decode()
    form = {"whose": f"focal_point-{alice.pk}", "email": "nadia@example.org", "on": str(today())}
    form |= {"note": "Appelez Karim d'abord", "language": "fr", "key": "00000000-0000-4000-8000-000000000002"}
    assert "Point focal\u00a0: Alice" in answer
    refused = browser.post("/fr/c/tetouan/hand-over/name/", {**form, "on": str(today(-1))})
    assert refused.status_code == 422 and "Appelez Karim" in refused.content.decode()
    assert browser.post("/fr/c/tetouan/hand-over/name/", {**form, "email": alice.email}).status_code == 422
    assert Person.objects.filter(email="nadia@example.org").count() == 0
    assert browser.post("/fr/c/tetouan/hand-over/name/", form).status_code == 303
    assert browser.post("/fr/c/tetouan/hand-over/name/", form).status_code == 303  # the same form is one hand-over
    other = {**form, "key": "00000000-0000-4000-8000-000000000009"}
    assert browser.post("/fr/c/tetouan/hand-over/name/", other).status_code == 403  # the role is no longer theirs
    assert HandOver.objects.count() == 1
    nadia = Person.objects.get(email="nadia@example.org")
    page = sign_in(nadia).get("/fr/c/tetouan/hand-over/").content.decode()
    assert "Appelez Karim d&#x27;abord" in page and "J’ai tout lu" in page
    assert ledger()[-3:] == ["role.passed", "role.taken_over", "role.handed_over"]
    assert "Karim" not in str([entry.particulars for entry in ledger("role.handed_over")])


def test_the_same_form_of_hand_over_sent_twice_names_once(place: Territory, national: Person) -> None:
    alice, key = make.focal_point(place), "00000000-0000-4000-8000-000000000003"
    first = name(place, national, "nadia@example.org", outgoing=alice, key=key)
    assert name(place, national, "nadia@example.org", outgoing=alice, key=key) == first
    assert HandOver.objects.count() == 1


def test_two_who_replace_the_same_person_at_once_leave_one_successor(place: Territory, national: Person) -> None:
    alice = make.focal_point(place)
    name(place, national, make.person("Bob"), outgoing=alice)
    with pytest.raises(NotPossible, match="انتقلت"):
        name(place, national, make.person("Chadia"), outgoing=alice)
    held = RoleGrant.objects.current().filter(role=Role.FOCAL_POINT, territory=place)
    assert [grant.person.pseudonym for grant in held] == ["Bob"]


def test_naming_again_before_the_day_replaces_whoever_was_named(place: Territory) -> None:
    alice, bob, chadia = make.focal_point(place), make.person("Bob"), make.person("Chadia")
    first = name(place, alice, bob, on=today(5))
    name(place, alice, chadia, on=today(9))
    first.refresh_from_db()
    assert first.replaced_at is not None
    with pytest.raises(NotPossible):
        actions.acknowledge(first, by=bob)
    with time_machine.travel(timezone.now() + timedelta(days=6), tick=False):
        assert fresh(alice).is_focal_point_of(place) and not fresh(bob).is_focal_point_of(place)
    with time_machine.travel(timezone.now() + timedelta(days=9), tick=False):
        assert fresh(chadia).is_focal_point_of(place) and not fresh(alice).is_focal_point_of(place)


def test_who_names_a_successor_and_who_may_not(place: Territory, national: Person) -> None:
    alice, daoud = make.focal_point(place), make.holder(Role.DEPUTY, place, "Daoud")
    president, clerk = make.holder(Role.PRESIDENT, place), make.holder(Role.CLERK, place)
    for person in (None, make.person(), daoud, president, clerk, make.focal_point(make.place("figuig"))):
        with pytest.raises(NotAllowed):
            name(place, person, make.person(), outgoing=alice)
    with pytest.raises(NotAllowed):
        name(place, alice, alice)
    name(place, daoud, make.person("Ilham"), role=Role.DEPUTY)
    accounts.erase(alice, by=alice)
    with pytest.raises(NotAllowed):
        name(place, fresh(daoud), make.person(), outgoing=None)
    named = name(place, fresh(clerk), "after@example.org", outgoing=None)
    assert named.incoming is not None and named.incoming.is_focal_point_of(place)
    with pytest.raises(NotAllowed):
        name(place, fresh(president), make.person(), outgoing=None)


def test_a_deputy_passes_on_the_own_role_and_not_that_of_another(
    place: Territory, sign_in: Callable[[Person], Client], national: Person
) -> None:
    alice, chadia = make.focal_point(place), make.focal_point(place, "Chadia")
    daoud, ilham = make.holder(Role.DEPUTY, place, "Daoud"), make.holder(Role.DEPUTY, place, "Ilham")
    with pytest.raises(NotAllowed):
        name(place, daoud, make.person(), role=Role.DEPUTY, outgoing=ilham)
    with pytest.raises(NotAllowed):
        name(place, alice, make.person(), outgoing=chadia)
    form = sign_in(daoud).get("/fr/c/tetouan/hand-over/name/").content.decode()
    assert f"deputy-{daoud.pk}" in form and f"deputy-{ilham.pk}" not in form
    name(place, alice, make.person("Bob"), role=Role.DEPUTY, outgoing=ilham)
    name(place, national, make.person("Driss"), outgoing=chadia)


def test_a_role_that_somebody_holds_is_not_handed_over_as_if_nobody_did(place: Territory) -> None:
    daoud = make.holder(Role.DEPUTY, place, "Daoud")
    with pytest.raises(NotPossible):
        name(place, daoud, "another@example.org", role=Role.DEPUTY, outgoing=None)
    assert not Person.objects.filter(email="another@example.org").exists()


def test_nobody_writes_to_addresses_without_end_by_handing_over(
    place: Territory, sign_in: Callable[[Person], Client]
) -> None:
    alice = make.focal_point(place)
    browser, form = sign_in(alice), {"whose": f"focal_point-{alice.pk}", "on": str(today(9)), "language": "fr"}
    sent = [
        browser.post("/fr/c/tetouan/hand-over/name/", {**form, "email": f"a{n}@example.org", "key": str(uuid4())})
        for n in range(11)
    ]
    assert [answer.status_code for answer in sent] == [303] * 10 + [429]


def test_a_deputy_who_becomes_focal_point_is_deputy_no_more(place: Territory) -> None:
    alice, daoud = make.focal_point(place), make.holder(Role.DEPUTY, place, "Daoud")
    name(place, alice, daoud)
    assert [grant.role for grant in fresh(daoud).current_grants] == [Role.FOCAL_POINT]


def test_both_are_told_and_the_one_hears_that_the_other_has_read(place: Territory, national: Person) -> None:
    alice, bob = make.focal_point(place), make.person("Bob")
    named = name(place, national, bob, outgoing=alice)
    with pytest.raises(NotAllowed):
        actions.acknowledge(named, by=alice)
    actions.acknowledge(named, by=bob)
    first = actions.acknowledge(named, by=bob).acknowledged_at
    assert first == actions.acknowledge(named, by=bob).acknowledged_at
    assert make.told() == {
        "Bob": ["تتسلمون مهمة: كل ما سُلم إليكم مجموع في صفحة واحدة."],
        "Alice": ["تنتقل مهمتكم إلى شخص آخر في اليوم المحدد.", "اطلع من يتسلم مهمتكم على ما سلمتموه."],
    }


def test_whoever_is_erased_leaves_the_hand_over_without_a_name(
    place: Territory, sign_in: Callable[[Person], Client], national: Person
) -> None:
    alice, bob = make.focal_point(place), make.person("Bob")
    name(place, alice, bob, note="كل شيء في الدرج", on=today(3))
    exported = str(kept_about(alice)["records"])
    assert "membership.handover.outgoing" in exported and "كل شيء في الدرج" in exported
    assert "membership.handover.incoming" in kept_about(bob)["records"]
    accounts.erase(bob, by=bob)
    accounts.erase(alice, by=alice)
    page = sign_in(national).get("/fr/c/tetouan/hand-over/").content.decode()
    assert "Alice" not in page and "Bob" not in page
    with time_machine.travel(timezone.now() + timedelta(days=4), tick=False):
        assert RoleGrant.objects.current().filter(territory=place).count() == 0
