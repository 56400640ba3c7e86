"""What a sheet says on paper: its own text as plain data, in the order in which it is read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.urls import reverse

from parvis.documents.codes import qr_code
from parvis.partners.actors import NOBODY
from parvis.partners.models import Organisation
from parvis.toolbox.booklet_files import format_of, weight_of
from parvis.toolbox.booklet_letters import all_drawn
from parvis.toolbox.booklet_pictures import Print, printed
from parvis.toolbox.booklet_richtext import Block, Link, links_in, read, to_data
from parvis.toolbox.booklet_words import full_day
from parvis.toolbox.labels import languages, licences
from parvis.toolbox.models import Paper, Picture, Sheet
from parvis.ui.words import euros_in_words

# The parts of each kind in their order of reading; the text itself (`body`) comes after them.
PARTS: dict[str, tuple[tuple[str, str], ...]] = {
    Sheet.Kind.METHOD: (
        ("question", "La question"),
        ("when", "Quand s’en servir"),
        ("steps", "Étapes"),
        ("who", "Qui"),
        ("means", "Moyens"),
        ("pitfalls", "À éviter"),
    ),
    Sheet.Kind.EXPERIENCE: (
        ("context", "Contexte"),
        ("done", "Ce qui a été fait"),
        ("funding", "Financement"),
        ("results", "Résultats mesurés"),
        ("differently", "Ce que nous ferions autrement"),
    ),
}
TONES = {"retenir": "À retenir", "attention": "Attention", "exemple": "Exemple"}
NOTHING_MORE = "Pour aller plus loin"


@dataclass
class _Read:
    """One sheet, its rich texts read into blocks."""

    sheet: Any
    wording: Any
    passages: list[tuple[str, list[Any]]] = field(default_factory=list)  # Block, or a raw block


@dataclass
class Told:
    """Sheets as data for a template, and the files that these name."""

    sheets: list[dict[str, Any]]
    files: dict[str, bytes]


def tell(sheets: Sequence[Any], *, wording: Any = None, drafts: bool = False) -> Told:
    """These sheets (specific ones) on paper, or one of them in another wording.

    Links to what a stranger may not read are told as words. Queries do not grow with the sheets.
    `drafts`: pictures and papers of a text that was never published are shown too, to its writer.
    """
    texts = [_read(sheet, wording) for sheet in sheets]
    found = _Things(texts, drafts)
    authors = Organisation.objects.in_bulk({text.sheet.author_id for text in texts})
    told = [_told(text, found, authors[text.sheet.author_id].name) for text in texts]
    for one in told:
        found.files[one["qr"]] = qr_code(one["address"])
    return Told(all_drawn(told), found.files)


def _read(sheet: Any, wording: Any) -> _Read:
    text = _Read(sheet, wording)
    if wording is not None:
        text.passages.append(("", list(read(wording.text))))
        return text
    for name, title in PARTS.get(sheet.kind, ()):
        value = getattr(sheet, name)
        if value:
            text.passages.append((title, list(read(str(value)))))
    body: list[Any] = []
    for block in sheet.body.get_prep_value():
        kind, value = block["type"], block["value"]
        if kind == "text":
            body += read(value)
        elif kind == "note":
            body.append({**block, "blocks": read(value["text"])})
        elif kind == "steps":
            body.append({**block, "items": [read(one) for one in _items(value["steps"])]})
        else:
            body.append(block)
    if body:
        text.passages.append((NOTHING_MORE if text.passages else "", body))
    return text


def _items(raw: Iterable[Any]) -> list[str]:
    """The texts of a list as it is kept, with or without the numbers of its items."""
    return [one["value"] if isinstance(one, dict) else str(one) for one in raw]


class _Things:
    """Pages, papers and pictures that some texts name, fetched together."""

    def __init__(self, texts: list[_Read], drafts: bool) -> None:
        links: set[Link] = set()
        papers, pictures = set(), set()
        for text in texts:
            for _, blocks in text.passages:
                for one in blocks:
                    links |= _links(one)
                    if isinstance(one, dict) and one["type"] == "paper":
                        papers.add(one["value"]["paper"])
                    if isinstance(one, dict) and one["type"] == "picture":
                        pictures.add(one["value"]["picture"])
        papers |= {int(link.to) for link in links if link.kind == "document"}
        pages = {int(link.to) for link in links if link.kind == "page"}
        seen_papers: Any = Paper.objects if drafts else Paper.objects.visible_to(NOBODY)
        seen_pictures: Any = Picture.objects if drafts else Picture.objects.visible_to(NOBODY)
        self.papers = {one.pk: one for one in seen_papers.filter(pk__in=papers - {None})}
        self.pictures = {one.pk: one for one in seen_pictures.filter(pk__in=pictures - {None})}
        open_pages = Sheet.objects.visible_to(NOBODY).filter(pk__in=pages)
        self.pages = set(open_pages.values_list("pk", flat=True))
        self.prints: dict[int, Print | None] = {}
        self.files: dict[str, bytes] = {}

    def address(self, link: Link) -> str:
        """Where a link leads on paper; empty where a stranger finds nothing."""
        if link.kind == "page":
            known = int(link.to) in self.pages
            return address_of(int(link.to)) if known else ""
        if link.kind == "document":
            return paper_address(int(link.to)) if int(link.to) in self.papers else ""
        if link.to.startswith(("https://", "http://", "mailto:", "tel:")):
            return link.to
        return f"{settings.SITE_URL}{link.to}" if link.to.startswith("/") else ""

    def print_of(self, pk: int) -> Print | None:
        """A picture made for paper, once."""
        if pk not in self.prints:
            made = printed(self.pictures[pk]) if pk in self.pictures else None
            self.prints[pk] = made
            if made is not None:
                self.files[f"/picture-{pk}.jpg"] = made.jpeg
        return self.prints[pk]


def _links(one: Any) -> set[Link]:
    if isinstance(one, Block):
        return links_in([one])
    found = links_in(one.get("blocks", []))
    for item in one.get("items", []):
        found |= links_in(item)
    return found


def address_of(pk: int) -> str:
    """The address of a sheet, as it is read from paper."""
    return f"{settings.SITE_URL}{reverse('toolbox:sheet', args=[pk])}"


def paper_address(pk: int) -> str:
    """The address of a document, as it is read from paper."""
    return f"{settings.SITE_URL}{reverse('toolbox:paper', args=[pk])}"


def _told(text: _Read, found: _Things, author: str) -> dict[str, Any]:
    sheet, wording = text.sheet, text.wording
    licence = licences()[sheet.licence]
    return {
        "title": wording.title if wording else sheet.title,
        "kind": _kind(sheet, wording),
        "summary": "" if wording else sheet.summary,
        "draft": not sheet.live,
        "expired": _expired(sheet),
        "older": _older(sheet, wording),
        "facts": _facts(sheet, author),
        "parts": [
            {"title": title, "blocks": [data for one in blocks for data in _block(one, found)]}
            for title, blocks in text.passages
        ],
        "address": address_of(sheet.pk) + (f"?texte={wording.language}" if wording else ""),
        "qr": f"/qr-{sheet.pk}.svg",
        "signed": f"{author}, {_dated(sheet)}",
        "licence": {"label": licence.label, "url": licence.url},
    }


def _kind(sheet: Any, wording: Any) -> str:
    kind = str(sheet.get_kind_display())
    label = f" · {languages()[wording.language].label}" if wording else ""
    return f"{kind[:1].upper()}{kind[1:]}{label}"


def _expired(sheet: Any) -> str:
    if not sheet.is_expired:
        return ""
    until = full_day(sheet.expires_on)
    return f"Cette fiche n’est plus tenue à jour : elle était valable jusqu’au {until}."


def _older(sheet: Any, wording: Any) -> str:
    if wording is None or wording.of_version >= sheet.version:
        return ""
    return "Ce texte est plus ancien que la fiche : elle a changé depuis."


def _dated(sheet: Any) -> str:
    if not sheet.live or sheet.last_published_at is None:
        return "texte non publié"
    return f"version {sheet.version} du {full_day(sheet.last_published_at)}"


def _facts(sheet: Any, author: str) -> list[tuple[str, str]]:
    known = [
        ("Auteur", author),
        ("Avec", sheet.contributors),
        ("Publication", _dated(sheet)),
        ("Validation", _validated(sheet)),
        ("Valable jusqu’au", full_day(sheet.expires_on) if sheet.expires_on else ""),
        ("D’abord publiée par", _origin(sheet)),
        *_measures(sheet),
        ("Renseignements", sheet.contact),
    ]
    return [(name, value) for name, value in known if value]


def _validated(sheet: Any) -> str:
    if not sheet.validated_on:
        return ""
    by = f", {sheet.validated_by}" if sheet.validated_by else ""
    return f"{full_day(sheet.validated_on)}{by}"


def _origin(sheet: Any) -> str:
    return " · ".join(one for one in (sheet.origin, sheet.origin_url) if one)


def _measures(sheet: Any) -> list[tuple[str, str]]:
    if sheet.kind == Sheet.Kind.METHOD:
        return [("Durée", sheet.duration), ("Coût", _cost(sheet.cost_from, sheet.cost_to))]
    if sheet.kind == Sheet.Kind.EXPERIENCE:
        scale = sheet.get_scale_display() if sheet.scale else ""
        return [
            ("Échelle", str(scale)),
            ("Quand", sheet.period),
            ("Coût", _cost(sheet.cost, None)),
        ]
    return []


def _cost(least: Any, most: Any) -> str:
    if most and not least:
        return f"jusqu’à {euros_in_words(most)}"
    if least is not None and most is not None and least != most:
        return f"de {euros_in_words(least)} à {euros_in_words(most)}"
    known = least if least is not None else most
    if known is None:
        return ""
    return euros_in_words(known) if known else "sans dépense"


def _block(one: Any, found: _Things) -> list[dict[str, Any]]:
    """A block of a text as a template reads it; nothing where its file may not be seen."""
    if isinstance(one, Block):
        return to_data([one], found.address)
    kind, value = one["type"], one["value"]
    if kind == "note":
        blocks = to_data(one["blocks"], found.address)
        return [{"kind": "note", "title": TONES.get(value["tone"], ""), "blocks": blocks}]
    if kind == "steps":
        items = [to_data(item, found.address) for item in one["items"]]
        return [{"kind": "steps", "title": value.get("title") or "", "items": items}]
    if kind == "table":
        return _table(value)
    if kind == "picture":
        return _picture(value, found)
    return _paper(value, found)


def _table(value: Any) -> list[dict[str, Any]]:
    heads = [column.get("heading") or "" for column in (value or {}).get("columns", [])]
    if not heads:
        return []
    rows = [[str(cell or "") for cell in row["values"]] for row in value.get("rows", [])]
    return [{"kind": "table", "caption": value.get("caption") or "", "heads": heads, "rows": rows}]


def _picture(value: Any, found: _Things) -> list[dict[str, Any]]:
    made = found.print_of(value["picture"])
    if made is None:
        return []
    caption, picture = value.get("caption") or "", found.pictures[value["picture"]]
    words = value.get("alt") or caption or picture.description or "Image sans description"
    return [
        {
            "kind": "picture",
            "file": f"/picture-{picture.pk}.jpg",
            "width": made.width_mm,
            "alt": "" if value.get("decorative") else words,
            "caption": caption,
            "credit": f"Photo : {picture.credit}" if picture.credit else "",
        }
    ]


def _paper(value: Any, found: _Things) -> list[dict[str, Any]]:
    paper = found.papers.get(value["paper"])
    if paper is None:
        return []
    return [
        {
            "kind": "paper",
            "label": value["label"],
            "format": format_of(paper.filename).label,
            "size": weight_of(paper),
            "url": paper_address(paper.pk),
        }
    ]
