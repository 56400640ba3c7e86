"""The lists of this room, as data/lists.toml has them, read once by each process."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "data" / "lists.toml"


@dataclass(frozen=True)
class Need:
    """What a household may be helped with; `public` is how residents would say it."""

    code: str
    label: str
    public: str


@dataclass(frozen=True)
class DoorKind:
    """A kind of door, and what such a door does."""

    code: str
    label: str
    short: str
    does: str


@dataclass(frozen=True)
class AgreementText:
    """What was read to the person, from a day on."""

    version: int
    since: date
    text: str


@cache
def _data() -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return found


@cache
def needs() -> dict[str, Need]:
    """Every need by its code, in the order of the file."""
    return {line["code"]: Need(**line) for line in _data()["need"]}


@cache
def door_kinds() -> dict[str, DoorKind]:
    """Every kind of door by its code, in the order of the file."""
    return {line["code"]: DoorKind(**line) for line in _data()["door"]}


@cache
def labels(listed: str) -> dict[str, str]:
    """The labels of a list ("outcome", "refusal", "how", "need") by code, in its order."""
    return {line["code"]: line["label"] for line in _data()[listed]}


@cache
def agreement_texts() -> dict[int, AgreementText]:
    """Every text that was ever read, by its version."""
    texts = [AgreementText(**line) for line in _data()["agreement"]]  # type: ignore[arg-type]
    return {text.version: text for text in texts}


def agreement_text_on(day: date) -> AgreementText:
    """The text that is read on that day; the first one before it was written."""
    texts = sorted(agreement_texts().values(), key=lambda text: text.since)
    return next((text for text in reversed(texts) if text.since <= day), texts[0])
