"""What the page of a programme shows: lines by axis with their sums, the years before, and what
residents report on the same themes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.reports.models import Report
from parvis.tfpb.axes import Axis, axes_of, axis_of
from parvis.tfpb.line_checks import Ground, Notice, ground_of, notices_of
from parvis.tfpb.programme_models import Line, Programme
from parvis.tfpb.sums import Against, Sums, sums_by, total_of
from parvis.tfpb.workflow import ProgrammeState
from parvis.upkeep.themes import themes

LAST_MONTHS = timedelta(days=365)
YEARS = 3  # of the comparison, the programme's own included


@dataclass(frozen=True)
class LineRow:
    """A line and what is to be said of it."""

    line: Line
    notices: list[Notice]


@dataclass(frozen=True)
class AxisRows:
    """The lines of an axis and their sums."""

    axis: Axis
    rows: list[LineRow]
    sums: Sums


@dataclass(frozen=True)
class MoneyTable:
    """Lines by axis, their sums, and the whole against the abatement."""

    axes: list[AxisRows]
    total: Against
    number: int  # of lines

    @property
    def over(self) -> Decimal | None:
        """How far the valued lines go beyond the abatement; None when they do not."""
        left = self.total.left
        return -left if left is not None and left < 0 else None


def money_table(programmes: Sequence[Programme], *, with_notices: bool) -> MoneyTable:
    """The lines of one programme, or of the sheets that make one quartier, read together."""
    rows = Line.objects.filter(programme__in=[one.pk for one in programmes])
    by_id = {one.pk: one for one in programmes}
    chosen = rows.select_related("action", "usual_means", "split")
    lines = list(chosen.prefetch_related("residences").order_by("position", "pk"))
    for line in lines:
        line.programme = by_id[line.programme_id]
    grounds: dict[int, Ground] = {}
    if with_notices:
        grounds = {one.pk: ground_of(one, lines) for one in programmes}
    sums = {key[0]: one for key, one in sums_by(rows, "axis").items()}
    axes = []
    for axis in _axes(programmes[0].year, sums):
        held = [
            LineRow(
                line,
                notices_of(line, grounds[line.programme_id]) if with_notices else [],
            )
            for line in lines
            if line.axis == axis.code
        ]
        axes.append(AxisRows(axis, held, sums[axis.code]))
    return MoneyTable(axes, against(programmes, total_of(sums)), len(lines))


def against(programmes: Sequence[Programme], sums: Sums) -> Against:
    """These sums beside the abatement and the dwellings of the sheets; unknown when one is not."""
    amounts = [one.abatement for one in programmes]
    dwellings = [one.dwellings for one in programmes]
    return Against(
        sums,
        None if None in amounts else sum((one for one in amounts if one is not None), Decimal(0)),
        None if None in dwellings else sum(one for one in dwellings if one is not None),
    )


def _axes(year: int, wanted: Any) -> list[Axis]:
    """The axes that are used, in the order of the year's list; older codes come last."""
    known = [axis for axis in axes_of(year) if axis.code in wanted]
    codes = {axis.code for axis in known}
    return known + [axis_of(code) for code in sorted(set(wanted) - codes)]


@dataclass(frozen=True)
class YearCell:
    """What an axis, or the whole, was in one year; None where there was no programme."""

    year: int
    valued: Decimal | None


@dataclass(frozen=True)
class AxisYears:
    """An axis over the years, and how it differs from the year before."""

    label: str
    cells: list[YearCell]

    @property
    def change(self) -> Decimal | None:
        """This year less the one before; None without one of them."""
        before, now = self.cells[-2].valued, self.cells[-1].valued
        return None if before is None or now is None else now - before


@dataclass(frozen=True)
class Years:
    """The same sheet over three years."""

    years: list[int]
    rows: list[AxisYears]
    total: AxisYears

    @property
    def known(self) -> bool:
        """Whether another year than the last has a programme."""
        return any(cell.valued is not None for cell in self.total.cells[:-1])


def years_of(actor: Actor, programme: Programme) -> Years:
    """What was valued on each axis in this year and the two before, in the sheets of this place
    that the actor may read; two queries for the sheets and three for their lines."""
    landlord = Q(landlord=programme.landlord_id) | Q(landlord__successor=programme.landlord_id)
    years = list(range(programme.year - YEARS + 1, programme.year + 1))
    sheets = dict(
        Programme.objects.allowed(actor, "read")
        .filter(
            landlord,
            commune=programme.commune_id,
            quartier=programme.quartier_id,
            year__in=years,
        )
        .order_by()
        .values_list("pk", "year")
    )
    sums = sums_by(Line.objects.filter(programme__in=list(sheets)), "axis", "programme__year")
    there = set(sheets.values())

    def row(label: str, of: dict[int, Decimal]) -> AxisYears:
        zero = Decimal(0)
        return AxisYears(
            label,
            [YearCell(year, of.get(year, zero) if year in there else None) for year in years],
        )

    by_axis: dict[str, dict[int, Decimal]] = {}
    total: dict[int, Decimal] = {}
    for (axis, year), one in sums.items():
        known = by_axis.setdefault(axis, {})
        known[year] = known.get(year, Decimal(0)) + one.valued
        total[year] = total.get(year, Decimal(0)) + one.valued
    rows = [
        row(f"{axis.number}. {axis.label}", by_axis[axis.code])
        for axis in _axes(programme.year, by_axis)
    ]
    return Years(years, rows, row("En tout", total))


@dataclass(frozen=True)
class ThemeCount:
    """How many reports of a theme lie here."""

    label: str
    count: int


@dataclass(frozen=True)
class AxisVoices:
    """An axis: what the programme plans, beside what residents report on its themes."""

    axis: Axis
    spending: Decimal
    here: int  # reports in this quartier, in this commune
    commune: int  # reports in the whole commune
    themes: list[ThemeCount] = field(default_factory=list)  # here, most reported first


def voices_of(actor: Actor, programme: Programme, table: MoneyTable) -> list[AxisVoices]:
    """What was reported over the last twelve months on the themes of each axis, among the reports
    that this actor may see; counts only, one query. A report counts under every axis of its theme;
    an axis without themes, or without money and reports, is left out."""
    since = timezone.now() - LAST_MONTHS
    inside = Report.quartiers.through.objects.filter(quartier=programme.quartier_id)
    lying = Q(pk__in=inside.values("report_id"))
    rows = (
        Report.objects.visible_to(actor)
        .filter(commune=programme.commune_id, at__gte=since, private=False)
        .filter(withdrawn_at=None, merged_into=None)
        .order_by()
        .values_list("category__theme_code")
        .annotate(commune_count=Count("pk"), here=Count("pk", filter=lying))
    )
    counts = {theme: (here, commune) for theme, commune, here in rows}
    spending = {one.axis.code: one.sums.spending for one in table.axes}
    found = []
    for axis in axes_of(programme.year):
        if not axis.themes:
            continue
        here = {code: counts.get(code, (0, 0))[0] for code in axis.themes}
        named = sorted((code for code in here if here[code]), key=lambda code: -here[code])
        found.append(
            AxisVoices(
                axis,
                spending.get(axis.code, Decimal(0)),
                sum(here.values()),
                sum(counts.get(code, (0, 0))[1] for code in axis.themes),
                [ThemeCount(theme_label(code), here[code]) for code in named],
            )
        )
    return [one for one in found if one.spending or one.commune]


def theme_label(code: str) -> str:
    """A theme in words; one that left the list as it is."""
    known = themes().get(code)
    return known.label if known else code


def sheets_of_quartier(actor: Actor, programme: Programme) -> tuple[list[Programme], bool]:
    """The sheets of this landlord, quartier and year in every commune that the actor may see, and
    whether it reads all of them there are: only then are they read as one."""
    every = Programme.objects.filter(
        landlord=programme.landlord_id, quartier=programme.quartier_id, year=programme.year
    )
    seen = every.visible_to(actor).select_related("landlord", "commune", "quartier", "convention")
    sheets = list(seen.defer("commune__outline", "quartier__outline").order_by("commune__name"))
    unread = every.exclude(pk__in=every.allowed(actor, "read").values("pk"))
    return sheets, not unread.exists()


def next_of(programme: Programme) -> str:
    """Whose turn it is, in words."""
    state, landlord = programme.state, programme.landlord.name
    words = {
        ProgrammeState.DRAFT: f"{landlord} l’écrit",
        ProgrammeState.TO_COMPLETE: f"{landlord} le complète",
        ProgrammeState.SENT: "l’agglomération le met en analyse",
        ProgrammeState.ANALYSED: "commune, agglomération et État donnent leur avis",
        ProgrammeState.ARBITRATED: "le COPIL (comité de pilotage) le valide",
        ProgrammeState.VALIDATED: "l’agglomération l’annexe à la convention",
        ProgrammeState.ANNEXED: "l’agglomération le démarre",
        ProgrammeState.RUNNING: f"{landlord} note les dépenses",
        ProgrammeState.CLOSED: "l’année est finie",
    }
    return words[ProgrammeState(state)]
