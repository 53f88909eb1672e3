"""What scripts add: nothing typed is lost, questions come one by one on a phone, rows go in at keyboard speed."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from infitah.journey.ideas.models import Idea
from infitah.lib import proof
from tests import make

expect.set_options(timeout=15_000)  # a busy machine is slow, not wrong
ROWS = [(f"Le trottoir {n} est cassé", f"Réparer le trottoir {n} cette année") for n in range(4)]


@pytest.fixture
def open_place(db: None) -> Any:
    return make.programme(make.place("tetouan"), opened="ideas").place


def come_in(page: Page, person: Any) -> None:
    """Give the browser the session of a person."""
    client = Client()
    client.force_login(person)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": value, "domain": "localhost", "path": "/"}]
    )


def test_an_idea_half_written_is_given_back(desk: Page, open_place: Any) -> None:
    desk.goto(f"/fr/c/{open_place.slug}/ideas/new/")
    desk.fill("#id_problem", "La ruelle est sombre")
    desk.reload()
    expect(desk.locator("#id_problem")).to_have_value("La ruelle est sombre")
    expect(desk.locator("form .draft")).to_be_visible()


def test_a_phone_asks_one_question_per_screen(phone: Page, open_place: Any) -> None:
    phone.goto(f"/ar/c/{open_place.slug}/ideas/new/")
    expect(phone.locator("#id_problem")).to_be_hidden()
    phone.locator("[name=axis]").first.check()
    phone.locator(".steps-nav .btn").last.click()
    expect(phone.locator("#id_problem")).to_be_focused()
    expect(phone.locator(".steps-nav")).to_contain_text("2 / 3")


def test_without_scripts_all_questions_stand_on_the_page(plain: Page, open_place: Any) -> None:
    plain.goto(f"/ar/c/{open_place.slug}/ideas/new/")
    expect(plain.locator("#id_problem")).to_be_visible()
    expect(plain.locator("#id_solution")).to_be_visible()


def test_htmx_comes_when_somebody_reaches_for_a_form_and_not_before(desk: Page, open_place: Any) -> None:
    asked: list[str] = []
    desk.on("request", lambda request: asked.append(request.url))
    desk.goto(f"/fr/c/{open_place.slug}/ideas/new/")
    desk.locator("h1").hover()
    desk.mouse.wheel(0, 200)
    assert not [url for url in asked if "htmx" in url]
    desk.locator("#id_problem").hover()
    desk.wait_for_function("() => window.htmx")


def test_the_sum_is_solved_while_the_person_writes(desk: Page, open_place: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(proof, "HARDEST", 300)
    desk.goto(f"/fr/c/{open_place.slug}/ideas/new/")
    desk.fill("#id_problem", "La ruelle est sombre")
    expect(desk.locator("[name=proof]")).not_to_have_value("")
    assert proof.is_solved(desk.input_value("[name=proof]"))


def test_rows_are_entered_without_waiting_for_the_network(desk: Page, open_place: Any) -> None:
    come_in(desk, make.focal_point(open_place))
    desk.goto(f"/fr/c/{open_place.slug}/ideas/enter/")
    for problem, solution in ROWS:
        desk.keyboard.type(problem)
        desk.keyboard.press("Enter")
        desk.keyboard.type(solution)
        desk.keyboard.press("Enter")
    desk.keyboard.type("La suivante")
    expect(desk.locator("tbody tr")).to_have_count(len(ROWS))
    expect(desk.locator("#id_problem")).to_have_value("La suivante")
    assert sorted(Idea.objects.values_list("problem", "solution")) == sorted(ROWS)


FINISH_ANOTHER = """([problem, solution]) => document.addEventListener("htmx:afterRequest", () => {
    for (const [id, value] of [["id_problem", problem], ["id_solution", solution]]) {
        const field = document.getElementById(id);
        field.value = value;
        field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    document.getElementById("id_solution").dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
}, { once: true })"""


def test_a_row_finished_just_as_the_one_before_came_in_is_kept_once(desk: Page, open_place: Any) -> None:
    come_in(desk, make.focal_point(open_place))
    desk.goto(f"/fr/c/{open_place.slug}/ideas/enter/")
    desk.evaluate(FINISH_ANOTHER, ROWS[1])
    for text in ROWS[0]:
        desk.keyboard.type(text)
        desk.keyboard.press("Enter")
    expect(desk.locator("tbody tr")).to_have_count(2)
    expect(desk.locator("#id_problem")).to_have_value("")
    expect(desk.locator("#id_solution")).to_have_value("")
    assert sorted(Idea.objects.values_list("problem", "solution")) == ROWS[:2]


def test_a_row_that_waits_keeps_the_choices_it_was_written_under(desk: Page, open_place: Any) -> None:
    come_in(desk, make.focal_point(open_place))
    desk.goto(f"/fr/c/{open_place.slug}/ideas/enter/")
    for problem, solution in ROWS:
        desk.keyboard.type(problem)
        desk.keyboard.press("Enter")
        desk.keyboard.type(solution)
        desk.keyboard.press("Enter")
    desk.select_option("#id_channel", "paper")
    expect(desk.locator("tbody tr")).to_have_count(len(ROWS))
    expect(desk.locator("#id_channel")).to_have_value("paper")
    assert set(Idea.objects.values_list("channel", flat=True)) == {"workshop"}


def test_a_row_typed_without_a_connection_is_there_after_a_break(desk: Page, open_place: Any) -> None:
    come_in(desk, make.focal_point(open_place))
    desk.goto(f"/fr/c/{open_place.slug}/ideas/enter/")
    desk.context.set_offline(True)
    desk.keyboard.type("Le puits est à sec")
    desk.keyboard.press("Enter")
    desk.keyboard.type("Creuser plus profond")
    desk.keyboard.press("Enter")
    expect(desk.locator("#notices .wait")).to_be_visible()
    desk.context.set_offline(False)
    desk.reload()
    expect(desk.locator("#id_problem")).to_have_value("Le puits est à sec")
    expect(desk.locator("#id_solution")).to_have_value("Creuser plus profond")


def test_a_row_begun_while_others_were_taken_is_given_back_with_its_choices(desk: Page, open_place: Any) -> None:
    come_in(desk, make.focal_point(open_place))
    desk.goto(f"/fr/c/{open_place.slug}/ideas/enter/")
    desk.select_option("#id_channel", "paper")
    desk.focus("#id_problem")
    for text in [*ROWS[0], "La suivante"]:
        desk.keyboard.type(text)
        desk.keyboard.press("Enter")
    expect(desk.locator("tbody tr")).to_have_count(1)
    desk.wait_for_function("Object.keys(localStorage).some((key) => key.startsWith('draft:'))")
    desk.reload()
    expect(desk.locator("#id_problem")).to_have_value("La suivante")
    expect(desk.locator("#id_channel")).to_have_value("paper")


def test_a_row_sent_after_being_signed_out_waits_behind_the_door(desk: Page, open_place: Any) -> None:
    runner = make.focal_point(open_place)
    come_in(desk, runner)
    desk.goto(f"/fr/c/{open_place.slug}/ideas/enter/")
    desk.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    for text in ROWS[0]:
        desk.keyboard.type(text)
        desk.keyboard.press("Enter")
    desk.wait_for_url(f"**/accounts/login/?next=%2Ffr%2Fc%2F{open_place.slug}%2Fideas%2Fenter%2F")
    come_in(desk, runner)
    desk.goto(f"/fr/c/{open_place.slug}/ideas/enter/")
    expect(desk.locator("#id_problem")).to_have_value(ROWS[0][0])
    expect(desk.locator("#id_solution")).to_have_value(ROWS[0][1])


def test_the_menu_of_a_phone_opens_without_scripts(plain: Page, db: None) -> None:
    plain.goto("/ar/styleguide/")
    plain.locator(".menu summary").click()
    expect(plain.locator(".menu a[lang=fr]")).to_be_visible()
