"""The public record of a draw by lot, and whether it holds.

Line numbers, household numbers and quota values: nothing else of the list is in it. Its canonical
form (keys in order, no blanks, UTF-8) is what digests are taken of. Only the standard library.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from parvis.councils.draw import (
    DOMAIN,
    Composition,
    Entrant,
    Preparation,
    Reserved,
    draw,
    meets_quotas,
    read_seed,
)
from parvis.councils.draw_rules import DrawRefused, Profile, Rules, load_json, rules_from

TOTAL = 2**40  # what the weights of compositions sum to
MOST_BYTES = 100_000_000


@dataclass(frozen=True)
class Record:
    """A record that holds. `seed`, `panel` and `reserve` are empty before the draw."""

    preparation: Preparation
    preparation_digest: str
    digest: str
    seed: str
    panel: list[int]
    reserve: list[Reserved]


def canonical(found: Any) -> bytes:
    """The one way to write a record."""
    text = json.dumps(found, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def digest_of(found: Any) -> str:
    """SHA-256 of the canonical form."""
    return hashlib.sha256(canonical(found)).hexdigest()


def make_record(preparation: Preparation, seed: str = "") -> tuple[Record, bytes]:
    """The record of a preparation and, once there is a seed, of its draw; and its file."""
    found: dict[str, Any] = {"format": DOMAIN, "preparation": _prepared(preparation)}
    found["preparation_digest"] = digest_of(found["preparation"])
    panel, reserve = draw(preparation, seed) if seed else ([], [])
    if seed:
        found["draw"] = {"seed": seed, "panel": panel, "reserve": [list(one) for one in reserve]}
    found["digest"] = digest_of(found)
    record = Record(preparation, found["preparation_digest"], found["digest"], seed, panel, reserve)
    return record, canonical(found)


def _prepared(preparation: Preparation) -> dict[str, Any]:
    groups = zip(preparation.groups, preparation.sizes, preparation.chances, strict=True)
    return {
        "rules": preparation.rules.as_json(),
        "list_digest": preparation.list_digest,
        "by_pattern": preparation.by_pattern,
        "profiles": [list(profile) for profile in preparation.profiles],
        "groups": [[profile, size, _fraction(chance)] for profile, size, chance in groups],
        "people": [list(one) for one in preparation.entrants],
        "compositions": [
            [one.weight, [[group, n] for group, n in enumerate(one.counts) if n]]
            for one in preparation.compositions
        ],
    }


def _fraction(chance: Fraction) -> str:
    return f"{chance.numerator}/{chance.denominator}"


def read_record(raw: bytes) -> Record:
    """The record, when all of it holds; DrawRefused says what does not."""
    if len(raw) > MOST_BYTES:
        raise DrawRefused("Registre : ce fichier est démesuré.")
    found = load_json(raw, "Registre")
    keys = {"format", "preparation", "preparation_digest", "digest"}
    _keys(found, keys | ({"draw"} if isinstance(found, dict) and "draw" in found else set()))
    if found["format"] != DOMAIN:
        raise DrawRefused(f"Registre : ce n’est pas un registre « {DOMAIN} ».")
    _same_digest(found["preparation_digest"], found["preparation"], "de la préparation")
    body = {key: value for key, value in found.items() if key != "digest"}
    _same_digest(found["digest"], body, "du registre")
    preparation = read_preparation(found["preparation"])
    seed, panel, reserve = _drawn(found["draw"], preparation) if "draw" in found else ("", [], [])
    return Record(preparation, found["preparation_digest"], found["digest"], seed, panel, reserve)


def _same_digest(told: Any, of: Any, what: str) -> None:
    try:
        right = told == digest_of(of)
    except (UnicodeError, RecursionError) as error:
        raise DrawRefused("Registre : ce fichier est anormal.") from error
    if not right:
        raise DrawRefused(f"Registre : l’empreinte {what} n’est pas la bonne, il a été changé.")


def _drawn(found: Any, preparation: Preparation) -> tuple[str, list[int], list[Reserved]]:
    _keys(found, {"seed", "panel", "reserve"})
    if not isinstance(found["seed"], str):
        raise DrawRefused("Registre : la graine n’est pas un texte.")
    read_seed(found["seed"])
    panel, reserve = draw(preparation, found["seed"])
    if not _identical(found["panel"], panel):
        raise DrawRefused("Registre : la graine donne un autre groupe que celui qui est écrit.")
    if not _identical(found["reserve"], [list(one) for one in reserve]):
        raise DrawRefused("Registre : la graine donne une autre réserve que celle qui est écrite.")
    return found["seed"], panel, reserve


def _identical(told: Any, right: Any) -> bool:
    """Equal, and written the same: true is not 1."""
    return canonical(told) == canonical(right)


def read_preparation(found: Any) -> Preparation:
    """What was fixed before the seed, checked from end to end; DrawRefused says what is wrong."""
    shape = {"rules", "list_digest", "by_pattern", "profiles", "groups", "people", "compositions"}
    _keys(found, shape)
    rules = rules_from(found["rules"])
    if not _identical(found["rules"], rules.as_json()):
        raise DrawRefused("Registre : les règles ne sont pas écrites en entier.")
    if not _is_digest(found["list_digest"]) or type(found["by_pattern"]) is not bool:
        raise DrawRefused("Registre : il manque l’empreinte de la liste ou la façon de grouper.")
    profiles = _profiles(found["profiles"], rules)
    groups = _rows(found["groups"], (int, int, str), "les groupes")
    people = _rows(found["people"], (int, int, int), "les personnes")
    if any(not 0 <= profile < len(profiles) for profile, _, _ in groups):
        raise DrawRefused("Registre : un groupe a un profil inconnu.")
    if any(not 0 <= group < len(groups) for _, _, group in people):
        raise DrawRefused("Registre : une personne est dans un groupe inconnu.")
    preparation = Preparation(
        rules=rules,
        list_digest=found["list_digest"],
        by_pattern=found["by_pattern"],
        profiles=profiles,
        groups=[profile for profile, _, _ in groups],
        entrants=[Entrant(*one) for one in people],
        compositions=_compositions(found["compositions"], len(groups)),
    )
    _check_people(preparation)
    _check_compositions(preparation)
    told = [(size, chance) for _, size, chance in groups]
    right = [(n, _fraction(c)) for n, c in zip(preparation.sizes, preparation.chances, strict=True)]
    if told != right:
        raise DrawRefused("Registre : les chances écrites ne sont pas celles des compositions.")
    return preparation


def _keys(found: Any, keys: set[str]) -> None:
    if not isinstance(found, dict) or set(found) != keys:
        raise DrawRefused(f"Registre : il faut exactement les clés {', '.join(sorted(keys))}.")


def _is_digest(found: Any) -> bool:
    return isinstance(found, str) and len(found) == 64 and set(found) <= set("0123456789abcdef")


def _rows(found: Any, types: Sequence[type], what: str) -> list[tuple[Any, ...]]:
    """A list of rows, each with values of exactly these types."""
    if not isinstance(found, list) or not found:
        raise DrawRefused(f"Registre : {what} ne sont pas une liste.")
    for row in found:
        if not isinstance(row, list) or [type(one) for one in row] != list(types):
            raise DrawRefused(f"Registre : {what} ont une ligne d’une autre forme.")
    return [tuple(row) for row in found]


def _profiles(found: Any, rules: Rules) -> list[Profile]:
    if not isinstance(found, list) or not all(isinstance(one, list) for one in found):
        raise DrawRefused("Registre : les profils ne sont pas une liste.")
    columns = rules.columns
    for profile in found:
        if len(profile) != len(columns) or not all(
            value is None or (isinstance(value, str) and value in rules.quotas[column])
            for column, value in zip(columns, profile, strict=True)
        ):
            raise DrawRefused("Registre : un profil porte autre chose que les valeurs des quotas.")
    profiles = [tuple(profile) for profile in found]
    if len(set(profiles)) < len(profiles):
        raise DrawRefused("Registre : un profil est écrit deux fois.")
    return profiles


def _compositions(found: Any, groups: int) -> list[Composition]:
    compositions = []
    for weight, parts in _rows(found, (int, list), "les compositions"):
        counts = [0] * groups
        last = -1
        for group, count in _rows(parts, (int, int), "les compositions"):
            if not last < group < groups or count < 1:
                raise DrawRefused("Registre : une composition nomme mal ses groupes.")
            counts[group] = count
            last = group
        if weight < 1:
            raise DrawRefused("Registre : une composition n’a pas de poids.")
        compositions.append(Composition(weight, tuple(counts)))
    if sum(one.weight for one in compositions) != TOTAL:
        raise DrawRefused(f"Registre : les poids des compositions ne font pas {TOTAL}.")
    return compositions


def _check_people(preparation: Preparation) -> None:
    """Numbers follow the list, and people who are alike are in one group."""
    line, households = 1, 0
    for one in preparation.entrants:
        if one.line <= line or not 1 <= one.household <= households + 1:
            raise DrawRefused("Registre : les lignes ou les foyers ne sont pas dans l’ordre.")
        line, households = one.line, max(households, one.household)
    if preparation.rules.household is None and households < len(preparation.entrants):
        raise DrawRefused("Registre : des foyers sont écrits, les règles n’en demandent pas.")
    if not all(preparation.sizes) or set(preparation.groups) != set(
        range(len(preparation.profiles))
    ):
        raise DrawRefused("Registre : un groupe ou un profil n’a personne.")
    if not preparation.by_pattern and len(set(preparation.groups)) < len(preparation.groups):
        raise DrawRefused("Registre : un même profil est dans deux groupes.")
    homes = _homes(preparation.entrants, preparation.groups)
    alike: dict[tuple[int, tuple[int, ...]], int] = {}
    for one in preparation.entrants:
        key = (preparation.groups[one.group], homes[one.household])
        if alike.setdefault(key, one.group) != one.group:
            raise DrawRefused("Registre : des personnes semblables sont dans deux groupes.")


def _homes(entrants: Iterable[Entrant], label: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """What stands for each member of each household, in order."""
    homes: dict[int, list[int]] = {}
    for one in entrants:
        homes.setdefault(one.household, []).append(label[one.group])
    return {household: tuple(sorted(members)) for household, members in homes.items()}


def _check_compositions(preparation: Preparation) -> None:
    """Each composition is a panel: seats, quotas, enough people, no household asked too much."""
    sizes = preparation.sizes
    names = [preparation.profiles[profile] for profile in preparation.groups]
    if len({one.counts for one in preparation.compositions}) < len(preparation.compositions):
        raise DrawRefused("Registre : une composition est écrite deux fois.")
    for one in preparation.compositions:
        if not meets_quotas(preparation.rules, list(zip(names, one.counts, strict=True))):
            raise DrawRefused("Registre : une composition ne remplit pas les places et les quotas.")
        if any(count > size for count, size in zip(one.counts, sizes, strict=True)):
            raise DrawRefused(
                "Registre : une composition demande plus de personnes qu’il n’y en a."
            )
    homes = set(_homes(preparation.entrants, range(len(sizes))).values())
    peaks = [
        max(column) for column in zip(*(c.counts for c in preparation.compositions), strict=True)
    ]
    shares = [peak / size for peak, size in zip(peaks, sizes, strict=True)]
    for members in homes:
        if sum(shares[group] for group in members) < 1 - 1e-6:
            continue
        several = Counter(members).items()
        for one in preparation.compositions:
            if sum(Fraction(n * one.counts[group], sizes[group]) for group, n in several) > 1:
                raise DrawRefused("Registre : une composition demande trop à un même foyer.")
