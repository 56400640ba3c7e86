"""Putting things in the index and finding them; who may see them is asked of their own room."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import F, QuerySet

from parvis.search.models import Entry, HoldsAll, HoldsWhole
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


def is_common(kind: str, words: str, most: int) -> bool:
    """Whether more than `most` things of this kind hold every word, by its stem or whole. One
    query, that stops there."""
    pairs = _pairs(words)
    if not pairs:
        return False
    return _of(kind).filter(words__holds_whole=pairs)[: most + 1].count() > most


def holds(kind: str, words: str, pk: Any) -> QuerySet[Any]:
    """The entry of one thing, if it holds every word whole or by its stem; for use in an `Exists`,
    where most things hold them and few are asked about."""
    return Entry.objects.filter(number=pk + _first_number(kind), words__holds_whole=_pairs(words))


def how_many(kind: str, words: list[str]) -> list[int]:
    """How many things of this kind hold each of these words, by beginning or stem. One query."""
    if not words:
        return []
    parts, params = [], []
    for place, word in enumerate(words):
        where, given = _holding(kind, word, whole=False)
        parts.append(f"SELECT {place}, COUNT(*) FROM search_entry WHERE {where}")  # noqa: S608
        params += given
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), params)
        found = dict(cursor.fetchall())
    return [found[place] for place in range(len(words))]


@dataclass(frozen=True)
class Part:
    """A kind under which some words of the same things stand again, such as their titles: a word
    that is held there weighs so many times more."""

    kind: str
    times: int
    whole: bool = False  # not by the beginning of a longer word


class Ranked(NamedTuple):
    """A thing that was found: how many of the words it holds, and what they weigh together."""

    pk: int
    held: int
    weight: int


def ranked(
    kind: str, weights: dict[str, int], parts: Sequence[Part], among: QuerySet[Any], limit: int
) -> list[Ranked]:
    """The things that hold most of the words, those in which they weigh most first; of equals, the
    newest. `among`: the ids that may be found, as a queryset of one column. One query."""
    if not weights:
        return []
    branches = _joined if connection.vendor == "postgresql" else _apart
    found: list[str] = []
    params: list[Any] = []
    for word, weight in weights.items():
        for sql, given in branches(kind, word, weight, parts):
            found.append(sql)
            params += given
    allowed, allowed_params = among.order_by().query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT thing, SUM(held), SUM(weight)"  # noqa: S608 - numbers, and what the ORM made
            f" FROM ({' UNION ALL '.join(found)}) AS found WHERE thing IN ({allowed})"
            " GROUP BY thing ORDER BY 2 DESC, 3 DESC, 1 DESC LIMIT %s",
            [*params, *allowed_params, limit],
        )
        return [Ranked(*(int(value) for value in row)) for row in cursor.fetchall()]


Branch = tuple[str, list[str]]


def _apart(kind: str, word: str, weight: int, parts: Sequence[Part]) -> Iterator[Branch]:
    """SQLite's index answers each question by itself."""
    for one in (Part(kind, 1), *parts):
        where, given = _holding(one.kind, word, whole=one.whole)
        held = int(one.kind == kind)
        yield (
            f"SELECT rowid - {_first_number(one.kind)} AS thing, {held} AS held,"  # noqa: S608
            f" {weight * one.times} AS weight FROM search_entry WHERE {where}",
            given,
        )


def _joined(kind: str, word: str, weight: int, parts: Sequence[Part]) -> Iterator[Branch]:
    """PostgreSQL looks the parts up for the things that hold the word, and for no others."""
    first = _first_number(kind)
    where, given = _holding(kind, word, whole=False)
    sums, asked = [str(weight)], []
    tables: dict[str, str] = {}
    for one in parts:
        table = tables.setdefault(one.kind, f"part{len(tables)}")
        operator, query = _asking(word, whole=one.whole)
        sums.append(f"CASE WHEN {table}.words {operator} THEN {weight * one.times} ELSE 0 END")
        asked.append(query)
    joins = [
        f" LEFT JOIN search_entry {table}"
        f" ON {table}.rowid = held.rowid + {_first_number(one) - first}"
        for one, table in tables.items()
    ]
    # Made apart, what holds the word is no work for several processes, which start too slowly.
    holding = f"WITH one AS MATERIALIZED (SELECT rowid FROM search_entry WHERE {where})"  # noqa: S608
    yield (
        f"SELECT held.rowid - {first} AS thing, 1 AS held, {' + '.join(sums)} AS weight"  # noqa: S608
        f" FROM ({holding} SELECT rowid FROM one) AS held{''.join(joins)}",
        [*asked, *given],
    )


def _holding(kind: str, word: str, *, whole: bool) -> Branch:
    """The condition under which an entry of this kind holds a word. By hand: a search asks it some
    dozens of times, and the ORM would take longer than the database."""
    first = _first_number(kind)
    operator, query = _asking(word, whole=whole)
    return (
        f"rowid >= {first} AND rowid < {first + _IDS_PER_KIND} AND words {operator}",
        [query],
    )


def _asking(word: str, *, whole: bool) -> tuple[str, str]:
    lookup = HoldsWhole if whole else HoldsAll
    postgresql = connection.vendor == "postgresql"
    make = lookup.for_postgresql if postgresql else lookup.for_sqlite
    return make([_pair(word)])


def _of(kind: str) -> QuerySet[Entry]:
    first = _first_number(kind)
    return Entry.objects.filter(number__gte=first, number__lt=first + _IDS_PER_KIND)


def _pairs(words: str) -> list[tuple[str, str]]:
    asked = list(dict.fromkeys(words_of(words)))[:MAX_WORDS]
    return [_pair(word) for word in asked]


def _pair(word: str) -> tuple[str, str]:
    return word, _STEM_MARK + stem(word)


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


def merge() -> None:
    """Write the index anew where it keeps words that it was told to drop: SQLite's does, until its
    pieces are merged. PostgreSQL's keeps none."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO search_entry(search_entry) VALUES('optimize')")
