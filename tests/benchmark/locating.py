"""How fast a point is placed among the quartiers of France."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
QUARTIERS = 1_584  # as many as there are in France
POINTS = 10_000


def clock(work: Callable[[], Any]) -> tuple[float, float]:
    """Seconds on the wall, and seconds of processor."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def best(work: Callable[[], Any], rounds: int = 5) -> tuple[float, float]:
    """The best of some rounds, on the wall and of processor: other programs run beside."""
    times = [clock(work) for _ in range(rounds)]
    return min(wall for wall, _ in times), min(cpu for _, cpu in times)


def official_quartiers() -> Path | None:
    """The official file of the quartiers of France, where open data is at hand."""
    folder = Path(os.environ.get("PARVIS_OPEN_DATA", ROOT.parent / "shared" / "data"))
    path = folder / "qpv" / "qpv_2024_france.geojson"
    return path if path.is_file() else None


def squares() -> None:
    """As many invented quartiers as France has, spread over it."""
    from parvis.places.models import Quartier

    chance, side = random.Random(59), 0.01
    quartiers = []
    for number in range(QUARTIERS):
        west, south = chance.uniform(-1, 6), chance.uniform(44, 50)
        ring = [[west, south], [west + side, south], [west + side, south + side]]
        ring += [[west, south + side], [west, south]]
        bounds = {"west": west, "south": south, "east": west + side, "north": south + side}
        outline = {"type": "Polygon", "coordinates": [ring]}
        quartiers.append(Quartier(code=f"BENCH{number}", name="Essai", outline=outline, **bounds))
    Quartier.objects.bulk_create(quartiers)


def locating() -> list[str]:
    """How fast a point is placed among the quartiers of France: half the points lie in the box of
    one of them, half anywhere."""
    from django.core.management import call_command

    from parvis.places import locate
    from parvis.places.models import Quartier

    path = official_quartiers()
    if path is None:
        squares()
    else:
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
            call_command("import_quartiers", str(path))
    locate.bump()
    built = clock(lambda: locate.locate(47.0, 3.0))
    chance = random.Random(59)
    boxes = list(
        Quartier.objects.exclude(west=None)
        .order_by("pk")
        .values_list("west", "south", "east", "north")
    )
    points = [(chance.uniform(42, 51), chance.uniform(-4, 8)) for _ in range(POINTS // 2)]
    for _ in range(POINTS // 2):
        west, south, east, north = chance.choice(boxes)
        points.append((chance.uniform(south, north), chance.uniform(west, east)))
    chance.shuffle(points)
    place = best(lambda: [locate.locate(lat, lon) for lat, lon in points])
    known = dict.fromkeys(points, 1)
    look_up = best(lambda: [known[point] for point in points])
    wall, cpu = (1e6 * time_ / POINTS for time_ in place)
    bare = 1e6 * look_up[1] / POINTS
    source = "official file" if path else "invented squares: PARVIS_OPEN_DATA was not found"
    return [
        f"| {len(boxes)} quartiers ({source}): index built | {built[0]:.2f} s"
        f" | {built[1]:.2f} s of processor; limit 2 s |",
        f"| one point placed among them | {wall:.1f} µs"
        f" | {cpu:.1f} µs of processor, {cpu / bare:.0f} × a bare dict; limit 100 µs |",
    ]
