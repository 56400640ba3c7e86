"""The register of things: how each room's things stand on the thread.

A room describes its kinds once, in `things.py`; lower rooms list them without naming that room.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from parvis.notices.outbox import Recipient
from parvis.partners.actors import Actor

# The columns of every kind's rows, in this order; `rows` gives a `values_list` of them.
COLUMNS = ("kind", "id", "title", "who", "day", "amount", "state")
# `due` adds the day by which it is due and whose it is.
DUE_COLUMNS = (*COLUMNS, "due_on", "owner_id")


@dataclass(frozen=True)
class Kind:
    """One kind of thing. `rows` and `due` are cut down to what an actor may see."""

    code: str  # "report"
    label: str  # "signalement"
    plural: str
    icon: str  # name of a Lucide icon
    url: Callable[[int], str]
    rows: Callable[[Actor], Any]  # queryset of COLUMNS
    state_labels: dict[str, str] = field(default_factory=dict)
    tells_existence: bool = False
    due: Callable[[Actor], Any] | None = None  # queryset of DUE_COLUMNS
    spoke: Callable[[int], Iterable[Recipient]] | None = None
    # Sentences of this kind's events by code, French, {old} and {new} inside: made when shown.
    sentences: dict[str, str] = field(default_factory=dict)
    searchable: bool = False


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Declare a kind, once; called by each room's `things.py`."""
    if kind.code in _kinds:
        raise ValueError(f"{kind.code} is registered twice")
    _kinds[kind.code] = kind


def kinds() -> dict[str, Kind]:
    """Every registered kind by its code."""
    return dict(_kinds)
