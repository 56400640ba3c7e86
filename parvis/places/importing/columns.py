"""Columns found by a list of known names, and their values cleaned."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

from parvis.places.importing.outcome import RowRefused

FILE = Path(__file__).resolve().parent.parent / "data" / "columns.toml"
_FORMULA_SIGNS = ("=", "@")
_CELL_ERRORS = ("#REF!", "#N/A", "#VALUE!", "#VALEUR!", "#NAME?", "#NOM?", "#DIV/0!", "#NUM!")
_ZERO = re.compile(r"0+(?:[.,]0+)?")
_YEARS = range(1900, 2201)
_COMMUNE_CODE = re.compile(r"(?:\d\d|2[AB])\d{3}")


@dataclass(frozen=True)
class Unread:
    """A cell of which the file tells no value, and why; it is refused where its value counts."""

    why: str

    def __str__(self) -> str:
        return ""


@cache
def _known_names(file: Path) -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def fold(name: str) -> str:
    """A column name without case, accents and signs."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    return "".join(letter for letter in plain if letter.isascii() and letter.isalnum())


def find_columns(kind: str, present: Iterable[str], file: Path = FILE) -> dict[str, str]:
    """For each piece of information of this kind, the column that gives it.

    `file` lists the names; a higher room has its own.
    """
    by_fold: dict[str, str] = {}
    for column in present:
        by_fold.setdefault(fold(column), column)
    found: dict[str, str] = {}
    for wanted, names in _known_names(file)[kind].items():
        match = next((by_fold[fold(name)] for name in names if fold(name) in by_fold), None)
        if match is not None:
            found[wanted] = match
    return found


def known_names(kind: str, wanted: str, file: Path = FILE) -> str:
    """The names a column may bear, for a message."""
    return ", ".join(_known_names(file)[kind][wanted])


def text(values: Mapping[str, object], column: str | None, longest: int) -> str:
    """The value as one clean line; refuses what no database or page could hold."""
    value = values.get(column) if column else None
    if value is None or value != value:  # not a number: an empty cell of a table
        return ""
    if isinstance(value, Unread):
        raise RowRefused(value.why)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, (list, tuple)):
        value = ",".join(str(item) for item in value)
    if isinstance(value, dict):
        raise RowRefused(f"la colonne « {column} » contient une structure, pas un texte")
    line = unicodedata.normalize("NFC", " ".join(str(value).split()))
    if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in line):
        raise RowRefused(f"la colonne « {column} » contient des caractères illisibles")
    if len(line) > longest:
        raise RowRefused(f"la colonne « {column} » dépasse {longest} caractères")
    if line[:1] in _FORMULA_SIGNS:
        raise RowRefused(f"la colonne « {column} » contient une formule, pas un texte")
    if line in _CELL_ERRORS:
        raise RowRefused(f"la colonne « {column} » contient l’erreur de calcul {line}")
    return line


def name(values: Mapping[str, object], column: str | None, longest: int) -> str:
    """The same for what names a thing or says where it is: never 0, the result of a formula that
    was not worked out."""
    line = text(values, column, longest)
    if _ZERO.fullmatch(line):
        raise RowRefused(
            f"la colonne « {column} » contient seulement {line} : si c’est une formule, "
            "ouvrez le fichier dans un tableur et enregistrez-le de nouveau"
        )
    return line


def day(values: Mapping[str, object], column: str | None) -> date | None:
    """A day written 2026-03-01 or 01/03/2026, or None when the cell is blank."""
    words = text(values, column, 40)
    if not words:
        return None
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%Y-%m-%dT%H:%M:%S", "%Y%m%d"):
        with suppress(ValueError):
            found = datetime.strptime(words, form).date()  # noqa: DTZ007 - a day has no zone
            if found.year in _YEARS:
                return found
            raise RowRefused(f"« {words} » : l’année doit être entre 1900 et 2200")
    raise RowRefused(f"« {words} » n’est pas une date (exemple : 01/03/2026)")


def commune_code(value: str) -> str:
    """An INSEE code, its leading zero put back when a spreadsheet dropped it."""
    code = value.upper()
    if len(code) == 4 and code.isdigit():
        code = f"0{code}"
    if not _COMMUNE_CODE.fullmatch(code):
        raise RowRefused(f"« {value} » n’est pas un code INSEE de commune")
    return code


def looks_like_a_commune_code(value: str) -> bool:
    """Whether this is an INSEE code rather than a name, its leading zero dropped or not."""
    return bool(re.fullmatch(r"\d{4}|(?:\d\d|2[AB])\d{3}", value.upper()))


def siren(value: str) -> str:
    """Nine digits, or nothing when the value is not one SIREN."""
    digits = value.replace(" ", "")
    return digits if re.fullmatch(r"\d{9}", digits) else ""


def whole_number(value: str) -> int | None:
    """A count written with or without thousands separators, or None."""
    digits = re.sub(r"\s", "", value).removesuffix(".0")
    return int(digits) if re.fullmatch(r"\d{1,9}", digits) else None


def paired_communes(codes: str, names: str) -> tuple[list[tuple[str, str]], bool]:
    """Codes with their names from two lists in one cell each; False when they do not match.

    Names may hold commas: a single code takes the whole cell, and when the two lists differ in
    length no name is guessed.
    """
    listed = [commune_code(part) for part in re.split(r"[\s,;|/]+", codes) if part]
    listed = list(dict.fromkeys(listed))
    if not names:
        return [(code, "") for code in listed], True
    if len(listed) == 1:
        return [(listed[0], names)], True
    for separator in (";", "|", ","):
        parts = [part.strip() for part in names.split(separator)]
        if len(parts) == len(listed) and all(parts):
            return list(zip(listed, parts, strict=True)), True
    return [(code, "") for code in listed], False
