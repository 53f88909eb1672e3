import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from infitah.journey.ideas.models import Channel
from infitah.journey.programmes.models import Programme
from infitah.journey.projects import queries as projects
from infitah.journey.projects.models import Funding, OgpValue, Principle, Project
from infitah.lib import dates
from infitah.lib.i18n import READ, Localized
from infitah.lib.text import Difference, differences

from .models import Draft, Opinion

PAGE = 20
WORDS = ["title", "problem", "solution", "results", "change", "service", "partners", "plan_line"]

# -- freezing ----------------------------------------------------------------------------------------


def frozen(programme: Programme) -> dict[str, Any]:
    """The programme as it now stands, as JSON: axes → projects → activities, targets, numbers of the source ideas.

    Stable: the same programme gives the same JSON. Days are ISO 8601, money is dirhams as text, officials' texts are
    `{"ar": …, "fr": …}`. Projects set aside are left out.
    """
    found = list(projects.whole(programme))
    axes = [
        {
            "number": axis.number,
            "name": dict(axis.name),
            "projects": [frozen_project(project) for project in found if project.axis_id == axis.pk],
        }
        for axis in programme.axes.all()
    ]
    about = {"title": dict(programme.title), "place": programme.place.code, "begins": plain(programme.cycle.starts_on)}
    return {"programme": about, "axes": axes}


def frozen_project(project: Project) -> dict[str, Any]:
    """One project of the frozen programme."""
    return {
        "number": project.number,
        **{name: dict(getattr(project, name)) for name in WORDS},
        "principles": sorted(project.principles),
        "ogp_values": sorted(project.ogp_values),
        "themes": [{"key": theme.key, "name": dict(theme.name)} for theme in project.themes.all()],
        "funding": project.funding,
        **{name: plain(getattr(project, name)) for name in ("budget", "starts_on", "ends_on")},
        "source": project.source,
        "reference": project.reference,
        "activities": [
            {
                "number": activity.number,
                "title": dict(activity.title),
                "owner": dict(activity.owner),
                "planned_from": plain(activity.planned_from),
                "planned_until": plain(activity.planned_until),
            }
            for activity in project.activities.all()
        ],
        "targets": [
            {"name": dict(target.name), "baseline": target.baseline, "target": target.target, "unit": target.unit}
            for target in project.targets.all()
        ],
        "ideas": sorted(source.idea.number for source in project.sources.all()),
    }


def plain(value: date | Decimal | None) -> str | None:
    """A day or a sum as JSON keeps it."""
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return value.isoformat() if value else None


def canonical(contents: dict[str, Any]) -> bytes:
    """The one way to write the contents down: keys in order, no blanks, UTF-8. Its SHA-256 is the version's."""
    return json.dumps(contents, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def sha256_of(contents: dict[str, Any]) -> str:
    return hashlib.sha256(canonical(contents)).hexdigest()


def gaps(programme: Programme) -> list[str]:
    """What keeps the programme from being put to residents, a sentence each; none where all is there."""
    found = list(projects.whole(programme))
    if not found:
        return [_("The programme has no project yet.")]
    lacking = ((project, projects.lacking(project)) for project in found)
    sentence = _("Project %(number)s still needs %(what)s.")
    return [
        sentence % {"number": project.number, "what": _(" and ").join(needs)} for project, needs in lacking if needs
    ]


# -- reading -----------------------------------------------------------------------------------------


def consulted(programme: Programme) -> Draft | None:
    """The version last put to residents."""
    return Draft.objects.filter(programme=programme, is_consulted=True).order_by("-version").first()


def versions(programme: Programme) -> list[Draft]:
    """Every frozen version, latest first, without its contents."""
    return list(Draft.objects.filter(programme=programme).defer("contents").order_by("-version"))


def spoken(value: Any) -> Any:
    """The contents with officials' texts as Localized, so that pages show the reader's language."""
    if isinstance(value, list):
        return [spoken(one) for one in value]
    if not isinstance(value, dict):
        return value
    if all(key in READ and isinstance(text, str) for key, text in value.items()):
        return Localized(value)
    return {key: spoken(one) for key, one in value.items()}


def document(draft: Draft) -> list[dict[str, Any]]:
    """The axes of a frozen version that have projects, to be read: texts Localized, days dates, choices in words."""
    axes = [axis for axis in spoken(draft.contents)["axes"] if axis["projects"]]
    for axis in axes:
        for project in axis["projects"]:
            told(project)
    return axes


def told(project: dict[str, Any]) -> dict[str, Any]:
    """A project of the contents, with days as dates and choices in words."""
    for one in [project, *project["activities"]]:
        for name in ("starts_on", "ends_on", "planned_from", "planned_until"):
            if one.get(name):
                one[name] = date.fromisoformat(one[name])
    project["budget"] = Decimal(project["budget"]) if project["budget"] else None
    project["principle_names"] = [Principle(key).label for key in project["principles"]]
    project["ogp_value_names"] = [OgpValue(key).label for key in project["ogp_values"]]
    project["funding_name"] = Funding(project["funding"]).label if project["funding"] else ""
    return project


def numbers_in(draft: Draft) -> set[int]:
    """The numbers of the projects of a frozen version."""
    return {project["number"] for axis in draft.contents["axes"] for project in axis["projects"]}


# -- opinions ----------------------------------------------------------------------------------------


@dataclass
class Summary:
    """What people think of one project; a show of hands counts as many people as hands."""

    agree: int = 0
    changes: int = 0
    disagree: int = 0
    online: int = 0
    offline: int = 0
    opinions: int = 0  # as given: one a show of hands
    replied: int = 0

    @property
    def people(self) -> int:
        return self.online + self.offline

    def shares(self) -> dict[str, float]:
        """Per cent of the people, by stance; zeros without any."""
        stances = {"agree": self.agree, "changes": self.changes, "disagree": self.disagree}
        return {name: 100 * count / (self.people or 1) for name, count in stances.items()}


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
            replied=Count("reply"),
        )
    )
    found: dict[int, Summary] = {}
    for row in rows:
        one = found.setdefault(row["project__number"], Summary())
        setattr(one, row["stance"], row["online"] + row["offline"])
        one.online += row["online"]
        one.offline += row["offline"]
        one.opinions += row["given"]
        one.replied += row["replied"]
    return found


def total(found: dict[int, Summary]) -> Summary:
    """All projects together."""
    names = ["agree", "changes", "disagree", "online", "offline", "opinions", "replied"]
    return Summary(**{name: sum(getattr(one, name) for one in found.values()) for name in names})


@dataclass(frozen=True)
class OpinionPage:
    """One page of opinions, latest first, and where the next begins."""

    opinions: list[Opinion]
    before: int | None


def opinions_on(draft: Draft, project: Project, *, before: int | None = None) -> OpinionPage:
    """The published opinions on a project of a version, by keyset."""
    return paged(Opinion.objects.filter(draft=draft, project=project).public(), before)


def desk(draft: Draft, *, state: str = "waiting", project: int | None = None, before: int | None = None) -> OpinionPage:
    """The opinions a focal point works through: `waiting` for a reply, `replied`, or all; by keyset."""
    found = Opinion.objects.filter(draft=draft).standing().exclude(visibility="hidden")
    if state in {"waiting", "replied"}:
        found = found.filter(reply__isnull=state == "waiting")
    if project:
        found = found.filter(project__number=project)
    return paged(found, before)


def paged(opinions: Any, before: int | None) -> OpinionPage:
    """Cut one page out of a list."""
    from_here = opinions.filter(pk__lt=before) if before else opinions
    found = list(from_here.select_related("reply", "project", "workshop", "author").order_by("-pk")[: PAGE + 1])
    page = found[:PAGE]
    return OpinionPage(page, page[-1].pk if len(found) > PAGE else None)


def latest_entered(draft: Draft, *, limit: int = 10) -> list[Opinion]:
    """The opinions last entered for others, newest first."""
    entered = Opinion.objects.filter(draft=draft, entered_by__isnull=False)
    return list(entered.select_related("project", "workshop").order_by("-pk")[:limit])


# -- differences between versions ----------------------------------------------------------------------


@dataclass(frozen=True)
class FieldChange:
    """What changed in one field, word by word, in one language (empty for dates, sums and lists)."""

    name: str
    language: str
    pieces: list[Difference]


@dataclass(frozen=True)
class ProjectChange:
    """A project in two versions: `new`, `gone`, `changed` or `same`."""

    number: int
    title: Localized
    state: str
    fields: list[FieldChange] = field(default_factory=list)


@dataclass(frozen=True)
class Comparison:
    """Two versions of a programme side by side."""

    older: Draft
    newer: Draft
    axes: list[FieldChange]
    projects: list[ProjectChange]

    @property
    def counts(self) -> dict[str, int]:
        """How many projects are new, gone, changed, the same."""
        states = [project.state for project in self.projects]
        return {state: states.count(state) for state in ("new", "gone", "changed", "same")}


def compare(older: Draft, newer: Draft) -> Comparison:
    """The difference between two versions: project by project, field by field, each language by itself."""
    before, after = by_number(older), by_number(newer)
    numbers = sorted(before.keys() | after.keys())
    changes = [changed(number, before.get(number), after.get(number)) for number in numbers]
    axes = list(field_changes(dict(axis_texts(older)), dict(axis_texts(newer))))
    return Comparison(older, newer, axes, changes)


def by_number(draft: Draft) -> dict[int, dict[str, Any]]:
    """The projects of a version, each with the number of its axis."""
    return {
        project["number"]: {**project, "axis": axis} for axis in draft.contents["axes"] for project in axis["projects"]
    }


def changed(number: int, before: dict[str, Any] | None, after: dict[str, Any] | None) -> ProjectChange:
    """One project, in both versions or in only one of them."""
    title = Localized((after or before or {})["title"])
    fields = list(field_changes(texts(before), texts(after)))
    if before is None or after is None:
        return ProjectChange(number, title, "new" if before is None else "gone", fields)
    return ProjectChange(number, title, "changed" if fields else "same", fields)


def field_changes(before: dict[tuple[str, str], str], after: dict[tuple[str, str], str]) -> Iterator[FieldChange]:
    """The fields whose text is not the same, in the order of the older version, then the new ones."""
    for name, language in {**before, **after}:
        old, new = before.get((name, language), ""), after.get((name, language), "")
        if old != new:
            yield FieldChange(name, language, differences(old, new))


def texts(project: dict[str, Any] | None) -> dict[tuple[str, str], str]:
    """Every text of a project by (name of the field in words, language); nothing for no project."""
    if project is None:
        return {}
    found = {(name, code): text for key, name in labels().items() for code, text in project[key].items() if text}
    for code, text in project["axis"]["name"].items():
        found[(_("Axis"), code)] = f"{project['axis']['number']}. {text}"
    told_of = told({**spoken(project), "activities": [], "targets": []})
    facts = {
        _("Principles"): told_of["principle_names"],
        _("Values of the Open Government Partnership"): told_of["ogp_value_names"],
        _("Themes"): [theme["name"] for theme in told_of["themes"]],
        _("Budget, in dirhams"): [project["budget"]],
        _("Funding"): [told_of["funding_name"]],
        _("Begins on"): [dates.day(told_of["starts_on"])],
        _("Ends on"): [dates.day(told_of["ends_on"])],
        _("Ideas it comes from"): project["ideas"],
    }
    found |= {(name, ""): ", ".join(str(one) for one in value if one) for name, value in facts.items()}
    found |= dict(activity_texts(project)) | dict(target_texts(project))
    return {key: text for key, text in found.items() if text}


def labels() -> dict[str, str]:
    """The fields in words, as in the form that they were written in."""
    return {
        "title": _("Title"),
        "problem": _("Which problem does it answer?"),
        "solution": _("What will be done?"),
        "results": _("Expected results"),
        "change": _("What rule or routine will change?"),
        "service": _("Service in charge"),
        "partners": _("Partners"),
        "plan_line": _("Line of the action or development programme that it serves"),
    }


def activity_texts(project: dict[str, Any]) -> Iterator[tuple[tuple[str, str], str]]:
    """Each activity: its words in each language, and its days."""
    for activity in project["activities"]:
        name = _("Activity %(n)s") % {"n": activity["number"]}
        for code in sorted(activity["title"].keys() | activity["owner"].keys()):
            yield (name, code), " · ".join(filter(None, (activity[key].get(code) for key in ("title", "owner"))))
        days = (dates.day(date.fromisoformat(activity[key])) for key in ("planned_from", "planned_until"))
        yield (name, ""), " – ".join(days)


def target_texts(project: dict[str, Any]) -> Iterator[tuple[tuple[str, str], str]]:
    """Each target: its name in each language, and its values."""
    for number, target in enumerate(project["targets"], 1):
        name = _("Indicator %(n)s") % {"n": number}
        for code, text in target["name"].items():
            yield (name, code), text
        yield (name, ""), " ".join(filter(None, (f"{target['baseline'] or '–'} → {target['target']}", target["unit"])))


def axis_texts(draft: Draft) -> Iterator[tuple[tuple[str, str], str]]:
    """The names of the axes."""
    for axis in draft.contents["axes"]:
        for code, text in axis["name"].items():
            yield (f"{_('Axis')} {axis['number']}", code), text
