from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import SearchVector
from django.db import transaction
from django.db.models import Count, F, Value
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from infitah.ground.accounts.models import Person
from infitah.ground.ledger import actions as ledger
from infitah.ground.territories.models import Territory
from infitah.journey.programmes.models import Axis, Programme
from infitah.journey.projects import actions as projects
from infitah.journey.projects.models import Project, Theme
from infitah.lib import text
from infitah.lib.errors import NotPossible, require
from infitah.lib.i18n import Localized, listed
from infitah.lib.states import lock, move, require_unchanged, sent_before

from . import queries, rules
from .models import PEERS, Adaptation, Practice, Review


@transaction.atomic
def share(
    place: Territory,
    *,
    by: Person | None,
    key: UUID,
    language: str,
    themes: Iterable[Theme] = (),
    project: Project | None = None,
    **words: str,
) -> Practice:
    """Begin a practice as a draft. The same key is the same practice, however often it is sent."""
    place = lock(place)
    require(rules.can_share(by, place))
    known = sent_before(Practice, key, author=by, place=place)
    if known:
        return known
    is_invented = bool(by and by.is_demonstration)
    practice = Practice(place=place, author=by, key=key, project=project, is_demonstration=is_invented)
    write(practice, language=language, **words)
    practice.save()
    practice.themes.set(themes)
    ledger.record("practice.drafted", by=by, on=practice, place=place, project=project.number if project else None)
    return practice


def write(practice: Practice, *, language: str, **words: str) -> None:
    """Put the words into a practice, cleaned and findable; the row is not written yet."""
    practice.language = language
    for name, said in words.items():
        setattr(practice, name, text.clean(said))
    told = [getattr(practice, name) for name in Practice.WORDS if name != "contact"]
    practice.search = SearchVector(Value(text.search_vector_text(*told)), config="simple")


@transaction.atomic
def begin_from(project: Project, *, by: Person | None, key: UUID) -> Practice:
    """Begin the practice of a finished project with what the project already tells; pressed twice, it is one."""
    project = lock(project)
    require(rules.can_share(by, project.place))
    born = Practice.objects.filter(project=project).first()
    if born:
        return born
    finished = rules.can_begin(by, project)
    require(finished, NotPossible(_("A practice is drawn from a project whose activities have all ended.")))
    language = queries.language_of(project, translation.get_language() or "ar")
    told = queries.told_by(project, language)
    return share(project.place, by=by, key=key, language=language, themes=project.themes.all(), project=project, **told)


@transaction.atomic
def redraft(
    practice: Practice, *, by: Person | None, language: str, themes: Iterable[Theme] = (), seen: str = "", **words: str
) -> Practice:
    """Word a practice anew, until its peers read it; `seen` is the mark of the words as the writer found them."""
    practice = hold(practice, by)
    words = {name: text.clean(said) for name, said in words.items()}
    require_unchanged(practice, seen, {"language": language, "themes": themes, **words})
    write(practice, language=language, **words)
    practice.save()
    practice.themes.set(themes)
    ledger.record("practice.redrafted", by=by, on=practice, place=practice.place)
    return practice


def hold(practice: Practice, by: Person | None) -> Practice:
    """Hold a practice that may still be worded, or say why it may not."""
    practice = lock(practice)
    require(rules.can_share(by, practice.place))
    handed_in = NotPossible(_("This practice has been handed in: its words stay as its peers read them."))
    require(rules.can_redraft(by, practice), handed_in)
    return practice


@transaction.atomic
def hand_in(practice: Practice, *, by: Person | None) -> Practice:
    """Give a practice to its peers to read."""
    practice = hold(practice, by)
    needed = {
        "problem": _("the problem"),
        "done": _("what was done"),
        "change": _("what it changed"),
        "evidence": _("the evidence"),
        "conditions": _("the conditions elsewhere"),
        "contact": _("whom to ask"),
    }
    left = [name for field, name in needed.items() if not getattr(practice, field)]
    require(not left, NotPossible(_("Before peers read it, write: %(left)s.") % {"left": listed(left)}))
    move(practice, Practice.Status.IN_REVIEW, handed_in_at=timezone.now(), reviewer=None)
    ledger.record("practice.handed_in", by=by, on=practice, place=practice.place)
    return practice


@transaction.atomic
def ask(practice: Practice, *, by: Person | None, reviewer: Person) -> Practice:
    """Ask a peer to read a practice that waits; the peer is told."""
    practice = lock(practice)
    require(rules.can_ask(by, practice))
    fits = NotPossible(_("Ask a focal point or a coach of another collectivity, and never the author."))
    require(rules.is_peer(reviewer, practice), fits)
    if practice.reviewer_id != reviewer.pk:
        practice.reviewer = reviewer
        practice.save(update_fields=["reviewer"])
        ledger.record("practice.asked_for", by=by, on=practice, place=practice.place)
    return practice


@transaction.atomic
def review(
    practice: Practice,
    *,
    by: Person,
    key: UUID,
    is_clear: str,
    is_useful: str,
    is_proved: str,
    is_ready: bool,
    said: str,
    language: str,
) -> Review:
    """A peer's word: ready, and it is published; not yet, and it goes back with advice. The same key is one word."""
    practice = lock(practice)
    known = sent_before(Review, key, by=by, practice=practice)
    if known:
        return known
    late = NotPossible(_("Another peer has just read this practice: reload the page to see what was said."))
    require(practice.status == Practice.Status.IN_REVIEW, late)
    require(rules.can_review(by, practice))
    said = text.clean(said)
    require(bool(said), NotPossible(_("Say in a few words why: the author and everyone else read it.")))
    place = next(grant.territory for grant in by.current_grants if grant.role in PEERS)
    given: dict[str, Any] = {"is_clear": is_clear, "is_useful": is_useful, "is_proved": is_proved, "is_ready": is_ready}
    given |= {"text": said, "language": language, "key": key, "place": place}
    made = Review.objects.create(practice=practice, by=by, **given)
    if is_ready:
        move(practice, Practice.Status.PUBLISHED, published_at=practice.published_at or timezone.now())
    else:
        move(practice, Practice.Status.SENT_BACK)
    verb = "practice.published" if is_ready else "practice.sent_back"
    ledger.record(verb, by=by, on=practice, place=practice.place, review=made.pk)
    return made


@transaction.atomic
def withdraw(practice: Practice, *, by: Person | None, reason: str) -> Practice:
    """Take a practice back, and say why; what others made of it stays."""
    practice = lock(practice)
    require(rules.can_share(by, practice.place) or (by is not None and by.is_national))
    require(rules.can_withdraw(by, practice), NotPossible(_("This practice has been withdrawn already.")))
    reason = text.clean(reason)
    require(bool(reason), NotPossible(_("Say why it is withdrawn: everyone reads it.")))
    move(practice, Practice.Status.WITHDRAWN, withdrawn_reason=reason)
    ledger.record("practice.withdrawn", by=by, on=practice, place=practice.place)
    return practice


@transaction.atomic
def take_up(practice: Practice, *, by: Person | None) -> Practice:
    """Word a withdrawn practice anew; its peers read it again before it is published."""
    practice = lock(practice)
    require(rules.can_share(by, practice.place))
    require(rules.can_take_up(by, practice), NotPossible(_("This practice is not withdrawn.")))
    move(practice, Practice.Status.DRAFT, withdrawn_reason="")
    ledger.record("practice.taken_up", by=by, on=practice, place=practice.place)
    return practice


@transaction.atomic
def adapt(practice: Practice, *, by: Person, programme: Programme, axis: Axis | None = None) -> Adaptation:
    """Begin a project from a practice in one's own programme, once; pressed twice, it is the same project."""
    practice = lock(practice)
    known = Adaptation.objects.filter(practice=practice, programme=programme).select_related("project").first()
    require(rules.can_adapt(by, practice) or known is not None)
    if known:
        return known
    require(by.is_focal_point_of(programme.place) and programme.place_id != practice.place_id)
    require(not programme.is_frozen, NotPossible(queries.why_closed(programme)))
    project = projects.draft(programme, by=by, axis=axis, **seed(practice))
    made = Adaptation.objects.create(practice=practice, programme=programme, project=project, by=by)
    Practice.objects.filter(pk=practice.pk).update(adaptation_count=F("adaptation_count") + 1)
    told = {"practice": practice.pk, "project": project.number, "into": programme.place.code}
    ledger.record("practice.adapted", by=by, on=practice, place=practice.place, **told)
    return made


def seed(practice: Practice) -> dict[str, Any]:
    """What the new project begins with; its focal point then words it for its own place."""
    code = queries.code_for(practice)
    words = {"title": practice.title, "problem": practice.problem, "solution": practice.done}
    seeds: dict[str, Any] = {name: Localized({code: said}) if said else Localized() for name, said in words.items()}
    with translation.override(code):
        told = {"place": practice.place.name, "change": practice.change}
        seeds["results"] = Localized({code: _("What it changed in %(place)s: %(change)s") % told})
    areas = practice.project.policy_areas.offered() if practice.project else []
    return {**seeds, "themes": practice.themes.all(), "policy_areas": areas, "adapted_from": practice.project}


@transaction.atomic
def recount(practice: Practice) -> int:
    """Put the count of adaptations right, from the adaptations themselves."""
    practice = lock(practice)
    found: int = practice.adaptations.aggregate(n=Count("pk"))["n"]
    Practice.objects.filter(pk=practice.pk).update(adaptation_count=found)
    return found
