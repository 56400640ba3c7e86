"""Sheets of the two territories, as their writers and readers make them."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from PIL import Image

from parvis.partners.models import Organisation
from parvis.toolbox.models import AdviceSheet, Desk, MethodSheet, Paper, Picture, Sheet, Shown, Use
from parvis.toolbox.office import desk_of
from tests.cast import Cast


def a_sheet(
    cast: Cast,
    *,
    of: Organisation | None = None,
    kind: type[Sheet] = MethodSheet,
    title: str = "Préparer un diagnostic en marchant",
    published: bool = True,
    **fields: Any,
) -> Any:
    """A sheet of the town of Anzin, read by the agglomération of the Escaut, or of another one."""
    desk = desk_of(of or cast.town)
    fields.setdefault("slug", f"fiche-{Sheet.objects.count() + 1}")
    sheet = kind(title=title, live=False, **fields)
    desk.add_child(instance=sheet)
    revision = sheet.save_revision()
    if published:
        revision.publish()
        sheet.refresh_from_db()
    return sheet


def other_sheet(cast: Cast, **options: Any) -> Any:
    """A sheet of the neighbour's territory."""
    options.setdefault("title", "Trier les encombrants")
    return a_sheet(cast, of=cast.other_town, kind=AdviceSheet, **options)


def a_paper(sheet: Any, *, shown: bool, title: str = "Grille d’observation") -> Paper:
    """A document on the desk of a sheet's author, offered by the sheet or not."""
    desk = Desk.objects.get(organisation_id=sheet.author_id)
    paper = Paper.objects.create(
        title=title, collection=desk.collection, file=ContentFile(b"%PDF-1.7", name="grille.pdf")
    )
    if shown:
        Shown.objects.create(sheet_id=sheet.pk, paper=paper)
    return paper


def a_picture(sheet: Any, *, shown: bool, title: str = "Le hall") -> Picture:
    """A picture on the desk of a sheet's author, shown by the sheet or not."""
    desk = Desk.objects.get(organisation_id=sheet.author_id)
    drawn = BytesIO()
    Image.new("RGB", (80, 60), "#17505B").save(drawn, "PNG")
    file = ImageFile(BytesIO(drawn.getvalue()), name="hall.png")
    picture = Picture.objects.create(title=title, collection=desk.collection, file=file)
    if shown:
        Shown.objects.create(sheet_id=sheet.pk, picture=picture)
    return picture


def a_use(sheet: Any, **fields: Any) -> Use:
    """That the organisation of a sheet's author used it too."""
    fields.setdefault("organisation_id", sheet.author_id)
    return Use.objects.create(sheet_id=sheet.pk, useful="yes", **fields)
