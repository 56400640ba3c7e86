"""What a sheet must be before others read it: whole, and fit to be read by everybody.

A draft is kept whatever it is; these checks speak when it is proposed and when it is published.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from wagtail.rich_text import RichText

# What each kind cannot do without, beside its title, its sentence and its licence.
NEEDED: dict[str, tuple[str, ...]] = {
    "method": ("question", "steps", "who"),
    "experience": ("context", "done", "results"),
    "advice": ("body",),
    "guide": ("body",),
    "model": ("body",),
    "news": ("body",),
}
EMPTY_WORDS = {
    "ici",
    "là",
    "cliquez ici",
    "cliquer ici",
    "cliquez-ici",
    "clic",
    "lien",
    "ce lien",
    "suivre ce lien",
    "en savoir plus",
    "plus d'informations",
    "plus d'infos",
    "lire la suite",
    "lire",
    "voir",
    "suite",
    "page",
    "site",
    "document",
    "fichier",
    "pdf",
    "télécharger",
}
ADDRESS = re.compile(r"^(https?://|www\.)\S*$", re.IGNORECASE)
FILE_NAME = re.compile(r"\.(jpe?g|png|webp|gif|heic)$", re.IGNORECASE)


@dataclass(frozen=True)
class Fault:
    """What is to be mended, in French: in which field, and for the text in which of its blocks."""

    field: str
    text: str
    block: int | None = None
    part: str = ""  # the part of that block, when it has several


def faults(kind: str, values: Mapping[str, Any]) -> list[Fault]:
    """Everything to mend in the text of a sheet, field by field."""
    return [*_missing(kind, values), *_in_lines(values), *_in_body(values.get("body") or ())]


def faults_of(sheet: Any) -> list[Fault]:
    """Everything to mend in a sheet as it is."""
    names = [field.name for field in sheet._meta.get_fields() if field.concrete]
    found = faults(sheet.kind, {name: getattr(sheet, name) for name in names if name != "labels"})
    for one in sheet.wordings.all():
        found += wording_faults(one.title, one.text)
    return found


def wording_faults(title: str, text: Any) -> list[Fault]:
    """Everything to mend in another wording of a sheet."""
    told = [] if words_of(text) else ["le texte manque."]
    told += [*_rich_faults(text)]
    return [Fault("wordings", f"« {title} » : {one[0].lower()}{one[1:]}") for one in told]


def words_of(value: Any) -> str:
    """The bare words of a text, whatever its kind."""
    if isinstance(value, (str, RichText)):
        return " ".join(_read(value).words.split())
    return "" if value is None else str(value)


def _missing(kind: str, values: Mapping[str, Any]) -> Iterator[Fault]:
    if not words_of(values.get("title")):
        yield Fault("title", "Donnez un titre à la fiche.")
    if not words_of(values.get("summary")):
        yield Fault("summary", "Dites en une phrase ce que la fiche apporte.")
    if not values.get("licence"):
        yield Fault("licence", "Choisissez la licence sous laquelle la fiche est partagée.")
    for name in NEEDED.get(kind, ()):
        value = values.get(name)
        there = bool(value) if name == "body" else bool(words_of(value))
        if not there:
            yield Fault(name, "Remplissez cette partie : la fiche ne se comprend pas sans elle.")
    body = values.get("body") or ()
    if kind == "model" and not any(one.block_type == "paper" for one in body):
        yield Fault("body", "Ajoutez le document à télécharger.")


def _in_lines(values: Mapping[str, Any]) -> Iterator[Fault]:
    for name, value in values.items():
        if isinstance(value, str) and "<" in value:
            for text in _rich_faults(value):
                yield Fault(name, text)


def _in_body(body: Any) -> Iterator[Fault]:
    for place, block in enumerate(body):
        value = block.value
        if block.block_type == "text":
            yield from (Fault("body", text, place) for text in _rich_faults(value))
        elif block.block_type == "note":
            yield from (Fault("body", text, place, "text") for text in _rich_faults(value["text"]))
        elif block.block_type == "steps":
            yield from (Fault("body", text, place) for text in _steps_faults(value["steps"]))
        elif block.block_type == "picture":
            yield from (Fault("body", text, place, "alt") for text in _picture_faults(value))
        elif block.block_type == "paper" and _says_nothing(value["label"] or ""):
            yield Fault(
                "body", "Nommez le document : on doit savoir ce qu’on télécharge.", place, "label"
            )
        elif block.block_type == "table":
            yield from (Fault("body", text, place) for text in _table_faults(value))


def _steps_faults(steps: Any) -> Iterator[str]:
    if not any(words_of(step) for step in steps):
        yield "Écrivez au moins une étape."
    for step in steps:
        yield from _rich_faults(step)


def _picture_faults(value: Any) -> Iterator[str]:
    alt = (value["alt"] or "").strip()
    if value["decorative"] and alt:
        yield "L’image décore ou elle montre quelque chose : videz ce champ, ou décochez la case."
    elif not value["decorative"] and not alt:
        yield "Dites ce que l’image montre, ou cochez « l’image ne fait que décorer »."
    elif FILE_NAME.search(alt):
        yield "Un nom de fichier ne dit pas ce que l’image montre : décrivez-la en quelques mots."


def _table_faults(table: Any) -> Iterator[str]:
    if not table.columns or not table.row_data:
        yield "Le tableau est vide : remplissez-le ou retirez-le."
        return
    if not (table.caption or "").strip():
        yield "Donnez un titre au tableau : il dit à quoi le tableau répond."
    if not all((column["heading"] or "").strip() for column in table.columns):
        yield "Donnez un en-tête à chaque colonne du tableau."


def _rich_faults(value: Any) -> Iterator[str]:
    read = _read(value)
    level = 2  # the titles of a sheet's parts
    for found, words in read.headings:
        if not words.strip():
            yield "Un titre est vide : écrivez-le ou retirez-le."
        elif found > level + 1 or found < 3:
            yield f"Le titre « {words.strip()} » saute un niveau : les titres vont pas à pas."
        level = found
    for words in read.links:
        if _says_nothing(words):
            shown = words.strip() or "sans texte"
            yield f"Le lien « {shown} » ne dit pas où il mène : écrivez-le avec des mots."


def _says_nothing(words: str) -> bool:
    plain = " ".join(words.replace("\u2019", "'").replace("\xa0", " ").split())
    plain = plain.strip(" .…:>»«!").lower()
    return not plain or plain in EMPTY_WORDS or bool(ADDRESS.match(plain))


class _Reading(HTMLParser):
    """The words of a rich text, its headings and the words of its links."""

    def __init__(self) -> None:
        super().__init__()
        self.words = ""
        self.headings: list[tuple[int, str]] = []
        self.links: list[str] = []
        self._heading = self._link = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if re.fullmatch("h[1-6]", tag):
            self.headings.append((int(tag[1]), ""))
            self._heading = True
        elif tag == "a":
            self.links.append("")
            self._link = True
        self.words += " "

    def handle_endtag(self, tag: str) -> None:
        if re.fullmatch("h[1-6]", tag):
            self._heading = False
        elif tag == "a":
            self._link = False

    def handle_data(self, data: str) -> None:
        self.words += data
        if self._heading:
            level, words = self.headings[-1]
            self.headings[-1] = (level, words + data)
        if self._link:
            self.links[-1] += data


def _read(value: Any) -> _Reading:
    reading = _Reading()
    reading.feed(value.source if isinstance(value, RichText) else str(value or ""))
    reading.close()
    return reading
