"""Streets found by what people type: from memory, without a query, typing errors forgiven.

Words are folded and shortened forms written out on both sides. A word finds a street by being one
of its words (of its name, its commune or its postcode) or the beginning of one; when that finds
nothing, words that nearly spell one are tried too. Everything is decided in Python, so that both
databases give the same answers.
"""

from __future__ import annotations

import threading
import tomllib
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from parvis.places.locate import Atlas, atlas
from parvis.places.models import Street
from parvis.search.words import words_of

MAX_WORDS = 10
_FILE = Path(__file__).resolve().parent / "data" / "streets.toml"
_BEGINNING = 2  # letters from which a beginning finds a word
_TYPO_FROM = 4  # letters from which one error is forgiven
_TWO_TYPOS_FROM = 8


class StreetRow(NamedTuple):
    """A street as it is kept in memory."""

    pk: int
    name: str
    postcode: str
    commune: str
    latitude: float
    longitude: float


class Match(NamedTuple):
    """A street and how far it is from what was asked; the smallest comes first."""

    cost: int  # 0 for exact words, more for beginnings and typing errors
    unasked: int  # words of its name that nobody typed
    name: str
    commune: str
    pk: int


@cache
def word_lists() -> dict[str, dict[str, str]]:
    """Shortened words and what stands beside a number, as data/streets.toml lists them."""
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def plain_words(text: str) -> list[str]:
    """Folded words, shortened ones written out: "Av. du Gal Leclerc", avenue general leclerc."""
    short = word_lists()["short"]
    return [short.get(word, word) for word in words_of(text)]


class Gazetteer:
    """All streets of one version of the map, and the words that lead to them."""

    def __init__(self, version: Atlas, rows: Iterable[StreetRow]) -> None:
        self.version = version
        self.streets: dict[int, StreetRow] = {}
        self._names: dict[int, tuple[str, ...]] = {}
        self._places: dict[int, tuple[str, ...]] = {}
        self._by_word: dict[str, set[int]] = defaultdict(set)
        for row in rows:
            self.streets[row.pk] = row
            self._names[row.pk] = tuple(dict.fromkeys(plain_words(row.name)))
            self._places[row.pk] = tuple(plain_words(f"{row.commune} {row.postcode}"))
            for word in (*self._names[row.pk], *self._places[row.pk]):
                self._by_word[word].add(row.pk)
        self._words = sorted(self._by_word)
        self._by_piece: dict[str, list[str]] = defaultdict(list)
        for word in self._words:
            for piece in _pieces(word):
                self._by_piece[piece].append(word)

    def matching(self, asked: list[str]) -> list[Match]:
        """Streets that every word leads to, at least one of them by the street's own name."""
        # A letter by itself says nothing yet ("12 rue d"), unless some name holds it.
        asked = [
            word
            for word in asked
            if len(word) >= _BEGINNING or word.isdigit() or word in self._by_word
        ]
        asked = list(dict.fromkeys(asked))[:MAX_WORDS]
        if not asked:
            return []
        found = self._matching([self._beginning(word) for word in asked])
        if found:
            return found
        return self._matching([self._beginning(word) | self._nearly(word) for word in asked])

    def _beginning(self, word: str) -> dict[str, int]:
        """The known words that this one is, or begins, and what each costs."""
        known = {word: 0} if word in self._by_word else {}
        if len(word) < _BEGINNING or any(letter.isdigit() for letter in word):
            return known
        for index in range(bisect_left(self._words, word), len(self._words)):
            if not self._words[index].startswith(word):
                break
            known.setdefault(self._words[index], 1)
        return known

    def _nearly(self, word: str) -> dict[str, int]:
        """The known words that this one may have been meant for."""
        allowed = 0 if len(word) < _TYPO_FROM else 1 if len(word) < _TWO_TYPOS_FROM else 2
        if not allowed or any(letter.isdigit() for letter in word):
            return {}
        shared: dict[str, int] = defaultdict(int)
        pieces = _pieces(word)
        for piece in pieces:
            for known in self._by_piece.get(piece, ()):
                shared[known] += 1
        nearly = {}
        for known, count in shared.items():
            # One error spoils three pieces at most: two letters swapped.
            if count < len(pieces) - 3 * allowed or abs(len(known) - len(word)) > allowed:
                continue
            errors = _errors(word, known, allowed)
            if 0 < errors <= allowed:
                nearly[known] = 1 + errors
        return nearly

    def _matching(self, options: list[dict[str, int]]) -> list[Match]:
        candidates: set[int] | None = None
        for option in sorted(options, key=len):
            led: set[int] = set()
            for word in option:
                led |= self._by_word[word]
            candidates = led if candidates is None else candidates & led
            if not candidates:
                return []
        return sorted(
            match for pk in candidates or () if (match := self._match(pk, options)) is not None
        )

    def _match(self, pk: int, options: list[dict[str, int]]) -> Match | None:
        name, place = self._names[pk], self._places[pk]
        own = [word for word in name if any(word in option for option in options)]
        if not own:
            return None  # only its commune was named
        words = (*name, *place)
        cost = sum(min(option[word] for word in words if word in option) for option in options)
        row = self.streets[pk]
        return Match(cost, len(name) - len(own), row.name, row.commune, pk)


def gazetteer() -> Gazetteer:
    """The streets of the present version of the map, loaded in one query when it changes."""
    version = atlas()
    if _kept.gazetteer is None or _kept.gazetteer.version is not version:
        with _kept.lock:
            if _kept.gazetteer is None or _kept.gazetteer.version is not version:
                _kept.gazetteer = Gazetteer(version, _rows())
    return _kept.gazetteer


class _Kept:
    def __init__(self) -> None:
        self.gazetteer: Gazetteer | None = None
        self.lock = threading.Lock()


_kept = _Kept()


def _rows() -> Iterable[StreetRow]:
    rows = Street.objects.order_by("pk").values_list(
        "pk", "name", "postcode", "commune__name", "latitude", "longitude"
    )
    return map(StreetRow._make, rows)


def _pieces(word: str) -> list[str]:
    """Every run of two letters of the word between its ends: "rue" gives ^r ru ue e$."""
    marked = f"^{word}$"
    return sorted({marked[start : start + 2] for start in range(len(marked) - 1)})


def _errors(one: str, other: str, most: int) -> int:
    """Letters added, dropped, changed or swapped with the next, counted up to one above `most`."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        last, before, row = before, row, [i]
        for j, against in enumerate(other, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                best = min(best, last[j - 2] + 1)
            row.append(best)
        if min(row) > most:
            return most + 1
    return row[-1]
