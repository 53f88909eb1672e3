from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from infitah.ground.accounts.models import Role
from infitah.ground.ledger.models import Entry
from infitah.ground.moderation import actions as moderation
from infitah.journey.ideas import actions, queries, views
from infitah.journey.ideas.models import Channel, Idea, Outcome, Support, Tally
from infitah.lib import dates
from infitah.lib.errors import NotAllowed, NotPossible
from tests import make

pytestmark = pytest.mark.django_db
WORDS = {"problem": "لا إنارة في الزقاق", "solution": "وضع مصابيح اقتصادية", "language": "ar"}


def submit(programme, **changes):
    given = {"by": None, "key": uuid4(), "axis": programme.axes.first(), **WORDS, **changes}
    return actions.submit(programme, **given)


def test_anyone_gives_an_idea_while_the_window_is_open():
    programme = make.programme(opened="ideas")
    idea = submit(programme)
    assert (idea.number, idea.channel, idea.status) == (1, "website", "received")
    assert len(idea.receipt) == 8
    assert Entry.objects.filter(action="idea.submitted", on_id=idea.pk, place=idea.place.code).count() == 1


def test_a_closed_window_takes_no_idea():
    programme = make.programme()
    make.phase(programme, "ideas", days_ago=9, days_left=-1)
    with pytest.raises(NotPossible):
        submit(programme)
    assert not Idea.objects.exists()


def test_the_same_form_sent_twice_is_one_idea():
    programme, key = make.programme(opened="ideas"), uuid4()
    assert submit(programme, key=key) == submit(programme, key=key)
    assert queries.tally(programme.place).public == 1


def test_only_the_focal_point_of_the_place_enters_ideas():
    programme = make.programme()
    given = {"key": uuid4(), "axis": programme.axes.first(), "channel": Channel.PAPER, **WORDS}
    with pytest.raises(NotAllowed):
        actions.enter(programme, by=make.focal_point(make.place("agadir")), **given)
    idea = actions.enter(programme, by=make.focal_point(programme.place), **given)
    assert idea.channel == "paper" and idea.entered_by.pseudonym == "Alice"


def test_an_idea_on_paper_weighs_as_much_as_one_online():
    programme = make.programme(opened="ideas")
    submit(programme)
    given = {"key": uuid4(), "axis": programme.axes.first(), "channel": Channel.PAPER, **WORDS}
    actions.enter(programme, by=make.focal_point(programme.place), **given)
    tally = queries.tally(programme.place)
    assert (tally.public, tally.online) == (2, 1)


def test_an_idea_held_for_a_look_is_not_public_until_it_is_shown():
    programme = make.programme(opened="ideas")
    idea = submit(programme, is_doubtful=True)
    assert queries.public_page(programme.place, {}).ideas == []
    moderation.restore(idea, by=make.focal_point(programme.place), reason="فكرة حقيقية")
    assert queries.public_page(programme.place, {}).ideas == [idea]
    assert queries.tally(programme.place).public == 1


def test_a_person_supports_an_idea_once():
    idea, alice = make.idea(), make.person()
    assert actions.support(idea, by=alice)
    assert not actions.support(idea, by=alice)
    idea.refresh_from_db()
    assert idea.support_count == Support.objects.count() == 1


def test_a_device_supports_an_idea_once_and_takes_it_back():
    idea = make.idea()
    actions.support(idea, by=None, device="d1")
    assert actions.unsupport(idea, by=None, device="d1")
    assert not actions.unsupport(idea, by=None, device="d1")
    idea.refresh_from_db()
    assert idea.support_count == 0


@pytest.mark.parametrize("role", [Role.NATIONAL, Role.CLERK, Role.COMMITTEE, Role.EVALUATOR])
def test_only_the_focal_point_of_the_place_decides(role):
    idea = make.idea()
    at = make.country() if role == Role.NATIONAL else idea.place
    with pytest.raises(NotAllowed):
        actions.decide(idea, by=make.holder(role, at), outcome=Outcome.OUTSIDE, reason="من اختصاص العمالة")
    actions.decide(idea, by=make.focal_point(idea.place), outcome=Outcome.OUTSIDE, reason="من اختصاص العمالة")
    idea.refresh_from_db()
    assert (idea.status, idea.outcome) == ("decided", "outside")


def test_an_answer_without_a_reason_is_refused():
    idea = make.idea()
    with pytest.raises(NotPossible):
        actions.decide(idea, by=make.focal_point(idea.place), outcome=Outcome.NOT_KEPT, reason="  ")


@pytest.mark.parametrize("status", ["on_agenda", "adopted", "closed"])
def test_once_the_programme_is_before_the_council_an_idea_that_waits_is_answered_and_no_answer_changes(status):
    idea = make.idea(make.programme(status=status))
    alice = make.focal_point(idea.place)
    actions.decide(idea, by=alice, outcome=Outcome.NOT_KEPT, reason="سبب واضح")
    with pytest.raises(NotPossible):
        actions.decide(idea, by=alice, outcome=Outcome.COVERED, reason="سبب آخر")
    assert idea.decisions.get().outcome == "not_kept"


def test_the_inbox_stays_open_to_the_focal_point_for_ideas_without_an_answer(sign_in):
    idea = make.idea(make.programme(status="adopted"))
    shown = sign_in(make.focal_point(idea.place)).get(f"/ar/c/{idea.place.slug}/ideas/inbox/")
    assert shown.context["found"].ideas == [idea] and 'name="group"' not in shown.content.decode()


def test_grouped_ideas_get_the_answer_of_their_lead():
    programme = make.programme()
    alice, lead, other = make.focal_point(programme.place), make.idea(programme), make.idea(programme)
    actions.group([lead, other], by=alice, lead=lead)
    actions.decide(lead, by=alice, outcome=Outcome.COVERED, reason="مبرمجة في برنامج عمل الجماعة")
    other.refresh_from_db()
    assert (other.outcome, other.lead) == ("covered", lead)
    assert other.decisions.get().reason == lead.decisions.get().reason


def test_a_group_does_not_mix_programmes():
    lead, other = make.idea(make.programme()), make.idea(make.programme(make.place("fnideq")))
    alice = make.focal_point(lead.place)
    make.grant(alice, Role.FOCAL_POINT, other.place)
    with pytest.raises(NotPossible):
        actions.group([other], by=alice, lead=lead)


def test_a_changed_answer_keeps_the_first_in_its_history():
    programme = make.programme(opened="ideas")
    idea, alice = submit(programme), make.focal_point(programme.place)
    actions.decide(idea, by=alice, outcome=Outcome.NOT_KEPT, reason="الكلفة مرتفعة")
    actions.decide(idea, by=alice, outcome=Outcome.COVERED, reason="مبرمجة منذ شهر")
    assert [decision.outcome for decision in idea.decisions.all()] == ["covered", "not_kept"]
    assert queries.tally(idea.place).decided == 1


def test_bulk_answers_are_all_or_nothing():
    programme = make.programme()
    alice, first = make.focal_point(programme.place), make.idea(programme)
    stranger = make.idea(make.programme(make.place("fnideq")))
    with pytest.raises(NotAllowed):
        actions.decide_many([first, stranger], by=alice, outcome=Outcome.NOT_KEPT, reason="سبب واضح")
    assert not Idea.objects.exclude(outcome="").exists()


def test_the_author_withdraws_an_unanswered_idea_and_its_number_stays():
    programme, bob = make.programme(opened="ideas"), make.person("Bob")
    idea = submit(programme, by=bob)
    actions.withdraw(idea, by=bob)
    assert submit(programme).number == idea.number + 1
    assert queries.tally(programme.place).public == 1


def test_an_idea_is_taken_back_by_its_author_alone_and_not_once_it_is_answered():
    programme, bob = make.programme(opened="ideas"), make.person("Bob")
    idea = submit(programme, by=bob)
    with pytest.raises(NotAllowed):
        actions.withdraw(idea, by=make.focal_point(programme.place))
    actions.decide(idea, by=make.focal_point(programme.place), outcome=Outcome.COVERED, reason="مبرمجة من قبل")
    with pytest.raises(NotPossible):
        actions.withdraw(idea, by=bob)


def test_what_was_grouped_under_an_idea_taken_back_waits_for_an_answer_of_its_own():
    programme, bob = make.programme(opened="ideas"), make.person("Bob")
    lead, other = submit(programme, by=bob), submit(programme)
    actions.group([other], by=make.focal_point(programme.place), lead=lead)
    actions.withdraw(lead, by=bob)
    assert queries.inbox(programme, {}).ideas == [other]


def test_an_idea_taken_back_does_not_keep_its_group_from_an_answer():
    programme, bob = make.programme(opened="ideas"), make.person("Bob")
    alice, lead, other = make.focal_point(programme.place), submit(programme), submit(programme, by=bob)
    actions.group([other], by=alice, lead=lead)
    actions.withdraw(other, by=bob)
    actions.decide(lead, by=alice, outcome=Outcome.COVERED, reason="مبرمجة من قبل")
    other.refresh_from_db()
    assert (other.status, other.outcome) == ("withdrawn", "")


def test_what_is_grouped_under_a_hidden_idea_still_waits_in_the_inbox():
    programme = make.programme()
    alice, lead, other = make.focal_point(programme.place), make.idea(programme), make.idea(programme)
    actions.group([other], by=alice, lead=lead)
    moderation.hide(lead, by=alice, ground="spam", reason="إشهار")
    assert queries.inbox(programme, {}).ideas == [other]
    actions.decide(other, by=alice, outcome=Outcome.COVERED, reason="مبرمجة من قبل")


def test_ideas_are_grouped_under_one_that_still_waits():
    programme = make.programme()
    alice, lead, other = make.focal_point(programme.place), make.idea(programme), make.idea(programme)
    actions.decide(lead, by=alice, outcome=Outcome.COVERED, reason="مبرمجة من قبل")
    with pytest.raises(NotPossible):
        actions.group([other], by=alice, lead=lead)


def test_a_grouped_idea_is_let_stand_alone_again_by_whoever_groups(sign_in):
    programme = make.programme()
    alice, lead, other = make.focal_point(programme.place), make.idea(programme), make.idea(programme)
    actions.group([other], by=alice, lead=lead)
    address = f"/ar/c/{programme.place.slug}/ideas/{other.number}/ungroup/"
    for _click in range(2):
        assert sign_in(alice).post(address).status_code == 303
    other.refresh_from_db()
    assert (other.status, other.lead) == ("received", None)
    assert Entry.objects.filter(action="idea.ungrouped").count() == 1


def test_an_answer_given_on_the_page_is_kept_in_the_language_it_is_written_in(sign_in):
    idea = make.idea()
    sent = {"outcome": "outside", "reason": "La gestion de l'eau est du ressort de la préfecture."}
    address = f"/ar/c/{idea.place.slug}/ideas/{idea.number}/decide/"
    assert sign_in(make.focal_point(idea.place)).post(address, sent).status_code == 303
    assert idea.decisions.get().language == "fr"


def test_the_same_answer_sent_twice_is_one():
    idea = make.idea()
    alice = make.focal_point(idea.place)
    for _click in range(2):
        actions.decide(idea, by=alice, outcome=Outcome.COVERED, reason="مبرمجة من قبل")
    assert idea.decisions.count() == Entry.objects.filter(action="idea.decided").count() == 1


def test_hiding_an_idea_that_was_taken_back_counts_nothing_twice():
    programme, bob = make.programme(opened="ideas"), make.person("Bob")
    idea = submit(programme, by=bob)
    submit(programme)
    actions.withdraw(idea, by=bob)
    moderation.hide(idea, by=make.focal_point(programme.place), ground="insult", reason="كلام جارح")
    assert queries.tally(programme.place).public == 1


def test_recount_puts_broken_counts_right():
    programme = make.programme(opened="ideas")
    idea = submit(programme)
    actions.support(idea, by=make.person())
    Tally.objects.update(public=99)
    Idea.objects.update(support_count=7)
    actions.recount(programme.place)
    idea.refresh_from_db()
    assert (queries.tally(programme.place).public, idea.support_count) == (1, 1)


def test_search_finds_words_whatever_their_accents():
    programme = make.programme(opened="ideas")
    submit(programme, problem="Déchets au marché", solution="Des bennes près de l'école", language="fr")
    submit(programme, problem="الْإِنَارَة ضعيفة", solution="مصابيح جديدة")
    for typed, expected in [("marche", 1), ("ECOLE", 1), ("انارة", 1), ("إنارة", 1), ("غائب", 0), ("'); --", 2)]:
        assert queries.public_page(programme.place, {"q": typed}).total == expected, typed


def test_similar_ideas_share_words_with_what_is_typed():
    programme = make.programme(opened="ideas")
    light = submit(programme)
    submit(programme, problem="Déchets au marché", solution="Des bennes près de l'école")
    assert queries.similar(programme.place, "مصابيح في الزقاق") == [light]
    assert queries.similar(programme.place, "a b !") == []


def test_workshop_ideas_bear_the_day_of_the_workshop():
    programme = make.programme()
    workshop = make.meeting(programme.place, starts_at=timezone.now() - timedelta(days=3))
    given = {"key": uuid4(), "axis": programme.axes.first(), "channel": Channel.WORKSHOP, "workshop": workshop, **WORDS}
    idea = actions.enter(programme, by=make.focal_point(programme.place), **given)
    assert idea.received_at == workshop.starts_at


@pytest.mark.parametrize("part", ["problem", "solution", "where", "pseudonym"])
def test_an_idea_with_a_phone_number_waits_for_a_look(part):
    idea = submit(make.programme(opened="ideas"), **{part: "اتصلوا بجاري على 0612345678"})
    assert idea.visibility == "held" and queries.tally(idea.place).public == 0


def test_no_character_that_turns_the_page_around_is_kept():
    idea = submit(make.programme(opened="ideas"), where="الحي\u202e", pseudonym="Said\u202e", problem="\u202eلا إنارة")
    assert "\u202e" not in idea.where + idea.pseudonym + idea.problem


def test_ideas_without_proof_of_work_are_few_an_hour_and_those_with_one_are_not(client, monkeypatch):
    programme = make.programme(opened="ideas")
    sent = {"axis": programme.axes.first().pk, "problem": WORDS["problem"], "solution": WORDS["solution"]}
    address = f"/ar/c/{programme.place.slug}/ideas/new/"
    assert [client.post(address, {**sent, "key": uuid4()}).status_code for _try in range(9)] == [303] * 8 + [429]
    assert set(Idea.objects.values_list("visibility", flat=True)) == {"held"}
    monkeypatch.setattr(views.proof, "is_solved", lambda payload: True)
    assert [client.post(address, {**sent, "key": uuid4()}).status_code for _try in range(9)] == [303] * 9


def test_who_comes_before_the_window_opens_is_told_its_day(client):
    programme = make.programme()
    phase = make.phase(programme, "ideas", days_ago=-9, days_left=20)
    answer = client.get(f"/fr/c/{programme.place.slug}/ideas/new/")
    assert answer.status_code == 409 and dates.day(phase.opens_at, "fr") in answer.content.decode()


def test_a_refused_answer_keeps_the_page_the_ticks_and_the_words(sign_in):
    programme = make.programme()
    ideas = [make.idea(programme) for _number in range(25)]
    address = f"/ar/c/{programme.place.slug}/ideas/inbox/?before={ideas[4].pk}"
    browser = sign_in(make.focal_point(programme.place))
    answer = browser.post(address, {"ideas": [ideas[1].pk], "reason": "سبب كتبته"})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert f'value="{ideas[1].pk}" id="idea-{ideas[1].pk}" checked' in shown and "سبب كتبته" in shown
    sent = {"ideas": [ideas[0].pk, ideas[1].pk], "outcome": "covered", "reason": "مبرمجة من قبل"}
    assert browser.post(address, sent).status_code == 303
    assert programme.ideas.filter(outcome="covered").count() == 2


def test_a_coach_groups_in_the_inbox_and_answers_nothing(sign_in):
    programme = make.programme()
    coach = make.holder(Role.COACH, programme.place)
    coach.grants.update(until=timezone.localdate() + timedelta(days=9))
    first, second = make.idea(programme), make.idea(programme)
    address, ticked = f"/ar/c/{programme.place.slug}/ideas/inbox/", {"ideas": [first.pk, second.pk]}
    answer = {**ticked, "outcome": "covered", "reason": "مبرمجة من قبل"}
    assert sign_in(coach).post(address, answer).status_code == 403
    assert sign_in(coach).post(address, {**ticked, "group": ""}).status_code == 303
    second.refresh_from_db()
    assert second.lead == first


def test_a_form_sent_to_a_closed_window_says_so_before_all_else_and_gives_back_its_words(client):
    programme = make.programme()
    answer = client.post(f"/ar/c/{programme.place.slug}/ideas/new/", {"problem": "عمود الإنارة مكسور"})
    assert answer.status_code == 409
    assert "عمود الإنارة مكسور" in answer.content.decode()


def test_once_the_council_has_the_programme_its_desk_says_so_to_who_runs_it(sign_in):
    programme = make.programme(status="adopted")
    browser, base = sign_in(make.focal_point(programme.place)), f"/ar/c/{programme.place.slug}/ideas/"
    assert {browser.get(f"{base}{door}/").status_code for door in ("enter", "import")} == {409}
    assert browser.post(f"{base}enter/").status_code == 409


def test_an_idea_beyond_the_thousandth_is_ticked_in_french_as_well(sign_in):
    programme = make.programme(opened="ideas")
    make.idea(programme, pk=12_345)
    address = f"/fr/c/{programme.place.slug}/ideas/inbox/"
    assert 'value="12345"' in sign_in(make.focal_point(programme.place)).get(address).content.decode()


def test_whoever_comes_too_late_is_led_back_to_the_place(client):
    programme = make.programme(make.place("tetouan"))
    make.phase(programme, "ideas", days_ago=9, days_left=-1)
    refusal = client.get("/fr/c/tetouan/ideas/new/")
    assert refusal.status_code == 409 and 'href="/fr/c/tetouan/"' in refusal.content.decode()
