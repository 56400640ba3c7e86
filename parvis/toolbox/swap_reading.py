"""The text of a package, read strictly: what is not as docs/sheet-package.md says is refused, what
is not known there is left out, and rich text is reduced to what the editor itself can write."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from parvis.toolbox import swap_format as form
from parvis.toolbox.booklet_richtext import Link, read, to_html
from parvis.toolbox.labels import languages, licences
from parvis.toolbox.swap_format import PackageRefused

BLOCKS = ("text", "picture", "table", "note", "steps", "paper")
KINDS = ("method", "experience", "advice", "guide", "model", "news")
TONES = ("retenir", "attention", "exemple")
MOST_BLOCKS, MOST_ROWS, MOST_COLUMNS = 400, 400, 12
LONGEST_RICH = 200_000  # letters of one rich text


@dataclass(frozen=True)
class FileSaid:
    """A file as the text of the package names it."""

    name: str
    kind: str  # "picture", "paper"
    title: str
    sha256: str
    bytes: int
    description: str = ""
    credit: str = ""


@dataclass(frozen=True)
class SheetSaid:
    """What a package says, all of it of the right shape."""

    kind: str
    title: str
    summary: str
    author: str
    contributors: str
    contact: str
    licence: str
    version: int
    validated_by: str
    days: dict[str, date | None]
    fields: dict[str, Any]  # those of its kind; rich ones as HTML of ours
    body: list[dict[str, Any]]
    themes: list[str]
    labels: list[tuple[str, str]]
    wordings: list[dict[str, Any]]
    installation: str
    address: str
    origin: str
    origin_url: str
    files: list[FileSaid]


def read_sheet(said: Any) -> SheetSaid:
    """The text of a package; PackageRefused with words for people where it is of another shape."""
    top = _Said(said, "paquet")
    if top.text("format", 40) != form.FORMAT:
        raise PackageRefused("Ce fichier n’est pas un paquet de fiche.")
    if top.number("version") != form.VERSION:
        raise PackageRefused("Ce paquet suit une version du format que Parvis ne connaît pas ici.")
    files = [_file(one) for one in top.several("files", form.MOST_FILES)]
    if len({file.name for file in files}) != len(files):
        raise PackageRefused("Ce paquet nomme deux fois le même fichier.")
    sheet, exporter, origin = top.inner("sheet"), top.inner("exporter"), top.inner("origin")
    texts = _Texts({file.name: file for file in files})
    kind = sheet.one_of("kind", KINDS)
    return SheetSaid(
        kind=kind,
        title=sheet.text("title", 255, needed=True),
        summary=sheet.text("summary", 300),
        author=sheet.text("author", 200, needed=True),
        contributors=sheet.text("contributors", 300),
        contact=sheet.text("contact", 200),
        licence=_licence(sheet),
        version=sheet.number("version"),
        validated_by=sheet.text("validated_by", 200),
        days={name: sheet.day(name) for name in form.DAYS},
        fields={
            **{name: texts.html(sheet.rich(name)) for name in form.RICH.get(kind, ())},
            **{name: sheet.text(name, 200) for name in form.LINES.get(kind, ())},
            **{name: sheet.money(name) for name in form.MONEY.get(kind, ())},
        },
        body=[texts.block(one) for one in sheet.several("body", MOST_BLOCKS)],
        themes=[_plain(one, 40) for one in sheet.several("themes", 60)],
        labels=[_pair(one) for one in sheet.several("labels", 200)],
        wordings=_wordings(sheet, texts),
        installation=exporter.text("installation", 100, needed=True),
        address=exporter.address("address"),
        origin=origin.text("name", 200, needed=True),
        origin_url=origin.address("url"),
        files=files,
    )


class _Said:
    """An object of the text, asked for what it must hold."""

    def __init__(self, said: Any, where: str) -> None:
        if not isinstance(said, dict):
            raise PackageRefused(f"Ce paquet est mal fait ({where}).")
        self.said, self.where = said, where

    def wrong(self, key: str) -> PackageRefused:
        return PackageRefused(f"Ce paquet est mal fait ({self.where}, {key}).")

    def inner(self, key: str) -> _Said:
        return _Said(self.said.get(key), key)

    def text(self, key: str, most: int, *, needed: bool = False) -> str:
        value = self.said.get(key)
        if value is None:
            value = ""
        if not isinstance(value, str) or len(value) > most:
            raise self.wrong(key)
        line = _line(value)
        if needed and not line:
            raise self.wrong(key)
        return line

    def rich(self, key: str) -> str:
        value = self.said.get(key)
        if value is None:
            return ""
        if not isinstance(value, str) or len(value) > LONGEST_RICH:
            raise self.wrong(key)
        return value

    def number(self, key: str) -> int:
        value = self.said.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 30_000:
            raise self.wrong(key)
        return value

    def one_of(self, key: str, known: Any) -> str:
        value = self.said.get(key)
        if not isinstance(value, str) or value not in known:
            raise self.wrong(key)
        return value

    def several(self, key: str, most: int) -> list[Any]:
        value = self.said.get(key)
        if value is None:
            return []
        if not isinstance(value, list) or len(value) > most:
            raise self.wrong(key)
        return value

    def day(self, key: str) -> date | None:
        value = self.said.get(key)
        if value is None:
            return None
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            raise self.wrong(key) from None

    def money(self, key: str) -> Decimal | None:
        value = self.said.get(key)
        if value is None:
            return None
        if not isinstance(value, str) or not re.fullmatch(r"\d{1,8}(\.\d{1,2})?", value):
            raise self.wrong(key)
        try:
            return Decimal(value).quantize(Decimal("0.01"))
        except InvalidOperation:
            raise self.wrong(key) from None

    def address(self, key: str) -> str:
        value = self.text(key, 200)
        if value and not is_web_address(value):
            raise self.wrong(key)
        return value


def is_web_address(text: str) -> bool:
    """Whether a text is the address of a page on the web, and nothing else."""
    try:
        parts = urlsplit(text)
        return (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and parts.username is None
            and not re.search(r"[\s<>\"'\\]", text)
        )
    except ValueError:
        return False


def _line(value: str) -> str:
    """A text of one line, without any sign that shows nothing or turns the reading around."""
    kept = "".join(
        " " if letter in "\n\t\r" else letter
        for letter in value
        if letter in "\n\t\r" or unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co")
    )
    return " ".join(kept.replace("\xa0", "\0").split()).replace("\0", "\xa0")


def _plain(value: Any, most: int) -> str:
    if not isinstance(value, str) or len(value) > most:
        raise PackageRefused("Ce paquet est mal fait (étiquettes).")
    return _line(value)


def _pair(value: Any) -> tuple[str, str]:
    if not isinstance(value, list) or len(value) != 2:
        raise PackageRefused("Ce paquet est mal fait (étiquettes).")
    return _plain(value[0], 20), _plain(value[1], 30)


def _licence(sheet: _Said) -> str:
    value = sheet.text("licence", 40)
    if value not in licences():
        raise PackageRefused(
            "La licence de cette fiche n’est pas de celles sous lesquelles on la reprend ici."
        )
    return value


def _wordings(sheet: _Said, texts: _Texts) -> list[dict[str, Any]]:
    """The other wordings, in the languages that are known here. Versions are counted anew where a
    sheet comes in: a wording of the text that comes is of the first, an older one of none."""
    current = sheet.number("version")
    found: dict[str, dict[str, Any]] = {}
    for one in sheet.several("wordings", 20):
        said = _Said(one, "wordings")
        language = said.text("language", 8, needed=True)
        if language in languages():
            found[language] = {
                "language": language,
                "title": said.text("title", 255, needed=True),
                "text": texts.html(said.rich("text")),
                "of_version": int(said.number("of_version") >= current),
            }
    return list(found.values())


def _file(one: Any) -> FileSaid:
    said = _Said(one, "files")
    name, digest = said.text("name", 90), said.text("sha256", 64)
    size = said.said.get("bytes")
    if not form.FILE.fullmatch(name) or not re.fullmatch(r"[0-9a-f]{64}", digest):
        raise said.wrong("name")
    if not isinstance(size, int) or isinstance(size, bool) or not 0 <= size <= form.LARGEST_FILE:
        raise said.wrong("bytes")
    return FileSaid(
        name=name,
        kind=said.one_of("kind", ("picture", "paper")),
        title=said.text("title", 255, needed=True),
        sha256=digest,
        bytes=size,
        description=said.text("description", 255),
        credit=said.text("credit", 160),
    )


class _Texts:
    """Rich texts and blocks, whose files must be those of the package."""

    def __init__(self, files: dict[str, FileSaid]) -> None:
        self.files = files

    def html(self, rich: str) -> str:
        return to_html(read(rich), self._address)

    def _address(self, link: Link) -> str:
        """The addresses that a text may lead to: the web, mail, a telephone, or a paper of the
        package; pages and papers of this installation are none of its business."""
        if link.kind != "url":
            return ""
        named = self.files.get(link.to)
        if named is not None and named.kind == "paper":
            return link.to
        if re.fullmatch(r"(mailto:[^\s<>\"']{3,200}|tel:\+?[0-9 .-]{3,20})", link.to):
            return link.to
        return link.to if is_web_address(link.to) else ""

    def block(self, one: Any) -> dict[str, Any]:
        """A block of the text, of one of the six kinds."""
        said = _Said(one, "body")
        kind = said.one_of("type", BLOCKS)
        if kind == "text":
            return {"type": kind, "value": self.html(said.rich("value"))}
        return {"type": kind, "value": getattr(self, f"_{kind}")(said.inner("value"))}

    def _note(self, value: _Said) -> dict[str, Any]:
        return {"tone": value.one_of("tone", TONES), "text": self.html(value.rich("text"))}

    def _steps(self, value: _Said) -> dict[str, Any]:
        steps = [self.html(_rich(one)) for one in value.several("steps", 100)]
        return {"title": value.text("title", 120), "steps": steps}

    def _table(self, value: _Said) -> dict[str, Any]:
        heads = [_cell(one) for one in value.several("heads", MOST_COLUMNS)]
        rows = value.several("rows", MOST_ROWS)
        if any(not isinstance(row, list) or len(row) != len(heads) for row in rows):
            raise value.wrong("rows")
        told = [[_cell(cell) for cell in row] for row in rows]
        return {"caption": value.text("caption", 300), "heads": heads, "rows": told}

    def _picture(self, value: _Said) -> dict[str, Any]:
        return {
            "file": self._named(value, "picture"),
            "alt": value.text("alt", 250),
            "caption": value.text("caption", 250),
            "decorative": value.said.get("decorative") is True,
        }

    def _paper(self, value: _Said) -> dict[str, Any]:
        return {
            "file": self._named(value, "paper"),
            "label": value.text("label", 160, needed=True),
        }

    def _named(self, value: _Said, kind: str) -> str:
        name = value.text("file", 90, needed=True)
        if name not in self.files or self.files[name].kind != kind:
            raise value.wrong("file")
        return name


def _rich(value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_RICH:
        raise PackageRefused("Ce paquet est mal fait (étapes).")
    return value


def _cell(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 2000:
        raise PackageRefused("Ce paquet est mal fait (tableau).")
    return _line(value)
