"""What people agree to when they leave something of themselves: the texts of the forms, numbered.

A room that asks something writes `data/consents.toml`. The form shows the text in force, and the
row keeps its number: a changed text is a new version, the old one stays for who agreed to it.
"""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from django.apps import apps
from django.utils import timezone
from django.utils.translation import gettext

from parvis.ui.words import day_in_words


@dataclass(frozen=True)
class Consent:
    """One text, in one of its versions. `hash` stands beside it so that nobody changes a text
    under those who agreed to it."""

    code: str
    version: int
    since: date
    text: str
    hash: str

    def said(self, **names: str) -> str:
        """The text in the language of the reader, with the names that it leaves open."""
        return gettext(self.text).format(**names)


@cache
def consents(room: str) -> tuple[Consent, ...]:
    """What a room asks, in the order of its file. The file is read once a process."""
    path = Path(apps.get_app_config(room).path) / "data" / "consents.toml"
    with path.open("rb") as file:
        return tuple(Consent(**row) for row in tomllib.load(file)["consent"])


def consent(room: str, code: str, version: int) -> Consent:
    """The text to which somebody agreed. LookupError when there is none."""
    for one in consents(room):
        if (one.code, one.version) == (code, version):
            return one
    raise LookupError(f"{room} asks no {code} in version {version}")


def current(room: str, code: str, day: date | None = None) -> Consent:
    """The text in force on a day, today unless told. Before the first one, that one."""
    on = day or timezone.localdate()
    found = [one for one in consents(room) if one.code == code]
    if not found:
        raise LookupError(f"{room} asks no {code}")
    return max((one for one in found if one.since <= on), key=_version, default=found[0])


def agreed(room: str, code: str, version: int, **names: str) -> tuple[str, str]:
    """The text to which somebody agreed, as a fact to tell them."""
    one = consent(room, code, version)
    return (
        "Ce que vous avez accepté",
        f"« {one.said(**names)} » (texte n° {one.version}, depuis le {day_in_words(one.since)})",
    )


def hash_of(text: str) -> str:
    """What is kept beside a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _version(one: Consent) -> int:
    return one.version
