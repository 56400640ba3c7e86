"""Fixtures of this room."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet


@pytest.fixture(autouse=True)
def keys(settings: Any, tmp_path: Path) -> None:
    """A key of its own for each test, and a folder of its own for files."""
    settings.SEAL_KEYS = [Fernet.generate_key().decode()]
    settings.MEDIA_ROOT = tmp_path / "media"
