"""Photos of a form that came back with an error: kept cleaned for a day, so that nothing is lost.

Nothing in the database names them: the form carries a signed name, and whoever has none opens none.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from parvis.documents.photos import CleanPhoto

KEPT = timedelta(days=1)
FOLDER = "drafts"
_SALT = "parvis.reports.drafts"


def keep(photo: CleanPhoto) -> str:
    """Put a clean photo aside; gives the signed name by which the form asks for it again."""
    name = secrets.token_hex(16)
    default_storage.save(f"{FOLDER}/{name}.jpg", ContentFile(photo.jpeg))
    default_storage.save(f"{FOLDER}/{name}.small.jpg", ContentFile(photo.thumbnail))
    return signing.dumps([name, photo.width, photo.height], salt=_SALT)


def _opened(token: str) -> tuple[str, int, int] | None:
    try:
        name, width, height = signing.loads(token, salt=_SALT, max_age=KEPT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return name, width, height


def thumbnail(token: str) -> bytes | None:
    """The small picture of a draft; None for a wrong or old name."""
    opened = _opened(token)
    return _read(f"{FOLDER}/{opened[0]}.small.jpg") if opened else None


def take(token: str) -> CleanPhoto | None:
    """The photo of a signed name; None for a wrong or old one."""
    opened = _opened(token)
    if opened is None:
        return None
    name, width, height = opened
    jpeg, small = _read(f"{FOLDER}/{name}.jpg"), _read(f"{FOLDER}/{name}.small.jpg")
    if jpeg is None or small is None:
        return None
    return CleanPhoto(jpeg, small, width, height)


def _read(path: str) -> bytes | None:
    try:
        with default_storage.open(path) as file:
            return bytes(file.read())
    except FileNotFoundError:
        return None


def forget(tokens: list[str]) -> None:
    """Remove the drafts of these names, once their form was sent."""
    for token in tokens:
        if opened := _opened(token):
            default_storage.delete(f"{FOLDER}/{opened[0]}.jpg")
            default_storage.delete(f"{FOLDER}/{opened[0]}.small.jpg")


def purge(older_than: timedelta = KEPT) -> int:
    """Remove the drafts that nobody came back for; how many files went."""
    if not default_storage.exists(FOLDER):
        return 0
    limit = timezone.now() - older_than
    gone = 0
    for name in default_storage.listdir(FOLDER)[1]:
        path = f"{FOLDER}/{name}"
        if default_storage.get_modified_time(path) < limit:
            default_storage.delete(path)
            gone += 1
    return gone
