"""What changed between two versions of a programme: lines added, gone or changed, in words, with
signed differences in euros."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from parvis.tfpb.snapshot import Sheet, SheetLine, UsualRow
from parvis.ui.words import NBSP, day_in_words, euros_in_words, number_in_words

NOTHING = "rien"


@dataclass(frozen=True)
class Change:
    """One field that changed: what stood there, what stands there, and by how much for a figure."""

    label: str
    old: str
    new: str
    difference: str = ""  # signed


@dataclass(frozen=True)
class LineChange:
    """A line that stands in both versions and is not the same."""

    line: SheetLine  # as it is in the newer one
    changes: list[Change]


@dataclass(frozen=True)
class Comparison:
    """From one version of a programme to another."""

    head: list[Change] = field(default_factory=list)
    added: list[SheetLine] = field(default_factory=list)
    gone: list[SheetLine] = field(default_factory=list)
    changed: list[LineChange] = field(default_factory=list)
    same: int = 0  # lines that did not change
    totals: list[Change] = field(default_factory=list)  # all of them, changed or not

    @property
    def empty(self) -> bool:
        """Whether nothing changed."""
        return not (self.head or self.added or self.gone or self.changed)


def compare(old: Sheet, new: Sheet) -> Comparison:
    """What changed from `old` to `new`. Lines are the same when their keys are."""
    before = {one.key: one for one in old.lines}
    after = {one.key: one for one in new.lines}
    both = [(before[key], line) for key, line in after.items() if key in before]
    changed = [LineChange(line, _changes(was, line, LINE)) for was, line in both]
    return Comparison(
        head=[*_changes(old, new, HEAD), *_usual_changes(old, new)],
        added=[line for key, line in after.items() if key not in before],
        gone=[line for key, line in before.items() if key not in after],
        changed=[one for one in changed if one.changes],
        same=sum(not one.changes for one in changed),
        totals=_differences(old, new),
    )


def _usual_changes(old: Sheet, new: Sheet) -> list[Change]:
    """What changed in the table of droit commun that goes with each."""
    before = {(one.domain, one.indicator): one for one in old.usual_means}
    after = {(one.domain, one.indicator): one for one in new.usual_means}
    found = []
    for key in [*before, *(key for key in after if key not in before)]:
        was, now = before.get(key), after.get(key)
        if was != now:
            words = (_usual(was), _usual(now))
            found.append(Change(f"Droit commun : {key[1]}", *words))
    return found


def _usual(row: UsualRow | None) -> str:
    if row is None:
        return NOTHING
    words = []
    sides: list[tuple[str, Decimal | None, Decimal | None]] = [
        ("hors QPV", row.outside, row.outside_cost),
        ("en QPV", row.inside, row.inside_cost),
    ]
    for where, value, cost in sides:
        figures = [_figure(value)] if value is not None else []
        figures += [f"{euros_in_words(cost)} par logement"] if cost is not None else []
        words.append(f"{where} : {', '.join(figures) or NOTHING}")
    return " ; ".join([*words, *([row.note] if row.note else [])])


def _differences(old: Sheet, new: Sheet) -> list[Change]:
    pairs: list[tuple[str, Decimal | None, Decimal | None]] = [
        ("Abattement prévisionnel", old.forecast, new.forecast),
        ("Dépense prévisionnelle", old.totals.spending, new.totals.spending),
        ("Financement du bailleur", old.totals.own_funding, new.totals.own_funding),
        ("Autre financement", old.totals.other_funding, new.totals.other_funding),
        ("Dépense valorisée", old.totals.valued, new.totals.valued),
    ]
    return [
        Change(label, _euros(was), _euros(now), signed_euros(was, now)) for label, was, now in pairs
    ]


def signed_euros(old: Decimal | None, new: Decimal | None) -> str:
    """« + 1 200,00 € », « − 300,00 € »; nothing where nothing changed or one is not known."""
    if old is None or new is None or old == new:
        return ""
    return _signed(new - old, euros_in_words(abs(new - old)))


def _signed(difference: Decimal, words: str) -> str:
    return f"{'+' if difference > 0 else '−'}{NBSP}{words}"


Words = Callable[[Any], str]
Difference = Callable[[Any, Any], str]


@dataclass(frozen=True)
class _Field:
    name: str
    label: str
    words: Words
    difference: Difference


def _text(value: str) -> str:
    return value or NOTHING


def _many(value: tuple[str, ...]) -> str:
    return ", ".join(value) or NOTHING


def _euros(value: Decimal | None) -> str:
    return NOTHING if value is None else euros_in_words(value)


def _day(value: date | None) -> str:
    return NOTHING if value is None else day_in_words(value)


def _figure(value: Decimal | int | None) -> str:
    """« 1 234,5 », without idle zeros."""
    if value is None:
        return NOTHING
    whole, _, rest = f"{abs(value):.2f}".partition(".")
    rest = rest.rstrip("0")
    words = number_in_words(int(whole)) + (f",{rest}" if rest else "")
    return f"−{words}" if value < 0 else words


def _share(value: Decimal | None) -> str:
    return NOTHING if value is None else f"{_figure(value)}{NBSP}%"


def _none(_: Any, __: Any) -> str:
    return ""


def _more_or_less(old: Decimal | int | None, new: Decimal | int | None) -> str:
    if old is None or new is None:
        return ""
    difference = Decimal(new) - Decimal(old)
    return _signed(difference, _figure(abs(difference)))


def _words_field(name: str, label: str) -> _Field:
    return _Field(name, label, _text, _none)


def _money_field(name: str, label: str) -> _Field:
    return _Field(name, label, _euros, signed_euros)


def _day_field(name: str, label: str) -> _Field:
    return _Field(name, label, _day, _none)


HEAD = (
    _words_field("landlord", "Bailleur"),
    _words_field("convention", "Convention"),
    _Field("dwellings", "Logements abattus", _figure, _more_or_less),
    _money_field("forecast", "Abattement prévisionnel"),
    _day_field("forecast_on", "Estimé le"),
    _words_field("forecast_source", "D’après"),
    _words_field("without_usual_means", "Sans tableau de droit commun"),
)
LINE = (
    _words_field("axis_label", "Axe"),
    _words_field("nature_label", "Nature"),
    _words_field("title", "Action"),
    _words_field("description", "Descriptif"),
    _words_field("place", "Localisation"),
    _Field("residences", "Résidences", _many, _none),
    _day_field("starts_on", "Début"),
    _day_field("ends_on", "Fin"),
    _Field("quantity", "Quantité", _figure, _more_or_less),
    _words_field("unit_label", "Unité"),
    _money_field("unit_cost", "Coût unitaire"),
    _Field("beyond", "Part au-delà du droit commun", _share, _none),
    _money_field("spending", "Dépense prévisionnelle"),
    _money_field("own_funding", "Financement du bailleur"),
    _money_field("other_funding", "Autre financement"),
    _words_field("other_funder", "Autres financeurs"),
    _money_field("valued", "Dépense valorisée"),
    _words_field("justification", "Justification"),
    _words_field("usual_means", "Moyen de droit commun renforcé"),
    _words_field("action", "Action du plan"),
    _words_field("split", "Action partagée"),
)


def _changes(old: Any, new: Any, fields: tuple[_Field, ...]) -> list[Change]:
    found = []
    for one in fields:
        was, now = getattr(old, one.name), getattr(new, one.name)
        if was != now:
            difference = one.difference(was, now)
            found.append(Change(one.label, one.words(was), one.words(now), difference))
    return found
