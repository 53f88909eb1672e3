"""What members share: practices born from their finished projects, read by peers and adapted elsewhere; questions and
their answers. All of it is invented, and marked so."""

from datetime import date
from typing import Any

from django.utils.translation import override

from infitah.ground.accounts.models import Person, Role, RoleGrant
from infitah.ground.accounts.queries import holders
from infitah.ground.territories.models import Territory
from infitah.journey.programmes.models import Programme
from infitah.journey.projects import actions as projects
from infitah.journey.projects.models import Project, Theme
from infitah.lib.i18n import Localized
from infitah.network.questions import actions as questions
from infitah.outlook.practices import actions as practices
from infitah.outlook.practices.models import Practice
from infitah.outlook.practices.queries import is_finished

from .content import key, read
from .player import Clock, Story

ADAPTED = 3  # of the practices, the last ones first published
FIRST_STEP = Localized(ar="تكييف الممارسة مع حاجات جماعتنا", fr="Adapter la pratique à nos besoins")
FIELDS = ["problem", "done", "cost", "people", "change", "evidence", "conditions", "contact"]


def stories(today: date, showcase: Territory) -> list[Story]:
    """Each practice and each question goes its own way; days count back from the present."""
    clock = Clock(today)
    told = [practice(each, turn, clock, showcase) for turn, each in enumerate(read("practices"))]
    return [*told, *(question(each, turn, clock) for turn, each in enumerate(read("questions")))]


def practice(each: dict[str, Any], turn: int, clock: Clock, showcase: Territory) -> Story:
    """Written from a finished project, handed in, read; some are adapted by members who draft, but for the showcase."""
    yield clock.at(-each["days"])
    project = finished(each["project"])
    if project is None:
        return
    author = holders(Role.FOCAL_POINT, project.place)[0]
    with override(each["language"]):
        made = practices.begin_from(project, by=author, key=key("practice", turn))
    themes = Theme.objects.filter(key__in=each["themes"])
    words = {name: each[name] for name in ["title", "language", *FIELDS]}
    made = practices.redraft(made, by=author, themes=themes, **words)
    made = practices.hand_in(made, by=author)
    for wait, said in enumerate(each["reviews"]):
        yield clock.at(4 + 4 * wait - each["days"], 15)
        review(made, said, turn + wait, key("review", turn, wait))
        if not said["ready"]:
            yield clock.at(6 + 4 * wait - each["days"])
            made = practices.hand_in(made, by=author)
    if each["reviews"] and turn < ADAPTED:
        yield clock.at(-9 + 2 * turn, 11)
        adapt(made, turn, clock, showcase)


def finished(title: str) -> Project | None:
    """A finished project of that name, of whose place nothing has been shared yet."""
    found = Project.objects.filter(programme__status__in=Programme.IN_FORCE, programme__is_demonstration=True)
    found = found.filter(title__ar=title).exclude(place__in=Practice.objects.values("place"))
    ended = (one for one in found.select_related("programme", "place").order_by("pk") if is_finished(one))
    return next(ended, None)


def runners(*, but: Territory) -> list[Person]:
    """The focal points of the other members, in the order in which they took their role."""
    held = RoleGrant.objects.filter(role=Role.FOCAL_POINT, person__is_demonstration=True).exclude(territory=but)
    return [grant.person for grant in held.current().select_related("person").order_by("pk")]


def review(made: Practice, said: dict[str, Any], turn: int, number: Any) -> None:
    """A peer's word."""
    peers = runners(but=made.place)
    words = dict(zip(["is_clear", "is_useful", "is_proved"], said["words"], strict=True))
    words |= {"said": said["said"], "language": made.language}
    practices.review(made, by=peers[turn * 5 % len(peers)], key=number, is_ready=said["ready"], **words)


def adapt(made: Practice, turn: int, clock: Clock, showcase: Territory) -> None:
    """Taken up by a member who is drafting, if there is one, and planned a little further."""
    drafting = Programme.objects.filter(status=Programme.Status.DRAFTING, is_demonstration=True)
    found = list(drafting.exclude(place__in=[made.place, showcase]).select_related("place").order_by("pk"))
    if found:
        programme = found[turn % len(found)]
        by = holders(Role.FOCAL_POINT, programme.place)[0]
        made.refresh_from_db()
        adapted = practices.adapt(made, by=by, programme=programme, axis=programme.axes.first())
        days = {"planned_from": clock.on(90), "planned_until": clock.on(270)}
        projects.plan(adapted.project, by=by, activities=[{"title": FIRST_STEP, **days}])


def question(each: dict[str, Any], turn: int, clock: Clock) -> Story:
    """Asked by one member, answered by others in the days after."""
    yield clock.at(-each["days"], 9, turn)
    people = runners(but=Territory.objects.get(kind=Territory.Kind.COUNTRY))
    asker = people[(7 * turn + 3) % len(people)]
    words = {name: each[name] for name in ["theme", "title", "language"]}
    asked = questions.ask(by=asker, key=key("question", turn), said=each["text"], **words)
    for wait, said in enumerate(each["answers"]):
        yield clock.at(2 + wait - each["days"], 17, turn)
        by = people[(7 * turn + 11 + 5 * wait) % len(people)]
        words = {"said": said["text"], "language": said["language"]}
        given = questions.answer(asked, by=by, key=key("answer", turn, wait), **words)
        if said.get("helped"):
            yield clock.at(3 + wait - each["days"], 20, turn)
            questions.accept(given, by=asker)
