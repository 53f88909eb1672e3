"""How much there is at each place, as things stood on a day: `{place id: number}`, or `{place id: [days, …]}`."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from infitah.ground.accounts.models import Role, RoleGrant
from infitah.ground.ledger.models import Entry
from infitah.ground.territories.models import Territory
from infitah.journey.adoption.models import Deliberation, Sitting, Validation
from infitah.journey.evaluation.models import Evaluation
from infitah.journey.ideas.models import Channel, Idea
from infitah.journey.monitoring.models import Report
from infitah.journey.monitoring.queries import PROOFS
from infitah.journey.programmes.models import Programme
from infitah.journey.projects.models import Activity, Project, Source
from infitah.network.meetings.models import Headcount, Meeting, Registration
from infitah.network.membership.models import Member
from infitah.network.pool.models import Mission

Counts = dict[int, float]
Spread = dict[int, list[float]]

YOUNG = [Registration.Age.UNDER_25, Registration.Age.TO_34]
ANSWER_WITHIN = timedelta(days=30)
SILENT_AFTER = timedelta(days=120)
HALF_A_YEAR = timedelta(days=183)


def by_place(found: QuerySet[Any], path: str = "place", distinct: str = "id") -> Counts:
    """How many there are at each place; `path` leads to the place."""
    counted = found.order_by().values_list(path).annotate(Count(distinct, distinct=True))
    return {place: float(number) for place, number in counted if place is not None}


def joined(on: date) -> QuerySet[Member]:
    """The members of that day; those that have left since are members of no day any more."""
    return Member.objects.filter(joined_on__lte=on).exclude(status=Member.Status.LEFT)


def members(on: date) -> Counts:
    return by_place(joined(on))


def collectivities(on: date) -> Counts:
    found = Territory.objects.filter(is_collectivity=True, valid_until=None).exclude(kind=Territory.Kind.COUNTRY)
    return by_place(found, "id")


def supported(on: date) -> Counts:
    """By a training or workshop that someone attended for them or that they held, or by a coach of the pool."""
    support = Meeting.objects.filter(kind__in=Meeting.SUPPORTING, called_off_at=None, starts_at__date__lte=on)
    held = support.filter(Q(participants__gt=0) | Q(attended__gt=0), place=OuterRef("place"))
    attended = Registration.objects.filter(
        collectivity=OuterRef("place"), checked_in_at__isnull=False, meeting__in=support
    )
    coached = Mission.objects.filter(place=OuterRef("place"), begun_at__date__lte=on)
    return by_place(joined(on).filter(Exists(held) | Exists(attended) | Exists(coached)))


def programmes_begun(on: date) -> Counts:
    return by_place(Programme.objects.filter(cycle__starts_on__lte=on))


def votes(on: date) -> QuerySet[Deliberation]:
    """Of councils: a plan decided elsewhere is none."""
    adopted = Deliberation.objects.filter(outcome=Deliberation.Outcome.ADOPTED, sitting__sits_on__lte=on)
    return adopted.exclude(sitting__kind=Sitting.Kind.ELSEWHERE)


def programmes_developed(on: date) -> Counts:
    """Validated by a committee, or known by the council's vote."""
    validated = Validation.objects.filter(programme=OuterRef("pk"), validated_on__lte=on)
    return by_place(Programme.objects.filter(Exists(validated) | Exists(votes(on).filter(programme=OuterRef("pk")))))


def programmes_adopted(on: date) -> Counts:
    return by_place(votes(on), "programme__place", "programme")


def members_adopting(on: date) -> Counts:
    return {place: 1.0 for place in programmes_adopted(on).keys() & members(on).keys()}


def committee_met(on: date) -> Counts:
    met = Meeting.objects.filter(place=OuterRef("place"), kind=Meeting.Kind.COMMITTEE)
    met = met.filter(starts_at__date__range=(on - HALF_A_YEAR, on), called_off_at=None)
    return by_place(joined(on).filter(Exists(met)))


def focal_point_in_post(on: date) -> Counts:
    held = RoleGrant.objects.filter(
        Q(until=None) | Q(until__gte=on), territory=OuterRef("place"), role=Role.FOCAL_POINT, since__lte=on
    )
    return by_place(joined(on).filter(Exists(held.filter(revoked_at=None))))


def consultative_opinion(on: date) -> Counts:
    asked = Programme.objects.filter(place=OuterRef("place"), opinion_on__lte=on)
    return by_place(joined(on).filter(Exists(asked)))


def published_lately(on: date) -> Counts:
    said = Entry.objects.filter(action="document.published", place=OuterRef("place__code"))
    said = said.filter(at__date__range=(on - HALF_A_YEAR, on))
    return by_place(joined(on).filter(Exists(said)))


def given(on: date) -> QuerySet[Idea]:
    return Idea.objects.public().filter(received_at__date__lte=on)


def ideas(on: date) -> Counts:
    return by_place(given(on))


def ideas_of_communes(on: date) -> Counts:
    return by_place(given(on).filter(place__kind=Territory.Kind.COMMUNE))


def inhabitants(on: date) -> Counts:
    """Those of member communes: regions and provinces count the same people again."""
    found = Territory.objects.filter(kind=Territory.Kind.COMMUNE, membership__joined_on__lte=on, population__gt=0)
    return {place: float(people or 0) for place, people in found.values_list("id", "population")}


def ideas_online(on: date) -> Counts:
    return by_place(given(on).filter(channel=Channel.WEBSITE))


def ideas_due(on: date) -> Counts:
    return by_place(given(on - ANSWER_WITHIN))


def ideas_due_answered(on: date) -> Counts:
    return by_place(given(on - ANSWER_WITHIN).filter(decided_at__date__lte=on))


def ideas_answered(on: date) -> Counts:
    return by_place(Idea.objects.public().filter(decided_at__date__lte=on))


def ideas_taken_up(on: date) -> Counts:
    taken_up = Source.objects.filter(
        Q(idea=OuterRef("pk")) | Q(idea=OuterRef("lead")), project__programme__status__in=Programme.IN_FORCE
    ).exclude(project__status=Project.Status.DROPPED)
    return by_place(Idea.objects.public().filter(Exists(taken_up), decided_at__date__lte=on))


def days_to_answer(on: date) -> Spread:
    answered = Idea.objects.public().filter(decided_at__date__lte=on)
    lapses = answered.values_list("place", F("decided_at") - F("received_at")).iterator(chunk_size=5000)
    return spread_out((place, lapse.total_seconds() / 86400) for place, lapse in lapses)


def spread_out(found: Iterable[tuple[int, float]]) -> Spread:
    """The days at each place."""
    spread: Spread = defaultdict(list)
    for place, days in found:
        spread[place].append(days)
    return spread


def in_force() -> QuerySet[Activity]:
    """The activities of programmes that a council has adopted."""
    standing = Activity.objects.filter(project__programme__status__in=Programme.IN_FORCE)
    return standing.exclude(project__status=Project.Status.DROPPED)


def proved(on: date) -> QuerySet[Activity]:
    return completed(on).filter(Exists(PROOFS.filter(activity=OuterRef("pk"))))


def completed(on: date) -> QuerySet[Activity]:
    return in_force().filter(status=Activity.Status.COMPLETED, ended_on__lte=on)


def activities_due(on: date) -> Counts:
    return by_place(in_force().filter(planned_until__lte=on), "project__place")


def activities_due_done(on: date) -> Counts:
    return by_place(proved(on).filter(planned_until__lte=on), "project__place")


def activities_completed(on: date) -> Counts:
    return by_place(completed(on), "project__place")


def activities_proved(on: date) -> Counts:
    return by_place(proved(on), "project__place")


def days_late(on: date) -> Spread:
    ends = completed(on).values_list("project__place", "planned_until", "ended_on")
    return spread_out((place, float((ended - planned).days)) for place, planned, ended in ends if ended)


def projects_under_way(on: date) -> QuerySet[Project]:
    left = in_force().filter(project=OuterRef("pk"), status__in=[Activity.Status.UNDER_WAY, Activity.Status.STALLED])
    return Project.objects.filter(Exists(left))


def projects_running(on: date) -> Counts:
    return by_place(projects_under_way(on))


def projects_up_to_date(on: date) -> Counts:
    heard = Report.objects.filter(activity__project=OuterRef("pk"), reported_on__range=(on - SILENT_AFTER, on))
    return by_place(projects_under_way(on).filter(Exists(heard)))


def projects_done(on: date) -> Counts:
    done = proved(on).filter(project=OuterRef("pk"))
    left = in_force().filter(project=OuterRef("pk")).exclude(status=Activity.Status.ABANDONED)
    return by_place(Project.objects.filter(Exists(done), ~Exists(left.exclude(status=Activity.Status.COMPLETED))))


def projects_adopted(on: date) -> Counts:
    adopted = Project.objects.filter(programme__status__in=Programme.IN_FORCE)
    return by_place(adopted.exclude(status=Project.Status.DROPPED))


def programmes_ended(on: date) -> Counts:
    over = Q(status__in=[Programme.Status.CLOSED, Programme.Status.EVALUATED]) | Q(cycle__ends_on__lte=on)
    return by_place(Programme.objects.filter(over, status__in=Programme.IN_FORCE))


def programmes_evaluated(on: date) -> Counts:
    published = Evaluation.objects.filter(programme=OuterRef("pk"), published_at__date__lte=on)
    both = (Exists(published.filter(side=side)) for side in Evaluation.Side)
    return by_place(Programme.objects.filter(*both))


# -- who takes part: those who came to meetings, where they said so of themselves ----------------------


def came(on: date) -> QuerySet[Registration]:
    return Registration.objects.filter(checked_in_at__isnull=False, meeting__starts_at__date__lte=on)


def participants(on: date) -> Counts:
    return by_place(came(on), "meeting__place")


def said_of_themselves(on: date, about: str, answers: Iterable[str]) -> Counts:
    """How many gave one of these answers: from the sheets or, where these are purged, from the counts that remain."""
    sheets = by_place(came(on).filter(**{f"{about}__in": answers}), "meeting__place")
    kept = Headcount.objects.filter(about=about, answer__in=answers, meeting__starts_at__date__lte=on)
    for place, number in kept.order_by().values_list("meeting__place").annotate(Sum("number")):
        sheets[place] = sheets.get(place, 0.0) + number
    return sheets


def women(on: date) -> Counts:
    return said_of_themselves(on, "gender", [Registration.Gender.WOMAN])


def who_said_gender(on: date) -> Counts:
    return said_of_themselves(on, "gender", Registration.Gender.values)


def young(on: date) -> Counts:
    return said_of_themselves(on, "age", YOUNG)


def who_said_age(on: date) -> Counts:
    return said_of_themselves(on, "age", Registration.Age.values)


def disabled(on: date) -> Counts:
    return said_of_themselves(on, "disability", [Registration.Disability.YES])


def who_said_disability(on: date) -> Counts:
    return said_of_themselves(on, "disability", Registration.Disability.values)


COMMUNE = Coalesce("collectivity__is_urban", "meeting__place__is_urban")  # they came for it, else they came to it


def rural(on: date) -> Counts:
    return by_place(came(on).alias(urban=COMMUNE).filter(urban=False), "meeting__place")


def of_a_known_commune(on: date) -> Counts:
    return by_place(came(on).alias(urban=COMMUNE).exclude(urban=None), "meeting__place")
