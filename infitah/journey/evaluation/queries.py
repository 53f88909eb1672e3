from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from infitah.ground.territories.models import Territory
from infitah.journey.monitoring.queries import apart, apart_said
from infitah.journey.programmes.models import Phase, Programme
from infitah.journey.programmes.queries import phase_of
from infitah.lib.i18n import Localized
from infitah.lib.states import mark, mark_of

from .models import Answer, Criterion, Evaluation, Grid

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
