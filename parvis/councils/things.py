"""How this room's things stand on the thread: each part has its file."""

from __future__ import annotations

from parvis.councils import (
    aside_things,
    body_things,
    challenge_things,
    draw_things,
    frame_things,
    opinion_things,
    proposition_things,
    referent_things,
    space_things,
)

__all__ = [
    "aside_things",
    "body_things",
    "challenge_things",
    "draw_things",
    "frame_things",
    "opinion_things",
    "proposition_things",
    "referent_things",
    "space_things",
]
