"""The rules of a draw by lot: seats, reserve, household and quotas, read from JSON.

Only the standard library: who checks a record needs no more.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

MOST_SEATS = 1_000
MOST_COLUMNS = 8
MOST_VALUES = 60
LONGEST_NAME = 100  # characters
Profile = tuple[str | None, ...]  # a value for each quota column; None: a value without quota


class DrawRefused(Exception):  # noqa: N818 - what happened, told to a person
    """The draw, or its record, cannot be taken; the message is for the person, in French."""


@dataclass(frozen=True)
class Rules:
    """What is decided before a draw. `quotas`: column -> value -> (minimum, maximum)."""

    seats: int
    reserve: int
    household: str | None
    quotas: Mapping[str, Mapping[str, tuple[int, int]]]

    @property
    def columns(self) -> list[str]:
        """The quota columns, in alphabetical order of their code points."""
        return sorted(self.quotas)

    def profile(self, values: Iterable[str]) -> Profile:
        """The profile of a person from the values of the quota columns, in order."""
        return tuple(
            value if value in self.quotas[column] else None
            for column, value in zip(self.columns, values, strict=True)
        )

    def limits(self) -> list[tuple[str, str, int, int]]:
        """Each quota: column, value, minimum, maximum, in order."""
        return [
            (column, value, *self.quotas[column][value])
            for column in self.columns
            for value in sorted(self.quotas[column])
        ]

    def as_json(self) -> dict[str, Any]:
        """The rules as the record holds them."""
        quotas = {c: {v: list(pair) for v, pair in q.items()} for c, q in self.quotas.items()}
        return {
            "seats": self.seats,
            "reserve": self.reserve,
            "household": self.household,
            "quotas": quotas,
        }


def load_json(raw: bytes, what: str) -> Any:
    """JSON in UTF-8 with whole numbers only and no key twice; DrawRefused says what is wrong."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            raise DrawRefused(f"{what} : la même clé y est écrite deux fois.")
        return found

    def whole(text: str) -> Any:
        raise DrawRefused(f"{what} : « {text[:40]} » n’est pas un nombre entier.")

    def number(text: str) -> int:
        if len(text) > 18:
            raise DrawRefused(f"{what} : un nombre y est démesuré.")
        return int(text)

    try:
        return json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=once,
            parse_float=whole,
            parse_constant=whole,
            parse_int=number,
        )
    except UnicodeDecodeError as error:
        raise DrawRefused(f"{what} : ce n’est pas du texte en UTF-8.") from error
    except RecursionError as error:
        raise DrawRefused(f"{what} : ce fichier est anormal.") from error
    except ValueError as error:
        raise DrawRefused(f"{what} : ce n’est pas du JSON lisible, ou il est coupé.") from error


def plain(text: str) -> str:
    """A name or a value on one line, composed signs as one, so that two writings meet."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def read_rules(raw: bytes) -> Rules:
    """Rules from the bytes of a JSON file; DrawRefused says what is wrong."""
    return rules_from(load_json(raw.removeprefix(b"\xef\xbb\xbf"), "Règles"))


def rules_from(found: Any) -> Rules:
    """Rules from JSON values; DrawRefused says what is wrong."""
    if not isinstance(found, dict):
        raise DrawRefused("Règles : il faut un objet JSON { … }.")
    if unknown := sorted(set(found) - {"seats", "reserve", "household", "quotas"}):
        raise DrawRefused(f"Règles : clé inconnue « {unknown[0][:LONGEST_NAME]} ».")
    household = found.get("household")
    seats = _number(found.get("seats"), "seats", 1, MOST_SEATS)
    return Rules(
        seats=seats,
        reserve=_number(found.get("reserve", 0), "reserve", 0, MOST_SEATS),
        household=None if household is None else _name(household, "household"),
        quotas=_quotas(found.get("quotas", {}), seats),
    )


def _quotas(found: Any, seats: int) -> dict[str, dict[str, tuple[int, int]]]:
    if not isinstance(found, dict):
        raise DrawRefused("Règles : « quotas » doit être un objet : colonne, puis valeur.")
    if len(found) > MOST_COLUMNS:
        raise DrawRefused(f"Règles : {MOST_COLUMNS} colonnes de quotas au plus.")
    quotas = {}
    for column, values in found.items():
        name = _name(column, "quotas")
        if not isinstance(values, dict) or not 1 <= len(values) <= MOST_VALUES:
            raise DrawRefused(
                f"Règles : la colonne « {name} » doit donner de 1 à {MOST_VALUES} valeurs."
            )
        quotas[name] = {
            _name(value, name): _pair(pair, f"{name} = {value[:LONGEST_NAME]}")
            for value, pair in values.items()
        }
        least = sum(low for low, _ in quotas[name].values())
        if least > seats:
            raise DrawRefused(
                f"Règles : les minimums de « {name} » font {least} pour {seats} places."
            )
    return quotas


def _pair(found: Any, where: str) -> tuple[int, int]:
    if not isinstance(found, list) or len(found) != 2:
        raise DrawRefused(f"Règles : « {where} » doit donner [minimum, maximum].")
    low, high = (_number(one, where, 0, 1_000_000) for one in found)
    if low > high:
        raise DrawRefused(
            f"Règles : « {where} » a un minimum ({low}) plus grand que son maximum ({high})."
        )
    return low, high


def _number(found: Any, where: str, least: int, most: int) -> int:
    if type(found) is not int or not least <= found <= most:
        raise DrawRefused(f"Règles : « {where} » doit être un nombre entier de {least} à {most}.")
    return found


def _name(found: Any, where: str) -> str:
    if not isinstance(found, str) or not found or found != plain(found):
        raise DrawRefused(
            f"Règles : « {where} » doit porter un nom, sans blanc au début, à la fin ou répété."
        )
    if len(found) > LONGEST_NAME or not found.isprintable():
        raise DrawRefused(f"Règles : un nom de « {where} » est trop long ou illisible.")
    return found
