"""The desks behind which a programme is worked on, each once: its name, its address, who works there, when."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from infitah.journey.consultation.queries import consulted
from infitah.journey.programmes.models import Programme


class For(Enum):
    """Who works behind a door."""

    RUNNER = auto()
    COACH = auto()
    OWNER = auto()
    TRAINER = auto()
    SEATED = auto()  # on the follow-up committee
    READER = auto()  # follows the programme, and does their own part


@dataclass(frozen=True)
class Door:
    """A desk: its name, its address, who works there, and when it is of use; none that would only say no."""

    name: Promise
    url: str
    to: frozenset[For]
    opens: Callable[[Programme], bool] | None = None  # without, it is open even before there is a programme

    def is_of_use(self, programme: Programme | None) -> bool:
        return self.opens is None or (programme is not None and self.opens(programme))


def _door(name: Promise, url: str, *to: For, opens: Callable[[Programme], bool] | None = None) -> Door:
    return Door(name, url, frozenset(to), opens)


def always(programme: Programme) -> bool:
    return True


def unsettled(programme: Programme) -> bool:
    return not programme.is_frozen


def adopted(programme: Programme) -> bool:
    return programme.status == Programme.Status.ADOPTED


def in_force(programme: Programme) -> bool:
    return programme.status in Programme.IN_FORCE


def heard(programme: Programme) -> bool:
    return not in_force(programme) and consulted(programme) is not None


DOORS = [
    _door(gettext_lazy("Page of the collectivity"), "spaces:space", For.READER, For.COACH),
    _door(gettext_lazy("Axes, dates, committee"), "programmes:setup", For.RUNNER),
    _door(gettext_lazy("Axes"), "programmes:axes", For.COACH, opens=unsettled),
    _door(gettext_lazy("Phases"), "programmes:phases", For.COACH, opens=unsettled),
    _door(gettext_lazy("Ideas to answer"), "ideas:inbox", For.RUNNER, opens=unsettled),
    _door(gettext_lazy("Ideas that wait"), "ideas:inbox", For.COACH, opens=unsettled),
    _door(gettext_lazy("Ideas that wait"), "ideas:waiting", For.SEATED, opens=unsettled),
    _door(gettext_lazy("Enter workshop ideas"), "ideas:enter", For.RUNNER, For.COACH, opens=unsettled),
    _door(gettext_lazy("Import a spreadsheet"), "ideas:import", For.RUNNER, For.COACH, opens=unsettled),
    _door(gettext_lazy("Drafting board"), "projects:board", For.RUNNER, For.COACH, opens=unsettled),
    _door(gettext_lazy("Progress round"), "monitoring:progress", For.RUNNER, For.OWNER, opens=adopted),
    _door(gettext_lazy("Evaluation"), "evaluation:evaluation", For.RUNNER, opens=in_force),
    _door(gettext_lazy("Opinions to answer"), "consultation:opinions", For.RUNNER, opens=heard),
    _door(gettext_lazy("Ideas"), "ideas:list", For.READER, opens=always),
    _door(gettext_lazy("Consultation"), "consultation:consultation", For.READER, opens=always),
    _door(gettext_lazy("Programme"), "spaces:programme", For.READER, opens=always),
    _door(gettext_lazy("Council"), "adoption:council", For.RUNNER, For.READER, opens=always),
    _door(gettext_lazy("Follow-up committee"), "programmes:composition", For.READER, opens=always),
    _door(gettext_lazy("Evaluation"), "evaluation:evaluation", For.READER, opens=always),
    _door(gettext_lazy("Meetings"), "meetings:meetings", For.RUNNER, For.TRAINER),
    _door(gettext_lazy("Documents"), "spaces:documents", For.RUNNER),
    _door(gettext_lazy("Practices"), "practices:of_place", For.RUNNER),
    _door(gettext_lazy("Publications to look at"), "moderation:desk", For.RUNNER),
    _door(gettext_lazy("Associations and organisations"), "organisations:list", For.RUNNER),
    _door(gettext_lazy("The five commitments"), "commitments:commitments", For.RUNNER),
    _door(gettext_lazy("Who may do what here"), "accounts:people", For.RUNNER),
    _door(gettext_lazy("Hand-over"), "handover:handover", For.RUNNER),
    _door(gettext_lazy("Ask for help"), "pool:help", For.RUNNER),
]
