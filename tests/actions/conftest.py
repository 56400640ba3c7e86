"""Fixtures of the room of actions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cast import Cast


@pytest.fixture(autouse=True)
def lists(cast: Cast, settings: Any, tmp_path: Path) -> None:
    """The categories of reports, which call for actions, and a folder of its own for pictures."""
    from parvis.reports.lists import load

    settings.MEDIA_ROOT = tmp_path / "media"
    load()
