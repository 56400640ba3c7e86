"""An outline that somebody sends is read, repaired, or refused with a clear word."""

from __future__ import annotations

import json
from typing import Any

import pytest

from parvis.upkeep.outlines import MAX_BYTES, OutlineRefused, read_outline
from tests.cast import box

LEFT, RIGHT = box(3.50, 50.37, 3.51, 50.38), box(3.52, 50.37, 3.53, 50.38)


def polygon(*ring: list[float]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [list(ring)]}


def test_a_polygon_comes_with_its_box() -> None:
    read = read_outline(json.dumps(LEFT["outline"]))
    assert (read["west"], read["south"], read["east"], read["north"]) == (3.50, 50.37, 3.51, 50.38)


def test_the_surfaces_of_a_collection_are_joined() -> None:
    features = [{"type": "Feature", "geometry": each["outline"]} for each in (LEFT, RIGHT)]
    read = read_outline(json.dumps({"type": "FeatureCollection", "features": features}))
    assert read["outline"]["type"] == "MultiPolygon"
    assert (read["west"], read["east"]) == (3.50, 3.53)


def test_a_file_with_a_byte_order_mark_is_read() -> None:
    assert read_outline(b"\xef\xbb\xbf" + json.dumps(LEFT["outline"]).encode())


def test_a_ring_that_crosses_itself_is_repaired() -> None:
    bow = polygon([3.5, 50.3], [3.6, 50.4], [3.6, 50.3], [3.5, 50.4], [3.5, 50.3])
    assert read_outline(json.dumps(bow))["outline"]["type"] == "MultiPolygon"


def test_heights_are_dropped() -> None:
    high = polygon([3.5, 50.3, 9], [3.6, 50.3, 9], [3.6, 50.4, 9], [3.5, 50.3, 9])
    ring = read_outline(json.dumps(high))["outline"]["coordinates"][0]
    assert {len(point) for point in ring} == {2}


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ("bonjour", "pas du GeoJSON"),
        (b"\xff\xfe\x00", "pas du GeoJSON"),
        ("[" * 100_000, "pas du GeoJSON"),
        ("[]", "une surface"),
        ("null", "une surface"),
        ('{"type": "FeatureCollection", "features": []}', "aucune surface"),
        ('{"type": "Feature", "geometry": null}', "une surface"),
        ('{"type": "LineString", "coordinates": [[3, 50], [4, 51]]}', "ni une ligne"),
        ('{"type": "Polygon"}', "abîmé"),
        ('{"type": "Polygon", "coordinates": [[["a", "b"]]]}', "abîmé"),
        ('{"type": "Polygon", "coordinates": [[[3, 50], [3, 51]]]}', "abîmé"),
        ('{"type": "Polygon", "coordinates": []}', "aucune surface"),
        (json.dumps(polygon([3, 50], [3, 50], [3, 50], [3, 50])), "aucune surface"),
        (json.dumps(polygon([7e5, 7e6], [8e5, 7e6], [8e5, 8e6], [7e5, 7e6])), "WGS84"),
        (
            '{"type": "Polygon", "coordinates": [[[NaN, 1], [2, 3], [4, 5], [NaN, 1]]]}',
            "pas du GeoJSON",
        ),
        ("x" * (MAX_BYTES + 1), "1 Mo"),
    ],
)
def test_what_is_no_outline_is_refused_with_its_reason(sent: str | bytes, message: str) -> None:
    with pytest.raises(OutlineRefused, match=message):
        read_outline(sent)
