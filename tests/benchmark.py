"""The benchmark table: `make bench`; with SAVE=1 it also writes docs/performance.md.

Each page is given as a ratio to a bare page of the same site in the same run, so that tables from
two machines can be compared.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
BARE = "/healthz"
QUARTIERS = 1_584  # as many as there are in France
HEAD = """# Performance

Written by `make bench SAVE=1`: demonstration territory, SQLite, one process, no network between.
The ratio compares with `/healthz`, the barest page, in the same run.

"""


def median_ms(work: Callable[[], Any], rounds: int = 25) -> float:
    """Median time of a call, after two calls to warm up."""
    work(), work()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def seconds(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def pages() -> list[str]:
    """One row for each page: median, ratio, queries."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from parvis.partners.models import Mandate, Role
    from parvis.places.models import Quartier

    quartier = Quartier.objects.order_by("code").values_list("code", flat=True)[0]
    mandate = Mandate.objects.filter(role=Role.COORDINATION).order_by("pk")[0]
    stranger, partner = Client(), Client()
    partner.force_login(mandate.person)
    asked = [
        ("bare page", stranger, BARE),
        ("home", stranger, "/"),
        ("all quartiers", stranger, "/quartiers/"),
        ("one quartier", stranger, f"/quartiers/{quartier}/"),
        ("report, first step", stranger, "/signaler/"),
        ("what awaits me", partner, "/a-traiter/"),
    ]
    rows = []
    bare = 0.0
    for label, client, path in asked:
        answer = client.get(path)
        if answer.status_code != 200:
            raise SystemExit(f"{path} answers {answer.status_code}")
        took = median_ms(lambda client=client, path=path: client.get(path))  # type: ignore[misc]
        bare = bare or took
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        rows.append(f"| {label} | {took:.1f} ms | {took / bare:.1f} × | {len(queries)} |")
    return rows


def locating() -> list[str]:
    """How fast a point is placed among as many quartiers as France has."""
    from parvis.places import locate
    from parvis.places.models import Quartier

    chance = random.Random(59)
    side = 0.01
    quartiers = []
    for number in range(QUARTIERS):
        west, south = chance.uniform(-1, 6), chance.uniform(44, 50)
        ring = [(west, south), (west + side, south), (west + side, south + side)]
        ring += [(west, south + side), (west, south)]
        bounds = {"west": west, "south": south, "east": west + side, "north": south + side}
        outline = {"type": "Polygon", "coordinates": [[list(point) for point in ring]]}
        quartiers.append(Quartier(code=f"BENCH{number}", name="Essai", outline=outline, **bounds))
    Quartier.objects.bulk_create(quartiers)
    locate.bump()
    built = seconds(lambda: locate.locate(47.0, 3.0))
    points = [(chance.uniform(44, 50), chance.uniform(-1, 6)) for _ in range(5_000)]
    took = seconds(lambda: [locate.locate(lat, lon) for lat, lon in points]) / len(points)
    return [
        f"| index of {QUARTIERS} quartiers built | {built:.2f} s | limit 2 s |",
        f"| one point placed | {took * 1e6:.0f} µs | limit 100 µs |",
    ]


def table() -> str:
    """The whole table, on a fresh installation of the demonstration."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("load_lists")
    loaded = seconds(lambda: call_command("load_demo"))
    again = seconds(lambda: call_command("load_demo"))
    lines = ["| page | median | ratio | queries |", "|---|---|---|---|", *pages(), ""]
    lines += ["| work | took | |", "|---|---|---|"]
    lines += [f"| demonstration loaded | {loaded:.1f} s | a second time {again:.1f} s |"]
    return "\n".join([*lines, *locating()]) + "\n"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"PARVIS_VAR": folder, "PARVIS_DEMO": "1", "PARVIS_BASE_MAP_URL": ""}
        os.environ["DJANGO_SETTINGS_MODULE"] = "parvis.settings"
        os.environ.pop("DATABASE_URL", None)
        import django

        django.setup()
        from django.conf import settings

        settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
        figures = table()
    print(figures)
    if os.environ.get("SAVE") == "1":
        (ROOT / "docs/performance.md").write_text(HEAD + figures)


if __name__ == "__main__":
    sys.exit(main())
