from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from infitah.lib.i18n import LocalizedField, elided


class Territory(models.Model):
    """A country, region, prefecture, province or commune, as the statistical office numbers it."""

    class Kind(models.TextChoices):
        COUNTRY = "country", _("Country")
        REGION = "region", _("Region")
        PREFECTURE = "prefecture", _("Prefecture")
        PROVINCE = "province", _("Province")
        COMMUNE = "commune", _("Commune")

    code = models.CharField(max_length=16, unique=True)
    kind = models.CharField(max_length=12, choices=Kind)
    name = LocalizedField()
    slug = models.SlugField(max_length=120, unique=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    is_collectivity = models.BooleanField(default=True)
    is_urban = models.BooleanField(null=True)
    is_urban_as_of = models.PositiveSmallIntegerField(null=True)  # the census year that says so
    population = models.PositiveIntegerField(null=True)
    population_as_of = models.PositiveSmallIntegerField(null=True)
    outline = models.TextField(blank=True)  # an SVG path in the country's own plane, 0-1000 both ways
    search = models.TextField(blank=True)  # the folded names
    valid_until = models.DateField(null=True)
    succeeded_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="predecessors")

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="country") | Q(parent__isnull=False), name="only_the_country_has_no_parent"
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def titled(self) -> str:
        """The name with what it is, as a province and a commune may share one: `جماعة تطوان`, `Commune d’Agadir`."""
        title = str(TITLES.get(Territory.Kind(self.kind), "%(name)s")) % {"name": self.name}
        return elided(title)


TITLES = {
    Territory.Kind.COMMUNE: _("Commune of %(name)s"),
    Territory.Kind.PROVINCE: _("Province of %(name)s"),
    Territory.Kind.PREFECTURE: _("Prefecture of %(name)s"),
    Territory.Kind.REGION: _("Region of %(name)s"),
}


class FormerName(models.Model):
    """A name that a territory bore before, kept so that it is still found."""

    territory = models.ForeignKey(Territory, on_delete=models.CASCADE, related_name="former_names")
    name = LocalizedField()
    until = models.DateField()
