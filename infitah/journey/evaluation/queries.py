from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from infitah.ground.accounts.models import Person, Role
from infitah.ground.territories.models import Territory
from infitah.ground.territories.queries import inside
from infitah.journey.monitoring.models import Completion
from infitah.journey.monitoring.queries import apart, apart_said
from infitah.journey.programmes.models import Phase, Programme, Seat
from infitah.journey.programmes.queries import phase_of
from infitah.journey.projects.models import Project
from infitah.lib.i18n import Localized
from infitah.lib.states import mark, mark_of

from .models import (
    Answer,
    Criterion,
    Degree,
    EarlyResults,
    Evaluation,
    Finding,
    Grid,
    Opening,
    Potential,
    Review,
    Said,
)

STEPS = Answer.Step.values
DRAWN = dict(zip(STEPS, [0, 2, 3, 4], strict=True))  # parts of the meter, as for the ratings of activities


def programme_to_evaluate(place: Territory) -> Programme | None:
    """The latest programme of the place that the council has adopted."""
    adopted = Programme.objects.filter(place=place, status__in=Programme.IN_FORCE).select_related("place", "cycle")
    return adopted.order_by("-cycle__starts_on", "-id").first()


def grid_in_force() -> Grid | None:
    """The latest grid that is in force today."""
    return Grid.objects.filter(in_force_on__lte=timezone.localdate()).order_by("-version").first()


def is_due(programme: Programme) -> bool:
    """Evaluated from the first moment of its phase on, or once it is closed."""
    phase = phase_of(programme, Phase.Kind.EVALUATION)
    has_begun = phase is not None and phase.has_begun()
    return programme.status == Programme.Status.CLOSED or (has_begun and programme.status == Programme.Status.ADOPTED)


def mark_of_answer(answer: Answer | None) -> str:
    """A short number for the answer that stands, or for none: another one as soon as it changes."""
    return mark(answer, "rating", "explanation", "link") if answer else mark_of(None)


def evaluations_of(programme: Programme) -> dict[str, Evaluation]:
    """Both sides' evaluations, by side; empty until they are opened."""
    return {each.side: each for each in Evaluation.objects.filter(programme=programme).select_related("grid")}


def unanswered(evaluation: Evaluation) -> int:
    """How many questions of the grid this side has not answered yet."""
    return Criterion.objects.filter(grid=evaluation.grid_id).count() - evaluation.answers.count()


@dataclass
class Line:
    """One question, what each side answers, and how many steps apart they are."""

    criterion: Criterion
    collectivity: Answer | None
    civil: Answer | None

    @property
    def gap(self) -> int | None:
        """Steps by which the collectivity rates higher than civil society; None until both have answered."""
        sides = (self.collectivity, self.civil)
        return apart(STEPS, *(side.rating if side else None for side in sides))

    @property
    def sides(self) -> list[dict[str, Any]]:
        """For `ui/ratings.html`."""
        return [
            {
                "name": side.label,
                "kind": kind,
                "word": answer.get_rating_display() if answer else "",
                "steps": DRAWN[answer.rating] if answer else None,
            }
            for side, kind, answer in (
                (Evaluation.Side.COLLECTIVITY, "official", self.collectivity),
                (Evaluation.Side.CIVIL, "civil", self.civil),
            )
        ]

    @property
    def answers(self) -> list[Answer]:
        """What both sides explain, the collectivity first."""
        return [answer for answer in (self.collectivity, self.civil) if answer]

    @property
    def gap_said(self) -> str:
        """The gap as a sentence; empty until both sides have answered."""
        return apart_said(self.gap)


def lines(evaluations: dict[str, Evaluation]) -> list[Line]:
    """The grid with the answers of the sides given, question by question, in two queries; never averaged."""
    grid = next((each.grid_id for each in evaluations.values()), None)
    said: dict[tuple[str, int], Answer] = {}
    for answer in Answer.objects.filter(evaluation__in=evaluations.values()).select_related("evaluation"):
        said[answer.evaluation.side, answer.criterion_id] = answer
    return [
        Line(each, said.get((Evaluation.Side.COLLECTIVITY, each.pk)), said.get((Evaluation.Side.CIVIL, each.pk)))
        for each in Criterion.objects.filter(grid=grid)
    ]


def published(programme: Programme) -> list[Line]:
    """The published result, question by question; empty until both sides have filed."""
    evaluations = evaluations_of(programme)
    is_out = bool(evaluations) and all(each.status == Evaluation.Status.PUBLISHED for each in evaluations.values())
    return lines(evaluations) if is_out else []


def by_block(found: list[Line]) -> list[tuple[Localized, list[Line]]]:
    """The lines under the headings of the grid, in its order."""
    blocks: dict[str, tuple[Localized, list[Line]]] = {}
    for line in found:
        blocks.setdefault(str(line.criterion.block), (line.criterion.block, []))[1].append(line)
    return list(blocks.values())


# -- independent reviews -------------------------------------------------------------------------------

SCALES: dict[str, tuple[Promise, Any]] = {  # official, in their order (indicators.md 6.1, 6.2)
    "verifiable": (gettext_lazy("Verifiable"), Said),
    "lens": (gettext_lazy("Open-government lens"), Said),
    "potential": (gettext_lazy("Potential for results"), Potential),
    "completion": (gettext_lazy("Completion"), Completion),
    "early_results": (gettext_lazy("Early results"), EarlyResults),
    "opening": (gettext_lazy("Did it open government?"), Opening),
    "information": (gettext_lazy("Did it open government? Information"), Degree),
    "participation": (gettext_lazy("Did it open government? Participation"), Degree),
    "accountability": (gettext_lazy("Did it open government? Accountability"), Degree),
    "addressed": (gettext_lazy("Problem addressed"), Said),
}
OF_THE_PLAN = ("verifiable", "lens", "potential", "completion", "early_results", "opening")
JUDGED: dict[str, tuple[str, ...]] = {  # on which scales each kind of review judges
    Review.Kind.ACTION_PLAN: OF_THE_PLAN,
    Review.Kind.RESULTS: OF_THE_PLAN,
    Review.Kind.INCEPTION: ("verifiable", "lens", "potential"),
    Review.Kind.END: ("completion", "information", "participation", "accountability", "addressed"),
}


@dataclass(frozen=True)
class Standing:
    """What is said of a project on one official scale, by which review, and what that rests on."""

    label: str
    word: str
    review: Review | None
    finding: Finding | None = None


def standing(reviews: Iterable[Review]) -> dict[str, Standing]:
    """On each official scale the latest judgement; reviews come latest first."""
    reviews = list(reviews)
    found = {}
    for name in SCALES:
        review = next((each for each in reviews if getattr(each, name)), None)
        if review:
            found[name] = judgement(review, name)
    return found


def judgement(review: Review, name: str, finding: Finding | None = None) -> Standing:
    """What a review says on one scale."""
    label, steps = SCALES[name]
    return Standing(str(label), str(steps(getattr(review, name)).label), review, finding)


def judged(reviews: Iterable[Review]) -> dict[str, str]:
    """The code of the latest judgement on each scale; nothing where nobody has judged."""
    return {name: getattr(one.review, name) for name, one in standing(reviews).items()}


def reviews_of(project: Project) -> list[tuple[Review, list[Standing]]]:
    """Every review of a project, the latest first, each with its own judgements; in two queries."""
    found = Review.objects.filter(project=project).prefetch_related("findings")
    return [(review, judgements(review)) for review in found]


def judgements(review: Review) -> list[Standing]:
    """All that one review says, with what it rests on."""
    findings = {each.scale: each for each in review.findings.all()}
    return [judgement(review, name, findings.get(name)) for name in SCALES if getattr(review, name)]


def reviews_in(programme: Programme) -> QuerySet[Review]:
    """Every review of the projects of a programme, the latest first."""
    return Review.objects.filter(project__programme=programme).select_related("project")


def project_at(slug: str, number: int) -> QuerySet[Project]:
    """The project of that number at the place, to be reviewed here: the country's plan is reviewed on its own page."""
    found = Project.objects.standing().exclude(place__kind=Territory.Kind.COUNTRY)
    return found.filter(place__slug=slug, number=number).select_related("place", "programme")


def kind_asked(project: Project, asked: str = "") -> str:
    """The kind of review that was asked for; else the one that its dates call for."""
    if asked in Review.LOCAL:
        return asked
    is_over = project.ends_on is not None and project.ends_on < timezone.localdate()
    is_over |= project.programme.status != Programme.Status.ADOPTED
    return Review.Kind.END if is_over else Review.Kind.INCEPTION


def to_review(person: Person) -> QuerySet[Programme]:
    """The programmes in force on the territories that a person evaluates, without those that they belong to."""
    here, own = Q(pk__in=[]), []
    for grant in person.current_grants:
        if grant.role == Role.EVALUATOR:
            here |= Q(place__in=inside(grant.territory))
        else:
            own.append(grant.territory_id)
    seats = Seat.objects.held(timezone.localdate()).filter(person=person).values("committee__programme")
    found = Programme.objects.filter(here, status__in=Programme.IN_FORCE).exclude(place__kind=Territory.Kind.COUNTRY)
    return found.exclude(place__in=own).exclude(pk__in=seats)
