"""What a council reads before it votes: revenue given up, what the State pays back, what is left
to bear, and the actions that this pays for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.tfpb.axes import axis_of
from parvis.tfpb.law import Share, share
from parvis.tfpb.money import HUNDRED, to_cents
from parvis.tfpb.programme_models import Line, Programme
from parvis.tfpb.stock_models import Dwellings
from parvis.tfpb.stock_sums import StockSum, named_landlords, sums_by_place

Key = tuple[int, int, int]  # landlord, commune, quartier
SHOWN = 12  # actions of one place; the others are counted
NOTICE = "avis d’imposition"
ESTIMATE = "estimation du bailleur"
ANNOUNCED = "montant annoncé dans le programme"


@dataclass(frozen=True)
class Planned:
    """An action of a programme: its axis, its title and what is valued of it, in euros."""

    axis: str
    title: str
    valued: Decimal


@dataclass
class Given:
    """What is given up for a landlord in one commune and one quartier, in euros."""

    landlord: str
    commune: str
    quartier: str
    dwellings: int | None = None  # abated ones
    abatement: Decimal | None = None
    basis: str = ""
    partial: bool = False
    compensation: Decimal | None = None
    net: Decimal | None = None
    state: str = ""  # of its programme; empty when nobody sent one
    actions: list[Planned] = field(default_factory=list)

    @property
    def shown(self) -> list[Planned]:
        """The first of its actions."""
        return self.actions[:SHOWN]

    @property
    def more(self) -> int:
        """How many are not among them."""
        return max(0, len(self.actions) - SHOWN)


@dataclass
class Annex:
    """All of it for some communes and one tax year, with its totals."""

    year: int
    rows: list[Given]
    compensation: Share
    doubts: list[str]

    @property
    def dwellings(self) -> int:
        """Abated dwellings, where they are known."""
        return sum(row.dwellings or 0 for row in self.rows)

    @property
    def abatement(self) -> Decimal:
        """Revenue given up: the sum of the known amounts."""
        return self._sum("abatement")

    @property
    def compensated(self) -> Decimal:
        """What the State pays back: the sum of the rows, each rounded to the cent."""
        return self._sum("compensation")

    @property
    def net(self) -> Decimal:
        """What communes and EPCI bear: given up less paid back, to the cent."""
        return self._sum("net")

    def _sum(self, name: str) -> Decimal:
        known = (getattr(row, name) for row in self.rows)
        return sum((amount for amount in known if amount is not None), Decimal("0.00"))


def annex_of(actor: Actor, year: int, communes: Iterable[int]) -> Annex:
    """The annex for these communes and that tax year, with what this actor may see and no more; a
    fixed number of queries.

    The amount of a place is that of the tax notices once all are there, else the landlord's
    estimate, else what its programme announces. Compensation: data/rules.toml, rounded to the
    cent for each place; the net cost is the difference, so that each row and the totals agree.
    """
    there = {"commune_id__in": list(communes)}
    rows: dict[Key, Given] = {}
    stock = Dwellings.objects.visible_to(actor).filter(tax_year=year, **there)
    for place in sums_by_place(stock):
        key = (place.landlord_id, place.commune_id, place.quartier_id)
        rows[key] = _of_stock(place.landlord, place.commune, place.quartier, place.sum)
    programmes = list(
        Programme.objects.allowed(actor, "read")
        .filter(year=year, **there)
        .select_related("commune", "quartier")
        .defer("commune__outline", "quartier__outline")
    )
    landlords = named_landlords({one.landlord_id for one in programmes})
    actions = _actions(actor, programmes)
    merged = _merged(programmes, year)
    for one in programmes:
        where = (one.commune_id, one.quartier_id)
        keys = [(landlord, *where) for landlord in (one.landlord_id, *merged[one.pk])]
        mine = [rows[key] for key in keys if key in rows]
        if not mine:
            name = landlords[one.landlord_id].name_on(date(year, 1, 1))
            mine = [rows.setdefault(keys[0], Given(name, one.commune.name, one.quartier.name))]
        for row in mine:
            row.state = one.get_state_display()
        row = mine[0]
        row.actions = actions[one.pk]
        # What it announces is for all of its stock: it goes beside no other amount.
        if one.abatement is not None and all(other.abatement is None for other in mine):
            row.abatement, row.partial = one.abatement, False
            row.basis = ANNOUNCED if one.real is None else NOTICE
        if row.dwellings is None:
            row.dwellings = one.dwellings
    part = share("compensation", year)
    for row in rows.values():
        if row.abatement is not None:
            row.compensation = to_cents(row.abatement * part.percent / HUNDRED)
            row.net = row.abatement - row.compensation
    found = sorted(rows.values(), key=lambda row: (row.commune, row.quartier, row.landlord))
    return Annex(year, found, part, _doubts(found, part))


def _merged(programmes: list[Programme], year: int) -> dict[int, list[int]]:
    """The landlords whose stock each programme takes besides its own, as `stock_sums.rows_of`:
    those merged into its own that have no programme of their own there; two queries."""
    heirs = {one.landlord_id for one in programmes}
    old = list(Organisation.objects.filter(successor__in=heirs).values_list("pk", "successor_id"))
    theirs = Programme.objects.filter(year=year, landlord__in=[pk for pk, _ in old])
    known = set(theirs.values_list("landlord_id", "commune_id", "quartier_id"))
    return {
        one.pk: [
            pk
            for pk, heir in old
            if heir == one.landlord_id and (pk, one.commune_id, one.quartier_id) not in known
        ]
        for one in programmes
    }


def _of_stock(landlord: str, commune: str, quartier: str, stock: StockSum) -> Given:
    row = Given(landlord, commune, quartier, stock.abated, stock.abatement)
    if stock.abatement is not None:
        row.basis = NOTICE if stock.whole_real else ESTIMATE
        row.partial = not stock.whole
    return row


def _actions(actor: Actor, programmes: list[Programme]) -> dict[int, list[Planned]]:
    found: dict[int, list[Planned]] = defaultdict(list)
    lines: Any = Line.objects.visible_to(actor).filter(programme__in=programmes)
    for line in lines.order_by("programme", "axis", "position", "pk"):
        found[line.programme_id].append(Planned(axis_of(line.axis).label, line.title, line.valued))
    return found


def _doubts(rows: list[Given], part: Share) -> list[str]:
    """What is not sure in these amounts, in sentences."""
    found = []
    if not part.confirmed:
        found.append(f"La part compensée par l’État ({part.percent} %) reste à confirmer.")
    if any(row.basis == ESTIMATE for row in rows):
        found.append(
            "Un montant estimé vient des valeurs locatives et du taux de la commune : l’avis "
            "d’imposition, connu à l’automne, peut en différer."
        )
    if any(row.basis == ANNOUNCED for row in rows):
        found.append("Un montant annoncé dans un programme n’a pas été recoupé avec le patrimoine.")
    if any(row.partial for row in rows):
        found.append("Un montant partiel ne couvre pas encore toutes les résidences abattues.")
    if any(row.abatement is None for row in rows):
        found.append("Un montant non connu n’est pas compté dans les totaux.")
    found.append(
        "Les effets de l’abattement sur la taxe d’ordures ménagères, les taxes spéciales et les "
        "frais de gestion ne sont pas confirmés : ils ne sont pas comptés."
    )
    found.append(
        "La répartition du coût net entre la commune et l’agglomération dépend du taux de chacune "
        ": elle n’est pas calculée ici."
    )
    return found
