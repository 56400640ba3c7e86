"""Forms of participation and the dated rules that hold for them, as data/regimes.toml gives them,
read once by each process."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "data" / "regimes.toml"


@dataclass(frozen=True)
class Rule:
    """A rule of a regime: `required` or advised; `confirmed` when a text that was read says it."""

    code: str
    label: str
    required: bool
    source: str
    confirmed: bool
    most_apart: int | None = None  # parity: how many more women than men, or men than women
    least_percent: int | None = None  # of the seats, for residents


@dataclass(frozen=True)
class Regime:
    """A set of rules in force between two days, both included, for some forms."""

    code: str
    label: str
    forms: tuple[str, ...]
    starts_on: date
    source: str
    rules: tuple[Rule, ...]
    ends_on: date | None = None

    def rule(self, code: str) -> Rule | None:
        """The rule of that code; None when this regime knows no such rule."""
        return next((one for one in self.rules if one.code == code), None)

    @property
    def draws(self) -> bool:
        """Whether members are drawn by lot."""
        return self.rule("draw") is not None


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


@cache
def regimes() -> dict[str, Regime]:
    """Every regime by its code, in the order of the file."""
    found = {}
    for line in _file()["regime"]:
        rules = tuple(Rule(**rule) for rule in line["rule"])
        given = {**line, "forms": tuple(line["forms"]), "rules": rules}
        del given["rule"]
        found[line["code"]] = Regime(**given)
    return found


def regime_of(code: str) -> Regime:
    """The regime of that code; ValueError when the file has none."""
    try:
        return regimes()[code]
    except KeyError:
        raise ValueError(f"no regime is called {code!r}") from None


def regimes_on(day: date, form: str | None = None) -> list[Regime]:
    """The regimes by which a body may be created that day, of that form when one is given."""
    return [
        one
        for one in regimes().values()
        if one.starts_on <= day
        and (one.ends_on is None or day <= one.ends_on)
        and (form is None or form in one.forms)
    ]


@cache
def choices(name: str) -> dict[str, str]:
    """The words of a list ("form", "college", "origin", "age_band") by their code, in order."""
    return {line["code"]: line["label"] for line in _file()[name]}


def label_of(name: str, code: str) -> str:
    """What a code is called; one that left the list is shown as it is."""
    return choices(name).get(code, code)


def rule_labels() -> dict[str, str]:
    """Every rule of every regime by its code, said once."""
    return {rule.code: rule.label for one in regimes().values() for rule in one.rules}
