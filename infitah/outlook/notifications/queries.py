"""Questions about what happened: entries in plain words, who is to be told, what one follows."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import models

from infitah.ground.accounts import queries as accounts
from infitah.ground.accounts.models import RUNNERS, Contact, Person, Role, RoleGrant
from infitah.ground.ledger.models import Entry, Seal
from infitah.ground.moderation.models import Ruling
from infitah.ground.territories.models import Territory
from infitah.lib.lists import cut, page_before
from infitah.network.questions.models import Question
from infitah.outlook.kinds.queries import FOLLOWED, KINDS, Key, Kind, about, path, things
from infitah.outlook.sentences.queries import SENTENCES, Line, Words, reasons_of

from .catalog import NOTICES, To
from .models import Announcement, Notice, Quiet, Subscription, Telling

PAGE = 30
CROWDS = (To.EXPECTED, To.REGISTERED)
DIRECT = (To.AUTHOR, To.CONCERNED, To.NATIONAL, *CROWDS)
IN_A_DIGEST = (To.FOLLOWERS, To.PLACE, To.NETWORK, To.RUNNERS)
NETWORK: Key = ("network", 0)  # what all readers of the weekly letter follow
NATIONAL: Key = ("national", 0)  # what the national team is told
SHOWN = "publication.shown"
PUBLIC_ONLY = {"comment.said", "question.asked", "question.answered", "practice.published"}


@dataclass(frozen=True)
class Following:
    """Whether a reader follows a thing, as `notifications/_follow.html` shows it."""

    kind: str
    number: int
    is_on: bool


def notices_of(person: Person, before: int | None = None) -> tuple[list[Line], int | None]:
    """A page of what a person was told, newest first, and the number before which the next page begins."""
    notices = Notice.objects.filter(person=person).order_by("-entry")
    shown, last = cut(notices.filter(entry__lt=before) if before else notices, PAGE)
    return told(shown), last.entry if last else None


def told(notices: list[Notice]) -> list[Line]:
    """Notices in the words and with the links of those who are told, in the language now spoken."""
    entries = Entry.objects.in_bulk([notice.entry for notice in notices])
    keys = {about(entry) for entry in entries.values()}
    found, reasons = things(keys) | _announced(keys), reasons_of(entries.values())
    lines = [_told(notice, entries[notice.entry], found) for notice in notices if notice.entry in entries]
    return [replace(line, reason=reasons.get(line.entry.pk, line.reason)) for line in lines]


def _announced(keys: Iterable[Key]) -> dict[Key, Any]:
    """The announcements among the things: told to those they are sent to, and to nobody else."""
    kind = Announcement._meta.label_lower
    found = Announcement.objects.in_bulk([number for on, number in keys if on == kind])
    return {(kind, number): sent for number, sent in found.items()}


def _told(notice: Notice, entry: Entry, found: dict[Key, Any]) -> Line:
    said = {each.to: each.words for each in NOTICES.get(entry.action, [])}
    key = about(entry)
    kind, thing = KINDS.get(key[0], Kind(Entry)), found.get(key)
    in_digest = next((said[way] for way in IN_A_DIGEST if way in said), None)
    words = _direct(notice, said, kind, thing) if notice.is_direct else in_digest
    title = kind.title(thing) if thing else ""
    address = _address(notice, entry, kind, thing) if thing else ""
    text = ""
    if isinstance(thing, Announcement):
        title, text = str(thing.subject), str(thing.text)
    said_so = str(words or SENTENCES.get(entry.action, ""))
    return Line(entry, said_so, title, address, None, notice.read_at is None, text)


def _direct(notice: Notice, said: dict[To, Words], kind: Kind, thing: Any) -> Words | None:
    """What is said to the author, or to those whom it concerns."""
    if To.AUTHOR in said and thing is not None and _is_author(notice, kind, thing):
        return said[To.AUTHOR]
    return next((said[to] for to in (*DIRECT[1:], To.AUTHOR) if to in said), None)


def _is_author(notice: Notice, kind: Kind, thing: Any) -> bool:
    person, contact = kind.people(thing)
    is_person = person is not None and person.pk == notice.person_id
    return is_person or (contact is not None and contact.pk == notice.contact_id)


def _address(notice: Notice, entry: Entry, kind: Kind, thing: Any) -> str:
    """A ruling for what was ruled on, the receipt for one's own contribution and for nobody else's, the desk for those
    whom it concerns, else the public page."""
    if ruling := entry.particulars.get("ruling"):
        return path("moderation:ruling", ruling)
    if not notice.is_direct and To.RUNNERS not in {each.to for each in NOTICES.get(entry.action, [])}:
        return kind.address(thing)
    return (kind.receipt if _is_author(notice, kind, thing) else kind.desk)(thing) or kind.address(thing)


def untold() -> list[int]:
    """The numbers of the seals whose entries have not been told, in order."""
    last = Telling.objects.order_by("-seal").values_list("seal", flat=True).first() or 0
    return list(Seal.objects.filter(number__gt=last).order_by("number").values_list("number", flat=True))


def notices_for(seal: int) -> list[Notice]:
    """Whom the entries under a seal are told to; nobody twice of one entry, nobody of what they did themselves.

    Reads each kind of thing, and the followers of each, once.
    """
    entries = list(Entry.objects.filter(seal=seal, action__in=NOTICES).order_by("position"))
    entries += _said_before(entries)
    found = things({(entry.on_kind, entry.on_id) for entry in entries} | {about(entry) for entry in entries})
    found |= _ruled(found)
    subjects = {entry.pk: _followed(entry, found) for entry in entries}
    followers = _followers(subject for pair in subjects.values() for subject in pair.values())
    followers |= _everywhere({each.to for entry in entries for each in NOTICES[entry.action]})
    notices: dict[tuple[int, Any], Notice] = {}
    for entry in entries:
        for person, contact, way in _told_to(entry, found, subjects[entry.pk], followers):
            if person is None or (person.is_active and person.uid != entry.by):
                rhythm = {"is_direct": way in DIRECT, "is_weekly": way is To.NETWORK}
                made = Notice(entry=entry.pk, person=person, contact=contact, at=entry.at, **rhythm)
                notices.setdefault((entry.pk, person or contact), made)
    return list(notices.values())


def _said_before(entries: list[Entry]) -> list[Entry]:
    """What waited for a look and is shown now: it counts as said today. Who was told already is not told again."""
    shown = {(entry.on_kind, entry.on_id): entry.at for entry in entries if entry.action == SHOWN}
    kinds, numbers = {kind for kind, _ in shown}, {number for _, number in shown}
    said = Entry.objects.filter(action__in=PUBLIC_ONLY, on_kind__in=kinds, on_id__in=numbers).order_by("id")
    late = [entry for entry in said if (entry.on_kind, entry.on_id) in shown] if shown else []
    for entry in late:
        entry.at = shown[entry.on_kind, entry.on_id]
    return late


def _ruled(found: dict[Key, Any]) -> dict[Key, Any]:
    """What the rulings among the things are about."""
    return things((ruling.on_kind, ruling.on_id) for ruling in found.values() if isinstance(ruling, Ruling))


def _followed(entry: Entry, found: dict[Key, Any]) -> dict[To, Key]:
    """What one must follow to be told of an entry: the thing, or the place."""
    keys: dict[To, Key] = {}
    kind, thing = about(entry)[0], found.get(about(entry))
    subject = KINDS[kind].followed(thing) if thing is not None and kind in KINDS else None
    if subject is not None:
        keys[To.FOLLOWERS] = (subject._meta.label_lower, subject.pk)
    ways = ("place", "programme.place", "meeting.place")
    place = next(filter(None, (_reached(thing, way) for way in ways)), None)
    if isinstance(place, Territory):
        keys[To.PLACE] = (Territory._meta.label_lower, place.pk)
    return keys


def _reached(thing: Any, way: str) -> Any:
    """What lies at the end of a way of attributes; None where it breaks off."""
    for name in way.split("."):
        thing = getattr(thing, name, None)
    return thing


def _followers(keys: Iterable[Key]) -> dict[Key, list[Person]]:
    numbers: dict[str, set[int]] = defaultdict(set)
    for kind, number in keys:
        numbers[kind].add(number)
    found: dict[Key, list[Person]] = defaultdict(list)
    for kind, wanted in numbers.items():
        for each in Subscription.objects.filter(on_kind=kind, on_id__in=wanted).select_related("person"):
            found[kind, each.on_id].append(each.person)
    return found


def _told_to(
    entry: Entry, found: dict[Key, Any], subjects: dict[To, Key], followers: dict[Key, list[Person]]
) -> Iterable[tuple[Person | None, Contact | None, To]]:
    """Each person or contact to tell of an entry, and why."""
    if _is_unseen(entry, found):
        return
    for way in (each.to for each in NOTICES[entry.action]):
        if way is To.AUTHOR:
            person, contact = _authors(entry, found)
            if person or contact:
                yield person, None if person else contact, way
        elif way in (To.CONCERNED, To.RUNNERS):
            yield from ((person, None, way) for person in _concerned(entry, found))
        elif way in CROWDS:
            kind, thing = KINDS[about(entry)[0]], found.get(about(entry))
            crowd = kind.crowd(thing, way is To.REGISTERED) if thing is not None else []
            yield from ((person, contact, way) for person, contact in crowd)
        else:
            key = {To.NETWORK: NETWORK, To.NATIONAL: NATIONAL}.get(way) or subjects.get(way)
            yield from ((person, None, way) for person in (followers[key] if key else []))


def _everywhere(ways: set[To]) -> dict[Key, list[Person]]:
    """Those who are told whatever the thing: the readers of the weekly letter, the national team."""
    told: dict[Key, list[Person]] = {}
    if To.NETWORK in ways:
        told[NETWORK] = list(readers_of_the_letter())
    if To.NATIONAL in ways:
        team = RoleGrant.objects.current().filter(role=Role.NATIONAL)
        told[NATIONAL] = list(Person.objects.filter(pk__in=team.values("person")))
    return told


def _is_unseen(entry: Entry, found: dict[Key, Any]) -> bool:
    """What waits for a look, or has been taken back since, is told to nobody."""
    if entry.action not in PUBLIC_ONLY:
        return False
    thing = found.get((entry.on_kind, entry.on_id))
    return thing is None or not thing.is_public


def readers_of_the_letter() -> models.QuerySet[Person]:
    """Who gets the weekly letter of the network: focal points and deputies, unless they asked for quiet."""
    held = RoleGrant.objects.current().filter(role__in=RUNNERS)
    return Person.objects.filter(pk__in=held.values("person"), is_active=True, quiet=None)


def letter_of(person: Person) -> bool | None:
    """Whether the person gets the weekly letter of the network; None for those whom it is not for."""
    if not any(grant.role in RUNNERS for grant in person.current_grants):
        return None
    return not Quiet.objects.filter(person=person).exists()


@dataclass(frozen=True)
class Week:
    """What stands in a weekly letter; nothing in it is empty, taken back or hidden."""

    practices: list[Line]
    unanswered: list[Line]
    answered: list[Line]

    def __len__(self) -> int:
        return len(self.practices) + len(self.unanswered) + len(self.answered)


def week(notices: list[Notice]) -> Week:
    """Notices as a letter, in the language now spoken: new practices, then questions, those without an answer first."""
    lines = [line for line in told(notices) if line.title]
    asked = [line.entry.on_id for line in lines if line.entry.action == "question.asked"]
    waiting = set(Question.objects.filter(pk__in=asked, answer_count=0).values_list("pk", flat=True))
    questions = [line for line in lines if line.entry.action == "question.asked"]
    return Week(
        [line for line in lines if line.entry.action != "question.asked"],
        [line for line in questions if line.entry.on_id in waiting],
        [line for line in questions if line.entry.on_id not in waiting],
    )


def _authors(entry: Entry, found: dict[Key, Any]) -> tuple[Person | None, Contact | None]:
    thing = found.get(about(entry))
    if isinstance(thing, Ruling):
        thing = found.get((thing.on_kind, thing.on_id))
    return KINDS[thing._meta.label_lower].people(thing) if thing is not None else (None, None)


def _concerned(entry: Entry, found: dict[Key, Any]) -> Iterable[Person]:
    thing = found.get(about(entry))
    return KINDS[thing._meta.label_lower].concerned(thing) if thing is not None else ()


def following(thing: models.Model, person: Person | None) -> Following:
    """Whether the person follows the thing."""
    kind = thing._meta.label_lower
    is_known = isinstance(person, Person)
    is_on = is_known and Subscription.objects.filter(person=person, on_kind=kind, on_id=thing.pk).exists()
    return Following(kind, thing.pk, is_on)


def find_followed(kind: str, number: int) -> models.Model | None:
    """The thing of that kind and number, if it is of a kind that can be followed."""
    return things([(kind, number)]).get((kind, number)) if kind in FOLLOWED else None


def followed_by(person: Person) -> list[tuple[Following, str, str]]:
    """What a person follows: with its title and address."""
    keys = [(each.on_kind, each.on_id) for each in Subscription.objects.filter(person=person).order_by("-id")]
    found = things(keys)
    return [
        (Following(*key, is_on=True), KINDS[key[0]].title(found[key]), KINDS[key[0]].address(found[key]))
        for key in keys
        if key in found
    ]


def unmailed(is_direct: bool, since: datetime, *, is_weekly: bool = False) -> models.QuerySet[Notice]:
    """Notices that wait to be mailed, of what happened since a moment: old news is not mailed."""
    return Notice.objects.filter(mailed_at=None, is_direct=is_direct, is_weekly=is_weekly, at__gte=since)


def mailbox_of(contact: int) -> list[int]:
    """The numbers of all contacts with the same address: whoever gave five ideas without an account has five."""
    known = Contact.objects.filter(pk=contact).first()
    return list(accounts.same_mailbox(known).values_list("pk", flat=True)) if known else []


# -- announcements -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Sent:
    """An announcement and how far it has got: to how many people, how many have been mailed, how many have read it."""

    announcement: Announcement
    mailed: int
    read: int
    without_address: int  # told on their page only

    @property
    def waiting(self) -> int:
        return self.announcement.people - self.mailed - self.without_address


def announcements(before: int | None = None) -> tuple[list[Sent], int | None]:
    """A page of what was announced, latest first, and the number before which the next page begins; two queries."""
    page, last = page_before(Announcement.objects.select_related("by"), before, PAGE)
    has_address = models.Q(person__email__isnull=False, person__is_demonstration=False)
    counted = Notice.objects.filter(entry__in=[each.entry for each in page]).values_list("entry").order_by()
    numbers = {
        entry: told
        for entry, *told in counted.annotate(
            mailed=models.Count("pk", filter=has_address & models.Q(mailed_at__isnull=False)),
            read=models.Count("pk", filter=models.Q(read_at__isnull=False)),
            without_address=models.Count("pk", filter=~has_address),
        )
    }
    return [Sent(each, *numbers.get(each.entry or 0, (0, 0, 0))) for each in page], last


def told_by(announcement: Announcement) -> list[int]:
    """The numbers of those who are told by an announcement, in order."""
    return list(
        Notice.objects.filter(entry=announcement.entry or 0).order_by("person").values_list("person", flat=True)
    )
