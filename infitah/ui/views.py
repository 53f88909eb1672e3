"""The doors of the house that belong to no room: what pages are made of, a sum to solve, a language to remember."""

from datetime import date, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.translation import check_for_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from infitah.lib import proof
from infitah.lib.http import is_local


@never_cache
def challenge(request: HttpRequest) -> JsonResponse:
    return JsonResponse(proof.challenge())


def speak(request: HttpRequest) -> HttpResponse:
    """Remember a language for the pages whose address carries none."""
    to = request.GET.get("to", "/")
    answer = HttpResponseRedirect(to if is_local(to) else "/")
    language = request.GET.get("language", "")
    if language in dict(settings.LANGUAGES) and check_for_language(language):
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=31_536_000, samesite="Lax")
    return answer


class Sample(forms.Form):
    """The kinds of fields a page may have."""

    title = forms.CharField(label=_("In one sentence, what would you change?"), max_length=120)
    text = forms.CharField(
        label=_("What happens today?"),
        help_text=_("Write as you speak. Any language is welcome."),
        widget=forms.Textarea,
        required=False,
    )
    axis = forms.ChoiceField(label=_("Priority axis"), choices=[("", _("All")), ("1", "…")], required=False)
    way = forms.ChoiceField(
        label=_("Channel"),
        choices=[("web", _("Online")), ("desk", _("At the desk"))],
        widget=forms.RadioSelect,
        required=False,
    )
    file = forms.FileField(label=_("Document"), help_text=_("PDF or photo, 10 MB at most."), required=False)
    agreed = forms.BooleanField(label=_("I have read how my data is used"))


class SampleFilter(forms.Form):
    q = forms.CharField(label=_("Words"), required=False, widget=forms.TextInput(attrs={"type": "search"}))
    axis = forms.ChoiceField(label=_("Priority axis"), choices=[("", _("All"))], required=False)
    way = forms.ChoiceField(label=_("Channel"), choices=[("", _("All")), ("web", _("Online"))], required=False)


def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component, in this direction; `?part=1` shows them alone, for the frame of the other direction."""
    at = datetime(2025, 6, 24, 17, 0, tzinfo=ZoneInfo("Africa/Casablanca"))
    sample = {
        "form": Sample(),
        "refused": Sample({"title": ""}),
        "filters": SampleFilter(),
        "at": at,
        "on": date(2025, 6, 27),
        "crumbs": [(_("Regions"), "#"), (_("Provinces"), "#")],
        "phases": [
            {"name": _("Axes"), "note": "2025", "state": "done"},
            {"name": _("Ideas"), "note": "214", "state": "done"},
            {"name": _("Answers"), "note": "92%", "state": "done"},
            {"name": _("Consultation"), "note": "", "state": "now"},
            {"name": _("Council vote"), "note": "", "state": "next"},
            {"name": _("Implementation"), "note": "2026-2027", "state": "next"},
            {"name": _("Evaluation"), "note": "2028", "state": "next"},
        ],
        "trail": [
            {"name": _("Received"), "at": at, "url": "#", "text": "", "is_done": True},
            {"name": _("Answered"), "at": at, "url": "#", "text": _("Kept in a project"), "is_done": True},
            {"name": _("Adopted"), "at": None, "url": "", "text": "", "is_done": False},
            {"name": _("Done"), "at": None, "url": "", "text": "", "is_done": False},
        ],
        "sides": [
            {"name": _("The collectivity"), "word": _("Substantial"), "steps": 3, "kind": "official"},
            {"name": _("Civil society"), "word": _("Limited"), "steps": 2, "kind": "civil"},
        ],
        "bars": [
            {"label": _("Online"), "number": 83, "share": 63, "url": "#"},
            {"label": _("At the desk"), "number": 131, "share": 100, "url": "#"},
        ],
        "tabs": [
            {"text": _("Ideas"), "url": "#", "is_current": True, "count": 214},
            {"text": _("Consultation"), "url": "#", "is_current": False, "count": 7},
        ],
        "lands": [
            SimpleNamespace(name="A", url="#", number=12, level=1, path="M5 5h40v40H5z"),
            SimpleNamespace(name="B", url="#", number=83, level=3, path="M50 5h45v40H50z"),
            SimpleNamespace(name="C", url="#", number=131, level=4, path="M5 50h90v35H5z"),
        ],
        "kinds": ["ok", "part", "wait", "late", "no"],
    }
    return render(request, "ui/styleguide.html", sample)
