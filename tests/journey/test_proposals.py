from datetime import timedelta

import pytest
from django.utils import timezone

from infitah.ground.accounts import queries as accounts
from infitah.ground.accounts.models import Role
from infitah.journey.ideas import actions, queries, rules
from infitah.journey.ideas.models import Outcome, Proposal
from infitah.journey.programmes.models import Seat
from infitah.lib.errors import NotAllowed, NotPossible
from tests import make

pytestmark = pytest.mark.django_db
REASON = "الشبكة تدبرها الشركة الجهوية"


def seated(programme, name="Charlie", side=Seat.Side.CIVIL):
    return make.seat(programme, side, make.person(name)).person


def propose(idea, by, outcome=Outcome.OUTSIDE, reason=REASON):
    return actions.propose(idea, by=by, outcome=outcome, reason=reason)


def address_of(idea, door):
    return f"/ar/c/{idea.place.slug}/ideas/{idea.number}/{door}/"


@pytest.mark.parametrize("side", Seat.Side)
def test_whoever_sits_on_the_committee_proposes_an_answer(side, ledger):
    idea = make.idea()
    proposal = propose(idea, seated(idea.programme, side=side))
    assert (proposal.outcome, proposal.reason, proposal.language) == ("outside", REASON, "ar")
    (entry,) = ledger("idea.proposed")
    assert (entry.on_id, entry.place, entry.particulars) == (idea.pk, idea.place.code, {"proposal": proposal.pk})
    idea.refresh_from_db()
    assert (idea.status, idea.outcome) == ("received", "")


def test_a_role_without_a_seat_a_seat_elsewhere_and_a_seat_given_up_propose_nothing():
    idea = make.idea()
    elsewhere = seated(make.programme(make.place("agadir")))
    before = make.seat(idea.programme, who=make.person("Dora"))
    Seat.objects.filter(pk=before.pk).update(until=timezone.localdate())
    others = [make.holder(Role.COMMITTEE, idea.place), make.focal_point(idea.place), elsewhere, before.person]
    for person in others:
        with pytest.raises(NotAllowed):
            propose(idea, person)
    assert not rules.can_propose(None, idea) and not Proposal.objects.exists()


@pytest.mark.parametrize("status", ["validated", "on_agenda", "adopted"])
def test_nothing_is_proposed_once_the_programme_is_settled(status):
    idea = make.idea(make.programme(status=status))
    with pytest.raises(NotPossible):
        propose(idea, seated(idea.programme))


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "decided", "outcome": "covered", "decided_at": timezone.now()},
        {"status": "withdrawn"},
        {"visibility": "held"},
        {"visibility": "hidden"},
    ],
)
def test_nothing_is_proposed_to_an_idea_that_is_answered_taken_back_or_not_published(fields):
    idea = make.idea(**fields)
    with pytest.raises(NotPossible):
        propose(idea, seated(idea.programme))


def test_a_grouped_idea_is_left_to_its_lead_unless_that_is_hidden():
    lead = make.idea()
    idea, member = make.idea(lead.programme, status="grouped", lead=lead), seated(lead.programme)
    assert not rules.can_propose(member, idea)
    lead.visibility = "hidden"
    lead.save()
    found = queries.to_propose(idea.programme, member, {})
    assert rules.can_propose(member, idea) and found.ideas == [idea]


def test_the_same_proposal_sent_twice_is_one_and_a_later_one_replaces_it(ledger):
    idea = make.idea()
    member = seated(idea.programme)
    assert propose(idea, member) == propose(idea, member) and len(ledger("idea.proposed")) == 1
    propose(idea, member, Outcome.KEPT, "نقترح مشروعا للسقايات")
    proposal = idea.proposals.get()
    assert (proposal.outcome, proposal.reason) == ("kept", "نقترح مشروعا للسقايات")
    assert len(ledger("idea.proposed")) == 2


def test_no_proposal_without_a_reason_is_ever_kept():
    idea = make.idea()
    with pytest.raises(NotPossible):
        propose(idea, seated(idea.programme), reason=" \u200b ")


def test_the_page_refuses_an_empty_form_and_keeps_what_was_typed(sign_in):
    idea = make.idea()
    browser, address = sign_in(seated(idea.programme)), address_of(idea, "propose")
    answer = browser.post(address, {"reason": "سبب كتبته بلا اختيار"})
    assert answer.status_code == 422 and "سبب كتبته بلا اختيار" in answer.content.decode()
    assert browser.post(address, {"outcome": "kept", "reason": "🙂"}).status_code == 422
    assert browser.post(address, {"outcome": "kept", "reason": REASON}).status_code == 303
    shown = browser.get(address).content.decode()
    assert REASON in shown and "data-draft" not in shown


def test_the_pages_say_403_without_a_seat_and_409_when_there_is_nothing_to_propose(sign_in):
    idea = make.idea()
    member, stranger = sign_in(seated(idea.programme)), sign_in(make.person("Eve"))
    list_ = f"/ar/c/{idea.place.slug}/ideas/waiting/"
    assert {stranger.get(each).status_code for each in (list_, address_of(idea, "propose"))} == {403}
    actions.decide(idea, by=make.focal_point(idea.place), outcome=Outcome.COVERED, reason="مبرمجة من قبل")
    sent = {"outcome": "kept", "reason": REASON}
    assert member.get(address_of(idea, "propose")).status_code == 409
    assert member.post(address_of(idea, "propose"), sent).status_code == 409
    type(idea.programme).objects.update(status="adopted")
    assert member.get(list_).status_code == 409


def test_a_member_sees_what_they_propose_and_not_what_others_do(sign_in):
    idea = make.idea()
    held = make.idea(idea.programme, visibility="held", solution="رقم هاتفي في هذه الفكرة")
    alice, bob = seated(idea.programme, "Amal"), seated(idea.programme, "Badr")
    propose(idea, alice, reason="كلام أمل وحدها")
    list_ = f"/ar/c/{idea.place.slug}/ideas/waiting/"
    of_alice, of_bob = [sign_in(each).get(list_).content.decode() for each in (alice, bob)]
    assert "تغيير مقترحي" in of_alice and "تغيير مقترحي" not in of_bob
    assert held.solution not in of_alice
    assert "كلام أمل وحدها" not in sign_in(bob).get(address_of(idea, "propose")).content.decode()


def test_the_focal_point_reads_the_proposals_and_begins_the_answer_with_one(sign_in):
    idea = make.idea()
    proposal = propose(idea, seated(idea.programme, "سعاد"))
    kept = propose(idea, seated(idea.programme, "كريم"), Outcome.KEPT, "مشروع جديد & حقيقي")
    browser, inbox = sign_in(make.focal_point(idea.place)), f"/ar/c/{idea.place.slug}/ideas/inbox/"
    assert "مقترحان من اللجنة" in browser.get(inbox).content.decode()
    assert "مقترحان من اللجنة" in browser.get(f"/ar/c/{idea.place.slug}/board/").content.decode()
    shown = browser.get(address_of(idea, "decide")).content.decode()
    assert "سعاد" in shown and "كريم" in shown and f"?proposal={proposal.pk}#answer" in shown
    assert f"?ideas={idea.number}&amp;reason=" in shown and f"?proposal={kept.pk}" not in shown
    begun = browser.get(f"{address_of(idea, 'decide')}?proposal={proposal.pk}").context["form"]
    assert (begun["outcome"].value(), begun["reason"].value()) == ("outside", REASON)
    assert browser.get(f"{address_of(idea, 'decide')}?proposal=99999999999999999999").status_code == 200


def test_the_inbox_narrows_to_what_the_committee_proposes_and_no_public_list_does(sign_in):
    idea = make.idea()
    make.idea(idea.programme)
    propose(idea, seated(idea.programme))
    shown = sign_in(make.focal_point(idea.place)).get(f"/ar/c/{idea.place.slug}/ideas/inbox/?state=proposed")
    assert shown.context["found"].ideas == [idea]
    public = sign_in(make.person("Eve")).get(f"/ar/c/{idea.place.slug}/ideas/?state=proposed")
    assert len(public.context["found"].ideas) == 2


def test_the_proposal_to_another_idea_begins_no_answer_here(sign_in):
    idea = make.idea()
    other = propose(make.idea(idea.programme), seated(idea.programme))
    browser = sign_in(make.focal_point(idea.place))
    assert REASON not in browser.get(f"{address_of(idea, 'decide')}?proposal={other.pk}").content.decode()


def test_a_proposal_outlives_the_account_of_whoever_made_it_without_a_name():
    idea = make.idea()
    proposal = propose(idea, seated(idea.programme, "سعاد"))
    Seat.objects.update(person=None)
    make.seat(idea.programme)
    Proposal.objects.update(by=None)
    assert queries.proposed(idea) == [(proposal, None)]


def test_a_member_who_takes_a_copy_of_their_data_finds_their_proposals():
    idea = make.idea()
    member = seated(idea.programme)
    propose(idea, member)
    assert REASON in str(accounts.kept_about(member))


def test_nobody_else_reads_a_proposal(client, sign_in):
    idea = make.idea()
    propose(idea, seated(idea.programme))
    coach = make.holder(Role.COACH, idea.place)
    coach.grants.update(until=timezone.localdate() + timedelta(days=9))
    public = f"/ar/c/{idea.place.slug}/ideas/{idea.number}/"
    inbox = sign_in(coach).get(f"/ar/c/{idea.place.slug}/ideas/inbox/").content.decode()
    assert REASON not in client.get(public).content.decode()
    assert "من اللجنة" not in inbox and REASON not in inbox


def test_the_lists_ask_as_many_queries_for_one_row_as_for_thirty(django_assert_num_queries):
    one, many = make.programme(), make.programme(make.place("agadir"))
    members = {programme: seated(programme, f"of {programme.pk}") for programme in (one, many)}
    propose(make.idea(one), members[one])
    for _number in range(30):
        propose(make.idea(many), members[many])
    for programme, member in members.items():
        with django_assert_num_queries(3):
            queries.to_propose(programme, member, {})
        with django_assert_num_queries(3):
            queries.inbox(programme, {})
    idea = many.ideas.first()
    for number in range(9):
        propose(idea, seated(many, f"member {number}"))
    with django_assert_num_queries(2):
        assert len(queries.proposed(idea)) == 10
