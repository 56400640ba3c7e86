"""The « projet de gestion » of a project: which parts the règlement asks for, and which lack."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from parvis.works.project_models import RenewalProject
from parvis.works.resident_models import GroundChange, ManagementPart

FILE = Path(__file__).parent / "data" / "management.toml"


@dataclass(frozen=True)
class Asked:
    """One part that an edition asks for."""

    code: str
    label: str
    help: str


@dataclass(frozen=True)
class Edition:
    """The règlement that applies to a project, and the parts it asks for."""

    code: str
    label: str
    reference: str
    confirmed: bool
    asks: tuple[Asked, ...]


@cache
def editions() -> dict[str, Edition]:
    """Every edition by its code, in the order of the file."""
    lines = tomllib.loads(FILE.read_text(encoding="utf-8"))["edition"]
    parts = {one["code"]: tuple(Asked(**part) for part in one.get("part", ())) for one in lines}
    return {
        one["code"]: Edition(
            one["code"],
            one["label"],
            one["reference"],
            one["confirmed"],
            parts[one.get("same_as", one["code"])],
        )
        for one in lines
    }


def edition_of(rules: str) -> Edition:
    """The edition of that code; one that left the file asks for nothing."""
    return editions().get(rules) or Edition(rules, rules, "", confirmed=False, asks=())


def missing_among(rules: str, done: Iterable[str]) -> list[Asked]:
    """The parts that an edition asks for and that are not among these finished ones."""
    finished = set(done)
    return [part for part in edition_of(rules).asks if part.code not in finished]


def missing_parts(project: RenewalProject) -> list[Asked]:
    """The parts that the règlement asks for and that are not finished: they block an annexation."""
    done = ManagementPart.objects.filter(project=project, done_on__isnull=False)
    return missing_among(project.rules, done.values_list("code", flat=True))


def uninvolved(grounds: Iterable[GroundChange]) -> list[GroundChange]:
    """The changes that touch tenants' charges while nobody says how residents had their say."""
    return [one for one in grounds if one.changes_charges and one.involved_on is None]


@dataclass(frozen=True)
class GroundRow:
    """A ground that changes hands, and how much more (or less) its upkeep costs."""

    ground: GroundChange
    difference: Decimal | None


def ground_rows(grounds: Iterable[GroundChange]) -> list[GroundRow]:
    """Each ground with the difference of what its upkeep costs, when both sides are known."""
    return [
        GroundRow(
            one,
            one.cost_after - one.cost_before
            if one.cost_after is not None and one.cost_before is not None
            else None,
        )
        for one in grounds
    ]


def ground_totals(rows: Iterable[GroundRow]) -> dict[str, Any]:
    """Sums before and after; the difference is of the grounds whose two costs are known."""
    rows = list(rows)
    return {
        "before": sum((one.ground.cost_before or Decimal(0) for one in rows), Decimal(0)),
        "after": sum((one.ground.cost_after or Decimal(0) for one in rows), Decimal(0)),
        "difference": sum((one.difference or Decimal(0) for one in rows), Decimal(0)),
        "unknown": sum(one.difference is None for one in rows),
    }
