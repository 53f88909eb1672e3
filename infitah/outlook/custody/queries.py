"""What became of a contribution, read from all stages."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Prefetch, Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from infitah.ground.accounts.models import Person
from infitah.ground.areas.queries import in_order as areas_in_order
from infitah.ground.moderation.models import Moderated
from infitah.ground.territories.models import Territory
from infitah.journey.adoption import queries as adoption
from infitah.journey.adoption.models import Sitting, Validation
from infitah.journey.consultation.models import Draft, Opinion
from infitah.journey.evaluation.models import Evaluation
from infitah.journey.evaluation.queries import reviews_of
from infitah.journey.ideas.models import Idea, Outcome, Support
from infitah.journey.monitoring import queries as monitoring
from infitah.journey.monitoring.models import Evidence, Rating, Report
from infitah.journey.programmes.models import Programme
from infitah.journey.programmes.queries import cycle_part
from infitah.journey.projects.models import Activity, OgpValue, Principle, Project, Source

SHOWN = Moderated.Visibility.SHOWN


@dataclass(frozen=True)
class Step:
    """A station on the way of a contribution: reached, or still ahead."""

    key: str
    name: str
    at: date | datetime | None = None
    is_done: bool = True
    text: str = ""
    language: str = ""  # of the text, where a person wrote it
    url: str = ""


def trail(idea: Idea) -> list[Step]:
    """The way of one idea, from receipt to evaluation; stations that may still come are not done."""
    if idea.status == Idea.Status.WITHDRAWN:
        by = _("Taken back: it was entered by mistake") if idea.is_entered else _("Taken back by its author")
        return [*_received(idea), Step("withdrawn", by)]
    return [*_received(idea), _answered(idea), *_followed(idea)]


def _received(idea: Idea) -> list[Step]:
    steps = [Step("received", _("Received"), idea.received_at, text=str(idea.get_channel_display()))]
    if idea.visibility == Moderated.Visibility.HELD:
        waits = _("Someone looks at it before it is published; it has its number and loses nothing by it.")
        steps.append(Step("held", _("Waiting for a look"), is_done=False, text=waits))
    if idea.lead is not None:
        with_others = _("Answered together with idea %(number)s, which says the same.") % {"number": idea.lead.number}
        steps.append(
            Step("grouped", _("Grouped with similar ideas"), text=with_others, url=address(idea.lead, idea.place.slug))
        )
    return steps


def _answered(idea: Idea) -> Step:
    decision = idea.answer
    if decision is None:
        awaited = _("Every idea gets an answer with its reason, which everyone can read.")
        return Step("answered", _("Answered"), is_done=False, text=awaited)
    name = str(Outcome(decision.outcome).label)
    return Step("answered", name, decision.at, text=decision.reason, language=decision.language)


def _followed(idea: Idea) -> list[Step]:
    """The stations after the answer; none for an idea that was not kept."""
    if idea.outcome not in {"", Outcome.KEPT}:
        return []
    drawn = sources_of(idea)
    if not drawn:
        return _ahead("project", "consulted", "adopted", "delivered", "evaluated")
    projects = [source.project for source in drawn]
    programme, slug = projects[0].programme, idea.place.slug
    return [
        *_kept(drawn, slug),
        _consulted(programme, projects, slug),
        *_validated(programme, slug),
        _adopted(programme, slug),
        *_delivered(projects),
        _evaluated(programme, slug),
    ]


def sources_of(idea: Idea) -> list[Source]:
    """What ties an idea, or the one that leads its group, to the projects that stand, each of them once."""
    drawn = Source.objects.standing().filter(idea__in=[idea.pk, idea.lead_id])
    return list(drawn.select_related("project__programme__place").order_by("project_id", "id").distinct("project_id"))


def _kept(drawn: list[Source], slug: str) -> list[Step]:
    """Into each project, on the day on which the idea was drawn on."""
    return [
        Step(
            "project",
            _("In a project"),
            source.at,
            text=str(source.project),
            language=source.project.title.lang,
            url=address(source.project, slug),
        )
        for source in drawn
    ]


def _ahead(*keys: str) -> list[Step]:
    names = {
        "project": _("In a project"),
        "consulted": _("Project put to consultation"),
        "adopted": _("Project adopted by the council"),
        "delivered": _("Project done, with proof"),
        "evaluated": _("Project evaluated"),
    }
    return [Step(key, names[key], is_done=False) for key in keys]


def _consulted(programme: Programme, projects: list[Project], slug: str) -> Step:
    drafts = Draft.objects.filter(programme=programme, is_consulted=True).defer("contents")
    draft = drafts.order_by("version").last()
    if draft is None:
        return _ahead("consulted")[0]
    opinions = Opinion.objects.public().filter(project__in=projects).aggregate(all=Sum("people"))["all"] or 0
    heard = ngettext("%(count)s opinion given", "%(count)s opinions given", opinions) % {"count": opinions}
    version = _("Version %(version)s") % {"version": draft.version}
    url = reverse("consultation:project", args=[slug, projects[0].number])
    return Step("consulted", _("Project put to consultation"), draft.frozen_at, text=f"{version} · {heard}", url=url)


def _validated(programme: Programme, slug: str) -> list[Step]:
    validation = Validation.objects.filter(programme=programme).order_by("id").last()
    if validation is None:
        return []
    council = reverse("adoption:council", args=[slug])
    return [Step("validated", _("Validated by the follow-up committee"), validation.validated_on, url=council)]


def _adopted(programme: Programme, slug: str) -> Step:
    vote = adoption.adopted(programme)
    if vote is None:
        return _ahead("adopted")[0]
    council = reverse("adoption:council", args=[slug])
    if vote.sitting.kind == Sitting.Kind.ELSEWHERE:
        return Step(
            "adopted", _("In force since"), vote.sitting.sits_on, text=vote.sitting.get_kind_display(), url=council
        )
    text = f"{vote.votes_told} · {_('deliberation')} {vote.number}"
    return Step("adopted", _("Project adopted by the council"), vote.sitting.sits_on, text=text, url=council)


def _delivered(projects: list[Project]) -> list[Step]:
    """Under way from the first activity that starts; delivered once all that were not abandoned are done with proof."""
    proofs = Count("evidence", filter=Q(evidence__visibility=SHOWN))
    found = list(Activity.objects.filter(project__in=projects).annotate(proofs=proofs))
    begun = [each.started_on for each in found if each.started_on]
    under_way = [Step("under_way", _("Under way"), min(begun))] if begun else []
    kept = [each for each in found if each.status != Activity.Status.ABANDONED]
    done = [each for each in kept if each.status == Activity.Status.COMPLETED and each.proofs]
    if not kept or len(done) < len(kept):
        told = ngettext("%(done)s of %(all)s activity done", "%(done)s of %(all)s activities done", len(kept))
        text = told % {"done": len(done), "all": len(kept)}
        return [*under_way, Step("delivered", _("Project done, with proof"), is_done=False, text=text if kept else "")]
    ended = [each.ended_on for each in done if each.ended_on]
    count = sum(each.proofs for each in done)
    shown = ngettext("%(count)s piece of evidence", "%(count)s pieces of evidence", count) % {"count": count}
    return [*under_way, Step("delivered", _("Project done, with proof"), max(ended, default=None), text=shown)]


def _evaluated(programme: Programme, slug: str) -> Step:
    published = Evaluation.objects.filter(programme=programme, status=Evaluation.Status.PUBLISHED)
    at = published.aggregate(at=Min("published_at"))["at"]
    if at is None:
        return _ahead("evaluated")[0]
    url = reverse("spaces:programme", args=[slug]) + "#evaluation"
    both = _("By the collectivity and by civil society, side by side")
    return Step("evaluated", _("Project evaluated"), at, text=both, url=url)


def address(thing: Idea | Project, slug: str) -> str:
    """Where the public page of an idea or of a project is."""
    return reverse(f"custody:{type(thing).__name__.lower()}", args=[slug, thing.number])


def with_milestones(ideas: QuerySet[Idea]) -> QuerySet[Idea]:
    """The ideas with `is_in_project`, `is_adopted`, `is_delivered`: the short trail of a card, in the same query."""
    sources = Source.objects.standing().filter(Q(idea=OuterRef("pk")) | Q(idea=OuterRef("lead")))
    left = Activity.objects.filter(project=OuterRef("project")).exclude(
        status__in=[Activity.Status.COMPLETED, Activity.Status.ABANDONED]
    )
    done = Activity.objects.filter(
        Exists(Evidence.objects.filter(activity=OuterRef("pk"), visibility=SHOWN)),
        project=OuterRef("project"),
        status=Activity.Status.COMPLETED,
    )
    return ideas.annotate(
        is_in_project=Exists(sources),
        is_adopted=Exists(sources.filter(project__programme__status__in=Programme.IN_FORCE)),
        is_delivered=Exists(sources.filter(~Exists(left), Exists(done))),
    )


def milestones(idea: Any) -> list[Step]:
    """The short trail of an idea read by `with_milestones`: received, answered, project, adopted, done."""
    is_answered = idea.status == Idea.Status.DECIDED
    steps = [Step("received", _("Received"), idea.received_at), Step("answered", _("Answered"), is_done=is_answered)]
    if idea.outcome not in {"", Outcome.KEPT}:
        return steps
    return [
        *steps,
        Step("project", _("In a project"), is_done=idea.is_in_project),
        Step("adopted", _("Project adopted"), is_done=idea.is_adopted),
        Step("delivered", _("Project done"), is_done=idea.is_delivered),
    ]


def sources(project: Project) -> QuerySet[Idea]:
    """And back: the published ideas that a project was drawn from, those grouped under them included."""
    drawn = Source.objects.filter(project=project, idea__outcome=Outcome.KEPT)
    return (
        Idea.objects.public()
        .filter(Q(Exists(drawn.filter(idea=OuterRef("pk")))) | Q(Exists(drawn.filter(idea=OuterRef("lead")))))
        .order_by("-support_count", "id")
    )


def ideas_to_read() -> QuerySet[Idea]:
    """Ideas with all that their page names."""
    found = Idea.objects.select_related("place", "programme__place", "axis", "workshop", "lead", "organisation")
    return found.defer("place__outline", "programme__place__outline", "search")


def by_receipt(receipt: str) -> Idea | Opinion | None:
    """What was given against this receipt: an idea or an opinion."""
    opinions = Opinion.objects.select_related("draft__programme__place", "project__place", "reply")
    return ideas_to_read().filter(receipt=receipt).first() or opinions.filter(receipt=receipt).first()


def place_of(thing: Idea | Opinion) -> Territory:
    """Where it was given."""
    return thing.place if isinstance(thing, Idea) else thing.draft.programme.place


def is_supported(idea: Idea, person: Person | None, device: str) -> bool:
    """Whether this reader, known by account or else by device, supports the idea."""
    if person is None and not device:
        return False
    mine: dict[str, Any] = {"person": person} if person else {"device": device, "person": None}
    return Support.objects.filter(idea=idea, **mine).exists()


def group_of(idea: Idea) -> QuerySet[Idea]:
    """The other published ideas that say the same and were answered with it."""
    lead = idea.lead_id or idea.pk
    return Idea.objects.public().filter(Q(lead=lead) | Q(pk=lead)).exclude(pk=idea.pk).order_by("id")


def opinion_steps(opinion: Opinion) -> list[Step]:
    """The way of an opinion: received, answered, and what the council made of the programme."""
    draft, programme = opinion.draft, opinion.draft.programme
    version = _("On version %(version)s of the programme") % {"version": draft.version}
    steps = [Step("received", _("Received"), opinion.given_at, text=version)]
    if opinion.visibility == Moderated.Visibility.HELD:
        steps.append(Step("held", _("Waiting for a look"), is_done=False))
    reply = getattr(opinion, "reply", None)
    if reply is None and opinion.says_something:
        steps.append(Step("answered", _("Answered"), is_done=False))
    elif reply:
        name = _("Taken up") if reply.is_taken_up else _("Not taken up")
        steps.append(Step("answered", name, reply.at, text=reply.text, language=reply.language))
    return [*steps, _adopted(programme, programme.place.slug)]


# -- the page of a project ---------------------------------------------------------------------------


def projects_to_read() -> QuerySet[Project]:
    """Projects with all that their page names."""
    found = Project.objects.select_related("place", "programme", "axis", "adapted_from__place")
    return found.defer("place__outline", "adapted_from__place__outline")


def activities(project: Project) -> list[Any]:
    """The activities of a project, with published `proofs`, how each is `judged`, and what was last `said` of it."""
    shown = Prefetch("evidence", monitoring.PROOFS, to_attr="proofs")
    said = Prefetch("reports", Report.objects.order_by("-id")[:1], to_attr="said")
    found = list(monitoring.activities_of(project.programme).filter(project=project).prefetch_related(shown, said))
    ratings = monitoring.ratings_of(found)
    words = latest_words(project)
    for activity in found:
        activity.judged = ratings[activity.pk]  # type: ignore[attr-defined]
        activity.words = words[activity.pk]  # type: ignore[attr-defined]
    return found


def latest_words(project: Project) -> dict[int, list[Rating]]:
    """The explanations given with the latest rating of each side, by activity."""
    shown = Rating.objects.filter(activity__project=project, visibility=SHOWN)
    latest = shown.exclude(side=Rating.Side.CITIZEN)
    words: dict[int, list[Rating]] = defaultdict(list)
    for rating in latest.order_by("activity_id", "side", "-id").distinct("activity_id", "side"):
        if rating.text:
            words[rating.activity_id].append(rating)
    return words


def stances(project: Project) -> list[tuple[str, int]]:
    """How many people agree, agree with changes, disagree; every word, also where nobody said it."""
    given = Opinion.objects.filter(project=project).public().order_by("stance")
    counted = dict(given.values_list("stance").annotate(Sum("people")))
    return [(str(stance.label), counted.get(stance, 0)) for stance in Opinion.Stance]


def project_page(project: Project) -> dict[str, Any]:
    """All that the page of a project shows beside the project itself."""
    found = activities(project)
    rated = monitoring.ratings(project)
    given = (
        Opinion.objects.filter(project=project)
        .public()
        .select_related("reply", "author", "organisation", "workshop", "project")
    )
    ideas = sources(project)
    said, values = dict(Principle.choices), dict(OgpValue.choices)
    return {
        "activities": found,
        "rated": rated,
        "reviews": reviews_of(project),
        "evidence": [proof for activity in found for proof in activity.proofs][:24],
        "targets": list(project.targets.prefetch_related(Prefetch("readings", to_attr="read"))),
        "sources": list(ideas[:20]),
        "source_count": ideas.count(),
        "stances": stances(project),
        "opinions": list(given.order_by("-id")[:10]),
        "principles": [said[key] for key in project.principles if key in said],
        "ogp_values": [values[key] for key in project.ogp_values if key in values],
        "areas": areas_in_order(project.policy_areas.all()),
        "drafts": list(Draft.objects.filter(programme=project.programme_id).defer("contents").order_by("version")),
        "cycle": cycle_part(project.programme),
        "adoption": adoption.adopted(project.programme),
    }
