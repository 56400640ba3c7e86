"""What is logged, without what would open something or name somebody.

A log is read by who runs the machine, copied to other services and kept for long: signed links,
addresses and telephone numbers are masked in every line, those of an error's trace included.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from functools import cache

from django.urls import URLPattern, URLResolver, get_resolver

MASK = "…"
_ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w.])(?:\+33|0033|0)[ .-]?[1-9](?:[ .-]?\d{2}){4}(?!\w)")
_IN_A_QUERY = re.compile(
    r"(?P<name>[?&](?:token|code|state|key|cle|jeton|lien|email|phone|q)=)[^&\s\"'<>]+"
)
_COOKIE = re.compile(r"(?P<name>\b(?:sessionid|csrftoken|csrfmiddlewaretoken)['\"]?[=:]\s?)\S+")


class ScrubbingFormatter(logging.Formatter):
    """Formats as usual, then masks."""

    def format(self, record: logging.LogRecord) -> str:
        return scrubbed(super().format(record))


def scrubbed(text: str) -> str:
    """The text without the secret part of signed links, e-mail addresses and phone numbers."""
    for pattern in _links():
        text = pattern.sub(rf"\g<before>{MASK}", text)
    text = _IN_A_QUERY.sub(rf"\g<name>{MASK}", text)
    text = _COOKIE.sub(rf"\g<name>{MASK}", text)
    return _PHONE.sub(MASK, _ADDRESS.sub(MASK, text))


@cache
def _links() -> tuple[re.Pattern[str], ...]:
    """One pattern for each beginning of an address after which a secret stands."""
    starts = {start for start in _starts(get_resolver(), "/") if start != "/"}
    return tuple(
        re.compile(rf"(?P<before>{re.escape(start)})[^/\s?\"'<>]+")
        for start in sorted(starts, key=len, reverse=True)
    )


def _starts(resolver: URLResolver, before: str) -> Iterator[str]:
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern).lstrip("^/")
        if isinstance(entry, URLResolver):
            yield from _starts(entry, route)
        elif isinstance(entry, URLPattern) and "token" in entry.pattern.converters:
            yield route.partition("<")[0]
