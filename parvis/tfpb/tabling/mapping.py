"""The description of a model of table: where its title block, headings and rows stand, and how it
writes axes and amounts. Ours are in data/tables.toml; those that organisations describe are kept in
the same words."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from functools import cache, cached_property
from typing import Any

from parvis.partners.actors import Actor
from parvis.tfpb.axes import DATA
from parvis.tfpb.table_models import TableModel
from parvis.tfpb.tabling.fields import COLUMNS, HEAD
from parvis.tfpb.tabling.grids import fold, loose, position

AXES = {
    "number_label": "« Axe 3 : Sur-entretien »",
    "number": "« 3 »",
    "label": "« Sur-entretien »",
}
PERCENTS = {"points": "30 pour 30 %", "share": "0,30 pour 30 %"}
MONEYS = {"euros": "en euros", "thousands": "en milliers d’euros"}


@dataclass(frozen=True)
class Column:
    """One column: what it holds (nothing known when blank), its heading, the heading above it."""

    heading: str
    field: str = ""
    group: str = ""
    also: tuple[str, ...] = ()  # other spellings of its heading

    @cached_property
    def headings(self) -> set[str]:
        """How its own heading may be spelt, folded."""
        return {fold(one) for one in (self.heading, *self.also)}

    @cached_property
    def loose_headings(self) -> set[str]:
        """The same without what stands in brackets."""
        return {loose(one) for one in (self.heading, *self.also)} - {""}

    @cached_property
    def folded_group(self) -> str:
        """The heading above, folded."""
        return fold(self.group)


@dataclass(frozen=True)
class HeadCell:
    """A cell of the title block: a label, and where its value stands; or a title alone."""

    label: str
    at: str = ""
    field: str = ""
    value: str = ""
    across: int = 1  # columns that the label reaches over


@dataclass(frozen=True)
class Mapping:
    """A model of table."""

    code: str
    name: str
    document: str
    columns: tuple[Column, ...]
    head: tuple[HeadCell, ...] = ()
    headings_at: int = 1  # the row of its first headings
    heading_rows: int = 1  # two when headings stand under others
    axis: str = "number_label"
    axes: tuple[tuple[str, str], ...] = ()  # its own words for an axis, and that axis
    percent: str = "points"
    money: str = "euros"
    subtotal: str = ""  # first words of the row that sums an axis; none when blank
    total: str = ""
    notes: tuple[str, ...] = ()

    def words(self) -> dict[str, Any]:
        """It in the words of tables.toml, as they are kept."""
        given = asdict(self)
        bare = {key: given[key] for key in given if key not in ("code", "name", "document")}
        bare["axes"] = dict(self.axes)
        for name in ("columns", "head"):
            bare[name] = [{k: v for k, v in one.items() if v not in ("", ())} for one in bare[name]]
        return bare


class WrongMapping(ValueError):  # noqa: N818 - what happened
    """A description that cannot be used; the message says why, for people."""


def mapping_of(words: dict[str, Any], *, code: str, name: str, document: str) -> Mapping:
    """The model that these words describe; WrongMapping says what is wrong with them."""
    if document not in COLUMNS:
        raise WrongMapping(f"« {document} » n’est pas un document connu.")
    known = {one.name for one in fields(Mapping)} - {"code", "name", "document"}
    if unknown := sorted(set(words) - known):
        raise WrongMapping(f"Mots inconnus : {', '.join(unknown)}.")
    try:
        given = dict(words)
        given["columns"] = tuple(
            Column(**{**one, "also": tuple(one.get("also", ()))}) for one in words["columns"]
        )
        given["head"] = tuple(HeadCell(**one) for one in words.get("head", ()))
        given["axes"] = tuple(dict(words.get("axes", {})).items())
        given["notes"] = tuple(words.get("notes", ()))
        made = Mapping(code=code, name=name, document=document, **given)
    except (TypeError, KeyError, ValueError) as wrong:
        raise WrongMapping("Cette description de tableau n’est pas lisible.") from wrong
    _check(made)
    return made


def _check(made: Mapping) -> None:
    fields_known = COLUMNS[made.document]
    held = [one.field for one in made.columns if one.field]
    for code in held:
        if code not in fields_known and code not in HEAD:
            raise WrongMapping(f"« {code} » n’est pas un champ de ce document.")
    if twice := sorted({code for code in held if held.count(code) > 1}):
        labels = ", ".join((fields_known.get(code) or HEAD[code]).label for code in twice)
        raise WrongMapping(f"Deux colonnes pour un même champ : {labels}.")
    needed = [one.label for one in fields_known.values() if one.needed and one.code not in held]
    if needed:
        raise WrongMapping(f"Il manque la colonne : {', '.join(needed)}.")
    spelt = [fold(one.group) + fold(one.heading) for one in made.columns]
    if not all(spelt) or len(set(spelt)) < len(spelt):
        raise WrongMapping("Chaque colonne a un titre, et un titre ne sert qu’une fois.")
    listed = ((made.axis, AXES), (made.percent, PERCENTS), (made.money, MONEYS))
    if any(value not in choices for value, choices in listed):
        raise WrongMapping("L’écriture des axes, des pourcentages ou des montants est inconnue.")
    if made.heading_rows not in (1, 2) or not 1 <= made.headings_at <= 200:
        raise WrongMapping("Les titres tiennent sur une ou deux lignes, dans les 200 premières.")
    for cell in made.head:
        if cell.field and cell.field not in HEAD:
            raise WrongMapping(f"« {cell.field} » n’est pas un champ du cartouche.")
        for place in filter(None, (cell.at, cell.value)):
            if position(place) is None:
                raise WrongMapping(f"« {place} » n’est pas l’adresse d’une cellule.")
            if (position(place) or (0, 0))[0] >= made.headings_at:
                raise WrongMapping(f"La cellule {place} n’est pas au-dessus des titres.")


@cache
def shipped() -> tuple[Mapping, ...]:
    """Our own models, in their order."""
    rows = tomllib.loads((DATA / "tables.toml").read_text(encoding="utf-8"))["model"]
    return tuple(
        mapping_of(row, code=row.pop("code"), name=row.pop("name"), document=row.pop("document"))
        for row in rows
    )


@cache
def spellings(kind: str) -> dict[str, str]:
    """How people write the codes of a list (units, natures, states of a line), folded."""
    rows = tomllib.loads((DATA / "tables.toml").read_text(encoding="utf-8"))["spelling"][kind]
    return {fold(word): code for code, words in rows.items() for word in words}


def of_row(row: TableModel) -> Mapping:
    """The model that an organisation described."""
    return mapping_of(row.mapping, code=f"m{row.pk}", name=row.name, document=row.document)


def models_for(actor: Actor, document: str) -> list[Mapping]:
    """The models of a document that this actor may use: ours, then its organisation's."""
    own: Iterable[TableModel] = TableModel.objects.visible_to(actor).filter(document=document)
    return [one for one in shipped() if one.document == document] + [of_row(row) for row in own]
