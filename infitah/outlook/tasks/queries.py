from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from infitah.ground.accounts.models import Person, Role, RoleGrant
from infitah.ground.accounts.queries import holders
from infitah.ground.moderation import queries as moderation
from infitah.ground.moderation.models import Moderated
from infitah.ground.organisations import queries as organisations
from infitah.ground.territories.models import Territory
from infitah.journey.adoption import queries as adoption
from infitah.journey.consultation.models import Opinion
from infitah.journey.evaluation import queries as evaluation
from infitah.journey.evaluation.models import Evaluation
from infitah.journey.ideas.models import Idea
from infitah.journey.monitoring import queries as monitoring
from infitah.journey.programmes.models import Phase, Programme
from infitah.journey.programmes.queries import cycles_to_begin, span
from infitah.journey.programmes.rules import sits
from infitah.journey.projects.queries import gaps
from infitah.lib.dates import day
from infitah.network.calls import queries as calls
from infitah.network.calls.models import Call
from infitah.network.meetings.models import Meeting
from infitah.network.membership import queries as membership
from infitah.network.pool import queries as pool
from infitah.outlook.practices import queries as practices
from infitah.outlook.practices.rules import can_review

from .catalog import AHEAD, POINTS, RUNNING, Calendar, Point, Task, at

WRITTEN_AFTER = timedelta(days=3)  # a workshop is written down while one remembers it
ANSWERED_AFTER = timedelta(days=7)  # a member who asks for a coach


def by_day(tasks: Iterable[Task]) -> list[Task]:
    """The most urgent first; those without a day last."""
    return sorted(tasks, key=lambda task: task.by or date.max)


def tasks_of(person: Person, place: Territory, programme: Programme | None, roles: set[str]) -> Iterator[Task]:
    """Everything there is to do at a place in these roles."""
    runs = bool(roles & RUNNING)
    yield from belonging(person, place, roles)
    if runs:
        yield from looking(place, moderation.waiting_for(person, place))
        yield from verifying(place)
        yield from about_missions(place)
        yield from beginning(place, programme)
    if Role.WILAYA in roles:
        yield from applications_to_read(calls.waiting_for_advice(place), place)
    if programme is None:
        return
    dates = calendar_of(programme)
    if runs or Role.COACH in roles:
        yield from preparing(programme, dates, runs)
        yield from answering(programme, dates, runs)
        yield from drafting(programme, dates, runs)
    if runs or Role.CLERK in roles:
        yield from adopting(programme, dates, runs)
    if runs or Role.PROJECT_OWNER in roles:
        yield from carrying_out(programme)
    if runs:
        yield from consulting(programme, dates)
        yield from following(programme, dates)
    yield from proposing(person, programme, dates, runs)
    yield from judging(person, programme, dates, runs)


def belonging(person: Person, place: Territory, roles: set[str]) -> Iterator[Task]:
    """What the network asks of a member: to read what was handed over, to sign the charter, to name who runs it."""
    if roles & RUNNING:
        named = place.hand_overs.standing().filter(incoming=person, acknowledged_at=None).first()
        if named:
            text, action = _("Read what is handed over to you"), _("Read it all")
            yield at(place, "handover:handover", text, action, named.handed_on)
        charter = membership.charter_awaited(place)
        if charter:
            text = _("Sign version %(version)s of the charter, and record it") % {"version": charter.version}
            yield at(place, "membership:adhere", text, _("Record the signing"), charter.in_force_on)
    elif roles & {Role.PRESIDENT, Role.CLERK} and not holders(Role.FOCAL_POINT, place):
        text = _("Name a focal point: nobody holds the role")
        yield at(place, "membership:hand_over", text, _("Name someone"))


def looking(place: Territory, waiting: int) -> Iterator[Task]:
    """Publications that were held, reported or appealed for."""
    if waiting:
        text = ngettext("%(n)s publication waits for a look", "%(n)s publications wait for a look", waiting)
        yield at(place, "moderation:desk", text % {"n": waiting}, _("Look"), timezone.localdate())


def verifying(place: Territory) -> Iterator[Task]:
    """Organisations that wait for somebody who has seen that they exist."""
    found = organisations.waiting_at(place).aggregate(n=Count("pk"), first=Min("registered_at"))
    if found["n"]:
        text = ngettext(
            "%(n)s organisation waits to be verified", "%(n)s organisations wait to be verified", found["n"]
        )
        by = timezone.localdate(found["first"]) + ANSWERED_AFTER
        yield at(place, "organisations:list", text % {"n": found["n"]}, _("Look"), by)


def beginning(place: Territory, programme: Programme | None) -> Iterator[Task]:
    """No programme yet, or one that is over with a cycle that waits."""
    if programme is None:
        yield at(place, "programmes:setup", _("Begin the programme of your collectivity"), _("Begin"))
    elif programme.status in (Programme.Status.CLOSED, Programme.Status.EVALUATED) and cycles_to_begin(place).exists():
        yield at(place, "programmes:setup", _("Begin the programme of a cycle"), _("Begin"))


def calendar_of(programme: Programme) -> Calendar:
    """The days of the programme, and the session of its council for which they are meant. Three queries at most."""
    phases = {phase.kind: span(phase) for phase in programme.phases.all()}
    planned = {point: phases[kind][last] for point, (kind, last) in POINTS.items() if kind in phases}
    today, council = timezone.localdate(), phases.get(Phase.Kind.COUNCIL)
    after = today
    if council:
        after = max(today, council[0]).replace(day=1)  # that of the month may still be held
    elif Phase.Kind.CONSULTATION in phases:
        after = max(today, phases[Phase.Kind.CONSULTATION][1] + adoption.BEFORE_A_SITTING)
    elif programme.status in (Programme.Status.PREPARED, Programme.Status.DRAFTING):
        after = today + timedelta(days=AHEAD)
    return Calendar(planned, adoption.next_ordinary_session(programme.place, after))


def about_missions(place: Territory) -> Iterator[Task]:
    """A coach who is proposed, and a mission that is over: the member has a word to say."""
    for mission in pool.missions_awaiting_member(place):
        text, action, by = _("A coach is proposed to you: agree, or say why not"), _("Look at the mission"), None
        if mission.is_over:
            text, action = _("Say what the coach's mission brought you"), _("Say a word")
        else:
            by = mission.starts_on
        yield at(place, "custody:mission", text, action, by, mission.pk)


def preparing(programme: Programme, dates: Calendar, runs: bool) -> Iterator[Task]:
    """Before ideas: axes, dates, committee; workshops to announce and to write down."""
    if programme.is_frozen:
        return
    place = programme.place
    if not programme.axes.exists():
        yield dates.task("axes", place)
    if not {Point.IDEAS_OPEN, Point.DRAFT_OPENS} <= dates.planned.keys():
        yield dates.task("dates", place)
    if runs and not hasattr(programme, "committee"):
        yield dates.task("committee", place)
    opens, closes = dates.planned.get(Point.IDEAS_OPEN), dates.planned.get(Point.IDEAS_CLOSE)
    if opens and closes:
        yield from workshops(programme, dates, opens, closes, runs)


def workshops(programme: Programme, dates: Calendar, opens: date, closes: date, runs: bool) -> Iterator[Task]:
    """None announced while ideas are open; or one held, of which nothing has been written down."""
    place, now = programme.place, timezone.now()
    held = place.meetings.filter(kind=Meeting.Kind.WORKSHOP, called_off_at=None, starts_at__date__range=(opens, closes))
    counted = held.annotate(written=Count("ideas"))
    starts = list(counted.values_list("starts_at", "written").order_by("starts_at"))
    if not starts and runs and timezone.localdate() <= closes:
        yield dates.task("workshop", place)
    silent = [at for at, written in starts if at < now and not written]
    if silent:
        text, by = _("Write down what people said in the workshop"), timezone.localdate(silent[0]) + WRITTEN_AFTER
        why = _("Planned back from %(what)s: %(day)s") % {"what": _("the workshop"), "day": day(silent[0])}
        yield at(place, "ideas:enter", text, _("Enter workshop ideas"), by, why=why)


def answering(programme: Programme, dates: Calendar, runs: bool) -> Iterator[Task]:
    """Ideas to which the committee proposes an answer; those without one, even after the vote; a coach groups them."""
    if programme.is_frozen and not runs:
        return
    place, ideas = programme.place, Idea.objects.filter(programme=programme)
    proposed = ideas.waiting().public().filter(proposals__isnull=False).distinct().count() if runs else 0
    if proposed:
        said = ngettext("%(n)s idea has a proposal", "%(n)s ideas have a proposal", proposed) % {"n": proposed}
        task = dates.task("heed", place, note=said)
        yield replace(task, url=f"{task.url}?state=proposed")
    waiting = ideas.filter(status=Idea.Status.RECEIVED, visibility=Moderated.Visibility.SHOWN).count()
    if waiting:
        said = ngettext("%(n)s idea waits for an answer", "%(n)s ideas wait for an answer", waiting) % {"n": waiting}
        answer = dates.task("answer", place, text=said)
        if programme.is_frozen:
            answer = replace(answer, url=reverse("ideas:inbox", args=[place.slug]))  # the board is closed
        yield answer if runs else dates.task("group", place, note=said)


def proposing(person: Person, programme: Programme, dates: Calendar, runs: bool) -> Iterator[Task]:
    """Ideas to which a member of the committee has not proposed an answer yet."""
    if runs or programme.is_frozen or not sits(person, programme):
        return
    unsaid = Idea.objects.filter(programme=programme).waiting().public().exclude(proposals__by=person).count()
    if unsaid:
        said = ngettext("%(n)s idea waits for your proposal", "%(n)s ideas wait for your proposal", unsaid)
        yield dates.task("propose", programme.place, note=said % {"n": unsaid})


def drafting(programme: Programme, dates: Calendar, runs: bool) -> Iterator[Task]:
    """The projects to write, the draft to open."""
    if programme.status not in (Programme.Status.PREPARED, Programme.Status.DRAFTING, Programme.Status.REJECTED):
        return
    is_written = programme.projects.exists()
    if not is_written:
        yield dates.task("draft", programme.place)
    if runs:
        note = " ".join(gaps(programme)[:1]) if is_written else ""
        yield dates.task("open", programme.place, note=note)


def consulting(programme: Programme, dates: Calendar) -> Iterator[Task]:
    """The workshop to announce, the opinions to answer."""
    if programme.status != Programme.Status.CONSULTED:
        return
    place, opens, closes = programme.place, dates.day(Point.DRAFT_OPENS), dates.day(Point.DRAFT_CLOSES)
    if opens and closes and closes >= timezone.localdate():
        announced = place.meetings.filter(called_off_at=None, starts_at__date__range=(opens, closes))
        if not announced.exclude(kind=Meeting.Kind.COMMITTEE).exists():
            yield dates.task("hear", place)
    opinions = Opinion.objects.filter(draft__programme=programme).unanswered().count()
    if opinions:
        text = ngettext("%(n)s opinion waits for a reply", "%(n)s opinions wait for a reply", opinions)
        yield dates.task("reply", place, text=text % {"n": opinions})


def adopting(programme: Programme, dates: Calendar, runs: bool) -> Iterator[Task]:
    """The way through the council, for as much of it as is still ahead."""
    if programme.status in Programme.IN_FORCE:
        return
    place, is_drafted = programme.place, runs and not programme.is_frozen
    pending = adoption.pending(programme)
    if is_drafted:
        yield dates.task("validate", place)
    is_ahead = is_drafted or programme.status in (Programme.Status.VALIDATED, Programme.Status.POSTPONED)
    if is_ahead:
        yield dates.task("agenda", place)
    if pending:
        why = _("The council sits on %(day)s") % {"day": day(pending.sitting.sits_on)}
        yield replace(dates.task("vote", place, by=pending.sitting.sits_on), why=why)
    elif is_ahead:
        yield dates.task("vote", place)


def following(programme: Programme, dates: Calendar) -> Iterator[Task]:
    """Before and during the implementation: its years, who is in charge, the committee's meetings."""
    if not programme.is_frozen or programme.status == Programme.Status.EVALUATED:
        return
    place, now = programme.place, timezone.now()
    if not {Point.WORK_BEGINS, Point.EVALUATION_CLOSES} <= dates.planned.keys():
        years = dates.task("years", place)
        yield replace(years, by=None, why="") if programme.status in Programme.IN_FORCE else years
    if not RoleGrant.objects.current().filter(role=Role.PROJECT_OWNER, territory=place).exists():
        owners = dates.task("owners", place)
        yield replace(owners, by=None, why="") if programme.status in Programme.IN_FORCE else owners
    met = place.meetings.filter(kind=Meeting.Kind.COMMITTEE, called_off_at=None, starts_at__gte=now)
    if not met.exists():
        yield dates.task("follow", place)


def carrying_out(programme: Programme) -> Iterator[Task]:
    """Activities past their day or next to be done, and projects of which nobody speaks."""
    if programme.status != Programme.Status.ADOPTED:
        return
    place, today, door = programme.place, timezone.localdate(), "monitoring:progress"
    due = monitoring.still_to_do(programme)
    late = [until for until, _project, _activity in due if until < today]
    if late:
        text = ngettext("%(n)s activity is past its day", "%(n)s activities are past their day", len(late))
        why = _("The first one was planned until %(day)s") % {"day": day(late[0])}
        found = at(place, door, text % {"n": len(late)}, _("Report progress"), late[0], why=why)
        yield replace(found, url=f"{found.url}?state=late#rows")
    for until, _project, activity in due[len(late) :][:1]:
        found = at(place, door, _("Report on the activity that ends next"), _("Progress round"), until)
        yield replace(found, url=f"{found.url}#activity-{activity}")
    silent = set(monitoring.silent_projects(today).filter(programme=programme).values_list("pk", flat=True))
    for n, activity in [(len(silent), activity) for _until, project, activity in due if project in silent][:1]:
        text = ngettext("%(n)s project has been silent for 120 days", "%(n)s projects have been silent for 120 days", n)
        found = at(place, door, text % {"n": n}, _("Report progress"), today)
        yield replace(found, url=f"{found.url}#activity-{activity}")


def judging(person: Person, programme: Programme, dates: Calendar, runs: bool) -> Iterator[Task]:
    """What either side rates and evaluates."""
    is_civil = sits(person, programme, "civil")
    if programme.status in Programme.IN_FORCE and is_civil:
        yield at(programme.place, "spaces:programme", _("Rate the activities as civil society"), _("Rate"))
    if not (runs or is_civil) or not (evaluation.is_due(programme) or programme.evaluations.exists()):
        return
    side = Evaluation.Side.COLLECTIVITY if runs else Evaluation.Side.CIVIL
    filed = programme.evaluations.filter(side=side).exclude(status=Evaluation.Status.OPEN)
    if not filed.exists():
        yield dates.task("evaluate", programme.place)


def of_person(person: Person) -> Iterator[Task]:
    """What is asked of the person themselves, wherever they work."""
    yield from of_coach(person)
    yield from practices_to_read(person)
    yield from invitations(person)
    if person.is_national:
        country = Territory.objects.get(kind=Territory.Kind.COUNTRY)
        yield from looking(country, moderation.left_to_the_nation(person))
        yield from of_national_team()


def invitations(person: Person) -> Iterator[Task]:
    """The organisations that the person is asked to speak for."""
    for speaker in organisations.spoken_for(person):
        if speaker.accepted_at is None:
            text = _("You are invited to speak for this organisation")
            url, note = reverse("voices:organisation", args=[speaker.organisation_id]), str(speaker.organisation)
            yield Task(text, url, note=note, action=_("Look"), place=speaker.organisation.place)


def of_coach(person: Person) -> Iterator[Task]:
    """Missions proposed to the person, and those that lack a report."""
    for each in pool.to_agree(person):
        text = _("A mission is proposed to you: agree, or say why not")
        yield at(each.place, "custody:mission", text, _("Look at the mission"), each.starts_on, each.pk)
    for each in pool.soon_over(person):
        why = _("The mission ends on %(day)s") % {"day": day(each.ends_on)}
        text, action = _("Report on your mission"), _("Write the report")
        yield at(each.place, "pool:end", text, action, each.ends_on, each.pk, why=why)


def of_national_team() -> Iterator[Task]:
    """Members who wait for a coach, collectivities for an answer, organisations where nobody runs the place."""
    waiting = pool.waiting().aggregate(n=Count("pk"), first=Min("asked_at"))
    if waiting["n"]:
        text = ngettext("%(n)s member waits for a coach", "%(n)s members wait for a coach", waiting["n"])
        by = timezone.localdate(waiting["first"]) + ANSWERED_AFTER
        why = _("A week after the first request: %(day)s") % {"day": day(waiting["first"])}
        url = reverse("pool:requests")
        yield Task(text % {"n": waiting["n"]}, url, by, why=why, action=_("Find coaches"))
    yield from applications_to_read(calls.waiting_for_verdict())
    for place in {one.place for one in organisations.left_to_the_nation()}:
        yield from verifying(place)


def applications_to_read(waiting: list[tuple[Call, int]], place: Territory | None = None) -> Iterator[Task]:
    """The applications to each call that wait: for an opinion, or for an answer."""
    for call, n in waiting:
        text = ngettext("%(n)s application to join waits for you", "%(n)s applications to join wait for you", n)
        url = reverse("calls:applications", args=[call.number]) + "?status=submitted"
        yield Task(text % {"n": n}, url, note=str(call.title), action=_("Read the applications"), place=place)


def practices_to_read(person: Person) -> Iterator[Task]:
    """The practices on which the national team asks for the person's word."""
    for practice in filter(partial(can_review, person), practices.asked_of(person)):
        url, text = reverse("practices:practice", args=[practice.pk]), _("Say whether this practice is ready")
        why = _("The national team asks for your word")
        yield Task(text, url, note=practice.title, why=why, action=_("Read it"), place=practice.place)
