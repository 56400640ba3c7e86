"""Reading an accounting extract: one total for each line and period is enough.

Each cell that is not understood is told with its address ("C7"). Nothing is saved here: what was
understood is shown, then kept by `spending_acts.add_spendings` once the person agrees.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.utils import timezone

from parvis.places.importing.columns import fold
from parvis.places.importing.handed import numbered_sheets
from parvis.places.importing.outcome import FileRefused
from parvis.tfpb.bilan_models import Spending
from parvis.tfpb.money import to_cents
from parvis.tfpb.programme_models import Line, Programme
from parvis.tfpb.spending_acts import check_spending
from parvis.tfpb.spending_periods import period_of
from parvis.tfpb.spending_reading import numbered
from parvis.tfpb.tabling.grids import address
from parvis.ui.words import euros_in_words

LARGEST = 15 * 1024 * 1024  # bytes
ROWS_AT_MOST = 2000
COLUMNS_AT_MOST = 60
HEADER_WITHIN = 30  # rows: a title and some notes may stand above the names of the columns
# What a column may be called, folded: without accents, capitals and signs.
COLUMNS: dict[str, tuple[str, ...]] = {
    "line": ("ligne", "numero", "nligne", "lignen", "nodeligne", "numerodeligne", "action"),
    "period": ("periode", "mois", "trimestre", "date", "exercice"),
    "starts_on": ("du", "debut", "datededebut"),
    "ends_on": ("au", "fin", "datedefin"),
    "amount": ("montant", "montantttc", "depense", "depenserealisee", "total", "realise"),
    "other_funding": ("autrefinancement", "autresfinancements", "autresfinanceurs"),
    "valued": ("valorise", "depensevalorisee", "valorisetfpb", "depensevaloriseetfpb"),
    "quantity": ("quantite", "quantiterealisee"),
    "reference": ("reference", "ecriture", "numerodecriture", "piece", "numerodepiece"),
}
Cells = tuple[int, list[Any]]  # the number of a row, and what stands in it
ERRORS = ("#REF!", "#N/A", "#VALUE!", "#VALEUR!", "#NAME?", "#NOM?", "#DIV/0!", "#NUM!")


@dataclass(frozen=True)
class Fault:
    """A cell that was not understood: its address, what it holds, why."""

    address: str
    text: str
    reason: str


@dataclass
class Extract:
    """What an extract says: entries to keep, entries counted already, cells not understood."""

    entries: list[Spending] = field(default_factory=list)
    known: list[Spending] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def total(self) -> Decimal:
        """The entries to keep, in euros."""
        return sum((one.amount for one in self.entries), Decimal("0.00"))


def read_extract(programme: Programme, upload: Any) -> Extract:
    """What this extract says of this programme; nothing is saved."""
    extract = Extract()
    try:
        with NamedTemporaryFile(suffix=Path(upload.name or "").suffix.lower()) as file:
            if (upload.size or 0) > LARGEST:
                raise FileRefused("Ce fichier pèse plus de 15 Mo.")
            for chunk in upload.chunks():
                file.write(chunk)
            file.flush()
            sheets = numbered_sheets(
                Path(file.name), rows=ROWS_AT_MOST + HEADER_WITHIN, columns=COLUMNS_AT_MOST
            )
        _Reader(programme, extract).read(sheets)
    except FileRefused as refused:
        extract.faults.append(Fault("", "", refused.message))
    return extract


def plain(value: Any) -> str:
    """A cell as one line of text, without control characters, which a database may refuse; a whole
    number without its decimals."""
    if value is None or value != value:  # not a number: an empty cell
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return re.sub(r"[\x00-\x1f\x7f-\x9f]", "", " ".join(str(value).split()))


def amount_of(value: Any) -> Decimal:
    """« 1 234,50 € » as euros. A figure that a spreadsheet computed may be a hair away from its
    cent: it is brought back; anything further is refused rather than rounded."""
    text = re.sub(r"[\s€]|EUR", "", plain(value)).replace(",", ".").replace("−", "-")
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise ValidationError("ce n’est pas un montant (exemple : 1 234,50 €)") from None
    if not amount.is_finite() or abs(amount) >= 10**11:
        raise ValidationError("ce n’est pas un montant (exemple : 1 234,50 €)")
    cents = to_cents(amount)
    if abs(cents - amount) > Decimal("0.000001"):
        raise ValidationError("un montant a deux décimales au plus")
    if cents < 0:
        raise ValidationError("une dépense n’est pas négative : retirez l’avoir du total")
    return cents


class _Reader:
    """Reads rows one after the other into an extract."""

    def __init__(self, programme: Programme, extract: Extract) -> None:
        self.programme, self.extract = programme, extract
        self.lines: dict[str, Line | None] = {}
        for number, line in numbered(programme.lines.order_by("pk")):
            self.lines[str(number)] = line
            title = fold(line.title)
            # Two lines of one title are told apart by their number alone.
            self.lines[title] = None if title in self.lines else line
        self.columns: dict[str, int] = {}
        self.counted: dict[tuple[int, str], Spending] = {
            (one.line_id, one.reference): one
            for one in Spending.objects.filter(line__programme=programme).exclude(reference="")
        }

    def read(self, sheets: list[list[Cells]]) -> None:
        """Find the names of the columns, then read what stands under them, on the first sheet that
        has them."""
        start, filled = None, []
        for rows in sheets:
            filled = [row for row in rows if any(plain(cell) for cell in row[1])]
            heads = enumerate(filled[:HEADER_WITHIN])
            start = next((place for place, row in heads if self._names(row[1])), None)
            if start is not None:
                break
        if start is None:
            raise FileRefused(
                "Les noms des colonnes n’ont pas été trouvés. Il faut « ligne », « montant », et "
                "« période » ou « du » et « au »."
            )
        if len(filled) - start > ROWS_AT_MOST:
            raise FileRefused(f"Ce tableau a plus de {ROWS_AT_MOST} lignes.")
        for number, cells in filled[start + 1 :]:
            self._row(number, cells)
        if "valued" not in self.columns and self.extract.entries:
            self.extract.remarks.append(
                "Sans colonne « valorisé », la part valorisée suit le taux prévu de chaque ligne, "
                "arrondie au centime. Corrigez-la ensuite si besoin."
            )

    def _names(self, cells: list[Any]) -> bool:
        found: dict[str, int] = {}
        for place, cell in enumerate(cells):
            name = fold(plain(cell))
            for wanted, names in COLUMNS.items():
                if name in names:
                    found.setdefault(wanted, place)
        dated = "period" in found or {"starts_on", "ends_on"} <= set(found)
        if {"line", "amount"} <= set(found) and dated:
            self.columns = found
            return True
        return False

    def _row(self, number: int, cells: list[Any]) -> None:
        values = {
            name: cells[place] if place < len(cells) else "" for name, place in self.columns.items()
        }
        if not any(plain(values[name]) for name in values if name != "line") or self._is_sum(
            values
        ):
            return  # a note under the table, or a total
        faults = len(self.extract.faults)

        def reads(name: str, read: Any) -> Any:
            try:
                text = plain(values[name])
                if text in ERRORS:
                    raise ValidationError("la formule de cette cellule est en erreur")
                return read(values[name])
            except ValidationError as wrong:
                where = address(number, self.columns[name] + 1)
                self.extract.faults.append(Fault(where, text[:60], " ".join(wrong.messages)))
                return None

        line = reads("line", self._line)
        amount = reads("amount", amount_of)
        if {"starts_on", "ends_on"} <= set(values):
            spans = [reads(name, period_of) for name in ("starts_on", "ends_on")]
            span = (spans[0][0], spans[1][1]) if all(spans) else None
        else:
            span = reads("period", period_of)
        others: dict[str, Decimal] = {
            name: reads(name, amount_of)
            for name in ("other_funding", "valued", "quantity")
            if name in values and plain(values[name])
        }
        if len(self.extract.faults) == faults and line and span:
            self._keep(number, line, span, amount, others, plain(values.get("reference", ""))[:60])

    def _is_sum(self, values: dict[str, Any]) -> bool:
        return bool(re.match(r"(sous)?tota(l|ux)|ensemble", fold(plain(values["line"]))))

    def _line(self, value: Any) -> Line:
        text = plain(value)
        for key in (text.lstrip("0") or "0", fold(text)):
            if key in self.lines:
                found = self.lines[key]
                if found is None:
                    raise ValidationError("plusieurs lignes portent ce titre : donnez le numéro")
                return found
        raise ValidationError("aucune ligne du programme ne porte ce numéro ou ce titre")

    def _keep(
        self,
        number: int,
        line: Line,
        span: tuple[date, date],
        amount: Decimal,
        others: Mapping[str, Decimal],
        reference: str,
    ) -> None:
        other = others.get("other_funding", Decimal("0.00"))
        valued = others.get("valued")
        if valued is None:
            planned = line.valued / line.spending if line.spending else Decimal(0)
            valued = min(to_cents(amount * planned), amount)
        given = Spending(
            line=line,
            starts_on=span[0],
            ends_on=span[1],
            amount=amount,
            own_funding=amount - other,
            other_funding=other,
            valued=valued,
            quantity=others.get("quantity"),
            source=Spending.Source.IMPORTED,
            # A total without a number of its own is known by its period.
            reference=reference or f"total {span[0]:%Y%m%d}-{span[1]:%Y%m%d}",
            at=timezone.now(),
        )
        try:
            check_spending(self.programme, given)
        except ValidationError as wrong:
            for name, told in wrong.message_dict.items():
                column = name if name in self.columns else "period"
                place = self.columns.get(column, self.columns["amount"])
                where = address(number, place + 1)
                self.extract.faults.append(Fault(where, "", " ".join(told)))
            return
        key = (line.pk, given.reference)
        twin = self.counted.get(key)
        if twin is None:
            self.counted[key] = given
            self.extract.entries.append(given)
        elif twin.amount == given.amount:
            self.extract.known.append(given)
        else:
            where = address(number, self.columns["amount"] + 1)
            words = (
                f"cette écriture est déjà comptée pour {euros_in_words(twin.amount)} : "
                "corrigez-la sur la ligne"
                if twin.pk
                else "ce fichier compte déjà cette ligne sur cette période : donnez à chaque "
                "écriture sa référence, ou un seul total"
            )
            self.extract.faults.append(Fault(where, euros_in_words(given.amount), words))


# --- From the preview to the agreement --------------------------------------------------------

SALT = "tfpb.extract"
KEPT = 6 * 3600  # seconds between reading and agreeing


def sealed(programme: Programme, extract: Extract) -> str:
    """What was read, signed, for the page that asks whether to keep it."""
    rows = [
        [
            *(one.line_id, one.starts_on.isoformat(), one.ends_on.isoformat(), str(one.amount)),
            *(str(one.other_funding), str(one.valued)),
            str(one.quantity) if one.quantity is not None else "",
            one.reference,
        ]
        for one in extract.entries
    ]
    return signing.dumps([programme.pk, rows], salt=SALT, compress=True)


def unsealed(programme: Programme, text: str) -> list[Spending]:
    """The entries that were shown; ValidationError when they are not, or are too old."""
    try:
        pk, rows = signing.loads(text, salt=SALT, max_age=KEPT)
    except signing.BadSignature:
        pk, rows = 0, []
    if pk != programme.pk:
        raise ValidationError("Cette lecture a expiré : donnez de nouveau le fichier.")
    lines = {one.pk: one for one in programme.lines.all()}
    return [
        Spending(
            line=lines[line],
            starts_on=date.fromisoformat(start),
            ends_on=date.fromisoformat(end),
            amount=Decimal(amount),
            own_funding=Decimal(amount) - Decimal(other),
            other_funding=Decimal(other),
            valued=Decimal(valued),
            quantity=Decimal(quantity) if quantity else None,
            source=Spending.Source.IMPORTED,
            reference=reference,
            at=timezone.now(),
        )
        for line, start, end, amount, other, valued, quantity, reference in rows
        if line in lines
    ]
