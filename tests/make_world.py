"""Makes something of everything that is published."""

from datetime import date
from typing import Any

from django.utils import timezone

from infitah.journey.consultation.models import Opinion, Reply
from infitah.journey.evaluation.models import Answer, Evaluation, Grid, Review
from infitah.journey.programmes.models import Programme
from tests import make, make_calls, make_organisations

REVIEW: dict[str, Any] = {
    "kind": "results",
    "reviewed_on": date(2026, 6, 1),
    "source": "https://example.org/review",
    "completion": "substantial",
    "words": {"fr": "Bien avancé"},
}


def evaluated(programme: Programme, status: str) -> Answer:
    """A question answered by civil society."""
    grid = Grid.objects.first() or Grid.objects.create(version=1)
    criterion = grid.criteria.first() or grid.criteria.create(number=1, block={"fr": "A"}, question={"fr": "B"})
    filed = Evaluation.objects.create(programme=programme, grid=grid, side="civil", status=status)
    return Answer.objects.create(evaluation=filed, criterion=criterion, rating="limited", explanation="Peu.")


def a_whole_world() -> None:
    """Something in every data set, by people whose names must not be found in any."""
    programme = make.programme(status="adopted")
    author = make.person("Zoubida", full_name="Zoubida Secret")
    idea = make.idea(
        programme, author=author, pseudonym="Zoubida", status="decided", outcome="kept", decided_at=timezone.now()
    )
    make_calls.call()
    make.mission(programme.place, "running", coach=make.coach("Zoubida", is_named=True))
    make.registration(make.meeting(programme.place), person=author, name="Zoubida")
    make.declaration(programme.place, by=author)
    signed = {"charter": make.charter(), "signed_on": "2025-02-01", "recorded_by": author}
    programme.place.membership.adhesions.create(signatory="Zoubida Secret", **signed)
    idea.decisions.create(outcome="kept", reason="Retenue.", by=author)
    project = make.project(programme)
    project.policy_areas.add(make.area())
    make.source(project, idea)
    make_organisations.organisation(programme.place, by=author)
    make.opinion(make.draft(programme), pseudonym="Zoubida", author=author)
    Reply.objects.create(opinion=Opinion.objects.get(), is_taken_up=True, text="Retenue.", by=author)
    evaluated(programme, "published")
    activity = make.activity(project)
    activity.ratings.create(side="civil", completion="limited", by=author)
    activity.ratings.create(side="citizen", completion="complete", by=author)
    practice = make.practice(status="published", author=author)
    practice.adaptations.create(programme=programme, project=project)
    make.answer(make.question(make.focal_point(make.place(), "Zoubida")))
    project.changes.create(changes={"title": [{"fr": "Parc"}, {"fr": "Jardin"}]}, reason="Précisé.", by=author)
    shifted = make.phase(programme, "council")
    shifted.shifts.create(opens_at=shifted.opens_at, reason="Session déplacée.", by=author)
    review = Review.objects.create(project=project, reviewer="Zoubida Secret", by=author, **REVIEW)
    review.findings.create(scale="completion", explanation="Presque tout est fait.", language="fr")
    make.deliberation(
        programme, outcome="adopted", votes_for=9, votes_against=0, abstentions=0, number="1", document_sha256="0"
    )
