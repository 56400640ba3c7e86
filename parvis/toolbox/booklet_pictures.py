"""Pictures of sheets for paper: small enough for fifty sheets in one booklet."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageOps

from parvis.documents import photos

SIDE = 1200  # points: 170 mm of paper at 180 points an inch
WIDEST, HIGHEST = 170.0, 75.0  # millimetres


@dataclass(frozen=True)
class Print:
    """A picture drawn anew, and how wide it stands on the page."""

    jpeg: bytes
    width_mm: float


def printed(picture: Any) -> Print | None:
    """A picture of a sheet for paper; None where its file cannot be read any more."""
    try:
        with picture.file.open("rb") as file, Image.open(file, formats=photos.FORMATS) as image:
            image.draft("RGB", (SIDE, SIDE))
            drawn = ImageOps.exif_transpose(image)
            drawn.thumbnail((SIDE, SIDE))
            page = Image.new("RGB", drawn.size, "white")
            shape = drawn.convert("RGBA")
            page.paste(shape, mask=shape.getchannel("A"))
    except (OSError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None
    out = io.BytesIO()
    page.save(out, "JPEG", quality=80)
    width = min(WIDEST, HIGHEST * page.width / page.height, page.width * 25.4 / 110)
    return Print(out.getvalue(), round(max(width, 12.0), 1))
