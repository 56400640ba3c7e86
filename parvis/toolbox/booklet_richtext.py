"""Rich text as plain data: what the editor keeps as HTML, read into blocks and runs of words, which
a page of paper or a package for another installation is made from. Nothing else passes through."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from typing import Any

DEEPEST = 6  # lists inside lists
_BLOCKS = {"p", "h2", "h3", "h4", "ul", "ol", "li", "div"}
_MARKS = {"b": "bold", "strong": "bold", "i": "italic", "em": "italic"}
_SILENT = {"script", "style", "template", "iframe", "object", "noscript", "textarea", "title"}


@dataclass(frozen=True)
class Link:
    """Where a link leads: an address, or a page or a document of this installation."""

    kind: str  # "url", "page", "document"
    to: str


@dataclass(frozen=True)
class Run:
    """Words in one shape; a break of line is a run of one newline."""

    text: str
    bold: bool = False
    italic: bool = False
    link: Link | None = None


@dataclass
class Block:
    """A paragraph, a heading, or an item of a list, which may hold lists."""

    kind: str  # "par", "heading", "list"
    runs: list[Run] = field(default_factory=list)
    ordered: bool = False
    items: list[list[Block]] = field(default_factory=list)


class _Reader(HTMLParser):
    """Reads any HTML whatsoever into blocks: what is not known is dropped, its words are kept,
    except those of scripts and their like."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.top: list[Block] = []
        self.stack: list[list[Block]] = [self.top]  # where blocks go: the text, or an item
        self.lists: list[Block] = []
        self.open: Block | None = None
        self.marks: list[str] = []
        self.links: list[Link | None] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self.silent += 1
        elif tag in ("ul", "ol"):
            self._begin_list(tag == "ol")
        elif tag == "li":
            self._begin_item()
        elif tag in _BLOCKS:
            self._begin("heading" if tag.startswith("h") else "par")
        elif tag == "br":
            self._say("\n")
        elif tag in _MARKS:
            self.marks.append(_MARKS[tag])
        elif tag == "a":
            self.links.append(_link(dict(attrs)))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self._say("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag in ("ul", "ol"):
            self.open = None
            if self.lists:
                del self.stack[len(self.lists) :]
                self.lists.pop()
        elif tag == "li":
            self.open = None
            if self.lists:
                del self.stack[len(self.lists) :]
        elif tag in _BLOCKS:
            self.open = None
        elif tag in _MARKS and _MARKS[tag] in self.marks:
            self.marks.reverse()
            self.marks.remove(_MARKS[tag])
            self.marks.reverse()
        elif tag == "a" and self.links:
            self.links.pop()

    def handle_data(self, data: str) -> None:
        words = " ".join(data.replace("\xa0", "\0").split()).replace("\0", "\xa0")
        if not words:
            if data and self.open is not None and self.open.runs:
                self._say(" ")
            return
        self._say(f"{' ' * data[0].isspace()}{words}{' ' * data[-1].isspace()}")

    def _begin(self, kind: str) -> Block:
        self.open = Block(kind)
        self.stack[-1].append(self.open)
        return self.open

    def _begin_list(self, ordered: bool) -> None:
        self.open = None
        if len(self.lists) >= DEEPEST:
            self.lists.append(self.lists[-1])  # deeper lists are told at the last depth
            return
        found = Block("list", ordered=ordered)
        self.stack[-1].append(found)
        self.lists.append(found)

    def _begin_item(self) -> None:
        if not self.lists:
            self._begin("par")
            return
        del self.stack[len(self.lists) :]
        item: list[Block] = []
        self.lists[-1].items.append(item)
        self.stack.append(item)
        self.open = None

    def _say(self, words: str) -> None:
        if self.silent:
            return
        if self.open is None and not words.strip():
            return
        block = self.open or self._begin("par")
        link = next((one for one in reversed(self.links) if one), None)
        run = Run(words, "bold" in self.marks, "italic" in self.marks, link)
        block.runs.append(run)


def read(html: str) -> list[Block]:
    """The blocks of a rich text; empty ones are left out."""
    reader = _Reader()
    reader.feed(html or "")
    reader.close()
    return _tidy(reader.top)


def _tidy(blocks: Iterable[Block]) -> list[Block]:
    kept = []
    for block in blocks:
        if block.kind == "list":
            block.items = [item for one in block.items if (item := _tidy(one))]
            if block.items:
                kept.append(block)
            continue
        block.runs = _trimmed(block.runs)
        if block.runs:
            kept.append(block)
    return kept


def _trimmed(runs: list[Run]) -> list[Run]:
    while runs and not runs[0].text.strip():
        runs = runs[1:]
    while runs and not runs[-1].text.strip():
        runs = runs[:-1]
    if not runs:
        return []
    first = runs[0]
    runs = [Run(first.text.lstrip(" "), first.bold, first.italic, first.link), *runs[1:]]
    last = runs[-1]
    return [*runs[:-1], Run(last.text.rstrip(" "), last.bold, last.italic, last.link)]


def _link(said: dict[str, str | None]) -> Link | None:
    kind, pk = said.get("linktype") or "", said.get("id") or ""
    if kind in ("page", "document") and pk.isascii() and pk.isdigit() and len(pk) < 16:
        return Link(kind, pk)
    address = (said.get("href") or "").strip()
    return Link("url", address) if address else None


def links_in(blocks: Iterable[Block]) -> set[Link]:
    """Where the links of a text lead."""
    found: set[Link] = set()
    for block in blocks:
        found |= {run.link for run in block.runs if run.link}
        for item in block.items:
            found |= links_in(item)
    return found


def words_of(blocks: Iterable[Block]) -> str:
    """The words alone, a line for each paragraph."""
    lines = []
    for block in blocks:
        if block.runs:
            lines.append("".join(run.text for run in block.runs))
        lines += [words_of(item) for item in block.items]
    return "\n".join(lines)


Address = Callable[[Link], str]


def to_data(blocks: Iterable[Block], address: Address) -> list[dict[str, Any]]:
    """The blocks as a template of paper reads them; a link without address is told as words."""
    found: list[dict[str, Any]] = []
    for block in blocks:
        if block.kind == "list":
            items = [to_data(item, address) for item in block.items]
            found.append({"kind": "list", "ordered": block.ordered, "items": items})
            continue
        runs = [
            {
                "text": run.text,
                "bold": run.bold,
                "italic": run.italic,
                "url": address(run.link) if run.link else "",
            }
            for run in block.runs
        ]
        found.append({"kind": block.kind, "runs": runs})
    return found


def to_html(blocks: Iterable[Block], address: Address) -> str:
    """The blocks written again: no element and no attribute but those of the editor."""
    out = []
    for block in blocks:
        if block.kind == "list":
            tag = "ol" if block.ordered else "ul"
            items = "".join(f"<li>{_item(item, address)}</li>" for item in block.items)
            out.append(f"<{tag}>{items}</{tag}>")
            continue
        tag = "h3" if block.kind == "heading" else "p"
        out.append(f"<{tag}>{_runs(block.runs, address)}</{tag}>")
    return "".join(out)


def _item(blocks: list[Block], address: Address) -> str:
    out = []
    for number, block in enumerate(blocks):
        if block.kind == "list":
            out.append(to_html([block], address))
        else:
            out.append(("<br/>" if number else "") + _runs(block.runs, address))
    return "".join(out)


def _runs(runs: list[Run], address: Address) -> str:
    out = []
    for run in runs:
        words = escape(run.text, quote=False).replace("\n", "<br/>")
        if run.bold:
            words = f"<b>{words}</b>"
        if run.italic:
            words = f"<i>{words}</i>"
        to = address(run.link) if run.link else ""
        if to:
            words = f'<a href="{escape(to)}">{words}</a>'
        out.append(words)
    return "".join(out)
