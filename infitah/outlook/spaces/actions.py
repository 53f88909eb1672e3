from uuid import UUID

from django.db import transaction

from infitah.ground.accounts.models import Person
from infitah.ground.ledger import actions as ledger
from infitah.ground.territories.models import Territory
from infitah.lib.errors import require
from infitah.lib.files import Checked, kept
from infitah.lib.i18n import Localized
from infitah.lib.states import lock, sent_before
from infitah.lib.text import print_of

from . import rules
from .models import Document


@transaction.atomic
def publish(place: Territory, *, by: Person | None, title: Localized, file: Checked, key: UUID) -> Document:
    """Publish a document of the place; the same form sent twice is one document."""
    place = lock(place)
    require(rules.can_publish(by, place))
    known = sent_before(Document, key, by=by, place=place)
    if known:
        return known
    with kept(file, "documents") as name:
        document = Document.objects.create(place=place, title=title, file=name, sha256=file.sha256, by=by, key=key)
        told = {"title_sha256": print_of(title), "sha256": file.sha256}
        ledger.record("document.published", by=by, on=document, place=place, **told)
    return document
