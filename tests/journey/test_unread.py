"""Two answer at once: nobody replaces an answer that they have not read, and nothing typed is lost."""

import pytest

from infitah.ground.accounts.models import Role
from infitah.journey.consultation.models import Reply
from infitah.journey.evaluation import actions as evaluations
from infitah.journey.ideas import actions
from infitah.journey.ideas.models import Decision
from tests import make

pytestmark = pytest.mark.django_db
FIRST, SECOND = "الجواب الذي سبق ونُشر", "جواب كُتب دون قراءة الأول"


def both(place):
    return make.focal_point(place), make.holder(Role.DEPUTY, place)


@pytest.mark.parametrize(
    ("form", "page", "sent"),
    [
        ("ideas/1/decide/", "ideas/1/decide/", {}),
        ("ideas/inbox/", "ideas/inbox/", {"is_ticked": True}),
        ("board/answer/", "board/", {"is_ticked": True}),
    ],
)
def test_an_answer_given_meanwhile_is_read_before_another_replaces_it(sign_in, form, page, sent):
    idea = make.idea(make.programme(status="drafting"))
    make.idea(idea.programme)
    alice, bob = both(idea.place)
    browser, here = sign_in(bob), f"/ar/c/{idea.place.slug}/"
    shown = browser.get(here + page).context
    seen = (shown.get("answer") or shown["form"])["seen"].value()
    actions.decide(idea, by=alice, outcome="covered", reason=FIRST)
    written = {"outcome": "outside", "reason": SECOND, "seen": seen} | ({"ideas": [idea.pk]} if sent else {})
    refused = browser.post(here + form, written)
    assert refused.status_code == 409 and SECOND in refused.content.decode()
    assert [each.reason for each in Decision.objects.all()] == [FIRST]
    again = (refused.context.get("answer") or refused.context["form"])["seen"].value()
    assert browser.post(here + form, {**written, "seen": again}).status_code == 303
    assert idea.decisions.first().reason == SECOND


def test_the_page_of_an_answer_shows_the_one_that_stands(sign_in):
    idea = make.idea()
    alice, _bob = both(idea.place)
    actions.decide(idea, by=alice, outcome="covered", reason=FIRST)
    assert FIRST in sign_in(alice).get(f"/ar/c/{idea.place.slug}/ideas/{idea.number}/decide/").content.decode()


def test_a_reply_given_meanwhile_is_read_before_another_replaces_it(sign_in):
    draft = make.draft(make.programme(status="consulted"))
    opinion = make.opinion(draft)
    place = draft.programme.place
    alice, bob = both(place)
    desk, address = (
        f"/ar/c/{place.slug}/consultation/opinions/",
        f"/ar/c/{place.slug}/consultation/opinions/{opinion.pk}/reply/",
    )
    browsers = [sign_in(each) for each in (alice, bob)]
    seen = [browser.get(desk).context["rows"][0][1]["seen"].value() for browser in browsers]
    assert browsers[0].post(address, {"is_taken_up": "yes", "text": FIRST, "seen": seen[0]}).status_code == 303
    refused = browsers[1].post(address, {"is_taken_up": "no", "text": SECOND, "seen": seen[1]})
    told = refused.content.decode()
    assert refused.status_code == 409 and FIRST in told and SECOND in told and Reply.objects.get().text == FIRST
    again = refused.context["rows"][0][1]["seen"].value()
    assert browsers[1].post(address, {"is_taken_up": "no", "text": SECOND, "seen": again}).status_code == 303
    assert Reply.objects.get().text == SECOND


def test_an_answer_of_ones_own_side_is_read_before_another_replaces_it(sign_in):
    programme = make.programme(make.place("tetouan"), status="adopted", opened="evaluation")
    alice, bob = both(programme.place)
    evaluation = evaluations.open(programme, by=alice)["collectivity"]
    browsers = [sign_in(each) for each in (alice, bob)]
    page, address = "/ar/c/tetouan/evaluation/answers/", "/ar/c/tetouan/evaluation/answers/1/"
    seen = [browser.get(page).context["rows"][0]["form"]["seen"].value() for browser in browsers]
    assert browsers[0].post(address, {"rating": "limited", "explanation": FIRST, "seen": seen[0]}).status_code == 303
    refused = browsers[1].post(address, {"rating": "complete", "explanation": SECOND, "seen": seen[1]})
    told = refused.content.decode()
    assert refused.status_code == 409 and FIRST in told and SECOND in told
    again = refused.context["rows"][0]["form"]["seen"].value()
    assert browsers[1].post(address, {"rating": "complete", "explanation": SECOND, "seen": again}).status_code == 303
    assert evaluation.answers.get().explanation == SECOND
