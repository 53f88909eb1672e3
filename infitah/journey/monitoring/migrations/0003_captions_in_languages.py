import re

from django.db import migrations, models

import infitah.lib.i18n

TIFINAGH, ARABIC = re.compile("[\u2d30-\u2d7f]"), re.compile("[\u0600-\u06ff]")


def language_of(caption):
    """By its letters: what else is written in Latin ones is nearly always French."""
    return "ar" if ARABIC.search(caption) else "zgh" if TIFINAGH.search(caption) else "fr"


def tell(apps, schema_editor):
    """A caption that was there is kept, in the language it was written in."""
    Evidence = apps.get_model("monitoring", "Evidence")
    for pk, caption in Evidence.objects.values_list("pk", "caption").iterator():
        Evidence.objects.filter(pk=pk).update(told={language_of(caption): caption} if caption else {})


def tell_again(apps, schema_editor):
    """Back to one text: the Arabic one, else the first there is."""
    Evidence = apps.get_model("monitoring", "Evidence")
    for pk, told in Evidence.objects.values_list("pk", "told").iterator():
        Evidence.objects.filter(pk=pk).update(caption=(told.get("ar") or next(iter(told.values()), ""))[:200])


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0002_rating_organisation")]

    operations = [
        migrations.AddField(
            model_name="evidence",
            name="told",
            field=infitah.lib.i18n.LocalizedField(default=infitah.lib.i18n.Localized),
        ),
        migrations.AlterField(
            model_name="evidence",
            name="caption",
            field=models.CharField(max_length=200, default=""),
        ),
        migrations.RunPython(tell, tell_again),
        migrations.RemoveField(model_name="evidence", name="caption"),
        migrations.RenameField(model_name="evidence", old_name="told", new_name="caption"),
    ]
