from django.db import migrations


class Migration(migrations.Migration):
    """Certificates go to a room of their own; their table goes along, with all that is in it."""

    dependencies = [("meetings", "0004_names_of_certificates")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.AlterModelTable("certificate", "certificates_certificate")],
            state_operations=[migrations.DeleteModel("Certificate")],
        )
    ]
