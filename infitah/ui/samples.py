"""What the page /styleguide/ fills the components with."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

AT = datetime(2025, 6, 24, 17, 0, tzinfo=ZoneInfo("Africa/Casablanca"))
ON = date(2025, 6, 27)
CRUMBS = [(_("Regions"), "#"), (_("Provinces"), "#")]
PHASES = [
    {"name": _("Axes"), "note": "2025", "state": "done"},
    {"name": _("Ideas"), "note": "214", "state": "done"},
    {"name": _("Answers"), "note": "92%", "state": "done"},
    {"name": _("Consultation"), "note": "27/06", "state": "now"},
    {"name": _("Council vote"), "note": "10/2025", "state": "next"},
    {"name": _("Implementation"), "note": "2026-2027", "state": "next"},
    {"name": _("Evaluation"), "note": "2028", "state": "next"},
]
TRAIL = [
    {"name": _("Received"), "at": AT, "url": "#", "text": "", "is_done": True},
    {"name": _("Answered"), "at": AT, "url": "#", "text": _("Kept in a project"), "is_done": True},
    {"name": _("Adopted"), "at": None, "url": "", "text": "", "is_done": False},
    {"name": _("Done"), "at": None, "url": "", "text": "", "is_done": False},
]
SIDES = [
    {"name": _("The collectivity"), "word": _("Substantial"), "steps": 3, "kind": "official"},
    {"name": _("Civil society"), "word": _("Limited"), "steps": 2, "kind": "civil"},
]
BARS = [
    {"label": _("Online"), "number": 83, "share": 63, "url": "#"},
    {"label": _("At the desk"), "number": 131, "share": 100, "url": "#"},
]
TABS = [
    {"text": _("Ideas"), "url": "#", "is_current": True, "count": 214},
    {"text": _("Consultation"), "url": "#", "is_current": False, "count": 7},
]
LANDS = [
    {"name": "A", "url": "#", "number": 12, "level": 1, "path": "M5 5h40v25H5z"},
    {"name": "B", "url": "#", "number": 83, "level": 3, "path": "M45 5h50v25H45z"},
    {"name": "C", "url": "#", "number": 131, "level": 4, "path": "M5 30h90v25H5z"},
]
KINDS = {
    "ok": _("Kept in a project"),
    "part": _("Already covered"),
    "wait": _("Waiting for an answer"),
    "late": _("Stalled"),
    "no": _("Outside competence"),
}


class Sample(forms.Form):
    """The kinds of fields a page may have."""

    title = forms.CharField(label=_("In one sentence, what would you change?"), max_length=120)
    text = forms.CharField(
        label=_("What happens today?"),
        help_text=_("Write as you speak. Any language is welcome."),
        widget=forms.Textarea,
        required=False,
    )
    axis = forms.ChoiceField(label=_("Priority axis"), choices=[("", _("All"))], required=False)
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


def pieces(language: str) -> dict[str, Any]:
    """One set of everything; the names of its fields begin with the language, for two sets share a page."""
    return {
        "id": f"sample-{language}",
        "form": Sample(prefix=language),
        "refused": Sample({f"{language}-title": ""}, prefix=f"{language}-refused"),
        "filters": SampleFilter(auto_id=f"filter-{language}-%s"),
        "at": AT,
        "on": ON,
        "crumbs": CRUMBS,
        "phases": PHASES,
        "trail": TRAIL,
        "sides": SIDES,
        "bars": BARS,
        "tabs": TABS,
        "lands": LANDS,
        "kinds": KINDS,
    }
