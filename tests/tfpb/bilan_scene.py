"""What tests of spending and bilans build beside the scene of the room."""

from __future__ import annotations

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from parvis.tfpb import bilan_acts
from parvis.tfpb.models import Line, Programme
from tests.cast import Cast
from tests.tfpb.scene import a_convention, a_line, a_programme, spent


def running(cast: Cast, **fields: Any) -> tuple[Programme, Line, Line]:
    """A programme under way under its convention: bulky waste (9 000 € valued of 12 000 €), and
    more presence (20 000 €)."""
    given = {"convention": a_convention(cast), "state": "running", **fields}
    programme = a_programme(cast, **given)
    return programme, a_line(programme), presence(programme)


def presence(programme: Programme, **fields: Any) -> Line:
    """One more caretaker."""
    given = {
        "axis": "presence",
        "title": "Un gardien en plus",
        "spending": "20000.00",
        "own_funding": "20000.00",
        "other_funding": "0.00",
        "other_funder": "",
        "valued": "20000.00",
        **fields,
    }
    line = a_line(programme, **given)
    line.refresh_from_db()
    return line


def written(cast: Cast, programme: Programme) -> None:
    """Luc says what became of each line, and writes the summary: the bilan may be sent."""
    luc = cast.actor(cast.luc)
    for line in programme.lines.order_by("pk"):
        bilan_acts.review_line(line, actor=luc, done="done", indicators="48 passages")
    bilan_acts.write_bilan(
        programme,
        actor=luc,
        summary="Les encombrants partent deux fois plus souvent.",
        worked="Le passage du mardi.",
        difficulties="",
        prospects="On continue.",
        real=None,
        real_on=None,
        real_source="",
    )


def sent_bilan(cast: Cast, **fields: Any) -> tuple[Programme, Line, Line]:
    """A programme whose bilan luc has sent: 10 000 € spent of which 7 500 € valued."""
    programme, waste, staff = running(cast, **fields)
    spent(waste, "10000.00", valued="7500.00")
    written(cast, programme)
    bilan_acts.advance_bilan(programme, "send", actor=cast.actor(cast.luc))
    return programme, waste, staff


def picture() -> SimpleUploadedFile:
    """A photo that says where it was taken."""
    out = io.BytesIO()
    image = Image.new("RGB", (40, 30), "red")
    exif = Image.Exif()
    exif[0x010F] = "TelephoneDeLuc"
    image.save(out, "JPEG", exif=exif)
    return SimpleUploadedFile("photo.jpg", out.getvalue(), "image/jpeg")
