"""Writing the stock of a landlord: by hand or from a table, under the same rules.

The abatement of a tax year goes with the tax, which the owner on 1 January owes: a row stands
under the name of that owner, whoever bought the residence or took the landlord over since.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.partners.rights import Refused
from parvis.places.locate import locate
from parvis.places.models import Commune, Quartier, Residence
from parvis.tfpb.axes import reasons
from parvis.tfpb.estimating import estimate_abatement
from parvis.tfpb.law import tax_years
from parvis.tfpb.rates import Rates, rates_of
from parvis.tfpb.stock_models import CommuneRate, Dwellings, percent_in_words
from parvis.upkeep.models import Holding

Given = dict[str, Any]
# What a row says besides its place, its year and its landlord.
COUNTED = ("reason", "total", "abated", "exempt", "exempt_until", "vacant", "npnru")
MONEY = (
    *("rental_value", "rate", "estimate", "estimated_on", "estimate_source"),
    *("real", "real_on", "real_source"),
)
FIELDS = (*COUNTED, *MONEY)


@dataclass
class Ground:
    """What is known of the residences of a landlord and of those merged into it: who held them
    when, their rows and the rates. Four queries, whatever their number."""

    organisation_id: int
    landlords: dict[int, Organisation] = field(default_factory=dict)
    residences: dict[int, Residence] = field(default_factory=dict)
    holdings: dict[int, list[Holding]] = field(default_factory=dict)
    rows: dict[tuple[int, int, int], Dwellings] = field(default_factory=dict)
    touching: set[tuple[int, int]] = field(default_factory=set)  # (quartier, commune)

    def owner(self, residence: Residence, tax_year: int) -> int:
        """Who held that residence on 1 January; Refused when it was somebody else."""
        day = date(tax_year, 1, 1)
        known = self.holdings.get(residence.pk, [])
        running = [one for one in known if _runs(one, day)]
        mine = [one for one in known if one.organisation_id in self.landlords]
        if not mine:
            raise Refused(f"« {residence} » n’est pas une de vos résidences.")
        for one in running:
            if one.organisation_id in self.landlords:
                return one.organisation_id
        if running:
            raise Refused(
                f"Au 1er janvier {tax_year}, « {residence} » était à "
                f"{running[0].organisation} : la ligne est à écrire par ce bailleur."
            )
        if all(one.ends_on and one.ends_on < day for one in mine):
            raise Refused(f"« {residence} » n’était plus à vous au 1er janvier {tax_year}.")
        return self.organisation_id


def _runs(holding: Holding, day: date) -> bool:
    return (holding.starts_on is None or holding.starts_on <= day) and (
        holding.ends_on is None or day <= holding.ends_on
    )


def ground_of(actor: Actor, *, held: bool = False) -> Ground:
    """What the actor's organisation may write about; `held`: nobody else of it writes its stock
    until the end of the transaction."""
    ground = Ground(actor.organisation_id or 0)
    merged = Organisation.objects.filter(successor_id=ground.organisation_id)
    own = Organisation.objects.filter(pk=ground.organisation_id)
    if held:
        list(own.select_for_update())
    ground.landlords = {one.pk: one for one in own | merged}
    ever = Holding.objects.filter(organisation_id__in=list(ground.landlords))
    residences = Residence.objects.filter(pk__in=ever.values("residence_id"))
    ground.residences = {
        one.pk: one
        for one in residences.select_related("commune").defer("outline", "commune__outline")
    }
    everybody = Holding.objects.filter(residence_id__in=ever.values("residence_id"))
    for holding in everybody.select_related("organisation").order_by("pk"):
        ground.holdings.setdefault(holding.residence_id, []).append(holding)
    ground.rows = {
        (one.residence_id, one.quartier_id, one.tax_year): one
        for one in Dwellings.objects.filter(landlord_id__in=list(ground.landlords))
    }
    through = Quartier.communes.through.objects
    ground.touching = set(through.values_list("quartier_id", "commune_id"))
    return ground


def quartier_at(residence: Residence, tax_year: int) -> int:
    """The quartier where a residence stood on 1 January, a QPV first; Refused when the map does
    not tell one."""
    found = [
        one
        for one in locate(residence.latitude, residence.longitude, date(tax_year, 1, 1)).quartiers
        if one.inside
    ]
    priority = [one for one in found if one.kind == Quartier.Kind.QPV]
    for some in (priority, found):
        if len(some) == 1:
            return some[0].pk
    raise Refused(f"La carte ne dit pas dans quel quartier est « {residence} » : choisissez-le.")


def in_renewal(residence: Residence, tax_year: int) -> bool:
    """Whether a site of renewal (NPNRU) held that residence on 1 January."""
    found = locate(residence.latitude, residence.longitude, date(tax_year, 1, 1)).quartiers
    return any(one.inside and one.kind == Quartier.Kind.NPNRU for one in found)


def fill(row: Dwellings, given: Given, rate: CommuneRate | None, today: date) -> None:
    """Put what is given on a row; what is not given stays. Without an estimate of the landlord's
    own, one is made of the rental value and the commune's rate of that year, when it is known."""
    before = row.rental_value
    for name in (*COUNTED, "rental_value", "real", "real_on", "real_source"):
        if name in given:
            setattr(row, name, given[name])
    own = given.get("estimate")
    if own is not None:
        source = given.get("estimate_source", row.estimate_source)
        if (own, source) != (row.estimate, row.estimate_source) or row.rental_value != before:
            row.estimate, row.estimate_source, row.rate = own, source, None
            row.estimated_on = given.get("estimated_on") or today
        elif given.get("estimated_on"):
            row.estimated_on = given["estimated_on"]
    elif row.rental_value is not None:
        same = row.rental_value == before
        # What nobody touches stays, made with another rate or not.
        untouched = "estimate" not in given and same and row.estimate is not None
        current = same and rate is not None and row.rate == rate.percent
        if not (untouched or current):
            estimate(row, rate, today)
    elif "estimate" in given:
        row.estimate = row.estimated_on = row.rate = None
        row.estimate_source = ""


def estimate(row: Dwellings, rate: CommuneRate | None, today: date) -> None:
    """Estimate a row from its rental value; without a rate there is no estimate."""
    if rate is None or row.rental_value is None:
        row.estimate = row.estimated_on = row.rate = None
        row.estimate_source = ""
        return
    found = estimate_abatement(row.rental_value, rate.percent, tax_year=row.tax_year)
    row.rate, row.estimate, row.estimated_on = rate.percent, found.abatement, today
    source = f"valeur locative et taux de {percent_in_words(rate.percent)} ({rate.source})"
    # One kind of blank: a table that goes out and comes in again says the same.
    row.estimate_source = " ".join(source.split())[:200]


def check(row: Dwellings) -> None:
    """ValidationError, in words for people, when a row breaks a rule of its table."""
    if row.tax_year not in tax_years():
        raise Refused(f"Aucune règle n’est connue pour {row.tax_year}.")
    if row.reason not in reasons():
        raise ValidationError({"reason": "Ce motif n’est pas dans la liste."})
    if row.real is not None and not (row.real_on and row.real_source):
        raise ValidationError(
            {"real_source": "Dites de quel avis d’imposition vient ce montant, et sa date."}
        )
    if row.estimate is not None and not row.estimate_source:
        raise ValidationError({"estimate_source": "Dites d’où vient cette estimation."})
    places = ("landlord", "residence", "commune", "quartier")
    row.clean_fields(exclude=places)
    row.validate_constraints(exclude=("landlord",))


def settle(
    ground: Ground, residence: Residence, quartier_id: int | None, tax_year: int
) -> Dwellings:
    """The row of a residence, a quartier and a year: the one that stands, or a new one under the
    name of its owner on 1 January. Refused outside the landlord's residences."""
    if tax_year not in tax_years():
        raise Refused(f"Aucune règle n’est connue pour {tax_year}.")
    owner = ground.owner(residence, tax_year)
    place = quartier_id or quartier_at(residence, tax_year)
    if (place, residence.commune_id) not in ground.touching:
        raise Refused(f"Ce quartier ne touche pas {residence.commune}.")
    known = ground.rows.get((residence.pk, place, tax_year))
    if known is not None:
        return known
    return Dwellings(
        landlord_id=owner,
        residence=residence,
        commune_id=residence.commune_id,
        quartier_id=place,
        tax_year=tax_year,
        npnru=in_renewal(residence, tax_year),
        exempt=0,
        vacant=0,
    )


def seal(row: Dwellings) -> str:
    """Tells whether a row is still what somebody read before changing it."""
    said = "|".join(str(getattr(row, name)) for name in FIELDS)
    return sha256(said.encode()).hexdigest()[:16]


@transaction.atomic
def add_dwellings(
    actor: Actor, residence: Residence, quartier: Quartier | None, tax_year: int, given: Given
) -> Dwellings:
    """Write the dwellings of a residence for a year; Refused when they are written already."""
    ground = ground_of(actor, held=True)
    row = settle(ground, residence, quartier.pk if quartier else None, tax_year)
    if row.pk is not None:
        raise Refused(f"« {residence} » est déjà écrite pour {tax_year} : modifiez sa ligne.")
    _put(row, given)
    row.save(force_insert=True)
    return row


@transaction.atomic
def change_dwellings(row: Dwellings, given: Given, *, read: str) -> Dwellings:
    """Change a row; refused when somebody else has changed it since it was read. The caller
    answers for the right to."""
    fresh: Dwellings = Dwellings.objects.select_for_update().get(pk=row.pk)
    if seal(fresh) != read:
        raise Refused(
            "Quelqu’un a modifié cette ligne entre-temps. Ce que vous avez écrit est encore "
            "dans le formulaire : comparez avec la ligne, puis enregistrez de nouveau."
        )
    _put(fresh, given)
    fresh.save(update_fields=FIELDS)
    return fresh


def _put(row: Dwellings, given: Given) -> None:
    pair = (row.commune_id, row.tax_year)
    fill(row, given, rates_of({pair}).get(pair), timezone.localdate())
    check(row)


@dataclass(frozen=True)
class Estimated:
    """How many rows were estimated again, and which rates are missing: (commune, tax year)."""

    rows: int
    missing: list[tuple[str, int]]


@transaction.atomic
def estimate_again(rows: Any) -> Estimated:
    """Estimate again those of these rows that have a rental value and not today's rate of their
    commune. An estimate of the landlord's own is left alone. The caller answers for the right to.
    """
    held: list[Dwellings] = list(
        rows.select_related(None).filter(rental_value__isnull=False).select_for_update()
    )
    rates: Rates = rates_of({(one.commune_id, one.tax_year) for one in held})
    today, changed, missing = timezone.localdate(), [], set()
    for row in held:
        if row.estimate is not None and row.rate is None:
            continue
        rate = rates.get((row.commune_id, row.tax_year))
        if rate is None:
            missing.add((row.commune_id, row.tax_year))
        elif row.rate != rate.percent:
            estimate(row, rate, today)
            changed.append(row)
    names = ("rate", "estimate", "estimated_on", "estimate_source")
    Dwellings.objects.bulk_update(changed, names, batch_size=200)
    return Estimated(len(changed), _named(missing))


def _named(pairs: Iterable[tuple[int, int]]) -> list[tuple[str, int]]:
    wanted = sorted(pairs)
    names = dict(
        Commune.objects.filter(pk__in=[one for one, _ in wanted]).values_list("pk", "name")
    )
    return [(names[commune], year) for commune, year in wanted]
