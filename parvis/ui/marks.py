"""The words that are marked for translation: in templates, code, scripts and lists of the house.

Used by `parvis update_catalogues` and by the test that holds the catalogues complete; a running
site never asks.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.template import Engine, Template
from django.template.base import Node
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

from parvis.ui.script_words import script_words

MARKS = {"gettext", "gettext_lazy", "gettext_noop", "_"}
WORDS = re.compile(r'_\("([^"]+)"\)')
MARKED = re.compile(r'\{%\s*(?:block)?translate\b|_\("')
# A list says at its head which of its keys residents read: `# translated: label hint`, or of one
# of its tables `# translated: nuisance.label`.
IN_LIST = re.compile(r"^# translated: (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Message:
    """One message, with its plural where it counts something."""

    one: str
    several: str = ""


def marked() -> dict[Message, str]:
    """Every message, in order, and the first file that says it."""
    found: dict[Message, str] = {}
    for room in sorted(_rooms(), key=lambda room: room.name):
        root = Path(room.path)
        for path in sorted(root.rglob("*")):
            for message in _of(path, root):
                found.setdefault(message, str(path.relative_to(settings.BASE_DIR)))
    for words in script_words():
        found.setdefault(Message(words), "parvis/ui/script_words.py")
    return found


def _rooms() -> Iterator[Any]:
    names = set(settings.ROOMS) - set(settings.DEMO_ROOMS)
    return (room for room in apps.get_app_configs() if room.name in names)


def _of(path: Path, root: Path) -> Iterable[Message]:
    if path.suffix == ".py":
        return _in_code(path.read_text(encoding="utf-8"))
    if path.suffix == ".toml":
        return _in_list(path.read_text(encoding="utf-8"))
    if path.suffix in (".html", ".txt") and path.is_relative_to(root / "templates"):
        return _in_template(path.read_text(encoding="utf-8"))
    return ()


def _in_code(source: str) -> Iterator[Message]:
    if "django.utils.translation import" not in source:
        return
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        said = [one.value for one in node.args if isinstance(one, ast.Constant)]
        words = [one for one in said if isinstance(one, str)]
        if name in MARKS and words:
            yield Message(words[0])
        elif name == "counted" and len(words) == 2:
            yield Message(*words)


def _in_list(source: str) -> Iterator[Message]:
    if named := IN_LIST.search(source):
        lists = tomllib.loads(source)
        for key in named[1].split():
            table, _, last = key.rpartition(".")
            yield from _values(lists[table] if table else lists, {last})


def _values(tree: Any, keys: set[str]) -> Iterator[Message]:
    if isinstance(tree, list):
        for one in tree:
            yield from _values(one, keys)
    elif isinstance(tree, dict):
        for key, value in tree.items():
            if key in keys:
                yield from (
                    Message(one) for one in (value if isinstance(value, list) else [value]) if one
                )
            else:
                yield from _values(value, keys)


def _in_template(source: str) -> Iterator[Message]:
    if not MARKED.search(source):
        return
    yield from (Message(words) for words in WORDS.findall(source))
    template = Template(source, engine=Engine.get_default())
    for node in template.nodelist.get_nodes_by_type(Node):
        if isinstance(node, TranslateNode):
            yield Message(str(node.filter_expression.var.literal))  # type: ignore[union-attr]
        elif isinstance(node, BlockTranslateNode):
            words, _ = node.render_token_list(node.singular)
            yield Message(words)
        elif getattr(getattr(node, "func", None), "__name__", "") in ("plural", "in_language"):
            constants = [one.var for one in node.args if isinstance(one.var, str)]  # type: ignore[attr-defined]
            yield Message(*constants[-2:] if node.func.__name__ == "plural" else constants[-1:])  # type: ignore[attr-defined]
