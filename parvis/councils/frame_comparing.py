"""What changed between two versions of a text, article by article, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from parvis.councils.frame_models import FrameArticle
from parvis.councils.regimes import rule_labels

Plain = dict[str, Any]
FIELDS = {
    "title": "Titre",
    "text": "Texte",
    "may": "Une instance peut",
    "may_not": "Une instance ne peut pas",
    "rules": "Règles fixées",
}
_WORD = re.compile(r"\S+\s*|\s+")


@dataclass(frozen=True)
class Piece:
    """Some words: "same", "gone" or "new"."""

    sign: str
    words: str


@dataclass(frozen=True)
class Change:
    """What changed of one article: "new", "gone", "changed" or "same"."""

    state: str
    number: str
    title: str
    old_number: str = ""  # when it is another one
    fields: tuple[tuple[str, tuple[Piece, ...]], ...] = ()


def plain_articles(articles: Iterable[FrameArticle]) -> list[Plain]:
    """Articles as plain values, to keep them as they were or to compare them."""
    return [
        {
            "key": str(one.key),
            "number": one.number,
            "title": one.title,
            "text": one.text,
            "may": one.may,
            "may_not": one.may_not,
            "rules": list(one.rules),
        }
        for one in articles
    ]


def compare(old: Iterable[Plain], new: Iterable[Plain]) -> list[Change]:
    """The articles of the newer text in their order, then those that are gone."""
    before = {one["key"]: one for one in old}
    found = []
    for now in new:
        was = before.pop(now["key"], None)
        found.append(_change(was, now) if was else Change("new", now["number"], now["title"]))
    gone = [Change("gone", one["number"], one["title"]) for one in before.values()]
    return [*found, *gone]


def _change(was: Mapping[str, Any], now: Mapping[str, Any]) -> Change:
    fields = []
    for name, label in FIELDS.items():
        old, new = _words(was[name]), _words(now[name])
        if old != new:
            fields.append((label, pieces(old, new)))
    moved = was["number"] if was["number"] != now["number"] else ""
    state = "changed" if fields or moved else "same"
    return Change(state, now["number"], now["title"], moved, tuple(fields))


def _words(value: Any) -> str:
    if isinstance(value, list):
        labels = rule_labels()
        return " ".join(labels.get(code, code) for code in sorted(value))
    return str(value).replace("\r\n", "\n").strip()


def pieces(old: str, new: str) -> tuple[Piece, ...]:
    """The words of both texts: what stayed, what went, what came."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    found: list[Piece] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, one, two, three, four in matcher.get_opcodes():
        if tag == "equal":
            found.append(Piece("same", "".join(before[one:two])))
            continue
        if one < two:
            found.append(Piece("gone", "".join(before[one:two])))
        if three < four:
            found.append(Piece("new", "".join(after[three:four])))
    return tuple(found)
