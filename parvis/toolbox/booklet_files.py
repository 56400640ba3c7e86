"""Documents that sheets offer: in which format, how heavy, open formats first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from parvis.documents.files import ending_of
from parvis.ui.words import weight_in_words


@dataclass(frozen=True)
class Format:
    """What people call a format, and whether anybody may read and write it freely."""

    label: str
    open: bool = True
    rank: int = 0  # among what is offered: what can be changed comes before what can be printed


FORMATS = {
    "odt": Format("texte OpenDocument"),
    "ods": Format("tableau OpenDocument"),
    "odp": Format("diaporama OpenDocument"),
    "csv": Format("tableau CSV"),
    "txt": Format("texte brut"),
    "pdf": Format("PDF", rank=1),
    "docx": Format("texte Word", open=False, rank=2),
    "xlsx": Format("tableau Excel", open=False, rank=2),
    "pptx": Format("diaporama PowerPoint", open=False, rank=2),
}
OTHER = Format("autre format", open=False, rank=3)
NOT_OPEN = "Format d’un éditeur, que LibreOffice sait ouvrir."


@dataclass(frozen=True)
class Offer:
    """One document to download, as its line says it."""

    paper: Any
    label: str
    format: Format
    size: str

    @property
    def remark(self) -> str:
        """What to know before one downloads it."""
        return "" if self.format.open else NOT_OPEN


def format_of(name: str) -> Format:
    """The format of a file, told by the ending of its name."""
    return FORMATS.get(ending_of(name), OTHER)


def weight_of(paper: Any) -> str:
    """How heavy a document is, in words; nothing when its file is gone."""
    size = paper.file_size
    if size is None:
        try:
            size = paper.file.size
        except OSError:
            return ""
    return weight_in_words(int(size))


def offers(papers: Iterable[tuple[Any, str]]) -> list[Offer]:
    """Documents with their label, open formats first; the order of the text within a format."""
    found = [
        Offer(paper, label or paper.title, format_of(paper.filename), weight_of(paper))
        for paper, label in papers
    ]
    return sorted(found, key=lambda one: one.format.rank)


def offered_by(sheet: Any) -> list[Offer]:
    """The documents that the text of a sheet offers, each once. Two queries at most."""
    from parvis.toolbox.models import Paper

    labels: dict[int, str] = {}
    for block in sheet.body.get_prep_value():
        if block["type"] == "paper" and block["value"]["paper"]:
            labels.setdefault(block["value"]["paper"], block["value"]["label"])
    papers = Paper.objects.in_bulk(labels)
    return offers((papers[pk], label) for pk, label in labels.items() if pk in papers)
