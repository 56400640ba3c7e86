"""A bilan as it is read, sent and kept: one JSON content for the page, the paper and the tables,
so that what was sent stays as it was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from parvis.tfpb.axes import axis_of
from parvis.tfpb.bilan_models import Bilan, LineReview, Spending
from parvis.tfpb.programme_models import Programme
from parvis.tfpb.spending_reading import Row, moneys_of
from parvis.tfpb.sums import ZERO, Against, Sums, total_of

TEXTS = {
    "summary": "En bref",
    "worked": "Ce qui a marché",
    "difficulties": "Difficultés rencontrées",
    "prospects": "Suites",
}


@dataclass(frozen=True)
class LineContent:
    """A line in a bilan: what was planned, done and said of it."""

    pk: int
    key: str
    number: int
    axis: str
    title: str
    planned: Decimal  # once transfers are counted
    sums: Sums
    unit: str
    quantity: str
    quantity_done: str
    done: str
    comment: str
    indicators: str

    @property
    def done_label(self) -> str:
        """What became of it, in words; empty while nobody said."""
        return dict(LineReview.Done.choices).get(self.done, "")

    @property
    def tone(self) -> str:
        """The tone of its state, for `state_tag`."""
        return {"done": "done", "partly": "soon", "cancelled": "late"}.get(self.done, "")


@dataclass(frozen=True)
class AxisContent:
    """An axis in a bilan, its lines and their sums."""

    code: str
    lines: list[LineContent]
    sums: Sums

    @property
    def label(self) -> str:
        """The axis, in words."""
        return axis_of(self.code).label


@dataclass(frozen=True)
class Content:
    """A bilan, read from its JSON."""

    lines: list[LineContent]
    texts: dict[str, str]
    forecast: Decimal | None
    real: Decimal | None
    real_on: date | None
    real_source: str
    dwellings: int | None

    @property
    def sums(self) -> Sums:
        """All its lines together."""
        return total_of({line.pk: line.sums for line in self.lines})

    @property
    def against(self) -> Against:
        """These sums beside the abatement: the real amount, or else the forecast."""
        known = self.forecast if self.real is None else self.real
        return Against(self.sums, known, self.dwellings)

    @property
    def axes(self) -> list[AxisContent]:
        """Its axes, in their order."""
        by_axis: dict[str, list[LineContent]] = {}
        for line in self.lines:
            by_axis.setdefault(line.axis, []).append(line)
        return [
            AxisContent(code, some, total_of({line.pk: line.sums for line in some}))
            for code, some in by_axis.items()
        ]

    @property
    def said(self) -> list[tuple[str, str]]:
        """Each text with its heading, those that were written."""
        return [(label, self.texts[name]) for name, label in TEXTS.items() if self.texts.get(name)]


def content_of(programme: Programme, bilan: Bilan | None) -> dict[str, Any]:
    """The bilan of a programme as it stands now, as JSON holds it: amounts as text, to the cent;
    seven queries, however many lines."""
    return contents_of([programme], {programme.pk: bilan} if bilan else {})[programme.pk]


def contents_of(
    programmes: Iterable[Programme], bilans: Mapping[int, Bilan]
) -> dict[int, dict[str, Any]]:
    """The same of several programmes, by programme; seven queries for all of them. `bilans` are
    theirs, by programme."""
    wanted = {one.pk: one for one in programmes}
    moneys = moneys_of(wanted.values())
    reviews = {one.line_id: one for one in LineReview.objects.filter(line__programme__in=wanted)}
    quantities: dict[int, Decimal] = {}
    told = Spending.objects.filter(line__programme__in=wanted).exclude(quantity=None)
    for line, quantity in told.order_by().values_list("line_id", "quantity"):
        quantities[line] = quantities.get(line, ZERO) + (quantity or ZERO)
    return {
        pk: {
            "lines": [_line(row, reviews, quantities) for row in moneys[pk].rows],
            "texts": {name: getattr(bilans.get(pk), name, "") for name in TEXTS},
            "forecast": _text(one.forecast),
            "real": _text(one.real),
            "real_on": one.real_on.isoformat() if one.real_on else None,
            "real_source": one.real_source,
            "dwellings": one.dwellings,
        }
        for pk, one in wanted.items()
    }


def _line(
    row: Row, reviews: dict[int, LineReview], quantities: dict[int, Decimal]
) -> dict[str, Any]:
    line = row.line
    assert line is not None  # noqa: S101 - for the types: the rows of lines have theirs
    review = reviews.get(line.pk)
    return {
        "pk": line.pk,
        "key": str(line.key),
        "number": row.number,
        "axis": line.axis,
        "title": line.title,
        "planned": str(row.planned),
        "sums": {name: str(amount) for name, amount in asdict(row.sums).items()},
        "unit": line.unit,
        "quantity": _text(line.quantity) or "",
        "quantity_done": _text(quantities.get(line.pk)) or "",
        "done": review.done if review else "",
        "comment": review.comment if review else "",
        "indicators": review.indicators if review else "",
    }


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)


def read_content(stored: dict[str, Any]) -> Content:
    """A bilan from its JSON."""

    def amount(text: str | None) -> Decimal | None:
        return None if text is None else Decimal(text)

    names = {one.name for one in fields(LineContent)}
    return Content(
        lines=[
            LineContent(
                **{
                    **{name: value for name, value in line.items() if name in names},
                    "planned": Decimal(line["planned"]),
                    "sums": Sums(**{name: Decimal(text) for name, text in line["sums"].items()}),
                }
            )
            for line in stored["lines"]
        ],
        texts=stored["texts"],
        forecast=amount(stored["forecast"]),
        real=amount(stored["real"]),
        real_on=date.fromisoformat(stored["real_on"]) if stored["real_on"] else None,
        real_source=stored["real_source"],
        dwellings=stored["dwellings"],
    )
