"""Proof of work instead of a captcha: a small sum that a browser solves while the person writes.

Compatible with ALTCHA's first protocol; nothing is asked of the person, nothing leaves the house.
"""

import base64
import json
from datetime import timedelta
from typing import Any

from altcha import v1
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

HARDEST = 20_000  # sums at most: about a second on a cheap phone
GOOD_FOR = timedelta(hours=2)  # a person may write slowly


def challenge() -> dict[str, Any]:
    """A new sum: `algorithm, challenge, maxNumber, salt, signature`."""
    asked = v1.ChallengeOptions(hmac_key=key(), max_number=HARDEST, expires=timezone.now() + GOOD_FOR)
    made: dict[str, Any] = v1.create_challenge(asked).to_dict()
    return made


def is_solved(payload: str) -> bool:
    """Whether the payload (base64 of JSON) solves a sum of ours, in time, for the first time."""
    try:
        told = json.loads(base64.b64decode(payload[:2000]))
        holds, _ = v1.verify_solution(told, key(), check_expires=True)
        signature = str(told["signature"])
    except Exception:  # whatever a stranger sends is at worst unsolved
        return False
    return holds and cache.add(f"proof:{signature}", 1, int(GOOD_FOR.total_seconds()))


def key() -> str:
    return f"proof:{settings.SECRET_KEY}"
