"""The key by which this installation signs what it gives to others.

It is made from the site's secret key: nothing more is kept, and a copy of the database signs
nothing. The public half is read at /.well-known/parvis-fiches.json.
"""

from __future__ import annotations

import base64
import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"parvis.toolbox.packages|1"


def _private_key() -> Ed25519PrivateKey:
    stretched = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=PURPOSE)
    return Ed25519PrivateKey.from_private_bytes(stretched.derive(settings.SECRET_KEY.encode()))


def public_key() -> str:
    """The public half, in base64."""
    raw = _private_key().public_key()
    held = raw.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return base64.b64encode(held).decode()


def sign(content: bytes) -> str:
    """The signature of these bytes by this installation, in base64."""
    return base64.b64encode(_private_key().sign(content)).decode()


def is_signed(content: bytes, signature: str, key: str) -> bool:
    """Whether whoever holds that key signed exactly these bytes. Anything may be asked."""
    try:
        known = Ed25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True))
        known.verify(base64.b64decode(signature, validate=True), content)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def fingerprint(key: str) -> str:
    """A key in words that two people can read to each other on the telephone."""
    digest = hashlib.sha256(key.encode()).hexdigest()[:32]
    return " ".join(digest[place : place + 4] for place in range(0, len(digest), 4))
