"""What every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def house(request: HttpRequest) -> dict[str, Any]:
    return {
        "is_demo": settings.IS_DEMO,
        "controller": settings.CONTROLLER,
        "cndp_number": settings.CNDP_NUMBER,
        "source_url": settings.SOURCE_URL,
        "site_url": settings.SITE_URL,
    }
