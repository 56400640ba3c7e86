"""A file handed over stays here while the person reads what it would change: under a signed name,
bound to that person and that page, for an hour, and once."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from pathlib import PurePosixPath
from typing import Any
from uuid import uuid4

from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

FOLDER = "tfpb/a-relire"
SECONDS = 3600
_SALT = "tfpb.tabling"


class Expired(Exception):  # noqa: N818 - what happened
    """The file is not here any more, or was somebody else's."""


def keep(upload: Any, *, person: int | None, purpose: str, **more: Any) -> str:
    """Keep that file; the token that gives it back to this person for this purpose."""
    _sweep()
    ending = PurePosixPath(upload.name or "").suffix.lower()
    upload.seek(0)
    name = default_storage.save(f"{FOLDER}/{uuid4().hex}{ending}", ContentFile(upload.read()))
    told = {"file": name, "person": person, "purpose": purpose, **more}
    return signing.dumps(told, salt=_SALT)


def opened(token: str, *, person: int | None, purpose: str) -> tuple[Any, dict[str, Any]]:
    """The kept file and what was said with it; Expired when it is not theirs, or too old."""
    try:
        told = signing.loads(token, salt=_SALT, max_age=SECONDS)
    except signing.BadSignature:
        raise Expired from None
    if told["person"] != person or told["purpose"] != purpose:
        raise Expired
    try:
        with default_storage.open(told["file"]) as file:
            content = file.read()
    except OSError:
        raise Expired from None
    return ContentFile(content, name=PurePosixPath(told["file"]).name), told


def used(told: dict[str, Any]) -> None:
    """The file has served: it goes at once."""
    default_storage.delete(told["file"])


def _sweep() -> None:
    """Files that nobody came back for go."""
    oldest = timezone.now() - timedelta(seconds=2 * SECONDS)
    with contextlib.suppress(FileNotFoundError):
        for name in default_storage.listdir(FOLDER)[1]:
            path = f"{FOLDER}/{name}"
            with contextlib.suppress(FileNotFoundError):
                if default_storage.get_modified_time(path) < oldest:
                    default_storage.delete(path)
