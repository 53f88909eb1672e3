import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Seats are held for organisations of their own room; only a demonstration ever tied one to those of before."""

    dependencies = [
        ("organisations", "0001_initial"),
        ("programmes", "0001_initial"),
    ]

    operations = [
        migrations.RemoveField(model_name="seat", name="organisation"),
        migrations.AddField(
            model_name="seat",
            name="organisation",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="seats",
                to="organisations.organisation",
            ),
        ),
    ]
