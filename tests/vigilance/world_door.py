"""Objects of this part for the walk over every URL."""

from __future__ import annotations

from typing import Any

ARGUMENTS: dict[str, Any] = {}
BY_RESOURCE: dict[str, Any] = {}
OBJECTS: dict[str, str] = {}
