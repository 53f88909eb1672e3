from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Max, Q, TextChoices
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from infitah.ground.accounts.models import Person
from infitah.ground.ledger import actions as ledger
from infitah.journey.ideas import actions as ideas_actions
from infitah.journey.ideas.models import Idea, Outcome
from infitah.journey.programmes.models import Axis, Programme
from infitah.journey.programmes.rules import can_run, can_work_on
from infitah.lib.errors import NotPossible, Overtaken, require
from infitah.lib.i18n import joined
from infitah.lib.states import lock, mark, move, require_unchanged, sent_before
from infitah.lib.text import clean, guess_language, print_of

from . import rules
from .models import Activity, Change, OgpValue, Principle, Project, Source, Target

WORDS = {"title", "problem", "solution", "results", "change", "service", "partners", "plan_line"}
FACTS = {"budget", "funding", "starts_on", "ends_on", "source", "reference", "adapted_from"}
LISTS: dict[str, type[TextChoices]] = {"principles": Principle, "ogp_values": OgpValue}
WRITTEN = WORDS | FACTS | set(LISTS) | {"axis"}
FILED = ["themes", "policy_areas"]  # what a project is filed under
PLANNED = {"title", "owner", "planned_from", "planned_until"}
AMENDABLE = WORDS | {"starts_on", "ends_on", "source", "reference"}
Row = tuple[int, dict[str, Any] | None]  # the id of an activity, 0 of a new one; its fields, or None to take it out
Changes = dict[str, tuple[Any, Any]]  # of each field written anew, what stood before and what stands now
ACTUAL = {Activity.Status.COMPLETED, Activity.Status.ABANDONED}  # the states that have an end


def hold(programme: Programme, by: Person | None) -> Programme:
    """Hold the programme while one of its projects changes; refuse, in words, once it no longer may.

    A rejected programme is back in drafting as soon as something in it changes.
    """
    programme = lock(programme)
    require(can_work_on(by, programme))
    settled = _("This programme has been validated or voted on: nobody changes its projects any more.")
    require(rules.can_draft(by, programme), NotPossible(settled))
    if programme.status == Programme.Status.REJECTED:
        move(programme, Programme.Status.DRAFTING)
    return programme


def within(programme: Programme, project: Project) -> Project:
    """Hold a project of a programme that is held."""
    project = lock(project)
    project.programme = programme
    return project


def hold_project(project: Project, by: Person | None) -> Project:
    """Hold a project that stands, and its programme before it."""
    project = within(hold(project.programme, by), project)
    require(rules.can_redraft(by, project), NotPossible(_("This project is set aside: take it up again first.")))
    return project


def checked(programme: Programme, fields: dict[str, Any]) -> dict[str, Any]:
    """The fields, fit to be written, or a refusal that says what is wrong."""
    for name in LISTS.keys() & fields.keys():
        fields[name] = [value for value in LISTS[name].values if value in fields[name]]
    axis: Axis | None = fields.get("axis")
    foreign = axis is not None and axis.programme_id != programme.pk
    require(not foreign, NotPossible(_("This axis belongs to another programme.")))
    alone = fields.get("ogp_values") == [OgpValue.TECHNOLOGY]
    require(not alone, NotPossible(_("Technology counts only in addition: choose one of the other values as well.")))
    begins, ends = fields.get("starts_on"), fields.get("ends_on")
    require(not (begins and ends and ends < begins), NotPossible(_("A project ends after it begins.")))
    require((fields.get("budget") or 0) >= 0, NotPossible(_("A budget is not negative.")))
    require(bool(fields.get("title")), NotPossible(_("A project has a title, in Arabic or in French.")))
    return fields


def rewritten(project: Project, fields: dict[str, Any], allowed: set[str]) -> Changes:
    """Write some of a project's fields anew, fit to stand beside those that stay."""
    if set(fields) - allowed:
        raise TypeError(f"{', '.join(sorted(set(fields) - allowed))} is not written anew")
    stays = {name: getattr(project, name) for name in ("title", "starts_on", "ends_on")}
    return rewrite(project, checked(project.programme, {**stays, **fields}))


def rewrite(thing: Project | Activity, written: dict[str, Any]) -> Changes:
    """Write what differs; of each field, what stood before and what stands now."""
    changes = {name: (getattr(thing, name), value) for name, value in written.items() if getattr(thing, name) != value}
    for name, (_before, value) in changes.items():
        setattr(thing, name, value)
    thing.save(update_fields=list(changes))
    return changes


@transaction.atomic
def draft(
    programme: Programme,
    *,
    by: Person,
    key: UUID | None = None,
    ideas: Iterable[Idea] = (),
    reason: str = "",
    **fields: Any,
) -> Project:
    """Write a project down, perhaps from ideas; the same key is the same project. The first one begins the drafting."""
    key, ideas = key or uuid4(), list(ideas)
    programme = hold(programme, by)
    known = sent_before(Project, key, programme=programme)
    if known:
        return known
    written = {name: value for name, value in checked(programme, fields).items() if name not in FILED}
    place = lock(programme.place)
    ideas_actions.hold_together(ideas)
    last: int = Project.objects.filter(place=place).aggregate(last=Max("number", default=0))["last"]
    project = Project.objects.create(programme=programme, place=place, number=last + 1, key=key, **written)
    file_under(project, fields)
    if programme.status == Programme.Status.PREPARED:
        move(programme, Programme.Status.DRAFTING)
    on = {"number": project.number, "title_sha256": print_of(project.title)}
    ledger.record("project.drafted", by=by, on=project, place=place, **on)
    draw_on(project, ideas, by=by, reason=reason)
    return project


def file_under(project: Project, fields: dict[str, Any]) -> Changes:
    """Take the themes and the policy areas out of the fields, and set them; the names of those that change."""
    changes: Changes = {}
    for name in [name for name in FILED if name in fields]:
        stood, stands = set(getattr(project, name).all()), set(fields.pop(name))
        retired = any(getattr(one, "retired_on", None) for one in stands - stood)
        require(not retired, NotPossible(_("This policy area is retired: choose another.")))
        if stands != stood:
            getattr(project, name).set(stands)
            changes[name] = (joined(one.name for one in stood), joined(one.name for one in stands))
    return changes


@transaction.atomic
def redraft(project: Project, *, by: Person, seen: str = "", **fields: Any) -> Project:
    """Write some of a project's fields anew; the ledger keeps which ones. Not unread of what others wrote since it
    was `seen`, which is the mark of what the writer had before them."""
    project = hold_project(project, by)
    require_unchanged(project, seen, fields)
    changed = sorted(file_under(project, fields) | rewritten(project, fields, WRITTEN))
    if changed:
        ledger.record("project.redrafted", by=by, on=project, place=project.place, fields=changed)
    return project


@transaction.atomic
def draw_on(
    project: Project, ideas: Iterable[Idea], *, by: Person, reason: str = "", seen: int | None = None
) -> list[Source]:
    """Keep ideas in a project, and with each the ideas grouped under it; their authors are told which project.

    An idea already drawn on is left as it is. Without a reason given, the reason names the project.
    """
    project, ideas, reason = hold_project(project, by), list(ideas), clean(reason)
    require(not ideas or rules.can_draw_on(by, project))
    language = guess_language(reason) if reason else project.title.lang
    with translation.override(language):
        reason = reason or _("Your idea is kept in the project “%(title)s”.") % {"title": project.title}
    standing = set(project.sources.standing().values_list("idea_id", flat=True))
    made, chosen = [], sorted({idea.pk: idea for idea in ideas}.values(), key=lambda one: one.pk)
    ideas_actions.hold_together(chosen)
    for idea in chosen:
        require(idea.programme_id == project.programme_id, NotPossible(_("This idea belongs to another programme.")))
        if idea.pk in standing:
            continue
        ideas_actions.decide(idea, by=by, outcome=Outcome.KEPT, reason=reason, language=language, seen=seen)
        made += tie(project, idea)
    if made:
        numbers = [source.idea.number for source in made]
        ledger.record("project.drawn_on", by=by, on=project, place=project.place, number=project.number, ideas=numbers)
    return made


def tie(project: Project, idea: Idea) -> list[Source]:
    """A source for the idea and for each of those grouped under it, where there is none yet."""
    group = [idea, *Idea.objects.filter(lead=idea).order_by("pk")]
    tied = [Source.objects.get_or_create(project=project, idea=one) for one in group]
    return [source for source, is_new in tied if is_new]


@transaction.atomic
def let_go(source: Source, *, by: Person) -> None:
    """Take an idea out of a project, with those grouped under it; it waits on the board for another answer."""
    project = hold_project(source.project, by)
    require(rules.can_let_go(by, source))
    group = project.sources.filter(Q(idea=source.idea_id) | Q(idea__lead=source.idea_id))
    numbers = sorted(group.values_list("idea__number", flat=True))
    require(bool(numbers), NotPossible(_("This idea has already been taken out of the project.")))
    group.delete()
    ledger.record("project.let_go", by=by, on=project, place=project.place, number=project.number, ideas=numbers)


@transaction.atomic
def plan(project: Project, *, by: Person, activities: Iterable[dict[str, Any]]) -> list[Activity]:
    """Add activities: `title, planned_from, planned_until` and perhaps `owner` of each. The same one twice is one."""
    project = hold_project(project, by)
    standing = {(one.title, one.planned_from, one.planned_until): one for one in project.activities.all()}
    last = project.activities.aggregate(last=Max("number"))["last"] or 0
    planned, made = [], []
    for fields in activities:
        fields = planned_well(fields)
        same = (fields["title"], fields["planned_from"], fields["planned_until"])
        if same not in standing:
            last += 1
            standing[same] = Activity.objects.create(project=project, number=last, **fields)
            made.append(last)
        planned.append(standing[same])
    if made:
        ledger.record("project.planned", by=by, on=project, place=project.place, activities=made)
    return planned


def planned_well(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields of an activity, or a refusal that says what is wrong with them."""
    require(bool(fields.get("title")), NotPossible(_("An activity has a title, in Arabic or in French.")))
    require_forward(fields["planned_from"], fields["planned_until"])
    return fields


def require_forward(begins: date, ends: date) -> None:
    require(begins <= ends, NotPossible(_("An activity ends after it begins.")))


@transaction.atomic
def replan(activity: Activity, *, by: Person, **fields: Any) -> Activity:
    """Word or date an activity otherwise."""
    project = hold_project(activity.project, by)
    activity = lock(activity)
    now = {name: getattr(activity, name) for name in PLANNED}
    changed = sorted(rewrite(activity, planned_well({**now, **fields})))
    if changed:
        particulars = {"activity": activity.number, "fields": changed}
        ledger.record("activity.replanned", by=by, on=project, place=project.place, **particulars)
    return activity


@transaction.atomic
def unplan(activity: Activity, *, by: Person) -> None:
    """Take an activity out; possible before adoption only."""
    project = hold_project(activity.project, by)
    activity = lock(activity)
    activity.delete()
    ledger.record("activity.unplanned", by=by, on=project, place=project.place, activity=activity.number)


@transaction.atomic
def arrange(project: Project, *, by: Person, rows: Iterable[Row], seen: str = "") -> Project:
    """All that one sheet of activities says, or nothing of it, where it would change what others wrote since `seen`."""
    project = hold_project(project, by)
    standing, stood = {one.pk: one for one in project.activities.all()}, mark(project, "activities")
    added = []
    for own_id, fields in rows:
        activity = standing.get(own_id)
        if activity and fields:
            replan(activity, by=by, **fields)
        elif activity:
            unplan(activity, by=by)
        elif fields:
            added.append(fields)
    plan(project, by=by, activities=added)
    require(seen in ("", stood) or mark(project, "activities") == stood, Overtaken(stood))
    return project


@transaction.atomic
def aim(project: Project, *, by: Person, targets: Iterable[dict[str, Any]], seen: str = "") -> list[Target]:
    """Set the project's targets: `name, target` and perhaps `baseline, unit` of each, in place of those before,
    though not of those that others wrote since they were `seen`."""
    project = hold_project(project, by)
    said = ("baseline", "target", "unit")
    wanted = [{"name": fields["name"], **{name: clean(fields.get(name, "")) for name in said}} for fields in targets]
    whole = all(fields["name"] and fields["target"] for fields in wanted)
    require(whole, NotPossible(_("An indicator has a name and a value to reach.")))
    if wanted == list(project.targets.values("name", *said)):
        return list(project.targets.all())
    stood = mark(project, "targets")
    require(seen in ("", stood), Overtaken(stood))
    project.targets.all().delete()
    aimed = [Target.objects.create(project=project, **fields) for fields in wanted]
    ledger.record("project.aimed", by=by, on=project, place=project.place, targets=len(aimed))
    return aimed


@transaction.atomic
def drop(project: Project, *, by: Person, reason: str) -> Project:
    """Set a project aside, and say why; its ideas wait on the board for another answer."""
    project, reason = hold_project(project, by), clean(reason)
    require(rules.can_drop(by, project))
    require(bool(reason), NotPossible(_("Say why the project is set aside: those whose ideas it held read it.")))
    move(project, Project.Status.DROPPED, dropped_reason=reason)
    on = {"number": project.number, **explained(project, {}, by=by, reason=reason)}
    ledger.record("project.dropped", by=by, on=project, place=project.place, **on)
    return project


def explained(project: Project, changes: dict[str, list[Any]], **why: Any) -> dict[str, Any]:
    """Keep what changes and why, in words; to the ledger go their number and their fingerprint."""
    made = Change.objects.create(project=project, changes=changes, **why)
    return {"change": made.pk, "reason_sha256": print_of(made.reason)}


@transaction.atomic
def restore_project(project: Project, *, by: Person) -> Project:
    """Take up again a project that was set aside, with its ideas."""
    project = within(hold(project.programme, by), project)
    require(can_run(by, project.programme))
    require(rules.can_restore(by, project), NotPossible(_("This project already stands.")))
    move(project, Project.Status.DRAFT)
    ledger.record("project.restored", by=by, on=project, place=project.place, number=project.number)
    return project


# -- the country's plan, once in force -----------------------------------------------------------------


def hold_in_force(project: Project, by: Person | None, reason: str) -> Project:
    """Hold a commitment of the country's plan while it is amended, for a reason that is shown."""
    programme = lock(project.programme)
    require_amendable(programme, by)
    require(bool(clean(reason)), NotPossible(_("Say why it changes: everyone reads the reason beside the change.")))
    return within(programme, project)


def require_amendable(programme: Programme, by: Person | None) -> None:
    """Said before the form is shown, and when it comes in."""
    require(can_run(by, programme))
    settled = _("What was adopted is changed by nobody. Only the country's own plan in force is amended, in the open.")
    require(rules.can_amend(by, programme), NotPossible(settled))


def told(changes: Changes) -> dict[str, list[Any]]:
    """Changes as they are kept."""
    return {name: [str(one) if isinstance(one, date) else one for one in both] for name, both in changes.items()}


@transaction.atomic
def amend(project: Project, *, by: Person, reason: str, seen: str = "", **fields: Any) -> Project:
    """Change what the country's plan says, from today on; what stood before is kept, and why. Not unread of what
    others wrote since it was `seen`."""
    project = hold_in_force(project, by, reason)
    require_unchanged(project, seen, fields)
    changes = told(file_under(project, fields) | rewritten(project, fields, AMENDABLE))
    if changes:
        on = {"number": project.number, "fields": sorted(changes), "changes_sha256": print_of(changes)}
        on |= explained(project, changes, by=by, reason=clean(reason))
        ledger.record("project.amended", by=by, on=project, place=project.place, **on)
    return project


@transaction.atomic
def reschedule(
    activity: Activity,
    *,
    by: Person,
    reason: str,
    planned_from: date,
    planned_until: date,
    started_on: date | None = None,
    ended_on: date | None = None,
) -> Activity:
    """Plan an activity of the country's plan for other days, or set right the days it really took.

    The days planned first stay where they are: delays are counted from them. New ones stand beside, with the reason.
    """
    project = hold_in_force(activity.project, by, reason)
    activity = lock(activity)
    require_forward(planned_from, planned_until)
    require_real(activity, started_on, ended_on)
    is_first = (planned_from, planned_until) == (activity.planned_from, activity.planned_until)
    moved = (None, None) if is_first else (planned_from, planned_until)
    written = {"moved_from": moved[0], "moved_until": moved[1], "started_on": started_on, "ended_on": ended_on}
    changes = told(rewrite(activity, written))
    for name in changes.keys() & {"moved_from", "moved_until"}:  # told against what was planned first
        first = str(getattr(activity, name.replace("moved", "planned")))
        changes[name] = [day or first for day in changes[name]]
    if changes:
        on = {"activity": activity.number, "changes": changes}
        on |= explained(project, changes, activity=activity, by=by, reason=clean(reason))
        ledger.record("activity.rescheduled", by=by, on=activity, place=project.place, **on)
    return activity


def require_real(activity: Activity, started_on: date | None, ended_on: date | None) -> None:
    """The days an activity really took go with its state, and have come."""
    has_started, has_ended = activity.status != Activity.Status.NOT_STARTED, activity.status in ACTUAL
    require(has_started or not started_on, NotPossible(_("It has not started: report that it has, then give its day.")))
    ended = _("The day it ended goes with its state: report it completed or abandoned first, or leave the day empty.")
    require(has_ended == bool(ended_on), NotPossible(ended))
    days = [day for day in (started_on, ended_on) if day]
    require(days == sorted(days), NotPossible(_("An activity ends after it begins.")))
    to_come = _("This day is still to come: record it once it has happened.")
    require(all(day <= timezone.localdate() for day in days), NotPossible(to_come))
