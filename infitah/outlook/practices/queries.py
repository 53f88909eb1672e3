"""Questions about practices: which are there, which are alike, what a finished project already tells of one."""

from dataclasses import dataclass
from typing import Any, TypedDict

from django.contrib.postgres.search import SearchQuery
from django.db.models import Count, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from infitah.ground.accounts.models import RUNNERS, Person, RoleGrant
from infitah.ground.areas.models import PolicyArea
from infitah.ground.territories.models import Territory
from infitah.journey.ideas.queries import words
from infitah.journey.monitoring import queries as monitoring
from infitah.journey.monitoring.models import Evidence
from infitah.journey.programmes.models import Programme
from infitah.journey.programmes.queries import current_programme, cycles_to_begin
from infitah.journey.projects.models import Activity, Project, Target, Theme
from infitah.lib import dates, text
from infitah.lib.i18n import Localized, elided
from infitah.lib.lists import page_before
from infitah.network.membership.queries import REGION

from .models import PEERS, Adaptation, Practice, Review

PAGE = 20
COUNTED = 1000  # beyond this a filtered list says "more than"
ALIKE = 200  # candidates that are weighed for likeness


class Filters(TypedDict, total=False):
    """What the list of practices is narrowed to; empty values narrow nothing."""

    q: str
    theme: int | None
    area: int | None
    region: int | None
    language: str


@dataclass(frozen=True)
class PracticePage:
    """One page of the list, where the next page begins, and how many practices the whole list has."""

    practices: list[Practice]
    before: int | None
    total: int

    @property
    def is_more_than(self) -> bool:
        """Whether there are more than were counted."""
        return self.total > COUNTED

    @property
    def shown_total(self) -> int:
        return min(self.total, COUNTED)


def to_show() -> QuerySet[Practice]:
    """Practices with what a card of them names."""
    found = Practice.objects.select_related("place__parent__parent").prefetch_related("themes")
    return found.defer("search", "place__outline", "place__parent__outline", "place__parent__parent__outline")


def to_read() -> QuerySet[Practice]:
    """Practices with all that their page names."""
    return to_show().select_related("project__programme", "project__place", "author", "reviewer")


def asked_of(person: Person) -> QuerySet[Practice]:
    """The practices that the person is asked to read, and that still wait for a peer's word."""
    return to_show().filter(reviewer=person, status=Practice.Status.IN_REVIEW).order_by("handed_in_at")


def published_page(filters: Filters, *, before: int | None = None) -> PracticePage:
    """A page of what is published, latest first; as many queries at any size."""
    found = Practice.objects.public()
    if filters.get("theme"):
        found = found.filter(themes=filters["theme"])
    if filters.get("area"):
        found = found.filter(project__policy_areas=filters["area"])
    if filters.get("language"):
        found = found.filter(language=filters["language"])
    if filters.get("region"):
        found = found.annotate(region=REGION).filter(region=filters["region"])
    if text.search_query(filters.get("q", "")):
        found = found.filter(search=words(filters["q"]))
    total = found.order_by()[: COUNTED + 1].count()
    return PracticePage(*shown(found, before), total)


def shown(found: QuerySet[Practice], before: int | None) -> tuple[list[Practice], int | None]:
    """A page of these, each once, with what their cards name; and where the next begins."""
    return page_before(to_show().filter(pk__in=found.values("pk")), before, PAGE)


def of_place(place: Territory, *, are_drafts_seen: bool, before: int | None = None) -> PracticePage:
    """The practices of a place: those published, and all of them for whoever writes them."""
    found = Practice.objects.filter(place=place)
    if not are_drafts_seen:
        found = found.public()
    return PracticePage(*shown(found, before), found.count())


def waiting(reader: Person, *, before: int | None = None) -> PracticePage:
    """Practices that wait for the word of a peer, those this reader was asked to read first on their own list."""
    places = [grant.territory_id for grant in reader.current_grants]
    found = Practice.objects.filter(status=Practice.Status.IN_REVIEW)
    if not reader.is_national:
        found = found.exclude(place__in=places)
    page, last = shown(found, before)
    page.sort(key=lambda practice: practice.reviewer_id != reader.pk)
    return PracticePage(page, last, found.count())


def is_reader(person: Person | None) -> bool:
    """Whether practices that wait concern this person: peers of members, and the national team."""
    return person is not None and (person.is_national or any(one.role in PEERS for one in person.current_grants))


def reviews_of(practice: Practice) -> list[Review]:
    """What peers said, latest first."""
    return list(practice.reviews.select_related("place").defer("place__outline"))


def adaptations_of(practice: Practice) -> list[Adaptation]:
    """The projects that others began from it, latest first."""
    found = practice.adaptations.select_related("project__place", "project__programme")
    return list(found.defer("project__place__outline")[:100])


def adapted_by(place: Territory) -> list[Adaptation]:
    """What a place took up from others, latest first."""
    found = Adaptation.objects.filter(programme__place=place).select_related("practice__place", "project__place")
    return list(found.defer("practice__place__outline", "practice__search", "project__place__outline")[:50])


def similar(practice: Practice, *, limit: int = 4) -> list[Practice]:
    """Published practices that share themes, or words of the title and the problem: a shared theme weighs three."""
    asked = [word for word in text.fold(f"{practice.title} {practice.problem}").split() if len(word) > 3][:12]
    themes = {theme.pk for theme in practice.themes.all()}
    alike = Q(themes__in=themes)
    if asked:
        alike |= Q(search=SearchQuery(" | ".join(asked), config="simple", search_type="raw"))
    found = Practice.objects.public().filter(alike).exclude(pk=practice.pk).order_by("-pk").values("pk").distinct()
    weighed = sorted(to_show().filter(pk__in=found[:ALIKE]), key=lambda one: -weight(one, set(asked), themes))
    return weighed[:limit]


def weight(practice: Practice, asked: set[str], themes: set[int]) -> int:
    """How much it shares: three for a theme, one for a word."""
    shared = len(themes & {theme.pk for theme in practice.themes.all()})
    return 3 * shared + len(asked & set(text.fold(f"{practice.title} {practice.problem}").split()))


def themes_in_use() -> QuerySet[Theme]:
    """The themes that a published practice has."""
    return Theme.objects.filter(practices__status=Practice.Status.PUBLISHED).distinct().order_by("id")


def areas_in_use() -> QuerySet[PolicyArea]:
    """The policy areas of the projects that published practices were born from."""
    return PolicyArea.objects.filter(projects__practice__status=Practice.Status.PUBLISHED).distinct()


def regions() -> QuerySet[Territory]:
    return Territory.objects.filter(kind=Territory.Kind.REGION).defer("outline").order_by("code")


def peers(practice: Practice) -> QuerySet[RoleGrant]:
    """Who can be asked to read it, coaches first: one role each."""
    held = RoleGrant.objects.current().filter(role__in=PEERS, person__is_active=True)
    from_there = RoleGrant.objects.current().filter(territory=practice.place_id).values("person")
    held = held.exclude(person__in=from_there).exclude(person=practice.author_id)
    return held.select_related("person", "territory").defer("territory__outline").order_by("role", "territory__code")


# -- born from a project -----------------------------------------------------------------------


def is_finished(project: Project) -> bool:
    """Whether nothing of it is left to do: in a programme in force, all activities ended, one at least completed."""
    if project.status == Project.Status.DROPPED or project.programme.status not in Programme.IN_FORCE:
        return False
    found = project.activities.aggregate(
        completed=Count("pk", filter=Q(status=Activity.Status.COMPLETED)),
        left=Count("pk", filter=~Q(status__in=monitoring.FINISHED)),
    )
    return bool(found["completed"]) and not found["left"]


def language_of(project: Project, wanted: str) -> str:
    """The language in which the practice of a project begins: the one wanted, if the project speaks it."""
    return wanted if project.title.get(wanted) else project.title.lang


def told_by(project: Project, language: str) -> dict[str, Any]:
    """What a project already says of the practice born from it, in one language: the fields to begin with."""

    def said(*texts: Localized | str) -> str:
        return "\n".join(filter(None, (one.get(language) or str(one) for one in texts if one)))  # type: ignore[union-attr]

    with translation.override(language):
        return {
            "title": said(project.title)[:200],
            "problem": said(project.problem),
            "done": "\n".join(filter(None, [said(project.solution), *activities_said(project, language)])),
            "cost": cost_said(project),
            "people": "\n".join(filter(None, [said(project.service, project.partners), ideas_said(project)])),
            "change": "\n".join(
                filter(None, [said(project.results, project.change), *targets_said(project, language)])
            ),
            "evidence": "\n".join(evidence_said(project)),
            "contact": said(project.service)[:200],
        }


def activities_said(project: Project, language: str) -> list[str]:
    """What was completed, and when."""
    done = project.activities.filter(status=Activity.Status.COMPLETED).order_by("number")
    return [
        f"– {one.title.get(language) or one.title}" + (f" ({dates.day(one.ended_on)})" if one.ended_on else "")
        for one in done
    ]


def cost_said(project: Project) -> str:
    """The money that was planned, and where it came from."""
    budget = (
        _("%(amount)s dirhams planned") % {"amount": f"{project.budget:,.0f}".replace(",", " ")}
        if project.budget
        else ""
    )
    return " · ".join(filter(None, [budget, str(project.get_funding_display()) if project.funding else ""]))


def ideas_said(project: Project) -> str:
    """How many residents' ideas it was drawn from."""
    ideas = project.sources.standing().count()
    said = ngettext(
        "It began with %(count)s idea from residents.", "It began with %(count)s ideas from residents.", ideas
    )
    return said % {"count": ideas} if ideas else ""


def targets_said(project: Project, language: str) -> list[str]:
    """Each indicator: where it began, and where it was read last."""
    lines = []
    for target in Target.objects.filter(project=project).prefetch_related("readings"):
        read = [reading.value for reading in target.readings.all()][:1]
        values = [target.baseline, *(read or [_("%(value)s to reach") % {"value": target.target}])]
        lines.append(
            f"– {target.name.get(language) or target.name}: {' → '.join(filter(None, values))} {target.unit}".strip()
        )
    return lines


def evidence_said(project: Project) -> list[str]:
    """The published pieces of evidence, by what they show."""
    return [f"– {proof.caption} ({dates.day(proof.at)})" for proof in proofs_of(project)[:20]]


def proofs_of(project: Project) -> QuerySet[Evidence]:
    """The published evidence of a project, oldest first."""
    return monitoring.PROOFS.filter(activity__project=project).select_related("activity").order_by("pk")


@dataclass(frozen=True)
class Around:
    """How a project stands to practices: the one born from it, and the one it was adapted from."""

    practice: Practice | None
    adapted: Adaptation | None


def around(project: Project) -> Around:
    """For the public page of a project; whether the practice may be read yet is for the rules to say."""
    born = Practice.objects.filter(project=project).select_related("place")
    came = Adaptation.objects.filter(project=project).select_related("practice__place")
    return Around(born.first(), came.first())


# -- adapted elsewhere -------------------------------------------------------------------------


def run_by(person: Person | None) -> list[Territory]:
    """The places whose programme the person runs, each once."""
    grants = person.current_grants if person else []
    return list({grant.territory_id: grant.territory for grant in grants if grant.role in RUNNERS}.values())


def programmes_of(person: Person, practice: Practice) -> list[Programme]:
    """The current programmes of the places that the person runs, but for the practice's own, open ones first."""
    places = [place for place in run_by(person) if place.pk != practice.place_id]
    found = [programme for place in places if (programme := current_programme(place))]
    return sorted(found, key=lambda programme: (programme.is_frozen, programme.place.code))


def why_closed(programme: Programme) -> str:
    """Why a practice cannot be adapted in this programme now, and when it can."""
    cycle = cycles_to_begin(programme.place).order_by("starts_on").first()
    told = {"place": programme.place, "step": programme.get_status_display()}
    said = elided(_("The programme of %(place)s is at the step “%(step)s”: its projects no longer change.") % told)
    if cycle is None:
        when = _("You can adapt this practice in your next programme, once the network has planned its cycle.")
    elif cycle.starts_on > timezone.localdate():
        when = _("You can adapt this practice in the next programme, from %(day)s on.") % {
            "day": dates.day(cycle.starts_on)
        }
    else:
        when = _("A new cycle is open to you: begin its programme, then adapt this practice in it.")
    return f"{said} {when}"


def code_for(practice: Practice) -> str:
    """Under which language of officials' texts the words of a practice are kept in a project."""
    known = {"ar": "ar", "ary": "ar", "fr": "fr", "zgh": "zgh", "en": "en"}
    is_arabic = bool(text.ARABIC.search(practice.title))
    return known.get(practice.language, "ar" if is_arabic else "fr")


def is_taken_up(practice: Practice, programme: Programme) -> bool:
    """Whether the programme has adapted it already."""
    return Adaptation.objects.filter(practice=practice, programme=programme).exists()
