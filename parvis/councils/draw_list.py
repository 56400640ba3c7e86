"""The list of a draw by lot: people by line number, household number and quota values.

A name, an address, anything else in the list is read and forgotten at once.
"""

from __future__ import annotations

import hashlib
import hmac
import io
from contextlib import suppress
from dataclasses import dataclass

from parvis.councils.draw_rules import DrawRefused, Profile, Rules, plain
from parvis.places.importing.outcome import FileRefused
from parvis.places.importing.tables import csv_rows

MOST_PEOPLE = 200_000
MOST_BYTES = 200_000_000


@dataclass(frozen=True)
class Person:
    """Somebody of the list. `line`: the row as a spreadsheet numbers it, names of columns being 1;
    `household`: a number given in the order in which households appear, from 1."""

    line: int
    household: int
    profile: Profile


def list_digest(raw: bytes, salt: bytes) -> str:
    """What may be published of a list: nobody who lacks the salt can try names against it."""
    return hmac.new(salt, raw, hashlib.sha256).hexdigest()


def read_list(raw: bytes, rules: Rules) -> list[Person]:
    """The people of a csv list (separator found out; UTF-8, UTF-16 or cp1252).

    DrawRefused when it cannot be used. The message names lines and columns, never what they hold.
    """
    if len(raw) > MOST_BYTES:
        raise DrawRefused("Liste : ce fichier est démesuré.")
    try:
        return _people(raw, rules)
    except FileRefused as error:
        raise DrawRefused(f"Liste : {error.message}") from error


def _people(raw: bytes, rules: Rules) -> list[Person]:
    text = io.StringIO(_decoded(raw), newline="")
    rows = enumerate((cells for _, cells in csv_rows(text)), 1)
    names: list[str] = []
    for _, cells in rows:
        if any(cell.strip() for cell in cells):
            names = [plain(name) for name in cells]
            break
    for place, name in enumerate(names):
        if name and name in names[:place]:
            raise DrawRefused(
                f"Liste : les colonnes {names.index(name) + 1} et {place + 1} ont le même nom."
            )
    columns = [_column(names, column) for column in rules.columns]
    home = None if rules.household is None else _column(names, rules.household)
    people: list[Person] = []
    households: dict[str, int] = {}
    for line, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) < len(names) or any(cell.strip() for cell in cells[len(names) :]):
            raise DrawRefused(f"Liste : la ligne {line} n’a pas {len(names)} cellules.")
        # Without an address, a person is a household of her own.
        key = plain(cells[home]).casefold() if home is not None else ""
        number = households.setdefault(key or f"\n{line}", len(households) + 1)
        values = [plain(cells[column]) for column in columns]
        people.append(Person(line, number, rules.profile(values)))
        if len(people) > MOST_PEOPLE:
            raise DrawRefused(f"Liste : plus de {MOST_PEOPLE} personnes.")
    if not people:
        raise DrawRefused("Liste : elle ne contient personne sous la ligne des noms de colonnes.")
    return people


def _decoded(raw: bytes) -> str:
    """The text: UTF-8 or UTF-16, else cp1252 as old spreadsheet programs write it."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        with suppress(UnicodeDecodeError):
            return raw.decode(encoding)
    raise DrawRefused("Liste : ce n’est pas du texte. Enregistrez-la en csv, UTF-8.")


def _column(names: list[str], wanted: str) -> int:
    # Names that were found are not told: without a line of names, they would be somebody's.
    if wanted not in names:
        raise DrawRefused(
            f"Liste : il n’y a pas de colonne « {wanted} » sur la ligne des noms de colonnes."
        )
    return names.index(wanted)
