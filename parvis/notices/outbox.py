"""Putting messages in the outbox, taking them back, sending what is due."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Recipient:
    """One person to tell: an opaque key ("voice:12", "user:5") and where to reach them."""

    key: str
    address: str
    link: str = ""  # the address of the page made for this person, absolute
