"""Putting things in the index and finding them; who may see them is asked of their own room."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet

from parvis.search.models import Entry
from parvis.search.words import stem, words_of

MAX_WORDS = 8
ROWS_AT_ONCE = 500
_IDS_PER_KIND = 2**40
# A stem is told from a word by a sign that no word holds.
_STEM_MARK = "§"
_kind_of_number: dict[int, str] = {}


def put(kind: str, pk: int, text: str) -> None:
    """Index a thing, or index it anew. One query."""
    put_many(kind, [(pk, text)])


def put_many(kind: str, things: Iterable[tuple[int, str]]) -> None:
    """Index many (id, text) of a kind, one query per 500; an id given twice keeps its last text."""
    first = _first_number(kind)
    rows = sorted({first + pk: _lexemes(text) for pk, text in things}.items())
    for start in range(0, len(rows), ROWS_AT_ONCE):
        _write(rows[start : start + ROWS_AT_ONCE])


def drop(kind: str, pk: int) -> None:
    """Take a thing out of the index; nothing happens when it is not there. One query."""
    Entry.objects.filter(pk=_first_number(kind) + pk).delete()


def matching(kind: str, words: str) -> QuerySet[Any] | None:
    """The ids of this kind that hold every word, for use as `pk__in=`; None without any word.

    A word is found by its beginning ("éclai") or by its stem ("éclairages", "éclairé").
    """
    pairs = _pairs(words)
    if not pairs:
        return None
    found = _of(kind).filter(words__holds_all=pairs)
    return found.annotate(thing=F("number") - _first_number(kind)).values_list("thing", flat=True)


def is_common(kind: str, words: str, most: int, *, whole: bool = True) -> bool:
    """Whether more than `most` things of this kind hold every word, by its stem or whole (with
    `whole=False`, by its beginning too). One query, that stops there."""
    pairs = _pairs(words)
    if not pairs:
        return False
    how = "holds_whole" if whole else "holds_all"
    return _of(kind).filter(**{f"words__{how}": pairs})[: most + 1].count() > most


def holds(kind: str, words: str, pk: Any) -> QuerySet[Any]:
    """The entry of one thing, if it holds every word whole or by its stem; for use in an `Exists`,
    where most things hold them and few are asked about."""
    return Entry.objects.filter(number=pk + _first_number(kind), words__holds_whole=_pairs(words))


def _of(kind: str) -> QuerySet[Entry]:
    first = _first_number(kind)
    return Entry.objects.filter(number__gte=first, number__lt=first + _IDS_PER_KIND)


def _pairs(words: str) -> list[tuple[str, str]]:
    asked = list(dict.fromkeys(words_of(words)))[:MAX_WORDS]
    return [(word, _STEM_MARK + stem(word)) for word in asked]


def _first_number(kind: str) -> int:
    """Where the numbers of a kind begin: SQLite's full-text rows have a number and no other key."""
    number = zlib.crc32(kind.encode()) % 2**22
    if _kind_of_number.setdefault(number, kind) != kind:
        raise ValueError(f"{kind} and {_kind_of_number[number]} share a number: rename one")
    return number * _IDS_PER_KIND


def _lexemes(text: str) -> list[str]:
    words = set(words_of(text))
    return sorted(words | {_STEM_MARK + stem(word) for word in words})


def _write(rows: list[tuple[int, list[str]]]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            values = ", ".join(["(%s, array_to_tsvector(%s::text[]))"] * len(rows))
            cursor.execute(
                f"INSERT INTO search_entry (rowid, words) VALUES {values}"  # noqa: S608
                " ON CONFLICT (rowid) DO UPDATE SET words = EXCLUDED.words",
                [value for row in rows for value in row],
            )
        else:
            values = ", ".join(["(%s, %s)"] * len(rows))
            cursor.execute(
                f"INSERT OR REPLACE INTO search_entry (rowid, words) VALUES {values}",  # noqa: S608
                [value for number, lexemes in rows for value in (number, " ".join(lexemes))],
            )
