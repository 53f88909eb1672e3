"""The first grid of self- and co-evaluation: the same questions for both sides (indicators.md 6.4)."""

from datetime import date

from django.db import migrations

NAME = {
    "ar": "شبكة التقييم الذاتي والمشترك، الصيغة 1",
    "fr": "Grille d’auto-évaluation et de co-évaluation, version 1",
    "en": "Grid of self- and co-evaluation, version 1",
}
BLOCKS = {
    "construction": {"ar": "الإعداد المشترك", "fr": "Co-construction", "en": "Co-construction"},
    "inclusion": {"ar": "الإدماج", "fr": "Inclusion", "en": "Inclusion"},
    "answers": {"ar": "الأجوبة المقدمة", "fr": "Réponses données", "en": "Answers given"},
    "adoption": {"ar": "المصادقة", "fr": "Adoption", "en": "Adoption"},
    "implementation": {"ar": "التنفيذ", "fr": "Mise en œuvre", "en": "Implementation"},
    "publication": {"ar": "النشر", "fr": "Publication", "en": "Publication"},
    "committee": {"ar": "عمل لجنة التتبع", "fr": "Vie du comité", "en": "Committee life"},
    "learning": {"ar": "التعلم", "fr": "Apprentissage", "en": "Learning"},
}
QUESTIONS = [
    (
        "construction",
        {
            "ar": "هل أُعدّت محاور البرنامج ومشاريعه مع الساكنة والمجتمع المدني انطلاقا من أفكارهم؟",
            "fr": "Les axes et les projets ont-ils été construits avec les habitants et la société civile, à partir de leurs idées ?",
            "en": "Were the axes and projects built with residents and civil society, from their ideas?",
        },
    ),
    (
        "construction",
        {
            "ar": "هل كان للتشاور أثر في الصيغة النهائية للبرنامج؟",
            "fr": "La consultation a-t-elle changé la version finale du programme ?",
            "en": "Did the consultation change the final version of the programme?",
        },
    ),
    (
        "inclusion",
        {
            "ar": "هل تمكنت النساء والشباب والأشخاص في وضعية إعاقة وساكنة الدواوير والأحياء البعيدة من المشاركة؟",
            "fr": "Les femmes, les jeunes, les personnes en situation de handicap et les habitants des douars et quartiers éloignés ont-ils pu participer ?",
            "en": "Could women, young people, persons with disabilities and residents of remote villages and districts take part?",
        },
    ),
    (
        "inclusion",
        {
            "ar": "هل أمكنت المشاركة دون إنترنت وبلغة كل مشارك؟",
            "fr": "A-t-on pu participer sans internet, et dans sa langue ?",
            "en": "Was it possible to take part without the internet, and in one’s own language?",
        },
    ),
    (
        "answers",
        {
            "ar": "هل توصل أصحاب الأفكار والآراء بأجوبة معللة في أجل معقول؟",
            "fr": "Les auteurs d’idées et d’avis ont-ils reçu une réponse motivée dans un délai raisonnable ?",
            "en": "Did those who gave ideas and opinions receive a reasoned answer in reasonable time?",
        },
    ),
    (
        "adoption",
        {
            "ar": "هل تداول المجلس في البرنامج علنا، ونُشر المقرر وعدد الأصوات؟",
            "fr": "Le conseil a-t-il délibéré en public, et la délibération et les votes ont-ils été publiés ?",
            "en": "Did the council deliberate in public, and were the deliberation and the votes published?",
        },
    ),
    (
        "implementation",
        {
            "ar": "هل أُنجزت الأنشطة كما التزم بها البرنامج، مع أدلة إثبات؟",
            "fr": "Les activités ont-elles été réalisées comme le programme s’y engageait, preuves à l’appui ?",
            "en": "Were the activities carried out as the programme committed to, with evidence?",
        },
    ),
    (
        "implementation",
        {
            "ar": "هل غيّرت المشاريع قاعدة أو ممارسة في عمل الإدارة تبقى بعد نهاية البرنامج؟",
            "fr": "Les projets ont-ils changé une règle ou une pratique de l’administration, qui demeurera après le programme ?",
            "en": "Did the projects change a rule or a routine of the administration that will outlast the programme?",
        },
    ),
    (
        "publication",
        {
            "ar": "هل نُشرت الوثائق والمعطيات في وقتها وبصيغة مفهومة؟",
            "fr": "Les documents et les données ont-ils été publiés à temps et sous une forme compréhensible ?",
            "en": "Were documents and data published in time and in a form people understand?",
        },
    ),
    (
        "committee",
        {
            "ar": "هل اجتمعت لجنة التتبع بانتظام بتركيبة متوازنة ونشرت محاضرها؟",
            "fr": "Le comité de suivi s’est-il réuni régulièrement, dans une composition équilibrée, et a-t-il publié ses procès-verbaux ?",
            "en": "Did the follow-up committee meet regularly, with a balanced composition, and publish its minutes?",
        },
    ),
    (
        "committee",
        {
            "ar": "هل أُخذت ملاحظات المجتمع المدني حول التقدم بعين الاعتبار؟",
            "fr": "A-t-on tenu compte de ce que la société civile disait de l’avancement ?",
            "en": "Was what civil society said of progress taken into account?",
        },
    ),
    (
        "learning",
        {
            "ar": "هل استُخلصت الدروس وتمت مشاركتها من أجل الدورة المقبلة؟",
            "fr": "Des leçons ont-elles été tirées et partagées pour le prochain cycle ?",
            "en": "Were lessons drawn and shared for the next cycle?",
        },
    ),
]


def lay_down(apps, editor):
    grid = apps.get_model("evaluation", "Grid").objects.create(version=1, name=NAME, in_force_on=date(2025, 1, 1))
    for number, (block, question) in enumerate(QUESTIONS, 1):
        apps.get_model("evaluation", "Criterion").objects.create(
            grid=grid, number=number, block=BLOCKS[block], question=question
        )


def take_up(apps, editor):
    grid = apps.get_model("evaluation", "Grid").objects.filter(version=1)
    apps.get_model("evaluation", "Criterion").objects.filter(grid__in=grid).delete()
    grid.delete()


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0001_initial")]

    operations = [migrations.RunPython(lay_down, take_up)]
