"""The abatement of TFPB of the demonstration: five invented landlords, conventions in every state,
three years of programmes, spending, opinions, and two bilans."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from parvis.actions.models import Action
from parvis.demo.accounts import read
from parvis.demo.tfpb_conventions import load_conventions
from parvis.demo.tfpb_dialogue import load_bilans, load_dialogue, pass_through
from parvis.partners.actors import NOBODY
from parvis.partners.models import Organisation, start_of_day
from parvis.places.models import Commune, Quartier, Residence
from parvis.reports.models import Report
from parvis.tfpb.estimating import estimate_abatement
from parvis.tfpb.models import (
    CommuneRate,
    Convention,
    Dwellings,
    Line,
    Programme,
    Spending,
    Split,
    SplitPart,
    UsualMeans,
)
from parvis.tfpb.money import share_out, to_cents
from parvis.tfpb.workflow import ProgrammeState
from parvis.thread.acts import link
from parvis.upkeep.models import Holding

NPNRU = "QN05921M"  # whose residences are in a renewal project
HUNDRED = Decimal(100)
QUARTERS = ((1, 1, 3, 31), (4, 1, 6, 30), (7, 1, 9, 30), (10, 1, 12, 31))


@dataclass(frozen=True)
class Ground:
    """What every part of this story needs."""

    facts: dict[str, Any]
    organisations: dict[str, Organisation]
    communes: dict[str, Commune]
    quartiers: dict[str, Quartier]
    conventions: dict[str, Convention]
    usual: dict[tuple[int, int, str], UsualMeans]
    today: date

    @property
    def years(self) -> tuple[int, int, int]:
        """Last year, this year, next year."""
        return self.today.year - 1, self.today.year, self.today.year + 1


def load_tfpb(organisations: dict[str, Organisation], now: datetime, today: date) -> None:
    """Write the stock, the conventions, the programmes and what became of them."""
    facts = read("tfpb")
    communes = {one.code: one for one in Commune.objects.defer("outline")}
    quartiers = {one.code: one for one in Quartier.objects.defer("outline")}
    _build(facts, organisations, communes)
    conventions = load_conventions(facts, organisations, communes, quartiers, today)
    usual = _load_usual_means(facts, organisations, today)
    ground = Ground(facts, organisations, communes, quartiers, conventions, usual, today)
    _load_rates(ground)
    programmes: dict[tuple[str, str, str, int], Programme] = {}
    for row in facts["sheet"]:
        for place, state in enumerate(row["years"]):
            if state:
                year = ground.years[place]
                key = (row["landlord"], row["commune"], row["quartier"], year)
                programmes[key] = _write(ground, row, year, state, now)
    _share(ground, programmes)
    for programme in programmes.values():
        pass_through(programme, organisations, today)
    Spending.objects.bulk_create(_spendings(ground, programmes, now))
    load_dialogue(facts, organisations, programmes, today)
    load_bilans(facts, organisations, programmes, today)


def _build(
    facts: dict[str, Any], organisations: dict[str, Organisation], communes: dict[str, Commune]
) -> None:
    for row in facts["residence"]:
        residence = Residence.objects.create(
            code=row["code"],
            name=row["name"],
            commune=communes[row["commune"]],
            latitude=row["latitude"],
            longitude=row["longitude"],
        )
        Holding.objects.create(
            residence=residence,
            organisation=organisations[row["landlord"]],
            starts_on=date(2017, 4, 1),
        )


def _load_rates(ground: Ground) -> None:
    CommuneRate.objects.bulk_create(
        CommuneRate(
            commune=ground.communes[code],
            tax_year=year,
            percent=Decimal(percent),
            source=ground.facts["rate_source"],
        )
        for code, percent in ground.facts["rates"].items()
        for year in ground.years
    )


def _load_usual_means(
    facts: dict[str, Any], organisations: dict[str, Organisation], today: date
) -> dict[tuple[int, int, str], UsualMeans]:
    """The rows of droit commun by landlord, year and domain."""
    made = UsualMeans.objects.bulk_create(
        UsualMeans(
            landlord=organisations[key],
            year=today.year + place,
            domain=domain,
            indicator=indicator,
            outside=Decimal(outside),
            inside=Decimal(inside),
            outside_cost=Decimal(outside_cost),
            inside_cost=Decimal(inside_cost),
        )
        for key in facts["usual_of"]
        for place in (-1, 0, 1)
        for domain, indicator, outside, inside, outside_cost, inside_cost in facts["usual"]
    )
    return {(one.landlord_id, one.year, one.domain): one for one in made}


def _write(ground: Ground, row: dict[str, Any], year: int, state: str, now: datetime) -> Programme:
    """A sheet with its stock and its lines, in its state and as it came there."""
    landlord = ground.organisations[row["landlord"]]
    stock = _write_stock(ground, row, landlord, year)
    real = sum((one.real for one in stock if one.real is not None), Decimal(0))
    abated = sum(one.abated for one in stock)
    joined = row["landlord"] in ground.facts["usual_of"]
    without = row.get("without", "")
    if not joined and not without and state != "draft":
        raise ValueError(f"{row['landlord']} says nothing of its droit commun")
    programme = Programme.objects.create(
        convention=ground.conventions[row["convention"]],
        landlord=landlord,
        commune=ground.communes[row["commune"]],
        quartier=ground.quartiers[row["quartier"]],
        year=year,
        state=state,
        dwellings=abated,
        forecast=sum((one.estimate or Decimal(0) for one in stock), Decimal(0)),
        forecast_on=stock[0].estimated_on,
        forecast_source=ground.facts["estimate"],
        real=real or None,
        real_on=stock[0].real_on,
        real_source=stock[0].real_source,
        without_usual_means=without,
        created_at=start_of_day(date(year - 1, 9, 1)),
        moved_at=now,
    )
    Line.objects.bulk_create(_lines(ground, row, programme, abated))
    _tie(programme)
    return programme


def _write_stock(
    ground: Ground, row: dict[str, Any], landlord: Organisation, year: int
) -> list[Dwellings]:
    """The dwellings of the residences that this landlord holds there, the whole parted among them;
    the real amount is known once the tax notices of that year are out."""
    held = list(
        Residence.objects.filter(
            holdings__organisation=landlord,
            commune__code=row["commune"],
            code__startswith=f"{row['quartier']}-",
        )
        .defer("outline")
        .order_by("code")
    )
    known = date(year, 10, 20) if date(year, 10, 20) <= ground.today else None
    rate = Decimal(ground.facts["rates"][row["commune"]])
    estimated_on = date(year - 1, 9, 15)
    made = []
    for number, residence in enumerate(held):
        total, exempt, vacant = (
            whole // len(held) + (number < whole % len(held)) for whole in row["homes"]
        )
        abated = total - exempt - vacant
        value = to_cents(Decimal(ground.facts["rental_value"]) * abated)
        estimate = estimate_abatement(value, rate, tax_year=year).abatement
        made.append(
            Dwellings(
                landlord=landlord,
                residence=residence,
                commune=ground.communes[row["commune"]],
                quartier=ground.quartiers[row["quartier"]],
                tax_year=year,
                reason="avant_1998" if number % 2 else "exonere_avant",
                total=total,
                abated=abated,
                exempt=exempt,
                exempt_until=date(ground.today.year + 4, 12, 31) if exempt else None,
                vacant=vacant,
                npnru=row["quartier"] == NPNRU,
                rental_value=value,
                rate=rate,
                estimate=estimate,
                estimated_on=estimated_on,
                estimate_source=ground.facts["estimate"],
                # A little less than was thought, as some dwellings stood empty.
                real=to_cents(estimate * Decimal("0.985")) if known else None,
                real_on=known,
                real_source=ground.facts["notice"] if known else "",
            )
        )
    return Dwellings.objects.bulk_create(made)


def _lines(
    ground: Ground, row: dict[str, Any], programme: Programme, abated: int
) -> Iterator[Line]:
    place = programme.year - ground.today.year
    called = {axis: rest for when, axis, *rest in row.get("actions", []) if when == place}
    growth = 1 + Decimal(2 * (place + 1)) / HUNDRED  # two per cent a year
    for position, axis in enumerate(row["lines"]):
        words = ground.facts["line"][axis]
        quantity = (Decimal(words["quantity"]) * abated / HUNDRED).quantize(Decimal("0.01"))
        unit_cost = to_cents(Decimal(words["unit_cost"]) * growth)
        spending = to_cents(quantity * unit_cost)
        other = to_cents(spending * words["other"] / HUNDRED)
        title, action = words["title"], None
        if axis in called:
            name, title = called[axis]
            action = Action.objects.get(title=name)
        usual = ground.usual.get((programme.landlord_id, programme.year, words.get("domain", "")))
        yield Line(
            programme=programme,
            key=uuid5(
                NAMESPACE_URL, f"{row['landlord']} {row['commune']} {row['quartier']} {axis}"
            ),
            position=position,
            axis=axis,
            nature=words.get("nature", "specifique") if action is None else "specifique",
            title=title,
            description="Ligne inventée pour la démonstration.",
            place=words["place"] if action is None else action.place,
            starts_on=date(programme.year, 10 if action and place < 0 else 1, 1),
            ends_on=date(programme.year, 12, 31),
            quantity=quantity,
            unit=words["unit"],
            unit_cost=unit_cost,
            beyond=Decimal(words["beyond"]) if "beyond" in words else None,
            spending=spending,
            own_funding=spending - other,
            other_funding=other,
            other_funder=str(ground.organisations[row["commune"]]) if other else "",
            # What others pay is not valued.
            valued=min(to_cents(spending * words["valued"] / HUNDRED), spending - other),
            justification=words.get("justification", ""),
            usual_means=usual if action is None else None,
            action=action,
        )


def _tie(programme: Programme) -> None:
    """A line that pays for an action arises from it, on the thread; and what was reported of the
    same themes just before calls for the action."""
    for line in programme.lines.select_related("action"):
        if line.action is None or line.starts_on is None:
            continue
        link(NOBODY, ("action", line.action.pk), ("tfpb_line", line.pk))
        before = Report.objects.filter(
            public=True,
            category__theme_code__in=line.action.themes,
            at__lt=start_of_day(line.starts_on),
        )
        if (report := before.order_by("-at", "pk").first()) is not None:
            link(NOBODY, ("report", report.pk), ("action", line.action.pk))


def _share(ground: Ground, programmes: dict[tuple[str, str, str, int], Programme]) -> None:
    """A cost of this year that two landlords share, parted by their abated dwellings."""
    facts, year = ground.facts["split"], ground.today.year
    sheets = [programmes[landlord, commune, NPNRU, year] for landlord, commune in facts["with"]]
    split = Split.objects.create(
        title=facts["title"],
        pilot=ground.organisations[facts["pilot"]],
        year=year,
        total=Decimal(facts["total"]),
        basis=Split.Basis.DWELLINGS,
    )
    weights = [Decimal(sheet.dwellings or 0) for sheet in sheets]
    percents = share_out(HUNDRED, weights)
    amounts = share_out(split.total, weights)
    for sheet, percent, amount in zip(sheets, percents, amounts, strict=True):
        line = sheet.lines.get(axis=facts["axis"])
        other = to_cents(amount * 30 / HUNDRED)
        line.title, line.split, line.split_percent = facts["title"], split, percent
        line.quantity = line.unit_cost = None
        line.unit = ""
        line.spending, line.own_funding, line.other_funding = amount, amount - other, other
        line.valued = to_cents(amount * 65 / HUNDRED)
        line.save()
        SplitPart.objects.create(
            split=split,
            landlord=sheet.landlord,
            weight=sheet.dwellings or 0,
            percent=percent,
            amount=amount,
            line=line,
        )


def _spendings(
    ground: Ground, programmes: dict[tuple[str, str, str, int], Programme], now: datetime
) -> Iterator[Spending]:
    """One total for each line and each quarter that is over, on the sheets that run or ran."""
    done = {
        (row["landlord"], row["commune"], row["quartier"]): Decimal(row["done"])
        for row in ground.facts["sheet"]
    }
    told = (ProgrammeState.RUNNING, ProgrammeState.CLOSED)
    for (landlord, commune, quartier, year), programme in programmes.items():
        if programme.state not in told:
            continue
        ratio = done[landlord, commune, quartier]
        for line in programme.lines.all():
            quarters = [
                one
                for one in QUARTERS
                if line.starts_on is None or date(year, *one[2:]) >= line.starts_on
            ]
            parts = share_out(to_cents(line.spending * ratio), [Decimal(1)] * len(quarters))
            for amount, (month, day, last_month, last_day) in zip(parts, quarters, strict=True):
                ends_on = date(year, last_month, last_day)
                if ends_on >= ground.today or not amount:
                    continue
                share = amount / (line.spending * ratio)
                other = to_cents(line.other_funding * ratio * share)
                yield Spending(
                    line=line,
                    starts_on=date(year, month, day),
                    ends_on=ends_on,
                    amount=amount,
                    own_funding=amount - other,
                    other_funding=other,
                    valued=to_cents(line.valued * ratio * share),
                    at=min(now, start_of_day(ends_on + timedelta(days=20))),
                )
