"""An address chosen in the search, as it travels from page to page: signed, so that the words shown
to everybody are those of the index and nobody else's."""

from __future__ import annotations

from django.core import signing

from parvis.places.addresses import AddressFound

_SALT = "reports.address"


def token_of(found: AddressFound) -> str:
    """What the link of this address carries."""
    label = f"{found.label}, vers le {found.missing}" if found.missing else found.label
    words = ", ".join(part for part in (label, found.where) if part)
    return signing.dumps([words, found.latitude, found.longitude], salt=_SALT, compress=True)


def read_token(token: str) -> tuple[str, float, float] | None:
    """The words of the address and its point (degrees); None when we did not write this."""
    try:
        label, latitude, longitude = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return label, latitude, longitude
