"""Days and moments in the words of each language: months as Morocco names them, Western digits."""

from datetime import date, datetime, time

from django.utils import timezone
from django.utils.translation import get_language

from .i18n import comma

NAMES = {
    "ar": "يناير فبراير مارس أبريل ماي يونيو يوليوز غشت شتنبر أكتوبر نونبر دجنبر",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "en": "January February March April May June July August September October November December",
    "zgh": "ⵉⵏⵏⴰⵢⵔ ⴱⵕⴰⵢⵕ ⵎⴰⵕⵚ ⵉⴱⵔⵉⵔ ⵎⴰⵢⵢⵓ ⵢⵓⵏⵢⵓ ⵢⵓⵍⵢⵓⵣ ⵖⵓⵛⵜ ⵛⵓⵜⴰⵏⴱⵉⵔ ⴽⵜⵓⴱⵔ ⵏⵓⵡⴰⵏⴱⵉⵔ ⴷⵓⵊⴰⵏⴱⵉⵔ",
}
MONTHS = {language: names.split() for language, names in NAMES.items()}


def month(value: date, language: str | None = None) -> str:
    """The name of the month in a language (the reader's, unless told)."""
    spoken = language or (get_language() or "ar").split("-")[0]
    return MONTHS.get(spoken, MONTHS["en"])[value.month - 1]


def day(value: date | datetime | None, language: str | None = None) -> str:
    """`12 أبريل 2025`, `1er juin 2025`; moments count by the clock of the place. Nothing for None."""
    if value is None:
        return ""
    local = timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value
    spoken = language or (get_language() or "ar").split("-")[0]
    number = "1er" if spoken == "fr" and local.day == 1 else str(local.day)
    return f"{number}\u00a0{month(local, spoken)}\u00a0{local.year}"


def moment(value: datetime | None, language: str | None = None) -> str:
    """The day with the time: `12 avril 2025, 17:30`."""
    if value is None:
        return ""
    local = timezone.make_naive(value) if timezone.is_aware(value) else value
    return f"{day(local, language)}{comma(language)} {local:%H:%M}"


def midnight(on: date) -> datetime:
    """The first moment of a day, by the clock of the place."""
    return timezone.make_aware(datetime.combine(on, time.min))
