"""The showcase commune, first part: from preparation to the answers given to ideas. Days count from the opening of
the consultation."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from infitah.ground.accounts import actions as accounts
from infitah.ground.accounts.models import Person
from infitah.ground.areas.models import PolicyArea
from infitah.ground.discussion import actions as discussion
from infitah.ground.organisations import actions as organisations
from infitah.ground.organisations.models import Organisation
from infitah.ground.territories.models import Territory
from infitah.journey.ideas import actions as ideas
from infitah.journey.ideas.models import Channel, Idea
from infitah.journey.programmes import actions as programmes
from infitah.journey.programmes.models import Axis, Phase, Programme
from infitah.journey.projects import actions as projects
from infitah.journey.projects.models import Activity, Project, Theme
from infitah.network.meetings import actions as meetings
from infitah.network.meetings.models import Meeting

from . import cast
from .content import key, read
from .cycles import first_day, last_day
from .player import Clock, Story

FIRST_DAY, IMPLEMENTED_FROM, IMPLEMENTED_FOR = -136, 85, 730
PHASES = {
    Phase.Kind.AXES: (-128, -108),
    Phase.Kind.IDEAS: (-100, -66),
    Phase.Kind.ANALYSIS: (-57, -3),
    Phase.Kind.CONSULTATION: (0, 29),
    Phase.Kind.COUNCIL: (45, 80),
    Phase.Kind.IMPLEMENTATION: (IMPLEMENTED_FROM, IMPLEMENTED_FROM + IMPLEMENTED_FOR),
    Phase.Kind.EVALUATION: (IMPLEMENTED_FROM + IMPLEMENTED_FOR + 1, IMPLEMENTED_FROM + IMPLEMENTED_FOR + 90),
}
CHANNELS = {
    "web": Channel.WEBSITE,
    "w1": Channel.WORKSHOP,
    "w2": Channel.WORKSHOP,
    "own": Channel.OWN_INITIATIVE,
    "paper": Channel.PAPER,
    "phone": Channel.PHONE,
    "assist": Channel.ASSISTED,
}
LATE = {"i70", "i73", "i75"}  # answered only after the consultation has opened
MOST_NAMED = 8  # further supports come from readers without an account


@dataclass
class Showcase:
    """What the acts of the story hand on to one another."""

    place: Territory
    clock: Clock
    national: Person
    words: dict[str, Any] = field(default_factory=lambda: read("showcase"))
    people: dict[str, Person] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)  # by who speaks for each
    supporters: list[Person] = field(default_factory=list)
    meetings: dict[str, Meeting] = field(default_factory=dict)
    ideas: dict[str, Idea] = field(default_factory=dict)
    projects: dict[str, Project] = field(default_factory=dict)
    activities: dict[str, Activity] = field(default_factory=dict)
    programme: Programme = field(init=False)
    axes: list[Axis] = field(init=False)

    @property
    def focal(self) -> Person:
        return self.people["focal"]


def preparation(show: Showcase) -> Story:
    """People take their roles; the programme is prepared, its axes worded, its phases planned."""
    yield show.clock.at(FIRST_DAY)
    for each in show.words["people"]:
        show.people[each["key"]] = cast.enrol(each["pseudonym"], each["role"], show.place, by=show.national)
    for each in show.words["committee"]["seats"]:
        if "organisation" in each:
            show.people[each["who"]] = person = accounts.introduce(each["name"], place=show.place)
            accounts.grant(person, "committee", show.place, by=show.national)
            how: dict[str, Any] = {"key": key(show.place.code, each["who"]), "is_demonstration": True}
            registered = organisations.register(show.place, by=person, **each["organisation"], **how)
            show.organisations[each["who"]] = organisations.verify(registered, by=show.focal)
    show.supporters = [accounts.introduce(name, place=show.place) for name in show.words["supporters"]]
    yield show.clock.at(FIRST_DAY, 15)
    prepare(show)
    yield show.clock.at(-110)
    words = show.words
    show.axes = programmes.word_axes(
        show.programme,
        by=show.focal,
        names=words["axes"],
        opinion=words["opinion"],
        opinion_by=words["opinion_by"],
        opinion_on=show.clock.on(-112),
    )
    yield show.clock.at(-70)
    programmes.shift(
        show.programme.phases.get(kind=Phase.Kind.IDEAS),
        by=show.focal,
        opens_at=show.clock.at(-100, 0),
        closes_at=show.clock.at(-58, 0),
        reason=show.words["longer"],
    )


def prepare(show: Showcase) -> None:
    """The programme and its planned phases."""
    cohort = show.place.membership.cohort_id
    cycle = programmes.plan_cycle(
        show.words["cycle"],
        starts_on=first_day(show.clock.on(FIRST_DAY)),
        ends_on=last_day(show.clock.on(IMPLEMENTED_FROM + IMPLEMENTED_FOR)),
        cohort_id=cohort,
    )
    show.programme = programmes.prepare(
        show.place, by=show.focal, cycle=cycle, title=show.words["title"], is_demonstration=True
    )
    for kind, (begins, ends) in PHASES.items():
        programmes.schedule(
            show.programme,
            kind,
            by=show.focal,
            planned_from=show.clock.on(begins),
            planned_until=show.clock.on(ends),
        )


def committee(show: Showcase) -> Story:
    """The follow-up committee is set up after the second workshop."""
    yield show.clock.at(-82, 14)
    words, since = show.words["committee"], show.clock.on(-82)
    body = programmes.set_up_committee(show.programme, by=show.focal, set_up_on=since, decision=words["decision"])
    for each in words["seats"]:
        person = show.people.get(each["who"])
        programmes.seat(
            body,
            by=show.focal,
            side=each["side"],
            name=each["name"],
            function=each["function"],
            since=since,
            gender=each["gender"],
            person=person,
            organisation=show.organisations.get(each["who"]),
        )


def gatherings(show: Showcase) -> Story:
    """Meetings are announced two weeks before, and those who came are counted on the day."""
    for each in sorted(show.words["meetings"], key=lambda one: one["day"]):
        starts = show.clock.at(each["day"], each["hour"])
        yield show.clock.at(each["day"] - 14)
        show.meetings[each["key"]] = meetings.announce(
            show.place,
            by=show.focal,
            kind=each["kind"],
            influence=each["influence"],
            title=each["title"],
            venue=each["venue"],
            starts_at=starts,
            ends_at=show.clock.at(each["day"], each["hour"] + each["hours"]),
        )
        yield show.clock.at(each["day"], each["hour"] + each["hours"])
        meetings.hold(show.meetings[each["key"]], by=show.focal, participants=each["participants"])


# -- ideas -------------------------------------------------------------------------------------


def moments(show: Showcase) -> dict[str, datetime]:
    """When each idea comes: in the workshop, or at its turn in the weeks in which ideas are open."""
    when = {}
    for turn, idea in enumerate(read("ideas")):
        day = {"w1": -92, "w2": -83}.get(idea["channel"])
        if day is not None:
            when[idea["key"]] = show.clock.at(day, 15, turn % 60)
        else:
            spread = sum(map(ord, idea["key"])) * 7 % 40
            when[idea["key"]] = show.clock.at(-99 + spread, 8 + turn % 13, turn * 17 % 60)
    return when


def giving(show: Showcase) -> Story:
    """Ideas come in, on the site and elsewhere."""
    when = moments(show)
    for idea in sorted(read("ideas"), key=lambda one: when[one["key"]]):
        yield when[idea["key"]]
        show.ideas[idea["key"]] = give(show, idea)


def give(show: Showcase, idea: dict[str, Any]) -> Idea:
    """One idea, as its channel has it."""
    words: dict[str, Any] = {name: idea.get(name, "") for name in ["problem", "solution", "language", "where"]}
    words |= {"key": key(show.place.code, idea["key"]), "axis": show.axes[idea["axis"] - 1]}
    if idea["channel"] == "web":
        return ideas.submit(show.programme, **spoken(show, idea), **words)
    return ideas.enter(
        show.programme,
        by=show.focal,
        channel=CHANNELS[idea["channel"]],
        workshop=show.meetings.get(idea["channel"]),
        pseudonym=idea.get("pseudonym", ""),
        **words,
    )


def spoken(show: Showcase, said: dict[str, Any]) -> dict[str, Any]:
    """Who gives something on the site, and under which name: a resident's, or that of an organisation."""
    if "organisation" in said:
        return {"by": show.people[said["organisation"]], "organisation": show.organisations[said["organisation"]]}
    name, resident = said.get("pseudonym", ""), show.people["resident"]
    return {"by": resident if name == str(resident) else None, "pseudonym": name}


def supporting(show: Showcase) -> Story:
    """Residents support ideas, with and without an account, in the days after they came."""
    when, planned = moments(show), []
    for idea in read("ideas"):
        for turn in range(idea["supports"]):
            day = (when[idea["key"]].date() - show.clock.zero).days + 1 + turn % 9
            planned.append((show.clock.at(day, 9 + turn % 12, turn * 13 % 60), turn, idea["key"]))
    for at, turn, name in sorted(planned):
        yield at
        named = turn < MOST_NAMED
        person = show.supporters[(turn + len(name)) % len(show.supporters)] if named else None
        ideas.support(show.ideas[name], by=person, device="" if named else f"demonstration-{name}-{turn}")


def commenting(show: Showcase) -> Story:
    """A few words under some ideas."""
    for turn, comment in enumerate(read("comments")):
        yield show.clock.at(-56 + turn, 19)
        who = spoken(show, comment) if "organisation" in comment else {"by": show.supporters[comment["by"]]}
        discussion.say(show.ideas[comment["idea"]], text=comment["text"], language=comment["language"], **who)


# -- answers -----------------------------------------------------------------------------------


def drafting(show: Showcase) -> Story:
    """Similar ideas are grouped, projects drafted, and every idea answered with its reason."""
    yield show.clock.at(-54)
    for idea in read("ideas"):
        if "lead" in idea:
            ideas.group([show.ideas[idea["key"]]], by=show.focal, lead=show.ideas[idea["lead"]])
    for turn, project in enumerate(read("projects")):
        yield show.clock.at(-50 + turn)
        show.projects[project["key"]] = draft(show, project)
    answered = [idea for idea in read("ideas") if "outcome" in idea]
    for turn, idea in enumerate(sorted(answered, key=lambda one: one["key"] in LATE)):
        yield show.clock.at(22 if idea["key"] in LATE else -42 + turn // 3, 11, turn % 60)
        reply(show, idea)


def proposing(show: Showcase) -> Story:
    """Members of the committee propose answers, which the focal point reads before deciding."""
    for turn, said in enumerate(show.words["committee"]["proposals"]):
        yield show.clock.at(said["day"], 17, turn)
        by, words = show.people[said["who"]], {name: said[name] for name in ["outcome", "reason"]}
        ideas.propose(show.ideas[said["idea"]], by=by, **words)


def draft(show: Showcase, project: dict[str, Any]) -> Project:
    """A project with its activities and targets."""
    zero = IMPLEMENTED_FROM
    words = ["title", "problem", "solution", "results", "change", "service", "partners", "plan_line"]
    words += ["principles", "ogp_values"]
    made = projects.draft(
        show.programme,
        by=show.focal,
        key=key(show.place.code, project["key"]),
        axis=show.axes[project["axis"] - 1],
        themes=Theme.objects.filter(key__in=project["themes"]),
        policy_areas=PolicyArea.objects.filter(key__in=project["policy_areas"]),
        budget=Decimal(project["budget"]),
        funding=project["funding"],
        starts_on=show.clock.on(zero + project["starts"]),
        ends_on=show.clock.on(zero + project["ends"]),
        **{name: project[name] for name in words},
    )
    sheet = [
        {
            "title": each["title"],
            "owner": each["owner"],
            "planned_from": show.clock.on(zero + each["from"]),
            "planned_until": show.clock.on(zero + each["until"]),
        }
        for each in project["activities"]
    ]
    planned = projects.plan(made, by=show.focal, activities=sheet)
    show.activities |= {each["key"]: activity for each, activity in zip(project["activities"], planned, strict=True)}
    projects.aim(made, by=show.focal, targets=project["targets"])
    return made


def reply(show: Showcase, idea: dict[str, Any]) -> None:
    """The answer to one idea, in the language of its author."""
    said = {"by": show.focal, "reason": idea["reason"]}
    if idea["outcome"] == "kept":
        projects.draw_on(show.projects[idea["project"]], [show.ideas[idea["key"]]], **said)
    else:
        language = "fr" if idea["language"] == "fr" else "ar"
        ideas.decide(show.ideas[idea["key"]], outcome=idea["outcome"], language=language, **said)


def stories(show: Showcase) -> Iterator[Story]:
    """The stories of this part; they go on side by side."""
    yield from [preparation(show), committee(show), gatherings(show)]
    yield from [giving(show), supporting(show), commenting(show), proposing(show), drafting(show)]
