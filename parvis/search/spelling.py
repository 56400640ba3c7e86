"""Misspelt words: held against the words of the index itself, so that both databases agree.

A kind learns the words that everybody may read, and those alone: a correction must never tell what
somebody wrote in private.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from parvis.search.index import MAX_WORDS
from parvis.search.models import Word
from parvis.search.words import spellings, words_of

SHORTEST = 4  # letters: shorter words have too many neighbours
LONGEST_SURE = 5  # up to that many letters, one fault; beyond, two
SPELT = 80  # characters
WORDS_AT_ONCE = 1000


def learn(kind: str, texts: Iterable[str]) -> None:
    """Remember the words of texts that everybody may read. One query per 1 000 words."""
    known: dict[str, str] = {}
    for text in texts:
        for folded, spelt in spellings(text):
            if len(folded) >= SHORTEST and folded.isalpha():
                known.setdefault(folded, spelt)
    # Always in the same order: two writers never wait for one another.
    words = [Word(kind=kind, folded=one, spelt=known[one][:SPELT]) for one in sorted(known)]
    Word.objects.bulk_create(words, batch_size=WORDS_AT_ONCE, ignore_conflicts=True)


def forget(kind: str) -> None:
    """Forget every word of a kind, before learning them anew."""
    Word.objects.filter(kind=kind).delete()


def corrected(kind: str, text: str) -> str:
    """The text with each unknown word replaced by the nearest one that the kind knows; empty when
    there is nothing to correct. One query at most."""
    asked = list(dict.fromkeys(words_of(text)))[:MAX_WORDS]
    doubtful = [word for word in asked if len(word) >= SHORTEST and word.isalpha()]
    if not doubtful:
        return ""
    known = _around(kind, doubtful)
    better = {}
    for word in doubtful:
        if not any(folded.startswith(word) for folded, _ in known):
            better[word] = _nearest(word, known)
    if not any(better.values()):
        return ""
    return " ".join(better.get(word) or word for word in asked)


def _around(kind: str, words: list[str]) -> list[tuple[str, str]]:
    """The words that begin like one of these, or by its second letter (two letters in the wrong
    order, or one too many)."""
    near = Q()
    for letter in sorted({letter for word in words for letter in word[:2]}):
        near |= Q(folded__startswith=letter)
    return list(Word.objects.filter(near, kind=kind).values_list("folded", "spelt"))


def _nearest(word: str, known: list[tuple[str, str]]) -> str:
    """The known word with the fewest faults from this one; empty when all are too far."""
    most = 1 if len(word) <= LONGEST_SURE else 2
    letters = set(word)
    best: tuple[int, bool, str, str] | None = None
    for one, spelt in known:
        # Cheap refusals first: each fault changes the length or the letters by one at most.
        if abs(len(one) - len(word)) > most or len(letters ^ set(one)) > 2 * most:
            continue
        faults = distance(word, one, most)
        if faults <= most:
            found = (faults, one[0] != word[0], one, spelt)
            best = min(best, found) if best else found
    return best[3] if best else ""


def distance(one: str, other: str, most: int) -> int:
    """How many faults part two words: a letter more, less, changed, or swapped with the next.
    Counted up to `most`; beyond, any larger number."""
    older: list[int] = []
    previous = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        row = [i]
        for j, against in enumerate(other, start=1):
            faults = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                faults = min(faults, older[j - 2] + 1)
            row.append(faults)
        if min(*row, *previous) > most:
            return most + 1
        older, previous = previous, row
    return previous[-1]
