from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from infitah.ground.accounts.models import Person
from infitah.ground.ledger import actions as ledger
from infitah.ground.territories.models import Territory
from infitah.lib.errors import NotPossible, require
from infitah.lib.files import Checked, kept
from infitah.lib.i18n import Localized
from infitah.lib.states import lock, sent_before

from . import rules
from .models import Declaration, Use


@transaction.atomic
def declare(
    place: Territory,
    *,
    by: Person | None,
    kind: str,
    text: Localized,
    dated_on: date,
    key: UUID,
    document: Checked | None = None,
    link: str = "",
) -> Declaration:
    """Say what shows that a commitment is kept, with a document or a link; the same form twice is one declaration."""
    place = lock(place)
    require(rules.can_declare(by, place))
    known = sent_before(Declaration, key, by=by, place=place)
    if known:
        return known
    require(document is not None or bool(link), NotPossible(_("Add a document, or the address of a page.")))
    with kept(document, "documents") as name:
        made = Declaration.objects.create(
            place=place,
            kind=kind,
            text=text,
            dated_on=dated_on,
            document=name,
            document_sha256=document.sha256 if document else "",
            link=link,
            by=by,
            key=key,
        )
        ledger.record("evidence.declared", by=by, on=made, place=place, kind=kind, sha256=made.document_sha256)
    return made


@transaction.atomic
def withdraw(declaration: Declaration, *, by: Person | None, reason: Localized) -> Declaration:
    """What was declared does not hold, or no longer; that it was, and why it is withdrawn, stays public."""
    declaration = lock(declaration)
    require(rules.can_declare(by, declaration.place))
    require(declaration.withdrawn_at is None, NotPossible(_("This has been withdrawn already.")))
    require(bool(reason), NotPossible(_("Say why: the reason is public.")))
    declaration.withdrawn_at, declaration.withdrawn_because = timezone.now(), reason
    declaration.save(update_fields=["withdrawn_at", "withdrawn_because"])
    ledger.record("evidence.withdrawn", by=by, on=declaration, place=declaration.place, kind=declaration.kind)
    return declaration


@transaction.atomic
def note_use(code: str) -> None:
    """Somebody took the open data of the place with this official code; a count, so not an entry of the ledger."""
    place = Territory.objects.filter(code=code).first()
    if place:
        Use.objects.get_or_create(place=place)
        Use.objects.filter(place=place).update(times=F("times") + 1, last_on=timezone.localdate())
