"""Every indicator once: what it is called, what it counts, out of what, and from which dated records."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from infitah.ground.territories.models import Territory
from infitah.lib.i18n import Localized
from infitah.outlook.counts import queries as counts
from infitah.outlook.counts.queries import ENOUGH, Counts, Found, Spread

FEW = 5  # rates on fewer than this are shown as counts
Counting = Callable[[date], Found | Counts]


@dataclass(frozen=True)
class Indicator:
    """A figure: a count, a count out of another (`of`), or a median of days (`spread`)."""

    code: str
    name: Promise
    definition: Promise
    source: str  # the ledger's action behind it
    counts: Counting
    of: tuple[Counting, Promise] | None = None  # and what those are
    spread: Callable[[date], Spread] | None = None
    per: int = 100  # a rate is told per so many
    asked: Counting | None = None  # of whom some did not answer; told of enough people only
    door: str = ""  # the page of a place that shows what is counted there, where the list would be of one line

    @property
    def is_official(self) -> bool:
        """Of MO0065, the national commitment; its names are not ours to change."""
        return self.code.startswith(("PI", "II"))

    @property
    def is_personal(self) -> bool:
        """Of people and what they said of themselves: nothing is told that would point to a few."""
        return self.asked is not None


INDICATORS: list[Indicator] = [
    Indicator(
        "PI1",
        _("Collectivities that have joined"),
        _("Collectivities that agreed to the charter and have not left, out of all collectivities of the country."),
        "charter.signed",
        counts.members,
        (counts.collectivities, _("collectivities")),
        door="membership:member",
    ),
    Indicator(
        "PI1a",
        _("Collectivities that joined within the year"),
        _("Collectivities that agreed to the charter in the last twelve months and were not members before."),
        "charter.signed",
        counts.new_members,
        door="membership:member",
    ),
    Indicator(
        "PI2",
        _("Members supported"),
        _(
            "Members that attended or held a training or workshop, or were helped by a coach, in the last twelve "
            "months, out of all members."
        ),
        "registration.checked_in",
        counts.supported,
        (counts.members, _("members")),
        door="meetings:meetings",
    ),
    Indicator(
        "PI3",
        _("Programmes drawn up"),
        _("Programmes validated by a committee or adopted by a council, out of the programmes begun."),
        "programme.validated",
        counts.programmes_developed,
        (counts.programmes_begun, _("programmes begun")),
    ),
    Indicator(
        "PI4",
        _("Programmes adopted"),
        _("Programmes adopted by the council, with date and document, out of those drawn up."),
        "programme.adopted",
        counts.programmes_adopted,
        (counts.programmes_developed, _("programmes drawn up")),
    ),
    Indicator(
        "II1",
        _("Members where openness has become a rule"),
        format_lazy(
            _("Members that show at least {least} of the six signs below; each sign is told by itself as well."),
            least=ENOUGH,
        ),
        "programme.adopted",
        counts.institutionalised,
        (counts.members, _("members")),
    ),
    Indicator(
        "II1a",
        _("Members with an adopted programme"),
        _("First sign that openness has become a rule: an openness programme adopted by the council."),
        "programme.adopted",
        counts.members_adopting,
        (counts.members, _("members")),
        door="adoption:council",
    ),
    Indicator(
        "II1b",
        _("Members whose committee met in the last six months"),
        _("Second sign: a meeting of the follow-up committee on record in the last 183 days."),
        "meeting.announced",
        counts.committee_met,
        (counts.members, _("members")),
        door="meetings:meetings",
    ),
    Indicator(
        "II1c",
        _("Members with a focal point in post"),
        _("Third sign: somebody answers for the programme today."),
        "role.granted",
        counts.focal_point_in_post,
        (counts.members, _("members")),
        door="membership:member",
    ),
    Indicator(
        "II1d",
        _("Members that heard their consultative bodies"),
        _("Fourth sign: a dated opinion of the consultative bodies on the priority axes."),
        "axes.worded",
        counts.consultative_opinion,
        (counts.members, _("members")),
        door="spaces:programme",
    ),
    Indicator(
        "II1e",
        _("Members that published in the last six months"),
        _("Fifth sign: a document of their own on their page in the last 183 days."),
        "document.published",
        counts.published_lately,
        (counts.members, _("members")),
        door="spaces:documents",
    ),
    Indicator(
        "II1f",
        _("Members that reported on the year"),
        _("Sixth sign: an annual report of the last twelve months, declared with its document or its page."),
        "evidence.declared",
        counts.reported_on_the_year,
        (counts.members, _("members")),
        door="commitments:commitments",
    ),
    Indicator(
        "II2",
        _("Projects completed"),
        _("Projects all of whose activities are completed with public evidence, out of the projects adopted."),
        "activity.reported",
        counts.projects_done,
        (counts.projects_adopted, _("projects adopted")),
    ),
    Indicator(
        "II2a",
        _("Members in OGP Local"),
        _("Members with commitments of their own in an OGP Local action plan, known by their numbers, out of all."),
        "project.drafted",
        counts.members_in_ogp_local,
        (counts.members, _("members")),
        door="spaces:space",
    ),
    Indicator(
        "II2b",
        _("Projects that feed a national commitment"),
        _("Projects that bear the number of a commitment of the country's own plan, out of the projects adopted."),
        "project.drafted",
        counts.projects_feeding,
        (counts.projects_adopted, _("projects adopted")),
    ),
    Indicator(
        "P1",
        _("Ideas given"),
        _("Published ideas of member communes, for every 10,000 inhabitants (census of 2024)."),
        "idea.submitted",
        counts.ideas_of_communes,
        (counts.inhabitants, _("inhabitants")),
        per=10_000,
    ),
    Indicator(
        "P2",
        _("Ideas given online"),
        _("Ideas given on the site, out of all published ideas: those of workshops and paper count the same."),
        "idea.submitted",
        counts.ideas_online,
        (counts.ideas, _("ideas")),
    ),
    Indicator(
        "P3",
        _("Answer rate"),
        _("Ideas answered with a published reason, out of those received at least 30 days ago."),
        "idea.decided",
        counts.ideas_due_answered,
        (counts.ideas_due, _("ideas received 30 days ago or earlier")),
    ),
    Indicator(
        "P4",
        _("Days to an answer"),
        _("The median of the days between the receipt of an idea and its answer."),
        "idea.decided",
        counts.ideas_answered,
        spread=counts.days_to_answer,
    ),
    Indicator(
        "P5",
        _("Ideas taken up"),
        _("Ideas that an adopted project was drawn from, out of the ideas answered."),
        "idea.decided",
        counts.ideas_taken_up,
        (counts.ideas_answered, _("ideas answered")),
    ),
    Indicator(
        "P6a",
        _("Women among participants"),
        _("Of those who came to meetings and said their gender. Nobody has to say."),
        "registration.checked_in",
        counts.women,
        (counts.who_said_gender, _("participants who said")),
        asked=counts.participants,
    ),
    Indicator(
        "P6b",
        _("Young people among participants"),
        _("Under 35, of those who came to meetings and said their age band. Nobody has to say."),
        "registration.checked_in",
        counts.young,
        (counts.who_said_age, _("participants who said")),
        asked=counts.participants,
    ),
    Indicator(
        "P6c",
        _("Participants from rural communes"),
        _("Of those who came to meetings and whose commune is known: the one they came for, else that of the meeting."),
        "registration.checked_in",
        counts.rural,
        (counts.of_a_known_commune, _("participants whose commune is known")),
        asked=counts.participants,
    ),
    Indicator(
        "P6d",
        _("Persons with disabilities among participants"),
        _("Of those who came to meetings and answered the question. Nobody has to answer."),
        "registration.checked_in",
        counts.disabled,
        (counts.who_said_disability, _("participants who said")),
        asked=counts.participants,
    ),
    Indicator(
        "X1",
        _("Activities completed"),
        _("Activities completed with public evidence, out of those due by now."),
        "activity.reported",
        counts.activities_due_done,
        (counts.activities_due, _("activities due")),
    ),
    Indicator(
        "X2",
        _("Days of delay"),
        _("The median of the days between the planned and the actual end of completed activities."),
        "activity.reported",
        counts.activities_completed,
        spread=counts.days_late,
    ),
    Indicator(
        "X3",
        _("Projects that report"),
        _("Projects with a report in the last 120 days, out of the projects under way."),
        "activity.reported",
        counts.projects_up_to_date,
        (counts.projects_running, _("projects under way")),
    ),
    Indicator(
        "X4",
        _("Completed with proof"),
        _("Completed activities with at least one public piece of evidence, out of all completed."),
        "evidence.added",
        counts.activities_proved,
        (counts.activities_completed, _("activities completed")),
    ),
    Indicator(
        "E1",
        _("Programmes evaluated by both sides"),
        _("Programmes evaluated by the collectivity and by civil society, out of the programmes that have ended."),
        "evaluation.published",
        counts.programmes_evaluated,
        (counts.programmes_ended, _("programmes ended")),
    ),
]
SIGNS = [indicator for indicator in INDICATORS if indicator.code.startswith("II1") and indicator.code != "II1"]
BY_CODE = {indicator.code: indicator for indicator in INDICATORS}
DISPARITY = ["PI4", "P3", "X1"]  # D1: the widest gap between regions, and between town and country, in these


# -- what figures are broken down by ---------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """A collectivity, with all that figures are broken down by."""

    pk: int
    name: Localized
    slug: str
    code: str
    kind: str
    region: str  # its slug
    milieu: str
    cohort: str
    band: str
    own_kind: str  # as the register has it: `kind` counts prefectures among the provinces

    @property
    def kind_told(self) -> str:
        return str(Territory.Kind(self.own_kind).label)


def band_of(population: int) -> str:
    """The size class of a commune."""
    return next((band for band, (below, _name) in BANDS.items() if population < below), "")


BANDS = {  # communes by size: fewer inhabitants than, and the name
    "small": (10_000, _("Under 10,000 inhabitants")),
    "middle": (35_000, _("10,000 to 35,000")),
    "large": (100_000, _("35,000 to 100,000")),
    "city": (10**9, _("100,000 and more")),
}


BREAKDOWNS: dict[str, tuple[Promise, Callable[[Place], str]]] = {  # heading, and the group of a place
    "region": (_("By region"), lambda place: place.region),
    "type": (_("By type"), lambda place: place.kind),
    "milieu": (_("Urban and rural communes"), lambda place: place.milieu),
    "cohort": (_("By cohort"), lambda place: place.cohort),
    "band": (_("By size of commune"), lambda place: place.band),
}


def group_names(known: dict[int, Place]) -> dict[str, dict[str, Any]]:
    """The groups of each breakdown in their order, and their names."""
    regions = {place.slug: place.name for place in known.values() if place.kind == Territory.Kind.REGION}
    cohorts = sorted({place.cohort for place in known.values() if place.cohort})
    return {
        "region": regions,
        "type": {"region": _("Regions"), "province": _("Prefectures and provinces"), "commune": _("Communes")},
        "milieu": {"urban": _("Urban"), "rural": _("Rural")},
        "cohort": {number: gettext("Cohort %(number)s") % {"number": number} for number in cohorts},
        "band": {band: name for band, (_below, name) in BANDS.items()},
    }
