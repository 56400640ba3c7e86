"""The threat model names the tests that show what it promises: each of them exists."""

from __future__ import annotations

import re

from tests.ground.house import ROOT

PAGE = ROOT / "docs" / "security.md"


def test_every_test_that_the_threat_model_names_exists() -> None:
    files = {path.name: path.read_text() for path in (ROOT / "tests").rglob("test_*.py")}
    known = {name for text in files.values() for name in re.findall(r"def (test_\w+)\(", text)}
    named = set(re.findall(r"`(?:[\w/]*/)?(test_\w+(?:\.py)?)`", PAGE.read_text()))
    assert len(named) > 50
    assert named - known - set(files) == set()


def test_every_attacker_has_something_that_holds_and_what_remains_is_said() -> None:
    text = PAGE.read_text()
    attackers = text.partition("## Who attacks")[2].partition("## What remains")[0]
    parts = attackers.split("\n### ")[1:]
    assert len(parts) >= 11
    assert all("`test_" in part for part in parts)
    assert text.partition("## What remains")[2].count("\n- ") >= 5
