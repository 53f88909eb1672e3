from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from infitah.lib.i18n import Localized
from infitah.network.calls import actions
from infitah.network.membership.models import Cohort

# By public sources, which name months.
PAST: list[dict[str, Any]] = [
    {
        "number": 1,
        "title": Localized(ar="النداء الأول: تأسيس الشبكة", fr="Premier appel : la création du réseau"),
        "text": Localized(
            ar="انطلق البرنامج في شتنبر 2022 وتأسست الشبكة يوم 21 أكتوبر 2022 بـ 63 جماعة ترابية: 12 جهة و4 أقاليم "
            "و47 جماعة.",
            fr="Le programme est lancé en septembre 2022 et le réseau fondé le 21 octobre 2022 avec 63 collectivités : "
            "12 régions, 4 provinces et 47 communes.",
        ),
        "opens_on": date(2022, 9, 1),
        "closes_on": date(2022, 11, 1),
    },
    {
        "number": 2,
        "title": Localized(ar="النداء الثاني", fr="Deuxième appel"),
        "text": Localized(
            ar="انضمت في يناير 2024 ثلاثة أقاليم و60 جماعة.",
            fr="Trois provinces et 60 communes rejoignent le réseau en janvier 2024.",
        ),
        "opens_on": date(2024, 1, 1),
        "closes_on": date(2024, 2, 1),
    },
    {
        "number": 3,
        "title": Localized(ar="النداء الثالث", fr="Troisième appel"),
        "text": Localized(
            ar="فُتح النداء في دجنبر 2024 وأُعلنت نتائجه في يناير 2025: 92 جماعة و10 مجالس أخرى، في 43 عمالة وإقليما.",
            fr="Ouvert en décembre 2024, ses résultats sont annoncés en janvier 2025 : 92 communes et 10 autres "
            "conseils, dans 43 préfectures et provinces.",
        ),
        "opens_on": date(2024, 12, 1),
        "closes_on": date(2025, 2, 1),
    },
]


class Command(BaseCommand):
    help = "Record the three calls of before this platform; doing it twice changes nothing."

    def handle(self, *, verbosity: int, **options: Any) -> None:
        for told in PAST:
            cohort = Cohort.objects.get(number=told["number"])
            call = actions.record(cohort, **told)
            if verbosity:
                self.stdout.write(f"call: {call.number}")
