"""How the things of this room stand on the thread."""

from __future__ import annotations

from parvis.actions import convention_things

__all__ = ["convention_things"]
