from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from infitah.ground.territories.models import Territory
from infitah.journey.consultation import queries as consultation
from infitah.journey.consultation.models import Draft
from infitah.journey.programmes.models import Programme
from infitah.lib.dates import day
from infitah.lib.i18n import Localized

from .models import Deliberation, OrdinarySession, Validation

BEFORE_A_SITTING = timedelta(days=30)  # a programme is ready a month before the council sits (domain.md 7)


def session_months(place: Territory, on: date) -> list[int]:
    """The months in which councils of this kind sit in ordinary session, by the law in force on that day."""
    held = OrdinarySession.objects.filter(Q(valid_until=None) | Q(valid_until__gte=on), kind=place.kind)
    return list(held.filter(valid_from__lte=on).values_list("month", flat=True))


def next_sessions(after: date) -> dict[str, date]:
    """The first day of the month of the next ordinary session of each kind of council, on or after that day."""
    held = OrdinarySession.objects.filter(Q(valid_until=None) | Q(valid_until__gte=after), valid_from__lte=after)
    months = held.values_list("kind", "month")
    days = [(date(year, month, 1), kind) for year in (after.year, after.year + 1) for kind, month in months]
    return {kind: day for day, kind in sorted(days, reverse=True) if day >= after}


def next_ordinary_session(place: Territory, after: date) -> date | None:
    """The same for the council of a place; None where no law names one."""
    return next_sessions(after).get(place.kind)


def coming_session(place: Territory) -> date | None:
    """The month of the ordinary session that is held now or comes next, as its first day: the law names no other."""
    return next_ordinary_session(place, timezone.localdate().replace(day=1))


def deliberations_of(place: Territory) -> QuerySet[Deliberation]:
    """All that the council was asked about the programmes of the place, latest sitting first."""
    found = Deliberation.objects.filter(programme__place=place).defer("draft__contents")
    return found.select_related("sitting", "draft", "programme").order_by("-sitting__sits_on", "-id")


def validations_of(place: Territory) -> QuerySet[Validation]:
    """The committee's agreements, latest first."""
    found = Validation.objects.filter(programme__place=place).defer("draft__contents")
    return found.select_related("draft", "programme").order_by("-validated_on", "-id")


def pending(programme: Programme) -> Deliberation | None:
    """What waits on the agenda."""
    found = Deliberation.objects.filter(programme=programme, outcome=Deliberation.Outcome.PENDING)
    return found.select_related("sitting", "programme__place").first()


def adopted(programme: Programme) -> Deliberation | None:
    """The vote by which the programme was adopted."""
    found = Deliberation.objects.filter(programme=programme, outcome=Deliberation.Outcome.ADOPTED)
    return found.select_related("sitting").first()


def is_carried(votes_for: int, votes_against: int, *, by_casting_vote: bool = False) -> bool:
    """Adopted by more votes than were cast against it, or, between equal ones, by that of the president."""
    return votes_for > votes_against or (by_casting_vote and votes_for == votes_against)


# -- the programme as a document ---------------------------------------------------------------------


def version_to_print(programme: Programme) -> Draft | None:
    """The version adopted, else the latest frozen one; none while nothing has been frozen."""
    vote = adopted(programme)
    return vote.draft if vote else Draft.objects.filter(programme=programme).order_by("-version").first()


def printed(programme: Programme, draft: Draft, language: str, *, address: str) -> dict[str, Any]:
    """All that `templates/adoption/programme.typ` prints, in the language in force; the version is at the address."""
    cycle, vote = programme.cycle, adopted(programme)
    return {
        "language": language,
        "place": str(programme.place.name),
        "title": str(programme.title),
        "mark": _("Demonstration: the participation shown here is invented.") if programme.is_demonstration else "",
        "years": f"{cycle.starts_on.year} – {cycle.ends_on.year}",
        "version": _("Version %(version)s, frozen on %(day)s")
        % {"version": draft.version, "day": day(draft.frozen_at)},
        "sha256": draft.sha256,
        "address": address,
        **vote_printed(programme, vote),
        "axes": [axis_printed(axis) for axis in consultation.document(draft)],
        "words": words_printed(),
    }


def vote_printed(programme: Programme, vote: Deliberation | None) -> dict[str, str]:
    """What the first page says of the council."""
    state = programme.get_status_display()
    if vote is None:
        return {"state": state, "vote": "", "number": "", "document_sha256": ""}
    number = f"{_('Deliberation no.')} {vote.number}"
    return {
        "state": f"{state} · {day(vote.sitting.sits_on)}",
        "vote": vote.votes_told or vote.source,
        "number": number if vote.number else "",
        "document_sha256": vote.document_sha256,
    }


def axis_printed(axis: dict[str, Any]) -> dict[str, Any]:
    name = f"{_('Axis %(number)s') % {'number': axis['number']}} – {axis['name']}" if axis["number"] else _("Projects")
    return {"name": name, "projects": [project_printed(each) for each in axis["projects"]]}


def project_printed(project: dict[str, Any]) -> dict[str, Any]:
    """One project: its words, the facts worth a line, its activities and targets as rows."""
    ideas = (_("Ideas it comes from"), " · ".join(map(str, project["ideas"])))
    return {
        "title": f"{project['number']}. {project['title']}",
        "story": [in_words(name, said) for name, said in project["story"]],
        "facts": [in_words(name, said) for name, said in [*project["facts"], ideas] if said],
        "activities": [
            [str(each["number"]), str(each["title"]), str(each["owner"]), days_printed(each)]
            for each in project["activities"]
        ],
        "targets": [
            [str(each["name"]), each["baseline"], f"{each['target']} {each['unit']}".strip()]
            for each in project["targets"]
        ],
    }


def in_words(name: Any, said: Localized | str) -> dict[str, str]:
    """A name and what is said under it, with the language it is said in where that is another than the reader's."""
    return {"name": str(name), "said": str(said), "language": said.lang if isinstance(said, Localized) else ""}


def days_printed(activity: dict[str, Any]) -> str:
    return f"{day(activity['planned_from'])} – {day(activity['planned_until'])}"


def words_printed() -> dict[str, str]:
    """The fixed words of the document."""
    return {
        "contents": _("Contents"),
        "activities": _("Activities"),
        "activity": _("Activity"),
        "owner": _("In charge"),
        "when": _("Planned days"),
        "indicators": _("Indicators"),
        "indicator": _("Indicator"),
        "baseline": _("At the start"),
        "target": _("To reach"),
        "file": _("The version as a file:"),
        "document": _("Signed deliberation:"),
        "check": _(
            "Take the file from the address below and compute its SHA-256: if it is the one above, it is unaltered."
        ),
    }


def printed_at(programme: Programme, draft: Draft) -> datetime:
    """The moment the document is of: the vote, else the freezing."""
    vote = adopted(programme)
    return vote.recorded_at if vote and vote.recorded_at else draft.frozen_at
