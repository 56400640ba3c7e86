"""Ten times what a département holds: 432 000 lines leave as xlsx in little memory, and the page of
their sums asks no more queries. Run by `make drill`; prints its figures."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests import bench
from tests.ground import house

pytestmark = [
    pytest.mark.drill,
    pytest.mark.skipif(bench.ON_POSTGRESQL, reason="about one process and its own database"),
]
LANDLORDS, QUARTIERS, YEARS, LINES = 120, 15, 6, 40
MOST_MEMORY = 150  # MB, of the whole process

MAKER = f"""
import django
django.setup()
from django.db import connection, transaction
from tests.cast import make_cast
from tests.tfpb.overview_crowd import crowd
with transaction.atomic():
    size = dict(landlords={LANDLORDS}, quartiers={QUARTIERS}, years={YEARS}, lines={LINES})
    print(crowd(make_cast(), **size))
connection.cursor().execute("ANALYZE")
"""

# A process of its own, so that nothing else is counted.
READER = """
import json, sys, time
import django
django.setup()
from django.conf import settings
from django.test import Client
from parvis.partners.models import User
settings.ALLOWED_HOSTS = ["testserver"]
client = Client()
client.force_login(User.objects.get(email="claire@exemple.test"))
# The high water of this very process: the ru_maxrss of a child begins at what its parent weighed.
def most():
    with open("/proc/self/status") as status:
        line = next(line for line in status if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024
client.get("/accessibilite/")
before, start = most(), time.perf_counter()
answer = client.get(sys.argv[1])
with open(sys.argv[2], "wb") as file:
    for piece in answer.streaming_content:
        file.write(piece)
took = time.perf_counter() - start
print(json.dumps({"status": answer.status_code, "before": before, "most": most(), "took": took}))
"""

PAGES = """
import json, sys, time
import django
django.setup()
from django.conf import settings
from django.test import Client
from parvis.partners.models import User
from tests.figures.counting import counted
settings.ALLOWED_HOSTS = ["testserver"]
client = Client()
client.force_login(User.objects.get(email="claire@exemple.test"))
found = {}
for cut in ("landlord", "quartier", "axis", "year"):
    start = time.perf_counter()
    with counted() as queries:
        assert client.get(f"/tfpb/?cut={cut}").status_code == 200
    found[cut] = [len(queries), time.perf_counter() - start]
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def surroundings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A fresh installation of its own with the crowd in it."""
    folder = tmp_path_factory.mktemp("tfpb")
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    found = {**kept, "PARVIS_VAR": str(folder), "DJANGO_SETTINGS_MODULE": "parvis.settings"}
    found["PARVIS_DEMO"] = "1"  # which asks for no second factor
    command = [sys.executable, "-m", "parvis", "migrate", "-v", "0"]
    subprocess.run(command, cwd=house.ROOT, env=found, check=True)
    made = run(MAKER, found)
    assert int(made) == LANDLORDS * QUARTIERS * YEARS * LINES
    return found


def run(code: str, surroundings: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(
        command, cwd=house.ROOT, env=surroundings, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout.strip().splitlines()[-1]


def rows_in(file: Path) -> int:
    """How many rows the sheet of an xlsx file holds, read piece by piece."""
    found, last = 0, b""
    with zipfile.ZipFile(file) as archive, archive.open("xl/worksheets/sheet1.xml") as sheet:
        while some := sheet.read(1 << 20):
            found += (last + some).count(b"<row ")
            last = some[-4:]
    return found


@pytest.mark.parametrize("form", ["xlsx", "ods", "csv"])
def test_432_000_lines_leave_in_less_than_150_megabytes(
    surroundings: dict[str, str], tmp_path: Path, capsys: Any, form: str
) -> None:
    file = tmp_path / f"lignes.{form}"
    found = json.loads(run(READER, surroundings, f"/tfpb/lignes.{form}", str(file)))
    with capsys.disabled():
        size = file.stat().st_size / 1_000_000
        print(
            f"\n{form}: {found['most']:.0f} MB at most ({found['before']:.0f} MB before), "
            f"{found['took']:.0f} s, a file of {size:.0f} MB"
        )
    assert found["status"] == 200
    assert found["most"] < MOST_MEMORY
    if form == "xlsx":
        assert rows_in(file) == LANDLORDS * QUARTIERS * YEARS * LINES + 1


def test_the_page_of_their_sums_asks_twelve_queries_at_most(
    surroundings: dict[str, str], capsys: Any
) -> None:
    found = json.loads(run(PAGES, surroundings))
    with capsys.disabled():
        for cut, (queries, took) in found.items():
            print(f"\n{cut}: {queries} queries, {took:.2f} s", end="")
    assert max(queries for queries, _ in found.values()) <= 12
