"""Fixtures of the room of reports."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cast import Cast


@pytest.fixture
def town(cast: Cast, settings: Any, tmp_path: Path) -> Cast:
    """The cast with the categories of reports, and a folder of its own for photos."""
    from parvis.reports.lists import load

    settings.MEDIA_ROOT = tmp_path / "media"
    load()
    return cast
