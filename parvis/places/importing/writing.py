"""Rows compared with what the database holds, then written in a few queries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from django.db import models

from parvis.places.importing.outcome import Outcome
from parvis.places.importing.outlining import Outline

T = TypeVar("T")
Progress = Callable[[int, int], None]
OUTLINE_FIELDS = ("outline", "west", "south", "east", "north", "schematic")
_BATCH = 200  # rows a query: outlines are long


def no_progress(done: int, total: int) -> None:
    """Say nothing: used when nobody watches a terminal."""


def followed(items: Sequence[T], progress: Progress) -> Iterator[T]:
    """Go through the items, saying how far."""
    for done, item in enumerate(items):
        progress(done, len(items))
        yield item
    progress(len(items), len(items))


def outline_values(outline: Outline) -> dict[str, Any]:
    """Values of the fields of an outlined row; a real outline replaces a schematic one."""
    return {
        "outline": outline.geometry,
        "west": outline.west,
        "south": outline.south,
        "east": outline.east,
        "north": outline.north,
        "schematic": False,
    }


def apply(thing: models.Model, values: dict[str, Any]) -> bool:
    """Set the values; True when one of them was different."""
    different = False
    for name, value in values.items():
        if getattr(thing, name) != value:
            setattr(thing, name, value)
            different = True
    return different


def write(
    model: type[models.Model], new: list[Any], changed: list[Any], fields: Sequence[str]
) -> None:
    """Insert new rows and update changed ones, some hundreds a query."""
    manager = model._default_manager
    manager.bulk_create(new, batch_size=_BATCH)
    # An upsert by key carries values as they are; bulk_update would build one CASE a row.
    manager.bulk_create(
        changed,
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["pk"],
        update_fields=list(fields),
    )


def count(outcome: Outcome, *, created: int, changed: int, seen: int) -> None:
    """Fill the three counts of an outcome."""
    outcome.created, outcome.changed, outcome.unchanged = created, changed, seen - created - changed
