"""The curve of dwellings still occupied, drawn by the server; its table stands beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from parvis.ui.words import counted, day_in_words
from parvis.works.resident_models import OccupancyCount

WIDTH, HEIGHT, MARGIN = 640, 200, 28


@dataclass(frozen=True)
class Chart:
    """Points in a box, and the words that say the same."""

    width: int
    height: int
    line: str  # the path of the steps
    dots: list[tuple[float, float, str]]
    base: float
    top: int  # what the whole height stands for
    first: date
    last: date
    text: str


def occupancy_chart(counts: Sequence[OccupancyCount], dwellings: int) -> Chart | None:
    """The curve, from two counts on; `counts` stand newest first."""
    ordered = sorted(counts, key=lambda one: (one.counted_on, one.pk or 0))
    if len(ordered) < 2:
        return None
    first, last = ordered[0], ordered[-1]
    days = max((last.counted_on - first.counted_on).days, 1)
    top = max(dwellings, *(one.occupied for one in ordered))
    base = HEIGHT - MARGIN

    def place(one: OccupancyCount) -> tuple[float, float]:
        across = (one.counted_on - first.counted_on).days / days * (WIDTH - 2 * MARGIN)
        return round(MARGIN + across, 1), round(base - one.occupied / top * (base - MARGIN), 1)

    points = [place(one) for one in ordered]
    path = f"M{points[0][0]} {base}" + "".join(f"L{x} {y}" for x, y in points)
    return Chart(
        width=WIDTH,
        height=HEIGHT,
        line=f"{path}L{points[-1][0]} {base}Z",
        dots=[(x, y, str(one.occupied)) for (x, y), one in zip(points, ordered, strict=True)],
        base=base,
        top=top,
        first=first.counted_on,
        last=last.counted_on,
        text=(
            f"De {counted(first.occupied, 'logement occupé', 'logements occupés')} le "
            f"{day_in_words(first.counted_on)} à {last.occupied} "
            f"le {day_in_words(last.counted_on)}, sur {dwellings} en tout."
        ),
    )
