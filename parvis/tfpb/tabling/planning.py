"""What a table would change in a programme, in its bilan or in the table of droit commun, beside
what stands. Nothing is written here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.db.models import Sum

from parvis.tfpb.axes import axis_of
from parvis.tfpb.bilan_acts import EXPLAINED
from parvis.tfpb.bilan_models import Spending
from parvis.tfpb.programme_models import Line, Programme, UsualMeans
from parvis.tfpb.sums import Sums, sums_by
from parvis.tfpb.tabling import fields as f
from parvis.tfpb.tabling.entries import entry_of, wrong_with
from parvis.tfpb.tabling.grids import fold
from parvis.tfpb.tabling.reading import Parsed, Row
from parvis.tfpb.tabling.values import in_words, said
from parvis.ui.words import euros_in_words

NEW, CHANGED, SAME = "new", "changed", "same"


@dataclass
class Change:
    """What a row of the file makes: of which line (nothing for a new one), and what differs."""

    kind: str
    title: str
    under: str  # its axis or its domain, in words
    row: int
    values: dict[str, Any]
    pk: Any = None  # of the line or of the row that stands
    before: dict[str, Any] = field(default_factory=dict)

    def differing(self) -> dict[str, Any]:
        """The values that are not those that stand."""
        if self.kind == NEW:
            return self.values
        return {code: now for code, now in self.values.items() if now != self.before[code]}


@dataclass
class Plan:
    """All that a sheet would change."""

    document: str
    parsed: Parsed
    changes: list[Change] = field(default_factory=list)
    head: dict[str, tuple[Any, Any]] = field(default_factory=dict)  # field: before, after
    absent: list[tuple[int, str]] = field(default_factory=list)  # lines that the file has not
    blocked: bool = False  # the sheet is another programme's

    def of_kind(self, kind: str) -> list[Change]:
        """The rows that make this."""
        return [one for one in self.changes if one.kind == kind]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to write."""
        return self.blocked or not (self.head or any(one.kind != SAME for one in self.changes))

    @property
    def removable(self) -> list[tuple[int, str]]:
        """Lines that may go because the file has them no more; none while it has faults, for one
        of the rows set aside may be theirs."""
        whole = not self.parsed.faults and self.document == f.PROGRAMME and not self.blocked
        return self.absent if whole else []

    @property
    def digest(self) -> str:
        """A sign of all that it would change, to see that it is still what a person read."""
        told = [(one.kind, one.pk, sorted(one.differing().items())) for one in self.changes]
        words = repr((self.document, told, sorted(self.head.items()), self.absent))
        return sha256(words.encode()).hexdigest()


def plan_of(document: str, programme: Programme, parsed: Parsed) -> Plan:
    """What this sheet would change."""
    plan = Plan(document, parsed)
    _check_identity(plan, programme)
    if plan.blocked:
        return plan
    rows = [row for row in parsed.rows if not row.faulty and _is_ours(plan, programme, row)]
    makers = {f.PROGRAMME: _programme, f.BILAN: _bilan, f.USUAL_MEANS: _usual_means}
    makers[document](plan, programme, rows)
    return plan


# --- Whose sheet it is -------------------------------------------------------------------------


def other_than(programme: Programme, code: str, value: Any) -> str:
    """Why this value of the head is not that of the programme; "" when it is."""
    landlord = programme.landlord
    known: dict[str, Iterable[Any]] = {
        "landlord": [landlord.name, *(past.name for past in landlord.past_names.all())],
        "siren": [landlord.siren or value],
        "commune": [programme.commune.name, programme.commune.code],
        "commune_code": [programme.commune.code, programme.commune.code.lstrip("0")],
        "quartier": [programme.quartier.name, programme.quartier.code],
        "quartier_code": [programme.quartier.code],
        "year": [programme.year],
    }
    if fold(str(value)) in {fold(str(one)) for one in known[code]}:
        return ""
    return f"{f.IDENTITY[code].label} : {said(value)}, ce programme est celui de {programme}"


def _identity(document: str) -> list[str]:
    """What tells whose sheet it is; a table of droit commun is a landlord's, for a year."""
    if document == f.USUAL_MEANS:
        return ["landlord", "siren", "year"]
    return list(f.IDENTITY)


def _check_identity(plan: Plan, programme: Programme) -> None:
    parsed = plan.parsed
    told = [code for code in _identity(plan.document) if code in parsed.head]
    for code in told:
        value, place = parsed.head[code]
        if wrong := other_than(programme, code, value):
            parsed.fault(place, wrong)
            plan.blocked = True
    if not told and not parsed.carried & set(f.IDENTITY):
        parsed.remarks.append(
            "Le fichier ne dit pas de quel programme il est : vérifiez que c’est bien celui-ci."
        )


def _is_ours(plan: Plan, programme: Programme, row: Row) -> bool:
    for code in _identity(plan.document):
        if code in row.values and (wrong := other_than(programme, code, row.values[code])):
            plan.parsed.fault(row.addresses[code], wrong)
            return False
    return True


# --- The three documents -----------------------------------------------------------------------


def _carried(plan: Plan) -> list[str]:
    """The fields of the rows that the file has a column for, and that are written."""
    known = f.COLUMNS[plan.document].values()
    return [
        one.code
        for one in known
        if one.code in plan.parsed.carried and one.kind not in (f.TOLD, f.REF)
    ]


class _Lines:
    """The lines of a programme, by key, and by axis and title where that tells one alone."""

    def __init__(self, lines: list[Line]) -> None:
        self.by_key = {line.key: line for line in lines}
        counted = Counter(self._name(line.axis, line.title) for line in lines)
        self.by_name = {
            name: line for line in lines if counted[name := self._name(line.axis, line.title)] == 1
        }
        self.seen: set[int] = set()

    @staticmethod
    def _name(axis: str, title: str) -> tuple[str, str]:
        return axis, fold(title)

    def of(self, plan: Plan, row: Row) -> tuple[Line | None, bool]:
        """The line of that row, and whether the row may be used: twice the same may not."""
        key = row.values.get("ref")
        name = self._name(row.values["axis"], row.values["title"])
        line = self.by_key.get(key) if key else self.by_name.get(name)
        if line is None:
            return None, True
        if line.pk in self.seen:
            place = row.addresses["ref" if key else "title"]
            plan.parsed.fault(place, f"{said(line.title)} est déjà plus haut dans le fichier")
            return line, False
        self.seen.add(line.pk)
        return line, True


def _programme(plan: Plan, programme: Programme, rows: list[Row]) -> None:
    lines = list(programme.lines.all())
    known, carried = _Lines(lines), _carried(plan)
    new_keys: set[Any] = set()
    for row in rows:
        line, usable = known.of(plan, row)
        if not usable:
            continue
        values = {code: row.values[code] for code in carried}
        if "nature" in values and not values["nature"]:
            values["nature"] = line.nature if line else Line.Nature.SPECIFIC.value
        before = {code: getattr(line, code) for code in carried} if line else {}
        if line is None and (key := row.values.get("ref")):
            if key in new_keys:
                plan.parsed.fault(row.addresses["ref"], "cette référence est déjà plus haut")
                continue
            new_keys.add(key)
            values["key"] = key
        if line and not _fits(plan, row, line, values):
            continue
        kind = NEW if line is None else SAME if values == before else CHANGED
        under = axis_of(row.values["axis"]).label
        pk = line.pk if line else None
        plan.changes.append(
            Change(kind, row.values["title"], under, row.number, values, pk, before)
        )
    plan.absent = [(line.pk, line.title) for line in lines if line.pk not in known.seen]
    for code in f.WRITTEN_HEAD:
        if code in plan.parsed.head:
            now = plan.parsed.head[code][0]
            if now != (stood := getattr(programme, code)):
                plan.head[code] = (stood, now)


def _fits(plan: Plan, row: Row, line: Line, values: dict[str, Any]) -> bool:
    """Whether what the file says goes with what it does not carry: days, and a shared cost."""
    starts = values.get("starts_on", line.starts_on)
    ends = values.get("ends_on", line.ends_on)
    if starts and ends and ends < starts:
        code = "ends_on" if "ends_on" in values else "starts_on"
        plan.parsed.fault(row.addresses[code], "la fin précède le début")
        return False
    if line.split_id and values.get("spending", line.spending) != line.spending:
        plan.parsed.fault(
            row.addresses["spending"],
            "action partagée entre plusieurs lignes : changez sa répartition, non sa part",
        )
        return False
    return True


_SPENT = {
    "spent": "spent",
    "spent_own": "spent_own",
    "spent_other": "spent_other",
    "spent_valued": "spent_valued",
}
_REVIEW = ("done", "comment", "indicators")


def spent_quantities(lines: Any) -> dict[int, Decimal | None]:
    """How much was done of each of these lines, in its unit; None when nobody said."""
    rows = Spending.objects.filter(line__in=lines.order_by().values("pk")).order_by()
    return dict(
        rows.values("line_id").annotate(done=Sum("quantity")).values_list("line_id", "done")
    )


def _bilan(plan: Plan, programme: Programme, rows: list[Row]) -> None:
    lines = list(programme.lines.select_related("review"))
    known, carried = _Lines(lines), [c for c in _carried(plan) if c not in ("axis", "title")]
    sums = sums_by(programme.lines.all(), "pk")
    quantities = spent_quantities(programme.lines.all())
    for row in rows:
        line, usable = known.of(plan, row)
        if line is None:
            place = row.addresses.get("ref", row.addresses["title"])
            plan.parsed.fault(place, f"{said(row.values['title'])} n’est pas dans ce programme")
        if line is None or not usable:
            continue
        stood = sums.get((line.pk,), Sums())
        review = getattr(line, "review", None)
        before: dict[str, Any] = {code: getattr(stood, name) for code, name in _SPENT.items()}
        before["done_quantity"] = quantities.get(line.pk)
        before |= {code: getattr(review, code, "") for code in _REVIEW}
        values = {code: row.values[code] for code in carried}
        if not _may_follow(plan, row, before, values):
            continue
        if not _adds_up(plan, row, wrong_with(programme, entry_of(line, before, values))):
            continue
        before = {code: before[code] for code in carried}
        kind = SAME if values == before else CHANGED
        under = axis_of(line.axis).label
        plan.changes.append(Change(kind, line.title, under, row.number, values, line.pk, before))
    plan.absent = [(line.pk, line.title) for line in lines if line.pk not in known.seen]


def _may_follow(plan: Plan, row: Row, before: dict[str, Any], values: dict[str, Any]) -> bool:
    """Whether what the file says may follow what was already said: what was spent never shrinks
    through a table, and a line that has words has its state."""
    fits = True
    for code in (*_SPENT, "done_quantity"):
        stood, now = before[code] or Decimal(0), values.get(code)
        if code == "done_quantity" and now is None:
            values.pop(code, None)
            if code in plan.parsed.carried:
                values[code] = before[code]
            continue
        if now is not None and now < stood:
            plan.parsed.fault(
                row.addresses[code],
                f"{f.COLUMNS[f.BILAN][code].label} : moins que ce qui est déjà saisi "
                f"({in_cell(f.BILAN, code, stood)}) ; corrigez la dépense sur la ligne",
            )
            fits = False
    said_something = values.get("comment") or values.get("indicators")
    if said_something and not (values.get("done") or before["done"]):
        place = row.addresses.get("done", row.addresses["title"])
        plan.parsed.fault(
            place, "dites l’état de la ligne : réalisée, en partie, reportée, annulée"
        )
        fits = False
    if "done" in values and not values["done"]:
        values["done"] = before["done"]
    told = {code: values.get(code, before[code]) for code in _REVIEW}
    if told["done"] in EXPLAINED and not told["comment"] and {"done", "comment"} & values.keys():
        place = row.addresses.get("comment", row.addresses.get("done", row.addresses["title"]))
        plan.parsed.fault(place, "ligne reportée ou annulée : dites pourquoi en commentaire")
        fits = False
    return fits


def _adds_up(plan: Plan, row: Row, wrong: dict[str, str]) -> bool:
    """Whether what the row adds to what is spent holds together; what does not is told."""
    for code, words in wrong.items():
        place = row.addresses.get(code, row.addresses.get("spent", row.addresses["title"]))
        plan.parsed.fault(place, f"ce qui s’ajoute à ce qui est déjà saisi : {words}")
    return not wrong


def _usual_means(plan: Plan, programme: Programme, rows: list[Row]) -> None:
    stood = UsualMeans.objects.filter(landlord=programme.landlord_id, year=programme.year)
    known = {(one.domain, fold(one.indicator)): one for one in stood}
    carried = _carried(plan)
    seen: set[tuple[str, str]] = set()
    for row in rows:
        name = row.values["domain"], fold(row.values["indicator"])
        if name in seen:
            plan.parsed.fault(row.addresses["indicator"], "cet indicateur est déjà plus haut")
            continue
        seen.add(name)
        one = known.get(name)
        values = {code: row.values[code] for code in carried}
        before = {code: getattr(one, code) for code in carried} if one else {}
        kind = NEW if one is None else SAME if values == before else CHANGED
        under = in_words("domain", row.values["domain"])
        plan.changes.append(
            Change(
                kind,
                row.values["indicator"],
                under,
                row.number,
                values,
                one.pk if one else None,
                before,
            )
        )
    plan.absent = [(one.pk, one.indicator) for name, one in known.items() if name not in seen]


# --- In words ----------------------------------------------------------------------------------


def in_cell(document: str, code: str, value: Any) -> str:
    """A value as people read it."""
    found = f.field_of(document, code)
    if value is None or value == "" or found is None:
        return "vide"
    if found.kind == f.EUROS:
        return euros_in_words(value)
    if found.kind == f.AXIS:
        return axis_of(value).label
    if found.kind in (f.NATURE, f.UNIT, f.DOMAIN, f.DONE):
        return in_words(found.kind, value)
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, Decimal):
        words = f"{value.normalize():f}".replace(".", ",")
        return f"{words} %" if found.kind == f.PERCENT else words
    return str(value)


def told_changes(plan: Plan, change: Change) -> list[dict[str, str]]:
    """What a row changes, field by field: what stands and what would."""
    return [
        {
            "label": found.label,
            "before": in_cell(plan.document, code, change.before.get(code)),
            "after": in_cell(plan.document, code, value),
        }
        for code, value in change.differing().items()
        if (found := f.field_of(plan.document, code))
        and (change.kind != NEW or value not in (None, "", Decimal(0)))
    ]
