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
# Words between others, folded, of `SHORTEST` letters and more: nobody looks for them.
BETWEEN = {
    "ainsi", "alors", "apres", "aucun", "aucune", "aussi", "autre", "autres", "avant", "avec",
    "ayant", "bien", "cela", "celle", "celles", "celui", "cependant", "ceux", "chaque", "chez",
    "comme", "comment", "contre", "dans", "depuis", "dont", "elle", "elles", "encore", "entre",
    "etaient", "etait", "etant", "etre", "fait", "fois", "leur", "leurs", "lors", "lorsque",
    "mais", "meme", "memes", "moins", "notre", "nous", "parce", "pendant", "plus", "plusieurs",
    "pour", "pourquoi", "puis", "puisque", "quand", "quel", "quelle", "quelles", "quels", "quoi",
    "sans", "selon", "sera", "seront", "soit", "sont", "sous", "tous", "tout", "toute", "toutes",
    "tres", "vers", "votre", "vous",
}  # fmt: skip


def learn(kind: str, texts: Iterable[str]) -> None:
    """Remember the words of texts that everybody may read. One query per 1 000 words."""
    known = {
        (folded, spelt[:SPELT])
        for text in texts
        for folded, spelt in spellings(text)
        if _tells(folded)
    }
    # Always in the same order: two writers never wait for one another.
    words = [Word(kind=kind, folded=folded, spelt=spelt) for folded, spelt in sorted(known)]
    Word.objects.bulk_create(words, batch_size=WORDS_AT_ONCE, ignore_conflicts=True)


def forget(kind: str) -> None:
    """Forget every word of a kind, before learning them anew."""
    Word.objects.filter(kind=kind).delete()


def corrected(kind: str, text: str) -> str:
    """The words of the text, each unknown one replaced by the nearest that the kind knows, all as
    people spell them; empty when there is nothing to correct. One query at most."""
    asked = list(dict.fromkeys(words_of(text)))[:MAX_WORDS]
    doubtful = [word for word in asked if _tells(word)]
    if not doubtful:
        return ""
    known = _around(kind, doubtful)
    better = {}
    for word in doubtful:
        if not any(folded.startswith(word) for folded in known):
            better[word] = _nearest(word, known)
    if not any(better.values()):
        return ""
    typed = dict(spellings(text))
    return " ".join(
        better.get(word) or _accented(word, known.get(word), typed.get(word)) for word in asked
    )


def _tells(folded: str) -> bool:
    """Whether a word may be learnt and corrected: long enough, and not there to link others."""
    return len(folded) >= SHORTEST and folded.isalpha() and folded not in BETWEEN


def _accented(folded: str, *spelt: str | None) -> str:
    """The first of these spellings that keeps its accents; else the word without any."""
    return next((one for one in spelt if one and one != folded), folded)


def _around(kind: str, words: list[str]) -> dict[str, str]:
    """The words that begin like one of these, or by its second letter (two letters in the wrong
    order, or one too many), with how they are spelt: accents are left out in haste and in capital
    letters, so that the first spelling with accents is the one to propose."""
    near = Q()
    for letter in sorted({letter for word in words for letter in word[:2]}):
        near |= Q(folded__startswith=letter)
    rows = Word.objects.filter(near, kind=kind).order_by("pk").values_list("folded", "spelt")
    known: dict[str, str] = {}
    for folded, spelt in rows:
        known[folded] = _accented(folded, known.get(folded), spelt)
    return known


def _nearest(word: str, known: dict[str, str]) -> str:
    """The known word with the fewest faults from this one; empty when all are too far."""
    most = 1 if len(word) <= LONGEST_SURE else 2
    letters = set(word)
    best: tuple[int, bool, str, str] | None = None
    for one, spelt in known.items():
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
