"""What is kept of somebody as a file to take away: for a program (JSON) and to be read (HTML)."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePosixPath
from tempfile import SpooledTemporaryFile
from typing import Any

from django.http import FileResponse
from django.template.loader import render_to_string
from django.utils import timezone

from parvis.documents.tables import safe_name
from parvis.portal.my_data import Kept
from parvis.ui.unkept import unkept

IN_MEMORY = 2_000_000  # bytes; a larger file waits on the disk, without a name


def file_of(kept: Sequence[Kept], *, who: str, now: datetime | None = None) -> FileResponse:
    """One archive with everything, sent as it is read. `who`: the address, as it was given."""
    at = timezone.localtime(now)
    # Closed by the answer once it was sent.
    archive = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as pack:
        content = {"address": who, "made_at": at.isoformat(), "held": [_plain(one) for one in kept]}
        words = json.dumps(content, ensure_ascii=False, indent=2)
        pack.writestr("donnees.json", words)
        page = render_to_string("portal/my_data_file.html", {"kept": kept, "who": who, "at": at})
        pack.writestr("donnees.html", page)
        for one in kept:
            for thing, _ in one.things:
                for number, file in enumerate(thing.files, 1):
                    _add(pack, f"fichiers/{one.code}-{thing.pk}-{number}", file)
    archive.seek(0)
    name = safe_name(f"mes-donnees-{at:%Y-%m-%d}", "zip")
    response = FileResponse(
        archive, as_attachment=True, filename=name, content_type="application/zip"
    )
    unkept(response)
    return response


def _plain(kept: Kept) -> dict[str, Any]:
    return {
        "code": kept.code,
        "label": kept.label,
        "things": [
            {
                "title": thing.title,
                "facts": [{"label": label, "value": value} for label, value in thing.facts],
                "kept": thing.kept,
                "not_erased_because": thing.standing,
                "read": [
                    {"at": one.at.isoformat(), "by": one.organisation.name, "how": one.how}
                    for one in read
                ],
            }
            for thing, read in kept.things
        ],
    }


def _add(pack: zipfile.ZipFile, name: str, file: Any) -> None:
    """A stored file; one that is gone from the store is left out rather than stop the others."""
    try:
        with file.open("rb") as opened:
            pack.writestr(f"{name}{PurePosixPath(str(file.name)).suffix}", opened.read())
    except FileNotFoundError:
        return
