"""Licences, languages and ways to sort sheets, as data/labels.toml lists them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from parvis.upkeep.themes import domains

FILE = Path(__file__).parent / "data" / "labels.toml"


@dataclass(frozen=True)
class Licence:
    code: str
    label: str
    url: str


@dataclass(frozen=True)
class Language:
    """Another wording of a sheet; `lang` is the code that a page declares."""

    code: str
    label: str
    lang: str
    rtl: bool = False


@cache
def _file() -> dict[str, list[dict[str, object]]]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


@cache
def groups() -> dict[str, tuple[str, list[tuple[str, str]]]]:
    """By code of a group: its name, and the (code, label) of what is in it."""
    found: dict[str, tuple[str, list[tuple[str, str]]]] = {}
    for line in _file()["group"]:
        # The domains are those of the one list of themes.
        listed = domains().items() if line["code"] == "domaine" else line["labels"]
        pairs = [(str(code), str(label)) for code, label in listed]  # type: ignore[attr-defined]
        found[str(line["code"])] = (str(line["label"]), pairs)
    return found


@cache
def licences() -> dict[str, Licence]:
    """Every licence by its code, in the order of the file."""
    return {str(line["code"]): Licence(**line) for line in _file()["licence"]}  # type: ignore[arg-type]


@cache
def languages() -> dict[str, Language]:
    """Every language of a wording by its code, in the order of the file."""
    return {str(line["code"]): Language(**line) for line in _file()["wording"]}  # type: ignore[arg-type]


def licence_choices() -> list[tuple[str, str]]:
    return [(one.code, one.label) for one in licences().values()]


def language_choices() -> list[tuple[str, str]]:
    return [(one.code, one.label) for one in languages().values()]


def axis_choices() -> list[tuple[str, str]]:
    return groups()["axe"][1]
