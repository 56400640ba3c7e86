"""The axes of use of the abatement and the lists of a line, as data/axes.toml and
data/valuation.toml give them, read once by each process."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Axis:
    """One axis of one version of the national list."""

    code: str
    number: int
    label: str
    family: str
    version: str = ""
    themes: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Exclusion:
    """An axis that a rule keeps out of some quartiers, from a tax year on."""

    axis: str
    where: str
    effect: str  # "refuse" or "warn"
    from_year: int
    label: str
    reference: str
    confirmed: bool


@dataclass(frozen=True)
class Valuation:
    """What may be valued or not, unless the convention says otherwise."""

    code: str
    label: str
    default: str  # a key of `valuation_choices`
    touches: str
    confirmed: bool


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))


@cache
def _all_axes() -> dict[str, Axis]:
    found = {}
    for line in _read("axes.toml")["axis"]:
        lists = {name: tuple(line[name]) for name in ("themes", "examples")}
        found[line["code"]] = Axis(**{**line, **lists})
    return found


def axes_of(year: int) -> list[Axis]:
    """The axes in force that tax year, in their order; ValueError before the first version."""
    versions = [one for one in _read("axes.toml")["version"] if one["from_year"] <= year]
    if not versions:
        raise ValueError(f"no list of axes is known for {year}")
    last = max(versions, key=lambda one: int(one["from_year"]))["code"]
    return sorted(
        (axis for axis in _all_axes().values() if axis.version == last), key=lambda one: one.number
    )


def axis_of(code: str) -> Axis:
    """That axis, of any version; one that left the lists is shown as it is."""
    return _all_axes().get(code) or Axis(code, 0, code, "")


@cache
def families() -> dict[str, str]:
    """The words of each family of axes by its code, in order."""
    return dict(_read("axes.toml")["families"])


def exclusions(year: int) -> list[Exclusion]:
    """The rules that keep an axis out of some quartiers, that tax year."""
    rows = [Exclusion(**line) for line in _read("axes.toml")["exclusion"]]
    return [row for row in rows if row.from_year <= year]


@cache
def units() -> dict[str, str]:
    """The words of each unit by its code, in order."""
    return {line["code"]: line["label"] for line in _read("axes.toml")["unit"]}


@cache
def usual_domains() -> dict[str, str]:
    """The domains of the table of droit commun by their code, in order."""
    return {line["code"]: line["label"] for line in _read("axes.toml")["domain"]}


@cache
def valuation_rules() -> tuple[Valuation, ...]:
    """The rules of valuation, in order."""
    return tuple(Valuation(**line) for line in _read("valuation.toml")["rule"])


@cache
def valuation_choices() -> dict[str, str]:
    """What a convention may say of a rule, in words by code."""
    return dict(_read("valuation.toml")["choices"])


@cache
def reasons() -> dict[str, str]:
    """Why dwellings have the abatement, in words by code."""
    return {line["code"]: line["label"] for line in _read("stock.toml")["reason"]}
