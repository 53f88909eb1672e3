from django.db import migrations, models
from django.db.models.functions import Lower


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_no_date_of_ones_own")]

    operations = [migrations.AddIndex("contact", models.Index(Lower("email"), name="contact_by_address"))]
