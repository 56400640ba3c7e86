"""How this room's things stand on the thread: each part has its file."""

from __future__ import annotations

from parvis.tfpb import action_money, circuit_things, convention_things, programme_things

__all__ = ["action_money", "circuit_things", "convention_things", "programme_things"]
