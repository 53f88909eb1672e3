"""Reviews belong to the stage of evaluation: the table takes its name there, with every row as it stands."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("plan", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.AlterModelTable("review", "evaluation_review")],
            state_operations=[migrations.DeleteModel("Review")],
        )
    ]
