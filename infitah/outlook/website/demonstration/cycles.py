"""The calendars of other members, by the dates of their cohort (facts.json), and how far each of them gets."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from infitah.ground.accounts.models import Person
from infitah.ground.territories.models import Territory
from infitah.journey.ideas.models import Idea
from infitah.journey.programmes.models import Axis, Phase, Programme
from infitah.journey.projects.models import Activity, Project
from infitah.lib.i18n import Localized

FATES = ["ideas", "drafting", "consulted", "postponed", "rejected", "adopted", "evaluated"]


@dataclass(frozen=True)
class Dates:
    """The calendar of a cohort (facts.json), or of a second cycle that goes on now."""

    name: Localized
    prepared: date
    ideas: tuple[date, date]
    consultation: tuple[date, date]
    council: tuple[date, date]
    implementation: tuple[date, date]

    def phases(self) -> list[tuple[str, date, date]]:
        day = timedelta(days=1)
        ended = self.implementation[1]
        return [
            (Phase.Kind.IDEAS, *self.ideas),
            (Phase.Kind.ANALYSIS, self.ideas[1] + day, self.consultation[0] - day),
            (Phase.Kind.CONSULTATION, *self.consultation),
            (Phase.Kind.COUNCIL, *self.council),
            (Phase.Kind.IMPLEMENTATION, *self.implementation),
            (Phase.Kind.EVALUATION, ended + day, ended + 90 * day),
        ]


COHORTS = {
    1: Dates(
        Localized(ar="الفوج الأول، الدورة الأولى", fr="Premier groupe, premier cycle"),
        date(2023, 1, 16),
        (date(2023, 2, 28), date(2023, 6, 18)),
        (date(2023, 7, 10), date(2023, 9, 3)),
        (date(2023, 9, 15), date(2023, 11, 15)),
        (date(2024, 1, 1), date(2025, 12, 31)),
    ),
    2: Dates(
        Localized(ar="الفوج الثاني، الدورة الأولى", fr="Deuxième groupe, premier cycle"),
        date(2024, 2, 5),
        (date(2024, 3, 1), date(2024, 5, 12)),
        (date(2024, 5, 27), date(2024, 6, 30)),
        (date(2024, 10, 1), date(2024, 12, 15)),
        (date(2025, 1, 1), date(2026, 12, 31)),
    ),
    3: Dates(
        Localized(ar="الفوج الثالث، الدورة الأولى", fr="Troisième groupe, premier cycle"),
        date(2025, 2, 3),
        (date(2025, 3, 1), date(2025, 3, 31)),
        (date(2025, 6, 1), date(2025, 6, 30)),
        (date(2025, 9, 1), date(2025, 10, 31)),
        (date(2026, 1, 1), date(2027, 12, 31)),
    ),
}


def first_day(prepared: date) -> date:
    """The day on which the cycle starts that a programme belongs to: those prepared in the same year share one."""
    return date(prepared.year, 1, 1)


def last_day(implemented: date) -> date:
    """The end of the year in which programmes of a cycle are evaluated."""
    return date(implemented.year + 1, 12, 31)


def second_cycle(today: date, opened_ago: int) -> Dates:
    """A cycle of the first cohort in which ideas were opened so many days ago."""
    first = today - timedelta(days=opened_ago)

    def span(begins: int, ends: int) -> tuple[date, date]:
        return first + timedelta(days=begins), first + timedelta(days=ends)

    name = Localized(ar="الفوج الأول، الدورة الثانية", fr="Premier groupe, deuxième cycle")
    prepared = first - timedelta(days=25)
    return Dates(name, prepared, span(0, 28), span(60, 90), span(120, 150), span(160, 890))


@dataclass
class Cycle:
    """One member's cycle, and what its acts hand on to one another."""

    place: Territory
    dates: Dates
    fate: str
    turn: int  # which of the words are this member's
    national: Person
    ideas: list[tuple[dict[str, Any], Idea]] = field(default_factory=list)
    projects: dict[str, Project] = field(default_factory=dict)
    activities: list[Activity] = field(default_factory=list)
    programme: Programme = field(init=False)
    axes: list[Axis] = field(init=False)
    runner: Person = field(init=False)
    civil: Person = field(init=False)

    def at(self, day: date, hour: int = 10) -> datetime:
        """A moment of that day; each member has its own minute."""
        return timezone.make_aware(datetime.combine(day, time(hour, self.turn * 7 % 60)))

    def reaches(self, fate: str) -> bool:
        return FATES.index(self.fate) >= FATES.index(fate)

    def pick(self, words: list[Any], offset: int = 0) -> Any:
        return words[(self.turn + offset) % len(words)]
