from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from infitah.lib.errors import require
from infitah.lib.http import done, is_local, limit, page, posted
from infitah.lib.text import guess_language

from . import actions, forms, queries, rules
from .models import Comment


@login_required
def say(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """Comment, or answer a comment."""
    thing = queries.find(kind, number)
    if thing is None:
        raise Http404
    require(rules.can_say(request.user, thing))
    under, answers = queries.counted(thing), request.GET.get("answers")
    form = forms.Say(under=under, by=request.user, initial={"answers": answers}, **posted(request))
    to = request.GET.get("next", "")
    if request.method == "POST" and form.is_valid():
        limit(request, "say", times=30, per=600)
        given = form.cleaned_data
        said = actions.say(thing, by=request.user, language=guess_language(given["text"]), **given)
        return answered(request, thing, to, told_of(said), said)
    shown = {"form": form, "kind": kind, "number": number, "next": to if is_local(to) else "", "above": form.above()}
    answer = page(request, "discussion/say.html", shown, part="form")
    if form.errors:
        answer["HX-Retarget"] = "this"  # a refused form takes its own place
    return answer


def told_of(comment: Comment) -> str:
    """What its author is told of a new comment."""
    if comment.is_shown:
        return _("Your comment is published.")
    return _("Your comment seems to carry personal data or an insult: someone looks at it before it is published.")


def answered(request: HttpRequest, thing: Any, to: str, message: str, said: Comment | None = None) -> HttpResponse:
    """The comments anew for htmx, with the one just said, else the page they stand on."""
    here = to.partition("?")[0] if is_local(to) else ""
    if getattr(request, "htmx", False):
        comments = queries.comments_of(thing, request.user)
        thread = said.answers_id if said else None
        if thread and thread not in {each.comment.pk for each in comments.said}:
            comments = queries.comments_of(thing, request.user, before=thread + 1)
        return render(request, "discussion/_comments.html", {"comments": comments, "next": here, "message": message})
    if not here:
        return done(request, reverse("website:home"), message)
    return done(request, queries.at(here, said) if said else f"{to}#comments", message)


@login_required
@require_POST
def retract(request: HttpRequest, number: int) -> HttpResponse:
    """Take back one's own comment."""
    comment = get_object_or_404(Comment, pk=number)
    subject = queries.subject_of(comment)
    actions.retract(comment, by=request.user)
    return answered(request, subject, request.GET.get("next", ""), _("Your comment is taken back."))
