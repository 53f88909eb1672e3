import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    """The table that came from the meetings."""

    initial = True
    dependencies = [("meetings", "0005_certificates_leave")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Certificate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                        ),
                        ("code", models.CharField(max_length=8, unique=True)),
                        ("names", models.JSONField(default=dict)),
                        ("issued_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "registration",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="certificate",
                                to="meetings.registration",
                            ),
                        ),
                    ],
                ),
            ],
        )
    ]
