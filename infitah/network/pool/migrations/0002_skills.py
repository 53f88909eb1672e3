"""The themes on which coaches help: the steps of a programme, and what cuts across them."""

from django.db import migrations

SKILLS = {
    "preparing": ("الإعداد: المحاور والآجال واللجنة", "Préparer : axes, calendrier, comité", "Preparing: axes, dates, committee"),
    "workshops": ("تنشيط ورشات الإعداد المشترك", "Animer les ateliers de co-construction", "Running co-construction workshops"),
    "ideas": ("تحليل الأفكار والرد عليها", "Analyser les idées et y répondre", "Reading ideas and answering them"),
    "drafting": ("صياغة المشاريع والأنشطة والمؤشرات", "Rédiger projets, activités et indicateurs", "Writing projects, activities and indicators"),
    "consultation": ("التشاور العمومي", "Consultation publique", "Public consultation"),
    "council": ("اللجنة والمجلس: المصادقة والتصويت", "Comité et conseil : validation et vote", "Committee and council: validation and vote"),
    "follow-up": ("تتبع الإنجاز وأدلة الإثبات", "Suivi et pièces justificatives", "Follow-up and evidence"),
    "evaluation": ("التقييم المشترك", "Co-évaluation", "Co-evaluation"),
    "inclusion": ("مقاربة النوع والإعاقة والوسط القروي", "Genre, handicap, milieu rural", "Gender, disability, rural areas"),
    "openness": ("الحق في الحصول على المعلومة والبيانات المفتوحة", "Accès à l’information et données ouvertes", "Access to information and open data"),
}


def lay_down(apps, editor):
    skill = apps.get_model("pool", "Skill")
    for number, (code, (ar, fr, en)) in enumerate(SKILLS.items(), 1):
        skill.objects.create(code=code, number=number, name={"ar": ar, "fr": fr, "en": en})


def take_up(apps, editor):
    apps.get_model("pool", "Skill").objects.filter(code__in=SKILLS).delete()


class Migration(migrations.Migration):
    dependencies = [("pool", "0001_initial")]

    operations = [migrations.RunPython(lay_down, take_up)]
