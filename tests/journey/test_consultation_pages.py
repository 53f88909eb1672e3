import hashlib
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from infitah.ground.accounts.models import Person
from infitah.journey.consultation import queries
from infitah.journey.consultation.models import Draft, Opinion
from infitah.journey.programmes.models import Cycle, Programme
from infitah.lib.i18n import Localized
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft() -> Draft:
    return make.draft(make.programme(make.place("tetouan")))


@pytest.fixture
def alice(draft: Draft) -> Person:
    return make.focal_point(draft.programme.place)


@pytest.fixture
def desk(sign_in: Any, alice: Person) -> Client:
    return sign_in(alice)


def at(name: str, *parts: Any) -> str:
    return reverse(f"consultation:{name}", args=["tetouan", *parts])


def voice(**fields: Any) -> dict[str, Any]:
    return {"key": uuid4(), "stance": "changes", "text": "أضيفوا لقاء في كل حي", **fields}


def shown(answer: Any) -> str:
    return answer.content.decode()


# -- residents ---------------------------------------------------------------------------------------


def test_a_visitor_reads_the_draft_and_gives_an_opinion_without_an_account(client: Client, draft: Draft) -> None:
    text = shown(client.get(at("consultation")))
    assert "نشر ميزانية المواطن" in text and f'action="{at("project", 1)}"' in text
    answer = client.post(at("project", 1), voice(email="samira@example.org"))
    opinion = Opinion.objects.get()
    assert answer.status_code == 303 and opinion.receipt in answer.url and client.cookies["device"].value
    assert opinion.contact is not None and "samira" not in shown(client.get(answer.url))


def test_the_same_browser_has_one_opinion_a_project(client: Client, draft: Draft) -> None:
    client.post(at("project", 1), voice())
    client.post(at("project", 1), voice(stance="agree", text=""))
    assert [opinion.stance for opinion in Opinion.objects.standing()] == ["agree"]
    assert Opinion.objects.count() == 2


def test_without_proof_of_work_an_opinion_waits_for_a_look(client: Client, sign_in: Any, draft: Draft) -> None:
    client.post(at("project", 1), voice())
    sign_in(make.person("Bob")).post(at("project", 1), voice(stance="agree", text=""))
    assert {opinion.stance: opinion.visibility for opinion in Opinion.objects.all()} == {
        "changes": "held",
        "agree": "shown",
    }


def test_a_refused_opinion_keeps_what_was_typed(client: Client, draft: Draft) -> None:
    answer = client.post(at("project", 1), voice(text=" ", wording="صياغة أخرى", pseudonym="سميرة"))
    text = shown(answer)
    assert answer.status_code == 422 and "صياغة أخرى</textarea>" in text and 'value="سميرة"' in text
    assert not Opinion.objects.exists()


@pytest.mark.parametrize("field", ["text", "wording"])
def test_an_emoji_alone_is_no_opinion(field: str, client: Client, draft: Draft) -> None:
    sent = voice(**{"text": "أضيفوا لقاء في كل حي", field: "👎"})
    answer = client.post(at("project", 1), sent)
    assert (answer.status_code, draft.opinions.count()) == (422, 0)


def test_a_closed_consultation_shows_results_and_refuses_without_losing_anything(client: Client) -> None:
    draft = make.draft(make.programme(make.place("tetouan")), days_left=0)
    make.opinion(draft, text="لا نريد تطبيقا آخر", people=12, channel="workshop")
    text = shown(client.get(at("consultation")))
    assert 'name="stance"' not in text and "12" in text
    answer = client.post(at("project", 1), voice(text="وصلت متأخرا"))
    assert answer.status_code == 409 and "وصلت متأخرا</textarea>" in shown(answer)
    assert Opinion.objects.count() == 1


def test_before_the_draft_is_open_the_page_says_so(client: Client) -> None:
    place = make.place("figuig")
    address = reverse("consultation:consultation", args=["figuig"])
    assert client.get(address).status_code == 200
    make.project(make.programme(place))
    assert client.get(address).status_code == 200
    assert client.get(reverse("consultation:project", args=["figuig", 1])).status_code == 409


def test_a_project_that_came_after_the_draft_takes_no_opinion(client: Client, draft: Draft) -> None:
    late = make.project(draft.programme)
    assert client.get(at("project", late.number)).status_code == 409
    assert client.post(at("project", late.number), voice()).status_code == 409
    assert client.get(at("project", 99)).status_code == 404


def test_what_was_said_of_an_earlier_programme_stays_within_reach(client: Client, draft: Draft) -> None:
    make.opinion(draft, text="نريد لقاء في كل حي")
    earlier = draft.programme
    make.version(earlier)
    next_years = Cycle.objects.create(name=Localized(fr="2028"), starts_on=date(2028, 1, 1), ends_on=date(2029, 1, 1))
    Programme.objects.create(cycle=next_years, place=earlier.place, title=Localized(fr="Le suivant"))
    cycle = f"?cycle={earlier.cycle_id}"
    assert "نريد لقاء في كل حي" in shown(client.get(at("project", 1)))
    links = {at("consultation"): "versions", at("versions"): "version", at("version", 1): "versions"}
    for address, leads_to in {**links, at("compare", 1, 2): "versions", at("project", 1): "consultation"}.items():
        on = [1] if leads_to == "version" else []
        assert f'href="{at(leads_to, *on)}{cycle}"' in shown(client.get(address + cycle))
    assert client.get(at("download", 1) + cycle).status_code == 200
    assert client.get(at("version", 1)).status_code == 404  # of the programme that has only begun
    assert client.get(f"/fr/c/tetouan/programme.fr.pdf{cycle}").status_code == 200
    assert client.get("/fr/c/tetouan/programme.fr.pdf").status_code == 409


def test_opinions_and_their_answers_are_public_and_replaced_ones_are_not(client: Client, draft: Draft) -> None:
    from_workshop = make.opinion(draft, text="نريد لقاء في كل حي", pseudonym="سميرة")
    make.opinion(draft, text="رأي قديم", replaced_at=draft.frozen_at)
    make.opinion(draft, text="رأي مخفي", visibility="hidden")
    make.reply(from_workshop, text="أضفنا نشاطا ثالثا")
    text = shown(client.get(at("project", 1)))
    assert "نريد لقاء" in text and "أضفنا نشاطا" in text and "سميرة" in text
    assert "رأي قديم" not in text and "رأي مخفي" not in text


def test_the_page_of_the_draft_asks_as_much_for_one_project_as_for_ten(
    client: Client, django_assert_num_queries: Any
) -> None:
    programme = make.programme(make.place("tetouan"))
    for _ in range(10):
        make.project(programme)
    draft = make.draft(programme)
    for project in programme.projects.all():
        make.opinion(draft, project=project)
    with django_assert_num_queries(7):
        client.get(at("consultation"))
    with django_assert_num_queries(7):
        client.get(at("project", 1))


# -- the focal point ---------------------------------------------------------------------------------


def test_the_focal_point_opens_the_draft_with_a_summary(sign_in: Any) -> None:
    programme = make.programme(make.place("tetouan"), status="drafting")
    desk = sign_in(make.focal_point(programme.place))
    assert desk.post(at("open"), {"closes_on": "2090-01-01"}).status_code == 422  # no project yet
    make.project(programme)
    assert desk.post(at("open"), {"closes_on": "2020-01-01"}).status_code == 422
    answer = desk.post(at("open"), {"closes_on": "2090-01-01", "summary_ar": "ثلاثة مشاريع"})
    draft = Draft.objects.get()
    assert (answer.status_code, draft.summary) == (303, Localized(ar="ثلاثة مشاريع"))
    assert "ثلاثة مشاريع" in shown(desk.get(at("consultation")))


def test_workshop_opinions_are_entered_row_by_row(desk: Client, draft: Draft) -> None:
    project = draft.programme.projects.get()
    row = voice(channel="workshop", project=project.pk, people="23", text="موافقون إن أضيف حي آخر")
    answer = desk.post(at("enter"), row)
    assert answer.status_code == 303 and f"project={project.pk}" in answer.url
    assert "موافقون" in shown(desk.get(answer.url))
    assert queries.summary(draft)[1].offline == 23
    assert desk.post(at("enter"), {**row, "key": uuid4(), "people": "0"}).status_code == 422
    answer = desk.post(at("enter"), {**row, "key": uuid4()}, headers={"HX-Request": "true"})
    assert answer.status_code == 200 and "<html" not in shown(answer)


def test_opinions_are_answered_from_the_desk(desk: Client, draft: Draft) -> None:
    opinion = make.opinion(draft)
    assert opinion.text in shown(desk.get(at("opinions")))
    refused = desk.post(at("reply", opinion.pk), {"is_taken_up": "yes", "text": " "})
    assert refused.status_code == 422 and opinion.text in shown(refused)
    assert desk.post(at("reply", opinion.pk), {"is_taken_up": "no", "text": "الميزانية لا تكفي"}).status_code == 303
    assert opinion.text not in shown(desk.get(at("opinions")))
    assert "الميزانية لا تكفي" in shown(desk.get(at("opinions") + "?state=replied"))
    opinion.refresh_from_db()
    assert opinion.reply.is_taken_up is False


def test_a_reply_sent_twice_is_told_once(desk: Client, draft: Draft, ledger: Any) -> None:
    opinion = make.opinion(draft)
    for _click in range(2):
        assert desk.post(at("reply", opinion.pk), {"is_taken_up": "yes", "text": "أضفناه"}).status_code == 303
    assert len(ledger("opinion.replied")) == 1


def test_after_validation_nothing_is_entered_any_more(desk: Client, draft: Draft) -> None:
    Programme.objects.update(status="validated")
    assert desk.get(at("enter")).status_code == 409
    assert desk.get(at("opinions")).status_code == 200


# -- versions ----------------------------------------------------------------------------------------


def test_what_is_downloaded_has_the_hash_that_is_shown(client: Client, draft: Draft) -> None:
    draft.refresh_from_db()
    assert draft.sha256 in shown(client.get(at("version", 1))) and draft.sha256 in shown(client.get(at("versions")))
    answer = client.get(at("download", 1))
    assert hashlib.sha256(answer.content).hexdigest() == draft.sha256


def test_the_difference_is_shown_word_by_word_in_each_language(client: Client, draft: Draft) -> None:
    project = draft.programme.projects.get()
    project.solution = Localized(ar="نشر ميزانية الجماعة", fr="Publier un budget citoyen")
    project.save()
    contents = queries.frozen(draft.programme)
    Draft.objects.create(programme=draft.programme, version=2, contents=contents, sha256=queries.sha256_of(contents))
    text = shown(client.get(at("compare", 1, 2)))
    assert '<dd lang="ar" dir="rtl">نشر ميزانية <del>المواطن</del><ins>الجماعة</ins></dd>' in text
    assert client.get(at("compare", 1, 9)).status_code == 404
    assert at("compare", 1, 2) in shown(client.get(at("versions")))


def test_what_residents_write_never_becomes_markup(client: Client, draft: Draft) -> None:
    make.opinion(draft, text="<script>alert(1)</script>", wording="<b>x</b>", pseudonym="<i>y</i>")
    text = shown(client.get(at("project", 1)))
    assert "<script>alert" not in text and "<b>x" not in text and "<i>y" not in text


def test_a_place_that_has_frozen_nothing_yet_says_when_its_first_version_is_made(client: Client) -> None:
    make.programme(make.place("tetouan"))
    answer = client.get(at("versions"))
    assert answer.status_code == 200 and "لا صيغة بعد" in shown(answer)
