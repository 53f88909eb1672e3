"""Every address × every role answers as `tests/access.py` says, and no address is missing there."""

from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone, translation

from infitah.ground.accounts.models import Person, Role
from infitah.ground.discussion import actions as discussion
from infitah.ground.ledger import actions as ledger
from infitah.ground.moderation.models import Appeal, Ruling
from infitah.ground.territories.models import Territory
from infitah.journey.consultation.models import Draft
from infitah.journey.ideas.models import Idea, Tally
from infitah.journey.programmes.models import Seat
from infitah.journey.projects.models import Project
from infitah.network.calls import queries as calls
from infitah.network.pool.models import Mission
from tests import make, make_calls
from tests import make_organisations as organisations
from tests.access import ACCESS, NO_PAGES, ROLES

pytestmark = pytest.mark.django_db
ELSEWHERE = {"accounts/", "static/"}  # allauth's own doors


def build_world() -> SimpleNamespace:
    """One showcase place where everything stands once."""
    place = make.place("tetouan")
    programme = make.programme(place, opened="ideas")
    idea = make.idea(programme)
    Tally.objects.create(place=place, last_number=idea.number, public=1)
    project = make.project(programme)
    make.source(project, idea)
    draft = make.draft(programme)
    make.charter()
    mission = make.mission(place, "running")
    people = people_of(place, mission)
    make.seat(programme, Seat.Side.ELECTED, people["committee"])
    return SimpleNamespace(
        browsers={role: browser_of(person, number) for number, (role, person) in enumerate(people.items(), 1)},
        keys={
            "slug": place.slug,
            "ideas.number": idea.number,
            **{f"ideas:{name}.number": make.batch(programme).pk for name in ("batch", "undo")},
            "receipt": idea.receipt,
            "projects.number": project.number,
            "projects.idea": idea.number,
            **consultation_of(draft, project),
            **pool_of(mission),
            **meetings_of(place),
            "name": "evidence/2026/hidden.pdf",
            **follow_up_of(project),
            **call_of(),
            **ground_of(idea, people["resident"]),
            **outlook_of(idea.number, project.number),
            **shared_of(people["focal_point"], people["other_focal_point"], project),
            **plan_of(make.plan()),
            **reviewed_at(make.place("larache")),
            **spoken_for_by(people["resident"], place),
            **network_of(place, people["focal_point"], people["resident"]),
        },
    )


def people_of(place: Territory, mission: Mission) -> dict[str, Any]:
    """Someone of each role."""
    return {
        "visitor": None,
        "resident": make.person("Resident"),
        "focal_point": make.focal_point(place),
        "other_focal_point": make.focal_point(make.place("figuig")),
        "committee": make.holder(Role.COMMITTEE, place),
        "clerk": make.holder(Role.CLERK, place),
        "project_owner": make.holder(Role.PROJECT_OWNER, place),
        "coach": mission.coach.person,
        "national": make.holder(Role.NATIONAL, make.country()),
        "evaluator": make.holder(Role.EVALUATOR, make.country()),
    }


def pool_of(mission: Mission) -> dict[str, Any]:
    """What the competency pool asks for: a coach, a request, a mission."""
    coach, asked = mission.coach_id, mission.request_id
    whole = {"pool.number": mission.pk, "custody:mission.number": mission.pk}
    of_coach = {f"pool:{name}.number": coach for name in ("describe", "leave")}
    return {**whole, **of_coach, **{f"pool:{name}.number": asked for name in ("propose", "withdraw")}}


def meetings_of(place: Territory) -> dict[str, Any]:
    """What meetings ask for: one in two hours, for which someone registered; a document, minutes, a certificate."""
    meeting = make.meeting(place, starts_at=timezone.now() + timedelta(hours=2), has_registration=True)
    registration = make.registration(meeting)
    certificate = make.certificate(make.registration(meeting))
    return {
        "meetings.number": meeting.pk,
        "meetings:hold.number": make.meeting(place).pk,
        "meetings.code": registration.code,
        "certificates.code": registration.code,
        "certificates:verify.code": certificate.code,
        "meetings.material": make.material(meeting).pk,
        "meetings.version": make.minutes(meeting).version,
    }


def follow_up_of(project: Project) -> dict[str, Any]:
    """What the rooms of the journey ask for: a seat, a vote, an activity with a target and evidence."""
    activity = project.activities.get()
    return {
        "programmes.kind": "ideas",
        "programmes.number": make.seat(project.programme).pk,
        "monitoring.number": project.number,
        "monitoring.activity": activity.number,
        "monitoring.target": make.target(project).pk,
        "monitoring.evidence": make.proof(activity, visibility="hidden").pk,
        "evaluation.number": project.number,
        "evaluation.finding": 1,
        "adoption.language": "ar",
        "adoption.number": make.deliberation(project.programme).pk,
    }


def consultation_of(draft: Draft, project: Project) -> dict[str, Any]:
    """What the consultation asks for: a project, versions, an opinion."""
    return {
        "consultation.number": project.number,
        "consultation.older": draft.version,
        "consultation.newer": draft.version,
        "consultation:version.number": draft.version,
        "consultation:download.number": draft.version,
        "consultation:reply.number": make.opinion(draft).pk,
    }


def call_of() -> dict[str, Any]:
    """What calls ask for: an open call, an application that was sent, the link to it, its paper."""
    application = make_calls.application(status="submitted")
    return {
        "calls.number": application.call.number,
        "calls.pk": application.pk,
        "calls.paper": application.papers.get().pk,
        "calls.token": calls.link(application).split("/")[-2],
    }


def ground_of(idea: Idea, resident: Person) -> dict[str, Any]:
    """What the rooms of the ground ask for: a grant, a comment, a ruling and its appeal, an entry."""
    about = {"on_kind": "ideas.idea", "on_id": idea.pk, "place": idea.place.code}
    ruling = Ruling.objects.create(**about, visibility="held", ground="spam", reason="Twice")
    return {
        "token": "unsigned",
        "key": make.area().key,
        "kind": "ideas.idea",
        "accounts.number": make.grant(make.person("Deputy"), Role.DEPUTY, idea.place).pk,
        "notifications:follow.number": idea.pk,
        "notifications:to.number": idea.pk,
        "discussion:say.number": idea.pk,
        "discussion:retract.number": discussion.say(idea, by=resident, text="Yes", language="fr").pk,
        "moderation:report.number": idea.pk,
        "moderation:rule.number": idea.pk,
        "moderation:ruling.number": ruling.pk,
        "moderation:answer_appeal.number": Appeal.objects.create(ruling=ruling, text="Look again").pk,
        "ledger.number": ledger.record("idea.submitted", by=None, on=idea, place=idea.place).pk,
    }


def network_of(place: Territory, outgoing: Person, incoming: Person) -> dict[str, Any]:
    """What the rooms of the network ask for: a charter, a cohort, a hand-over to come, a declaration."""
    return {
        "membership.version": 1,
        "membership:replan.number": place.membership.cohort.number,
        "membership:acknowledge.number": make.hand_over(place, outgoing, incoming).pk,
        "commitments.number": make.declaration(place).pk,
        "commitments.evidence": "ideas-online",
    }


def shared_of(here: Person, elsewhere: Person, project: Project) -> dict[str, Any]:
    """What the network shares: practices published and in review, a question with its answer."""
    question = make.question(here)
    published = make.practice(project.place, author=here, status="published").pk
    return {
        "questions.number": question.pk,
        "questions.answer": make.answer(question, elsewhere).pk,
        "practices.number": published,
        "practices:begin.number": project.number,
        "practices:review.number": make.practice(project.place, author=here, status="in_review").pk,
        "practices:ask.number": make.practice(project.place, author=here, status="in_review").pk,
    }


def outlook_of(idea: int, project: int) -> dict[str, Any]:
    """What the rooms of the outlook ask for: pages of contributions, an indicator, a data set."""
    pages = {"custody:idea.number": idea, "custody:project.number": project, "code": "P3"}
    return {**pages, "opendata.name": "ideas", "api.name": "ideas", "form": "csv"}


def plan_of(commitment: Project) -> dict[str, Any]:
    """What the national plan asks for: a commitment with an activity."""
    force = {"plan:bring_into_force.number": commitment.programme.pk}
    return {**force, "plan.number": commitment.number, "plan.activity": commitment.activities.get().number}


def reviewed_at(place: Territory) -> dict[str, Any]:
    """What independent reviews ask for: a project of a programme in force."""
    number = make.project(make.programme(make.member(place).place, status="adopted")).number
    return {"evaluation:review.slug": place.slug, "evaluation:review.number": number}


def spoken_for_by(person: Person, place: Territory) -> dict[str, Any]:
    """What organisations ask for: one that is verified, and the person who speaks for it."""
    organisation = organisations.organisation(place, by=person)
    speaker = organisation.speakers.get().pk
    both = {"organisations:accept.number": speaker, "organisations:end.number": speaker}
    return {"organisations.number": organisation.pk, "voices.number": organisation.pk, **both}


def browser_of(person: Person | None, number: int) -> Client:
    """Their browser, at an address of its own: what one asks counts against nobody else."""
    reads_arabic = {"headers": {"accept-language": "ar"}, "REMOTE_ADDR": f"127.0.0.{number}"}
    browser = Client(raise_request_exception=False, **reads_arabic)
    if person:
        browser.force_login(person)
    return browser


def addresses(resolver: Any = None, space: str = "") -> Iterator[tuple[str, list[str]]]:
    """Each address of the house: its name, and the parts it asks for."""
    for door in (resolver or get_resolver()).url_patterns:
        if isinstance(door, URLResolver):
            if str(door.pattern) not in ELSEWHERE:
                yield from addresses(door, f"{door.namespace}:" if door.namespace else space)
        elif isinstance(door, URLPattern):
            yield f"{space}{door.name}", list(door.pattern.converters)


def address_of(name: str, world: SimpleNamespace) -> str:
    """The address in the world; a part is looked up as `room:name.part`, then `room.part`, then `part`."""
    room = name.partition(":")[0]
    parts = dict(addresses())[name]
    filled = {}
    for part in parts:
        found = [world.keys[key] for key in (f"{name}.{part}", f"{room}.{part}", part) if key in world.keys]
        assert found, f"{name} asks for “{part}”: add “{room}.{part}” to the keys of the world"
        filled[part] = found[0]
    return reverse(name, kwargs=filled)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[SimpleNamespace]:
    with django_db_blocker.unblock(), translation.override("ar"), transaction.atomic():
        yield build_world()
        transaction.set_rollback(True)


@pytest.mark.parametrize(("name", "method", "expected"), ACCESS, ids=lambda value: value if type(value) is str else "")
def test_each_role_gets_the_answer_of_the_table(
    name: str, method: str, expected: dict[str, int], world: SimpleNamespace
) -> None:
    address = address_of(name, world)
    answers = {}
    for role in ROLES:
        with transaction.atomic():
            answer = world.browsers[role].generic(method, address)
            transaction.set_rollback(True)
        answers[role] = answer.status_code
        if method == "GET" and answer.status_code == 200:
            assert is_page(answer) == (name not in NO_PAGES), name
    assert answers == {role: expected.get(role, expected.get("*")) for role in ROLES}, address


def is_page(answer: Any) -> bool:
    return "text/html" in answer.headers["Content-Type"] and b"<html" in answer.content[:2000]


def test_every_address_is_in_the_table() -> None:
    assert {name for name, _ in addresses()} - {name for name, _, _ in ACCESS} == set()


def test_the_table_names_only_roles_that_exist() -> None:
    assert {role for _, _, expected in ACCESS for role in expected} - {*ROLES, "*"} == set()
