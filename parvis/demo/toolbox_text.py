"""From the light marks of data/toolbox*.toml to the fields and blocks of a sheet.

A paragraph is what stands between empty lines. « ## » begins a heading, « - » and « 1. » a list;
`**so**` is bold, `[words](address)` a link.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterable
from typing import Any

from django.utils.html import escape

NBSP = "\u00a0"
_BEFORE = re.compile(r" (?=[;:!?»%€](?:\W|$))")
_THOUSANDS = re.compile(r"(?<=\d) (?=\d{3}\b)")
_PHONE = re.compile(r"\b0\d(?: \d\d){4}\b")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_LINK = re.compile(r"\[([^\]]+)\]\((https?://[^)\s]+)\)")
_MARKS = {"- ": "ul", "1. ": "ol"}
_IDS = uuid.UUID(
    "5d1f1c0e-8f3b-4b8e-9a55-3f0c2f5c7a11"
)  # so that a block has the same id each time


def typeset(words: str) -> str:
    """French spaces that do not break, before a colon and inside quotes and large numbers."""
    french = _THOUSANDS.sub(NBSP, _BEFORE.sub(NBSP, words).replace("« ", f"«{NBSP}"))
    return dialled(french)


def dialled(words: str) -> str:
    """The spaces of another language are its own; a telephone number is never broken, and so is
    read from the left in Arabic too."""
    return _PHONE.sub(lambda found: found[0].replace(" ", NBSP), words)


def rich(text: str, spaces: Callable[[str], str] = typeset) -> str:
    """The HTML that the editor would have written."""
    return "".join(_piece(piece, spaces) for piece in re.split(r"\n\s*\n", text.strip()))


def _piece(piece: str, spaces: Callable[[str], str]) -> str:
    lines = [line.strip() for line in piece.strip().split("\n")]
    if lines[0].startswith("## "):
        rest = "\n".join(lines[1:])
        return f"<h3>{_line(lines[0][3:], spaces)}</h3>{_piece(rest, spaces) if rest else ''}"
    for mark, tag in _MARKS.items():
        if lines[0].startswith(mark):
            return f"<{tag}>{_items(lines, mark, spaces)}</{tag}>"
    return f"<p>{_line(' '.join(lines), spaces)}</p>"


def _items(lines: Iterable[str], mark: str, spaces: Callable[[str], str]) -> str:
    """A line without the mark goes on with the item above it."""
    items: list[str] = []
    for line in lines:
        if line.startswith(mark):
            items.append(line[len(mark) :])
        else:
            items[-1] += f" {line}"
    return "".join(f"<li>{_line(item, spaces)}</li>" for item in items)


def _line(words: str, spaces: Callable[[str], str]) -> str:
    safe = str(escape(spaces(words))).replace("&#x27;", "'")
    return _LINK.sub(r'<a href="\2">\1</a>', _BOLD.sub(r"<b>\1</b>", safe))


def body(key: str, told: Iterable[dict[str, Any]], files: dict[str, int]) -> str:
    """The blocks of a sheet, as its field is stored. `files`: the pictures and papers by name."""
    found = []
    for number, block in enumerate(told):
        kind = next(iter(block))
        found.append(
            {
                "type": kind,
                "value": BLOCKS[kind](block, files),
                "id": str(uuid.uuid5(_IDS, f"{key} {number}")),
            }
        )
    return json.dumps(found, ensure_ascii=False)


def _text(block: dict[str, Any], files: dict[str, int]) -> str:
    return rich(block["text"])


def _note(block: dict[str, Any], files: dict[str, int]) -> dict[str, str]:
    return {"tone": block.get("tone", "retenir"), "text": rich(block["note"])}


def _steps(block: dict[str, Any], files: dict[str, int]) -> dict[str, Any]:
    steps = [
        {"type": "item", "value": rich(one), "id": str(uuid.uuid5(_IDS, one))}
        for one in block["steps"]
    ]
    return {"title": typeset(block.get("title", "")), "steps": steps}


def _table(block: dict[str, Any], files: dict[str, int]) -> dict[str, Any]:
    return {
        "columns": [{"type": "text", "heading": typeset(one)} for one in block["columns"]],
        "rows": [{"values": [typeset(cell) for cell in row]} for row in block["rows"]],
        "caption": typeset(block["table"]),
    }


def _picture(block: dict[str, Any], files: dict[str, int]) -> dict[str, Any]:
    return {
        "picture": files[block["picture"]],
        "alt": typeset(block["alt"]),
        "decorative": False,
        "caption": typeset(block.get("caption", "")),
    }


def _paper(block: dict[str, Any], files: dict[str, int]) -> dict[str, Any]:
    return {"paper": files[block["paper"]], "label": typeset(block["label"])}


BLOCKS: dict[str, Callable[[dict[str, Any], dict[str, int]], Any]] = {
    "text": _text,
    "note": _note,
    "steps": _steps,
    "table": _table,
    "picture": _picture,
    "paper": _paper,
}
