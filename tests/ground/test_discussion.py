from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from infitah.ground.accounts.models import Person
from infitah.ground.discussion import actions, queries
from infitah.ground.discussion.models import Comment
from infitah.ground.moderation import actions as moderation
from infitah.ground.moderation.models import Ground, Moderated
from infitah.journey.ideas.models import Idea
from infitah.lib.errors import NotAllowed, NotPossible
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def idea() -> Idea:
    return make.idea()


@pytest.fixture
def alice() -> Person:
    return make.person()


def counted(idea: Idea) -> int:
    return Idea.objects.get(pk=idea.pk).comment_count


def texts(idea: Idea, reader: Person | None = None) -> list[Any]:
    said = queries.comments_of(idea, reader).said
    return [[each.comment.text, *(reply.comment.text for reply in each.replies)] for each in said]


def test_a_comment_is_counted_beside_what_it_is_about(idea: Idea, alice: Person, ledger: Any) -> None:
    comment = actions.say(idea, by=alice, text="فكرة جيدة", language="ar")
    assert counted(idea) == 1
    actions.retract(comment, by=alice)
    assert counted(idea) == 0 == actions.recount(idea)
    assert ledger() == ["comment.said", "comment.retracted"] and ledger("comment.said")[0].place == idea.place.code


def test_the_same_form_twice_is_one_comment(idea: Idea, alice: Person) -> None:
    key = uuid4()
    first, again = (actions.say(idea, by=alice, text="Good", language="fr", key=key) for _ in range(2))
    assert first == again and counted(idea) == 1


def test_only_people_with_an_account_comment_and_on_what_is_published(idea: Idea, alice: Person) -> None:
    with pytest.raises(NotAllowed):
        actions.say(idea, by=None, text="Hello", language="fr")
    with pytest.raises(NotAllowed):
        actions.say(make.idea(visibility="hidden"), by=alice, text="Hello", language="fr")


def test_answers_stand_one_level_deep_under_the_same_thing(idea: Idea, alice: Person) -> None:
    top = actions.say(idea, by=alice, text="Top", language="fr")
    reply = actions.say(idea, by=alice, text="Reply", language="fr", answers=top)
    actions.say(idea, by=alice, text="Reply to reply", language="fr", answers=reply)
    assert texts(idea) == [["Top", "Reply", "Reply to reply"]]
    with pytest.raises(NotPossible):
        actions.say(make.idea(idea.programme), by=alice, text="Elsewhere", language="fr", answers=top)
    actions.retract(top, by=alice)
    with pytest.raises(NotPossible):
        actions.say(idea, by=alice, text="Too late", language="fr", answers=top)


def test_only_the_author_takes_a_comment_back_and_once(idea: Idea, alice: Person) -> None:
    comment = actions.say(idea, by=alice, text="Mine", language="fr")
    for who in [None, make.person("Bob"), make.focal_point(idea.place)]:
        with pytest.raises(NotAllowed):
            actions.retract(comment, by=who)
    actions.retract(comment, by=alice)
    with pytest.raises(NotAllowed):
        actions.retract(comment, by=alice)


def test_a_phone_number_waits_and_only_its_author_sees_it(idea: Idea, alice: Person) -> None:
    comment = actions.say(idea, by=alice, text="Appelez le 0612345678", language="fr")
    assert Comment.objects.get(pk=comment.pk).visibility == Moderated.Visibility.HELD
    assert (counted(idea), texts(idea), texts(idea, alice)) == (0, [], [["Appelez le 0612345678"]])
    moderation.restore(comment, by=make.focal_point(idea.place), reason="It is a public number.")
    assert counted(idea) == 1 == actions.recount(idea)


def test_a_hidden_comment_leaves_its_place_and_the_rule(idea: Idea, alice: Person) -> None:
    comment = actions.say(idea, by=alice, text="Buy my carpets", language="fr")
    moderation.hide(comment, by=make.focal_point(idea.place), ground=Ground.SPAM, reason="Advertising.")
    found = queries.comments_of(idea)
    assert counted(idea) == 0 == found.count and found.said[0].ruling
    request = RequestFactory().get("/fr/")
    request.user = alice
    told = render_to_string("discussion/_comments.html", {"comments": found}, request)
    assert str(Ground.SPAM.label) in told and "carpets" not in told


def test_two_hundred_comments_take_as_many_queries_as_one(idea: Idea, alice: Person) -> None:
    hidden = actions.say(idea, by=alice, text="Hidden", language="fr")
    moderation.hide(hidden, by=make.focal_point(idea.place), ground=Ground.SPAM, reason="Advertising.")
    about = {"on_kind": "ideas.idea", "on_id": idea.pk, "by": alice}
    top = Comment.objects.create(**about, text="Top")
    Comment.objects.bulk_create(Comment(**about, text=str(n), answers=top if n % 2 else None) for n in range(200))
    twenty_sixth = Comment.objects.filter(answers=None).order_by("id")[25].pk
    with CaptureQueriesContext(connection) as asked:
        found = queries.comments_of(idea, alice, before=twenty_sixth)
        assert (len(found.said), found.earlier) == (25, 0)
        assert (len(found.said[1].replies), found.said[1].earlier) == (10, 90)
        request = RequestFactory().get("/fr/")
        request.user = alice
        render_to_string("discussion/_comments.html", {"comments": found}, request)
    assert len(asked) <= 5  # the last: in whose name she may comment


def a_thread(idea: Idea, by: Person, replies: int) -> list[Comment]:
    """A comment and the replies to it."""
    about = {"on_kind": "ideas.idea", "on_id": idea.pk, "by": by}
    top = Comment.objects.create(**about, text="Top")
    return [top, *(Comment.objects.create(**about, text=f"Reply {n}", answers=top) for n in range(replies))]


def test_replies_are_shown_page_by_page_and_each_is_reached(client: Client, idea: Idea, alice: Person) -> None:
    top, *replies = a_thread(idea, alice, 25)
    a_thread(idea, alice, 1)
    page = f"/fr/c/{idea.place.slug}/ideas/{idea.number}/"
    shown = client.get(page).content.decode()
    assert "Reply 24" in shown and "Reply 15" in shown and "Reply 14" not in shown
    assert "Voir les 15 réponses précédentes" in shown
    earlier = client.get(f"{page}?comments={top.pk + 1}&replies={replies[15].pk}").content.decode()
    assert "Reply 14" in earlier and "Reply 5" in earlier and "Reply 15" not in earlier
    assert "Voir les 5 réponses précédentes" in earlier and "Voir les réponses les plus récentes" in earlier
    for comment in (top, replies[3], replies[24]):
        address, _mark, anchor = queries.at(page, comment).partition("#")
        assert f'id="{anchor}"' in client.get(address).content.decode()


def test_a_reply_in_an_old_thread_shows_that_thread(sign_in: Any, idea: Idea, alice: Person) -> None:
    top, *_replies = a_thread(idea, alice, 1)
    for _turn in range(queries.SHOWN):
        a_thread(idea, alice, 0)
    address = f"/fr/discussion/ideas.idea/{idea.pk}/?next=/fr/c/x/?comments=3"
    said = {"key": uuid4(), "text": "Bien vu", "answers": top.pk}
    swap = sign_in(alice).post(address, said, headers={"hx-request": "true"}).content.decode()
    assert "Bien vu" in swap and "?comments=3" not in swap


def test_no_address_from_elsewhere_comes_back_in_the_comments(sign_in: Any, idea: Idea, alice: Person) -> None:
    address = f"/fr/discussion/ideas.idea/{idea.pk}/?next=javascript:alert(1)"
    swap = sign_in(alice).post(address, {"key": uuid4(), "text": "Bien"}, headers={"hx-request": "true"})
    assert swap.status_code == 200 and 'href="javascript' not in swap.content.decode()


# -- pages -------------------------------------------------------------------------------------


def test_one_comments_and_takes_back_with_and_without_htmx(sign_in: Any, idea: Idea, alice: Person) -> None:
    browser, address = sign_in(alice), f"/ar/discussion/ideas.idea/{idea.pk}/?next=/ar/"
    assert browser.get(address).status_code == 200
    led = browser.post(address, {"key": uuid4(), "text": "أوافق"})["Location"]
    comment = Comment.objects.get()
    assert led == f"/ar/?comments={comment.pk + 1}#comment-{comment.pk}"
    assert (comment.language, comment.by) == ("ar", alice)
    swap = browser.post(address, {"key": uuid4(), "text": "نعم", "answers": comment.pk}, headers={"hx-request": "true"})
    assert swap.status_code == 200 and 'id="comments"' in swap.content.decode() and "<html" not in swap.content.decode()
    assert texts(idea) == [["أوافق", "نعم"]]
    assert browser.post(f"/ar/discussion/comments/{comment.pk}/retract/?next=/ar/").status_code == 303
    assert texts(idea) == [["أوافق", "نعم"]] and counted(idea) == 1


def test_a_refused_comment_keeps_what_was_typed(sign_in: Any, idea: Idea, alice: Person) -> None:
    browser, address = sign_in(alice), f"/ar/discussion/ideas.idea/{idea.pk}/?next=/ar/"
    answer = browser.post(address, {"key": uuid4(), "text": "x" * 3001})
    assert answer.status_code == 422 and "x" * 3001 in answer.content.decode()
    answer = browser.post(address, {"key": uuid4(), "text": " "}, headers={"hx-request": "true"})
    assert answer.status_code == 422 and "<html" not in answer.content.decode()
    assert browser.post(address, {"key": uuid4(), "text": "x", "answers": 999999}).status_code == 422


def test_what_one_answers_is_shown_only_where_everyone_reads_it(sign_in: Any, idea: Idea, alice: Person) -> None:
    browser, here = sign_in(alice), f"/fr/discussion/ideas.idea/{idea.pk}/?answers="
    comment = actions.say(idea, by=make.person(), text="Buy my carpets", language="fr")
    elsewhere = actions.say(make.idea(idea.programme), by=alice, text="From elsewhere", language="fr")
    assert "carpets" in browser.get(f"{here}{comment.pk}").content.decode()
    assert "From elsewhere" not in browser.get(f"{here}{elsewhere.pk}").content.decode()
    moderation.hide(comment, by=make.focal_point(idea.place), ground=Ground.SPAM, reason="Advertising.")
    assert "carpets" not in browser.get(f"{here}{comment.pk}").content.decode()
    late = browser.post(f"{here}{comment.pk}", {"key": uuid4(), "text": "Trop tard", "answers": comment.pk})
    assert late.status_code == 422 and "Trop tard" in late.content.decode()


def test_an_emoji_alone_is_no_comment(sign_in: Any, idea: Idea, alice: Person) -> None:
    address = reverse("discussion:say", args=["ideas.idea", idea.pk])
    answer = sign_in(alice).post(address, {"text": "👍", "key": str(uuid4())})
    assert (answer.status_code, "👍" in answer.content.decode(), counted(idea)) == (422, True, 0)


def test_there_is_no_discussion_under_people_or_nothing(sign_in: Any, alice: Person) -> None:
    browser = sign_in(alice)
    for kind in ["accounts.person", "nothing", "ideas.idea"]:
        assert browser.get(f"/ar/discussion/{kind}/999999/").status_code == 404


def test_visitors_are_asked_to_sign_in(client: Client, idea: Idea) -> None:
    assert client.get(f"/ar/discussion/ideas.idea/{idea.pk}/").status_code == 302
