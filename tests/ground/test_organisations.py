"""Organisations: who registers one, who verifies it, who speaks for it, and what becomes of its name."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from infitah.ground.accounts import actions as accounts
from infitah.ground.accounts.models import Person, Role
from infitah.ground.discussion import actions as discussion
from infitah.ground.moderation import actions as moderation
from infitah.ground.moderation import queries as publications
from infitah.ground.organisations import actions, queries, rules
from infitah.ground.organisations.models import Organisation, Speaker, Verdict
from infitah.ground.territories.models import Territory
from infitah.lib.errors import NotAllowed, NotPossible
from infitah.lib.i18n import Localized
from tests import make
from tests.make_organisations import organisation, speaker

pytestmark = pytest.mark.django_db
NAME = Localized(ar="جمعية الحي المنفتح", fr="Association Quartier ouvert")
TEXT = "نشرح الميزانية لسكان الأحياء."


@pytest.fixture
def place() -> Territory:
    return make.place("tetouan")


@pytest.fixture
def focal(place: Territory) -> Person:
    return make.focal_point(place)


@pytest.fixture
def amal() -> Person:
    return make.person("Amal")


def registered(place: Territory, by: Person, **words: Any) -> Organisation:
    words = {"name": NAME, "kind": "association", "text": TEXT, "key": uuid4(), **words}
    return actions.register(place, by=by, **words)


# -- registering ---------------------------------------------------------------------------------


def test_whoever_registers_an_organisation_speaks_for_it_and_it_waits(
    place: Territory, amal: Person, ledger: Any
) -> None:
    key = uuid4()
    one = registered(place, amal, key=key)
    assert registered(place, amal, key=key) == one  # the same form sent twice
    assert (one.status, one.is_public, one.language) == ("registered", False, "ar")
    assert [each.person for each in queries.speakers_of(one)] == [amal] and rules.speaks_for(amal, one)
    (entry,) = ledger("organisation.registered")
    assert (entry.place, entry.particulars) == (place.code, {"kind": "association"})  # no name, of nobody


def test_an_organisation_has_its_name_at_a_place_to_itself_unless_another_was_turned_away(
    place: Territory, amal: Person, focal: Person
) -> None:
    one = registered(place, amal)
    other = make.person("Bilal")
    for name in (NAME, Localized(ar="جمعيّة الحيّ المنفتح"), Localized(fr="ASSOCIATION QUARTIER OUVERT")):
        with pytest.raises(NotPossible):
            registered(place, other, name=name)
    assert registered(make.place("figuig"), other).name == NAME  # elsewhere it is another
    actions.withhold(one, by=focal, reason="لا وجود لها.")
    assert registered(place, other).status == "registered"


def test_nobody_without_an_account_registers_and_nothing_is_registered_at_a_place_that_is_no_more(
    place: Territory, amal: Person
) -> None:
    assert not rules.can_register(None, place)
    Territory.objects.filter(pk=place.pk).update(valid_until=timezone.localdate())
    place.refresh_from_db()
    with pytest.raises(NotAllowed):
        registered(place, amal)


def test_an_organisation_says_what_it_does_and_one_that_is_verified_has_its_day(place: Territory) -> None:
    for wrong in ({"text": ""}, {"status": "verified", "verified_at": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            organisation(place, **wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Verdict.objects.create(organisation=organisation(place), is_verified=False, is_national=True)


# -- verifying -----------------------------------------------------------------------------------


def test_the_collectivity_or_the_national_team_verifies_and_nobody_their_own(
    place: Territory, amal: Person, focal: Person, ledger: Any
) -> None:
    one = registered(place, amal)
    for who in (amal, make.focal_point(make.place()), make.holder(Role.CLERK, place), make.person()):
        with pytest.raises(NotAllowed):
            actions.verify(one, by=who)
    for _click in range(2):
        one = actions.verify(one, by=focal)
    assert one.is_verified and one.verified_at and [each.is_national for each in one.verdicts.all()] == [False]
    assert ledger("organisation.verified")[0].particulars == {"is_national": False}
    own = registered(place, focal, name=Localized(fr="Club des élus"))
    with pytest.raises(NotAllowed):
        actions.verify(own, by=focal)
    nadia = make.holder(Role.NATIONAL, make.country(), "Nadia")
    assert actions.verify(own, by=nadia).verdicts.get().is_national


def test_the_mark_is_withheld_with_a_reason_and_given_again(place: Territory, amal: Person, focal: Person) -> None:
    one = actions.verify(registered(place, amal), by=focal)
    with pytest.raises(NotPossible):
        actions.withhold(one, by=focal, reason="  ")
    for _click in range(2):
        one = actions.withhold(one, by=focal, reason="لم تعد تنشط هنا.")
    assert one.is_public and not one.is_verified and one.standing == ("no", "لم تعد موثقة")
    assert actions.verify(one, by=focal).is_verified
    assert [each.is_verified for each in one.verdicts.all()] == [True, False, True]


def test_one_that_was_never_verified_is_seen_by_its_people_and_those_who_may_verify_it(
    place: Territory, amal: Person, focal: Person, client: Client, sign_in: Callable[[Person], Client]
) -> None:
    one = registered(place, amal)
    at = reverse("voices:organisation", args=[one.pk])
    assert client.get(at).status_code == sign_in(make.person()).get(at).status_code == 404
    nadia = make.holder(Role.NATIONAL, make.country(), "Nadia")
    invited = actions.invite(one, by=amal, email="bilal@example.org").person
    assert {sign_in(who).get(at).status_code for who in (amal, focal, nadia, invited)} == {200}
    assert str(one) not in client.get(reverse("organisations:list", args=[place.slug])).content.decode()
    assert str(one) in sign_in(focal).get(reverse("organisations:list", args=[place.slug])).content.decode()


# -- its words -----------------------------------------------------------------------------------


def test_a_verified_organisation_words_anew_what_it_does_and_keeps_its_name(
    place: Territory, amal: Person, focal: Person, ledger: Any
) -> None:
    one = actions.verify(registered(place, amal), by=focal)
    one = actions.reword(one, by=amal, text="Nous expliquons le budget.")
    assert (one.language, one.is_verified) == ("fr", True)
    actions.reword(one, by=amal, text="Nous expliquons le budget.")
    assert [entry.particulars for entry in ledger("organisation.reworded")] == [{"fields": ["text"]}]
    with pytest.raises(NotPossible):
        actions.reword(one, by=amal, text=TEXT, name=Localized(fr="Autre nom"), kind="company")
    with pytest.raises(NotAllowed):
        actions.reword(one, by=focal, text=TEXT)


def test_one_that_was_turned_away_is_worded_anew_and_waits_again(place: Territory, amal: Person, focal: Person) -> None:
    one = actions.withhold(registered(place, amal), by=focal, reason="Le nom n'est pas complet.")
    taken = registered(place, make.person(), name=Localized(fr="Club du quartier"))
    with pytest.raises(NotPossible):
        actions.reword(one, by=amal, text=TEXT, name=taken.name, kind="association")
    one = actions.reword(one, by=amal, text=TEXT, name=Localized(fr="Association du quartier ouvert"), kind="network")
    assert (one.status, one.kind) == ("registered", "network") and one in queries.waiting_at(place)


def test_of_two_who_change_its_page_the_second_reads_what_the_first_wrote(
    place: Territory, amal: Person, sign_in: Callable[[Person], Client]
) -> None:
    one, browser = registered(place, amal), sign_in(amal)
    at = reverse("organisations:reword", args=[one.pk])
    seen = browser.get(at).context["form"]["seen"].value()
    actions.reword(one, by=amal, text="كلمات أخرى عن عملنا.", name=NAME, kind="association")
    sent = {"name_ar": "اسم آخر للجمعية", "kind": "association", "text": TEXT, "seen": seen}
    overtaken = browser.post(at, sent)
    assert overtaken.status_code == 409 and TEXT in overtaken.content.decode()
    assert browser.post(at, {**sent, "seen": overtaken.context["form"].data["seen"]}).status_code == 303
    assert browser.post(at, {**sent, "text": ""}).status_code == 422


# -- moderation ----------------------------------------------------------------------------------


def test_personal_data_in_its_words_wait_for_a_look_and_nobody_verifies_it_before(
    place: Territory, amal: Person, focal: Person
) -> None:
    one = registered(place, amal, text="اتصلوا بنا على 0612345678")
    assert one.visibility == "held" and publications.desk(place)[0].thing == one
    with pytest.raises(NotPossible):
        actions.verify(one, by=focal)
    moderation.restore(one, by=focal, reason="رقم الجمعية.")
    assert actions.verify(one, by=focal).is_verified


def test_a_name_is_reported_and_hidden_and_then_shown_nowhere(
    place: Territory, amal: Person, focal: Person, client: Client
) -> None:
    one = organisation(place, by=amal, name=NAME)
    idea = make.idea(make.programme(place), organisation=one)
    page = reverse("custody:idea", args=[place.slug, idea.number])
    assert NAME["ar"] in client.get(page).content.decode()
    assert client.post(reverse("moderation:report", args=["organisations.organisation", one.pk]), {"ground": "insult"})
    (case,) = publications.desk(place)
    assert (case.thing, case.words) == (one, f"{one.title}\n{one.text}")
    ruling = moderation.hide(one, by=focal, ground="insult", reason="اسم مسيء.")
    assert NAME["ar"] not in client.get(page).content.decode()
    at = client.get(reverse("voices:organisation", args=[one.pk]))
    assert at.status_code == 302 and at["Location"] == reverse("moderation:ruling", args=[ruling.pk])
    with pytest.raises(NotAllowed):
        actions.require_voice(amal, Organisation.objects.get())


# -- those who speak for it ----------------------------------------------------------------------


def test_somebody_is_invited_by_their_address_accepts_and_leaves(place: Territory, amal: Person, ledger: Any) -> None:
    one = organisation(place, by=amal)
    invited = actions.invite(one, by=amal, email="bilal@example.org")
    assert actions.invite(one, by=amal, email="BILAL@example.org") == invited
    bilal = invited.person
    assert not rules.speaks_for(bilal, one) and list(queries.voices(bilal)) == []
    with pytest.raises(NotAllowed):
        actions.accept(invited, by=amal)
    for _click in range(2):
        actions.accept(invited, by=bilal)
    assert list(queries.voices(bilal)) == [one] and rules.can_speak_for(bilal, one)
    for _click in range(2):
        actions.end(invited, by=bilal)
    assert list(queries.voices(bilal)) == []
    with pytest.raises(NotPossible):
        actions.accept(invited, by=bilal)
    assert ledger()[-3:] == ["speaker.invited", "speaker.accepted", "speaker.ended"]
    assert all(not entry.particulars for entry in ledger("speaker.invited"))


def test_an_invitation_is_taken_back_by_its_people_and_a_speaker_ended_by_those_who_verify(
    place: Territory, amal: Person, focal: Person
) -> None:
    one = organisation(place, by=amal)
    invited = speaker(one, make.person("Bilal"), is_invited=True)
    speaking = speaker(one, make.person("Chadia"))
    for who in (make.person(), invited.person):
        assert not rules.can_end(who, speaking)
    assert not rules.can_end(amal, speaking)  # equals do not put each other out
    assert actions.end(invited, by=amal).left_at and actions.end(speaking, by=focal).left_at


def test_where_nobody_is_left_to_speak_those_who_verify_invite_somebody(
    place: Territory, amal: Person, focal: Person, sign_in: Callable[[Person], Client]
) -> None:
    one = organisation(place, by=amal)
    with pytest.raises(NotAllowed):
        actions.invite(one, by=focal, email="bilal@example.org")
    accounts.erase(amal, by=amal)
    assert queries.speakers_of(one) == [] and not rules.speaks_for(Person.objects.get(pk=amal.pk), one)
    at = reverse("organisations:speakers", args=[one.pk])
    assert sign_in(focal).post(at, {"email": "no address"}).status_code == 422
    assert sign_in(focal).post(at, {"email": "bilal@example.org"}).status_code == 303
    assert Speaker.objects.get(person__email="bilal@example.org").invited_by == focal


def test_whoever_takes_a_copy_of_their_data_finds_what_they_speak_for(place: Territory, amal: Person) -> None:
    one = organisation(place, by=amal)
    kept = accounts.export(amal, by=amal)["records"]
    assert kept["organisations.speaker.person"][0]["organisation"] == one.pk
    assert kept["organisations.organisation.by"][0]["name"] == dict(one.name)


def test_those_concerned_are_told(place: Territory, amal: Person, focal: Person) -> None:
    one = registered(place, amal)
    actions.verify(one, by=focal)
    actions.invite(one, by=amal, email="bilal@example.org")
    Person.objects.filter(email="bilal@example.org").update(pseudonym="Bilal")
    told = make.told()
    assert [len(told[name]) for name in ("Alice", "Amal", "Bilal")] == [1, 1, 1]
    assert "موثقة" in told["Amal"][0] and "مدعوون" in told["Bilal"][0]


def test_where_nobody_runs_the_place_the_national_team_is_told(amal: Person) -> None:
    make.holder(Role.NATIONAL, make.country(), "Nadia")
    one = registered(make.place(), amal)
    assert list(make.told()) == ["Nadia"] and list(queries.left_to_the_nation()) == [one]


# -- comments in its name ------------------------------------------------------------------------


def test_only_who_speaks_for_a_verified_organisation_comments_in_its_name(place: Territory, amal: Person) -> None:
    idea, one = make.idea(make.programme(place)), organisation(place, by=amal)
    said = {"text": "نعم", "language": "ar"}
    assert discussion.say(idea, by=amal, organisation=one, **said).organisation == one
    waiting = organisation(place, by=amal, status="registered")
    for who, which in ((make.person(), one), (amal, waiting)):
        with pytest.raises(NotAllowed):
            discussion.say(idea, by=who, organisation=which, **said)


def test_comments_cost_as_many_questions_whoever_speaks_in_them(
    place: Territory, amal: Person, client: Client, django_assert_max_num_queries: Any
) -> None:
    idea = make.idea(make.programme(place))
    at, said = reverse("custody:idea", args=[place.slug, idea.number]), {"text": "نعم", "language": "ar"}
    discussion.say(idea, by=amal, **said)
    client.get(at)
    with django_assert_max_num_queries(40) as once:
        client.get(at)
    for _turn in range(10):
        who = make.person()
        discussion.say(idea, by=who, organisation=organisation(place, by=who), **said)
    with django_assert_max_num_queries(len(once.captured_queries)):
        client.get(at)
