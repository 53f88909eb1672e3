from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from infitah.lib.i18n import LocalizedField


class PolicyAreas(models.QuerySet["PolicyArea"]):
    """Short filters."""

    def offered(self) -> "PolicyAreas":
        """Those that a project can be filed under from now on."""
        return self.filter(retired_on=None)


class PolicyArea(models.Model):
    """Reference data, reviewed by the Open Government Partnership every year: what a project is about, worldwide.

    One that is retired stays on the projects that have it.
    """

    key = models.SlugField(unique=True, max_length=60)
    name = LocalizedField()
    source = models.URLField(blank=True, max_length=400)  # where the partnership names it
    since = models.DateField(default=timezone.localdate)
    retired_on = models.DateField(null=True)

    objects = PolicyAreas.as_manager()

    class Meta:
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(condition=Q(retired_on__gte=F("since")), name="an_area_is_retired_after_it_begins")
        ]

    def __str__(self) -> str:
        return str(self.name)
