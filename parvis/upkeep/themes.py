"""The list of themes as it is written in data/themes.toml, read once by each process."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "data" / "themes.toml"


@dataclass(frozen=True)
class ListedTheme:
    """One theme of the current version."""

    code: str
    label: str
    domain: str
    building: bool = False  # concerns the building itself, not the ground around it


@cache
def version() -> int:
    """The number of the current list."""
    return int(_read()["version"])


@cache
def domains() -> dict[str, str]:
    """The six domains of GUP: code and label."""
    return dict(_read()["domains"])


@cache
def themes() -> dict[str, ListedTheme]:
    """The themes of the current list by code, in the order of the file."""
    return {line["code"]: ListedTheme(**line) for line in _read()["theme"]}


def concerns_building(code: str) -> bool:
    """Whether this theme is about a building itself; an unknown theme is not."""
    theme = themes().get(code)
    return theme is not None and theme.building


def labels(codes: Iterable[str]) -> list[str]:
    """The names of these themes, in the order of the list; codes of older lists come last."""
    wanted = list(codes)
    known = [theme.label for code, theme in themes().items() if code in wanted]
    return known + sorted(code for code in wanted if code not in themes())


def choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Choices for a form, grouped by domain."""
    return [
        (
            label,
            [(code, theme.label) for code, theme in themes().items() if theme.domain == domain],
        )
        for domain, label in domains().items()
    ]


def _read() -> dict:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))
