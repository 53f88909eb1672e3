"""What is counted, as things stood on a day: records and their places, `{place id: number}` or `{place id: [days]}`."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from infitah.ground.accounts.models import Role, RoleGrant
from infitah.ground.ledger.models import Entry
from infitah.ground.territories.models import Territory
from infitah.journey.adoption.models import Deliberation, Sitting, Validation
from infitah.journey.evaluation.models import Evaluation
from infitah.journey.ideas.models import Channel, Idea
from infitah.journey.monitoring.models import Report
from infitah.journey.monitoring.queries import PROOFS, SILENT_AFTER
from infitah.journey.programmes.models import Programme
from infitah.journey.projects.models import Activity, Project, Source
from infitah.network.meetings.models import Headcount, Meeting, Registration
from infitah.network.membership.models import Adhesion, Member
from infitah.network.membership.queries import PRESENT
from infitah.network.pool.models import Mission
from infitah.outlook.commitments.models import Declaration

Counts = dict[int, float]
Spread = dict[int, list[float]]

Age, Disability, Gender = Registration.Age, Registration.Disability, Registration.Gender
ANSWER_WITHIN = timedelta(days=30)
HALF_A_YEAR = timedelta(days=183)
YEAR = timedelta(days=365)
OGP_LOCAL = r"^[A-Z]{5}[0-9]{4}$"  # how the Open Government Partnership numbers the commitments of local members


@dataclass(frozen=True)
class Found:
    """The records that are counted, and the way from one of them to the place it counts for."""

    records: QuerySet[Any]
    path: str = "place"

    def by_place(self) -> Counts:
        """How many there are at each place."""
        counted = self.records.order_by().values_list(self.path).annotate(Count("id", distinct=True))
        return {place: float(number) for place, number in counted if place is not None}

    def at(self, places: Iterable[int]) -> QuerySet[Any]:
        """Those of these places."""
        return self.records.filter(**{f"{self.path}__in": list(places)})


# -- members ---------------------------------------------------------------------------------------------


def joined(on: date) -> QuerySet[Member]:
    """The members of that day: those of today that had joined by then, and those that have left since."""
    before = Adhesion.objects.filter(member=OuterRef("pk"), signed_on__lte=on, ended_on__gt=on)
    return Member.objects.filter(Q(joined_on__lte=on, status__in=PRESENT) | Exists(before))


def members(on: date) -> Found:
    return Found(joined(on))


def new_members(on: date) -> Found:
    """Those that were not members a year before."""
    return Found(joined(on).exclude(pk__in=joined(on - YEAR).values("pk")))


def collectivities(on: date) -> Found:
    found = Territory.objects.filter(is_collectivity=True, valid_until=None)
    return Found(found.exclude(kind=Territory.Kind.COUNTRY), "id")


def supported(on: date) -> Found:
    """In the year that ends that day, by a training or workshop that someone attended for them or that they held, or by
    a coach of the pool."""
    support = Meeting.objects.filter(kind__in=Meeting.SUPPORTING, called_off_at=None)
    support = support.filter(starts_at__date__gt=on - YEAR, starts_at__date__lte=on)
    held = support.filter(Q(participants__gt=0) | Q(attended__gt=0), place=OuterRef("place"))
    attended = Registration.objects.filter(
        collectivity=OuterRef("place"), checked_in_at__isnull=False, meeting__in=support
    )
    coached = Mission.objects.filter(
        Q(ended_at=None) | Q(ended_at__date__gt=on - YEAR), place=OuterRef("place"), begun_at__date__lte=on
    )
    return Found(joined(on).filter(Exists(held) | Exists(attended) | Exists(coached)))


# -- programmes ------------------------------------------------------------------------------------------


def of_openness() -> QuerySet[Programme]:
    """The openness programmes: a plan that was decided elsewhere is none, and no council votes on it."""
    elsewhere = Deliberation.objects.filter(programme=OuterRef("pk"), sitting__kind=Sitting.Kind.ELSEWHERE)
    return Programme.objects.filter(~Exists(elsewhere))


def programmes_begun(on: date) -> Found:
    return Found(of_openness().filter(cycle__starts_on__lte=on))


def votes(on: date) -> QuerySet[Deliberation]:
    """Of councils."""
    adopted = Deliberation.objects.filter(outcome=Deliberation.Outcome.ADOPTED, sitting__sits_on__lte=on)
    return adopted.exclude(sitting__kind=Sitting.Kind.ELSEWHERE)


def programmes_developed(on: date) -> Found:
    """Validated by a committee, or known by the council's vote."""
    validated = Validation.objects.filter(programme=OuterRef("pk"), validated_on__lte=on)
    return Found(Programme.objects.filter(Exists(validated) | Exists(votes(on).filter(programme=OuterRef("pk")))))


def programmes_adopted(on: date) -> Found:
    return Found(Programme.objects.filter(Exists(votes(on).filter(programme=OuterRef("pk")))))


# -- signs that openness has become a rule ---------------------------------------------------------------


def members_adopting(on: date) -> Found:
    return Found(joined(on).filter(Exists(votes(on).filter(programme__place=OuterRef("place")))))


def committee_met(on: date) -> Found:
    met = Meeting.objects.filter(place=OuterRef("place"), kind=Meeting.Kind.COMMITTEE)
    met = met.filter(starts_at__date__range=(on - HALF_A_YEAR, on), called_off_at=None)
    return Found(joined(on).filter(Exists(met)))


def focal_point_in_post(on: date) -> Found:
    held = RoleGrant.objects.filter(
        Q(until=None) | Q(until__gte=on), territory=OuterRef("place"), role=Role.FOCAL_POINT, since__lte=on
    )
    return Found(joined(on).filter(Exists(held.filter(revoked_at=None))))


def consultative_opinion(on: date) -> Found:
    asked = Programme.objects.filter(place=OuterRef("place"), opinion_on__lte=on)
    return Found(joined(on).filter(Exists(asked)))


def published_lately(on: date) -> Found:
    said = Entry.objects.filter(action="document.published", place=OuterRef("place__code"))
    said = said.filter(at__date__range=(on - HALF_A_YEAR, on))
    return Found(joined(on).filter(Exists(said)))


def reported_on_the_year(on: date) -> Found:
    """By a report of theirs, with its document or its page, dated in the year that ends that day."""
    said = Declaration.objects.filter(Q(withdrawn_at=None) | Q(withdrawn_at__date__gt=on), place=OuterRef("place"))
    said = said.filter(kind=Declaration.Kind.ANNUAL, dated_on__gt=on - YEAR, dated_on__lte=on)
    return Found(joined(on).filter(Exists(said)))


SIGNS = [
    members_adopting,
    committee_met,
    focal_point_in_post,
    consultative_opinion,
    published_lately,
    reported_on_the_year,
]
ENOUGH = 3  # signs, of the six


def institutionalised(on: date) -> Found:
    """The members that show at least so many of the signs; which ones is told beside each."""
    shown = (Case(When(pk__in=sign(on).records.values("pk"), then=1), default=0) for sign in SIGNS)
    return Found(Member.objects.alias(signs=sum(shown, start=Value(0))).filter(signs__gte=ENOUGH))


# -- ideas and answers -----------------------------------------------------------------------------------


def given(on: date) -> QuerySet[Idea]:
    return Idea.objects.public().filter(received_at__date__lte=on)


def ideas(on: date) -> Found:
    return Found(given(on))


def ideas_of_communes(on: date) -> Found:
    return Found(given(on).filter(place__kind=Territory.Kind.COMMUNE))


def inhabitants(on: date) -> Counts:
    """Those of member communes: regions and provinces count the same people again."""
    found = Territory.objects.filter(kind=Territory.Kind.COMMUNE, membership__in=joined(on), population__gt=0)
    return {place: float(people or 0) for place, people in found.values_list("id", "population")}


def ideas_online(on: date) -> Found:
    return Found(given(on).filter(channel=Channel.WEBSITE))


def ideas_due(on: date) -> Found:
    return Found(given(on - ANSWER_WITHIN))


def ideas_due_answered(on: date) -> Found:
    return Found(given(on - ANSWER_WITHIN).filter(decided_at__date__lte=on))


def ideas_answered(on: date) -> Found:
    return Found(Idea.objects.public().filter(decided_at__date__lte=on))


def ideas_taken_up(on: date) -> Found:
    taken_up = Source.objects.standing().filter(
        Q(idea=OuterRef("pk")) | Q(idea=OuterRef("lead")), project__programme__status__in=Programme.IN_FORCE
    )
    return Found(Idea.objects.public().filter(Exists(taken_up), decided_at__date__lte=on))


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


# -- what is done ----------------------------------------------------------------------------------------


def in_force() -> QuerySet[Activity]:
    """The activities of programmes that a council has adopted."""
    return Activity.objects.filter(project__in=projects_in_force())


def projects_in_force() -> QuerySet[Project]:
    return Project.objects.standing().filter(programme__status__in=Programme.IN_FORCE)


def proved(on: date) -> QuerySet[Activity]:
    return completed(on).filter(Exists(PROOFS.filter(activity=OuterRef("pk"))))


def completed(on: date) -> QuerySet[Activity]:
    return in_force().filter(status=Activity.Status.COMPLETED, ended_on__lte=on)


def activities_due(on: date) -> Found:
    return Found(in_force().filter(planned_until__lte=on), "project__place")


def activities_due_done(on: date) -> Found:
    return Found(proved(on).filter(planned_until__lte=on), "project__place")


def activities_completed(on: date) -> Found:
    return Found(completed(on), "project__place")


def activities_proved(on: date) -> Found:
    return Found(proved(on), "project__place")


def days_late(on: date) -> Spread:
    ends = completed(on).values_list("project__place", "planned_until", "ended_on")
    return spread_out((place, float((ended - planned).days)) for place, planned, ended in ends if ended)


def projects_under_way(on: date) -> QuerySet[Project]:
    left = in_force().filter(project=OuterRef("pk"), status__in=[Activity.Status.UNDER_WAY, Activity.Status.STALLED])
    return Project.objects.filter(Exists(left))


def projects_running(on: date) -> Found:
    return Found(projects_under_way(on))


def projects_up_to_date(on: date) -> Found:
    heard = Report.objects.filter(activity__project=OuterRef("pk"), reported_on__range=(on - SILENT_AFTER, on))
    return Found(projects_under_way(on).filter(Exists(heard)))


def projects_of_ogp() -> QuerySet[Project]:
    """Those that a collectivity has in a plan of OGP Local, known by their numbers."""
    return projects_in_force().filter(reference__regex=OGP_LOCAL)


def members_in_ogp_local(on: date) -> Found:
    begun = projects_of_ogp().filter(place=OuterRef("place"), programme__cycle__starts_on__lte=on)
    return Found(joined(on).filter(Exists(begun)))


def projects_feeding(on: date) -> Found:
    """Projects under the number of a commitment of the country's own plan."""
    country = Q(place__kind=Territory.Kind.COUNTRY)
    national = projects_in_force().filter(country, reference=OuterRef("reference")).exclude(reference="")
    begun = projects_in_force().filter(~country, programme__cycle__starts_on__lte=on)
    return Found(begun.filter(Exists(national)))


def projects_done(on: date) -> Found:
    done = proved(on).filter(project=OuterRef("pk"))
    left = in_force().filter(project=OuterRef("pk")).exclude(status=Activity.Status.ABANDONED)
    return Found(Project.objects.filter(Exists(done), ~Exists(left.exclude(pk__in=proved(on).values("pk")))))


def projects_adopted(on: date) -> Found:
    return Found(projects_in_force())


def programmes_ended(on: date) -> Found:
    over = Q(status__in=[Programme.Status.CLOSED, Programme.Status.EVALUATED]) | Q(cycle__ends_on__lte=on)
    return Found(of_openness().filter(over, status__in=Programme.IN_FORCE))


def programmes_evaluated(on: date) -> Found:
    published = Evaluation.objects.filter(programme=OuterRef("pk"), published_at__date__lte=on)
    both = (Exists(published.filter(side=side)) for side in Evaluation.Side)
    return Found(Programme.objects.filter(*both))


# -- who takes part: those who came to meetings, where they said so of themselves ----------------------


def came(on: date) -> QuerySet[Registration]:
    return Registration.objects.filter(checked_in_at__isnull=False, meeting__starts_at__date__lte=on)


def participants(on: date) -> Found:
    return Found(came(on), "meeting__place")


def said_of_themselves(on: date, about: str, answers: Iterable[str]) -> Counts:
    """How many gave one of these answers: from the sheets or, where these are purged, from the counts that remain."""
    sheets = Found(came(on).filter(**{f"{about}__in": answers}), "meeting__place").by_place()
    kept = Headcount.objects.filter(about=about, answer__in=answers, meeting__starts_at__date__lte=on)
    for place, number in kept.order_by().values_list("meeting__place").annotate(Sum("number")):
        sheets[place] = sheets.get(place, 0.0) + number
    return sheets


def who_said(about: str, *answers: str) -> Callable[[date], Counts]:
    return lambda on: said_of_themselves(on, about, answers)


women, who_said_gender = who_said("gender", Gender.WOMAN), who_said("gender", *Gender.values)
young, who_said_age = who_said("age", Age.UNDER_25, Age.TO_34), who_said("age", *Age.values)
disabled = who_said("disability", Disability.YES)
who_said_disability = who_said("disability", *Disability.values)
COMMUNE = Coalesce("collectivity__is_urban", "meeting__place__is_urban")  # they came for it, else they came to it


def rural(on: date) -> Found:
    return Found(came(on).alias(urban=COMMUNE).filter(urban=False), "meeting__place")


def of_a_known_commune(on: date) -> Found:
    return Found(came(on).alias(urban=COMMUNE).exclude(urban=None), "meeting__place")
