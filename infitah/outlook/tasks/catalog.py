"""What whoever runs a programme has to do, each deed once: its words, its door, and the day it is planned back from.

The days before a session of the council are those of domain.md 7: a month for the committee's validation, twenty days
for the agenda. Where no phase is planned yet, all is planned back from a session far enough ahead.
"""

from calendar import monthrange
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import Enum, auto

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from infitah.ground.accounts.models import Role
from infitah.ground.territories.models import Territory
from infitah.journey.programmes.models import Phase
from infitah.lib import dates

Words = str | Promise
RUNNING = {Role.FOCAL_POINT, Role.DEPUTY}
AHEAD = 150  # days that a programme takes from its axes to the council
SOON = 7


class Point(Enum):
    """A day of the programme from which deeds are planned back."""

    IDEAS_OPEN = auto()
    IDEAS_CLOSE = auto()
    ANSWERS_CLOSE = auto()
    DRAFT_OPENS = auto()
    DRAFT_CLOSES = auto()
    SITTING = auto()
    WORK_BEGINS = auto()
    EVALUATION_CLOSES = auto()


SAID: dict[Point, Words] = {
    Point.IDEAS_OPEN: gettext_lazy("the day the ideas open"),
    Point.IDEAS_CLOSE: gettext_lazy("the last day for ideas"),
    Point.ANSWERS_CLOSE: gettext_lazy("the last day for answers"),
    Point.DRAFT_OPENS: gettext_lazy("the opening of the consultation"),
    Point.DRAFT_CLOSES: gettext_lazy("the end of the consultation"),
    Point.SITTING: gettext_lazy("the council's ordinary session"),
    Point.WORK_BEGINS: gettext_lazy("the first day of the implementation"),
    Point.EVALUATION_CLOSES: gettext_lazy("the last day of the evaluation"),
}
USUAL = {  # days before the session, where nothing else is planned
    Point.IDEAS_OPEN: 140,
    Point.IDEAS_CLOSE: 115,
    Point.ANSWERS_CLOSE: 100,
    Point.DRAFT_OPENS: 75,
    Point.DRAFT_CLOSES: 45,
}


POINTS = {  # the phase, and whether its first or its last day
    Point.IDEAS_OPEN: (Phase.Kind.IDEAS, 0),
    Point.IDEAS_CLOSE: (Phase.Kind.IDEAS, 1),
    Point.ANSWERS_CLOSE: (Phase.Kind.ANALYSIS, 1),
    Point.DRAFT_OPENS: (Phase.Kind.CONSULTATION, 0),
    Point.DRAFT_CLOSES: (Phase.Kind.CONSULTATION, 1),
    Point.WORK_BEGINS: (Phase.Kind.IMPLEMENTATION, 0),
    Point.EVALUATION_CLOSES: (Phase.Kind.EVALUATION, 1),
}


@dataclass(frozen=True)
class Deed:
    """A deed of the cycle: what is done, what its button says, behind which door, how many days before which day."""

    text: Words
    action: Words
    door: str
    point: Point
    before: int = 0

    @property
    def is_in_session(self) -> bool:
        """Whether it is done in the session itself, of which the law names the month and no day."""
        return self.point is Point.SITTING and not self.before


DEEDS: dict[str, Deed] = {
    "axes": Deed(
        gettext_lazy("Word the priority axes, after the consultative body's opinion"),
        gettext_lazy("Word the axes"),
        "programmes:axes",
        Point.IDEAS_OPEN,
        10,
    ),
    "dates": Deed(
        gettext_lazy("Set the dates of the phases"),
        gettext_lazy("Set the dates"),
        "programmes:phases",
        Point.IDEAS_OPEN,
        14,
    ),
    "committee": Deed(
        gettext_lazy("Record the follow-up committee"),
        gettext_lazy("Record the committee"),
        "programmes:committee",
        Point.IDEAS_CLOSE,
    ),
    "workshop": Deed(
        gettext_lazy("Announce a workshop for those who do not write online"),
        gettext_lazy("Announce a workshop"),
        "meetings:announce",
        Point.IDEAS_CLOSE,
        14,
    ),
    "answer": Deed(
        gettext_lazy("Answer the ideas"), gettext_lazy("Answer them"), "projects:board", Point.ANSWERS_CLOSE
    ),
    "heed": Deed(
        gettext_lazy("Read what the committee proposes"),
        gettext_lazy("Read the proposals"),
        "ideas:inbox",
        Point.ANSWERS_CLOSE,
        7,
    ),
    "group": Deed(
        gettext_lazy("Group the ideas that say the same"),
        gettext_lazy("Look at the ideas"),
        "ideas:inbox",
        Point.ANSWERS_CLOSE,
        7,
    ),
    "propose": Deed(
        gettext_lazy("Propose answers to the ideas"),
        gettext_lazy("Look at the ideas"),
        "ideas:waiting",
        Point.ANSWERS_CLOSE,
        7,
    ),
    "draft": Deed(
        gettext_lazy("Write the projects, from the ideas kept"),
        gettext_lazy("Write a project"),
        "projects:board",
        Point.DRAFT_OPENS,
        14,
    ),
    "open": Deed(
        gettext_lazy("Open the draft to consultation"),
        gettext_lazy("Look at the draft"),
        "consultation:consultation",
        Point.DRAFT_OPENS,
    ),
    "hear": Deed(
        gettext_lazy("Announce a consultation workshop"),
        gettext_lazy("Announce a workshop"),
        "meetings:announce",
        Point.DRAFT_CLOSES,
        7,
    ),
    "reply": Deed(
        gettext_lazy("Reply to the opinions"), gettext_lazy("Reply to them"), "consultation:opinions", Point.SITTING, 37
    ),
    "validate": Deed(
        gettext_lazy("Record the committee's validation"),
        gettext_lazy("Record the validation"),
        "adoption:council",
        Point.SITTING,
        30,
    ),
    "agenda": Deed(
        gettext_lazy("Put the programme on the council's agenda"),
        gettext_lazy("Put on the agenda"),
        "adoption:council",
        Point.SITTING,
        20,
    ),
    "vote": Deed(
        gettext_lazy("Record the council's vote"), gettext_lazy("Record the vote"), "adoption:council", Point.SITTING
    ),
    "years": Deed(
        gettext_lazy("Set the dates of the implementation and the evaluation"),
        gettext_lazy("Set the dates"),
        "programmes:phases",
        Point.SITTING,
    ),
    "owners": Deed(
        gettext_lazy("Name the services in charge, who will report on the activities"),
        gettext_lazy("Name them"),
        "accounts:people",
        Point.WORK_BEGINS,
    ),
    "follow": Deed(
        gettext_lazy("Announce a meeting of the follow-up committee"),
        gettext_lazy("Announce a meeting"),
        "meetings:announce",
        Point.SITTING,
        30,
    ),
    "evaluate": Deed(
        gettext_lazy("Answer the evaluation"),
        gettext_lazy("Answer the questions"),
        "evaluation:evaluation",
        Point.EVALUATION_CLOSES,
    ),
}


def month_said(day: date) -> str:
    """“May 2027”."""
    return f"{dates.month(day)} {day.year}"


@dataclass(frozen=True)
class Task:
    """Something to do: in a few words, where, by when if there is a day (the last of a month where only the month is
    known); what that day is planned back from, and what the button says."""

    text: str
    url: str
    by: date | None = None
    note: str = ""
    why: str = ""
    action: str = ""
    place: Territory | None = None
    is_month: bool = False

    @property
    def is_late(self) -> bool:
        return self.by is not None and self.by < timezone.localdate()

    @property
    def on(self) -> str:
        """The day, or the month, in words."""
        if self.by is None:
            return ""
        return month_said(self.by) if self.is_month else dates.day(self.by)

    @property
    def kind(self) -> str:
        """How urgent, as a badge says it."""
        if self.by is None:
            return "part"
        days = (self.by - timezone.localdate()).days
        return "late" if days < 0 else "wait" if days <= SOON else "ok"

    @property
    def when(self) -> str:
        """“in 5 days”, “3 days late”."""
        if self.by is None:
            return _("as soon as you can")
        days = (self.by - timezone.localdate()).days
        if days in (0, 1) and not self.is_month:
            return _("tomorrow") if days else _("today")
        if days < 0:
            return ngettext("%(n)s day late", "%(n)s days late", -days) % {"n": -days}
        if self.is_month:
            return month_said(self.by)
        return ngettext("in %(n)s day", "in %(n)s days", days) % {"n": days}


def at(
    place: Territory,
    door: str,
    text: str,
    action: str,
    by: date | None = None,
    *more: int,
    note: str = "",
    why: str = "",
) -> Task:
    """Something to do behind one of the doors of a place; `more` are the other parts of its address."""
    return Task(text, reverse(door, args=[place.slug, *more]), by, note, why, action, place)


@dataclass(frozen=True)
class Calendar:
    """The days of a programme: those planned, and those planned back from the session of the council."""

    planned: dict[Point, date] = field(default_factory=dict)
    sitting: date | None = None

    def day(self, point: Point) -> date | None:
        """The day of a point; none where nothing is known to plan back from."""
        if point is Point.SITTING:
            return self.sitting
        if point in self.planned or self.sitting is None or point not in USUAL:
            return self.planned.get(point)
        return self.sitting - timedelta(days=USUAL[point])

    def due(self, deed: Deed) -> date | None:
        day = self.day(deed.point)
        return day - timedelta(days=deed.before) if day else None

    def why(self, deed: Deed) -> str:
        """What the day is planned back from, in words."""
        point = deed.point
        if point not in self.planned and point in USUAL:
            point = Point.SITTING
        day = self.day(point)
        if day is None:
            return ""
        if deed.is_in_session:
            return f"{_('The next ordinary session is held in')} {month_said(day)}"
        when = month_said(day) if point is Point.SITTING else dates.day(day)
        return _("Planned back from %(what)s: %(day)s") % {"what": SAID[point], "day": when}

    def task(self, name: str, place: Territory, *, text: str = "", note: str = "", by: date | None = None) -> Task:
        """A deed at a place; with its own words or day, if given."""
        deed = DEEDS[name]
        why = "" if by else self.why(deed)
        due = by or self.due(deed)
        is_month = due is not None and by is None and deed.is_in_session
        if due and is_month:
            due = due.replace(day=monthrange(due.year, due.month)[1])
        found = at(place, deed.door, text or str(deed.text), str(deed.action), due, note=note, why=why)
        return replace(found, is_month=is_month)
