from django.db import migrations, models

# What was taken away before kept its reason in its entry of the ledger only.
FROM_THE_LEDGER = """
UPDATE meetings_material SET withdrawn_because = coalesce(
    (SELECT nullif(particulars ->> 'reason', '') FROM ledger_entry
     WHERE action = 'material.withdrawn' AND on_id = meetings_material.id ORDER BY id LIMIT 1), '–')
WHERE withdrawn_at IS NOT NULL"""


class Migration(migrations.Migration):
    dependencies = [("meetings", "0005_certificates_leave"), ("ledger", "0002_stands")]
    operations = [
        migrations.AddField("material", "withdrawn_because", models.TextField(blank=True)),
        migrations.RunSQL(FROM_THE_LEDGER, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "material",
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None) | ~models.Q(withdrawn_because=""),
                name="a_material_is_withdrawn_with_a_reason",
            ),
        ),
    ]
