from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from infitah.ground.discussion.models import Comment
from infitah.ground.moderation.models import Ruling
from infitah.journey.evaluation.models import Evaluation, Grid
from infitah.journey.ideas import actions as ideas_actions
from infitah.journey.ideas.models import Idea
from infitah.journey.monitoring.models import Rating
from infitah.journey.programmes.models import Programme
from infitah.journey.projects.models import Activity, Project
from infitah.lib import text
from infitah.outlook.custody import queries
from tests import make

pytestmark = pytest.mark.django_db


def kept(programme: Programme | None = None, **fields: Any) -> Idea:
    return make.idea(programme, status="decided", outcome="kept", decided_at=timezone.now(), **fields)


def keys(idea: Idea, *, done: bool = True) -> list[str]:
    return [step.key for step in queries.trail(idea) if step.is_done == done]


def page_of(client: Client, thing: Idea | Project) -> Any:
    name = "custody:idea" if isinstance(thing, Idea) else "custody:project"
    return client.get(reverse(name, args=[thing.place.slug, thing.number]))


# -- the trail ---------------------------------------------------------------------------------------


def test_an_idea_just_received_has_everything_before_it() -> None:
    idea = make.idea()
    assert keys(idea) == ["received"]
    assert keys(idea, done=False) == ["answered", "project", "consulted", "adopted", "delivered", "evaluated"]


def test_the_trail_of_an_idea_that_is_not_kept_ends_with_its_reason() -> None:
    programme = make.programme()
    alice = make.focal_point(programme.place)
    idea = make.idea(programme)
    ideas_actions.recount(programme.place)
    ideas_actions.decide(idea, by=alice, outcome="outside", reason="Le tarif relève de la préfecture.", language="fr")
    idea.refresh_from_db()
    steps = queries.trail(idea)
    assert [step.key for step in steps] == ["received", "answered"]
    assert (steps[-1].text, steps[-1].language) == ("Le tarif relève de la préfecture.", "fr")


def whole_way() -> tuple[Idea, Project]:
    """An idea whose project was consulted on, adopted, done with proof and evaluated by both sides."""
    programme = make.programme(status="evaluated")
    idea, project = kept(programme), make.project(programme, activities=0)
    make.source(project, idea)
    opinion = make.opinion(make.draft(programme), people=3)
    Programme.objects.filter(pk=programme.pk).update(status="evaluated")
    adopted = {"votes_for": 20, "votes_against": 1, "abstentions": 2, "number": "12/2026", "document_sha256": "0" * 64}
    vote = make.deliberation(programme, outcome="adopted", **adopted)
    assert vote.draft == opinion.draft
    done = make.activity(project, status="completed", started_on=date(2026, 2, 1), ended_on=date(2026, 5, 1))
    make.proof(done)
    grid = Grid.objects.first() or Grid.objects.create(version=9, in_force_on=date(2026, 1, 1))
    for side in Evaluation.Side:
        Evaluation.objects.create(
            programme=programme, grid=grid, side=side, status="published", published_at=timezone.now()
        )
    return idea, project


def test_the_trail_leads_from_receipt_to_evaluation() -> None:
    idea, project = whole_way()
    steps = {step.key: step for step in queries.trail(idea)}
    assert keys(idea, done=False) == ["answered"]  # this idea was made without its decision
    assert list(steps) == [
        *("received", "answered", "project", "consulted", "adopted", "under_way", "delivered", "evaluated")
    ]
    with translation.override("en"):
        steps = {step.key: step for step in queries.trail(idea)}
        assert steps["consulted"].text == "Version 1 · 3 opinions given"
        assert steps["adopted"].text == "20 for, 1 against, 2 abstained · deliberation 12/2026"
    assert steps["project"].url == reverse("custody:project", args=[project.place.slug, project.number]).replace(
        "/ar/", "/en/"
    )
    assert (steps["adopted"].at, steps["delivered"].at) == (date(2026, 2, 5), date(2026, 5, 1))


def test_it_is_not_delivered_while_an_activity_lacks_its_proof() -> None:
    programme = make.programme(status="adopted")
    idea, project = kept(programme), make.project(programme, activities=0)
    make.source(project, idea)
    make.proof(make.activity(project, status="completed", started_on=date(2026, 2, 1), ended_on=date(2026, 5, 1)))
    make.activity(project, status="completed", ended_on=date(2026, 5, 1))
    assert "delivered" in keys(idea, done=False)


def test_a_grouped_idea_goes_the_way_of_the_one_that_leads_it() -> None:
    programme = make.programme()
    lead = kept(programme)
    idea = make.idea(programme, lead=lead, status="decided", outcome="kept", decided_at=timezone.now())
    project = make.project(programme)
    make.source(project, lead)
    assert keys(idea)[:3] == ["received", "grouped", "project"]
    assert set(queries.sources(project)) == {lead, idea}


def test_a_withdrawn_idea_goes_no_further() -> None:
    assert [step.key for step in queries.trail(make.idea(status="withdrawn"))] == ["received", "withdrawn"]


def test_a_trail_takes_as_many_questions_with_ten_activities_as_with_one(django_assert_num_queries: Any) -> None:
    idea, project = whole_way()
    for more in (0, 9):
        for _number in range(more):
            make.proof(make.activity(project, status="completed", ended_on=date(2026, 5, 1)))
        fresh = queries.ideas_to_read().get(pk=idea.pk)
        with django_assert_num_queries(8):
            queries.trail(fresh)


def test_the_short_trail_says_the_same_in_the_query_of_the_list(django_assert_num_queries: Any) -> None:
    idea, _project = whole_way()
    with django_assert_num_queries(1):
        (found,) = queries.with_milestones(Idea.objects.filter(pk=idea.pk))
        assert [step.key for step in queries.milestones(found) if step.is_done] == [
            *("received", "answered", "project", "adopted", "delivered")
        ]


# -- the page of an idea -----------------------------------------------------------------------------


def test_the_page_shows_the_words_as_they_were_written(client: Client) -> None:
    idea = make.idea(problem="<b>الضو</b> طافي\nفالزنقة", language="ary")
    answer = page_of(client, idea)
    assert answer.status_code == 200
    assert "&lt;b&gt;الضو&lt;/b&gt; طافي<br>فالزنقة" in answer.content.decode()


def test_the_page_takes_as_many_questions_with_30_comments_as_with_one(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    idea = make.idea()
    about = {"on_kind": "ideas.idea", "on_id": idea.pk, "place": idea.place.code}
    Comment.objects.create(**about, text="نعم", by=make.person())
    with django_assert_max_num_queries(20) as one:
        page_of(client, idea)
    Comment.objects.bulk_create(Comment(**about, text="نعم", by=make.person()) for _number in range(29))
    with django_assert_max_num_queries(len(one)):
        page_of(client, idea)


def test_the_newest_comments_are_shown_at_first_and_the_earlier_ones_a_page_at_a_time(client: Client) -> None:
    idea = make.idea()
    about = {"on_kind": "ideas.idea", "on_id": idea.pk, "place": idea.place.code}
    for number in range(40):
        Comment.objects.create(**about, text=f"تعليق {number}!", by=make.person())
    shown = page_of(client, idea).content.decode()
    assert "تعليق 39!" in shown and "تعليق 14!" not in shown
    oldest = Comment.objects.get(text="تعليق 15!").pk
    assert f"?comments={oldest}#comments" in shown
    url = reverse("custody:idea", args=[idea.place.slug, idea.number])
    earlier = client.get(url, {"comments": oldest}).content.decode()
    assert "تعليق 14!" in earlier and "تعليق 0!" in earlier and "تعليق 15!" not in earlier
    assert f"{url}#comments" in earlier


def test_an_idea_that_waits_for_a_look_is_not_found_but_said_to_wait(client: Client) -> None:
    answer = page_of(client, make.idea(visibility="held", problem="كلام محجوز"))
    assert answer.status_code == 404
    assert "data-sentence" in answer.content.decode() and "كلام محجوز" not in answer.content.decode()


def test_a_hidden_idea_is_gone_with_its_reason(client: Client) -> None:
    idea = make.idea(visibility="hidden", problem="كلام جارح")
    Ruling.objects.create(
        on_kind="ideas.idea", on_id=idea.pk, visibility="hidden", ground="insult", reason="Une insulte."
    )
    answer = page_of(client, idea)
    assert answer.status_code == 410
    assert "Une insulte." in answer.content.decode() and "كلام جارح" not in answer.content.decode()


def test_its_author_reads_an_idea_that_waits(sign_in: Any) -> None:
    author = make.person()
    assert page_of(sign_in(author), make.idea(visibility="held", author=author)).status_code == 200


def test_whoever_may_read_an_idea_that_is_hidden_sees_that_it_is_and_where_to_object(sign_in: Any) -> None:
    author = make.person()
    idea = make.idea(visibility="hidden", author=author)
    ruling = Ruling.objects.create(
        on_kind="ideas.idea", on_id=idea.pk, visibility="hidden", ground="insult", reason="Une insulte."
    )
    shown = page_of(sign_in(author), idea).content.decode()
    assert reverse("moderation:ruling", args=[ruling.pk]) in shown and "badge late" in shown


def test_a_receipt_is_shown_to_its_author_and_at_the_desk_and_to_nobody_else(client: Client, sign_in: Any) -> None:
    author = make.person()
    idea = make.idea(receipt=text.new_receipt(), author=author)
    shown = text.receipt_shown(idea.receipt)
    assert shown not in page_of(client, idea).content.decode()
    assert shown not in page_of(sign_in(make.person()), idea).content.decode()
    for who in (author, make.focal_point(idea.place)):
        assert shown in page_of(sign_in(who), idea).content.decode()


def test_an_author_takes_an_idea_back_on_its_page(sign_in: Any, client: Client) -> None:
    author = make.person()
    idea = make.idea(author=author)
    browser, address = sign_in(author), reverse("ideas:withdraw", args=[idea.place.slug, idea.number])
    assert address in page_of(browser, idea).content.decode()
    assert address not in page_of(client, idea).content.decode()
    for _click in range(2):
        assert browser.post(address).status_code == 303
    assert (page_of(browser, idea).status_code, page_of(client, idea).status_code) == (200, 410)


def test_a_strange_number_is_not_found(client: Client) -> None:
    assert client.get(reverse("custody:idea", args=[make.idea().place.slug, 99])).status_code == 404


# -- the page of a project ---------------------------------------------------------------------------


def test_the_page_of_a_project_shows_both_ratings_and_its_ideas(client: Client) -> None:
    idea, project = whole_way()
    activity = Activity.objects.get(project=project)
    Rating.objects.create(activity=activity, side="civil", completion="limited", text="Deux documents manquent.")
    body = page_of(client, project).content.decode()
    assert "Deux documents manquent." in body
    assert reverse("custody:idea", args=[idea.place.slug, idea.number]) in body


def test_the_page_of_a_project_takes_as_many_questions_with_30_activities_as_with_one(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    _idea, project = whole_way()
    with django_assert_max_num_queries(30) as one:
        page_of(client, project)
    for _number in range(29):
        make.proof(make.activity(project))
    with django_assert_max_num_queries(len(one)):
        page_of(client, project)


def test_what_was_hidden_of_a_rating_is_not_read_on_the_page_of_the_project(client: Client) -> None:
    _idea, project = whole_way()
    activity = Activity.objects.get(project=project)
    Rating.objects.create(
        activity=activity, side="civil", completion="limited", text="Une insulte.", visibility="hidden"
    )
    assert "Une insulte." not in page_of(client, project).content.decode()


def test_a_project_set_aside_is_gone_with_its_reason(client: Client) -> None:
    project = make.project(status="dropped", dropped_reason="Faute de budget.")
    answer = page_of(client, project)
    assert answer.status_code == 410 and "Faute de budget." in answer.content.decode()


# -- receipts ----------------------------------------------------------------------------------------


def test_a_receipt_is_read_in_any_case_with_hyphens_and_arabic_digits(client: Client) -> None:
    idea = make.idea(receipt=text.new_receipt())
    code = idea.receipt
    arabic = code.translate(str.maketrans("23456789", "٢٣٤٥٦٧٨٩"))
    for typed in (code, code.lower(), text.receipt_shown(code), arabic):
        answer = client.get(reverse("custody:receipt", args=[typed]))
        assert answer.status_code == 200
        assert "<svg" in answer.content.decode()


def test_a_receipt_printed_without_a_language_finds_the_readers(client: Client) -> None:
    code = make.idea(receipt=text.new_receipt()).receipt
    answer = client.get(f"/r/{code}/", headers={"accept-language": "fr"})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/fr/r/{code}/")


def test_a_slip_in_a_receipt_is_said_to_be_one(client: Client) -> None:
    code = text.new_receipt()
    wrong = ("2" if code[0] != "2" else "3") + code[1:]
    with translation.override("en"):
        slip, unknown = (client.get(reverse("custody:receipt", args=[each])) for each in (wrong, code))
    assert (slip.status_code, unknown.status_code) == (404, 404)
    assert "slip in this number" in slip.content.decode()
    assert "No contribution bears this number" in unknown.content.decode()


def test_the_form_leads_to_the_receipt(client: Client) -> None:
    code = text.new_receipt()
    answer = client.get(reverse("custody:find"), {"receipt": code.lower()})
    assert answer.headers["Location"] == reverse("custody:receipt", args=[text.receipt_shown(code)])
    assert client.get(reverse("custody:find"), {"receipt": "=cmd"}).status_code == 422


def test_the_receipt_of_an_opinion_tells_its_reply(client: Client) -> None:
    opinion = make.opinion(receipt=text.new_receipt())
    answer = client.get(reverse("custody:receipt", args=[opinion.receipt]))
    assert answer.status_code == 200 and opinion.text in answer.content.decode()


def test_the_receipt_of_a_hidden_idea_does_not_repeat_it(client: Client) -> None:
    idea = make.idea(receipt=text.new_receipt(), visibility="hidden", problem="كلام جارح", solution="كلام جارح")
    assert "كلام جارح" not in client.get(reverse("custody:receipt", args=[idea.receipt])).content.decode()


def test_receipts_cannot_be_tried_one_after_the_other(client: Client) -> None:
    answers = [client.get(reverse("custody:receipt", args=["AAAAAAAA"])).status_code for _try in range(31)]
    assert answers == [404] * 30 + [429]


def test_a_hall_behind_one_address_opens_its_own_receipts(client: Client) -> None:
    address = reverse("custody:receipt", args=[make.idea(receipt=text.new_receipt()).receipt])
    assert {client.get(address).status_code for _person in range(40)} == {200}


def test_the_receipt_of_what_is_held_leads_to_the_reason_and_lets_its_bearer_object(client: Client) -> None:
    idea = make.idea(receipt=text.new_receipt(), visibility="held")
    ruling = Ruling.objects.create(
        on_kind="ideas.idea", on_id=idea.pk, visibility="held", ground="personal", reason="Un numéro."
    )
    way = f"{reverse('moderation:ruling', args=[ruling.pk])}?receipt={idea.receipt}"
    assert way in client.get(reverse("custody:receipt", args=[idea.receipt])).content.decode()
    assert "<textarea" in client.get(way).content.decode()


def test_the_receipt_of_an_idea_taken_back_says_so(client: Client) -> None:
    idea = make.idea(receipt=text.new_receipt(), status="withdrawn")
    with translation.override("en"):
        body = client.get(reverse("custody:receipt", args=[idea.receipt])).content.decode()
    assert "Withdrawn" in body and "Waiting for an answer" not in body


def test_days_of_long_ago_do_not_disturb(client: Client) -> None:
    idea = make.idea(received_at=timezone.now() - timedelta(days=4000))
    assert page_of(client, idea).status_code == 200


@pytest.mark.parametrize(
    ("typed", "said"), [("4K7", "compte huit lettres et chiffres"), ("4K7-2QM-99", "dernier signe")]
)
def test_a_receipt_that_cannot_be_read_is_told_what_it_lacks(client: Client, typed: str, said: str) -> None:
    assert said in client.get("/fr/r/", {"receipt": typed}).content.decode()


def test_a_long_idea_is_cut_with_a_sign() -> None:
    assert str(Idea(solution="وضع مصابيح " * 20)).endswith("…")
