"""Closing what is secret before it reaches the database, with keys that never lie in it.

The keys come from PARVIS_SEAL_KEYS, newest first, or else from `seal_keys` in the data folder, made
at the first need and readable by its owner alone. Fernet: AES-128-CBC and HMAC-SHA256, a random
vector each time, so that two equal texts never look alike.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from parvis.documents.kept_key import kept_key, write_key

FILE = "seal_keys"
# A sealed text never tells how long the text was, within this many bytes.
PADDING = 512


class LostKeyError(Exception):
    """What was sealed cannot be opened: the key that closed it is not among those held here."""


class BusyError(Exception):
    """Somebody else is changing the keys."""


def seal(data: Mapping[str, str]) -> bytes:
    """Close these texts under the newest key."""
    plain = json.dumps(dict(data), ensure_ascii=False, separators=(",", ":")).encode()
    return _ring().encrypt(plain + b" " * (-len(plain) % PADDING))


def unseal(sealed: bytes | memoryview) -> dict[str, str]:
    """Open what `seal` closed; LostKeyError when no key held here does."""
    try:
        plain = _ring().decrypt(bytes(sealed))
    except InvalidToken:
        raise LostKeyError from None
    found: dict[str, str] = json.loads(plain)
    return found


def reseal(sealed: bytes | memoryview) -> bytes:
    """The same texts closed under the newest key, whichever closed them."""
    try:
        return _ring().rotate(bytes(sealed))
    except InvalidToken:
        raise LostKeyError from None


def keys() -> tuple[str, ...]:
    """The keys held here, newest first; at least one."""
    if settings.SEAL_KEYS:
        return tuple(settings.SEAL_KEYS)
    return tuple(kept_key(key_file(), lambda: Fernet.generate_key().decode()).split())


@contextmanager
def changing_keys() -> Iterator[None]:
    """Change the keys of the file, one at a time: of two changes at once, one would forget the key
    that the other has just sealed under. BusyError while another one lasts."""
    path = key_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BusyError from None
        yield
    finally:
        os.close(handle)


def add_key() -> None:
    """Put a new key before those of the file; ValueError when the keys come from the settings."""
    if settings.SEAL_KEYS:
        raise ValueError("PARVIS_SEAL_KEYS: put the new key first there.")
    path = key_file()
    held = keys()
    draft = path.with_suffix(f".{os.getpid()}")
    write_key(draft, "\n".join((Fernet.generate_key().decode(), *held)))
    draft.replace(path)


def keep_newest_key() -> None:
    """Forget all keys of the file but the newest, once everything is sealed under it."""
    path = key_file()
    draft = path.with_suffix(f".{os.getpid()}")
    write_key(draft, keys()[0])
    draft.replace(path)


def key_file() -> Path:
    """Where the keys lie when the settings give none."""
    return settings.VAR_DIR / FILE


def _ring() -> MultiFernet:
    return _ring_of(keys())


@lru_cache(maxsize=4)
def _ring_of(held: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in held])
