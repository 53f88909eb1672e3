import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, Q, Sum
from django.template.defaultfilters import floatformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from infitah.ground.accounts.models import Person
from infitah.journey.ideas import queries as ideas
from infitah.journey.ideas.models import Channel, Idea
from infitah.journey.programmes.models import Programme
from infitah.journey.projects import queries as projects
from infitah.journey.projects.models import Funding, OgpValue, Principle, Project
from infitah.lib import dates, text
from infitah.lib.i18n import Localized, localized
from infitah.lib.lists import page_before

from .models import Draft, Opinion

PAGE = 20
LABELS = {  # the fields of a project that hold words, as the form calls them
    "title": gettext_lazy("Title"),
    "problem": gettext_lazy("Which problem does it answer?"),
    "solution": gettext_lazy("What will be done?"),
    "results": gettext_lazy("Expected results"),
    "change": gettext_lazy("What rule or routine will change?"),
    "service": gettext_lazy("Service in charge"),
    "partners": gettext_lazy("Partners"),
    "plan_line": gettext_lazy("Line of the action or development programme that it serves"),
}

STORY = ["problem", "solution", "results", "change"]  # told in full; the others in a line

# -- freezing ----------------------------------------------------------------------------------------


def frozen(programme: Programme) -> dict[str, Any]:
    """The programme as it now stands, as JSON: axes → projects → activities, targets, numbers of the source ideas.

    Stable: the same programme gives the same JSON. Days are ISO 8601, money is dirhams as text, officials' texts are
    `{"ar": …, "fr": …}`. Projects set aside are left out; those of a plan that has no axes are in one numbered 0.
    """
    found: dict[int | None, list[dict[str, Any]]] = {}
    for project in projects.whole(programme):
        found.setdefault(project.axis_id, []).append(frozen_project(project))
    axes = [
        {"number": axis.number, "name": dict(axis.name), "projects": found.get(axis.pk, [])}
        for axis in programme.axes.all()
    ]
    axes += [{"number": 0, "name": {}, "projects": found[None]}] if None in found else []
    about = {"title": dict(programme.title), "place": programme.place.code, "begins": plain(programme.cycle.starts_on)}
    return {"programme": about, "axes": axes}


def frozen_project(project: Project) -> dict[str, Any]:
    """One project of the frozen programme."""
    return {
        "number": project.number,
        **{name: dict(getattr(project, name)) for name in LABELS},
        "principles": sorted(project.principles),
        "ogp_values": sorted(project.ogp_values),
        **{name: filed(getattr(project, name).all()) for name in ("policy_areas", "themes")},
        **{name: plain(getattr(project, name)) for name in ("budget", "starts_on", "ends_on")},
        **{name: getattr(project, name) for name in ("source", "reference", "funding")},
        "activities": [
            {
                "number": activity.number,
                **{name: dict(getattr(activity, name)) for name in ("title", "owner")},
                **{name: plain(getattr(activity, name)) for name in ("planned_from", "planned_until")},
            }
            for activity in project.activities.all()
        ],
        "targets": [
            {"name": dict(target.name), "baseline": target.baseline, "target": target.target, "unit": target.unit}
            for target in project.targets.all()
        ],
        "ideas": sorted(source.idea.number for source in project.sources.all()),
    }


def filed(under: Iterable[Any]) -> list[dict[str, Any]]:
    """What a project is filed under, each by its key and as it was called on the day."""
    return [{"key": one.key, "name": dict(one.name)} for one in under]


def plain(value: date | Decimal | None) -> str | None:
    """A day or a sum as JSON keeps it."""
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return value.isoformat() if value else None


def sha256_of(contents: dict[str, Any]) -> str:
    return hashlib.sha256(text.canonical(contents)).hexdigest()


# -- reading -----------------------------------------------------------------------------------------


def consulted(programme: Programme) -> Draft | None:
    """The version last put to residents."""
    return Draft.objects.filter(programme=programme, is_consulted=True).order_by("-version").first()


def versions(programme: Programme) -> list[Draft]:
    """Every frozen version, latest first, without its contents."""
    return list(Draft.objects.filter(programme=programme).defer("contents").order_by("-version"))


def document(draft: Draft) -> list[dict[str, Any]]:
    """The axes of a frozen version that have projects, to be read: texts Localized, days dates, choices in words."""
    axes = [axis for axis in localized(draft.contents)["axes"] if axis["projects"]]
    return [{**axis, "projects": [told(project) for project in axis["projects"]]} for axis in axes]


def in_document(draft: Draft, number: int) -> dict[str, Any] | None:
    """One project of a frozen version, to be read, with its `axis`."""
    found = draft.projects().get(number)
    return told(localized(found)) if found else None


def number_after(draft: Draft, number: int) -> int | None:
    """The project that a reader comes to next."""
    order = list(draft.projects())
    return next((later for earlier, later in zip(order, order[1:], strict=False) if earlier == number), None)


def told(project: dict[str, Any]) -> dict[str, Any]:
    """A project of the contents, to be read: days as dates, its `story` and its `facts` as (name, words)."""
    for activity in project["activities"]:
        for name in ("planned_from", "planned_until"):
            activity[name] = date.fromisoformat(activity[name])
    project["story"] = [(LABELS[name], project[name]) for name in STORY if project[name]]
    project["facts"] = facts(project)
    return project


def facts(project: dict[str, Any]) -> list[tuple[str, Localized | str]]:
    """What is worth a line of a project of the contents, in the reader's language; what is not known is left out."""
    budget, funding = project["budget"], project["funding"]
    found: list[tuple[str, Localized | str]] = [
        *((str(LABELS[name]), project[name]) for name in ("service", "partners")),
        (_("Budget, in dirhams"), floatformat(budget, "-2g") if budget else ""),
        (_("Funding"), str(Funding(funding).label) if funding else ""),
        *((name, day_of(project[key])) for key, name in (("starts_on", _("Begins on")), ("ends_on", _("Ends on")))),
        (str(LABELS["plan_line"]), project["plan_line"]),
        (_("Principles"), " · ".join(str(Principle(key).label) for key in project["principles"])),
        (
            _("Values of the Open Government Partnership"),
            " · ".join(str(OgpValue(key).label) for key in project["ogp_values"]),
        ),
        (_("Policy areas"), named(project.get("policy_areas", []))),  # versions of before had none
        (_("Themes"), named(project["themes"])),
    ]
    return [(name, said) for name, said in found if said]


def named(under: list[dict[str, Any]]) -> str:
    """What a project of the contents is filed under, in words."""
    return " · ".join(str(Localized(one["name"])) for one in under)


def day_of(day: str | None) -> str:
    """A day of the contents in words."""
    return dates.day(date.fromisoformat(day)) if day else ""


# -- opinions ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Share:
    """One stance in a bar: in words, how many people, where its piece begins and how long it is, in per cent."""

    name: str
    kind: str
    count: int
    start: float
    length: float


@dataclass
class Summary:
    """What people think of one project; a show of hands counts as many people as hands."""

    agree: int = 0
    changes: int = 0
    disagree: int = 0
    online: int = 0
    offline: int = 0
    opinions: int = 0  # as given: one a show of hands

    @property
    def people(self) -> int:
        return self.online + self.offline

    def shares(self) -> list[Share]:
        """The stances in order, with their part of the people; zeros without any."""
        counts = [self.agree, self.changes, self.disagree]
        parts = [100 * count / (self.people or 1) for count in counts]
        kinds = ["ok", "wait", "late"]
        return [
            Share(str(stance.label), kinds[at], counts[at], sum(parts[:at]), parts[at])
            for at, stance in enumerate(Opinion.Stance)
        ]


def summary(draft: Draft) -> dict[int, Summary]:
    """By project number: who agrees, online and off line counted equally. One query; silent projects are left out."""
    rows = (
        Opinion.objects.filter(draft=draft)
        .public()
        .values("project__number", "stance")
        .annotate(
            online=Sum("people", filter=Q(channel=Channel.WEBSITE), default=0),
            offline=Sum("people", filter=~Q(channel=Channel.WEBSITE), default=0),
            given=Count("id"),
        )
    )
    found: dict[int, Summary] = {}
    for row in rows:
        one = found.setdefault(row["project__number"], Summary())
        setattr(one, row["stance"], row["online"] + row["offline"])
        one.online += row["online"]
        one.offline += row["offline"]
        one.opinions += row["given"]
    return found


def total(found: dict[int, Summary]) -> Summary:
    """All projects together."""
    return Summary(**{one.name: sum(getattr(part, one.name) for part in found.values()) for one in fields(Summary)})


class OpinionPage(NamedTuple):
    """One page of opinions, latest first, and where the next begins."""

    opinions: list[Opinion]
    before: int | None


def opinions_on(draft: Draft, project: Project, *, before: int | None = None) -> OpinionPage:
    """The published opinions on a project of a version, by keyset."""
    return paged(Opinion.objects.filter(draft=draft, project=project).public(), before)


def desk(draft: Draft, *, state: str = "waiting", project: int | None = None, before: int | None = None) -> OpinionPage:
    """The opinions a focal point works through: `waiting` for a reply, `replied`, or all; by keyset."""
    found = Opinion.objects.filter(draft=draft).standing().exclude(visibility="hidden")
    if state == "waiting":
        found = found.unanswered()
    elif state == "replied":
        found = found.filter(reply__isnull=False)
    if project:
        found = found.filter(project__number=project)
    return paged(found, before)


def paged(opinions: Any, before: int | None) -> OpinionPage:
    """Cut one page out of a list."""
    whole = opinions.select_related("reply", "project", "workshop", "author", "organisation")
    return OpinionPage(*page_before(whole, before, PAGE))


def numbers_said(draft: Draft, person: Person | None, device: str) -> set[int]:
    """The projects on which this reader has given an opinion."""
    if not (person or device):
        return set()
    who: dict[str, Any] = {"author": person, "entered_by": None} if person else {"author": None, "device": device}
    said = Opinion.objects.standing().filter(draft=draft, **who)
    return set(said.values_list("project__number", flat=True))


def waiting(draft: Draft) -> int:
    """How many opinions wait for a reply."""
    return Opinion.objects.filter(draft=draft).unanswered().count()


def latest_entered(draft: Draft, *, limit: int = 10) -> list[Opinion]:
    """The opinions last entered for others, newest first."""
    entered = Opinion.objects.filter(draft=draft, entered_by__isnull=False)
    return list(entered.select_related("project", "workshop").order_by("-pk")[:limit])


# -- differences between versions ----------------------------------------------------------------------

Texts = dict[tuple[str, str], str]  # by name of the field in words, and language (none for dates, sums and lists)


class FieldChange(NamedTuple):
    """What changed in one field, word by word, in one language."""

    name: str
    language: str
    pieces: list[text.Difference]


class ProjectChange(NamedTuple):
    """A project in two versions: `new`, `gone`, `changed` or `same`."""

    number: int
    title: Localized
    state: str
    fields: list[FieldChange]


class Comparison(NamedTuple):
    """Two versions of a programme side by side."""

    axes: list[FieldChange]
    projects: list[ProjectChange]

    @property
    def counts(self) -> dict[str, int]:
        """How many projects are new, gone, changed, the same."""
        states = [project.state for project in self.projects]
        return {state: states.count(state) for state in ("new", "gone", "changed", "same")}


def compare(older: Draft, newer: Draft) -> Comparison:
    """The difference between two versions: project by project, field by field, each language by itself."""
    before, after = older.projects(), newer.projects()
    numbers = sorted(before.keys() | after.keys())
    projects = [changed(number, before.get(number), after.get(number)) for number in numbers]
    return Comparison(field_changes(axis_texts(older), axis_texts(newer)), projects)


def field_changes(before: Texts, after: Texts) -> list[FieldChange]:
    """The fields whose text is not the same."""
    return [FieldChange(*key, pieces) for key, pieces in text.changes(before, after)]


def changed(number: int, before: dict[str, Any] | None, after: dict[str, Any] | None) -> ProjectChange:
    """One project, in both versions or in only one of them. An axis worded otherwise is told once, of the axis."""
    if before and after and before["axis"]["number"] == after["axis"]["number"]:
        before = {**before, "axis": after["axis"]}
    title = Localized((after or before or {})["title"])
    found = field_changes(texts(before), texts(after))
    if before is None or after is None:
        return ProjectChange(number, title, "new" if before is None else "gone", found)
    return ProjectChange(number, title, "changed" if found else "same", found)


def texts(project: dict[str, Any] | None) -> Texts:
    """Every text of a project; nothing for no project."""
    if project is None:
        return {}
    found = {(str(name), code): said for key, name in LABELS.items() for code, said in project[key].items()}
    for code, said in project["axis"]["name"].items():
        found[(_("Axis"), code)] = f"{project['axis']['number']}. {said}"
    found |= {(name, ""): said for name, said in facts(project) if isinstance(said, str)}
    found[(_("Ideas it comes from"), "")] = " · ".join(map(str, project["ideas"]))
    for activity in project["activities"]:
        found |= activity_texts(activity, _("Activity %(n)s") % {"n": activity["number"]})
    for number, target in enumerate(project["targets"], 1):
        found |= target_texts(target, _("Indicator %(n)s") % {"n": number})
    return {key: said for key, said in found.items() if said}


def activity_texts(activity: dict[str, Any], name: str) -> Texts:
    """An activity: its words in each language, and its days."""
    title, owner = activity["title"], activity["owner"]
    codes = sorted(title.keys() | owner.keys())
    found = {(name, code): " · ".join(filter(None, [title.get(code), owner.get(code)])) for code in codes}
    return found | {(name, ""): f"{day_of(activity['planned_from'])} – {day_of(activity['planned_until'])}"}


def target_texts(target: dict[str, Any], name: str) -> Texts:
    """A target: its name in each language, and its values."""
    values = [_("Baseline"), target["baseline"] or "–", "·", _("Target"), target["target"], target["unit"]]
    return {(name, code): said for code, said in target["name"].items()} | {(name, ""): " ".join(filter(None, values))}


def axis_texts(draft: Draft) -> Texts:
    """The names of the axes."""
    axes = draft.contents["axes"]
    return {(f"{_('Axis')} {axis['number']}", code): said for axis in axes for code, said in axis["name"].items()}


def free_receipt() -> str:
    """A new receipt that no opinion bears, nor an idea of before theirs were told apart by their first symbol."""
    first = "".join(sorted(set(text.SYMBOLS) - set(ideas.FIRST_SYMBOLS)))
    while True:
        drawn = text.new_receipt(first)
        if not any(kind.objects.filter(receipt=drawn).exists() for kind in (Opinion, Idea)):
            return drawn
