"""Words as the index keeps them: without accents or case, with their stem beside them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from threading import Lock

import snowballstemmer

LONGEST_WORD = 60
# Each text gives at most two lexemes per word: stays under the megabyte of a tsvector.
LONGEST_TEXT = 50_000

_ELISION = re.compile(r"(?<![^\W_])(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)['’ʼ]", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})
# French articles and prepositions, too common to look for.
_SMALL_WORDS = {"a", "au", "aux", "de", "des", "du", "en", "et", "la", "le", "les", "un", "une"}

_STEMMER = snowballstemmer.stemmer("french")
_one_at_a_time = Lock()  # a stemmer keeps the word it works on in itself


def fold(text: str) -> str:
    """The text without case, accents or ligatures; folding twice changes nothing."""
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_LIGATURES)
    plain = unicodedata.normalize("NFKD", plain)
    return "".join(letter for letter in plain if unicodedata.category(letter) != "Mn")


def words_of(text: str) -> list[str]:
    """The folded words of a text in their order, articles and the like left out."""
    plain = fold(_ELISION.sub(" ", text[:LONGEST_TEXT]))
    return [word[:LONGEST_WORD] for word in _WORD.findall(plain) if word not in _SMALL_WORDS]


def spellings(text: str) -> list[tuple[str, str]]:
    """The words of a text, folded and as they were written in small letters."""
    found = []
    whole = unicodedata.normalize("NFC", text[:LONGEST_TEXT])
    for written in _WORD.findall(_ELISION.sub(" ", whole)):
        folded = fold(written)
        if folded not in _SMALL_WORDS and _WORD.fullmatch(folded):
            found.append((folded[:LONGEST_WORD], written.lower()))
    return found


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The French stem of a folded word.

    Stemmed until nothing more falls off: without accents, one pass makes "casse" of "cassée" and
    "cass" of "cassés".
    """
    with _one_at_a_time:
        shorter = str(_STEMMER.stemWord(word))
        while len(shorter) < len(word):
            word, shorter = shorter, str(_STEMMER.stemWord(shorter))
    return word
