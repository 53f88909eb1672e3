from django.db import migrations, models


def read_again(apps, schema_editor):
    """The ledger is read from its beginning once more, for the evidence declared before."""
    apps.get_model("website", "Bookmark").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("website", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="leaf",
            name="kind",
            field=models.CharField(
                choices=[
                    ("programme", "Programmes"),
                    ("project", "Projects"),
                    ("activity", "Activities"),
                    ("meeting", "Meetings"),
                    ("document", "Documents"),
                    ("evidence", "Declared evidence"),
                ],
                max_length=10,
            ),
        ),
        migrations.RunPython(read_again, migrations.RunPython.noop),
    ]
