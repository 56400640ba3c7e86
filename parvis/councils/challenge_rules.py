"""The dated rules by which a body may challenge the préfet, as data/challenge.toml gives them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "data" / "challenge.toml"
ANSWER = "answer"  # the step that the préfet's answer ends


@dataclass(frozen=True)
class Step:
    """A step of a case: whose it is, who does it, in how many days when a text says so."""

    code: str
    label: str
    who: str  # communes, agglomeration, signatories or prefet
    source: str
    confirmed: bool
    by: str = ""  # "prefet" when his service does it towards the organisation
    tells: bool = False  # that organisation is written to once it is done
    help: str = ""
    days: int | None = None


@dataclass(frozen=True)
class Rule:
    """A rule in force between two days, both included."""

    code: str
    label: str
    starts_on: date
    forms: tuple[str, ...]
    source: str
    steps: tuple[Step, ...]
    ends_on: date | None = None


@cache
def rules() -> dict[str, Rule]:
    """Every rule by its code, in the order of the file."""
    found = {}
    for line in tomllib.loads(FILE.read_text(encoding="utf-8"))["rule"]:
        steps = tuple(Step(**step) for step in line["step"])
        given = {**line, "forms": tuple(line["forms"]), "steps": steps}
        del given["step"]
        found[line["code"]] = Rule(**given)
    return found


def rule_on(day: date) -> Rule | None:
    """The rule in force on that day; None before the law."""
    return next(
        (
            one
            for one in rules().values()
            if one.starts_on <= day and (one.ends_on is None or day <= one.ends_on)
        ),
        None,
    )


@cache
def steps() -> dict[str, Step]:
    """Every step of every rule by its code."""
    return {step.code: step for one in rules().values() for step in one.steps}


def label_of(code: str) -> str:
    """What a step is called; one that left the file is shown as it is."""
    return steps()[code].label if code in steps() else code


def done_by_prefet() -> list[str]:
    """The codes of the steps that the préfet's service does, whoever they go to."""
    return [one.code for one in steps().values() if one.by == "prefet" or one.who == "prefet"]
