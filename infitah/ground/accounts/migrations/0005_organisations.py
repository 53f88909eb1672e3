from django.db import migrations


class Migration(migrations.Migration):
    """Organisations have a room of their own; no page ever wrote those kept here."""

    dependencies = [
        ("accounts", "0004_contact_by_address"),
        ("programmes", "0002_organisations"),
    ]

    operations = [
        migrations.RemoveField(model_name="person", name="organisation"),
        migrations.DeleteModel(name="Organisation"),
    ]
