"""Knowing an address again without keeping it: its fingerprint under the installation's key."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.crypto import salted_hmac

LENGTH = 32  # hexadecimal signs: 128 bits
_SALT, _LINK = "parvis.notices.fingerprint", "parvis.notices.choices"


def fingerprint(address: str) -> str:
    """The fingerprint of an e-mail address or phone number, in whatever letters it is written."""
    return _under(settings.SECRET_KEY, address)


def fingerprints(address: str) -> list[str]:
    """The same under the present key and the former ones: what was chosen before a change of keys
    still holds."""
    return [_under(key, address) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def token_of(mark: str) -> str:
    """The unguessable part of the link by which the owner of an address chooses."""
    return f"{mark}.{_signer().signature(mark)}"


def from_token(token: str) -> str | None:
    """The fingerprint that a link names; None for a wrong or cut one."""
    mark, _, signature = token.partition(".")
    if len(mark) != LENGTH or not signature:
        return None
    try:
        return _signer().unsign(f"{mark}.{signature}")
    except signing.BadSignature:
        return None


def choices_url(address: str) -> str:
    """The absolute address of the page where the owner of this address chooses how to be told."""
    return settings.SITE_URL + reverse("notices:choices", args=[token_of(fingerprint(address))])


def _under(key: str, address: str) -> str:
    plain = "".join(address.split()).lower().encode(errors="replace")  # half a sign has no bytes
    return salted_hmac(_SALT, plain, secret=key, algorithm="sha256").hexdigest()[:LENGTH]


def _signer() -> signing.Signer:
    return signing.Signer(sep=".", salt=_LINK)
