"""Other members, in passing: by the dates of their cohort, each as far as its fate takes it. What they say is taken in
turn from `members.json`; they are all marked as demonstration."""

from datetime import timedelta
from typing import Any

from infitah.ground.accounts import actions as accounts
from infitah.ground.accounts.models import Role
from infitah.ground.areas.models import PolicyArea
from infitah.journey.ideas import actions as ideas
from infitah.journey.ideas.models import Channel, Idea
from infitah.journey.programmes import actions as programmes
from infitah.journey.programmes.models import Seat
from infitah.journey.projects import actions as projects
from infitah.journey.projects.models import Funding, Principle, Project
from infitah.lib.i18n import Localized
from infitah.network.meetings import actions as meetings
from infitah.network.meetings.models import Meeting

from . import cast, members_after
from .content import key, read
from .cycles import Cycle, first_day, last_day
from .player import Story

TITLE = {"ar": "برنامج انفتاح {} (عرض تجريبي)", "fr": "Programme d’ouverture de {} (démonstration)"}


def story(cycle: Cycle) -> Story:
    """One cycle, act after act, as far as its fate."""
    yield cycle.at(cycle.dates.prepared)
    prepare(cycle)
    yield from giving(cycle)
    if cycle.reaches("drafting"):
        yield cycle.at(cycle.dates.ideas[1] + timedelta(days=9 + cycle.turn % 4))
        draft(cycle)
        answer(cycle)
    if cycle.reaches("consulted"):
        yield from members_after.consulting(cycle)
    if cycle.reaches("postponed"):
        yield from members_after.deciding(cycle)
    if cycle.reaches("adopted"):
        yield from members_after.progressing(cycle)
    if cycle.reaches("evaluated"):
        yield from members_after.evaluating(cycle)


def prepare(cycle: Cycle) -> None:
    """People, programme, axes, phases, committee."""
    place, words = cycle.place, read("members")
    team(cycle)
    found = programmes.plan_cycle(
        cycle.dates.name,
        starts_on=first_day(cycle.dates.prepared),
        ends_on=last_day(cycle.dates.implementation[1]),
        cohort_id=place.membership.cohort_id,
    )
    title = Localized({code: said.format(place.name.get(code, place)) for code, said in TITLE.items()})
    cycle.programme = programmes.prepare(place, by=cycle.runner, cycle=found, title=title, is_demonstration=True)
    said = {"opinion": words["opinion"], "opinion_on": cycle.dates.prepared + timedelta(days=3)}
    body = Localized(ar="هيئة المساواة وتكافؤ الفرص", fr="Instance de l’équité et de l’égalité des chances")
    cycle.axes = programmes.word_axes(cycle.programme, by=cycle.runner, names=words["axes"], opinion_by=body, **said)
    for kind, begins, ends in cycle.dates.phases():
        programmes.schedule(cycle.programme, kind, by=cycle.runner, planned_from=begins, planned_until=ends)
    since = cycle.dates.prepared
    committee = programmes.set_up_committee(cycle.programme, by=cycle.runner, set_up_on=since)
    sides = [
        (Seat.Side.ELECTED, "منتخبة", None, Localized(ar="رئيسة اللجنة", fr="Présidente du comité")),
        (Seat.Side.CIVIL, "ممثلة جمعية", cycle.civil, Localized(ar="عن المجتمع المدني", fr="Société civile")),
        (Seat.Side.ADMINISTRATION, "موظف", cycle.runner, Localized(ar="نقطة الارتكاز", fr="Point focal")),
    ]
    for side, name, person, function in sides:
        programmes.seat(committee, by=cycle.runner, side=side, name=name, function=function, since=since, person=person)


def team(cycle: Cycle) -> None:
    """The focal point and the civil seat: those of the cycle before, if there was one."""
    place = cycle.place
    known = {grant.role: grant.person for grant in place.grants.select_related("person")}
    cycle.runner = known.get(Role.FOCAL_POINT) or cast.runner(place, by=cycle.national)
    cycle.civil = known.get(Role.COMMITTEE) or accounts.introduce(cast.CIVIL, place=place)
    if Role.COMMITTEE not in known:
        accounts.grant(cycle.civil, Role.COMMITTEE, place, by=cycle.national)


def giving(cycle: Cycle) -> Story:
    """A workshop, and a few ideas on either side of it."""
    opened, closed = cycle.dates.ideas
    day = opened + timedelta(days=min(9, (closed - opened).days // 2))
    yield cycle.at(opened, 9)
    workshop = meetings.announce(
        cycle.place,
        by=cycle.runner,
        kind="workshop",
        influence="consult",
        title=Localized(ar="ورشة الإعداد المشترك", fr="Atelier de co-construction"),
        venue=Localized(ar="مقر الجماعة", fr="Siège de la collectivité"),
        starts_at=cycle.at(day),
        ends_at=cycle.at(day, 15),
    )
    every = read("members")["ideas"]
    for turn in range(4 + cycle.turn % 4):
        words = cycle.pick(every, turn * 5)
        is_told = words["channel"] == Channel.WORKSHOP
        yield cycle.at(day if is_told else opened + timedelta(days=2 + turn * 3), 15 if is_told else 11 + turn)
        idea = give(cycle, words, turn, workshop if is_told else None)
        cycle.ideas.append((words, idea))
        if is_told:
            meetings.hold(workshop, by=cycle.runner, participants=24 + cycle.turn * 5 % 37)
        for device in range((cycle.turn + turn) % 4):
            ideas.support(idea, by=None, device=f"demonstration-{cycle.place.code}-{turn}-{device}")


def give(cycle: Cycle, words: dict[str, Any], turn: int, workshop: Meeting | None) -> Idea:
    """One idea, as its channel has it."""
    project = read("members")["projects"].get(words.get("project", ""))
    said: dict[str, Any] = {name: words[name] for name in ["problem", "solution", "language"]}
    said |= {"key": key(cycle.place.code, cycle.dates.prepared, turn)}
    said |= {"axis": cycle.axes[project["axis"] - 1 if project else turn % 4]}
    if words["channel"] == Channel.WEBSITE:
        return ideas.submit(cycle.programme, by=None, **said)
    return ideas.enter(cycle.programme, by=cycle.runner, channel=words["channel"], workshop=workshop, **said)


def draft(cycle: Cycle) -> None:
    """A project for each subject that ideas were kept for, and one more."""
    subjects = read("members")["projects"]
    wanted = [words["project"] for words, _idea in cycle.ideas if "project" in words]
    for turn, name in enumerate(dict.fromkeys([*wanted, cycle.pick(list(subjects))])):
        cycle.projects[name] = draft_one(cycle, subjects[name], turn)


def draft_one(cycle: Cycle, words: dict[str, Any], turn: int) -> Project:
    """One project, with two activities and a target."""
    begins, ends = cycle.dates.implementation
    project = projects.draft(
        cycle.programme,
        by=cycle.runner,
        key=key(cycle.place.code, cycle.dates.prepared, "project", turn),
        axis=cycle.axes[words["axis"] - 1],
        principles=[cycle.pick(Principle.values, turn)],
        funding=cycle.pick(Funding.values, turn),
        starts_on=begins,
        ends_on=ends,
        policy_areas=PolicyArea.objects.filter(key__in=words["policy_areas"]),
        **{name: words[name] for name in ["title", "problem", "solution", "change", "ogp_values"]},
    )
    half = (ends - begins) // 2
    sheet = [
        {
            "title": title,
            "planned_from": begins + half * number,
            "planned_until": begins + half * (number + 1) - timedelta(days=60 + 15 * turn),
        }
        for number, title in enumerate(words["activities"])
    ]
    cycle.activities += projects.plan(project, by=cycle.runner, activities=sheet)
    projects.aim(project, by=cycle.runner, targets=[words["target"]])
    return project


def answer(cycle: Cycle) -> None:
    """Every idea its answer and reason; a few are left waiting where the cycle has not got far."""
    told = cycle.ideas if cycle.reaches("consulted") else cycle.ideas[:-2]
    for words, idea in told:
        said = {"by": cycle.runner, "reason": words["reason"]}
        if "project" in words:
            projects.draw_on(cycle.projects[words["project"]], [idea], **said)
        else:
            language = "fr" if words["language"] == "fr" else "ar"
            ideas.decide(idea, outcome=words["outcome"], language=language, **said)
