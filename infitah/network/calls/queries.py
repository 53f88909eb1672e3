from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core import signing
from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from infitah.ground.accounts.models import Contact, Person, Role
from infitah.ground.ledger import queries as ledger
from infitah.ground.territories import queries as territories
from infitah.ground.territories.models import Territory
from infitah.lib import dates
from infitah.lib.i18n import Localized, elided
from infitah.lib.states import mark_of
from infitah.network.membership.models import Member
from infitah.network.membership.queries import KINDS

from .models import COUNCIL, Advice, Application, Call, Kind, Paper, Verdict

PAGE = 20
BORNE = "call-application"
LINK_WORKS_FOR = timedelta(days=30)
OUTLINES = ["place__outline", "place__parent__outline", "place__parent__parent__outline"]  # long, and not listed
NAMED = ("president", "focal_point", "deputy")  # whom an application names, beside its applicant


@dataclass(frozen=True)
class Asked:
    """A document that a call asks for, and what stands for it in an application."""

    id: str
    name: Localized | str
    is_required: bool
    paper: Paper | None = None


@dataclass(frozen=True)
class Found:
    """One page of a list: its lines, and the number before which the next page begins."""

    lines: list[Any]
    before: int | None
    total: int


# -- calls -------------------------------------------------------------------------------------


def counted(calls: QuerySet[Call]) -> QuerySet[Call]:
    """The calls with `applied`, how many sent an application (unknown, so null, before this platform), and
    `admitted`, how many of them were accepted; of a call of before, how many its cohort has."""
    received = Application.objects.received().filter(call=OuterRef("pk")).order_by().values("call")
    accepted = received.filter(status=Application.Status.ACCEPTED)
    cohort = Member.objects.filter(cohort=OuterRef("cohort")).order_by().values("cohort")
    return calls.annotate(
        applied=Case(When(source="", then=Coalesce(Subquery(received.annotate(n=Count("pk")).values("n")), 0))),
        admitted=Case(
            When(source="", then=Coalesce(Subquery(accepted.annotate(n=Count("pk")).values("n")), 0)),
            default=Coalesce(Subquery(cohort.annotate(n=Count("pk")).values("n")), 0),
        ),
    )


def listed(*, is_national: bool = False, before: int | None = None) -> Found:
    """A page of the calls, latest first; the national team sees its drafts too."""
    calls = Call.objects.all() if is_national else Call.objects.published()
    from_here = calls.filter(number__lt=before) if before else calls
    found = list(counted(from_here).select_related("cohort").order_by("-number")[: PAGE + 1])
    return Found(found[:PAGE], found[PAGE - 1].number if len(found) > PAGE else None, calls.count())


def open_to(place: Territory) -> list[Call]:
    """The calls that a collectivity can answer now, what closes first first."""
    return [call for call in Call.objects.open().order_by("closes_at") if suits(call, place)]


def suits(call: Call, place: Territory) -> bool:
    """Whether the call is open to this collectivity: its kind, its region. Read its two parents with the place."""
    is_of_kind = any(place.kind in KINDS[kind] for kind in call.kinds)
    return place.is_collectivity and is_of_kind and (not call.regions or region_code(place) in call.regions)


def region_code(place: Territory) -> str:
    """The code of the region a place lies in, or of itself."""
    ways = [place, place.parent, place.parent and place.parent.parent]
    return next((way.code for way in ways if way and way.kind == Territory.Kind.REGION), "")


def for_whom(call: Call) -> str:
    """Who may apply, in words: `communes and regions of Souss-Massa`."""
    comma = _(", ")
    names = comma.join(str(Kind(kind).label) for kind in call.kinds)
    regions = comma.join(str(region.name) for region in regions_of(call))
    return _("%(kinds)s of: %(regions)s") % {"kinds": names, "regions": regions} if regions else names


def regions_of(call: Call) -> list[Territory]:
    """The regions a call is limited to."""
    return list(Territory.objects.filter(code__in=call.regions).order_by("code").defer("outline"))


def asked(call: Call) -> list[Asked]:
    """The documents that a call asks for; the decision of the council always, and first."""
    council = Asked(COUNCIL, _("Decision of the council to join (PDF)"), True)
    more = [Asked(each["id"], Localized(each["name"]), bool(each.get("is_required"))) for each in call.documents]
    return [council, *more]


def joined(call: Call) -> list[Territory]:
    """Who joined with the call, in the order of the register: those accepted; of a call of before, its cohort."""
    accepted = Q(applications__call=call, applications__status=Application.Status.ACCEPTED)
    is_in = Q(membership__cohort=call.cohort_id) if call.is_before_us else accepted
    return list(Territory.objects.filter(is_in).defer("outline").order_by("code"))


def closed(call: Call) -> str:
    """Why nobody can apply now, with the day."""
    if call.standing == "past":
        return _("This call closed on %(day)s: nobody can apply any more.") % {"day": dates.day(call.last_day)}
    return _("This call opens on %(day)s.") % {"day": dates.day(call.first_day)}


def story(call: Call) -> list[dict[str, Any]]:
    """What happened to a call and when, from the ledger, as `ui/trail.html` shows it; with the days before a change."""
    words = {"call.drafted": _("Written"), "call.published": _("Published"), "call.changed": _("Changed")}
    told = []
    for entry in ledger.history(call).filter(action__in=words):
        before = entry.particulars.get("closes_at_before")
        was = dates.day(datetime.fromisoformat(before) - timedelta(seconds=1)) if before else ""
        text = _("The last day was %(day)s.") % {"day": was} if was else ""
        told.append({"name": words[entry.action], "at": entry.at, "text": text, "is_done": True})
    return told


# -- applications ------------------------------------------------------------------------------


def link(application: Application) -> str:
    """The address behind which the applicant writes, signed and good for LINK_WORKS_FOR from now on."""
    token = signing.dumps([application.pk, application.applicant_id], salt=BORNE, compress=True)
    return reverse("calls:application", args=[application.call.number, token])


def borne(token: str, number: int) -> Application | None:
    """The application behind a mailed link; None once the link has expired or its address was erased.

    Raises BadSignature for a link that is not ours.
    """
    try:
        pk, applicant = signing.loads(token, salt=BORNE, max_age=LINK_WORKS_FOR)
    except signing.SignatureExpired:
        return None
    found = whole(Application.objects.filter(pk=pk, applicant=applicant, call__number=number))
    return found.first() if applicant else None


def whole(applications: QuerySet[Application]) -> QuerySet[Application]:
    """Applications with all that their page shows of them."""
    return applications.select_related("call__cohort", "place__parent__parent", "applicant", *NAMED).defer(*OUTLINES)


def contacts(application: Application) -> QuerySet[Contact]:
    """Who applied and who is named, as they are kept apart."""
    keys = [getattr(application, f"{role}_id") for role in ("applicant", *NAMED)]
    return Contact.objects.filter(pk__in=[pk for pk in keys if pk])


def papers(application: Application) -> list[Asked]:
    """What the call asks for, with what stands for it."""
    given = {paper.asked: paper for paper in application.papers.filter(replaced_at=None)}
    return [Asked(each.id, each.name, each.is_required, given.get(each.id)) for each in asked(application.call)]


def mark(application: Application) -> str:
    """A short number for all that an application says: another one as soon as somebody writes in it."""
    named = [(who.name, who.email) if who else None for who in (getattr(application, role) for role in NAMED)]
    files = application.papers.filter(replaced_at=None).order_by("asked").values_list("asked", "sha256")
    said = [application.place_id, application.function, application.decided_on, application.why]
    return mark_of([*said, named, list(files)])


def missing(application: Application) -> dict[str, str]:
    """What must still be given before an application can be sent: the field of the form, and a sentence."""
    lacks: dict[str, str] = {}
    if application.place is None:
        lacks["name"] = _("Say for which collectivity you apply.")
    if not application.function:
        lacks["function"] = _("Say in which function you apply.")
    if application.decided_on is None:
        lacks["decided_on"] = _("Give the day on which the council decided.")
    lacks |= dict(_unnamed(application))
    for each in papers(application):
        if each.is_required and each.paper is None:
            lacks[f"paper_{each.id}"] = _("This document is missing: %(name)s.") % {"name": each.name}
    return lacks


def _unnamed(application: Application) -> Iterator[tuple[str, str]]:
    """The people whose name or mail is missing; the deputy is someone else than the focal point."""
    who = {
        "president": _("Write the name of the president of the council."),
        "focal_point": _("Name the focal point, with an e-mail address."),
        "deputy": _("Name the deputy too, with an e-mail address: one person alone is too few."),
    }
    for role, sentence in who.items():
        contact = getattr(application, role)
        if contact is None or not contact.name:
            yield f"{role}_name", sentence
        if role != "president" and (contact is None or not contact.email):
            yield f"{role}_email", sentence
    focal, deputy = application.focal_point, application.deputy
    if focal and deputy and focal.email and focal.email == deputy.email:
        yield "deputy_email", _("The deputy is another person than the focal point, with another address.")


def review_page(call: Call, person: Person, *, status: str = "", before: int | None = None) -> Found:
    """A page of the applications that the person may read, latest sent first, of one status if named."""
    found = readable(person).filter(call=call)
    if status in Application.Status.values:
        found = found.filter(status=status)
    from_here = found.filter(pk__lt=before) if before else found
    listed = from_here.select_related("place__parent__parent").defer(*OUTLINES).prefetch_related("advices__of")
    page = list(listed.order_by("-pk")[: PAGE + 1])
    return Found(page[:PAGE], page[PAGE - 1].pk if len(page) > PAGE else None, found.count())


def readable(person: Person) -> QuerySet[Application]:
    """The applications that were sent and that the person reviews: all, or those of their territory."""
    received = Application.objects.received()
    if person.is_national:
        return received
    watched = [grant.territory for grant in person.current_grants if grant.role == Role.WILAYA]
    return received.filter(_inside(watched)) if watched else received.none()


def _inside(places: Iterable[Territory]) -> Q:
    inside = Q(pk__in=[])
    for place in places:
        inside |= Q(place__in=territories.inside(place))
    return inside


def by_status(call: Call, person: Person) -> list[tuple[str, str, int]]:
    """How many of the applications of a call that the person reviews stand where: status, its name, the count."""
    counts = dict(readable(person).filter(call=call).order_by().values_list("status").annotate(n=Count("pk")))
    shown = [status for status in Application.Status if status != Application.Status.DRAFT]
    return [(status.value, str(status.label), counts.get(status.value, 0)) for status in shown]


def waiting_for_verdict() -> list[tuple[Call, int]]:
    """The calls of which applications wait for the national team, and how many."""
    waiting = Q(applications__status=Application.Status.SUBMITTED)
    calls = Call.objects.filter(waiting).annotate(waiting=Count("applications", filter=waiting)).order_by("number")
    return [(call, call.waiting) for call in calls]  # type: ignore[attr-defined]


def waiting_for_advice(place: Territory) -> list[tuple[Call, int]]:
    """The calls of which applications wait for the opinion of the wilaya or province of that territory, how many."""
    given = Advice.objects.filter(application=OuterRef("pk"), of=place, turn=OuterRef("turn"))
    sent = Application.objects.filter(~Exists(given), _inside([place]), status=Application.Status.SUBMITTED)
    counts = dict(sent.order_by().values_list("call").annotate(n=Count("pk")))
    return [(call, counts[call.pk]) for call in Call.objects.filter(pk__in=counts).order_by("number")]


def left(call: Call) -> int | None:
    """How many places are not taken; None where there is no limit."""
    if call.places is None:
        return None
    taken = Application.objects.filter(call=call, status=Application.Status.ACCEPTED).count()
    return max(call.places - taken, 0)


def standing_for(call: Call, place: Territory, *, but: Application | None = None) -> Application | None:
    """The application that already stands for a collectivity in a call."""
    others = Application.objects.filter(call=call, place=place, status__in=Application.HELD)
    return (others.exclude(pk=but.pk) if but else others).first()


def stale(today: date) -> tuple[QuerySet[Application], QuerySet[Paper]]:
    """What has passed its time: drafts that nobody opened or sent, and the papers of applications without success."""
    opened_never = Q(saved_at=None, begun_at__date__lt=today - timedelta(days=7))
    sent_never = Q(call__closes_at__date__lt=today - timedelta(days=365))
    drafts = Application.objects.filter(opened_never | sent_never, sent_at=None)
    ended = [Application.Status.REFUSED, Application.Status.WITHDRAWN]
    is_long_over = Q(application__call__closes_at__date__lt=today - timedelta(days=365))
    return drafts, Paper.objects.filter(is_long_over, application__status__in=ended)


# -- what became of an application -------------------------------------------------------------


def history(application: Application, *, is_applicant: bool) -> list[dict[str, Any]]:
    """Each step of an application with its day, from the ledger, as `ui/trail.html` shows it.

    Reasons and opinions are read by the applicant and the reviewers; others see those that are public.
    """
    verdicts = {verdict.pk: verdict for verdict in application.verdicts.all()}
    advices = {advice.pk: advice for advice in application.advices.select_related("of")}
    steps = []
    for entry in ledger.history(application):
        name, text = said(entry.action), ""
        if verdict := verdicts.get(entry.particulars.get("verdict", 0)):
            text = verdict.reason if is_applicant or verdict.is_public else ""
        if advice := advices.get(entry.particulars.get("advice", 0)):
            told = {"place": advice.of, "stance": advice.get_stance_display()}
            name = elided(_("Opinion of %(place)s: %(stance)s") % told)
            text = advice.text
        steps.append({"name": name, "at": entry.at, "text": text, "language": "und", "is_done": True})
    return steps


def said(action: str) -> str:
    """A step in words."""
    words = {
        "application.begun": _("Draft begun"),
        "application.submitted": _("Application sent"),
        "application.advised": _("Opinion of the wilaya or province"),
        "application.returned": _("More was asked for"),
        "application.accepted": _("Accepted: admitted to the network"),
        "application.refused": _("Refused"),
        "application.withdrawn": _("Withdrawn by the applicant"),
        "application.erased": _("Names and addresses erased"),
    }
    return words.get(action, action)


def who(person: Person | None) -> str:
    """A colleague by name, for another reviewer."""
    return (person.full_name or person.pseudonym or person.email or "") if person else _("Someone of the team")


def answered_by(verdict: Verdict) -> str:
    """Who answered when, and what."""
    said = {"accepted": _("accepted"), "returned": _("asked for more"), "refused": _("refused")}
    told = {"who": who(verdict.by), "when": dates.moment(verdict.at), "what": said[verdict.outcome]}
    return _("%(who)s has already answered this application on %(when)s: %(what)s.") % told


def advised_by(advice: Advice) -> str:
    """Who gave the opinion of a territory, and when."""
    told = {"who": who(advice.by), "place": advice.of, "when": dates.moment(advice.at)}
    return elided(_("%(who)s has already given the opinion of %(place)s on this application, on %(when)s.") % told)


def kept_of(application: Application) -> dict[str, Any]:
    """A copy of all that an application holds, for its applicant: plain values, dates as ISO 8601."""

    def moment(value: datetime | date | None) -> str | None:
        return value.isoformat() if value else None

    people = {role: getattr(application, role) for role in ("applicant", *NAMED)}
    return {
        "call": {"number": application.call.number, "title": dict(application.call.title)},
        "place": {"code": application.place.code, "name": dict(application.place.name)} if application.place else None,
        "status": application.status,
        "function": application.function,
        "decided_on": moment(application.decided_on),
        "why": application.why,
        "people": {
            role: {"name": contact.name, "email": contact.email, "kept_until": moment(contact.retain_until)}
            for role, contact in people.items()
            if contact
        },
        "papers": [
            {"asked": paper.asked, "sha256": paper.sha256, "added_at": moment(paper.added_at)}
            for paper in application.papers.all()
        ],
        "steps": [
            {"step": step["name"], "at": moment(step["at"]), "text": step["text"]}
            for step in history(application, is_applicant=True)
        ],
    }
