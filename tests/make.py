"""Makes the things tests are about, each with one call and nothing to fill in."""

import io
import itertools
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from infitah.ground.accounts.models import Person, Role, RoleGrant
from infitah.ground.areas.models import PolicyArea
from infitah.ground.ledger import actions as ledger
from infitah.ground.ledger.models import Entry
from infitah.ground.territories.models import Territory
from infitah.journey.adoption.models import Deliberation, Sitting
from infitah.journey.consultation import queries as consultation
from infitah.journey.consultation.models import Draft, Opinion, Reply
from infitah.journey.ideas.models import Batch, Idea
from infitah.journey.monitoring.models import Evidence
from infitah.journey.programmes.models import Axis, Committee, Cycle, Phase, Programme, Seat
from infitah.journey.projects.models import Activity, Project, Source, Target
from infitah.lib import files, text
from infitah.lib.i18n import Localized
from infitah.network.certificates.models import Certificate
from infitah.network.meetings.actions import recount
from infitah.network.meetings.models import Material, Meeting, Minutes, Registration
from infitah.network.membership.models import Charter, Cohort, HandOver, Member
from infitah.network.pool.models import Coach, HelpRequest, Mission, Skill
from infitah.network.questions.models import Answer, Question
from infitah.outlook.commitments.models import Declaration
from infitah.outlook.notifications import actions as notifications
from infitah.outlook.notifications import queries as queries_of_notices
from infitah.outlook.notifications.models import Notice
from infitah.outlook.practices.models import Practice

count = itertools.count(1)
PDF = b"%PDF-1.4\n1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"


def place(slug: str = "", kind: str = "commune", **fields: Any) -> Territory:
    if slug and (existing := Territory.objects.filter(slug=slug).first()):
        return existing
    parent = None if kind == "country" else fields.pop("parent", None) or country()
    return Territory.objects.create(
        code=fields.pop("code", f"T{next(count)}"),
        kind=kind,
        slug=slug or f"place-{next(count)}",
        name=fields.pop("name", Localized(ar="تطوان", fr="Tétouan")),
        parent=parent,
        population=fields.pop("population", 380_000),
        **fields,
    )


def country() -> Territory:
    found = Territory.objects.filter(kind="country").first()
    return found or place("morocco", "country", code="MA", name=Localized(ar="المغرب", fr="Maroc"))


def person(name: str = "Alice", **fields: Any) -> Person:
    email = fields.pop("email", f"{name.lower()}{next(count)}@example.org")
    return Person.objects.create(email=email, pseudonym=name, **fields)


def grant(who: Person, role: str, at: Territory, **fields: Any) -> RoleGrant:
    who.__dict__.pop("current_grants", None)
    return RoleGrant.objects.create(person=who, role=role, territory=at, **fields)


def focal_point(at: Territory, name: str = "Alice") -> Person:
    who = person(name)
    grant(who, Role.FOCAL_POINT, at)
    return who


def holder(role: str, at: Territory, name: str = "Bob") -> Person:
    who = person(name)
    grant(who, role, at)
    return who


def member(at: Territory | None = None, **fields: Any) -> Member:
    enrolled = {"number": 3, "label": "2025", "enrolled_on": date(2025, 1, 1)}
    cohort = Cohort.objects.filter(number=3).first() or Cohort.objects.create(**enrolled)
    fields = {"status": Member.Status.ACTIVE, "joined_on": date(2025, 1, 1), **fields}
    return Member.objects.create(place=at or place(), cohort=cohort, **fields)


def charter() -> Charter:
    said = {"text": Localized(fr="La charte"), "commitments": [{"id": "C1", "fr": "Respecter les normes"}]}
    return Charter.objects.first() or Charter.objects.create(version=1, in_force_on=date(2022, 10, 21), **said)


def area(name: str = "Open Budgets", **fields: Any) -> PolicyArea:
    key = fields.pop("key", "") or f"area-{next(count)}"
    return PolicyArea.objects.create(key=key, name=Localized(en=name), **fields)


def programme(at: Territory | None = None, *, opened: str = "", **fields: Any) -> Programme:
    """A programme of a member with two axes; `opened` names the phase that is open now."""
    at = at or member().place
    cohort = at.membership.cohort if hasattr(at, "membership") else member(at).cohort
    years = {"name": Localized(fr="2025-2027"), "starts_on": date(2025, 1, 1), "ends_on": date(2027, 12, 31)}
    cycle = Cycle.objects.filter(cohort=cohort).first() or Cycle.objects.create(cohort=cohort, **years)
    title = Localized(ar="برنامج الانفتاح", fr="Programme d'ouverture")
    made = Programme.objects.create(cycle=cycle, place=at, title=title, **fields)
    names = [Localized(ar="الرقمنة", fr="Numérique"), Localized(ar="المشاركة", fr="Participation")]
    axes = [Axis(programme=made, number=number, name=name) for number, name in enumerate(names, 1)]
    made.first_axis = Axis.objects.bulk_create(axes)[0]  # so that its ideas and projects need not ask for it
    if opened:
        phase(made, opened)
    return made


def first_axis(of: Programme) -> Axis | None:
    return getattr(of, "first_axis", None) or of.axes.first()


def phase(of: Programme, kind: str, *, days_ago: int = 5, days_left: int = 5) -> Phase:
    now, today = timezone.now(), timezone.localdate()
    return Phase.objects.create(
        programme=of,
        kind=kind,
        planned_from=today - timedelta(days=days_ago),
        planned_until=today + timedelta(days=max(days_left, 0)),
        opens_at=now - timedelta(days=days_ago),
        closes_at=now + timedelta(days=days_left),
    )


def seat(of: Programme, side: str = Seat.Side.CIVIL, who: Person | None = None) -> Seat:
    committee, _ = Committee.objects.get_or_create(programme=of, defaults={"set_up_on": date(2025, 3, 1)})
    who = who or person("Charlie")
    return Seat.objects.create(committee=committee, side=side, person=who, name=who.pseudonym, since=date(2025, 3, 1))


def idea(of: Programme | None = None, **fields: Any) -> Idea:
    of = of or programme()
    defaults: dict[str, Any] = {
        "number": Idea.objects.filter(place=of.place).count() + 1,
        "problem": "أرقام ميزانية الجماعة معلقة ولا أحد يفهمها.",
        "solution": "نشر الميزانية بطريقة يفهمها الجميع",
        "axis": first_axis(of),
        "receipt": f"{next(count):08d}",
        "key": uuid4(),
        "fingerprint": uuid4().hex,
        "search": "",
    }
    return Idea.objects.create(programme=of, place=of.place, **{**defaults, **fields})


def meeting(at: Territory | None = None, **fields: Any) -> Meeting:
    fields = {"kind": "workshop", "influence": "consult", "starts_at": timezone.now(), **fields}
    title = fields.pop("title", Localized(ar="ورشة المحنش", fr="Atelier de M'hannech"))
    return Meeting.objects.create(place=at or place(), title=title, **fields)


def registration(of: Meeting | None = None, **fields: Any) -> Registration:
    of = of or meeting()
    fields = {"status": "confirmed", "code": text.new_receipt(), "key": uuid4(), **fields}
    made = Registration.objects.create(meeting=of, folded=text.fold(fields.get("name", "")), **fields)
    recount(of)
    return made


def certificate(of: Registration) -> Certificate:
    return Certificate.objects.create(registration=of, code=text.new_receipt())


def material(of: Meeting) -> Material:
    with files.kept(files.checked(SimpleUploadedFile("agenda.pdf", PDF), kinds={"pdf"}), "meetings") as name:
        return Material.objects.create(meeting=of, title=Localized(fr="Support"), file=name, sha256="0" * 64)


def minutes(of: Meeting) -> Minutes:
    return Minutes.objects.create(meeting=of, version=of.minutes.count() + 1, text=Localized(fr="Compte rendu"))


def project(of: Programme | None = None, **fields: Any) -> Project:
    """A project of the first axis, with one activity unless `activities=0`."""
    of = of or programme()
    number = Project.objects.filter(place=of.place).count() + 1
    activities = fields.pop("activities", 1)
    defaults: dict[str, Any] = {
        "axis": first_axis(of),
        "title": Localized(ar=f"ميزانية مفهومة {number}", fr=f"Un budget lisible {number}"),
        "problem": Localized(ar="لا أحد يفهم الميزانية", fr="Personne ne comprend le budget"),
        "solution": Localized(ar="نشر ميزانية المواطن", fr="Publier un budget citoyen"),
    }
    made = Project.objects.create(programme=of, place=of.place, number=number, **{**defaults, **fields})
    for at in range(activities):
        activity(made, number=at + 1)
    return made


def activity(of: Project | None = None, **fields: Any) -> Activity:
    of = of or project(activities=0)
    defaults: dict[str, Any] = {
        "number": fields.pop("number", 0) or of.activities.count() + 1,
        "title": Localized(ar="إعداد الصيغة المبسطة", fr="Rédiger la version simple"),
        "planned_from": date(2026, 1, 5),
        "planned_until": date(2026, 6, 30),
    }
    return Activity.objects.create(project=of, **{**defaults, **fields})


def upload(content: bytes = PDF, name: str = "file.pdf", kinds: tuple[str, ...] = ("pdf",)) -> files.Checked:
    return files.checked(SimpleUploadedFile(name, content), kinds=set(kinds))


def photo(size: tuple[int, int] = (40, 30), form: str = "JPEG", **more: Any) -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", size, "green").save(kept, form, **more)
    return kept.getvalue()


def under_way(**fields: Any) -> Activity:
    """An activity of a project whose programme the council has adopted."""
    return activity(project(programme(status="adopted"), activities=0), **fields)


def proof(of: Activity, **fields: Any) -> Evidence:
    return Evidence.objects.create(
        activity=of, kind="link", caption=Localized(ar="رابط"), link="https://example.org/", **fields
    )


def batch(of: Programme) -> Batch:
    """A sheet of one idea, waiting to be confirmed."""
    contents = "المحور,الإشكاليات,الحل المقترح\nالرقمنة,مشكل واضح,حل واضح".encode()
    made = Batch(programme=of, filename="ideas.csv", sha256="0" * 64)
    made.file.save("ideas.csv", ContentFile(contents))
    return made


def source(of: Project, idea: Idea) -> Source:
    return Source.objects.create(project=of, idea=idea)


def draft(of: Programme | None = None, *, days_left: int = 5) -> Draft:
    """A version put to consultation, open for so many days; made of the projects that the programme has, or of one."""
    of = of or programme()
    if not of.projects.exists():
        project(of)
    Programme.objects.filter(pk=of.pk).update(status=Programme.Status.CONSULTED)
    of.refresh_from_db()
    phase(of, "consultation", days_left=days_left)
    contents = consultation.frozen(of)
    sha256 = consultation.sha256_of(contents)
    return Draft.objects.create(programme=of, version=1, contents=contents, sha256=sha256, is_consulted=True)


def opinion(of: Draft | None = None, **fields: Any) -> Opinion:
    of = of or draft()
    defaults: dict[str, Any] = {
        "project": of.programme.projects.first(),
        "stance": Opinion.Stance.CHANGES,
        "text": "أضيفوا لقاء في كل حي",
        "receipt": f"{next(count):08d}",
        "key": uuid4(),
    }
    return Opinion.objects.create(draft=of, **{**defaults, **fields})


def version(of: Programme) -> Draft:
    """A frozen version of the programme as it stands, whatever that is."""
    contents, number = consultation.frozen(of), of.drafts.count() + 1
    return Draft.objects.create(
        programme=of, version=number, contents=contents, sha256=consultation.sha256_of(contents)
    )


def deliberation(of: Programme, sits_on: date = date(2026, 2, 5), **fields: Any) -> Deliberation:
    sitting, _ = Sitting.objects.get_or_create(place=of.place, sits_on=sits_on, defaults={"kind": "ordinary"})
    return Deliberation.objects.create(programme=of, sitting=sitting, draft=of.drafts.last() or version(of), **fields)


def target(of: Project) -> Target:
    return Target.objects.create(project=of, name=Localized(ar="زيارات", fr="Visites"), target="100")


def plan(status: str = "adopted", *, starts_on: date = date(2024, 1, 1), **fields: Any) -> Project:
    """The commitment of a national plan with one activity of January 2024; its programme by `.programme`."""
    cycle = Cycle.objects.create(
        name=Localized(fr="Plan 2024-2027"), starts_on=starts_on, ends_on=date(starts_on.year + 3, 12, 31)
    )
    title, source = Localized(ar="برنامج الدعم", fr="Programme d'appui"), "https://example.org/MO0065"
    programme = Programme.objects.create(cycle=cycle, place=country(), title=title, status=status, source=source)
    made = project(programme, activities=0, axis=None, title=title, **fields)
    activity(made, planned_from=starts_on, planned_until=starts_on + timedelta(days=30))
    return made


def reply(to: Opinion, **fields: Any) -> Reply:
    return Reply.objects.create(opinion=to, **{"is_taken_up": True, "text": "نعم", **fields})


def coach(name: str = "Karima", home: Territory | None = None, **fields: Any) -> Coach:
    """A coach of the pool, focal point of a place of their own."""
    home = home or place()
    fields = {"languages": ["ar", "fr"], "capacity": 2, **fields}
    skills = fields.pop("skills", ["workshops"])
    made = Coach.objects.create(person=focal_point(home, name), place=home, **fields)
    made.skills.set([skill(code) for code in skills])
    return made


def skill(code: str) -> Skill:
    found, _ = Skill.objects.get_or_create(code=code, defaults={"number": next(count), "name": Localized(fr=code)})
    return found


def help_request(at: Territory | None = None, **fields: Any) -> HelpRequest:
    at = at or place()
    if not hasattr(at, "membership"):
        member(at)
    theme = skill(fields.pop("theme", "workshops"))
    return HelpRequest.objects.create(
        **{"place": at, "theme": theme, "text": "كيف ننشط الورشة؟", "language": "ar", **fields}
    )


def mission(at: Territory | None = None, status: str = "proposed", **fields: Any) -> Mission:
    """A mission of a fortnight that began yesterday; the coach holds the role there while it lasts."""
    now, today = timezone.now(), timezone.localdate()
    asked = fields.pop("request", None) or help_request(at, status="proposed" if status == "proposed" else "answered")
    who = fields.pop("coach", None) or coach()
    days = {"starts_on": today - timedelta(days=1), "ends_on": today + timedelta(days=13), **fields}
    team = holder(Role.NATIONAL, country(), "Nadia")
    made = Mission(request=asked, place=asked.place, coach=who, goals="ورشتان", status=status, proposed_by=team, **days)
    if status in Mission.ENGAGED:
        made.coach_agreed_at = made.member_agreed_at = now - timedelta(days=1)
        made.begun_at = now - timedelta(days=1) if status == "running" else None
        made.grant = grant(who.person, Role.COACH, asked.place, since=made.starts_on, until=made.ends_on)
    made.save()
    return made


def hand_over(at: Territory, outgoing: Person | None, incoming: Person, *, days: int = 7, **fields: Any) -> HandOver:
    """The role of focal point passes so many days from now."""
    on = timezone.localdate() + timedelta(days=days)
    grant(incoming, Role.FOCAL_POINT, at, since=on)
    fields = {"role": Role.FOCAL_POINT, "handed_on": on, **fields}
    return HandOver.objects.create(place=at, outgoing=outgoing, incoming=incoming, **fields)


def declaration(at: Territory, **fields: Any) -> Declaration:
    fields = {"kind": "budget", "link": "https://example.org/", "dated_on": date(2026, 1, 5), **fields}
    return Declaration.objects.create(place=at, text=Localized(fr="Budget citoyen"), **fields)


def practice(at: Territory | None = None, **fields: Any) -> Practice:
    """A case that says all that peers need, by the focal point of its place; a draft unless told otherwise."""
    at = at or place()
    words = {name: f"كلمات عن {name}" for name in ["problem", "done", "cost", "people", "change", "evidence"]}
    defaults: dict[str, Any] = {**words, "title": "ميزانية يفهمها الجميع", "conditions": "محاسب", "contact": "مصلحة"}
    if fields.get("status") == Practice.Status.PUBLISHED:
        defaults["published_at"] = timezone.now()
    author = fields.pop("author", None) or focal_point(at, "Author")
    return Practice.objects.create(place=at, author=author, **{**defaults, **fields})


def question(by: Person | None = None, **fields: Any) -> Question:
    by = by or focal_point(place())
    home = by.grants.get().territory
    defaults = {"theme": "ideas", "title": "كيف تدبرون الورشات؟", "text": "ورشاتنا يحضرها عدد قليل.", "language": "ar"}
    return Question.objects.create(by=by, home=home, **{**defaults, **fields})


def answer(of: Question | None = None, by: Person | None = None, **fields: Any) -> Answer:
    """An answer that the question counts."""
    of, by = of or question(), by or focal_point(place(), "Bob")
    made = Answer.objects.create(
        question=of, by=by, home=by.grants.get().territory, **{"text": "ننظمها مساء.", **fields}
    )
    Question.objects.filter(pk=of.pk).update(answer_count=of.answers.count())
    of.refresh_from_db()
    return made


def told() -> dict[str, list[str]]:
    """Whom all that happened so far are told to, and in which words."""
    ledger.seal_these(list(Entry.objects.filter(seal=None).order_by("id")))
    notifications.notify()
    found: dict[str, list[str]] = {}
    for notice in Notice.objects.select_related("person").order_by("id"):
        found.setdefault(str(notice.person), []).append(queries_of_notices.told([notice])[0].words)
    return found
