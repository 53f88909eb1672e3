from django.db import models

from infitah.ground.territories.models import Territory


class Snapshot(models.Model):
    """An indicator's value on a day, kept so that figures of the past do not move."""

    code = models.CharField(max_length=8)
    place = models.ForeignKey(Territory, on_delete=models.PROTECT)
    on = models.DateField()
    numerator = models.FloatField(null=True)
    denominator = models.FloatField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "place", "on"], name="an_indicator_has_one_value_a_day")]
