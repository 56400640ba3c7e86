"""Hiding how to reach somebody in what people wrote, where a page or a mail may be passed on."""

from __future__ import annotations

import re

MASK = "[coordonnées masquées]"
_EMAIL = re.compile(r"[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+")
# "06 12 34 56 78" with one sort of separator, so that "01/02/2026 14 h" stays a date.
_FRENCH = r"(?:(?:\+|00)\s?33\s?(?:\(0\)\s?)?|0)[1-9]([\s./-]?)\d{2}(?:\1\d{2}){3}"
_ABROAD = r"\+\d(?:[\s.-]?\d){7,14}"
_PHONE = re.compile(rf"(?<![\w+])(?:{_FRENCH}|{_ABROAD})(?!\d)")


def without_contacts(text: str) -> str:
    """The same words, with e-mail addresses and telephone numbers hidden."""
    return _PHONE.sub(MASK, _EMAIL.sub(MASK, text))
