from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from infitah.ground.accounts.models import Person
from infitah.ground.accounts.queries import signed_in
from infitah.ground.ledger.queries import kept
from infitah.ground.moderation.models import Moderated
from infitah.ground.moderation.queries import ruling_on
from infitah.lib.errors import NotAllowed, NotPossible, require
from infitah.lib.http import done, limit, next_page, number_before, page, posted

from . import actions, queries, rules
from .forms import Ask, Filter, Reply
from .models import Answer, Question


def crumbs() -> list[tuple[str, str]]:
    return [(_("Questions between members"), reverse("questions:questions"))]


def address(question: Question) -> str:
    return reverse("questions:question", args=[question.pk])


def no_role() -> NotAllowed:
    return NotAllowed(_("Members ask and answer here: focal points, committees, services, coaches, the national team."))


@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    return kept(request, make=lambda: show_list(request))


def show_list(request: HttpRequest) -> HttpResponse:
    """What members asked, latest first."""
    form = Filter(request.GET)
    found = queries.public_page(form.filters(), before=number_before(request))
    context = {"form": form, "found": found, "next_url": next_page(request, found.before)}
    context |= {"can_ask": rules.can_ask(signed_in(request)), "unanswered": queries.unanswered()}
    return page(request, "questions/questions.html", context, part="found")


@login_required
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    by = signed_in(request)
    require(rules.can_ask(by), no_role())
    form = Ask(by, **posted(request))
    if form.is_valid():
        limit(request, "questions", times=30, per=3600)
        asked = actions.ask(by=by, **form.arguments())
        return done(
            request,
            address(asked),
            told_of(asked, _("Your question is published. You are told when somebody answers.")),
        )
    context = {"form": form, "crumbs": crumbs()}
    return page(request, "questions/ask.html", context)


def told_of(said: Question | Answer, published: str) -> str:
    """What its author is told of new words."""
    if said.is_shown:
        return published
    return _("Your words seem to carry personal data or an insult: someone looks at them before they are published.")


@require_safe
def question(request: HttpRequest, number: int) -> HttpResponse:
    found, by = get_object_or_404(queries.to_show(), pk=number), signed_in(request)
    if not rules.can_read(by, found):
        return withheld(request, found)
    return show_question(request, found, by, Reply(by) if rules.can_answer(by, found) else None)


def withheld(request: HttpRequest, question: Question) -> HttpResponse:
    """In place of a question that is not published: gone, with the ruling, if it was hidden; else not found yet."""
    context = {"question": question, "ruling": ruling_on(question), "crumbs": crumbs()}
    is_waiting = question.visibility == Moderated.Visibility.HELD
    return page(request, "questions/withheld.html", context, status=404 if is_waiting else 410)


def show_question(request: HttpRequest, question: Question, by: Person | None, form: Reply | None) -> HttpResponse:
    """The question, its answers, and the form for one more."""
    answers: list[Any] = queries.answers_of(question, by)
    for one in answers:
        one.question = question
        one.can_accept = not one.accepted_at and rules.can_accept(by, one)
        one.can_retract = rules.can_retract_answer(by, one)
    context = {"question": question, "answers": answers, "form": form, "similar": queries.similar(question)}
    context |= {
        "can_retract": rules.can_retract(by, question),
        "ruling": None if question.is_shown else ruling_on(question),
    }
    return page(request, "questions/question.html", {**context, "crumbs": crumbs()})


@login_required
@require_POST
def answer(request: HttpRequest, number: int) -> HttpResponse:
    found, by = get_object_or_404(queries.to_show(), pk=number), signed_in(request)
    require(rules.can_ask(by), no_role())
    require(rules.can_answer(by, found), NotPossible(_("This question is not published: it takes no answers.")))
    form = Reply(by, request.POST)
    if not form.is_valid():
        return show_question(request, found, by, form)
    limit(request, "answers", times=60, per=3600)
    given = actions.answer(found, by=by, **form.arguments())
    said = told_of(given, _("Your answer is published, and the asker is told."))
    return done(request, f"{address(found)}#answer-{given.pk}", said)


@login_required
@require_POST
def accept(request: HttpRequest, number: int, answer: int) -> HttpResponse:
    given = get_object_or_404(Answer.objects.select_related("question__by"), question=number, pk=answer)
    actions.accept(given, by=signed_in(request))
    return done(request, address(given.question), _("Thank you: others see which answer helped."))


@login_required
@require_POST
def retract(request: HttpRequest, number: int) -> HttpResponse:
    actions.retract(get_object_or_404(Question, pk=number), by=signed_in(request))
    return done(request, reverse("questions:questions"), _("Your question is taken back."))


@login_required
@require_POST
def retract_answer(request: HttpRequest, number: int, answer: int) -> HttpResponse:
    given = get_object_or_404(Answer.objects.select_related("question"), question=number, pk=answer)
    actions.retract_answer(given, by=signed_in(request))
    return done(request, address(given.question), _("Your answer is taken back."))
