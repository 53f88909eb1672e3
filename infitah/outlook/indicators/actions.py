from datetime import date

from django.db import transaction

from infitah.ground.territories.models import Territory

from . import queries
from .catalog import INDICATORS
from .models import Snapshot


@transaction.atomic
def snapshot(day: date) -> int:
    """Keep every indicator's value of that day, for the country and each region; the same day is kept once."""
    known = queries.places()
    country = Territory.objects.filter(kind=Territory.Kind.COUNTRY).first()
    groups: dict[int, list[int]] = {country.pk: list(known)} if country else {}
    regions = {place.slug: pk for pk, place in known.items() if place.kind == Territory.Kind.REGION}
    for slug, region in regions.items():
        groups[region] = [pk for pk, place in known.items() if place.region == slug]
    kept = []
    for indicator in INDICATORS:
        data = queries.read(indicator, day)
        for group, members in groups.items():
            is_country = country is not None and group == country.pk
            found = (queries.everywhere if is_country else queries.value)(indicator, data, members)
            if found.is_hidden:
                continue
            number = found.amount if indicator.spread else found.numerator
            kept.append(
                Snapshot(code=indicator.code, place_id=group, on=day, numerator=number, denominator=found.denominator)
            )
    return len(Snapshot.objects.bulk_create(kept, ignore_conflicts=True))
