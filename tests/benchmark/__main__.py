"""The benchmark table: `make bench`; with SAVE=1 it also writes docs/performance.md.

Each database gets an installation of its own, served as in production, with a full territory. Two
controls are asked in the same run under the same server: `bare` (Django with nothing in it, one
JSON answer) and `house` (the empty shell of Parvis for somebody signed in). A page is given in
houses, so that tables from two machines can be compared.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import django

ROOT = Path(__file__).resolve().parents[2]
HEAD = """# Performance

Written by `make bench SAVE=1`: {reports} reports over the territory of the demonstration, one web
process served as in production (hashed static files, no debugging), asked one request at a time.
`bare` is Django with no middleware, no application and one JSON answer; `house` is the empty shell
of Parvis for somebody who is signed in; both under the same server in the same run, in turns with
the page they are compared with. Ratios are those of the medians on the wall; in brackets those of
processor time of the web process. `make drill` prints what the databases do.

"""


def installed(database: str, folder: str) -> dict[str, str]:
    """The surroundings of an installation in service, where Python keeps what it compiled."""
    return {
        **os.environ,
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONPATH": str(ROOT),
        "PARVIS_VAR": folder,
        "PARVIS_SECRET_KEY": "a-key-for-the-benchmark-only-that-opens-nothing",
        "PARVIS_HASHED_STATIC": "true",
        "PARVIS_BASE_MAP_URL": "",
        "PARVIS_TRUSTED_PROXIES": "127.0.0.1",
        "PARVIS_CHALLENGE_COST": "100",  # the machine that asks must not wait for itself
        "PARVIS_SITE_URL": "http://localhost:8000",
        "EMAIL_URL": "dummy://",
        **({"DATABASE_URL": database} if database else {}),
    }


def figures(database: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="parvis-bench-") as folder:
        surroundings = installed(database, folder)
        first = {**surroundings, "PARVIS_DEMO": "1"}
        run = [sys.executable, "-m", "tests.benchmark.figures"]
        # The demonstration fills the territory and is no longer installed when it is served.
        subprocess.run([*run, "fill"], env=first, cwd=ROOT, check=True)
        done = subprocess.run(
            [*run, "measure"], env=surroundings, cwd=ROOT, check=True, stdout=subprocess.PIPE
        )
        found: dict[str, Any] = json.loads(done.stdout)
        return found


def held(found: float, limit: float) -> str:
    return "held" if round(found, 1) <= limit else "not held"


def table(found: dict[str, Any]) -> str:
    lines = [
        "| page | wall | processor | weight | against | times | at most | |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for cost in found["costs"]:
        times = limit = verdict = ""
        if cost["against"]:
            times = f"{cost['times']:.1f} ({cost['times_processor']:.1f})"
            limit = f"{cost['limit']:g}"
            verdict = held(cost["times"], cost["limit"])
        lines.append(
            f"| {cost['name']} | {cost['wall']:.1f} ms | {cost['processor']:.1f} ms"
            f" | {cost['kilobytes']:.1f} kB | {cost['against']} | {times} | {limit} | {verdict} |"
        )
    bare, whole = found["starts"]
    lines += [
        "",
        "| process | | at most | |",
        "|---|---|---|---|",
        f"| start, until the first answer | {whole:.2f} s, {whole / bare:.1f} bare | 8 bare"
        f" | {held(whole / bare, 8)} |",
        f"| memory of the worker after 1 000 mixed requests | {found['memory']:.0f} MB | 200 MB"
        f" | {held(found['memory'], 200)} |",
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    os.environ.setdefault("REPORTS", "100000")
    from tests.bench import start_postgresql

    on_sqlite = figures("")
    os.environ["LOCATING"] = "1"
    on_postgresql = figures(start_postgresql())
    load = os.getloadavg()[0]
    text = "\n".join(
        [
            HEAD.format(reports=f"{int(os.environ['REPORTS']):,}".replace(",", " ")),
            f"## SQLite\n\n{table(on_sqlite)}",
            f"## PostgreSQL\n\n{table(on_postgresql)}",
            "## Placing points\n\n| work | took | |\n|---|---|---|",
            *on_postgresql["locating"],
            "",
            f"Machine: {os.cpu_count()} cores (load {load:.1f}),"
            f" Python {platform.python_version()},"
            f" Django {django.__version__}; {date.today():%Y-%m-%d}.",
            "",
        ]
    ).replace("\n\n\n", "\n\n")
    print(text)
    if os.environ.get("SAVE") == "1":
        (ROOT / "docs/performance.md").write_text(text)


if __name__ == "__main__":
    main()
