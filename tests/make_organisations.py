"""Makes organisations and those who speak for them, each with one call and nothing to fill in."""

from typing import Any

from django.utils import timezone

from infitah.ground.accounts.models import Person
from infitah.ground.organisations.models import Organisation, Speaker
from infitah.ground.territories.models import Territory
from infitah.lib.i18n import Localized
from tests import make


def organisation(
    at: Territory | None = None, *, by: Person | None = None, status: str = "verified", **fields: Any
) -> Organisation:
    """A verified association with one who speaks for it, unless told otherwise."""
    by = by or make.person("Amal")
    number = next(make.count)
    name = fields.pop("name", None) or Localized(ar=f"جمعية {number}", fr=f"Association {number}")
    verified = {"verified_at": timezone.now()} if status == "verified" else {}
    said = {"text": "نشرح الميزانية لسكان الأحياء.", **verified, **fields}
    made = Organisation.objects.create(place=at or make.place(), name=name, by=by, status=status, **said)
    speaker(made, by)
    return made


def speaker(of: Organisation, who: Person, *, is_invited: bool = False) -> Speaker:
    return Speaker.objects.create(organisation=of, person=who, accepted_at=None if is_invited else timezone.now())
