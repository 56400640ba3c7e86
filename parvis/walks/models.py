"""Walks: their route, what is to be checked on it, what was found, and what became of it."""

from parvis.walks.found_models import Answer, Observation, Picture, Presence
from parvis.walks.walk_models import Check, HeldRole, SentAccount, Stop, Walk

__all__ = [
    "Answer",
    "Check",
    "HeldRole",
    "Observation",
    "Picture",
    "Presence",
    "SentAccount",
    "Stop",
    "Walk",
]
