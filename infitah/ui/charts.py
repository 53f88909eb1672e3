"""The numbers behind drawings: how long a bar is, how dark a land."""

from collections.abc import Iterable
from typing import Any


def bars(rows: Iterable[tuple[Any, float, str]]) -> list[dict[str, Any]]:
    """Rows of (label, number, address) as `ui/chart.html` draws them; `share` is 0 to 100 of the longest."""
    told = list(rows)
    longest = max((number for _, number, _ in told), default=0) or 1
    return [
        {"label": label, "number": number, "url": url, "share": 100 * number / longest} for label, number, url in told
    ]


def level(number: float, most: float) -> int:
    """How dark a land of `ui/map.html` is: 0 for none, then 1 to 4 by quarters of the largest number."""
    if number <= 0 or most <= 0:
        return 0
    return min(4, 1 + int(4 * number / most - 1e-9))
