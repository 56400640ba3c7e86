import re
from types import SimpleNamespace

from parvis.portal.sketch import draw


def place(west, south, east, north, **fields):
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    outline = {"type": "Polygon", "coordinates": [ring]}
    named = {"name": "Rives", "schematic": False, "outline": outline, **fields}
    return SimpleNamespace(west=west, south=south, east=east, north=north, **named)


def size(shape):
    """Width and height of a shape, in units of the plan."""
    points = [tuple(map(float, pair.split())) for pair in re.findall(r"[\d.]+ [\d.]+", shape.path)]
    xs, ys = zip(*points, strict=True)
    return max(xs) - min(xs), max(ys) - min(ys)


def test_a_square_on_the_ground_is_a_square_on_the_plan():
    # At 60° of latitude a degree of longitude is half as long as one of latitude.
    width, height = size(draw([place(3.0, 59.995, 3.02, 60.005)]).shapes[0])
    assert abs(width - height) < 1


def test_north_is_at_the_top():
    north, south = draw([place(3, 51, 3.1, 51.1), place(3, 50, 3.1, 50.1)]).shapes
    assert float(north.path.split()[1].split("L")[0]) < float(south.path.split()[1].split("L")[0])


def test_a_place_without_an_outline_is_not_drawn():
    nowhere = SimpleNamespace(name="Ailleurs", outline=None, west=None)
    assert draw([nowhere]) is None
    assert [shape.title for shape in draw([nowhere, place(3, 50, 3.1, 50.1)]).shapes] == ["Rives"]


def test_a_sketch_of_schematic_outlines_says_so():
    assert draw([place(3, 50, 3.1, 50.1, schematic=True)]).schematic
    assert not draw([place(3, 50, 3.1, 50.1)]).schematic
