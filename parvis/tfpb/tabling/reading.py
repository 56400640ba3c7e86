"""A sheet read by a model of table: its title block, its rows, and each cell that is not understood
with its address and the reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from parvis.tfpb.money import CENT
from parvis.tfpb.tabling import fields as f
from parvis.tfpb.tabling import values
from parvis.tfpb.tabling.grids import Grid, address, fold, position, text_of
from parvis.tfpb.tabling.headings import Headings, find_headings, repeats
from parvis.tfpb.tabling.mapping import HeadCell, Mapping
from parvis.tfpb.tabling.values import NotUnderstood, said

LINES_AT_MOST = 1000
_SUBTOTALS = ("soustotal", "stotal", "totalaxe", "totaldelaxe", "totalintermediaire")
_TOTALS = ("total", "totaux", "ensemble", "montanttotal", "coutstotaux")
_AT_MOST = 300  # faults told one by one


class Fault(NamedTuple):
    """A cell that is not understood: where, and why."""

    sheet: str
    address: str
    reason: str


class Difference(NamedTuple):
    """A sum of the file that is not that of its lines."""

    sheet: str
    address: str
    label: str
    told: Decimal  # what the file says, in euros
    summed: Decimal  # what its lines make, in euros


@dataclass
class Row:
    """A row of the table: its number, what it says by field; `faulty` when a cell is not
    understood."""

    number: int
    values: dict[str, Any]
    addresses: dict[str, str]
    faulty: bool = False


@dataclass
class Parsed:
    """What a sheet says."""

    mapping: Mapping
    sheet: str
    year: int
    head: dict[str, tuple[Any, str]] = field(default_factory=dict)  # field: value, address
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    untold: int = 0  # faults beyond those listed
    remarks: list[str] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    checked: int = 0  # sums of the file that are those of its lines
    carried: frozenset[str] = frozenset()  # fields that have a column

    def fault(self, place: str, reason: str) -> None:
        """One more cell that is not understood."""
        if len(self.faults) < _AT_MOST:
            self.faults.append(Fault(self.sheet, place, reason))
        else:
            self.untold += 1


class _Reader:
    """One sheet being read, row after row."""

    def __init__(self, grid: Grid, mapping: Mapping, headings: Headings, year: int) -> None:
        self.grid, self.mapping, self.headings = grid, mapping, headings
        self.parsed = Parsed(mapping, grid.name, year)
        self.parsed.carried = frozenset(headings.columns)
        self.amounts = [code for code in headings.columns if code in f.ZERO_WHEN_BLANK]
        self.sums = dict.fromkeys(self.amounts, Decimal(0))
        self.part = dict.fromkeys(self.amounts, Decimal(0))
        # The axis or the domain of the row above: merged cells and lone rows say it once.
        self.above: dict[str, str] = {}
        self.ended, self.notes = False, 0
        self.pending: list[tuple[str, str]] = []  # lone words that may be notes
        self.rounded: list[str] = []
        self.taken_up: list[str] = []

    def read(self) -> Parsed:
        """The whole sheet."""
        for place, words in self.headings.twice:
            self.parsed.fault(place, f"deux colonnes portent le titre {said(words)}")
        for cell in self.mapping.head:
            if cell.field:
                self._read_head(cell)
        first = self.headings.row + self.mapping.heading_rows
        for number in range(first, len(self.grid.rows) + 1):
            filled = self.grid.filled(number)
            if filled and not repeats(self.grid, number, self.headings, self.mapping):
                self._read_row(number, filled)
        self._say()
        return self.parsed

    def _say(self) -> None:
        parsed = self.parsed
        if self.headings.unread:
            parsed.remarks.append(f"Colonnes non lues : {', '.join(self.headings.unread)[:400]}.")
        if self.rounded:
            parsed.remarks.append(
                f"Arrondis au centime, au plus proche : {', '.join(self.rounded)[:400]}."
            )
        if self.taken_up:
            parsed.remarks.append(
                f"Cases vides, prises de la ligne du dessus : {', '.join(self.taken_up)[:400]}."
            )
        if self.notes or self.pending:
            count = self.notes + len(self.pending)
            parsed.remarks.append(f"Lignes de notes laissées de côté : {count}.")

    # --- The title block ---------------------------------------------------------------------

    def _read_head(self, cell: HeadCell) -> None:
        row, column = self._value_place(cell)
        if row:
            self._head(cell.field, self.grid.at(row, column), address(row, column))

    def _value_place(self, cell: HeadCell) -> tuple[int, int]:
        """Where the value stands: beside its label, wherever that has moved; (0, 0) without it."""
        at, value = position(cell.at), position(cell.value)
        label = fold(cell.label)
        moved = (value[0] - at[0], value[1] - at[1]) if at and value else (0, 1)
        if at and fold(self.grid.text(*at)) == label and value:
            return value
        if not label and value:
            return value
        for row in range(1, self.headings.row):
            for column in self.grid.filled(row):
                if fold(self.grid.text(row, column)) == label:
                    return row + moved[0], column + moved[1]
        return 0, 0

    def _head(self, code: str, value: Any, place: str) -> bool:
        """Keep a value of the head; False when it is not understood."""
        kind = f.HEAD[code].kind
        readers: dict[str, Callable[[], Any]] = {
            f.WHOLE: lambda: values.whole(value),
            f.EUROS: lambda: values.amount(value, self.mapping.money)[0],
            f.TEXT: lambda: values.text(value, f.HEAD[code].longest),
        }
        if kind == f.TOLD:
            return True
        try:
            found = readers[kind]()
        except NotUnderstood as wrong:
            self.parsed.fault(place, f"{f.HEAD[code].label} : {wrong}")
            return False
        if code in self.parsed.head and code not in f.IDENTITY:
            if self.parsed.head[code][0] != found:
                self.parsed.fault(place, f"{f.HEAD[code].label} : une autre valeur plus haut")
                return False
            return True
        if found not in (None, ""):
            self.parsed.head.setdefault(code, (found, place))
        return True

    # --- The rows ----------------------------------------------------------------------------

    def _read_row(self, number: int, filled: list[int]) -> None:
        grid, columns = self.grid, self.headings.columns
        mapped = [code for code, column in columns.items() if column in filled]
        first = text_of(grid.raw(number, filled[0]))
        kind = "" if "ref" in mapped else self._sum_kind(first)
        if kind:
            self._check_sums(number, kind)
            return
        if len(filled) == 1 or not mapped:
            self._lone_words(number, filled[0], first)
            return
        if self.ended:
            if len(mapped) > 2:
                self.parsed.fault(
                    address(number, filled[0]), "ligne sous le total : elle n’est pas lue"
                )
            else:
                self.notes += 1
            return
        for place, words in self.pending:
            self.parsed.fault(place, f"{said(words, 60)} : ni une ligne, ni un axe, ni un total")
        self.pending.clear()
        if len(self.parsed.rows) >= LINES_AT_MOST:
            self.parsed.fault(address(number, 1), f"plus de {LINES_AT_MOST} lignes")
            self.ended = True
            return
        self.parsed.rows.append(self._line(number))

    def _sum_kind(self, first: str) -> str:
        """ "total", "subtotal" or "" for a row that begins with these words."""
        words = fold(first)
        own_sub, own_total = fold(self.mapping.subtotal), fold(self.mapping.total)
        if (own_sub and words.startswith(own_sub)) or words.startswith(_SUBTOTALS):
            return "subtotal"
        if not ((own_total and words.startswith(own_total)) or words.startswith(_TOTALS)):
            return ""
        rest = first.split(None, 1)[1] if " " in first.strip() else ""
        if rest and self.mapping.document != f.USUAL_MEANS:
            try:
                if values.axis(rest, self.parsed.year, self.mapping):
                    return "subtotal"
            except NotUnderstood:
                pass
        return "total"

    def _check_sums(self, number: int, kind: str) -> None:
        base = self.sums if kind == "total" else self.part
        for code in self.amounts:
            column = self.headings.columns[code]
            value = self.grid.raw(number, column)
            if not text_of(value) or self._sum_kind(text_of(value)):
                continue
            try:
                told, _ = values.amount(value, self.mapping.money)
            except NotUnderstood as wrong:
                self.parsed.fault(address(number, column), f"total : {wrong}")
                continue
            if told is None:
                continue
            if told == base[code]:
                self.parsed.checked += 1
                continue
            label = f.COLUMNS[self.mapping.document][code].label
            place = address(number, column)
            self.parsed.differences.append(
                Difference(self.parsed.sheet, place, label, told, base[code].quantize(CENT))
            )
        self.part = dict.fromkeys(self.amounts, Decimal(0))
        if kind == "total" and self.parsed.rows:
            self.ended = True

    def _lone_words(self, number: int, column: int, words: str) -> None:
        """A row with one cell: the axis of what follows, or a note."""
        if self.ended:
            self.notes += 1
            return
        if "axis" in self.headings.columns:
            try:
                self.above["axis"] = values.axis(words, self.parsed.year, self.mapping)
                return
            except NotUnderstood:
                pass
        self.pending.append((address(number, column), words))

    def _line(self, number: int) -> Row:
        row = Row(number, {}, {})
        known = f.COLUMNS[self.mapping.document]
        for code, column in self.headings.columns.items():
            place = address(number, column)
            row.addresses[code] = place
            if code in f.HEAD:
                self._head_in_row(row, code, column)
            elif known[code].kind != f.TOLD:
                self._cell(row, known[code], column)
        for one in known.values():
            if one.needed and not row.faulty and not row.values.get(one.code):
                place = row.addresses.get(one.code, address(number, 1))
                self.parsed.fault(place, f"il manque : {one.label}")
                row.faulty = True
        starts, ends = row.values.get("starts_on"), row.values.get("ends_on")
        if starts and ends and ends < starts:
            self.parsed.fault(row.addresses["ends_on"], "la fin précède le début")
            row.faulty = True
        for code in self.amounts:
            self.sums[code] += row.values.get(code) or 0
            self.part[code] += row.values.get(code) or 0
        return row

    def _head_in_row(self, row: Row, code: str, column: int) -> None:
        value, place = self.grid.at(row.number, column), row.addresses[code]
        if code not in f.IDENTITY:
            if text_of(value) and not self._head(code, value, place):
                row.faulty = True
            return
        try:
            kind = f.HEAD[code].kind
            found = values.whole(value) if kind == f.WHOLE else values.text(value, 200)
        except NotUnderstood as wrong:
            self.parsed.fault(place, f"{f.HEAD[code].label} : {wrong}")
            row.faulty = True
            return
        if found not in (None, ""):
            row.values[code] = found

    def _cell(self, row: Row, one: f.Field, column: int) -> None:
        place = row.addresses[one.code]
        try:
            row.values[one.code] = self._value(row, one, column)
        except NotUnderstood as wrong:
            self.parsed.fault(place, f"{one.label} : {wrong}")
            row.faulty = True

    def _value(self, row: Row, one: f.Field, column: int) -> Any:
        place = (row.number, column)
        value = self.grid.at(*place)
        over = self.grid.covered.get(place, place)
        if over[0] != row.number and one.kind in (f.EUROS, f.NUMBER, f.PERCENT, f.REF):
            raise NotUnderstood(f"fusionnée avec {address(*over)} : une valeur par ligne")
        if one.kind in (f.AXIS, f.DOMAIN):
            return self._heading_its_rows(value, one.kind, place)
        if one.kind == f.TEXT:
            return values.text(value, one.longest)
        if one.kind == f.DAY:
            return values.day(value, last=one.code == "ends_on")
        if one.kind == f.REF:
            return values.ref(value)
        if one.kind in (f.NATURE, f.UNIT, f.DONE):
            return values.listed(value, one.kind)
        found, rounded = self._number(value, one.kind)
        if rounded:
            self.rounded.append(address(*place))
        if found is None and one.code in f.ZERO_WHEN_BLANK:
            return Decimal("0.00")
        return found

    def _number(self, value: Any, kind: str) -> tuple[Decimal | None, bool]:
        if kind == f.EUROS:
            return values.amount(value, self.mapping.money)
        if kind == f.PERCENT:
            return values.percent(value, self.mapping.percent)
        return values.number(value)

    def _heading_its_rows(self, value: Any, kind: str, place: tuple[int, int]) -> str:
        """An axis or a domain, or that of the row above when its cell is blank."""
        above = self.above.pop(kind, "")
        if kind == f.AXIS:
            found = values.axis(value, self.parsed.year, self.mapping)
        else:
            found = values.listed(value, kind)
        if not found and above:
            self.taken_up.append(address(*place))
        self.above[kind] = found or above
        return found or above


def read_grid(grid: Grid, mapping: Mapping, year: int) -> Parsed:
    """What that sheet says, read by that model, for a programme of that tax year."""
    return _Reader(grid, mapping, find_headings(grid, mapping), year).read()
