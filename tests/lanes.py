"""Run the suite in its three lanes and end with one line for each: `python -m tests.lanes`.

sqlite and postgresql run the same tests; what touches no database, and what the demonstration
tells, runs once, on sqlite. browser runs those in a real browser, on SQLite, and the postgresql
lane takes the smoke test along. As root, missing system packages are installed.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from ctypes.util import find_library
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from tests.bench import find_postgresql

# More than there are processors: a test waits for its database now and then. Browsers wait less.
WORKERS = 2 * (os.cpu_count() or 1)
BROWSERS = (os.cpu_count() or 1) + 1
LONGEST = 40 * 60  # seconds that a lane may take
LEAVING = 30  # seconds that a stopped lane has to put its databases away


@dataclass
class Tally:
    """What became of one lane's tests."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    left_out: str = ""  # why the whole lane was left out

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def has_browser() -> bool:
    return any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))


def install_missing() -> None:
    """Install the browser and PostgreSQL, if we may."""
    missing = [
        *([] if has_browser() else ["chromium"]),
        # Playwright's driver is linked with it, and a bare Debian does not have it.
        *([] if find_library("atomic") else ["libatomic1"]),
        *([] if find_postgresql() else ["postgresql"]),
    ]
    if not missing:
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        print(f"!! Missing: apt-get install {' '.join(missing)}", flush=True)
        return
    surroundings = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-q"], env=surroundings)
    command = ["apt-get", "install", "-q", "-y", "--no-install-recommends", *missing]
    subprocess.run(command, env=surroundings)


def run(lane: str, marks: str, workers: int = WORKERS, **surroundings: str) -> Tally:
    """Run one lane and count its tests."""
    print(f"\n== {lane} ==", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-n", str(workers), "--dist", "worksteal"]
        command += ["-m", marks, "-rs", "--no-header", f"--junitxml={report}"]
        # Compiled and rewritten once: every worker and every command of a test loads it all again.
        surroundings = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", **surroundings}
        code = bounded(command, surroundings, LONGEST)
        tally = count(report)
    if code is None:
        print(f"!! {lane} WAS STOPPED: more than {LONGEST // 60} minutes", flush=True)
        code = 1
    if code and not tally.failed:  # stopped before or after the tests, or found none
        tally.failed = 1
    return tally


def bounded(command: list[str], surroundings: dict[str, str], seconds: float) -> int | None:
    """Run a command in a group of its own; gives its code, None when it took too long and was
    stopped with all that it had started."""
    with subprocess.Popen(command, env=surroundings, start_new_session=True) as process:
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.terminate()  # alone: it stops its database and its workers itself
            with suppress(subprocess.TimeoutExpired):
                process.wait(LEAVING)
            return None
        finally:
            # Whatever is left of the group, after Ctrl-C too.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def count(report: Path) -> Tally:
    """What a JUnit report says; an error counts as a failure."""
    if not report.exists():
        return Tally(failed=1)
    tally = Tally()
    for suite in ElementTree.parse(report).getroot().iter("testsuite"):
        failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped = int(suite.get("skipped", 0))
        tally.failed += failed
        tally.skipped += skipped
        tally.passed += int(suite.get("tests", 0)) - failed - skipped
    return tally


def main() -> int:
    install_missing()
    lanes = {"sqlite": run("sqlite", "not browser and not drill")}
    if find_postgresql():
        marks = "(not browser or smoke) and not drill"
        lanes["postgresql"] = run("postgresql", marks, PARVIS_TEST_DB="postgres")
    else:
        total = lanes["sqlite"].passed + lanes["sqlite"].failed + lanes["sqlite"].skipped
        lanes["postgresql"] = Tally(skipped=total, left_out="postgresql is not installed")
    lanes["browser"] = run("browser", "browser and not drill", BROWSERS)
    if not has_browser():
        lanes["browser"].left_out = "chromium is not installed"
    print()
    for lane, tally in lanes.items():
        if tally.left_out:
            print(f"!! {lane} WAS LEFT OUT: {tally.left_out}")
    for lane, tally in lanes.items():
        print(f"{lane}: {tally}")
    left_out = os.geteuid() == 0 and any(tally.left_out for tally in lanes.values())
    return int(left_out or any(tally.failed for tally in lanes.values()))


if __name__ == "__main__":
    sys.exit(main())
