"""Invented people of invented households, and the rules of draws among them."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

from django.core.management import call_command

from parvis.councils.draw import Preparation, meets_quotas
from parvis.councils.draw_chances import prepare
from parvis.councils.draw_list import Person
from parvis.councils.draw_rules import Rules, rules_from

SEED = "5eed" * 10
AGES = ("18-29", "30-44", "45-59", "60-74", "75+")
QUARTIERS = ("Nord", "Sud", "Est", "Ouest")
TENURES = ("locataire HLM", "locataire", "propriétaire")
RULES: dict[str, Any] = {
    "seats": 4,
    "reserve": 4,
    "household": "adresse",
    "quotas": {"sexe": {"F": [2, 2], "H": [2, 2]}, "age": {"18-29": [1, 2]}},
}


def rules(seats: int, *, reserve: int = 0, household: bool = True, **quotas: Any) -> Rules:
    home = "adresse" if household else None
    found = {"seats": seats, "reserve": reserve, "household": home, "quotas": quotas}
    return rules_from(found)


def people(*households: Sequence[Sequence[str]]) -> list[Person]:
    """Households one after the other: "FFH" is two women and a man; or a profile each."""
    members = [(home, one) for home, some in enumerate(households, 1) for one in some]
    return [Person(line, home, tuple(one)) for line, (home, one) in enumerate(members, 2)]


def prepared(some: list[Person], by: Rules) -> Preparation:
    """Before the draw; values without quota are left out as a list's are."""
    read = [one.profile if by.quotas else () for one in some]
    told = [
        Person(one.line, one.household, by.profile(map(str, values)))
        for one, values in zip(some, read, strict=True)
    ]
    return prepare(told, by, "0" * 64)


def rows(count: int, chance: int = 1) -> list[dict[str, str]]:
    """So many invented people, in households of one to four."""
    dice = random.Random(chance)
    found: list[dict[str, str]] = []
    home = 0
    while len(found) < count:
        home += 1
        quartier, tenure = dice.choice(QUARTIERS), dice.choice(TENURES)
        for _ in range(dice.choice((1, 1, 2, 2, 3, 4))):
            found.append(
                {
                    "nom": f"Personne inventée {len(found) + 1}",
                    "adresse": f"{home} rue inventée",
                    "sexe": dice.choice("FH"),
                    "age": dice.choice(AGES),
                    "quartier": quartier,
                    "logement": tenure,
                }
            )
    return found[:count]


def written(some: list[dict[str, str]], separator: str = ";", end: str = "\r\n") -> str:
    lines = [separator.join(some[0]), *(separator.join(row.values()) for row in some)]
    return end.join(lines) + end


def write_files(folder: Path, **changes: Any) -> tuple[Path, Path, Path]:
    """A list of sixty, its rules, and where the record will be."""
    listed, ruled = folder / "liste.csv", folder / "règles.json"
    listed.write_text(written(rows(60)), encoding="utf-8")
    ruled.write_text(json.dumps({**RULES, **changes}), encoding="utf-8")
    return listed, ruled, folder / "registre.json"


def drawn(folder: Path, **changes: Any) -> Path:
    """The record of a draw among sixty people."""
    listed, ruled, record = write_files(folder, **changes)
    call_command("draw", list=listed, rules=ruled, seed=SEED, record=record)
    return record


def panels(some: list[Person], by: Rules) -> list[tuple[int, ...]]:
    """Every panel that there is, by the places of its people in the list."""
    return [
        chosen
        for chosen in combinations(range(len(some)), by.seats)
        if len({some[at].household for at in chosen}) == by.seats
        and meets_quotas(by, [(some[at].profile, 1) for at in chosen])
    ]
