"""Fixtures of the room of walks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def lists(request: Any, settings: Any, tmp_path: Path) -> None:
    """The categories of reports, which findings may become, and a folder of its own for files."""
    settings.MEDIA_ROOT = tmp_path / "media"
    if "db" in request.fixturenames or "cast" in request.fixturenames:
        request.getfixturevalue("cast")
        from parvis.reports.lists import load

        load()
