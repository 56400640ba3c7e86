"""Tables (csv, xlsx, ods) turned into rows: one line of names, then one row a thing."""

from __future__ import annotations

import codecs
import csv
import io
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

from parvis.places.importing.columns import Unread
from parvis.places.importing.outcome import FileRefused
from parvis.places.importing.reading import Row, Sheet

SEPARATORS = ";,\t|"
LONGEST_LINE = 1_000_000  # characters; a file without line ends is not taken into memory
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_UNREAD = {
    "merged": "la cellule {} est fusionnée avec une autre : défusionnez-les et écrivez la valeur "
    "dans chaque ligne",
    "formula": "la cellule {} contient une formule dont le résultat n’est pas dans le fichier : "
    "ouvrez-le dans un tableur et enregistrez-le de nouveau",
}
_OPENER = Path(__file__).with_name("workbook_opener.py")
_OPENING_SECONDS = 180


def read_csv(path: Path, encoding: str) -> Sheet:
    """A text table, its separator told by its first line."""
    with path.open("rb") as raw, text_of(raw, encoding) as file:
        return _sheet(csv_rows(file))


def text_of(raw: Any, encoding: str) -> TextIO:
    """The bytes as text: UTF-8 or UTF-16 by its mark, or the encoding asked for."""
    if encoding:
        try:
            codecs.lookup(encoding)
        except LookupError as error:
            raise FileRefused(
                f"« {encoding} » n’est pas un encodage connu. Exemples : utf-8, cp1252."
            ) from error
    buffered = io.BufferedReader(raw)
    utf16 = buffered.peek(2)[:2] in _UTF16
    return io.TextIOWrapper(
        buffered, encoding=encoding or ("utf-16" if utf16 else "utf-8-sig"), newline=""
    )


def csv_rows(file: TextIO) -> Iterator[tuple[int, list[Any]]]:
    """Numbered rows, as they come; FileRefused when the text cannot be read."""
    lines = _lines(file)
    try:
        first = next(lines, "")
        separator = max(SEPARATORS, key=first.count)
        reader = csv.reader(_first_then(first, lines), delimiter=separator, strict=True)
        for cells in reader:
            yield reader.line_num, cells
    except UnicodeError as error:
        raise FileRefused(
            "Ce fichier n’est pas en UTF-8. Enregistrez-le en UTF-8, ou indiquez son encodage "
            "(souvent --encoding cp1252 pour un fichier venu d’un tableur)."
        ) from error
    except csv.Error as error:
        raise FileRefused(
            f"Ce tableau s’interrompt vers la ligne {reader.line_num + 1} : un guillemet n’est pas "
            "fermé, ou une cellule est démesurée."
        ) from error


def _lines(file: TextIO) -> Iterator[str]:
    number = 0
    while line := file.readline(LONGEST_LINE):
        number += 1
        if len(line) >= LONGEST_LINE:
            raise FileRefused(f"La ligne {number} de ce fichier est démesurée.")
        if "\0" in line:
            raise FileRefused(
                f"Ce fichier n’est pas du texte : la ligne {number} contient des octets nuls."
            )
        yield line


def _first_then(first: str, lines: Iterator[str]) -> Iterator[str]:
    if first:
        yield first
    yield from lines


def read_workbook(path: Path, layer: str) -> Sheet:
    """The only filled sheet of a workbook, or the one asked for."""
    names, lines = _opened(path, layer)
    if layer and layer not in names:
        raise FileRefused(
            f"Ce classeur n’a pas de feuille « {layer} ». "
            f"Feuilles : {', '.join(names) or 'aucune'}."
        )
    if not layer and len(names) > 1:
        raise FileRefused(
            f"Ce classeur contient plusieurs feuilles : {', '.join(names)}. "
            "Gardez-en une, ou choisissez-la avec --layer."
        )
    return _sheet((number, _with_unread(*told)) for number, *told in map(json.loads, lines))


def _with_unread(cells: list[Any], unread: list[tuple[int, str, str]]) -> list[Any]:
    """The cells of a row; in those of which the file tells no value, why."""
    for place, name, why in unread:
        if place < len(cells):
            cells[place] = Unread(_UNREAD[why].format(name))
    return cells


def read_sheets(
    path: Path, *, rows: int, columns: int
) -> Iterator[tuple[str, list[list[Any]], list[list[int]]]]:
    """Every filled sheet of a workbook: its name, its rows from the first cell on, and its merged
    ranges (top, left, bottom, right, from 1), which an ods does not tell. FileRefused beyond that
    many rows or columns."""
    _, lines = _opened(path, "", str(rows), str(columns))
    for name, merged, cells in map(json.loads, lines):
        if cells is None or len(cells) > rows or any(len(row) > columns for row in cells[:1]):
            raise FileRefused(
                f"La feuille « {name} » est démesurée : {rows} lignes et {columns} colonnes "
                "au plus, 500 000 cellules dans tout le classeur."
            )
        yield name, cells, merged


def _opened(path: Path, layer: str, *whole: str) -> tuple[list[str], list[str]]:
    """The names of the filled sheets of a workbook, and what is told of them, line by line.

    A process of its own opens it, with little memory: one cell in the far corner of a sheet asks
    for more than a machine has, and such a file must not take Parvis along.
    """
    command = [sys.executable, "-I", str(_OPENER), str(path), layer, *whole]
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=_OPENING_SECONDS, check=False, env={}
        )
    except subprocess.TimeoutExpired as error:
        raise FileRefused("Ce classeur est anormal : il ne s’ouvre pas.") from error
    lines = done.stdout.decode("utf-8", "replace").splitlines()
    told: dict[str, Any] = (
        json.loads(lines[0]) if lines and done.returncode == 0 else {"problem": "damaged"}
    )
    if problem := told.get("problem"):
        raise FileRefused(
            {
                "password": "Ce classeur est protégé par un mot de passe : enlevez-le d’abord.",
                "damaged": "Ce classeur est abîmé ou démesuré : il ne peut pas être ouvert.",
            }[problem]
        )
    return told["sheets"], lines[1:]


def _sheet(rows: Iterable[tuple[int, list[Any]]]) -> Sheet:
    """Rows under the names of the columns; blank rows do not count."""
    columns: list[str] = []
    found = []
    for number, cells in rows:
        if not any(str(cell).strip() for cell in cells):
            continue
        if not columns:
            columns = header(cells)
            continue
        found.append(row_of(number, columns, cells))
    return Sheet([name for name in columns if name], found, crs="EPSG:4326", table=True)


def header(cells: list[Any]) -> list[str]:
    """The names of the columns, on one line each; FileRefused when two are the same."""
    names = [" ".join(str(cell).split()) for cell in cells]
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise FileRefused(f"Plusieurs colonnes portent le même nom : {', '.join(twice)[:200]}.")
    return names


def row_of(number: int, columns: list[str], cells: list[Any]) -> Row:
    """One row by the names of its columns; a row of another length is faulty, not guessed at."""
    fault = ""
    if len(cells) < len(columns):
        fault = "il manque des cellules : la ligne est coupée"
    elif any(str(cell).strip() for cell in cells[len(columns) :]):
        fault = "la ligne a plus de cellules que le tableau n’a de colonnes"
    values = {name: cell for name, cell in zip(columns, cells, strict=False) if name}
    return Row(number, values, None, fault=fault)
