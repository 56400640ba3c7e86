"""A published sheet as one file for another territory: its text, its files, its licence, where it
comes from, and a signature over all of it."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import slugify

from parvis.documents.files import ending_of
from parvis.partners.actors import NOBODY
from parvis.toolbox import swap_format as form
from parvis.toolbox.booklet_content import address_of
from parvis.toolbox.booklet_richtext import Link, read, to_html
from parvis.toolbox.models import Paper, Picture, Sheet
from parvis.toolbox.publishing import files_of
from parvis.toolbox.swap_keys import public_key, sign


def export(sheet: Any) -> bytes:
    """The package of a published sheet (a specific one); only what everybody may read is in it."""
    files = _Files(sheet)
    said = {
        "format": form.FORMAT,
        "version": form.VERSION,
        "exported_at": timezone.now(),
        "exporter": {
            "installation": settings.BRAND["name"],
            "address": settings.SITE_URL,
            "sheet": address_of(sheet.pk),
        },
        # Where it was published first, which is not always here.
        "origin": {
            "name": sheet.origin or f"{sheet.author.name} · {settings.BRAND['name']}",
            "url": sheet.origin_url or address_of(sheet.pk),
        },
        "sheet": _sheet(sheet, files),
        "files": files.list(),
    }
    text = json.dumps(said, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1).encode()
    seal = {"algorithm": "ed25519", "key": public_key(), "signature": sign(text)}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(form.SHEET, text)
        package.writestr(form.SIGNATURE, json.dumps(seal, indent=1))
        for name, content in files.contents.items():
            package.writestr(name, content)
    return out.getvalue()


def _sheet(sheet: Any, files: _Files) -> dict[str, Any]:
    kind = sheet.kind
    return {
        "kind": kind,
        "title": sheet.title,
        "summary": sheet.summary,
        "author": sheet.author.name,
        "contributors": sheet.contributors,
        "contact": sheet.contact,
        "licence": sheet.licence,
        "version": sheet.version,
        "published_at": sheet.last_published_at,
        "validated_by": sheet.validated_by,
        **{name: getattr(sheet, name) for name in form.DAYS},
        **{name: files.html(getattr(sheet, name)) for name in form.RICH.get(kind, ())},
        **{name: getattr(sheet, name) for name in form.LINES.get(kind, ())},
        **{name: getattr(sheet, name) for name in form.MONEY.get(kind, ())},
        "body": [block for one in sheet.body.get_prep_value() for block in _block(one, files)],
        "themes": sorted(theme.code for theme in sheet.themes.all()),
        "labels": sorted([label.group, label.code] for label in sheet.labels.all()),
        "wordings": [
            {
                "language": one.language,
                "title": one.title,
                "text": files.html(one.text),
                "of_version": one.of_version,
            }
            for one in sheet.wordings.all()
        ],
    }


def _block(block: Any, files: _Files) -> list[dict[str, Any]]:
    kind, value = block["type"], block["value"]
    if kind == "text":
        return [{"type": kind, "value": files.html(value)}]
    if kind == "note":
        return [{"type": kind, "value": {"tone": value["tone"], "text": files.html(value["text"])}}]
    if kind == "steps":
        steps = [one["value"] if isinstance(one, dict) else one for one in value["steps"]]
        told = {"title": value.get("title") or "", "steps": [files.html(one) for one in steps]}
        return [{"type": kind, "value": told}]
    if kind == "table":
        return [{"type": kind, "value": _table(value)}] if value else []
    if kind == "picture":
        name = files.picture(value["picture"])
        rest = {key: value.get(key) or "" for key in ("alt", "caption")}
        decorative = bool(value.get("decorative"))
        told = {"file": name, **rest, "decorative": decorative}
        return [{"type": kind, "value": told}] if name else []
    name = files.paper(value["paper"])
    return [{"type": kind, "value": {"file": name, "label": value["label"]}}] if name else []


def _table(value: Any) -> dict[str, Any]:
    return {
        "caption": value.get("caption") or "",
        "heads": [column.get("heading") or "" for column in value["columns"]],
        "rows": [[str(cell or "") for cell in row["values"]] for row in value["rows"]],
    }


class _Files:
    """The files that a sheet shows, each once, and what its links lead to."""

    def __init__(self, sheet: Any) -> None:
        pictures, papers = files_of(sheet)
        self.pictures = _by_id(Picture.objects.visible_to(NOBODY).filter(pk__in=pictures))
        self.papers = _by_id(Paper.objects.visible_to(NOBODY).filter(pk__in=papers))
        self.contents: dict[str, bytes] = {}
        self.told: dict[str, dict[str, Any]] = {}
        self.names: dict[tuple[str, int], str] = {}

    def html(self, rich: Any) -> str:
        """A rich text whose links lead to absolute addresses, or to files of the package."""
        return to_html(read(str(rich or "")), self._address)

    def picture(self, pk: int) -> str:
        found = self.pictures.get(pk)
        if found is None:
            return ""
        more = {"description": found.description, "credit": found.credit}
        return self._put("picture", found, found.filename, more)

    def paper(self, pk: int) -> str:
        found = self.papers.get(pk)
        return "" if found is None else self._put("paper", found, found.filename, {})

    def list(self) -> list[dict[str, Any]]:
        return list(self.told.values())

    def _address(self, link: Link) -> str:
        if link.kind == "document":
            return self.paper(int(link.to))
        if link.kind == "page":
            live = Sheet.objects.visible_to(NOBODY).filter(pk=int(link.to))
            return address_of(int(link.to)) if live.exists() else ""
        if link.to.startswith("/"):
            return f"{settings.SITE_URL}{link.to}"
        return link.to

    def _put(self, kind: str, row: Any, filename: str, more: dict[str, Any]) -> str:
        if (kind, row.pk) in self.names:
            return self.names[kind, row.pk]
        with row.file.open("rb") as file:
            content: bytes = file.read()
        stem = slugify(row.title)[:40].strip("-") or kind
        name = f"files/{kind}-{row.pk}-{stem}.{ending_of(filename)}"
        self.names[kind, row.pk], self.contents[name] = name, content
        self.told[name] = {
            "name": name,
            "kind": kind,
            "title": row.title,
            "sha256": hashlib.sha256(content).hexdigest(),
            "bytes": len(content),
            **more,
        }
        return name


def _by_id(rows: QuerySet[Any]) -> dict[int, Any]:
    return {row.pk: row for row in rows}
