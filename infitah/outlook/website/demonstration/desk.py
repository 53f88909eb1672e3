"""The national team at its desk: an announcement to those who run the programmes of a cohort, two calls noted."""

from datetime import date, datetime

from infitah.ground.accounts.models import Person, Role
from infitah.lib.i18n import Localized
from infitah.network.membership.models import Member
from infitah.outlook.board import actions, queries
from infitah.outlook.notifications import actions as notifications

from .player import Clock, Story

SUBJECT = Localized(ar="لقاء عن بعد حول تتبع الأنشطة", fr="Rencontre à distance sur le suivi des activités")
TEXT = Localized(
    ar="نقترح عليكم لقاء عن بعد من ساعة واحدة: كيف نوثق إنجاز نشاط بصورة أو وثيقة، وكيف يشارك المجتمع المدني "
    "في التقييم. أخبرونا بما يصعب عليكم قبل اللقاء، ولو في سطر واحد.",
    fr="Nous vous proposons une heure à distance : comment prouver une activité par une photo ou un document, et "
    "comment la société civile l’évalue. Dites-nous avant la rencontre ce qui vous gêne, même en une ligne.",
)
NOTES = [
    "تغير فريق الجماعة، ولم تُعيَّن بعد نقطة ارتكاز. وُعدنا بمراسلة قبل نهاية الشهر. يُعاد الاتصال بعد أسبوعين.",
    "Le secrétariat du conseil demande le calendrier des sessions et un modèle de lettre de désignation. Envoyés.",
]


def stories(national: Person, today: date) -> list[Story]:
    """What the national team does in these weeks."""
    clock = Clock(today)
    return [announcing(national, clock), calling(national, clock)]


def announcing(national: Person, clock: Clock) -> Story:
    yield clock.at(-6, 11)
    segment = {"cohort": "2", "roles": [Role.FOCAL_POINT, Role.DEPUTY]}
    people = queries.segment(national, {"cohort": "2"}, [Role.FOCAL_POINT, Role.DEPUTY])
    notifications.announce(subject=SUBJECT, text=TEXT, people=people, segment=segment, by=national)


def calling(national: Person, clock: Clock) -> Story:
    moments: list[datetime] = [clock.at(-9, 15), clock.at(-4, 10)]
    for turn, at in enumerate(moments):
        yield at
        actions.look()
        silent = Member.objects.filter(is_demonstration=True, phone_calls=None, place__last_sign=None)
        member = silent.order_by("place__code")[turn]
        actions.call(member, by=national, note=NOTES[turn])


def enter() -> None:
    """When each member last did something, now that all is played."""
    actions.look()
