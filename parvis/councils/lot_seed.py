"""The seed of a draw: of values that several parties commit to and then reveal, or of a public
number. `docs/draw.md` tells both, with an example; only the standard library."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence

DOMAIN = "parvis-seed-1"
LEAST_VALUE, MOST_VALUE = 20, 200  # characters: a short value could be guessed from its commitment


def clean_value(value: str) -> str:
    """A value as it is committed to: composed signs, no blank at its ends, on one line.

    ValueError, with words for people, when it cannot be one.
    """
    found = unicodedata.normalize("NFC", value).strip()
    if not LEAST_VALUE <= len(found) <= MOST_VALUE:
        raise ValueError(
            f"Il faut de {LEAST_VALUE} à {MOST_VALUE} signes : une valeur courte se devine."
        )
    if not found.isprintable():
        raise ValueError("La valeur tient sur une ligne, sans signe invisible.")
    return found


def commitment_of(value: str) -> str:
    """The commitment to a value: SHA-256 of its UTF-8 bytes, in small hexadecimal digits."""
    return hashlib.sha256(clean_value(value).encode()).hexdigest()


def seed_of(preparation_digest: str, values: Sequence[str]) -> str:
    """The seed: SHA-256 of the domain, the digest of the preparation and the values in the order
    of the parties, one a line and no end of line after the last."""
    lines = [DOMAIN, preparation_digest, *values]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def clean_number(text: str) -> str:
    """A public result as it is written in the seed: on one line, blanks as one space."""
    return " ".join(unicodedata.normalize("NFC", text).split())
