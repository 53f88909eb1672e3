import re

from infitah.lib import outlines

WEST = [(0.0, 0.0), (1.0, 0.0), (1.001, 1.0), (1.0, 2.0), (0.0, 2.0), (0.0, 0.0)]
EAST = [(1.0, 0.0), (2.0, 0.0), (2.0, 2.0), (1.0, 2.0), (1.001, 1.0), (1.0, 0.0)]


def test_neighbours_are_drawn_in_one_plane_with_the_same_border() -> None:
    paths = outlines.drawn(outlines.plane({"west": WEST, "east": EAST}), tolerance=2, decimals=0)
    assert paths.keys() == {"west", "east"}
    numbers = [int(number) for path in paths.values() for number in re.findall(r"\d+", path)]
    assert max(numbers) == 1000
    assert all(re.fullmatch(r"M\d+ \d+l[-\d ]+z", path) for path in paths.values())


def test_a_group_is_one_land_without_inner_borders() -> None:
    lands = outlines.plane({"west": WEST, "east": EAST})
    whole = outlines.joined(lands, {"all": ["west", "east"]})["all"]
    assert whole.area == lands["west"].area + lands["east"].area
    assert outlines.drawn({"all": whole}, tolerance=2, decimals=1)["all"].count("M") == 1


def test_steps_are_written_as_short_as_they_can_be() -> None:
    assert outlines._closed([(1.5, 0), (2.25, 0), (2.25, -1), (1.5, 0)], 1) == "M1.5 0l.7 0 0-1z"
