"""Names that nothing uses: `python -m tests.dead_code`.

vulture reads Python alone. A name that a template prints, a string names (a form's fields, a path
in settings) or a keyword passes is in use as well; so is a choice of an enumeration.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path

from vulture import Vulture
from vulture.core import Item

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ROOT / "parvis"
WORD = re.compile(r"[A-Za-z_]\w+")


def spoken_names() -> set[str]:
    """Names in templates, data files, short strings and keywords."""
    names: set[str] = set()
    for folder in ("templates", "data"):
        for path in ROOMS.glob(f"*/{folder}/**/*.*"):
            names.update(WORD.findall(path.read_text(errors="ignore")))
    for path in ROOMS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.keyword) and node.arg:
                names.update(node.arg.split("__"))
            elif isinstance(node, ast.Constant) and " " not in str(node.value):
                names.update(WORD.findall(str(node.value).replace("__", " ")))
    return names


def is_choice(item: Item) -> bool:
    """Whether this is a constant in the body of a class."""
    line = Path(item.filename).read_text().splitlines()[item.first_lineno - 1]
    return item.typ == "variable" and item.name.isupper() and line.startswith("    ")


def main() -> int:
    options = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["vulture"]
    finder = Vulture(
        ignore_names=options["ignore_names"], ignore_decorators=options["ignore_decorators"]
    )
    finder.scavenge([str(ROOMS)], exclude=options["exclude"])
    spoken = spoken_names()
    unused = [
        item
        for item in finder.get_unused_code(min_confidence=options["min_confidence"])
        if item.name not in spoken and not is_choice(item)
    ]
    for item in unused:
        place = Path(item.filename).resolve().relative_to(ROOT)
        print(f"{place}:{item.first_lineno}: {item.message}")
    return int(bool(unused))


if __name__ == "__main__":
    sys.exit(main())
