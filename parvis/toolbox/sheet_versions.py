"""The published versions of a sheet, and what changed from one to another. Never a draft."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from django.utils import timezone

from parvis.toolbox import sheet_text
from parvis.toolbox.models import Version

_WORD = re.compile(r"\S+\s*|\s+")
WORDS_COMPARED = 1500  # of a paragraph; a longer one is shown as gone and come anew


@dataclass(frozen=True)
class Published:
    """One published version, as the list shows it."""

    number: int
    at: Any
    validated_on: date | None
    validated_by: str
    current: bool


def versions_of(sheet: Any) -> list[Published]:
    """Every text of a sheet that was published, newest first. One query."""
    found = []
    for row in Version.objects.filter(sheet=sheet.pk):
        current = row.number == sheet.version
        # A text is vouched for on the day it is published, always by the same coordination. What
        # its revision says was written before: it is the word on the text that was read then.
        on = sheet.validated_on if current else timezone.localdate(row.at)
        found.append(Published(row.number, row.at, on, sheet.validated_by, current))
    return found


def text_of(sheet: Any, number: int) -> Any | None:
    """The sheet as that version was published; None when there was no such version."""
    row = Version.objects.filter(sheet=sheet.pk, number=number).select_related("revision").first()
    return row.revision.as_object() if row is not None else None


@dataclass(frozen=True)
class Piece:
    """Some words: "same", "gone" or "new"."""

    sign: str
    words: str


@dataclass(frozen=True)
class Change:
    """What changed under one title."""

    title: str
    state: str  # "new", "gone" or "changed"
    paragraphs: tuple[tuple[Piece, ...], ...]


def changes(old: Any, new: Any) -> list[Change]:
    """What changed between two texts, in the order of the newer; what stayed is left out, but for
    the words around a change."""
    before, after = dict(_parts(old)), dict(_parts(new))
    titles = [*after, *(title for title in before if title not in after)]
    found = []
    for title in titles:
        was, now = before.get(title, ""), after.get(title, "")
        if was == now:
            continue
        state = "changed" if was and now else "new" if now else "gone"
        found.append(Change(title, state, tuple(_paragraphs(was, now))))
    return found


def _parts(sheet: Any) -> list[tuple[str, str]]:
    head = [
        ("Titre", sheet.title),
        ("La question", sheet_text.question_of(sheet)),
        ("En une phrase", sheet.summary),
    ]
    text = [(title or "Texte", words) for title, words in sheet_text.plain_sections(sheet)]
    return [(title, words) for title, words in [*head, *text] if words]


def _paragraphs(was: str, now: str) -> list[tuple[Piece, ...]]:
    """Paragraph by paragraph, then word by word in those that changed."""
    before, after = was.split("\n") if was else [], now.split("\n") if now else []
    found: list[tuple[Piece, ...]] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, one, two, three, four in matcher.get_opcodes():
        if tag == "equal":
            continue
        gone, come = before[one:two], after[three:four]
        paired = min(len(gone), len(come))
        found += [_pieces(*pair) for pair in zip(gone[:paired], come[:paired], strict=True)]
        found += [(Piece("gone", line),) for line in gone[paired:]]
        found += [(Piece("new", line),) for line in come[paired:]]
    return found


def _pieces(old: str, new: str) -> tuple[Piece, ...]:
    before, after = _WORD.findall(old), _WORD.findall(new)
    if max(len(before), len(after)) > WORDS_COMPARED:
        return (Piece("gone", old), Piece("new", new))
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
