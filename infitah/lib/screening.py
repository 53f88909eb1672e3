"""What is looked for in words before everyone reads them: personal data and insults. It judges nothing else."""

import re
from typing import Literal

from django.utils.translation import gettext_lazy as _

from .text import fold

DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
PHONE = re.compile(r"(?<![\d+])(?:\+212|00212|212|0)[\s.\-/]*(?:\(0\)\s*)?[5-7](?:[\s.\-/]*\d){8}(?!\d)")
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@(?!(?:[\w-]+\.)*gov\.ma\b)[\w-]+(?:\.[\w-]+)+")
# One or two letters and five or six figures; apart, only capitals, and not "DE 250000" or "DH 250000".
OTHER_WORDS = r"(?:DE|DU|LA|LE|EN|ET|AU|OU|UN|DH|BP|CP|[ANY])\s|DH"
NATIONAL_ID = re.compile(
    rf"(?<![A-Za-z0-9])(?!{OTHER_WORDS})(?:[A-Za-z]{{1,2}}|[A-Z]{{1,2}}\s)\d{{5,6}}(?![A-Za-z0-9])"
)
# Only words that are nothing but insults, folded: stray dogs and refuse are what ideas are about. A word list judges
# nothing, it asks for a human look.
INSULTS = frozenset(
    fold(
        "حمار قحبة قحاب شرموطة عاهرة زامل زوامل منيوك كلخ مكلخ حقير سافل "
        "وغد connard connards connasse salaud salauds salope salopes enculé enculés pute "
        "putes fdp abruti abrutis crétin crétins racaille batard bâtards zamel zwamel 9a7ba kehba hmar 7mar"
    ).split()
)

Found = Literal["personal", "insult", ""]
UNFIT = {  # of a name that everyone sees
    "personal": _("Everyone sees this name: write no telephone number, address or card number in it."),
    "insult": _("This name may hurt somebody. Choose another one."),
}


def found_in(text: str) -> Found:
    """What these words hold: `personal` for a phone number, an e-mail address (but not one of the administration) or
    what looks like a national identity card; `insult`; or nothing."""
    plain = text.translate(DIGITS)
    if PHONE.search(plain) or EMAIL.search(plain) or NATIONAL_ID.search(plain):
        return "personal"
    return "insult" if INSULTS & set(fold(text).split()) else ""
