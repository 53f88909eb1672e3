"""Other members from the consultation on: opinions and replies, the council's vote, progress, evaluation."""

from datetime import date, timedelta
from typing import Any

from infitah.ground.accounts.models import Person
from infitah.journey.adoption import actions as adoption
from infitah.journey.adoption import queries as sessions
from infitah.journey.adoption.models import Sitting
from infitah.journey.consultation import actions as consultation
from infitah.journey.evaluation import actions as evaluation
from infitah.journey.evaluation.models import Evaluation
from infitah.journey.monitoring import actions as monitoring
from infitah.journey.programmes import actions as programmes
from infitah.journey.projects.models import Activity
from infitah.lib.i18n import Localized
from infitah.network.meetings import actions as meetings

from . import pictures
from .content import key, read
from .cycles import Cycle
from .player import Story


def consulting(cycle: Cycle) -> Story:
    """The draft is opened, a few opinions come, each is replied to."""
    words, (opened, closed) = read("members"), cycle.dates.consultation
    yield cycle.at(opened, 9)
    draft = consultation.open_draft(cycle.programme, by=cycle.runner, closes_on=closed)
    given: list[tuple[dict[str, Any], Any]] = []
    for turn, project in enumerate(list(cycle.projects.values())[: 1 + cycle.turn % 3]):
        yield cycle.at(opened + timedelta(days=4 + 3 * turn), 18)
        said = cycle.pick(words["opinions"], turn)
        opinion = consultation.give(
            draft,
            project,
            by=None,
            key=key(cycle.place.code, cycle.dates.prepared, "opinion", turn),
            **{name: said[name] for name in ["stance", "text", "language"]},
        )
        given.append((said["reply"], opinion))
    if not cycle.reaches("postponed"):
        return
    yield cycle.at(closed + timedelta(days=6), 14)
    for reply, opinion in given:
        consultation.reply(opinion, by=cycle.runner, is_taken_up=reply["taken"], text=reply["text"])


def deciding(cycle: Cycle) -> Story:
    """The committee validates; the council votes."""
    words, (begins, _ends) = read("members"), cycle.dates.council
    yield cycle.at(begins, 15)
    adoption.validate(cycle.programme, by=cycle.runner, validated_on=begins, minutes=words["minutes"])
    sits_on = begins + timedelta(days=18 + cycle.turn % 9)
    yield cycle.at(begins + timedelta(days=4))
    deliberation = adoption.put_on_agenda(cycle.programme, by=cycle.runner, sits_on=sits_on, kind=kind(cycle, sits_on))
    yield cycle.at(sits_on, 16)
    said: dict[str, Any] = {"by": cycle.runner}
    votes: dict[str, Any] = {
        "votes_for": 21 + cycle.turn % 9,
        "votes_against": cycle.turn % 4,
        "abstentions": cycle.turn % 3,
    }
    if cycle.fate == "postponed":
        adoption.postpone(deliberation, reason=words["postponed"], **said)
    elif cycle.fate == "rejected":
        against: dict[str, Any] = {"votes_for": 9, "votes_against": 14, "abstentions": 3}
        adoption.reject(deliberation, reason=words["postponed"], **against, **said)
    else:
        act = pictures.document("مقرر المجلس (عرض تجريبي)", [str(cycle.place), str(sits_on)])
        adoption.adopt(deliberation, number=f"تجريبي/{cycle.turn + 1}", document=act, **votes, **said)


def kind(cycle: Cycle, sits_on: date) -> str:
    """Ordinary in the months that the law names, else extraordinary."""
    is_ordinary = sits_on.month in sessions.session_months(cycle.place, sits_on)
    return Sitting.Kind.ORDINARY if is_ordinary else Sitting.Kind.EXTRAORDINARY


def progressing(cycle: Cycle) -> Story:
    """Activities start, are proved and completed, and are rated by both sides; one in five falls silent or stalls."""
    begun = [
        (each.planned_from + timedelta(days=12), turn, each, "begin") for turn, each in enumerate(cycle.activities)
    ]
    ended = [
        (each.planned_until + timedelta(days=cycle.turn % 5 * 6 - 6), turn, each, "end")
        for turn, each in enumerate(cycle.activities)
    ]
    for day, turn, activity, act in sorted(begun + ended, key=lambda one: (one[0], one[1])):
        yield cycle.at(day, 12)
        fate = (cycle.turn + turn) % 5
        if act == "begin" and fate != 4:
            report(cycle, activity, "under_way", turn)
        elif act == "end" and fate == 3:
            report(cycle, activity, "stalled", turn)
        elif act == "end" and fate < 3:
            complete(cycle, activity, turn)


def report(cycle: Cycle, activity: Activity, status: str, turn: int) -> None:
    """A sentence on an activity."""
    text = cycle.pick(read("members")["reports"][status], turn)
    monitoring.report(activity, by=cycle.runner, status=status, text=text)


def complete(cycle: Cycle, activity: Activity, turn: int) -> None:
    """Proof, completion, and the two ratings."""
    title = activity.title.get("ar", "")
    proof = pictures.document(title) if turn % 2 else pictures.photo(f"{cycle.place.code}{turn}")
    monitoring.prove(activity, by=cycle.runner, caption=Localized(ar=f"{title} (عرض تجريبي)"), file=proof)
    report(cycle, activity, "completed", turn)
    said = read("members")["ratings"]
    monitoring.rate(activity, by=cycle.runner, completion="complete", text=said["official"])
    step = cycle.pick(["complete", "substantial", "limited"], turn)
    monitoring.rate(activity, by=cycle.civil, completion=step, text=cycle.pick(said["civil"], turn))


def meeting(cycle: Cycle) -> Story:
    """Of every two committees one meets, three times a year, as long as the programme is carried out."""
    begins, ends = cycle.dates.implementation
    for turn in range((ends - begins).days // 120 if cycle.turn % 2 else 0):
        day = begins + timedelta(days=50 + 120 * turn + cycle.turn)
        yield cycle.at(day - timedelta(days=8))
        sitting = meetings.announce(
            cycle.place,
            by=cycle.runner,
            kind="committee",
            influence="decide",
            title=Localized(ar="اجتماع لجنة التتبع", fr="Réunion du comité de suivi"),
            venue=Localized(ar="مقر الجماعة", fr="Siège de la collectivité"),
            starts_at=cycle.at(day, 15),
            ends_at=cycle.at(day, 17),
        )
        yield cycle.at(day, 17)
        meetings.hold(sitting, by=cycle.runner, participants=5 + turn % 4)


def evaluating(cycle: Cycle) -> Story:
    """The programme is closed; both sides answer the grid, and both answers are published together."""
    ended = cycle.dates.implementation[1]
    yield cycle.at(ended + timedelta(days=20))
    programmes.close(cycle.programme, by=cycle.runner)
    yield cycle.at(ended + timedelta(days=35))
    opened = evaluation.open(cycle.programme, by=cycle.runner)
    sides = {Evaluation.Side.COLLECTIVITY: cycle.runner, Evaluation.Side.CIVIL: cycle.civil}
    for turn, (side, person) in enumerate(sides.items()):
        yield cycle.at(ended + timedelta(days=50 + 12 * turn + cycle.turn % 6))
        fill(opened[side], read("evaluation")[side], person)


def fill(sheet: Evaluation, answers: list[dict[str, Any]], person: Person) -> None:
    """One side's answers to every question of the grid, filed."""
    for turn, criterion in enumerate(sheet.grid.criteria.all()):
        said = answers[turn % len(answers)]
        evaluation.answer(sheet, by=person, criterion=criterion, **said)
    evaluation.file(sheet, by=person)
