"""Sheets with all that a text may hold, for paper and for other territories."""

from __future__ import annotations

import subprocess
import zipfile
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.utils import timezone
from PIL import Image

from parvis.toolbox.models import Desk, MethodSheet, Paper, Picture, Wording
from parvis.toolbox.office import desk_of
from tests.cast import Cast
from tests.toolbox.scene import a_sheet


def office_file(**members: bytes) -> bytes:
    """A file of an office suite with these members."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in members.items():
            made.writestr(name, content)
    return out.getvalue()


DOCX = {"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}
ODT = office_file(mimetype=b"application/vnd.oasis.opendocument.text", content=b"<x/>")
WORDS = (
    "Le jour dit, le groupe part à l’heure, s’arrête à chaque étape du parcours et note ce qu’il "
    "voit : ce qui va bien, ce qui gêne, qui peut y faire quelque chose et pour quand. "
)


def files_on(desk: Desk) -> tuple[Picture, Paper, Paper]:
    """A picture with its place in its metadata, an open document and one of a vendor."""
    drawn = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "GPS du hall"
    Image.new("RGB", (640, 400), "#17505B").save(drawn, "JPEG", exif=exif)
    picture = Picture.objects.create(
        title="Le hall",
        description="Un hall propre",
        credit="Ville d’Anzin",
        collection=desk.collection,
        file=ImageFile(BytesIO(drawn.getvalue()), name="hall.jpg"),
    )

    def paper(title: str, name: str, content: bytes) -> Paper:
        return Paper.objects.create(
            title=title, collection=desk.collection, file=ContentFile(content, name=name)
        )

    grid = paper("Grille d’observation", "grille.odt", ODT)
    report = paper("Compte rendu type", "compte-rendu.docx", office_file(**DOCX))
    return picture, grid, report


def body_of(picture: Picture, grid: Paper, report: Paper, long: int = 1) -> list[dict[str, Any]]:
    """The six kinds of blocks, `long` times the same words."""
    table = {
        "caption": "Qui fait quoi",
        "columns": [{"type": "text", "heading": "Qui"}, {"type": "text", "heading": "Quoi"}],
        "rows": [{"values": ["Le bailleur", "Les halls"]}, {"values": ["La ville", "La rue"]}],
    }
    said = "".join(f"<p>{WORDS * 3}</p>" for _ in range(long))
    return [
        {"type": "text", "value": f"<h3>Le jour dit</h3>{said}"},
        {
            "type": "text",
            "value": "<p>Voyez <b>la charte</b> sur <a href='https://exemple.test/charte'>"
            f"le site de la charte</a> ou <a linktype='document' id='{grid.pk}'>la grille</a>.</p>"
            "<ul><li>le jour</li><li><i>l’heure</i><ol><li>matin</li><li>soir</li></ol></li></ul>",
        },
        {
            "type": "picture",
            "value": {
                "picture": picture.pk,
                "alt": "Un hall propre et éclairé",
                "decorative": False,
                "caption": "Le hall après le passage",
            },
        },
        {"type": "table", "value": table},
        {"type": "note", "value": {"tone": "attention", "text": "<p>Prévenez la veille.</p>"}},
        {
            "type": "steps",
            "value": {
                "title": "Le matin",
                "steps": [
                    "<p>Se retrouver</p>",
                    "<p>Marcher</p><ul><li>lentement</li></ul>",
                ],
            },
        },
        {"type": "paper", "value": {"paper": report.pk, "label": "Le compte rendu"}},
        {"type": "paper", "value": {"paper": grid.pk, "label": "La grille"}},
    ]


def full_sheet(cast: Cast, *, long: int = 1, of: Any = None, **fields: Any) -> Any:
    """A method sheet with every block, a version easy to read and one in Arabic."""
    desk = desk_of(of or cast.town)
    picture, grid, report = files_on(desk)
    body = MethodSheet.body.field.stream_block.to_python(body_of(picture, grid, report, long))
    today = timezone.localdate()
    given: dict[str, Any] = {
        "summary": "Regarder un quartier ensemble, et s’accorder sur ce qu’il faut faire.",
        "question": "Comment regarder un quartier avec ceux qui y vivent ?",
        "when": "<p>Avant d’écrire un programme d’actions.</p>",
        "steps": "<ol><li>Choisir le parcours</li><li>Inviter</li></ol>",
        "who": "<p>La ville, le bailleur, des habitants.</p>",
        "means": "<p>Une demi-journée.</p>",
        "duration": "3 heures",
        "cost_from": Decimal("0.00"),
        "cost_to": Decimal("200.00"),
        "pitfalls": "<p>Partir à plus de <b>vingt</b>.</p>",
        "contributors": "Les Voisins",
        "contact": "gup@exemple.test",
        "licence": "cc-by-4.0",
        "validated_on": today,
        "validated_by": "Comité de lecture de l’Escaut",
        "expires_on": today + timedelta(days=300),
        "body": body,
        "wordings": [
            Wording(
                language="falc",
                title="Se promener pour regarder",
                text="<h3>Le but</h3><p>On marche ensemble.</p><ul><li>On regarde.</li></ul>",
                of_version=1,
            ),
            Wording(language="ar", title="مرحبا", text="<p>مرحبا</p>", of_version=1),
        ],
    }
    return a_sheet(cast, of=of, **{**given, **fields})


def look(content: bytes, folder: Path, *arguments: str) -> str:
    """What the tools of PDF say of it."""
    path = folder / "looked-at.pdf"
    path.write_bytes(content)
    tool, *options = arguments
    output = ["-"] if tool == "pdftotext" else []
    run = subprocess.run([tool, *options, str(path), *output], capture_output=True, check=True)
    return run.stdout.decode(errors="replace")
