"""Programmes, bilans and tables of droit commun written as sheets, by any model of table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch

from parvis.documents.workbooks import Cell, Sheet, names_of
from parvis.tfpb.axes import axis_of
from parvis.tfpb.money import HUNDRED
from parvis.tfpb.programme_models import Line, Programme
from parvis.tfpb.sums import Sums, sums_by, total_of
from parvis.tfpb.tabling import fields as f
from parvis.tfpb.tabling.grids import position
from parvis.tfpb.tabling.mapping import Column, Mapping
from parvis.tfpb.tabling.planning import spent_quantities
from parvis.tfpb.tabling.values import in_words

# The sum of a programme or of a bilan that stands under a column.
_SUMMED = {
    "spending": "spending",
    "own_funding": "own_funding",
    "other_funding": "other_funding",
    "valued": "valued",
    "planned": "spending",
    "planned_valued": "valued",
    "spent": "spent",
    "spent_own": "spent_own",
    "spent_other": "spent_other",
    "spent_valued": "spent_valued",
}
_WIDTHS = {"title": 36, "description": 44, "comment": 44, "axis": 34, "ref": 38, "indicator": 36}
PLACES = ("landlord", "commune", "quartier")
OUTLINES = ("commune__outline", "quartier__outline")


@dataclass
class Record:
    """A row to write: its values by field, the heading of its group, its sums."""

    values: dict[str, Any]
    group: str
    sums: Sums


def full(programmes: Any) -> Any:
    """These programmes with all that a sheet tells, in a fixed number of queries."""
    lines = Line.objects.select_related("review").order_by("programme", "position", "pk")
    rows = programmes.select_related(*PLACES).defer(*OUTLINES)
    return rows.prefetch_related("landlord__past_names", Prefetch("lines", lines))


def sheets_of(
    document: str, programmes: Iterable[Programme], mapping: Mapping, means: Any = None
) -> list[Sheet]:
    """One sheet for each programme, given by `full`; for droit commun, one for each landlord and
    year, of `means`, the rows of UsualMeans that the reader may see."""
    rows = list(programmes)
    records = _records(document, rows, means)
    if document == f.USUAL_MEANS:
        rows = list({(one.landlord_id, one.year): one for one in rows}.values())
        names = names_of(f"{one.landlord} {one.year}" for one in rows)
    else:
        names = names_of(f"{one.quartier.code} {one.commune} {one.landlord}" for one in rows)
    return [
        Sheet(
            name, list(_rows(one, records(one), mapping)), _widths(mapping), _headings_end(mapping)
        )
        for name, one in zip(names, rows, strict=True)
    ]


def _headings_end(mapping: Mapping) -> int:
    return mapping.headings_at + mapping.heading_rows - 1


def _widths(mapping: Mapping) -> list[int]:
    return [_WIDTHS.get(one.field, 18) for one in mapping.columns]


# --- What is told ------------------------------------------------------------------------------


def _records(
    document: str, rows: list[Programme], means: Any
) -> Callable[[Programme], list[Record]]:
    if document == f.USUAL_MEANS:
        return _usual_records(rows, means)
    if document == f.PROGRAMME:
        return lambda one: [_planned(line) for line in sorted_lines(one)]
    lines = Line.objects.filter(programme__in=[one.pk for one in rows])
    sums, done = sums_by(lines, "pk"), spent_quantities(lines)
    return lambda one: [
        _spent(line, sums.get((line.pk,), Sums()), done.get(line.pk)) for line in sorted_lines(one)
    ]


def sorted_lines(programme: Programme) -> list[Line]:
    """Its lines by the number of their axis, then in their order."""
    return sorted(
        programme.lines.all(),
        key=lambda line: (axis_of(line.axis).number, line.axis, line.position, line.pk),
    )


def _planned(line: Line) -> Record:
    columns = [code for code in f.COLUMNS[f.PROGRAMME] if code != "ref"]
    values = {code: getattr(line, code) for code in columns}
    values["ref"] = line.key
    sums = Sums(line.spending, line.own_funding, line.other_funding, line.valued)
    return Record(values, line.axis, sums)


def _spent(line: Line, sums: Sums, quantity: Decimal | None) -> Record:
    review = getattr(line, "review", None)
    values = {
        "ref": line.key,
        "axis": line.axis,
        "title": line.title,
        "done_quantity": quantity,
        "done_rate": sums.done_rate,
        **{code: getattr(review, code, "") for code in ("done", "comment", "indicators")},
        **{code: getattr(sums, name) for code, name in _SUMMED.items()},
    }
    return Record(values, line.axis, sums)


def _usual_records(rows: list[Programme], means: Any) -> Callable[[Programme], list[Record]]:
    found: dict[tuple[int, int], list[Record]] = {}
    mine = means.filter(
        landlord__in={one.landlord_id for one in rows}, year__in={one.year for one in rows}
    )
    for one in mine.order_by("domain", "pk"):
        values = {code: getattr(one, code) for code in f.COLUMNS[f.USUAL_MEANS]}
        found.setdefault((one.landlord_id, one.year), []).append(Record(values, "", Sums()))
    return lambda one: found.get((one.landlord_id, one.year), [])


def head_of(programme: Programme) -> dict[str, Any]:
    """What stands above the table; the landlord under the name that it bore that year."""
    landlord = programme.landlord
    return {
        "landlord": landlord.name_on(date(programme.year, 1, 1)),
        "siren": landlord.siren,
        "commune": programme.commune.name,
        "commune_code": programme.commune.code,
        "quartier": programme.quartier.name,
        "quartier_code": programme.quartier.code,
        "year": programme.year,
        "dwellings": programme.dwellings,
        "forecast": programme.forecast,
        "real": programme.real,
    }


# --- Rows --------------------------------------------------------------------------------------


def _rows(programme: Programme, records: list[Record], mapping: Mapping) -> Iterator[list[Any]]:
    head = head_of(programme)
    yield from _title_block(head, mapping)
    yield from _headings(mapping)
    group: list[Record] = []
    for record in records:
        if mapping.subtotal and group and group[-1].group != record.group:
            yield _sum_row(mapping, f"{mapping.subtotal} {_group(group[-1])}", group)
            group = []
        group.append(record)
        told = head | record.values
        yield [_cell(mapping, one, told.get(one.field)) for one in mapping.columns]
    if mapping.subtotal and group:
        yield _sum_row(mapping, f"{mapping.subtotal} {_group(group[-1])}", group)
    if mapping.total and records:
        yield _sum_row(mapping, mapping.total, records)
    if mapping.notes:
        yield []
        yield from ([note] for note in mapping.notes)


def _group(record: Record) -> str:
    return axis_of(record.group).label if record.group else ""


def _title_block(head: dict[str, Any], mapping: Mapping) -> Iterator[list[Any]]:
    cells: dict[tuple[int, int], Cell] = {}
    for one in mapping.head:
        if place := position(one.at):
            cells[place] = Cell(one.label, "bold", one.across)
        if one.field and (place := position(one.value)):
            cells[place] = _cell(mapping, Column("", one.field), head[one.field])
    for row in range(1, mapping.headings_at):
        wide = max((column for at, column in cells if at == row), default=0)
        line: list[Any] = []
        column = 1
        while column <= wide:
            cell = cells.get((row, column), Cell(""))
            line.append(cell)
            column += cell.across
        yield line


def _headings(mapping: Mapping) -> Iterator[list[Any]]:
    if mapping.heading_rows == 1:
        yield [Cell(one.heading, "bold") for one in mapping.columns]
        return
    above: list[Cell] = []
    for one in mapping.columns:
        if not one.group:
            above.append(Cell(one.heading, "bold", 1, 2))
        elif above and above[-1].down == 1 and above[-1].value == one.group:
            above[-1] = above[-1]._replace(across=above[-1].across + 1)
        else:
            above.append(Cell(one.group, "bold"))
    yield above
    yield [Cell(one.heading, "bold") for one in mapping.columns if one.group]


def _sum_row(mapping: Mapping, words: str, records: list[Record]) -> list[Any]:
    sums = total_of(dict(enumerate(one.sums for one in records)))
    cells: list[Any] = []
    for place, one in enumerate(mapping.columns):
        if one.field in _SUMMED and f.field_of(mapping.document, one.field):
            amount = getattr(sums, _SUMMED[one.field])
            cells.append(Cell(_money(mapping, amount), "bold money"))
        else:
            cells.append(Cell(words, "bold") if place == 0 else "")
    return cells


def _money(mapping: Mapping, amount: Decimal) -> Decimal:
    return amount / 1000 if mapping.money == "thousands" else amount


def _cell(mapping: Mapping, one: Column, value: Any) -> Cell:
    found = f.field_of(mapping.document, one.field) if one.field else None
    if found is None or value is None or value == "":
        return Cell("")
    if found.kind == f.AXIS:
        return Cell(_axis(mapping, value))
    if found.kind in (f.NATURE, f.UNIT, f.DOMAIN, f.DONE):
        return Cell(in_words(found.kind, value))
    if found.code in ("rate", "done_rate") or found.kind == f.PERCENT:
        return _share(mapping, value)
    if found.kind == f.EUROS or (isinstance(value, Decimal) and found.kind == f.TOLD):
        return Cell(_money(mapping, value), "money")
    return Cell(value)


def _share(mapping: Mapping, value: Decimal) -> Cell:
    if mapping.percent == "share":
        return Cell(value / HUNDRED, "share")
    if 0 < value <= 1:  # 0.5 might be read as a half
        return Cell(f"{value.normalize():f} %".replace(".", ","))
    return Cell(value)


def _axis(mapping: Mapping, code: str) -> Any:
    axis = axis_of(code)
    own = next((words for words, one in mapping.axes if one == code), "")
    if own:
        return own
    if mapping.axis == "number" and axis.number:
        return axis.number
    if mapping.axis == "label" or not axis.number:
        return axis.label
    return f"Axe {axis.number} : {axis.label}"


def filename(document: str, programme: Programme | None) -> str:
    """How the file is called."""
    label = {f.PROGRAMME: "programme", f.BILAN: "bilan", f.USUAL_MEANS: "droit-commun"}[document]
    if programme is None:
        return f"tfpb-{label}s"
    return f"{label}-tfpb-{programme.year}-{programme.quartier.code}-{programme.landlord.name}"
