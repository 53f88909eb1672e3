"""The real plans, entered with their sources as they are published: the national plan MO0065 and the commitments of
members of the Open Government Partnership. Nothing here is a demonstration, and nothing is added to the sources."""

from datetime import date
from typing import Any

from infitah.ground.accounts import actions as accounts
from infitah.ground.accounts.models import Person, Role
from infitah.ground.areas.models import PolicyArea
from infitah.ground.territories.models import Territory
from infitah.journey.adoption import actions as adoption
from infitah.journey.monitoring import actions as monitoring
from infitah.journey.programmes import actions as programmes
from infitah.journey.programmes.models import Phase, Programme
from infitah.journey.projects import actions as projects
from infitah.journey.projects.models import Activity, Project
from infitah.lib.i18n import Localized

from .content import key, read

SCRIBE = "نقل المصادر العمومية"
UNSAID = "—"  # the source names the indicator and no value
WORDS = ["title", "problem", "results", "service", "partners", "principles", "ogp_values", "source", "reference"]


def enter(national: Person) -> None:
    """All the real plans."""
    enter_national(national)
    scribe = accounts.introduce(SCRIBE)
    for plan in read("commitments"):
        enter_commitments(plan, scribe, national)


def enter_national(national: Person) -> None:
    """The plan MO0065: its eight activities with planned dates, and what public sources tell of each."""
    plan, country = read("national"), Territory.objects.get(kind=Territory.Kind.COUNTRY)
    starts, ends = date.fromisoformat(plan["starts_on"]), date.fromisoformat(plan["ends_on"])
    programme = begin(country, plan, plan["title"], plan["source"], by=national)
    in_force(programme, national, starts, ends)
    project = describe(programme, plan, starts, ends, by=national)
    sheet = [
        {
            "title": each["title"],
            "owner": plan["service"],
            "planned_from": date.fromisoformat(each["from"]),
            "planned_until": date.fromisoformat(each["until"]),
        }
        for each in plan["activities"]
    ]
    planned = projects.plan(project, by=national, activities=sheet)
    projects.aim(project, by=national, targets=[{"target": UNSAID, **each} for each in plan["targets"]])
    adoption.acknowledge(programme, by=national, adopted_on=starts)
    activities = dict(zip([each["key"] for each in plan["activities"]], planned, strict=True))
    for told in plan["reports"]:
        tell(activities[told["activity"]], told, by=national)


def tell(activity: Activity, told: dict[str, Any], *, by: Person) -> None:
    """What a public source says of an activity, with the source as its evidence."""
    on = date.fromisoformat(told["on"])
    if "link" in told:
        monitoring.prove(activity, by=by, caption=Localized(told["caption"]), link=told["link"])
    begun = [("under_way", date.fromisoformat(told["started"]))] if "started" in told else []
    for status, day in [*begun, (told["status"], on)]:
        for language, text in told["text"].items():
            monitoring.report(activity, by=by, status=status, text=text, language=language, reported_on=day)


def enter_commitments(plan: dict[str, Any], scribe: Person, national: Person) -> None:
    """The commitments of one collectivity in one action plan."""
    place = Territory.objects.get(slug=plan["place"])
    accounts.grant(scribe, Role.FOCAL_POINT, place, by=national)
    starts, ends = date.fromisoformat(plan["from"]), date.fromisoformat(plan["until"])
    programme = begin(
        place,
        plan | {"starts_on": plan["from"], "ends_on": plan["until"]},
        plan["cycle"],
        plan["projects"][0]["source"],
        by=scribe,
    )
    in_force(programme, scribe, starts, ends)
    for each in plan["projects"]:
        dates = date.fromisoformat(each["starts_on"]), date.fromisoformat(each["ends_on"])
        describe(programme, each, *dates, by=scribe)
    adoption.acknowledge(programme, by=scribe, adopted_on=starts)
    accounts.revoke(scribe.grants.get(territory=place, revoked_at=None), by=national)


def begin(place: Territory, plan: dict[str, Any], title: Localized, source: str, *, by: Person) -> Programme:
    """The programme that holds a plan."""
    starts, ends = date.fromisoformat(plan["starts_on"]), date.fromisoformat(plan["ends_on"])
    cycle = programmes.plan_cycle(plan["cycle"], starts_on=starts, ends_on=ends)
    return programmes.prepare(place, by=by, cycle=cycle, title=title, source=source)


def in_force(programme: Programme, by: Person, starts: date, ends: date) -> None:
    """Its years, as the one phase that the source tells of."""
    programmes.schedule(programme, Phase.Kind.IMPLEMENTATION, by=by, planned_from=starts, planned_until=ends)


def describe(programme: Programme, plan: dict[str, Any], starts: date, ends: date, *, by: Person) -> Project:
    """A commitment, as a project."""
    return projects.draft(
        programme,
        by=by,
        key=key(programme.place.slug, plan["reference"]),
        axis=None,
        starts_on=starts,
        ends_on=ends,
        policy_areas=PolicyArea.objects.filter(key__in=plan.get("policy_areas", [])),
        **{name: plan[name] for name in WORDS if name in plan},
    )
