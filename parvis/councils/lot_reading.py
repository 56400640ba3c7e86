"""Reading a source list of a draw: its table, what its columns hold, and what a cell says of age,
sex and address. Nothing of a file is kept here, and no message repeats what a cell holds."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from parvis.councils.draw_rules import plain
from parvis.councils.regimes import choices
from parvis.places.importing.columns import find_columns
from parvis.places.importing.outcome import FileRefused
from parvis.places.importing.reading import Sheet
from parvis.places.importing.tables import read_csv, read_workbook
from parvis.places.streets import plain_words
from parvis.search.words import words_of

LARGEST = 15 * 1024 * 1024  # bytes
MOST_ROWS = 50_000
LONGEST_CELL = 200
MOST_EXTRA = 4  # columns kept for quotas besides those below
FILE = Path(__file__).parent / "data" / "draw_columns.toml"
ENDINGS = (".csv", ".txt", ".xlsx", ".ods", ".xls")
# What a column may hold, and how people call it.
PARTS = {
    "last_name": "nom",
    "first_name": "prénom",
    "address": "adresse (numéro et rue)",
    "complement": "complément (appartement, étage)",
    "commune": "commune",
    "birth": "date ou année de naissance",
    "age": "âge ou tranche d’âge",
    "sex": "sexe ou civilité",
    "phone": "téléphone",
    "email": "adresse électronique",
    "quartier": "quartier",
}
WOMEN = {"f", "femme", "feminin", "mme", "madame", "mlle", "mademoiselle", "2", "fille"}
MEN = {"h", "m", "homme", "masculin", "monsieur", "mr", "1", "garcon"}
_YEAR = re.compile(r"(1[89]|20)\d\d")
_AGES = re.compile(r"\d{1,3}")


@dataclass(frozen=True)
class Ages:
    """Between which ages somebody is that day; `most` is None for « 60 ans et plus »."""

    least: int
    most: int | None

    @property
    def band(self) -> str:
        """The band of the house that holds them all; empty when two do. Of whom a year of birth
        alone is known, it is the one of the age reached that year."""
        year_alone = self.most is not None and self.most - self.least == 1
        least = self.least + year_alone
        for code in choices("age_band"):
            low, high = band_ends(code)
            if low <= least and (high is None or (self.most is not None and self.most <= high)):
                return code
        return ""


def band_ends(code: str) -> tuple[int, int | None]:
    """The first and the last age of a band ("26-39", "60+")."""
    numbers = [int(one) for one in _AGES.findall(code)]
    return numbers[0], numbers[1] if len(numbers) > 1 else None


def read_upload(upload: Any) -> Sheet:
    """The rows of a csv, xlsx or ods file, cells as lines of text; FileRefused with words for
    people. The file is read from a copy that is gone when this returns."""
    if (upload.size or 0) > LARGEST:
        raise FileRefused("Ce fichier pèse plus de 15 Mo : donnez-le par parties.")
    ending = Path(upload.name or "").suffix.lower()
    if ending not in ENDINGS:
        raise FileRefused("Donnez un tableau : csv, xlsx ou ods.")
    with NamedTemporaryFile(suffix=ending) as file:
        for chunk in upload.chunks():
            file.write(chunk)
        file.flush()
        path = Path(file.name)
        sheet = _text_table(path) if ending in (".csv", ".txt") else read_workbook(path, "")
    if not sheet.rows:
        raise FileRefused("Ce tableau n’a personne sous sa ligne de noms de colonnes.")
    if len(sheet.rows) > MOST_ROWS:
        raise FileRefused(f"Ce tableau a plus de {MOST_ROWS} lignes : donnez-le par parties.")
    if faulty := [row.number for row in sheet.rows if row.fault]:
        raise FileRefused(f"La ligne {faulty[0]} n’a pas autant de cellules que le tableau.")
    return sheet


def _text_table(path: Path) -> Sheet:
    """A csv in UTF-8, or as spreadsheet programs of Windows write it."""
    try:
        return read_csv(path, "")
    except FileRefused as refused:
        if not isinstance(refused.__cause__, UnicodeError):
            raise
    return read_csv(path, "cp1252")


def cell(value: object) -> str:
    """What a cell says, on one line."""
    if value is None or value != value:  # an empty cell of a workbook is not a number
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime):
        value = value.date()
    text = value.isoformat() if isinstance(value, date) else str(value)
    kept = "".join(sign if sign.isprintable() else " " for sign in text)
    return plain(kept)[:LONGEST_CELL]


def guess(columns: list[str]) -> dict[str, str]:
    """Which column seems to hold what, by its name."""
    return find_columns("list", columns, FILE)


def sex_of(words: str) -> str:
    """F or H; empty when the cell says something else."""
    said = "".join(words_of(words)[:1]) or words.strip().lower()
    return "F" if said in WOMEN else "H" if said in MEN else ""


def birth_of(words: str) -> date | int | None:
    """A day of birth, or a year when the cell says no more."""
    words = words.strip()[:10]
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"):
        with suppress(ValueError):
            return datetime.strptime(words, form).date()  # noqa: DTZ007 - a day has no zone
    return int(words) if _YEAR.fullmatch(words) else None


def same_birth(one: str, other: str) -> bool | None:
    """Whether two cells tell one birth; None when one of them tells none. A year alone is that of
    any day of it."""
    born, theirs = birth_of(one), birth_of(other)
    if born is None or theirs is None:
        return None
    if isinstance(born, date) and isinstance(theirs, date):
        return born == theirs
    years = [one.year if isinstance(one, date) else one for one in (born, theirs)]
    return years[0] == years[1]


def ages_on(day: date, birth: str, age: str) -> Ages | None:
    """Between which ages somebody is that day, from their birth or else from what is said of
    their age; None when neither says."""
    born = birth_of(birth)
    if isinstance(born, date):
        years = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
        return Ages(years, years) if years >= 0 else None
    if born is not None:
        return Ages(max(day.year - born - 1, 0), day.year - born) if born <= day.year else None
    numbers = [int(one) for one in _AGES.findall(age)]
    if len(numbers) == 1:
        open_end = "+" in age or "plus" in words_of(age)
        return Ages(numbers[0], None if open_end else numbers[0])
    return Ages(min(numbers), max(numbers)) if numbers else None


def name_key(values: dict[str, str]) -> str:
    """What two writings of one name share, in whatever order its words stand."""
    return " ".join(
        sorted(words_of(f"{values.get('first_name', '')} {values.get('last_name', '')}"))
    )


def address_key(values: dict[str, str]) -> str:
    """What two writings of one home share: number, street, flat and commune."""
    street = values.get("address", "")
    if not street:
        return ""
    parts = (street, values.get("complement", ""), values.get("commune", ""))
    return " ".join(word for part in parts for word in plain_words(part))


def family_key(values: dict[str, str]) -> str:
    """A home and the family name, for lists that tell no flat."""
    home = address_key(values)
    return f"{home} {' '.join(words_of(values.get('last_name', '')))}" if home else ""
