"""The life of members: a deputy hands over in mid-cycle, a member rests for a while, evidence is declared."""

from collections.abc import Iterator
from typing import Any

from infitah.ground.accounts.models import Role
from infitah.lib.i18n import Localized
from infitah.network.membership import actions as membership
from infitah.network.membership.models import Member
from infitah.outlook.commitments import actions as commitments
from infitah.outlook.commitments.models import Declaration

from . import cast, pictures
from .content import key
from .player import Story
from .showcase import Showcase

Kind = Declaration.Kind
NOTE = (
    "ملف الورشات كله في المنصة. ما لا يظهر فيها: جمعيات الأحياء تفضل أن نتصل بها هاتفيا قبل كل ورشة، ومسؤولة "
    "المكتبة البلدية وعدت بقاعة مجانية للقاء المقبل. (عرض تجريبي)"
)
RESTS = Localized(
    ar="غادر الموظف المكلف ولم يعين خلفه بعد؛ طلب المجلس مهلة إلى الدورة المقبلة. (عرض تجريبي)",
    fr="L’agent chargé du dossier est parti et n’est pas encore remplacé ; le conseil demande un délai jusqu’à la "
    "prochaine session. (Démonstration)",
)
DECLARED: list[tuple[int, Kind, Localized]] = [
    (
        -120,
        Kind.OFFICER,
        Localized(
            ar="قرار تعيين الشخص المكلف بتلقي طلبات المعلومات (عرض تجريبي)",
            fr="Décision qui désigne la personne chargée de l’information (démonstration)",
        ),
    ),
    (
        -96,
        Kind.BUDGET,
        Localized(ar="ميزانية المواطن في أربع صفحات (عرض تجريبي)", fr="Budget citoyen en quatre pages (démonstration)"),
    ),
    (
        -88,
        Kind.INVITATION,
        Localized(ar="الدعوة إلى الورشة الثانية (عرض تجريبي)", fr="Invitation au deuxième atelier (démonstration)"),
    ),
    (
        -40,
        Kind.AGREEMENT,
        Localized(
            ar="اتفاقية لتبادل التجارب مع جماعتين مجاورتين (عرض تجريبي)",
            fr="Convention d’échange avec deux communes voisines (démonstration)",
        ),
    ),
]


def declaring(show: Showcase) -> Story:
    """The focal point declares what no record shows, and withdraws one paper that has a better one."""
    made: dict[str, Declaration] = {}
    for turn, (day, kind, text) in enumerate(DECLARED):
        yield show.clock.at(day, 12)
        paper = pictures.document(text["ar"])
        said: dict[str, Any] = {"dated_on": show.clock.on(day - 3), "key": key(show.place.code, "declared", turn)}
        made[kind] = commitments.declare(show.place, by=show.focal, kind=kind, text=text, document=paper, **said)
    yield show.clock.at(-35, 12)
    reason = Localized(ar="نُشرت الدعوة في صفحة الورشة نفسها.", fr="L’invitation est publiée sur la page de l’atelier.")
    commitments.withdraw(made[Kind.INVITATION], by=show.focal, reason=reason)


def handing_over(show: Showcase) -> Story:
    """The deputy leaves in the middle of the cycle; whoever follows reads everything and says so."""
    yield show.clock.at(-24, 9)
    successor = cast.enrol(f"{cast.DEPUTY} (خلف)", "", show.place, by=show.national)
    outgoing = show.people["deputy"]
    named = membership.hand_over(
        show.place,
        by=show.focal,
        role=Role.DEPUTY,
        outgoing=outgoing,
        to=successor,
        on=show.clock.on(-20),
        note=NOTE,
        key=key(show.place.code, "hand-over", 0),
    )
    yield show.clock.at(-19, 10)
    membership.acknowledge(named, by=successor)
    show.people["deputy"] = successor


def resting(show: Showcase, member: Member) -> Story:
    """A member without a programme is recorded as dormant; its focal point had gone."""
    yield show.clock.at(-60, 11)
    membership.rest(member, by=show.national, reason=RESTS, on=show.clock.on(-62))


def stories(show: Showcase, member: Member) -> Iterator[Story]:
    """They go on side by side."""
    yield from [declaring(show), handing_over(show), resting(show, member)]
