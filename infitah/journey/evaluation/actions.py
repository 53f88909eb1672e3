from collections.abc import Mapping
from contextlib import ExitStack
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from infitah.ground.accounts.models import Person
from infitah.ground.ledger import actions as ledger
from infitah.ground.territories.models import Territory
from infitah.journey.programmes.models import Programme
from infitah.journey.projects.models import Project
from infitah.lib import files
from infitah.lib.errors import NotAllowed, NotPossible, Overtaken, require
from infitah.lib.states import lock, mark_of, move, sent_before
from infitah.lib.text import clean, print_of

from . import queries, rules
from .models import Answer, Criterion, Evaluation, Finding, Review


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


# -- independent reviews -------------------------------------------------------------------------------


@transaction.atomic
def review(
    project: Project,
    *,
    by: Person,
    kind: str,
    reviewer: str,
    reviewed_on: date,
    key: UUID,
    findings: Mapping[str, Mapping[str, Any]] | None = None,
    **said: Any,
) -> Review:
    """Publish what a reviewer independent of the collectivity judges; every review before it stays as it was.

    `said` are the judgements by the name of their scale, `source`, `words` and `lessons`; `findings` is what each
    judgement rests on: explanation, language, link, file.
    """
    project, findings = lock(project), findings or {}
    require_reviewer(project, by)
    known = sent_before(Review, key, by=by, project=project)
    if known:
        return known
    to_come = _("This day is still to come: record it once it has happened.")
    require(reviewed_on <= timezone.localdate(), NotPossible(to_come))
    require_judged(project, kind, said, findings)
    before = queries.judged(project.reviews.all())
    given = {"kind": kind, "reviewer": clean(reviewer), "reviewed_on": reviewed_on, "key": key}
    with ExitStack() as kept:
        made = Review.objects.create(project=project, by=by, **given, **said)
        for scale, finding in findings.items():
            rest(made, scale, finding, kept)
        now = queries.judged(project.reviews.all())
        changes = {name: [before.get(name, ""), step] for name, step in now.items() if step != before.get(name, "")}
        told = {"review": made.pk, "kind": kind, "reviewed_on": str(reviewed_on), "changes": changes}
        told |= {"source_sha256": print_of(made.source)} if made.source else {}
        ledger.record("project.reviewed", by=by, on=project, place=project.place, **told)
    return made


def require_reviewer(project: Project, by: Person | None) -> None:
    """Go on only for whoever may review the project; else refuse with the sentence that fits."""
    own = _("You belong to this collectivity: its projects are reviewed by somebody independent of it.")
    require(not rules.belongs(by, project), NotAllowed(own))
    require(rules.reviews_at(by, project.place))
    early = _("A project is reviewed once the council has adopted its programme.")
    require(rules.is_reviewable(project), NotPossible(early))


def require_judged(
    project: Project, kind: str, said: Mapping[str, Any], findings: Mapping[str, Mapping[str, Any]]
) -> None:
    """A review judges on the scales of its kind; one that is written here on all of them, and explains each."""
    is_local = project.place.kind != Territory.Kind.COUNTRY
    require(kind in (Review.LOCAL if is_local else Review.OF_THE_PLAN), NotPossible())
    judged = {name for name in queries.SCALES if said.get(name)}
    require(judged <= set(queries.JUDGED[kind]), NotPossible())
    require(bool(judged), NotPossible(_("A review judges something: give at least one of its answers.")))
    if is_local:
        explained = {scale for scale, finding in findings.items() if finding["explanation"].strip()}
        whole = _("Each question is answered with a judgement and an explanation: they are published together.")
        require(judged == explained == set(queries.JUDGED[kind]), NotPossible(whole))
        lacks = kind == Review.Kind.END and not said.get("lessons")
        require(not lacks, NotPossible(_("Say at least one lesson for those who go on.")))


def rest(review: Review, scale: str, finding: Mapping[str, Any], kept: ExitStack) -> Finding:
    """Write down what a judgement rests on; its file goes again if anything fails before `kept` is left."""
    file: files.Checked | None = finding.get("file")
    name = kept.enter_context(files.kept(file, "evaluation"))
    return Finding.objects.create(
        review=review,
        scale=scale,
        explanation=clean(finding["explanation"]),
        language=finding.get("language", "ar"),
        link=finding.get("link", ""),
        file=name,
        file_sha256=file.sha256 if file else "",
    )
