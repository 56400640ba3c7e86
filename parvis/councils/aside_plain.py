"""Helping to write plainly: what is long or obscure in a text is pointed out, and never refused."""

from __future__ import annotations

import re
from itertools import islice

LONGEST = 25  # words of a sentence that is read in one go
SHOWN = 3  # pieces of advice about one text
MOST_LINES = 6  # of one field of the note, which is one page
TOLD_LINES = 15  # of what is told, which a poster holds
_SENTENCE = re.compile(r"[^.!?…\n]+")
_WORD = re.compile(r"\w[\w’'-]*")
_ACRONYM = re.compile(r"\b[A-ZÀ-Ü]{3,}\b")


def advice_on(text: str) -> list[str]:
    """What would make this text easier to read: its long sentences, the acronyms it leaves
    unexplained."""
    found = []
    for sentence in _SENTENCE.findall(text):
        words = _WORD.findall(sentence)
        if len(words) > LONGEST:
            start = " ".join(words[:5])
            found.append(
                f"La phrase « {start}… » a {len(words)} mots : coupez-la en deux"
                f" ({LONGEST} mots au plus se lisent d’un trait)."
            )
    found += [
        f"« {acronym} » : écrivez aussi les mots entiers."
        for acronym in dict.fromkeys(_ACRONYM.findall(text))
        if f"({acronym})" not in text and f"{acronym} (" not in text
    ]
    return list(islice(found, SHOWN))


def tidied(text: str) -> str:
    """The same lines without empty ones and without spaces around."""
    return "\n".join(filter(None, (" ".join(line.split()) for line in text.splitlines())))
