"""A fresh clone runs safely with nothing set; the documented production settings are clean."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

from tests.ground import house


def run(tmp_path: Path, *command: str, **surroundings: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a process that inherits no setting of the suite."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, *command],
        cwd=house.ROOT,
        env={**kept, "PARVIS_VAR": str(tmp_path / "var"), **surroundings},
        capture_output=True,
        text=True,
        check=False,
    )


SAY = "import parvis.settings as s; print(s.{})"


def test_the_secret_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first = run(tmp_path, "-c", SAY.format("SECRET_KEY")).stdout.strip()
    second = run(tmp_path, "-c", SAY.format("SECRET_KEY")).stdout.strip()
    assert len(first) >= 50
    assert first == second
    mode = stat.S_IMODE((tmp_path / "var/secret_key").stat().st_mode)
    assert mode == 0o600


def test_nothing_set_means_no_debug_and_no_demonstration(tmp_path: Path) -> None:
    assert run(tmp_path, "-c", SAY.format("DEBUG")).stdout.strip() == "False"
    assert "parvis.demo" not in run(tmp_path, "-c", SAY.format("INSTALLED_APPS")).stdout
    assert "'*'" not in run(tmp_path, "-c", SAY.format("ALLOWED_HOSTS")).stdout


def test_the_house_starts_without_the_demonstration(tmp_path: Path) -> None:
    done = run(tmp_path, "-m", "parvis", "check")
    assert done.returncode == 0, done.stderr


def production() -> dict[str, str]:
    """The block of production settings in docs/settings.md."""
    page = (house.ROOT / "docs/settings.md").read_text()
    block = re.search(r"```sh\n(.*?)```", page, re.DOTALL)
    assert block
    pairs = (line.split("=", 1) for line in block[1].splitlines() if "=" in line and line[0] != "#")
    return {name: value.strip("'\"") for name, value in pairs}


def test_the_documented_production_settings_pass_the_deployment_checks(tmp_path: Path) -> None:
    assert production()["PARVIS_SITE_URL"].startswith("https://")
    arguments = ("-m", "parvis", "check", "--deploy", "--fail-level", "WARNING")
    done = run(tmp_path, *arguments, **{**production(), "PARVIS_VAR": str(tmp_path / "var")})
    assert done.returncode == 0, done.stderr


def test_static_files_are_gathered_under_hashed_names(tmp_path: Path) -> None:
    done = run(tmp_path, "-m", "parvis", "collectstatic", "--noinput", PARVIS_HASHED_STATIC="true")
    assert done.returncode == 0, done.stderr
    named = json.loads((tmp_path / "var/static/staticfiles.json").read_text())["paths"]
    asked = {
        name
        for room in house.rooms()
        for _, text in house.templates(room)
        for tag, name in house.template_references(text)
        if tag == "static"
    }
    assert asked
    assert asked <= set(named)
    assert all((tmp_path / "var/static" / hashed).exists() for hashed in named.values())
