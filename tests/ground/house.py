"""The house as its own files draw it: rooms, floors, sources, templates, URL names."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "parvis"


@cache
def floors() -> dict[str, int]:
    """Every room, born or still to come, with its floor: the higher the number, the higher up."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    (contract,) = project["tool"]["importlinter"]["contracts"]
    layers = contract["layers"]
    return {
        name.strip("() "): len(layers) - position
        for position, layer in enumerate(layers)
        for name in layer.split("|")
    }


@cache
def rooms() -> tuple[str, ...]:
    """The rooms that exist."""
    return tuple(sorted(p.parent.name for p in PACKAGE.glob("*/__init__.py")))


def may_name(room: str, other: str) -> bool:
    """Whether `room` may know `other`: itself, or a room on a lower floor."""
    return room == other or floors()[other] < floors()[room]


def sources(room: str, *, migrations: bool = False) -> Iterator[tuple[Path, ast.Module]]:
    """The Python files of a room, parsed."""
    for path in sorted((PACKAGE / room).rglob("*.py")):
        if migrations or "migrations" not in path.parts:
            yield path, ast.parse(path.read_text(), str(path))


def templates(room: str) -> Iterator[tuple[Path, str]]:
    """The templates of a room with their text."""
    for path in sorted((PACKAGE / room / "templates").rglob("*")):
        if path.is_file():
            yield path, path.read_text()


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


TAG = re.compile(r"""{%-?\s*(extends|include|url|static)\s+["']([^"']+)["']""")


def template_references(text: str) -> Iterator[tuple[str, str]]:
    """(tag, what it names) for each tag that names a file or a URL."""
    yield from TAG.findall(text)


@cache
def url_names() -> frozenset[str]:
    """Every URL name, with its namespaces."""
    from django.urls import URLPattern, URLResolver, get_resolver

    def walk(resolver: URLResolver, prefix: str) -> Iterator[str]:
        for entry in resolver.url_patterns:
            if isinstance(entry, URLPattern):
                if entry.name:
                    yield prefix + entry.name
            else:
                yield from walk(entry, prefix + (f"{entry.namespace}:" if entry.namespace else ""))

    return frozenset(walk(get_resolver(), ""))
