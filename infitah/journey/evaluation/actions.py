from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from infitah.ground.accounts.models import Person
from infitah.ground.ledger import actions as ledger
from infitah.journey.programmes.models import Programme
from infitah.lib import files
from infitah.lib.errors import NotPossible, Overtaken, require
from infitah.lib.states import lock, mark_of, move
from infitah.lib.text import clean

from . import queries, rules
from .models import Answer, Criterion, Evaluation


@transaction.atomic
def open(programme: Programme, *, by: Person) -> dict[str, Evaluation]:
    """Open the same grid to both sides. Opened again, it is the same."""
    programme = lock(programme)
    require(rules.can_open(by, programme))
    known = queries.evaluations_of(programme)
    if known:
        return known
    require(queries.is_due(programme), NotPossible(_("The evaluation opens with its phase, after the implementation.")))
    grid = queries.grid_in_force()
    if grid is None:
        raise NotPossible(_("No evaluation grid is in force yet."))
    opened = {side: Evaluation.objects.create(programme=programme, grid=grid, side=side) for side in Evaluation.Side}
    ledger.record("evaluation.opened", by=by, on=programme, place=programme.place, grid=grid.version)
    return {side.value: evaluation for side, evaluation in opened.items()}


@transaction.atomic
def answer(
    evaluation: Evaluation,
    *,
    by: Person,
    criterion: Criterion,
    rating: str,
    explanation: str,
    language: str = "ar",
    link: str = "",
    file: files.Checked | None = None,
    seen: str = "",
) -> Answer:
    """Answer one question for one's side; answered again, the newer answer stands. A file sent before is kept.

    `seen` is the mark of the answer that the writer had before them: another one is not overwritten unread.
    """
    evaluation = lock(evaluation)
    require(rules.is_of(by, evaluation))
    is_open = evaluation.status == Evaluation.Status.OPEN
    require(is_open, NotPossible(_("These answers have been filed: they no longer change.")))
    require(criterion.grid_id == evaluation.grid_id, NotPossible())
    require(bool(explanation.strip()), NotPossible(_("Explain the rating in a few words: it is published with it.")))
    words = {"rating": rating, "explanation": clean(explanation), "link": link}
    known = evaluation.answers.filter(criterion=criterion).first()
    stands = queries.mark_of_answer(known)
    require(seen in ("", stands) or mark_of(words) == stands, Overtaken(stands))
    said = {**words, "language": language, "by": by}
    with files.kept(file, "evaluation") as name:
        if file:
            said |= {"file": name, "file_sha256": file.sha256}
        given, _is_new = Answer.objects.update_or_create(evaluation=evaluation, criterion=criterion, defaults=said)
        place, number = evaluation.programme.place, criterion.number
        ledger.record("criterion.answered", by=by, on=evaluation, place=place, side=evaluation.side, criterion=number)
    return given


@transaction.atomic
def file(evaluation: Evaluation, *, by: Person) -> Evaluation:
    """File one side's answers. With the second side's, both are published together and the programme is evaluated."""
    programme = lock(evaluation.programme)
    evaluation = lock(evaluation)
    require(rules.is_of(by, evaluation))
    if evaluation.status != Evaluation.Status.OPEN:  # filed already: a second click
        return evaluation
    left = queries.unanswered(evaluation)
    missing = ngettext("One question is left to answer.", "%(count)s questions are left to answer.", left) % {
        "count": left
    }
    require(left == 0, NotPossible(missing))
    move(evaluation, Evaluation.Status.FILED)
    evaluation.filed_at, evaluation.filed_by = timezone.now(), by
    evaluation.save(update_fields=["filed_at", "filed_by"])
    ledger.record("evaluation.filed", by=by, on=evaluation, place=programme.place, side=evaluation.side)
    both = list(Evaluation.objects.select_for_update().filter(programme=programme))
    if all(each.status == Evaluation.Status.FILED for each in both):
        publish(programme, both, by)
        evaluation.refresh_from_db()
    return evaluation


def publish(programme: Programme, both: list[Evaluation], by: Person) -> None:
    """Show both sides' answers to everyone at the same moment. The rows are held."""
    now = timezone.now()
    for each in both:
        move(each, Evaluation.Status.PUBLISHED)
        each.published_at = now
        each.save(update_fields=["published_at"])
    move(programme, Programme.Status.EVALUATED)
    ledger.record("evaluation.published", by=by, on=programme, place=programme.place)
