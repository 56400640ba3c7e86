"""The lists that sort actions, as data/lists.toml gives them, read once by each process.

Nothing of it stands in the database: it is no `lists` module, which `parvis load_lists` would load.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "data" / "lists.toml"


@cache
def choices(name: str) -> dict[str, str]:
    """The words of a list ("domain", "moment", "scheme", "insertion") by their code, in order."""
    lines = tomllib.loads(FILE.read_text(encoding="utf-8"))[name]
    return {line["code"]: line["label"] for line in lines}


def label_of(name: str, code: str) -> str:
    """What a code is called; one that left the list is shown as it is."""
    return choices(name).get(code, code)
