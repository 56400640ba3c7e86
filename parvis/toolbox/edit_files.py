"""Files that come into the office: pictures drawn anew, documents that are what they say.

A picture is kept without what its camera wrote in it (where, when, by which device): the file that
came is not kept at all.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from PIL import Image
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm

from parvis.documents import photos
from parvis.documents.inspecting import DAMAGED, OFFICE_FOLDERS, OPEN_DOCUMENTS, fault_of
from parvis.toolbox.sheet_text import draw

OTHER = (
    "Ce fichier n’est pas ce que dit son nom (« .{ending} »). "
    "Ouvrez-le, enregistrez-le de nouveau dans ce format, puis envoyez-le."
)
PUBLISHED = (
    "Un texte publié montre ce fichier : celui qui le remplacerait n’a été relu par personne. "
    "Chargez le nouveau à part, mettez-le dans le texte, puis proposez ce texte."
)

NOT_DELETED = (
    "Un texte publié montre ce fichier : il ne s’efface pas. Retirez-le d’abord du texte, puis "
    "faites publier ce texte."
)


class CleanPicture(ContentFile):
    """A picture that holds nothing but what it shows."""


def drawn_anew(name: str, upload: Any) -> CleanPicture:
    """A picture without any metadata, from what was sent; ValidationError says why it is not taken.

    One that is plain already is kept to the byte, so that copies of it stay equal.
    """
    upload.seek(0)
    data = upload.read(photos.MAX_BYTES + 1)
    if not _is_plain(data):
        try:
            data = photos.clean(io.BytesIO(data)).jpeg
        except photos.PhotoRefused as refused:
            raise ValidationError(str(refused)) from refused
    return CleanPicture(data, name=f"{PurePath(name).stem[:80] or 'image'}.jpg")


def _is_plain(data: bytes) -> bool:
    """Whether these are the bytes of a JPEG of a fitting size with nothing written beside it."""
    if not data.startswith(b"\xff\xd8") or data.find(b"\xff\xd9") != len(data) - 2:
        return False  # in the points of a JPEG these two bytes are its end and nothing else
    place = 2
    while place + 4 <= len(data) and data[place] == 0xFF and data[place + 1] != 0xDA:
        kind = data[place + 1]
        if kind == 0xFE or 0xE1 <= kind <= 0xEF:  # a remark, or what an application wrote
            return False
        place += 2 + int.from_bytes(data[place + 2 : place + 4], "big")
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG"]) as image:
            image.load()
            return image.mode == "RGB" and max(image.size) <= photos.LONGEST_SIDE
    except Exception:  # decoders of hostile files raise nearly anything
        return False


def paper_fault(name: str, data: bytes) -> str:
    """Why a document is not taken, in French; nothing when it is what its name says."""
    ending = PurePath(name).suffix.lower().lstrip(".")
    if ending == "pdf" and not data[:1024].lstrip().startswith(b"%PDF-"):
        fault = OTHER
    elif ending == "pdf" or ending in OPEN_DOCUMENTS or ending in OFFICE_FOLDERS:
        fault = fault_of(ending, data)
        fault = OTHER if fault == DAMAGED else fault
    else:  # csv, txt
        fault = OTHER if b"\x00" in data or data.lstrip()[:1] == b"<" else ""
    return fault.format(ending=ending)


def is_published(row: Any) -> bool:
    """Whether a text that everybody reads shows this picture or document."""
    shown = row.shown.filter(sheet__live=True)
    return bool(shown.exists() or row.displayed.filter(page__live=True).exists())


def refuse_in_place_of_published(row: Any) -> None:
    """ValidationError when what everybody reads would change without being read again."""
    if row.pk is not None and is_published(row):
        raise ValidationError(PUBLISHED)


def takes_published_away(name: str, numbers: Iterable[Any]) -> bool:
    """Whether this address of the office would delete a file that a published text shows."""
    from parvis.toolbox.models import Paper, Picture

    library, _, what = name.partition(":")
    model: Any = {"wagtailimages": Picture, "wagtaildocs": Paper}.get(library)
    if model is None or what not in ("delete", "delete_multiple"):
        return False
    return any(is_published(row) for row in model.objects.filter(pk__in=list(numbers)))


class PictureForm(BaseImageForm):
    """A picture as an editor loads it."""

    def clean_file(self) -> Any:
        """The picture drawn anew; the one that came goes no further."""
        sent = self.cleaned_data["file"]
        if "file" not in self.changed_data:
            return sent
        refuse_in_place_of_published(self.instance)
        return drawn_anew(sent.name, sent)

    def save(self, commit: bool = True) -> Any:
        """Draw it at once in the size of a page: who writes sees it before it is published."""
        picture = super().save(commit)
        if commit:
            draw(picture)
        return picture


class PaperForm(BaseDocumentForm):
    """A document as an editor loads it."""

    def clean_file(self) -> Any:
        """A document that is what its name says."""
        sent = self.cleaned_data["file"]
        if "file" in self.changed_data:
            refuse_in_place_of_published(self.instance)
            sent.seek(0)
            fault = paper_fault(sent.name, sent.read())
            sent.seek(0)
            if fault:
                raise ValidationError(fault)
        return sent
