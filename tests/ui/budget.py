"""How much a page costs on the wire: what a browser fetched, compressed as in production."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import brotli
from playwright.sync_api import Error

PAGE = 60_000  # bytes in all, images apart
SCRIPTS = 30_000
SCRIPTS_WITH_MAP = 80_000


@dataclass(frozen=True)
class Cost:
    """Compressed bytes by kind, and how many stylesheets were asked for."""

    page: int
    sheets: int
    scripts: int
    stylesheets: int

    @property
    def total(self) -> int:
        return self.page + self.sheets + self.scripts


@lru_cache(64)  # pages share their stylesheet and most of their scripts
def squeezed(body: bytes) -> int:
    """Bytes once compressed with brotli at the level of the static files."""
    return len(brotli.compress(body, quality=11))


def cost_of(page: Any, visit: Callable[[], None]) -> Cost:
    """What a browser's page fetches during `visit`, each address weighed once."""
    answers: dict[str, Any] = {}

    def note(answer: Any) -> None:
        if answer.status == 200:
            answers[answer.url] = answer

    page.on("response", note)
    visit()
    page.wait_for_load_state("networkidle")
    page.remove_listener("response", note)
    bytes_of = {"document": 0, "stylesheet": 0, "script": 0}
    sheets = 0
    for answer in answers.values():
        kind = answer.request.resource_type
        if kind in bytes_of:
            bytes_of[kind] += squeezed(_body(page, answer))
            sheets += kind == "stylesheet"
    return Cost(bytes_of["document"], bytes_of["stylesheet"], bytes_of["script"], sheets)


def _body(page: Any, answer: Any) -> bytes:
    """What came; the script of a worker is no answer that the page holds: it is asked for again."""
    try:
        return bytes(answer.body())
    except Error:
        return bytes(page.request.get(answer.url).body())
