from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from infitah.ground.ledger import queries as ledger
from infitah.ground.ledger.models import Entry
from infitah.ground.territories import queries as territories
from infitah.ground.territories.models import Territory
from infitah.journey.adoption.models import Deliberation
from infitah.journey.ideas.models import Idea
from infitah.journey.programmes.models import Phase, Programme
from infitah.journey.programmes.queries import current_programme, open_now
from infitah.journey.projects.models import Project
from infitah.lib import text
from infitah.lib.lists import cut
from infitah.network.meetings.models import Meeting
from infitah.network.membership.models import Adhesion, Cohort, Member, Type
from infitah.network.membership.queries import KINDS, PRESENT, REGION
from infitah.outlook.practices.models import Practice
from infitah.outlook.sentences.queries import Line, in_words
from infitah.outlook.spaces.models import Document

PAGE = 25
NO_PROGRAMME = "none"  # the step of a member that has not begun one
OUTLINES = ["place__outline", "place__parent__outline", "place__parent__parent__outline"]  # long, and not listed
LATEST = Programme.objects.order_by("place_id", "-cycle__starts_on", "-id").distinct("place").values("pk")
Choices = list[tuple[str, Any]]


# -- what the list can be narrowed to --------------------------------------------------------------


def choices() -> dict[str, Choices]:
    """What each filter can be set to."""
    regions = Territory.objects.filter(kind=Territory.Kind.REGION).order_by("code").values_list("slug", "name")
    return {
        "region": [(slug, str(name)) for slug, name in regions],
        "kind": Type.choices,
        "milieu": [("urban", _("Urban")), ("rural", _("Rural"))],
        "cohort": [(str(number), label) for number, label in Cohort.objects.values_list("number", "label")],
        "step": [(NO_PROGRAMME, _("No programme yet")), *Programme.Status.choices],
        "open": [(Phase.Kind.IDEAS, _("For ideas")), (Phase.Kind.CONSULTATION, _("For opinions"))],
        "status": [(value, label) for value, label in Member.Status.choices if value != Member.Status.ADMITTED],
    }


def directory(chosen: Mapping[str, Any]) -> QuerySet[Member]:
    """Members in the order of the register, each with `step` (the status of its latest programme, None without one)
    and `programme` (its key), narrowed by `q`, `region` (a slug), `kind`, `milieu` (urban or rural), `cohort` (a
    number), `step`, `open` (the kind of a phase) and `status`; empty values narrow nothing, but that those who left
    are shown only when asked for."""
    members = Member.objects.filter(status__in=[chosen["status"]] if chosen.get("status") else PRESENT)
    members = members.filter(Q(place__programmes=None) | Q(place__programmes__in=LATEST))
    members = members.annotate(step=F("place__programmes__status"), programme=F("place__programmes"))
    for word in text.fold(chosen.get("q") or "").split():
        members = members.filter(place__search__contains=word)
    if chosen.get("region"):
        region = Territory.objects.filter(slug=chosen["region"], kind=Territory.Kind.REGION).first()
        members = members.filter(place__in=territories.inside(region)) if region else members.none()
    if chosen.get("kind"):
        members = members.filter(place__kind__in=KINDS[chosen["kind"]])
    if chosen.get("milieu"):
        members = members.filter(place__is_urban=chosen["milieu"] == "urban")
    if chosen.get("cohort"):
        members = members.filter(cohort__number=chosen["cohort"])
    if chosen.get("step"):
        members = members.filter(step=None if chosen["step"] == NO_PROGRAMME else chosen["step"])
    if chosen.get("open"):
        members = members.filter(programme__in=open_now(chosen["open"]).values("programme"))
    return members.order_by("place__code")


def listed(members: QuerySet[Any]) -> QuerySet[Any]:
    """With all that a line of the list says."""
    return members.select_related("place__parent__parent", "cohort").defer(*OUTLINES)


@dataclass(frozen=True)
class MemberPage:
    """One page of the directory: its members, the code after which the next page begins, and how many in all."""

    members: list[Member]
    after: str
    total: int


def directory_page(chosen: Mapping[str, Any], *, after: str = "") -> MemberPage:
    """The members after a code, a page at a time."""
    members = directory(chosen)
    shown, last = cut(listed(members).filter(place__code__gt=after), PAGE)
    for member in shown:
        member.step_said = step_said(member)
    return MemberPage(shown, last.place.code if last else "", members.count())


def step_said(member: Any) -> str:
    """The step that a member of `directory` has reached, in words."""
    return str(Programme.Status(member.step).label) if member.step else _("No programme yet")


def by_region(chosen: Mapping[str, Any]) -> dict[int, int]:
    """How many of the members so narrowed lie in each region, the region itself included, by the key of the region."""
    counted = directory(chosen).annotate(region=REGION).values_list("region").annotate(n=Count("pk"))
    return dict(counted.values_list("region", "n").order_by())


def table(chosen: Mapping[str, Any]) -> Iterator[list[str]]:
    """The directory as the rows of a spreadsheet, its header first."""
    yield [
        *(_("Code"), "ar", "fr", _("Type"), _("Province"), _("Region"), _("Milieu"), _("Population"), _("Cohort")),
        *(_("Member since"), _("Status"), _("Step of the programme"), _("Demonstration")),
    ]
    for member in listed(directory(chosen)).iterator(chunk_size=500):
        yield _row(member)


def _row(member: Member) -> list[str]:
    place = member.place
    above = {way.kind: str(way.name) for way in (place.parent, place.parent and place.parent.parent) if way}
    province = above.get("province", "") or above.get("prefecture", "")
    milieu = {True: _("urban"), False: _("rural"), None: ""}[place.is_urban]
    return [
        *(place.code, place.name.get("ar", ""), place.name.get("fr", ""), place.get_kind_display()),
        *(province, above.get("region", ""), milieu, str(place.population or ""), member.cohort.label),
        *(str(member.joined_on or ""), member.get_status_display(), step_said(member)),
        _("yes") if member.is_demonstration else "",
    ]


# -- since it joined -------------------------------------------------------------------------------

# What a member's story is made of; what residents give, and every small change, stand in the register.
STORY = [
    *("application.submitted", "application.accepted"),
    *("member.admitted", "charter.signed", "member.rested", "member.woken", "member.left", "role.handed_over"),
    *("meeting.held", "programme.prepared", "axes.worded", "committee.set_up", "phase.opened"),
    *("draft.opened", "programme.validated", "programme.scheduled", "programme.adopted", "programme.acknowledged"),
    *("programme.postponed", "programme.rejected", "programme.closed", "evaluation.published"),
    *("mission.begun", "mission.reported", "mission.judged", "mission.cut_short"),
    *("minutes.published", "evidence.declared", "practice.published", "practice.adapted"),
]
# When it happened, where that was told apart.
DAYS = ["changed_on", "signed_on", "set_up_on", "validated_on", "sits_on", "held_on"]
PLANNED = {"programme.scheduled"}  # tells of a day to come
MOST = 1000  # moments of a story; a member has some tens


@dataclass(frozen=True)
class Moment:
    """One line of the story: the day on which it happened, and the entry in words."""

    on: date
    line: Line


@dataclass(frozen=True)
class Counted:
    """A number, what it counts, and the list it counts."""

    number: int
    text: str
    url: str


def member_of(slug: str) -> Member:
    """The member at that place, whether or not it has left. Raises Http404 where there is none."""
    members = Member.objects.select_related("place__parent__parent", "cohort").defer(*OUTLINES)
    return get_object_or_404(members.exclude(joined_on=None), place__slug=slug)


def story(member: Member, *, before: int | None = None) -> tuple[list[Moment], int | None]:
    """A page of what the member has done, by the day it happened, latest first; and the entry before which the next
    page begins."""
    told = ledger.latest(member.place.code).filter(action__in=STORY)[:MOST]
    days = sorted(((_day(entry), entry.pk, entry) for entry in told), key=lambda one: one[:2], reverse=True)
    begins = next((turn + 1 for turn, (_on, number, _entry) in enumerate(days) if number == before), 0)
    shown = days[begins : begins + PAGE]
    lines = in_words([entry for _on, _number, entry in shown])
    moments = [Moment(on, line) for (on, _number, _entry), line in zip(shown, lines, strict=True)]
    return moments, shown[-1][1] if len(days) > begins + PAGE else None


def _day(entry: Entry) -> date:
    """The day on which it happened; the ledger tells when it was recorded."""
    told = entry.particulars
    days = [] if entry.action in PLANNED else [told[name] for name in DAYS if told.get(name)]
    return datetime.fromisoformat(days[0]).date() if days else timezone.localdate(entry.at)


def counts(member: Member) -> list[Counted]:
    """What there is of the member, each number with the list that it counts."""
    place, slug = member.place, member.place.slug
    ideas = Idea.objects.filter(place=place).public().aggregate(all=Count("pk"), answered=Count("decided_at"))
    projects = Project.objects.filter(programme=current_programme(place)).standing().count()
    votes = Deliberation.objects.filter(programme__place=place).count()
    found = [
        (Adhesion.objects.filter(member=member).count(), _signed, reverse("membership:member", args=[slug])),
        (Meeting.objects.filter(place=place).count(), _meetings, reverse("meetings:meetings", args=[slug])),
        (ideas["all"], _ideas, reverse("ideas:list", args=[slug])),
        (ideas["answered"], _answered, reverse("ideas:list", args=[slug]) + "?state=answered"),
        (projects, _projects, reverse("spaces:programme", args=[slug])),
        (votes, _votes, reverse("adoption:council", args=[slug])),
        (Practice.objects.filter(place=place).public().count(), _practices, reverse("practices:of_place", args=[slug])),
        (Document.objects.filter(place=place).count(), _documents, reverse("spaces:documents", args=[slug])),
    ]
    return [Counted(number, said(number), url) for number, said, url in found if number]


def _signed(n: int) -> str:
    return ngettext("version of the charter signed", "versions of the charter signed", n)


def _meetings(n: int) -> str:
    return ngettext("meeting announced", "meetings announced", n)


def _ideas(n: int) -> str:
    return ngettext("idea from residents", "ideas from residents", n)


def _answered(n: int) -> str:
    return ngettext("idea answered with a reason", "ideas answered with a reason", n)


def _projects(n: int) -> str:
    return ngettext("project of its latest programme", "projects of its latest programme", n)


def _votes(n: int) -> str:
    return ngettext("time on the council’s agenda", "times on the council’s agenda", n)


def _practices(n: int) -> str:
    return ngettext("good practice published", "good practices published", n)


def _documents(n: int) -> str:
    return ngettext("document published", "documents published", n)
