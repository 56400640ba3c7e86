"""A draft out of a package: new files under new names, rich text by the editor's filter."""

from __future__ import annotations

import io
import secrets
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.utils.text import slugify
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

from parvis.documents import photos
from parvis.documents.files import ending_of
from parvis.toolbox.blocks import LINE
from parvis.toolbox.booklet_richtext import read, to_html
from parvis.toolbox.edit_files import paper_fault
from parvis.toolbox.models import (
    AdviceSheet,
    Desk,
    ExperienceSheet,
    Label,
    MethodSheet,
    ModelSheet,
    NewsSheet,
    Paper,
    Picture,
    ResidentGuide,
    Sheet,
    Wording,
)
from parvis.toolbox.models.sheets import LINES
from parvis.toolbox.swap_format import RICH, PackageRefused
from parvis.toolbox.swap_package import Opened
from parvis.toolbox.swap_reading import FileSaid
from parvis.upkeep import themes
from parvis.upkeep.models import Theme

KINDS: dict[str, Any] = {
    kind.KIND: kind
    for kind in (MethodSheet, ExperienceSheet, AdviceSheet, ResidentGuide, ModelSheet, NewsSheet)
}
BODY = ["h3", "bold", "italic", "ol", "ul", "link", "document-link"]  # the editor's own
WORDING = ["h3", "bold", "italic", "ol", "ul", "link"]
ITEM = [*LINE, "ul"]


class Building:
    """One draft in the making."""

    def __init__(self, opened: Opened) -> None:
        self.opened, self.said = opened, opened.said
        self.ids: dict[str, int] = {}

    def check(self) -> None:
        """PackageRefused when a file is not what it must be. Writes nothing."""
        for file in self.said.files:
            if file.kind == "picture":
                _drawn_anew(self.opened.files[file.name])
            else:
                _check_paper(file, self.opened.files[file.name])

    def build(self, desk: Desk, user: Any) -> Sheet:
        """The draft on that desk, with all that belongs to it. In the caller's transaction."""
        said = self.said
        for file in said.files:
            self.ids[file.name] = self._keep(file, desk)
        kind = KINDS[said.kind]
        fields = {
            name: self._rich(value, LINES) if name in RICH.get(said.kind, ()) else value
            for name, value in said.fields.items()
        }
        sheet = kind(
            title=said.title,
            slug=self._slug(),
            live=False,
            summary=said.summary,
            contributors=_signed(said.author, said.contributors),
            contact=said.contact,
            licence=said.licence,
            origin=said.origin,
            origin_url=said.origin_url,
            review_on=said.days["review_on"],
            expires_on=said.days["expires_on"],
            **fields,
        )
        sheet.body = kind.body.field.stream_block.to_python(
            [{"type": one["type"], "value": self._block(one)} for one in said.body]
        )
        sheet.wordings = [
            Wording(**{**one, "text": self._rich(one["text"], WORDING)}, sort_order=place)
            for place, one in enumerate(said.wordings)
        ]
        sheet.themes = list(Theme.objects.filter(code__in=said.themes, version=themes.version()))
        sheet.labels = [
            label
            for label in Label.objects.filter(code__in=[code for _, code in said.labels])
            if (label.group, label.code) in said.labels
        ]
        try:
            desk.add_child(instance=sheet)
        except ValidationError as wrong:
            raise PackageRefused(" ".join(wrong.messages)) from wrong
        sheet.save_revision(user=user)
        return sheet  # type: ignore[no-any-return]

    def _slug(self) -> str:
        """A slug that no other sheet of the desk has: a sheet may be brought in twice."""
        return f"{slugify(self.said.title)[:60] or 'fiche'}-{secrets.token_hex(4)}"

    def _keep(self, file: FileSaid, desk: Desk) -> int:
        content = self.opened.files[file.name]
        stem = slugify(file.title)[:50] or file.kind
        new = f"{stem}-{secrets.token_hex(4)}"
        if file.kind == "picture":
            drawn = ImageFile(io.BytesIO(_drawn_anew(content)), name=f"{new}.jpg")
            picture = Picture.objects.create(
                title=file.title,
                description=file.description,
                credit=file.credit,
                collection=desk.collection,
                file=drawn,
            )
            return int(picture.pk)
        _check_paper(file, content)
        kept = ContentFile(content, name=f"{new}.{ending_of(file.name)}")
        paper = Paper(title=file.title, collection=desk.collection, file=kept)
        paper.file_size = len(content)
        paper.save()
        return int(paper.pk)

    def _rich(self, html: str, features: list[str]) -> str:
        """A rich text as the editor would have written it: through its own filter, then with the
        links to papers of the package turned into links to the papers just made."""
        if "document-link" not in features:
            html = to_html(read(html), lambda link: "" if link.to in self.ids else link.to)
        converter = ContentstateConverter(features=features)
        clean = str(converter.to_database_format(converter.from_database_format(html)))
        named = [name for name in self.ids if f'href="{name}"' in clean]
        for name in named:
            link = f'linktype="document" id="{self.ids[name]}"'
            clean = clean.replace(f'href="{name}"', link)
        return clean

    def _block(self, one: dict[str, Any]) -> Any:
        kind, value = one["type"], one["value"]
        if kind == "text":
            return self._rich(value, BODY)
        if kind == "note":
            return {"tone": value["tone"], "text": self._rich(value["text"], ITEM)}
        if kind == "steps":
            steps = [self._rich(step, ITEM) for step in value["steps"]]
            return {"title": value["title"], "steps": steps}
        if kind == "table":
            return {
                "caption": value["caption"],
                "columns": [{"type": "text", "heading": head} for head in value["heads"]],
                "rows": [{"values": row} for row in value["rows"]],
            }
        if kind == "picture":
            rest = {key: value[key] for key in ("alt", "caption", "decorative")}
            return {"picture": self.ids[value["file"]], **rest}
        return {"paper": self.ids[value["file"]], "label": value["label"]}


def _signed(author: str, contributors: str) -> str:
    """Who wrote it, as text: the author where it comes from, and those who helped them."""
    if author in contributors:
        return contributors
    return ", ".join(filter(None, (author, contributors)))[:300]


def _drawn_anew(content: bytes) -> bytes:
    """The picture as points alone: nothing that was hidden in its file follows."""
    try:
        return photos.clean(io.BytesIO(content)).jpeg
    except photos.PhotoRefused as refused:
        raise PackageRefused(f"Une image de ce paquet n’est pas prise. {refused}") from refused


def _check_paper(file: FileSaid, content: bytes) -> None:
    ending = ending_of(file.name)
    if ending not in settings.WAGTAILDOCS_EXTENSIONS:
        raise PackageRefused("Ce paquet contient un genre de document qui n’est pas admis.")
    fault = paper_fault(file.name, content)
    if fault:
        raise PackageRefused(f"Un document de ce paquet n’est pas pris. {fault}")
