from django.db import transaction

from infitah.ground.ledger import actions as ledger
from infitah.ground.ledger.models import Entry
from infitah.ground.territories.models import Territory


@transaction.atomic
def close_demonstration(stage: str, scenes: int) -> Entry:
    """Write down that a demonstration has been played to its end, and how far its clock stands."""
    country = Territory.objects.get(kind=Territory.Kind.COUNTRY)
    return ledger.record("demonstration.played", by=None, on=country, stage=stage, scenes=scenes)
