from django.db import migrations, models


def read_again(apps, schema_editor):
    """The index is made anew: within a minute the ledger is read from its beginning, for what is found from now on."""
    apps.get_model("website", "Leaf").objects.all().delete()
    apps.get_model("website", "Bookmark").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("website", "0002_evidence_is_found")]

    operations = [
        migrations.RunPython(read_again, migrations.RunPython.noop),
        migrations.RemoveConstraint("leaf", "a_thing_has_one_leaf"),
        migrations.RemoveField("leaf", "number"),
        migrations.AddField("leaf", "on_kind", models.CharField(max_length=64, default=""), preserve_default=False),
        migrations.AddField("leaf", "address", models.CharField(max_length=300, default=""), preserve_default=False),
        migrations.AlterField(
            "leaf",
            "kind",
            models.CharField(
                choices=[
                    ("answer", "Answers"),
                    ("opinion", "Opinions and comments"),
                    ("programme", "Programmes"),
                    ("project", "Projects"),
                    ("activity", "Activities"),
                    ("evidence", "Follow-up and evaluation"),
                    ("meeting", "Meetings"),
                    ("document", "Documents"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            "leaf", models.UniqueConstraint(fields=["on_kind", "on_id"], name="a_thing_has_one_leaf")
        ),
    ]
