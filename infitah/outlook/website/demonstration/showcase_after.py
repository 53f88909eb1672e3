"""The showcase commune, second part: the consultation, the council's vote, and two years of work that residents can
follow. Days count from the opening of the consultation; those of `progress.json` from the start of implementation."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from infitah.journey.adoption import actions as adoption
from infitah.journey.adoption import queries as sessions
from infitah.journey.adoption.models import Deliberation, Sitting
from infitah.journey.consultation import actions as consultation
from infitah.journey.consultation.models import Draft, Opinion
from infitah.journey.evaluation import actions as evaluation
from infitah.journey.ideas.models import Channel
from infitah.journey.monitoring import actions as monitoring
from infitah.journey.monitoring.models import Rating
from infitah.journey.projects import actions as projects
from infitah.lib.i18n import Localized

from . import pictures
from .content import key, read
from .player import Story
from .showcase import IMPLEMENTED_FROM, Showcase, spoken

VALIDATED, POSTPONED, ADOPTED = 52, 60, 75
RATERS: dict[str, str] = {Rating.Side.OFFICIAL: "owner", Rating.Side.CIVIL: "civil_1"}


def consulting(show: Showcase) -> Story:
    """The draft is frozen and opened; opinions come from the site and from a meeting."""
    yield show.clock.at(0, 0, 5)
    draft = consultation.open_draft(
        show.programme, by=show.focal, closes_on=show.clock.on(29), summary=show.words["summary"]
    )
    opinions: list[tuple[dict[str, Any], Opinion]] = []
    every = read("opinions")["opinions"]
    for turn, said in enumerate(sorted(every, key=lambda one: one["day"])):
        yield show.clock.at(said["day"], 16, turn)
        opinions.append((said["reply"], opine(show, draft, said, turn)))
    for turn, (reply, opinion) in enumerate(sorted(opinions, key=lambda one: one[0]["day"])):
        yield show.clock.at(reply["day"], 11, turn)
        consultation.reply(opinion, by=show.focal, is_taken_up=reply["taken"], text=reply["text"])
    yield show.clock.at(42)
    for name, words in read("opinions")["revisions"].items():
        projects.redraft(show.projects[name], by=show.focal, **words)


def opine(show: Showcase, draft: Draft, said: dict[str, Any], turn: int) -> Opinion:
    """One opinion, given on the site or entered from the meeting."""
    words = {name: said[name] for name in ["stance", "text", "wording", "language"]}
    words |= {"key": key(show.place.code, "opinion", turn)}
    project = show.projects[said["project"]]
    if said["channel"] == "web":
        return consultation.give(draft, project, **spoken(show, said), **words)
    workshop = show.meetings[said["channel"]]
    return consultation.enter(
        draft, project, by=show.focal, channel=Channel.WORKSHOP, workshop=workshop, people=said["people"], **words
    )


def deciding(show: Showcase) -> Story:
    """The committee validates the second version; the council postpones its vote once, then adopts."""
    words = show.words["council"]
    yield show.clock.at(VALIDATED, 18)
    minutes = pictures.document("محضر لجنة التتبع (عرض تجريبي)", words["minutes"].split(". "))
    adoption.validate(
        show.programme, by=show.focal, validated_on=show.clock.on(VALIDATED), minutes=words["minutes"], document=minutes
    )
    yield show.clock.at(VALIDATED + 2)
    first = schedule(show, show.clock.on(POSTPONED))
    yield show.clock.at(POSTPONED, 17)
    adoption.postpone(first, by=show.people["clerk"], reason=words["postponed"])
    yield show.clock.at(POSTPONED + 3)
    second = schedule(show, show.clock.on(ADOPTED))
    yield show.clock.at(ADOPTED, 17)
    votes = dict(zip(["votes_for", "votes_against", "abstentions"], words["votes"], strict=True))
    act = pictures.document("مقرر المجلس (عرض تجريبي)", [words["number"], str(show.clock.on(ADOPTED))])
    adoption.adopt(second, by=show.people["clerk"], number=words["number"], document=act, **votes)


def schedule(show: Showcase, sits_on: date) -> Deliberation:
    """On the agenda: an ordinary session in the months that the law names, else an extraordinary one."""
    is_ordinary = sits_on.month in sessions.session_months(show.place, sits_on)
    kind = Sitting.Kind.ORDINARY if is_ordinary else Sitting.Kind.EXTRAORDINARY
    return adoption.put_on_agenda(show.programme, by=show.people["clerk"], sits_on=sits_on, kind=kind)


def progressing(show: Showcase) -> Story:
    """Reports with their evidence, and a fortnight later what each side says of them."""
    for turn, said in enumerate(sorted(read("progress"), key=lambda one: one["day"])):
        yield show.clock.at(IMPLEMENTED_FROM + said["day"], 11, turn)
        tell(show, said)


def tell(show: Showcase, said: dict[str, Any]) -> None:
    """One report with its evidence."""
    activity, owner = show.activities[said["activity"]], show.people["owner"]
    for proof in said.get("evidence", []):
        title = activity.title.get("ar", "")
        file = pictures.photo(proof["caption"]) if proof["kind"] == "photo" else pictures.document(title)
        monitoring.prove(activity, by=owner, caption=Localized(ar=proof["caption"]), file=file)
    monitoring.report(activity, by=owner, status=said["status"], text=said.get("reason", said["text"]))


def rating(show: Showcase) -> Story:
    """Both sides, and some residents, judge what was reported."""
    for turn, said in enumerate(sorted(read("progress"), key=lambda one: one["day"])):
        for delay, judged in enumerate(said.get("ratings", [])):
            yield show.clock.at(IMPLEMENTED_FROM + said["day"] + 3 + 4 * delay, 18, turn)
            who = RATERS.get(judged["side"], "resident")
            words = {name: judged[name] for name in ["completion", "text"]}
            organisation = show.organisations.get(who)
            activity = show.activities[said["activity"]]
            monitoring.rate(activity, by=show.people[who], organisation=organisation, **words)


def reviewing(show: Showcase) -> Story:
    """Somebody who does not belong to the commune judges a project whose time is over."""
    said = dict(show.words["review"])
    day = IMPLEMENTED_FROM + said.pop("day")
    yield show.clock.at(day, 15)
    project, number = show.projects[said.pop("project")], key(show.place.code, "review")
    evaluation.review(project, by=show.people["evaluator"], reviewed_on=show.clock.on(day), key=number, **said)


def stories(show: Showcase) -> Iterator[Story]:
    """The stories of this part; they go on side by side."""
    yield from [consulting(show), deciding(show), progressing(show), rating(show), reviewing(show)]
