"""A fourth call, open now: collectivities that apply, are advised on, and get their answers. Each step is a scene; all
who take part are known by their function only."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from infitah.ground.accounts.models import Person, Role
from infitah.ground.territories import queries as territories
from infitah.ground.territories.models import Territory
from infitah.lib.i18n import Localized
from infitah.network.calls import actions as calls
from infitah.network.calls.models import COUNCIL, Application, Call, Verdict

from . import cast, pictures
from .content import key
from .player import Clock, Story

OPENED, CLOSES = 0, 60  # days of the story
OPENED_AGO = 38  # days before today
TEXT = Localized(
    ar="تدعو الشبكة العمالات والأقاليم والجماعات إلى الانضمام إلى فوج جديد. يواكب الفريق الوطني وقطب المهارات الأعضاء "
    "الجدد من اختيار المحاور إلى التقييم. (عرض تجريبي)",
    fr="Le réseau invite préfectures, provinces et communes à former une nouvelle cohorte. L’équipe nationale et le "
    "pôle de compétences accompagnent les nouveaux membres du choix des axes à l’évaluation. (Démonstration)",
)
WHY = [
    "نريد أن يعرف السكان ما نقرره ولماذا، وأن نجيب عن كل فكرة يقدمونها.",
    "جمعيات جماعتنا نشيطة، وينقصنا إطار مشترك نعمل فيه معها.",
    "Notre conseil publie déjà ses délibérations ; nous voulons aller plus loin avec les habitants.",
    "جماعتنا قروية ومتفرقة الدواوير، ونريد طريقة تصل إلى الجميع.",
]


@dataclass(frozen=True)
class Applying:
    """How far an application gets, and when."""

    day: int
    fate: str  # draft, sent, advised, returned, refused, withdrawn or accepted


FATES = [
    Applying(3, "accepted"),
    Applying(6, "accepted"),
    Applying(8, "refused"),
    Applying(11, "withdrawn"),
    Applying(14, "returned"),
    Applying(19, "advised"),
    Applying(24, "advised"),
    Applying(28, "sent"),
    Applying(31, "sent"),
    Applying(33, "draft"),
]


@dataclass
class Calling:
    """What the scenes hand on to one another."""

    clock: Clock
    national: Person
    region: Territory
    wilaya: Person = field(init=False)
    call: Call = field(init=False)


def stories(clock: Clock, national: Person, place: Territory) -> list[Story]:
    """The call, and each application to it, from collectivities of the region that are no members yet."""
    region = place
    while region.parent and region.kind != Territory.Kind.REGION:
        region = region.parent
    calling = Calling(clock, national, region)
    outside = territories.inside(region).filter(kind="commune", membership=None, valid_until=None)
    places = outside.select_related("parent__parent").order_by("-population")[: len(FATES)]
    told = [applying(calling, turn, at, FATES[turn]) for turn, at in enumerate(places)]
    return [opening(calling), *told]


def opening(calling: Calling) -> Story:
    """The national team writes the call, and publishes it a week before it opens."""
    yield calling.clock.at(OPENED - 9)
    calling.wilaya = cast.enrol("قسم الجماعات الترابية بالولاية", Role.WILAYA, calling.region, by=calling.national)
    plan = Localized(ar="برنامج عمل الجماعة أو برنامج التنمية", fr="Programme d’action communal, ou de développement")
    opens_at = calling.clock.at(OPENED, 0)
    written: dict[str, Any] = {
        "title": Localized(ar="النداء الرابع", fr="Quatrième appel"),
        "text": TEXT,
        "kinds": ["province", "commune"],
        "places": 40,
        "opens_at": opens_at,
        "closes_at": calling.clock.at(CLOSES, 0),
        "documents": [{"id": "d1", "name": plan, "is_required": False}],
        "is_demonstration": True,
    }
    written |= {"new_cohort": str(opens_at.year + 1), "key": key("call")}
    calling.call = calls.draft(by=calling.national, **written)
    yield calling.clock.at(OPENED - 7)
    calling.call = calls.publish(calling.call, by=calling.national)


def applying(calling: Calling, turn: int, at: Territory, applying: Applying) -> Story:
    """One collectivity: it writes in two goes, sends, and gets its answer."""
    yield calling.clock.at(applying.day, 9, turn)
    application = calls.begin(calling.call, email=f"conseil-{at.slug}@exemple.example", language="ar")
    assert application is not None
    calls.keep(application, place=at, function=Application.Function.CLERK, why=WHY[turn % len(WHY)])
    if applying.fate == "draft":
        return
    yield calling.clock.at(applying.day + 1, 11, turn)
    people = {
        "president": {"name": "رئاسة المجلس"},
        "focal_point": {"name": cast.RUNNER, "email": f"focal-{at.slug}@exemple.example"},
        "deputy": {"name": cast.DEPUTY, "email": f"deputy-{at.slug}@exemple.example"},
    }
    decided_on = calling.clock.on(applying.day - 2)
    act = pictures.document("مقرر المجلس بالانضمام (عرض تجريبي)", [at.name.get("ar", ""), str(decided_on)])
    calls.keep(application, decided_on=decided_on, people=people, papers={COUNCIL: act})
    application = calls.submit(application, key=key(at.code, "send"))
    yield from reviewing(calling, application, applying)


def reviewing(calling: Calling, application: Application, applying: Applying) -> Iterator[Any]:
    """The wilaya gives its opinion, the national team its answer."""
    if applying.fate == "sent":
        return
    yield calling.clock.at(applying.day + 5, 15)
    if applying.fate == "withdrawn":
        calls.withdraw(application)
        return
    place, turn = application.place, application.turn
    said = {"stance": "favourable", "text": "المجلس مستعد، وللجماعة إطار يمكن أن يتفرغ لهذه المهمة."}
    calls.advise(application, by=calling.wilaya, key=key(place, "advice"), turn=turn, **said)
    if applying.fate == "advised":
        return
    yield calling.clock.at(applying.day + 8, 10)
    reasons = {
        Verdict.Outcome.RETURNED: "المقرر المرفق غير موقع. نرجو إرسال النسخة الموقعة.",
        Verdict.Outcome.REFUSED: "قرر المجلس الانضمام قبل أن يعين نائبا لنقطة الارتكاز. نرحب بطلبكم في النداء المقبل.",
        Verdict.Outcome.ACCEPTED: "مرحبا بكم في الشبكة.",
    }
    outcome = Verdict.Outcome(applying.fate)
    is_public = outcome == Verdict.Outcome.REFUSED
    given: dict[str, Any] = {"outcome": outcome, "reason": reasons[outcome], "is_public": is_public}
    calls.answer(application, by=calling.national, key=key(place, "answer"), turn=turn, **given)
