"""Fixtures of the room of meetings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cast import Cast


@pytest.fixture(autouse=True)
def lists(cast: Cast, settings: Any, tmp_path: Path) -> None:
    """The categories of reports, which stand on agendas, and a folder of its own for files."""
    from parvis.reports.lists import load

    settings.MEDIA_ROOT = tmp_path / "media"
    load()
