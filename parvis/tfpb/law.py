"""The law of the abatement, as data/rules.toml dates it, read once by each process."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "data" / "rules.toml"


class Territory(StrEnum):
    METROPOLE = "metropole"
    OUTREMER = "outremer"


@dataclass(frozen=True)
class LastDay:
    """A day counted from the tax year: {year: -1, month: 9, day: 30} is 30 September before."""

    year: int
    month: int
    day: int

    def of(self, tax_year: int) -> date:
        """That day, for this tax year."""
        return date(tax_year + self.year, self.month, self.day)


@dataclass(frozen=True)
class Deadline:
    """What opens the abatement of some tax years. Days are the last ones, included; None: the rule
    does not ask for it."""

    code: str
    label: str
    years: tuple[int, int]  # first and last
    territory: str  # one of Territory, or "both"
    reference: str
    confirmed: bool
    held: bool = False  # the dwellings had the abatement the year before
    signed: LastDay | None = None
    contract: LastDay | None = None
    declared: LastDay | None = None

    def applies_to(self, tax_year: int, territory: Territory) -> bool:
        """Whether it is a rule of that year and territory."""
        first, last = self.years
        return first <= tax_year <= last and self.territory in ("both", territory)


@dataclass(frozen=True)
class Share:
    """A percentage of the estimate, from a tax year on."""

    code: str
    label: str
    percent: Decimal
    from_year: int
    reference: str
    confirmed: bool


@cache
def _file() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return found


@cache
def deadlines() -> tuple[Deadline, ...]:
    """Every deadline, in the order of the file: of one year, what comes first is tried first."""
    found = []
    for line in _file()["deadline"]:
        days: dict[str, Any] = {
            name: LastDay(**line[name])
            for name in ("signed", "contract", "declared")
            if name in line
        }
        found.append(Deadline(**{**line, **days, "years": tuple(line["years"])}))
    return tuple(found)


def tax_years() -> range:
    """The tax years of which the law is known here."""
    first = min(rule.years[0] for rule in deadlines())
    last = max(rule.years[1] for rule in deadlines())
    return range(first, last + 1)


def share(code: str, tax_year: int) -> Share:
    """The share in force that tax year; ValueError when none is."""
    known = [Share(**{**line, "percent": Decimal(line["percent"])}) for line in _file()["share"]]
    running = [one for one in known if one.code == code and one.from_year <= tax_year]
    if not running:
        raise ValueError(f"no share {code!r} is known for {tax_year}")
    return max(running, key=lambda one: one.from_year)
