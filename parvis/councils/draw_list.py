"""The list of a draw by lot: people by line number, household number and quota values.

A name, an address, anything else in the list is read and forgotten at once.
"""

from __future__ import annotations

import hashlib
import hmac
import io
from dataclasses import dataclass

from parvis.councils.draw_rules import DrawRefused, Profile, Rules, plain
from parvis.places.importing.outcome import FileRefused
from parvis.places.importing.tables import csv_rows, header, text_of

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
        raise DrawRefused("Liste : ce fichier est démesuré.")
    try:
        return _people(raw, rules)
    except FileRefused as error:
        raise DrawRefused(f"Liste : {error.message}") from error


def _people(raw: bytes, rules: Rules) -> list[Person]:
    rows = enumerate((cells for _, cells in csv_rows(text_of(io.BytesIO(raw), _encoding(raw)))), 1)
    names: list[str] = []
    for _, cells in rows:
        if any(cell.strip() for cell in cells):
            names = [plain(name) for name in header(cells)]
            break
    columns = [_column(names, column) for column in rules.columns]
    home = None if rules.household is None else _column(names, rules.household)
    people: list[Person] = []
    households: dict[str, int] = {}
    for line, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) < len(names) or any(cell.strip() for cell in cells[len(names) :]):
            raise DrawRefused(f"Liste : la ligne {line} n’a pas {len(names)} cellules.")
        # Without an address, a person is a household of her own.
        key = plain(cells[home]).casefold() if home is not None else ""
        number = households.setdefault(key or f"\n{line}", len(households) + 1)
        values = [plain(cells[column]) for column in columns]
        people.append(Person(line, number, rules.profile(values)))
        if len(people) > MOST_PEOPLE:
            raise DrawRefused(f"Liste : plus de {MOST_PEOPLE} personnes.")
    if not people:
        raise DrawRefused("Liste : elle ne contient personne sous la ligne des noms de colonnes.")
    return people


def _encoding(raw: bytes) -> str:
    """The encoding to ask for: none when the text tells it, cp1252 for an old spreadsheet's."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return ""


def _column(names: list[str], wanted: str) -> int:
    if wanted not in names:
        raise DrawRefused(
            f"Liste : il n’y a pas de colonne « {wanted} ». "
            f"Colonnes trouvées : {', '.join(name for name in names if name)[:300] or 'aucune'}."
        )
    return names.index(wanted)
