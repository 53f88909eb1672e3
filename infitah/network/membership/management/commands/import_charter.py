from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from infitah.lib.i18n import Localized
from infitah.network.membership import actions

SOURCE_CHARTER = "https://ctouvertes.collectivites-territoriales.gov.ma/a-propos.php?lang=en"
SOURCE_MO0065 = "https://www.opengovpartnership.org/members/morocco/commitments/MO0065"
SOURCE_THIRD_CALL = (
    "https://aujourdhui.ma/actualite/dgct-le-reseau-marocain-des-collectivites-territoriales-ouvertes-sagrandit"
)
COHORTS = [
    {"number": 1, "label": "2022-2023", "enrolled_on": date(2022, 10, 21), "source": SOURCE_MO0065},
    {"number": 2, "label": "2024", "enrolled_on": date(2024, 1, 1), "source": SOURCE_MO0065},
    {"number": 3, "label": "2025", "enrolled_on": date(2025, 1, 1), "source": SOURCE_THIRD_CALL},
]
TEXT = Localized(
    ar="ميثاق يوقعه كل عضو عند انضمامه إلى الشبكة. قيمتان تجمعان الأعضاء: تبادل الممارسات الجيدة والأدوات، "
    "والحوار حول التحديات المشتركة. وبتوقيعه يلتزم العضو بخمسة أمور.",
    fr="La charte que chaque membre signe en rejoignant le réseau. Deux valeurs réunissent les membres : l’échange de "
    "bonnes pratiques et d’outils, et le dialogue sur les défis communs. En la signant, un membre prend cinq "
    "engagements.",
    en="The charter that every member signs on joining the network. Two values bring the members together: the "
    "exchange of good practices and tools, and dialogue on shared challenges. By signing, a member makes five "
    "commitments.",
)
COMMITMENTS = [
    {
        "id": "C1",
        "ar": "احترام المعايير المعمول بها في مجال الشفافية والولوج إلى المعلومة والمساءلة والمشاركة والتحول الرقمي "
        "والابتكار",
        "fr": "Respecter les normes en vigueur (transparence, accès à l’information, redevabilité, participation, "
        "numérique, innovation)",
        "en": "Respect the norms in force on transparency, access to information, accountability, participation, "
        "digital transformation and public innovation",
    },
    {
        "id": "C2",
        "ar": "تنفيذ برامج الانفتاح بإشراك المجتمع المدني المحلي وكل الأطراف في جميع المراحل",
        "fr": "Réaliser des programmes d’ouverture avec la société civile et les parties prenantes à toutes les étapes",
        "en": "Carry out openness programmes with local civil society and all stakeholders at every step",
    },
    {
        "id": "C3",
        "ar": "ضمان التنفيذ الفعلي لبرامج الانفتاح وتتبعها وتقييمها بإشراك المجتمع المدني",
        "fr": "Assurer la mise en œuvre effective, le suivi et l’évaluation avec la société civile",
        "en": "Ensure effective implementation, monitoring and evaluation of the programmes, with civil society",
    },
    {
        "id": "C4",
        "ar": "خلق تآزر ترابي لتقوية التعاون مع باقي الجماعات الترابية",
        "fr": "Créer une synergie territoriale et coopérer avec les autres collectivités",
        "en": "Build territorial synergy: cooperation with other territorial entities",
    },
    {
        "id": "C5",
        "ar": "المساهمة في إشعاع الجماعات الترابية المغربية وطنيا وقاريا ودوليا",
        "fr": "Contribuer au rayonnement des collectivités marocaines",
        "en": "Contribute to the visibility of Moroccan collectivities at national, continental and international "
        "level",
    },
]


class Command(BaseCommand):
    help = "Lay down the charter and the cohorts of the network; doing it twice changes nothing."

    def handle(self, *, verbosity: int, **options: Any) -> None:
        words = {"text": TEXT, "commitments": COMMITMENTS, "in_force_on": date(2022, 10, 21), "source": SOURCE_CHARTER}
        charter = actions.import_charter(COHORTS, **words)
        if verbosity:
            self.stdout.write(f"charter: version {charter.version}")
