"""QR codes: an address that a telephone reads from paper or from another screen."""

from __future__ import annotations

from io import BytesIO

import qrcode
from qrcode.image.svg import SvgPathImage


def qr_code(address: str) -> bytes:
    """The QR code of an absolute address, as SVG. Where it stands, words name the address too."""
    out = BytesIO()
    qrcode.make(address, image_factory=SvgPathImage, border=2).save(out)
    return out.getvalue()
