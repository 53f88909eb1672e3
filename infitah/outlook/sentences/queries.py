"""The register as one reads it: each entry in a sentence, with what it is about; the sentences stand in the alphabet of
the actions. Why something was done stands in the record that keeps it; the entry has the fingerprint only."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from infitah.ground.ledger import queries as ledger
from infitah.ground.ledger.models import Entry
from infitah.ground.territories.models import Territory
from infitah.journey.adoption.models import Deliberation
from infitah.journey.programmes.models import Shift
from infitah.journey.projects.models import Change
from infitah.lib.i18n import Localized, Written
from infitah.lib.lists import cut
from infitah.network.calls.models import Verdict
from infitah.network.meetings.models import Material, Meeting
from infitah.outlook.kinds.queries import KINDS, about, things

PAGE = 30
Words = str | Promise

SENTENCES: dict[str, Words] = {
    "accounts.purged": _("Personal data past its date was erased"),
    "activity.rated": _("An activity was rated"),
    "activity.replanned": _("An activity was replanned"),
    "activity.reported": _("Progress on an activity was reported"),
    "activity.rescheduled": _("The days of an activity were changed, with a reason"),
    "activity.unplanned": _("An activity was taken out of a draft"),
    "announcement.sent": _("The national team wrote to people of the network"),
    "answer.accepted": _("An answer between members was accepted"),
    "answer.retracted": _("An answer between members was taken back"),
    "appeal.answered": _("An appeal was answered"),
    "application.accepted": _("An application to join was accepted"),
    "application.advised": _("A wilaya or province gave its opinion on an application"),
    "application.begun": _("An application to join was begun"),
    "application.erased": _("The names in an application were erased"),
    "application.refused": _("An application to join was refused"),
    "application.returned": _("More was asked of an applicant"),
    "application.submitted": _("A collectivity applied to join the network"),
    "application.withdrawn": _("An application to join was withdrawn"),
    "applications.purged": _("Drafts and papers of applications past their time were removed"),
    "area.added": _("A policy area was added to the list"),
    "area.restored": _("A retired policy area was taken up again"),
    "area.retired": _("A policy area was retired: projects that have it keep it"),
    "area.reworded": _("A policy area was named anew"),
    "axes.worded": _("The priority axes were worded"),
    "call.changed": _("A call for members was changed"),
    "call.drafted": _("A call for members was drafted"),
    "call.published": _("A call for members was published"),
    "call.recorded": _("A call of before this platform was recorded"),
    "certificate.issued": _("A certificate of attendance was issued"),
    "charter.published": _("A version of the charter was published"),
    "charter.signed": _("The charter was signed"),
    "coach.described": _("A coach said anew what they offer"),
    "coach.enrolled": _("A coach joined the competency pool"),
    "coach.left": _("A coach left the competency pool"),
    "cohort.planned": _("A cohort was opened, or worded anew"),
    "comment.retracted": _("A comment was taken back by its author"),
    "comment.said": _("A comment was made"),
    "committee.set_up": _("The follow-up committee was set up"),
    "criterion.answered": _("A question of the evaluation was answered"),
    "cycle.planned": _("A cycle was planned"),
    "demonstration.played": _("The demonstration was played"),
    "document.published": _("A document was published"),
    "draft.frozen": _("A version of the programme was frozen"),
    "draft.opened": _("A version of the programme was opened to consultation"),
    "evaluation.filed": _("One side filed its evaluation"),
    "evaluation.opened": _("The evaluation was opened"),
    "evaluation.published": _("Both evaluations were published"),
    "evidence.added": _("Evidence was added"),
    "evidence.declared": _("Evidence for a commitment of the charter was declared"),
    "evidence.withdrawn": _("Declared evidence was withdrawn, with a reason"),
    "help.asked": _("A member asked the competency pool for help"),
    "help.withdrawn": _("A request for help was taken back"),
    "idea.decided": _("An idea was answered"),
    "idea.grouped": _("An idea was grouped with similar ones"),
    "idea.looked_at": _("An idea was looked at before publication"),
    "idea.proposed": _("A member of the follow-up committee proposed an answer to an idea"),
    "idea.submitted": _("An idea was given"),
    "idea.supported": _("An idea was supported"),
    "idea.ungrouped": _("An idea left its group"),
    "idea.unsupported": _("A support was taken back"),
    "idea.withdrawn": _("An idea was withdrawn"),
    "material.added": _("A document of a meeting was published"),
    "material.withdrawn": _("A document of a meeting was taken away, with a reason"),
    "meeting.announced": _("A meeting was announced"),
    "meeting.called_off": _("A meeting was called off, with a reason"),
    "meeting.changed": _("What was announced of a meeting was changed"),
    "meeting.held": _("A meeting was held"),
    "meeting.moved": _("A meeting was moved to another day, hour or place"),
    "meeting.purged": _("The names on an attendance list were erased; the numbers stay"),
    "meeting.reminded": _("Those who registered were reminded of a meeting"),
    "member.admitted": _("A collectivity was admitted to the network"),
    "member.called": _("The national team called a member"),
    "member.left": _("A collectivity left the network"),
    "member.rested": _("A member became dormant"),
    "member.woken": _("A member became active again"),
    "minutes.published": _("The minutes of a meeting were published"),
    "mission.agreed": _("One side agreed to a coach's mission"),
    "mission.begun": _("A coach's mission began"),
    "mission.cut_short": _("A coach's mission was stopped before its last day"),
    "mission.declined": _("A coach's mission was declined"),
    "mission.ended": _("A coach's mission ended"),
    "mission.judged": _("A member said its word on a coach's mission"),
    "mission.noted": _("A note on a coach's mission was kept"),
    "mission.proposed": _("A coach's mission was proposed"),
    "mission.reported": _("A coach reported on a mission"),
    "opinion.given": _("An opinion was given"),
    "opinion.replied": _("An opinion was answered"),
    "organisation.registered": _("An organisation was registered"),
    "organisation.reworded": _("An organisation worded its page anew"),
    "organisation.verified": _("An organisation was verified"),
    "organisation.withheld": _("An organisation was not verified, or is no longer, with a reason"),
    "person.erased": _("An account was erased"),
    "person.exported": _("Someone took a copy of their data"),
    "person.introduced": _("A demonstration person was introduced"),
    "person.renamed": _("Someone changed their public name"),
    "phase.opened": _("A phase opened"),
    "phase.scheduled": _("A phase was planned"),
    "phase.shifted": _("The dates of a phase were changed, with a reason"),
    "plan.reviewed": _("An independent review of the national plan was recorded"),
    "practice.adapted": _("A practice was adapted in a project elsewhere"),
    "practice.asked_for": _("A peer was asked to read a practice"),
    "practice.drafted": _("A practice was begun"),
    "practice.handed_in": _("A practice was handed in for its peers to read"),
    "practice.published": _("A practice was published after a peer's word"),
    "practice.redrafted": _("A practice was worded anew"),
    "practice.sent_back": _("A practice was sent back with advice"),
    "practice.taken_up": _("A withdrawn practice was taken up again"),
    "practice.withdrawn": _("A practice was withdrawn, with a reason"),
    "programme.acknowledged": _("A plan adopted elsewhere was taken in, with its source"),
    "programme.adopted": _("The council adopted a programme"),
    "programme.closed": _("A programme was closed"),
    "programme.postponed": _("The council put off its vote on a programme"),
    "programme.prepared": _("A programme was begun"),
    "programme.rejected": _("The council rejected a programme"),
    "programme.scheduled": _("A programme was put on the council's agenda"),
    "programme.validated": _("The committee validated a programme"),
    "project.aimed": _("The targets of a project were set"),
    "project.amended": _("The national plan was amended, with a reason"),
    "project.drafted": _("A project was drafted"),
    "project.drawn_on": _("A project was drawn from ideas"),
    "project.dropped": _("A project was set aside, with a reason"),
    "project.let_go": _("A project no longer draws on an idea"),
    "project.planned": _("The activities of a project were planned"),
    "project.redrafted": _("A draft project was reworded"),
    "project.restored": _("A project was taken up again"),
    "project.reviewed": _("An independent review of a project was published"),
    "project.silent": _("A project has said nothing for 120 days"),
    "publication.held": _("A publication was held for a look"),
    "publication.hidden": _("A publication was hidden, with a reason"),
    "publication.kept": _("A reported publication was looked at, and stays"),
    "publication.reported": _("A publication was reported"),
    "publication.shown": _("A publication was shown after a look"),
    "question.answered": _("A question between members was answered"),
    "question.asked": _("A member asked the others"),
    "question.retracted": _("A question between members was taken back"),
    "register.imported": _("The register of collectivities was imported"),
    "registration.cancelled": _("Someone gave their place at a meeting back"),
    "registration.checked_in": _("Someone was checked in at a meeting"),
    "registration.checked_out": _("A slip at the door of a meeting was put right"),
    "registration.made": _("Someone registered for a meeting"),
    "registration.moved_up": _("Someone moved up from the waiting list of a meeting"),
    "registration.walked_in": _("Someone came to a meeting without having registered"),
    "role.acknowledged": _("Whoever takes over a role has read what is handed over"),
    "role.granted": _("A role was granted"),
    "role.handed_over": _("A role was handed over"),
    "role.passed": _("Someone gave up a role to a successor"),
    "role.recalled": _("Somebody else was named to take over a role"),
    "role.revoked": _("A role was taken back"),
    "role.taken_over": _("Someone took over a role"),
    "ruling.appealed": _("The author appealed against a ruling"),
    "seat.ended": _("A seat on the committee ended"),
    "seat.given": _("A seat on the committee was given"),
    "seat.represents": _("A seat on the committee was tied to an organisation"),
    "sheet.brought": _("A spreadsheet of ideas was brought"),
    "sheet.imported": _("A spreadsheet of ideas was imported"),
    "sheet.undone": _("The import of a spreadsheet was undone"),
    "speaker.accepted": _("Someone began to speak for an organisation"),
    "speaker.ended": _("Someone no longer speaks for an organisation"),
    "speaker.invited": _("Someone was invited to speak for an organisation"),
    "target.read": _("A target was read"),
    "territory.closed": _("A collectivity was merged into another"),
    "territory.renamed": _("A collectivity was renamed"),
}

# Where the public reason of an action is kept: the record, what its entry calls it ("" where the entry is about that
# very record), and the field.
REASONS: dict[str, tuple[type[models.Model], str, str]] = {
    "activity.rescheduled": (Change, "change", "reason"),
    "application.accepted": (Verdict, "verdict", "reason"),
    "application.refused": (Verdict, "verdict", "reason"),
    "application.returned": (Verdict, "verdict", "reason"),
    "material.withdrawn": (Material, "", "withdrawn_because"),
    "meeting.called_off": (Meeting, "", "called_off_because"),
    "phase.shifted": (Shift, "shift", "reason"),
    "programme.postponed": (Deliberation, "deliberation", "reason"),
    "programme.rejected": (Deliberation, "deliberation", "reason"),
    "project.amended": (Change, "change", "reason"),
    "project.dropped": (Change, "change", "reason"),
}


@dataclass(frozen=True)
class Line:
    """An entry as a person reads it."""

    entry: Entry
    words: str
    title: str
    address: str
    place: Territory | None
    is_new: bool = False
    text: str = ""  # of what is told in full
    reason: Localized = field(default_factory=Localized)  # that everyone may read

    @property
    def subject(self) -> str:
        """What a message about it is called."""
        return self.title if self.text else self.words

    @property
    def is_sealed(self) -> bool:
        return self.entry.seal is not None


def in_words(entries: list[Entry]) -> list[Line]:
    """Entries of the ledger as the public reads them."""
    found, reasons = things(about(entry) for entry in entries), reasons_of(entries)
    places = {place.code: place for place in Territory.objects.filter(code__in={entry.place for entry in entries})}
    lines = []
    for entry in entries:
        kind, thing = KINDS.get(about(entry)[0]), found.get(about(entry))
        title, address = (kind.title(thing), kind.address(thing)) if kind and thing else ("", "")
        words = str(SENTENCES.get(entry.action, entry.action))
        reason = reasons.get(entry.pk, Localized())
        lines.append(Line(entry, words, title, address, places.get(entry.place), reason=reason))
    return lines


def reasons_of(entries: Iterable[Entry]) -> dict[int, Localized]:
    """Why, by the number of the entry, where the entry has the fingerprint of a reason: one query a kind of record."""
    kept: dict[tuple[type[models.Model], str], dict[int, int]] = defaultdict(dict)
    for entry in entries:
        if entry.action in REASONS and "reason_sha256" in entry.particulars:
            model, name, words = REASONS[entry.action]
            kept[model, words][entry.pk] = entry.particulars[name] if name else entry.on_id
    reasons: dict[int, Localized] = {}
    for (model, words), numbers in kept.items():
        said = dict(model._base_manager.filter(pk__in=numbers.values()).values_list("pk", words))
        reasons |= {entry: _as_told(said[number]) for entry, number in numbers.items() if number in said}
    return reasons


def _as_told(words: Localized | str) -> Localized:
    """A reason typed in one language, without saying which, as those are told that are typed in several."""
    return words if isinstance(words, Localized) else Localized({Written.OTHER.value: words})


def latest(place: Territory | None = None, before: int | None = None) -> tuple[list[Line], int | None]:
    """A page of the ledger, newest first, and the number before which the next page begins."""
    entries, last = cut(ledger.latest(place.code if place else "", before), PAGE)
    return in_words(entries), last.pk if last else None
