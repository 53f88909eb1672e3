from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from infitah.ground.accounts.models import Role
from infitah.ground.discussion import actions as discussion
from infitah.ground.moderation import actions, queries
from infitah.ground.moderation.models import Appeal, Ground, Moderated, Report, Ruling
from infitah.journey.ideas import actions as ideas
from infitah.journey.ideas.models import Idea
from infitah.lib.errors import NotAllowed, NotPossible
from tests import make

pytestmark = pytest.mark.django_db
SHOWN, HELD, HIDDEN = Moderated.Visibility
WHY = {"ground": Ground.INSULT, "reason": "It insults someone."}


@pytest.fixture
def idea() -> Idea:
    return make.idea(author=make.person("Author"))


def now(idea: Idea) -> str:
    return Idea.objects.get(pk=idea.pk).visibility


@pytest.mark.parametrize(
    "text",
    [
        "اتصلوا بي على 0612345678",
        "رقمي ٠٦١٢٣٤٥٦٧٨",
        "+212 6 12 34 56 78",
        "00212-661-234567",
        "(0522) 0522.12.34.56",
        "écrivez à fatima.z@example.com",
        "CIN: AB123456",
        "بطاقتي K 123456",
        "ma carte ab123456",
    ],
)
def test_personal_data_waits_for_a_look(text: str) -> None:
    assert queries.screen(text) == Ground.PERSONAL


@pytest.mark.parametrize("text", ["هذا الرئيس حِمَار", "bande de SALAUDS !", "Conseil de batards", "9a7ba"])
def test_a_plain_insult_waits_for_a_look(text: str) -> None:
    assert queries.screen(text) == Ground.INSULT


@pytest.mark.parametrize(
    "text",
    [
        "نريد إصلاح الطريق رقم 13 وتوفير 250000 درهم",
        "Le budget 2024 est de 1 250 000 DH",
        "route RN13, lot 45",
        "المجلس فاشل ولا يعمل شيئا",
        "Les chiens errants, le commerce, la salubrité",
        "contact@interieur.gov.ma",
        "2025-2027 : 12 000 habitants en 2014 et 15 000 en 2024",
        "اضطرابات في الماء والكهرباء",
        "السلام عليكم، نطلب ملعبا لكل ولد وبنت، والله ولي التوفيق",
        "كلاب ضالة وخنازير برية قرب المدرسة",
        "Un budget de 250000 DH pour les ordures, et 15000 habitants desservis",
        "BUDGET DE 250000 DH, DH 120000 PAR AN",
    ],
)
def test_criticism_and_figures_do_not_wait(text: str) -> None:
    assert queries.screen(text) is None


def test_everyone_reports_and_a_person_once(idea: Idea, ledger: Any) -> None:
    alice = make.person()
    actions.report(idea, by=None, ground=Ground.SPAM)
    actions.report(idea, by=alice, ground=Ground.SPAM, text="twice")
    actions.report(idea, by=alice, ground=Ground.SPAM, text="twice")
    assert Report.objects.count() == 2
    assert ledger() == ["publication.reported"] * 2 and ledger("publication.reported")[0].place == idea.place.code


@pytest.mark.parametrize(("act", "visibility"), [(actions.hold, HELD), (actions.hide, HIDDEN)])
def test_only_the_focal_point_of_the_place_and_the_national_team_moderate(
    idea: Idea, act: Any, visibility: str, ledger: Any
) -> None:
    for who in [None, make.person(), make.focal_point(make.place()), make.holder(Role.COMMITTEE, idea.place)]:
        with pytest.raises(NotAllowed):
            act(idea, by=who, **WHY)
    act(idea, by=make.focal_point(idea.place), **WHY)
    assert now(idea) == visibility
    with pytest.raises(NotPossible):
        act(idea, by=make.holder(Role.NATIONAL, make.country()), **WHY)
    assert ledger() == [f"publication.{visibility}"]
    actions.restore(idea, by=make.holder(Role.NATIONAL, make.country()), reason="It keeps to the rules.")
    assert now(idea) == SHOWN


def test_a_ruling_closes_the_reports(idea: Idea) -> None:
    actions.report(idea, by=None, ground=Ground.INSULT)
    actions.hide(idea, by=make.focal_point(idea.place), **WHY)
    assert not Report.objects.filter(settled_at=None).exists()
    with pytest.raises(NotPossible):
        actions.report(idea, by=None, ground=Ground.INSULT)


def test_what_was_reported_and_keeps_to_the_rules_stays_published(sign_in: Any, idea: Idea, ledger: Any) -> None:
    browser = sign_in(make.focal_point(idea.place))
    desk, address = f"/fr/c/{idea.place.slug}/moderation/", f"/fr/moderation/ideas.idea/{idea.pk}/"
    assert (
        browser.post(address, {"visibility": "shown", "reason": "Rien à dire"}).status_code == 409
    )  # nobody reported it
    actions.report(idea, by=None, ground=Ground.SUBJECT)
    assert "La laisser en ligne" in browser.get(desk).content.decode()
    answer = browser.post(f"{address}?next={desk}", {"visibility": "shown", "reason": "C’est le sujet"})
    assert (answer.status_code, answer["Location"]) == (303, desk)
    assert now(idea) == SHOWN and ideas.recount(idea.place).public == 1
    assert ledger() == ["publication.reported", "publication.kept"]
    assert "La laisser en ligne" not in browser.get(desk).content.decode()


def test_what_its_author_took_back_is_shown_to_nobody_and_not_reported(client: Client, idea: Idea) -> None:
    comment = discussion.say(idea, by=idea.author, text="Words of yesterday", language="fr")
    discussion.retract(comment, by=idea.author)
    address = f"/fr/report/discussion.comment/{comment.pk}/"
    assert "Words of yesterday" not in client.get(address).content.decode()
    assert client.post(address, {"ground": "spam"}).status_code == 409
    ideas.withdraw(idea, by=idea.author)
    assert idea.solution not in client.get(f"/fr/report/ideas.idea/{idea.pk}/").content.decode()
    with pytest.raises(NotPossible):
        actions.report(Idea.objects.get(pk=idea.pk), by=None, ground=Ground.SPAM)


def test_an_idea_taken_back_while_it_waited_is_never_counted(idea: Idea) -> None:
    alice = make.focal_point(idea.place)
    ideas.recount(idea.place)
    actions.hold(idea, by=alice, **WHY)
    ideas.withdraw(idea, by=idea.author)
    actions.restore(idea, by=alice, reason="It keeps to the rules.")
    assert ideas.queries.Tally.objects.get(place=idea.place).public == 0


def test_what_is_hidden_is_no_longer_counted(idea: Idea) -> None:
    tally = ideas.recount(idea.place)
    assert tally.public == 1
    actions.hide(idea, by=make.focal_point(idea.place), **WHY)
    tally.refresh_from_db()
    assert tally.public == 0
    actions.restore(idea, by=make.focal_point(idea.place), reason="Fine.")
    tally.refresh_from_db()
    assert tally.public == 1


def test_the_author_appeals_once_and_someone_else_answers(idea: Idea, ledger: Any) -> None:
    alice, bob = make.focal_point(idea.place), make.holder(Role.DEPUTY, idea.place)
    ruling = actions.hide(idea, by=alice, **WHY)
    with pytest.raises(NotAllowed):
        actions.appeal(ruling, by=make.person(), text="Not me")
    appeal = actions.appeal(ruling, by=idea.author, text="It is only true.")
    with pytest.raises(NotPossible):
        actions.appeal(ruling, by=idea.author, text="Again")
    with pytest.raises(NotAllowed):
        actions.answer_appeal(appeal, by=alice, text="No", is_granted=False)
    actions.answer_appeal(appeal, by=bob, text="Right, it is only true.", is_granted=True)
    assert now(idea) == SHOWN
    with pytest.raises(NotPossible):
        actions.answer_appeal(appeal, by=bob, text="No", is_granted=False)
    assert ledger() == ["publication.hidden", "ruling.appealed", "publication.shown", "appeal.answered"]


def test_an_author_without_an_account_appeals_with_the_receipt() -> None:
    idea = make.idea(author=None)
    ruling = actions.hide(idea, by=make.focal_point(idea.place), **WHY)
    for receipt in ["", "00000000"]:
        with pytest.raises(NotAllowed):
            actions.appeal(ruling, by=None, text="Mine", receipt=receipt)
    assert actions.appeal(ruling, by=None, text="Mine", receipt=idea.receipt).pk


def test_nobody_tries_out_receipts_one_after_the_other(client: Client) -> None:
    idea = make.idea(author=None)
    address = f"/ar/moderation/rulings/{actions.hide(idea, by=make.focal_point(idea.place), **WHY).pk}/"
    assert "<textarea" in client.get(f"{address}?receipt={idea.receipt}").content.decode()
    assert {client.get(f"{address}?receipt=2222222{n}").status_code for n in range(20)} == {200}
    assert client.get(f"{address}?receipt={idea.receipt}").status_code == 429
    assert client.get(address).status_code == 200


def test_an_appeal_is_made_on_the_ruling_in_force(sign_in: Any, idea: Idea) -> None:
    alice = make.focal_point(idea.place)
    before, now = actions.hold(idea, by=alice, **WHY), actions.hide(idea, by=alice, **WHY)
    browser = sign_in(idea.author)
    assert "<textarea" not in browser.get(f"/ar/moderation/rulings/{before.pk}/").content.decode()
    assert "<textarea" in browser.get(f"/ar/moderation/rulings/{now.pk}/").content.decode()


def test_every_kind_of_publication_leads_to_its_place() -> None:
    assert set(queries.kinds()) >= {"ideas.idea", "consultation.opinion", "monitoring.evidence", "discussion.comment"}
    placeless = {kind for kind, model in queries.kinds().items() if not queries.path_to_place(model)}
    assert placeless == {"questions.question", "questions.answer"}  # the network's: the national team moderates them


# -- pages -------------------------------------------------------------------------------------


def test_the_rules_are_published(client: Client) -> None:
    assert str(Ground.PERSONAL.label) in client.get("/ar/rules/").content.decode()


def test_a_report_needs_a_ground_and_no_account(client: Client, idea: Idea) -> None:
    address = f"/ar/report/ideas.idea/{idea.pk}/"
    assert client.get(address).status_code == 200
    assert client.post(address).status_code == 422
    assert client.post(f"{address}?next=/ar/", {"ground": "spam"})["Location"] == "/ar/"
    assert client.post(f"{address}?next=//evil.org/", {"ground": "spam"})["Location"] == "/ar/rules/"
    assert client.get("/ar/report/ideas.idea/999999/").status_code == 404
    assert client.get("/ar/report/accounts.person/1/").status_code == 404


def test_reports_from_one_address_are_limited(client: Client, idea: Idea) -> None:
    address = f"/ar/report/ideas.idea/{idea.pk}/"
    statuses = [client.post(address, {"ground": "spam"}).status_code for _ in range(11)]
    assert statuses == [303] * 10 + [429]


def test_the_desk_shows_what_waits_here_and_only_here(sign_in: Any, idea: Idea) -> None:
    elsewhere = make.idea(make.programme(make.place()), solution="From elsewhere", visibility=HELD)
    held = make.idea(idea.programme, solution="Held here", visibility=HELD)
    actions.report(idea, by=None, ground=Ground.SUBJECT, text="Look at this")
    browser = sign_in(make.focal_point(idea.place))
    told = browser.get(f"/ar/c/{idea.place.slug}/moderation/").content.decode()
    assert held.solution in told and "Look at this" in told and elsewhere.solution not in told
    actions.hold(idea, by=make.holder(Role.NATIONAL, make.country()), **WHY)
    assert f"<span>{Ground.INSULT.label}</span>" in browser.get(f"/ar/c/{idea.place.slug}/moderation/").content.decode()
    country = sign_in(make.holder(Role.NATIONAL, make.country()))
    told = country.get(f"/ar/c/{make.country().slug}/moderation/").content.decode()
    assert held.solution in told and elsewhere.solution in told
    assert browser.get(f"/ar/c/{elsewhere.place.slug}/moderation/").status_code == 403


def test_the_desk_takes_the_same_queries_at_any_number(
    sign_in: Any, idea: Idea, django_assert_num_queries: Any
) -> None:
    browser = sign_in(make.focal_point(idea.place))
    address = f"/ar/c/{idea.place.slug}/moderation/"
    actions.report(idea, by=None, ground=Ground.SUBJECT)
    browser.get(address)
    with CaptureQueriesContext(connection) as first:
        browser.get(address)
    for _ in range(30):
        make.idea(idea.programme, visibility=HELD)
    with django_assert_num_queries(len(first)):
        browser.get(address)


def test_hiding_names_the_rule_and_the_reason(sign_in: Any, idea: Idea) -> None:
    browser = sign_in(make.focal_point(idea.place))
    address = f"/ar/moderation/ideas.idea/{idea.pk}/"
    assert browser.post(address, {"visibility": "hidden", "reason": "Because"}).status_code == 422
    assert browser.post(address, {"visibility": "hidden", "ground": "insult"}).status_code == 422
    assert browser.post(address, {"visibility": "hidden", "ground": "insult", "reason": "Because"}).status_code == 303
    ruling = Ruling.objects.get()
    told = Client().get(f"/ar/moderation/rulings/{ruling.pk}/").content.decode()
    assert "Because" in told and idea.solution not in told and "<textarea" not in told


def test_the_author_appeals_on_the_page_of_the_ruling(sign_in: Any, idea: Idea) -> None:
    ruling = actions.hide(idea, by=make.focal_point(idea.place), **WHY)
    address = f"/ar/moderation/rulings/{ruling.pk}/"
    browser, judge = sign_in(idea.author), ruling.by
    assert "<textarea" in browser.get(address).content.decode()
    assert browser.post(address, {"text": ""}).status_code == 422
    assert browser.post(address, {"text": "Please look again"}).status_code == 303
    told = sign_in(judge).get(f"/ar/c/{idea.place.slug}/moderation/").content.decode()
    assert "Please look again" in told and "/moderation/appeals/" not in told  # someone else answers
    deputy = sign_in(make.holder(Role.DEPUTY, idea.place))
    assert "Please look again" in deputy.get(f"/ar/c/{idea.place.slug}/moderation/").content.decode()
    answer = f"/ar/moderation/appeals/{Appeal.objects.get().pk}/"
    assert deputy.post(answer, {"text": ""}).status_code == 422
    assert deputy.post(answer, {"text": "You are right", "is_granted": "on"}).status_code == 303
    assert now(idea) == SHOWN


def test_the_desk_leads_to_where_a_publication_stands(sign_in: Any, client: Client) -> None:
    idea = make.idea(author=make.person("Author"))
    comment = discussion.say(idea, by=make.person(), text="Yes", language="fr")
    for thing in [idea, comment]:
        actions.report(thing, by=None, ground=Ground.SPAM)
    told = sign_in(make.focal_point(idea.place)).get(f"/fr/c/{idea.place.slug}/moderation/").content.decode()
    page = f"/fr/c/{idea.place.slug}/ideas/{idea.number}/"
    for thing, address in [(idea, page), (comment, f"{page}?comments={comment.pk + 1}#comment-{comment.pk}")]:
        door = f"/fr/to/{queries.kind_of(thing)}/{thing.pk}/"
        assert door in told and client.get(door).headers["Location"] == address
    assert client.get("/fr/to/ideas.idea/0/").status_code == client.get("/fr/to/no.kind/1/").status_code == 404
