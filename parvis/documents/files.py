"""Files that people hand over as they are: reports, plans, tables. Known by their first bytes,
never by their name alone; given back as a file to keep, never opened in the page."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse
from django.utils.http import content_disposition_header

from parvis.documents import inspecting
from parvis.documents.tables import safe_name

LARGEST = 15 * 1024 * 1024  # bytes
_ZIP, _PDF = b"PK\x03\x04", b"%PDF-"
_KINDS = {
    "pdf": (_PDF, "application/pdf"),
    "docx": (_ZIP, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xlsx": (_ZIP, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "pptx": (_ZIP, "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    "odt": (_ZIP, "application/vnd.oasis.opendocument.text"),
    "ods": (_ZIP, "application/vnd.oasis.opendocument.spreadsheet"),
    "odp": (_ZIP, "application/vnd.oasis.opendocument.presentation"),
}


def ending_of(name: str) -> str:
    """The ending of a file's name, in lower case, without its dot."""
    return PurePosixPath(name).suffix.lower().lstrip(".")


class FileField(forms.FileField):
    """A PDF or a file of an office suite without macros, of a size that travels by mail."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "PDF, texte, tableau ou diaporama, 15 Mo au plus.")
        super().__init__(**kwargs)
        endings = ",".join(f".{ending}" for ending in _KINDS)
        self.widget.attrs["accept"] = endings

    def clean(self, data: Any, initial: Any = None) -> Any:
        """ValidationError with words for people when it is not such a file."""
        found = super().clean(data, initial)
        if isinstance(found, UploadedFile):
            _check(found)
        return found


def _check(upload: UploadedFile) -> None:
    kind = _KINDS.get(ending_of(upload.name or ""))
    if kind is None:
        raise ValidationError("Ce genre de fichier n’est pas accepté : donnez plutôt un PDF.")
    if (upload.size or 0) > LARGEST:
        raise ValidationError("Ce fichier pèse plus de 15 Mo : allégez-le.")
    data = upload.read()
    upload.seek(0)
    if not data.startswith(kind[0]):
        raise ValidationError(inspecting.DAMAGED)
    if fault := inspecting.fault_of(ending_of(upload.name or ""), data):
        raise ValidationError(fault)


def file_response(file: Any, title: str) -> FileResponse:
    """A stored file, to be kept under its title."""
    ending = ending_of(file.name)
    content_type = _KINDS.get(ending, (b"", "application/octet-stream"))[1]
    response = FileResponse(file.open("rb"), content_type=content_type)
    name = safe_name(title, ending)
    response["Content-Disposition"] = str(content_disposition_header(True, name))
    response["Cache-Control"] = "private, no-store"
    return response
