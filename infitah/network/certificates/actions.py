from django.db import transaction
from django.utils.translation import gettext as _

from infitah.ground.ledger import actions as ledger
from infitah.lib import text
from infitah.lib.errors import NotPossible, require
from infitah.lib.states import lock
from infitah.network.meetings.models import Registration
from infitah.network.meetings.queries import printed

from . import queries, rules
from .models import Certificate


@transaction.atomic
def certify(registration: Registration, *, name: str, language: str) -> Certificate:
    """Certify, in a language, that the holder of the registration came, under the name they want printed, which is
    not kept. One certificate for each; a name corrected replaces the one before it in that language."""
    registration = lock(registration)
    early = NotPossible(_("Certificates are for those who were checked in, from the end of the meeting on."))
    require(rules.can_certify(registration), early)
    code = next(code for code in iter(text.new_receipt, "") if not Certificate.objects.filter(code=code).exists())
    certificate, _is_new = Certificate.objects.get_or_create(registration=registration, defaults={"code": code})
    kept = {"initials": queries.initials(name), "print": printed(certificate.code, text.fold(name))}
    if certificate.names.get(language) != kept:
        certificate.names[language] = kept
        certificate.save(update_fields=["names"])
        meeting = registration.meeting
        ledger.record("certificate.issued", by=None, on=certificate, place=meeting.place, meeting=meeting.pk)
    return certificate
