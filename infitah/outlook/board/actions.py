from datetime import date, timedelta
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from infitah.ground.accounts.models import Person
from infitah.ground.ledger import actions as ledger
from infitah.lib.errors import NotPossible, require
from infitah.lib.states import lock, sent_before
from infitah.lib.text import clean
from infitah.network.membership.models import Member

from . import rules
from .catalog import SIGNS
from .models import PhoneCall, Sign

KEPT = timedelta(days=365)  # what was said on the phone
OVERLAP = 5000  # entries read again: a transaction may end after a later one has been read
LOOK = """INSERT INTO board_sign (place_id, entry, at)
          SELECT place.id, max(said.id), max(said.at) FROM ledger_entry AS said
          JOIN territories_territory AS place ON place.code = said.place
          WHERE said.id > %s AND said.action = ANY(%s) GROUP BY place.id
          ON CONFLICT (place_id) DO UPDATE
          SET entry = greatest(board_sign.entry, EXCLUDED.entry), at = greatest(board_sign.at, EXCLUDED.at)"""


@transaction.atomic
def look() -> int:
    """See who has done something since the last time; doing it twice changes nothing. Returns how many members."""
    last = Sign.objects.aggregate(last=Max("entry"))["last"] or 0
    with connection.cursor() as cursor:
        cursor.execute(LOOK, [max(last - OVERLAP, 0), SIGNS])
        return int(cursor.rowcount)


@transaction.atomic
def call(member: Member, *, by: Person | None, note: str = "", key: UUID | None = None) -> PhoneCall:
    """Note that a member was called today, and what was said. The note stays with the national team."""
    member = lock(member)
    require(rules.can_call(by))
    require(member.status != Member.Status.LEFT, NotPossible(_("This member has left the network.")))
    known = sent_before(PhoneCall, key, by=by, member=member)
    if known:
        return known
    said = {"note": clean(note), "called_on": timezone.localdate()}
    noted = PhoneCall.objects.create(member=member, by=by, key=key or uuid4(), **said)
    ledger.record("member.called", by=by, on=member, place=member.place)
    return noted


@transaction.atomic
def tidy(today: date) -> int:
    """Erase what was said in calls of more than a year ago; that they were made stays. Returns how many."""
    return PhoneCall.objects.filter(called_on__lt=today - KEPT).exclude(note="").update(note="")
