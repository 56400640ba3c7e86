"""Fixtures of the room of the abatement."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    """A folder of its own for files."""
    settings.MEDIA_ROOT = tmp_path / "media"
