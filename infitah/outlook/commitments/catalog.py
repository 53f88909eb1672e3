"""Each piece of evidence that the records can show for the five commitments, once: how it is called, how it is found
at every place, and the page that shows it. The table is that of section 3 of the domain notes; nothing is added up."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Aggregate, Count, Exists, F, FloatField, Max, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Greatest, TruncDate
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from infitah.ground.moderation.models import Moderated
from infitah.ground.territories.models import Territory
from infitah.journey.adoption.models import Deliberation, Validation
from infitah.journey.consultation.models import Opinion
from infitah.journey.evaluation.models import Evaluation
from infitah.journey.ideas.models import Channel, Idea
from infitah.journey.monitoring.models import Report
from infitah.journey.programmes.models import Programme, Seat
from infitah.journey.projects.models import Project
from infitah.lib.i18n import listed
from infitah.network.meetings.models import Meeting, Minutes
from infitah.network.pool.models import Mission
from infitah.network.questions.models import Answer, Question
from infitah.outlook.practices.models import Adaptation, Practice

from .models import Declaration, Use

RECENTLY = timedelta(days=183)
Row = dict[str, Any]


@dataclass(frozen=True)
class Proof:
    """A piece of evidence. `rows()` gives one line a place where it is found: `whose` (the key of the place), `on` (a
    day or a moment), and what `note` makes a few words of."""

    commitment: str
    code: str  # its word in addresses
    name: Promise | str
    rows: Callable[[], QuerySet[Any, Any]]
    door: str  # the name of the page of the place that shows it
    asked: str = ""  # what is asked of that page
    note: Callable[[Row], str] = lambda row: ""
    part: str = ""  # what in the line numbers the page, where it is not a page of the place

    def url(self, place: Territory, row: Row) -> str:
        """The page that shows it; of the whole house where the place has none of its own."""
        if self.part:
            return reverse(self.door, args=[row[self.part]])
        try:
            return reverse(self.door, args=[place.slug]) + self.asked
        except NoReverseMatch:
            return reverse(self.door)


class MedianDays(Aggregate):
    """The middle of the days between two moments."""

    template = "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY EXTRACT(EPOCH FROM %(expressions)s) / 86400)"
    output_field = FloatField()


# -- C1: the norms -----------------------------------------------------------------------------------


def programmes() -> QuerySet[Any, Any]:
    """Put to consultation, or adopted."""
    adopted = Q(deliberations__outcome=Deliberation.Outcome.ADOPTED)
    found = Programme.objects.values(whose=F("place")).annotate(
        voted=Max("deliberations__sitting__sits_on", filter=adopted),
        drafted=TruncDate(Max("drafts__frozen_at", filter=Q(drafts__is_consulted=True))),
    )
    return found.annotate(on=Greatest("voted", "drafted")).filter(on__isnull=False)


def minutes() -> QuerySet[Any, Any]:
    return Validation.objects.values(whose=F("programme__place")).annotate(on=Max("validated_on"), n=Count("pk"))


def meeting_minutes() -> QuerySet[Any, Any]:
    counted = Count("meeting", distinct=True)
    return Minutes.objects.values(whose=F("meeting__place")).annotate(on=Max("at"), n=counted)


def exports() -> QuerySet[Any, Any]:
    return Use.objects.values("times", whose=F("place"), on=F("last_on"))


def answer_times() -> QuerySet[Any, Any]:
    answered = Idea.objects.public().filter(decided_at__isnull=False)
    days = MedianDays(F("decided_at") - F("received_at"))
    return answered.values(whose=F("place")).annotate(on=Max("decided_at"), n=Count("pk"), days=days)


# -- C2: with civil society at every step --------------------------------------------------------------


def ideas_by(**channel: str) -> Callable[[], QuerySet[Any, Any]]:
    """The ideas that came by a channel, or by any but that one."""
    held = Q(channel=channel["only"]) if "only" in channel else ~Q(channel=channel["but"])
    return lambda: (
        Idea.objects.public().filter(held).values(whose=F("place")).annotate(on=Min("received_at"), n=Count("pk"))
    )


def opinions_by(**channel: str) -> Callable[[], QuerySet[Any, Any]]:
    """The opinions that came by a channel, or by any but that one."""
    held = Q(channel=channel["only"]) if "only" in channel else ~Q(channel=channel["but"])
    return lambda: (
        Opinion.objects.public()
        .filter(held)
        .values(whose=F("draft__programme__place"))
        .annotate(on=Min("given_at"), n=Count("pk"))
    )


def committees() -> QuerySet[Any, Any]:
    """Those who sit there today."""
    civil = Seat.objects.filter(side=Seat.Side.CIVIL, until=None)
    return civil.values(whose=F("committee__programme__place")).annotate(on=Min("since"), n=Count("pk"))


def answered() -> QuerySet[Any, Any]:
    ideas = Idea.objects.public().values(whose=F("place"))
    return ideas.annotate(on=Max("decided_at"), n=Count("decided_at"), of=Count("pk")).filter(n__gt=0)


# -- C3: carried out, followed and evaluated with civil society ----------------------------------------


def reports() -> QuerySet[Any, Any]:
    lately = Report.objects.filter(reported_on__gte=timezone.localdate() - RECENTLY)
    counted = Count("activity", distinct=True)
    return lately.values(whose=F("activity__project__place")).annotate(on=Max("reported_on"), n=counted)


def proofs() -> QuerySet[Any, Any]:
    shown = Q(activities__evidence__visibility=Moderated.Visibility.SHOWN)
    kept = Project.objects.standing().filter(programme__status__in=Programme.IN_FORCE).values(whose=F("place"))
    return kept.annotate(
        on=Max("activities__evidence__at", filter=shown),
        n=Count("pk", filter=shown, distinct=True),
        of=Count("pk", distinct=True),
    ).filter(n__gt=0)


def evaluations() -> QuerySet[Any, Any]:
    filed = Evaluation.objects.filter(side=Evaluation.Side.CIVIL, filed_at__isnull=False)
    return filed.values(whose=F("programme__place")).annotate(on=Max("filed_at"))


# -- C4: with other collectivities -----------------------------------------------------------------------


def joint() -> QuerySet[Any, Any]:
    """Projects that stand under one number in the plans of several collectivities; the country is none of them."""
    led = Project.objects.standing().exclude(place__kind=Territory.Kind.COUNTRY).exclude(reference="")
    elsewhere = led.filter(reference=OuterRef("reference")).exclude(place=OuterRef("place"))
    led = led.filter(Exists(elsewhere))
    return led.values(whose=F("place")).annotate(on=Max("drafted_at"), n=Count("pk"))


def coached() -> QuerySet[Any, Any]:
    """Missions of its people to other members, agreed by both."""
    gone = Mission.objects.filter(status__in=[*Mission.ENGAGED, *Mission.OVER]).exclude(place=F("coach__place"))
    return gone.values(whose=F("coach__place")).annotate(on=Max("starts_on"), n=Count("pk"))


def taken_up() -> QuerySet[Any, Any]:
    """Projects begun from what another collectivity did."""
    begun = Project.objects.standing().filter(Q(adapted_from__isnull=False) | Q(adaptation__isnull=False))
    begun = begun.exclude(adapted_from__place=F("place"))
    return begun.values(whose=F("place")).annotate(on=Max("drafted_at"), n=Count("pk", distinct=True))


def reused() -> QuerySet[Any, Any]:
    """Practices from which others began a project."""
    return Adaptation.objects.values(whose=F("practice__place")).annotate(on=Max("at"), n=Count("pk"))


def advice() -> QuerySet[Any, Any]:
    """Answers to what other members asked, and in how many days they came."""
    given = Answer.objects.public().filter(question__in=Question.objects.public()).exclude(question__home=F("home"))
    days = MedianDays(F("at") - F("question__at"))
    return given.values(whose=F("home")).annotate(on=Max("at"), n=Count("pk"), days=days, last=Max("question"))


def exchanges() -> QuerySet[Any, Any]:
    """Meetings between members that it held."""
    held = Meeting.objects.filter(kind=Meeting.Kind.EXCHANGE, starts_at__lt=timezone.now())
    return held.values(whose=F("place")).annotate(on=Max("starts_at"), n=Count("pk"))


# -- C5: seen from afar ------------------------------------------------------------------------------------


def practices() -> QuerySet[Any, Any]:
    return Practice.objects.public().values(whose=F("place")).annotate(on=Max("published_at"), n=Count("pk"))


def languages() -> QuerySet[Any, Any]:
    """Every project of the programme can be read in Arabic and in French at least."""
    kept = Project.objects.standing().values(whose=F("place"))
    found: QuerySet[Any, Any] = kept.annotate(
        on=Max("drafted_at"),
        of=Count("pk"),
        **{
            language: Count("pk", filter=~Q(**{f"title__{language}": ""}) & Q(title__has_key=language))
            for language in TONGUES
        },
    )
    return found.filter(ar=F("of"), fr=F("of"))


TONGUES = {"ar": _("Arabic"), "fr": _("French"), "zgh": _("Tamazight"), "en": _("English")}


# -- what no record of ours can show -------------------------------------------------------------------------


def declared_as(kind: str) -> Callable[[], QuerySet[Any, Any]]:
    """What a member says of itself, and has not withdrawn."""
    return lambda: (
        Declaration.objects.standing()
        .filter(kind=kind)
        .values(whose=F("place"))
        .annotate(on=Max("dated_on"))
        .order_by()
    )


# -- a few words ---------------------------------------------------------------------------------------------


def times(row: Row) -> str:
    return ngettext("%(n)s time", "%(n)s times", row["times"]) % {"n": row["times"]}


def in_days(row: Row) -> str:
    days = round(row["days"])
    return ngettext("half of them within %(n)s day", "half of them within %(n)s days", days) % {"n": days}


def share(row: Row) -> str:
    return gettext("%(n)s of %(of)s") % row


def many(row: Row) -> str:
    return str(row["n"])


def tongues(row: Row) -> str:
    return listed(name for language, name in TONGUES.items() if row[language] == row["of"])


CONSULTED = "consultation:consultation"
PROOFS = [
    Proof("C1", "programme", _("Its programme is published"), programmes, "spaces:programme"),
    Proof(
        "C1",
        "committee-minutes",
        _("The minutes of its committee are published"),
        minutes,
        "adoption:council",
        note=many,
    ),
    Proof(
        "C1",
        "meeting-minutes",
        _("The minutes of its meetings are published"),
        meeting_minutes,
        "meetings:meetings",
        note=many,
    ),
    Proof("C1", "open-data", _("Its open data is taken and used"), exports, "opendata:catalog", note=times),
    Proof(
        "C1",
        "answer-times",
        _("What residents ask is answered"),
        answer_times,
        "ideas:list",
        "?state=answered",
        in_days,
    ),
    Proof(
        "C1",
        "question-times",
        _("What other members ask is answered"),
        advice,
        "questions:question",
        note=in_days,
        part="last",
    ),
    Proof(
        "C2",
        "ideas-online",
        _("Ideas were collected online"),
        ideas_by(only=Channel.WEBSITE),
        "ideas:list",
        "?channel=website",
        many,
    ),
    Proof(
        "C2",
        "ideas-in-person",
        _("Ideas were collected in person"),
        ideas_by(but=Channel.WEBSITE),
        "ideas:list",
        note=many,
    ),
    Proof(
        "C2",
        "consultation-online",
        _("The draft was put to consultation online"),
        opinions_by(only=Channel.WEBSITE),
        CONSULTED,
        note=many,
    ),
    Proof(
        "C2",
        "consultation-in-person",
        _("The draft was put to consultation in person"),
        opinions_by(but=Channel.WEBSITE),
        CONSULTED,
        note=many,
    ),
    Proof(
        "C2",
        "civil-society",
        _("Civil society sits on the follow-up committee"),
        committees,
        "programmes:composition",
        note=many,
    ),
    Proof("C2", "ideas-answered", _("Ideas are answered"), answered, "ideas:list", "?state=answered", share),
    Proof(
        "C3", "reports", _("Activities were reported on in the last six months"), reports, "spaces:programme", note=many
    ),
    Proof("C3", "proofs", _("Projects have evidence"), proofs, "spaces:programme", note=share),
    Proof("C3", "evaluation", _("Civil society evaluated the programme"), evaluations, "evaluation:evaluation"),
    Proof("C4", "joint-projects", _("Projects led with other collectivities"), joint, "spaces:programme", note=many),
    Proof("C4", "taken-up", _("Projects begun from what others did"), taken_up, "practices:of_place", note=many),
    Proof("C4", "reused", _("Others began projects from its practices"), reused, "practices:of_place", note=many),
    Proof(
        "C4", "advice", _("It answered what other members asked"), advice, "questions:question", note=many, part="last"
    ),
    Proof("C4", "coaching", _("Its people coached other members"), coached, "pool:pool", note=many),
    Proof("C4", "exchanges", _("It held meetings between members"), exchanges, "meetings:meetings", note=many),
    Proof("C5", "practices", _("It published practices"), practices, "practices:of_place", note=many),
    Proof(
        "C5",
        "languages",
        _("Its projects can be read in several languages"),
        languages,
        "spaces:programme",
        note=tongues,
    ),
]
DECLARED = [
    Proof(code, kind.value, kind.label, declared_as(kind), "commitments:commitments", f"#{code.lower()}")
    for code, kinds in Declaration.OF.items()
    for kind in kinds
]
BY_CODE = {proof.code: proof for proof in [*PROOFS, *DECLARED]}
