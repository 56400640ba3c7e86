"""Hiding who may be reached in what people wrote, where a page or a mail may be passed on."""

from __future__ import annotations

import re

MASK = "[coordonnées masquées]"
PLATE_MASK = "[immatriculation masquée]"
_EMAIL = re.compile(r"[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+")
# "06 12 34 56 78" with one sort of separator, so that "01/02/2026 14 h" stays a date.
_FRENCH = r"(?:(?:\+|00)\s?33\s?(?:\(0\)\s?)?|0)[1-9]([\s./-]?)\d{2}(?:\1\d{2}){3}"
_ABROAD = r"\+\d(?:[\s.-]?\d){7,14}"
_PHONE = re.compile(rf"(?<![\w+])(?:{_FRENCH}|{_ABROAD})(?!\d)")

# "AB-123-CD" or "1234 AB 59"; small letters only with hyphens, so that "rd 123 et" stays.
_PLATE = re.compile(
    r"\b(?:[A-Z]{2}[ -]?\d{3}[ -]?[A-Z]{2}|[a-z]{2}-\d{3}-[a-z]{2}|\d{2,4} ?[A-Z]{2,3} ?\d{2})\b"
)


def without_contacts(text: str) -> str:
    """The same words, with e-mail addresses, telephone numbers and number plates hidden."""
    return _PLATE.sub(PLATE_MASK, _PHONE.sub(MASK, _EMAIL.sub(MASK, text)))
