"""Questions about certificates: which bears a code, whose name was printed, what stands on the paper."""

import re
from typing import Any

from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from infitah.lib import dates, text
from infitah.network.meetings.models import Meeting
from infitah.network.meetings.queries import printed

from .models import Certificate


def initials(name: str) -> str:
    """The first letters of the first four words of a name: `F. Z. B.`"""
    words = re.findall(r"\w+", text.clean(name))
    return " ".join(f"{word[0]}." for word in words[:4])


def certificate(code: str) -> Certificate | None:
    """The certificate with this code, if its signs fit."""
    read = text.read_receipt(code)
    found = Certificate.objects.select_related("registration__meeting__place")
    return found.filter(code=read).first() if read else None


def is_named(certificate: Certificate, name: str) -> bool:
    """Whether the certificate was printed with this name, in any spelling of capitals and accents."""
    said = printed(certificate.code, text.fold(name))
    return any(constant_time_compare(said, kept["print"]) for kept in certificate.names.values())


def hours(meeting: Meeting) -> str:
    """How long it took, in words; nothing where nobody said."""
    if meeting.is_whole_day or meeting.ends_at is None:
        return ""
    whole, minutes = divmod(int((meeting.ends_at - meeting.starts_at).total_seconds()) // 60, 60)
    said = ngettext("%(n)s hour", "%(n)s hours", whole) % {"n": whole} if whole else ""
    return " ".join(filter(None, [said, _("%(n)s min") % {"n": minutes} if minutes else ""]))


def paper(certificate: Certificate, *, name: str, language: str, address: str) -> dict[str, Any]:
    """All that `templates/certificates/certificate.typ` prints, in the language in force."""
    meeting = certificate.registration.meeting
    facts = [
        (_("Kind of meeting"), meeting.get_kind_display()),
        (_("When"), meeting.when),
        (_("Where"), str(meeting.venue) or _("At a distance")),
        (_("Duration"), hours(meeting)),
        (_("Organised by"), str(meeting.place)),
    ]
    is_demonstration = meeting.is_demonstration
    return {
        "language": language,
        "mark": _("Demonstration: the participation shown here is invented.") if is_demonstration else "",
        "title": _("Certificate of attendance"),
        "says": _("This certifies that"),
        "name": name,
        "took": _("took part in"),
        "meeting": str(meeting.title),
        "facts": [[str(label), str(said)] for label, said in facts if said],
        "colon": _(": "),
        "code": text.receipt_shown(certificate.code),
        "check": _("Anyone can check this certificate at this address:"),
        "address": address,
        "issued": _("Issued on %(day)s") % {"day": dates.day(certificate.issued_at)},
    }
