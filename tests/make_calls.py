"""Makes calls and applications, each with one call and nothing to fill in."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from infitah.ground.accounts.models import Contact
from infitah.ground.territories.models import Territory
from infitah.lib.i18n import Localized
from infitah.network.calls.models import Application, Call, Paper
from infitah.network.membership.models import Cohort
from tests.make import count, place


def call(**fields: Any) -> Call:
    """A published call that is open now, to communes."""
    now = timezone.now()
    cohort, _ = Cohort.objects.get_or_create(number=4, defaults={"label": "2026", "enrolled_on": date(2026, 1, 1)})
    defaults: dict[str, Any] = {
        "number": next(count),
        "title": Localized(ar="النداء الرابع", fr="Quatrième appel"),
        "text": Localized(ar="انضموا إلى الشبكة", fr="Rejoignez le réseau"),
        "kinds": ["commune"],
        "opens_at": now - timedelta(days=5),
        "closes_at": now + timedelta(days=5),
        "cohort": cohort,
        "status": Call.Status.PUBLISHED,
        "key": uuid4(),
    }
    return Call.objects.create(**{**defaults, **fields})


def contact(name: str = "", email: str = "") -> Contact:
    return Contact.objects.create(name=name, email=email, retain_until=timezone.localdate() + timedelta(days=365))


def application(to: Call | None = None, at: Territory | None = None, **fields: Any) -> Application:
    """A draft with all that is asked for; sent if its status says so."""
    number = next(count)
    defaults: dict[str, Any] = {
        "call": to or call(),
        "place": at or place(),
        "function": "president",
        "decided_on": date(2026, 1, 5),
        "applicant": contact(email=f"president{number}@example.org"),
        "president": contact("Zineb"),
        "focal_point": contact("Yasmine", f"focal{number}@example.org"),
        "deputy": contact("Omar", f"deputy{number}@example.org"),
        "saved_at": timezone.now(),
    }
    if fields.get("status", "draft") != "draft":
        defaults |= {"sent_at": timezone.now(), "turn": 1}
    sent = Application.objects.create(**{**defaults, **fields})
    Paper.objects.create(application=sent, asked="council", file="applications/2026/none.pdf", sha256="0" * 64)
    return sent
