"""The benchmark table: `make bench`; with SAVE=1 it also writes docs/performance.md.

Each page is given as a ratio to a bare JSON view in the same run, so that tables from two machines
can be compared.
"""

from __future__ import annotations

import os
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.test import Client, override_settings
from django.urls import path

from tests.figures.counting import counted

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 25
QUARTIERS = 1_584  # as many as there are in France
POINTS = 10_000
HEAD = """# Performance

Written by `make bench SAVE=1` on the demonstration territory: SQLite, one process, no network.
Medians of 25 openings. The ratio is processor time against a bare page of the same run: a JSON view
without middleware, database or template. Queries leave out what opens and ends a transaction.
`make drill` prints what pages cost with 100 000 reports; `tests/figures` holds the queries.

"""


@dataclass
class Cost:
    wall: float  # milliseconds
    cpu: float  # milliseconds
    queries: int

    def row(self, label: str, bare: Cost) -> str:
        ratio = f"{self.cpu / bare.cpu:.0f} ×"
        return f"| {label} | {self.wall:.1f} ms | {self.cpu:.1f} ms | {ratio} | {self.queries} |"


def clock(work: Callable[[], Any]) -> tuple[float, float]:
    """Seconds on the wall, and seconds of processor."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def best(work: Callable[[], Any], rounds: int = 5) -> tuple[float, float]:
    """The best of some rounds, on the wall and of processor: other programs run beside."""
    times = [clock(work) for _ in range(rounds)]
    return min(wall for wall, _ in times), min(cpu for _, cpu in times)


def bare_page(request: HttpRequest) -> JsonResponse:
    """What every page is measured against: no middleware, no database, no template."""
    return JsonResponse({"ok": True})


urlpatterns = [path("", bare_page)]


def bare_cost() -> Cost:
    with override_settings(MIDDLEWARE=[], ROOT_URLCONF="tests.benchmark"):
        return cost(Client(), "/", rounds=20 * ROUNDS)  # it is short: more make it steady


def cost(client: Client, url: str, rounds: int = ROUNDS) -> Cost:
    """Medians of a page, after two openings to warm up, and its queries."""
    times = []
    for number in range(rounds + 2):
        wall, cpu = clock(lambda: client.get(url))
        if number > 1:
            times.append((wall, cpu))
    with counted() as queries:
        answer = client.get(url)
    if answer.status_code != 200:
        raise SystemExit(f"{url} answers {answer.status_code}")
    walls, cpus = zip(*times, strict=True)
    return Cost(1000 * statistics.median(walls), 1000 * statistics.median(cpus), len(queries))


def pages() -> list[str]:
    """One row for each page: what it takes, its ratio to the bare page, its queries."""
    from parvis.partners.models import Mandate, Role
    from parvis.places.models import Quartier
    from parvis.reports.models import Report

    quartier = Quartier.objects.order_by("code").values_list("code", flat=True)[0]
    report = Report.objects.filter(public=True, withdrawn_at=None).order_by("-voice_count", "pk")[0]
    mandate = Mandate.objects.filter(role=Role.COORDINATION).order_by("pk")[0]
    stranger, partner = Client(), Client()
    partner.force_login(mandate.person)
    asked = {
        "home": (stranger, "/"),
        "all quartiers": (stranger, "/quartiers/"),
        "one quartier": (stranger, f"/quartiers/{quartier}/"),
        "report, first step": (stranger, "/signaler/"),
        "list of 50": (stranger, "/signalements/"),
        "list of 100": (stranger, "/signalements/?par=100"),
        "map of the list": (stranger, "/signalements/carte.json"),
        "one report": (stranger, f"/signalements/{report.reference}/"),
        "what awaits me": (partner, "/a-traiter/"),
        "list of 100, coordination": (partner, "/signalements/?par=100"),
        "map of the list, coordination": (partner, "/signalements/carte.json"),
        "one report, coordination": (partner, f"/signalements/{report.reference}/"),
        "who keeps up what": (partner, "/gestion/"),
    }
    bare = bare_cost()
    rows = [bare.row("bare page", bare)]
    rows += [cost(client, url).row(label, bare) for label, (client, url) in asked.items()]
    return rows


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


def table() -> str:
    """The whole table, on a fresh installation of the demonstration."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("load_lists", stdout=StringIO())
    load = os.getloadavg()[0]
    first = clock(lambda: call_command("load_demo", stdout=StringIO()))[0]
    again = clock(lambda: call_command("load_demo", stdout=StringIO()))[0]
    lines = ["| page | wall | processor | ratio | queries |", "|---|---|---|---|---|", *pages(), ""]
    lines += ["| work | took | |", "|---|---|---|"]
    lines += [f"| demonstration loaded | {first:.1f} s | a second time {again:.1f} s |"]
    lines += [*locating(), ""]
    lines += [
        f"Machine: {os.cpu_count()} cores shared with other work (load {load:.1f} before,"
        f" {os.getloadavg()[0]:.1f} after), Python {sys.version.split()[0]},"
        f" SQLite {sqlite3.sqlite_version}, Django {django.__version__}; {date.today():%Y-%m-%d}.",
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"PARVIS_VAR": folder, "PARVIS_DEMO": "1", "PARVIS_BASE_MAP_URL": ""}
        os.environ["DJANGO_SETTINGS_MODULE"] = "parvis.settings"
        os.environ.pop("DATABASE_URL", None)
        django.setup()
        settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
        figures = table()
    print(figures)
    if os.environ.get("SAVE") == "1":
        (ROOT / "docs/performance.md").write_text(HEAD + figures)


if __name__ == "__main__":
    sys.exit(main())
