"""The months in which councils sit in ordinary session, by the organic laws of 7 July 2015 (published 23 July 2015)."""

from datetime import date

from django.db import migrations

FROM = date(2015, 7, 23)
MONTHS = {
    "commune": ([2, 5, 10], "Loi organique 113-14, art. 33"),
    "region": ([3, 7, 10], "Loi organique 111-14"),
    "province": ([1, 6, 9], "Loi organique 112-14"),
    "prefecture": ([1, 6, 9], "Loi organique 112-14"),
}


def lay_down(apps, editor):
    session = apps.get_model("adoption", "OrdinarySession")
    for kind, (months, law) in MONTHS.items():
        for month in months:
            session.objects.create(kind=kind, month=month, law=law, valid_from=FROM)


def take_up(apps, editor):
    apps.get_model("adoption", "OrdinarySession").objects.filter(valid_from=FROM).delete()


class Migration(migrations.Migration):
    dependencies = [("adoption", "0001_initial")]

    operations = [migrations.RunPython(lay_down, take_up)]
