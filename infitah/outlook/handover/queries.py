from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, Min, OuterRef
from django.urls import reverse
from django.utils import timezone

from infitah.ground.accounts.models import Person, Role, RoleGrant
from infitah.ground.accounts.queries import by_role, grants_at
from infitah.ground.territories.models import Territory
from infitah.journey.adoption.models import Sitting
from infitah.journey.adoption.queries import coming_session
from infitah.journey.consultation.models import Opinion, Reply
from infitah.journey.monitoring.queries import FINISHED
from infitah.journey.programmes.models import Phase, Programme, Seat
from infitah.journey.programmes.queries import programmes_of, seated
from infitah.journey.projects.models import Activity, Project
from infitah.network.meetings.models import Decision, Meeting, Minutes
from infitah.network.membership import queries as membership
from infitah.network.membership.models import Charter
from infitah.outlook.commitments import queries as commitments
from infitah.outlook.commitments.models import Declaration
from infitah.outlook.spaces.models import Document
from infitah.outlook.tasks.queries import Task, tasks_of

MOST = 50


@dataclass(frozen=True)
class Running:
    """A programme that is not over, as it is handed over: what to do, who sits, what is planned, what was promised."""

    programme: Programme
    tasks: list[Task]
    seats: list[Seat]
    phases: list[Phase]
    kept: list[Any]  # projects, each with the day `since` which ideas are kept in it
    taken_up: list[Reply]
    unanswered: int


@dataclass(frozen=True)
class HandedOver:
    """All that a successor needs to know of a place."""

    running: list[Running]
    people: list[tuple[str, list[RoleGrant]]]
    meetings: list[Meeting]
    decided: list[Decision]
    sittings: list[Sitting]
    session: date | None
    declared: list[Declaration]
    documents: list[Document]
    charter: Charter | None


def handed_over(person: Person, place: Territory) -> HandedOver:
    """What is handed over at a place, read now. As many queries for a thousand ideas as for one."""
    today, now = timezone.localdate(), timezone.now()
    programmes = programmes_of(place).exclude(status=Programme.Status.EVALUATED)
    return HandedOver(
        running=[running(person, programme) for programme in programmes],
        people=by_role(grants_at(place)),
        meetings=list(Meeting.objects.filter(place=place, starts_at__gte=now).order_by("starts_at")[:MOST]),
        decided=decided(place),
        sittings=list(Sitting.objects.filter(place=place, sits_on__gte=today).order_by("sits_on")),
        session=coming_session(place),
        declared=commitments.declared(place),
        documents=list(Document.objects.filter(place=place).order_by("-id")[:MOST]),
        charter=membership.charter_awaited(place),
    )


def decided(place: Territory) -> list[Decision]:
    """What the meetings of the place decided, by the latest version of their minutes, the latest meeting first."""
    later = Minutes.objects.filter(meeting=OuterRef("minutes__meeting"), version__gt=OuterRef("minutes__version"))
    found = Decision.objects.filter(~Exists(later), minutes__meeting__place=place)
    return list(found.select_related("minutes__meeting").order_by("-minutes__meeting__starts_at", "number")[:MOST])


def running(person: Person, programme: Programme) -> Running:
    """One programme, as it is handed over."""
    here = reverse("handover:handover", args=[programme.place.slug])
    found = tasks_of(person, programme.place, programme, {Role.FOCAL_POINT})
    tasks = [task for task in found if task.url != here]  # reading this very page is not one of them
    taken_up = Reply.objects.filter(opinion__draft__programme=programme, is_taken_up=True)
    return Running(
        programme=programme,
        tasks=sorted(tasks, key=lambda task: task.by or date.max),
        seats=seated(programme),
        phases=list(programme.phases.filter(planned_until__gte=timezone.localdate())),
        kept=kept_and_not_done(programme),
        taken_up=list(taken_up.select_related("opinion__project").order_by("-id")[:MOST]),
        unanswered=Opinion.objects.filter(draft__programme=programme).unanswered().count(),
    )


def kept_and_not_done(programme: Programme) -> list[Any]:
    """The projects of the programme that ideas were kept in, and that still have an activity to finish."""
    open_still = Activity.objects.filter(project=OuterRef("pk")).exclude(status__in=FINISHED)
    found = Project.objects.standing().filter(programme=programme, sources__isnull=False)
    found = found.filter(Exists(open_still) | ~Exists(Activity.objects.filter(project=OuterRef("pk"))))
    return list(found.annotate(since=Min("sources__at")).order_by("number"))
