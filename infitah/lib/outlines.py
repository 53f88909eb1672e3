"""Outlines of neighbouring lands: simplified together, so that no gap opens between them, and drawn as SVG paths."""

from collections.abc import Iterable, Mapping
from math import cos, radians

import numpy
import numpy.typing
import shapely
from shapely import Geometry, MultiPolygon, Polygon

Ring = list[tuple[float, float]]  # (longitude, latitude) in degrees
Points = numpy.typing.NDArray[numpy.float64]
SIDE = 1000  # the longer side of the plane


def plane(rings: Mapping[str, Ring]) -> dict[str, Geometry]:
    """All lands in one plane, 0-1000 on its longer side, y downwards; small gaps and overlaps between them are closed.

    The projection keeps distances right at the middle latitude.
    """
    middle = sum(latitude for ring in rings.values() for _, latitude in ring) / sum(map(len, rings.values()))
    lands = [shapely.make_valid(Polygon(numpy.array(ring))) for ring in rings.values()]
    west, south, east, north = shapely.total_bounds(lands)
    flat = cos(radians(middle))
    scale = SIDE / max((east - west) * flat, north - south)

    def placed(points: Points) -> Points:
        return numpy.asarray((points - [west, north]) * [flat * scale, -scale], dtype=numpy.float64)

    cleaned = shapely.coverage_clean([shapely.transform(land, placed) for land in lands], gap_width=1.0)
    return dict(zip(rings, cleaned, strict=True))


def joined(lands: Mapping[str, Geometry], groups: Mapping[str, Iterable[str]]) -> dict[str, Geometry]:
    """Each group of lands as one, without the borders inside it."""
    return {name: shapely.coverage_union_all([lands[key] for key in keys]) for name, keys in groups.items()}


def drawn(lands: Mapping[str, Geometry], *, tolerance: float, decimals: int) -> dict[str, str]:
    """An SVG path for each land, all simplified together; `tolerance` in units of the plane."""
    simple = shapely.coverage_simplify(list(lands.values()), tolerance)
    return {name: _path(land, decimals) for name, land in zip(lands, simple, strict=True)}


def _path(land: Polygon | MultiPolygon, decimals: int) -> str:
    rings = [ring for part in getattr(land, "geoms", [land]) for ring in (part.exterior, *part.interiors)]
    return "".join(_closed(list(ring.coords), decimals) for ring in rings)


def _closed(points: Ring, decimals: int) -> str:
    """One ring: a start, then steps as short as they can be written; nothing where rounding leaves no surface."""
    grain = 10**decimals
    corners = [(round(x * grain), round(y * grain)) for x, y in points[:-1]]
    corners = [corner for at, corner in enumerate(corners) if corner != corners[at - 1]]
    if len(corners) < 3:
        return ""
    steps = [
        _number(x - back_x, decimals) + _number(y - back_y, decimals)
        for (back_x, back_y), (x, y) in zip(corners, corners[1:], strict=False)
    ]
    start = (_number(at, decimals).strip() for at in corners[0])
    return f"M{' '.join(start)}l{''.join(steps).strip()}z"


def _number(value: int, decimals: int) -> str:
    """A number with the blank or the sign that parts it from the one before."""
    written = f"{abs(value) / 10**decimals:.{decimals}f}"
    if decimals:
        written = written.lstrip("0").rstrip("0").rstrip(".") or "0"
    return f"-{written}" if value < 0 else f" {written}"
