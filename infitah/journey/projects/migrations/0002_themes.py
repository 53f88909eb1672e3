from django.db import migrations

# The 27 themes of the network's portal (docs/facts, S23): reference data, edited afterwards as any other.
THEMES = [
    ("environment", "البيئة", "Environnement"),
    ("access_information", "الولوج إلى المعلومة", "Accès à l'information"),
    ("digitalisation", "الرقمنة", "Digitalisation"),
    ("communication", "التواصل", "Communication"),
    ("citizen_participation", "المشاركة المواطنة", "Participation citoyenne"),
    ("territorial_attractiveness", "الجاذبية الترابية", "Attractivité territoriale"),
    ("budget", "الميزانية", "Budget"),
    ("monitoring_development_programmes", "تتبع وتقييم برامج التنمية", "Suivi-évaluation des programmes de développement"),
    ("consultative_bodies", "الهيئات الاستشارية", "Instances consultatives"),
    ("petitions", "العرائض", "Pétitions"),
    ("gender", "النوع", "Genre"),
    ("disability", "الإعاقة", "Handicap"),
    ("sport", "الرياضة", "Sport"),
    ("internal_governance", "الحكامة الداخلية", "Gouvernance interne"),
    ("culture", "الثقافة", "Culture"),
    ("migration", "الهجرة", "Migration"),
    ("innovation", "الابتكار", "Innovation"),
    ("public_services", "تحسين الخدمات العمومية", "Amélioration des services publics"),
    ("urban_mobility", "التنقلات الحضرية", "Mobilité urbaine"),
    ("child", "الطفل", "Enfance"),
    ("economic_development", "التنمية الاقتصادية", "Développement économique"),
    ("waste", "تدبير النفايات", "Gestion des déchets"),
    ("education", "التعليم", "Éducation"),
    ("water", "تدبير الماء", "Gestion de l'eau"),
    ("neighbourhood_associations", "جمعيات الأحياء", "Associations de quartier"),
    ("roads", "الطرق", "Routes"),
    ("health", "الصحة", "Santé"),
]


def write_down(apps, schema_editor):
    Theme = apps.get_model("projects", "Theme")
    for key, arabic, french in THEMES:
        Theme.objects.get_or_create(key=key.replace("_", "-"), defaults={"name": {"ar": arabic, "fr": french}})


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_initial")]
    operations = [migrations.RunPython(write_down, migrations.RunPython.noop)]
