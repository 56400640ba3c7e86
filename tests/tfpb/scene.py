"""What tests of the abatement build: a convention of Escaut Habitat, its programme in Rives in
Anzin, lines on two axes; a service of the State beside the cast."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from parvis.partners.actors import Actor, actors_of
from parvis.partners.models import (
    Agreement,
    Mandate,
    Organisation,
    Perimeter,
    Role,
    Signature,
    User,
)
from parvis.tfpb.models import Convention, Dwellings, Line, Programme, Spending
from tests.cast import PASSWORD, Cast


def this_year() -> int:
    """The tax year of today."""
    return timezone.localdate().year


def the_state(cast: Cast) -> Organisation:
    """The service of the State that reads programmes in Anzin and Valenciennes."""
    found, _ = Organisation.objects.get_or_create(
        name="Direction des territoires",
        kind=Organisation.Kind.ETAT,
        defaults={"commune": cast.valenciennes},
    )
    return found


def an_officer(cast: Cast, name: str = "Remy") -> User:
    """Somebody who answers for the State there."""
    email = f"{name.lower()}@exemple.test"
    if found := User.objects.filter(email=email).first():
        return found
    officer = User.objects.create_user(email, name, PASSWORD)
    mandate = Mandate.objects.create(
        person=officer,
        organisation=the_state(cast),
        role=Role.RESPONSABLE,
        starts_on=timezone.localdate() - timedelta(days=400),
    )
    for commune in (cast.anzin, cast.valenciennes):
        Perimeter.objects.create(mandate=mandate, commune=commune)
    return officer


def the_officer(cast: Cast) -> Actor:
    """That person as who asks."""
    return actors_of(an_officer(cast))[0]


def a_convention(cast: Cast, *, signed: bool = True, **fields: Any) -> Convention:
    """Escaut Habitat, Anzin, the agglomération and the State; signed by all, or by nobody."""
    communes = fields.pop("communes", [cast.anzin])
    landlord = fields.pop("landlord", cast.landlord)
    parties = fields.pop("parties", [landlord, cast.town, cast.agglomeration, the_state(cast)])
    number = Agreement.objects.count() + 1
    agreement = Agreement.objects.create(
        kind=Agreement.Kind.CONVENTION_TFPB,
        code=fields.pop("code", f"TFPB-{number}"),
        title=fields.pop("title", f"Convention d’abattement de {landlord}"),
        starts_on=date(this_year() - 1, 1, 1),
        ends_on=date(this_year() + 4, 12, 31),
    )
    agreement.communes.set(communes)
    agreement.quartiers.set([cast.rives])
    day = date(this_year() - 1, 9, 15) if signed else None
    for party in parties:
        Signature.objects.create(agreement=agreement, organisation=party, signed_on=day)
    return Convention.objects.create(agreement=agreement, landlord=landlord, **fields)


def a_programme(cast: Cast, **fields: Any) -> Programme:
    """The programme of Escaut Habitat in Rives, in Anzin, for this year: 40 000 € of abatement for
    200 dwellings. A draft, unless `state` says otherwise."""
    now = timezone.now()
    given = {
        "landlord": cast.landlord,
        "commune": cast.anzin,
        "quartier": cast.rives,
        "year": this_year(),
        "dwellings": 200,
        "forecast": Decimal("40000.00"),
        "forecast_on": date(this_year() - 1, 10, 1),
        "forecast_source": "valeurs locatives de l’an dernier",
        "without_usual_means": "tableau en cours d’établissement",
        "created_at": now,
        "moved_at": now,
        **fields,
    }
    return Programme.objects.create(**given)


def a_line(programme: Programme, **fields: Any) -> Line:
    """Bulky waste taken away more often: 12 000 € planned, of which 9 000 € valued."""
    given = {
        "programme": programme,
        "axis": "dechets",
        "title": "Enlèvement des encombrants en plus",
        "place": "pieds d’immeubles",
        "quantity": Decimal(48),
        "unit": "passages",
        "unit_cost": Decimal("250.00"),
        "spending": Decimal("12000.00"),
        "own_funding": Decimal("9000.00"),
        "other_funding": Decimal("3000.00"),
        "other_funder": "Ville d’Anzin",
        "valued": Decimal("9000.00"),
        **fields,
    }
    return Line.objects.create(**given)


def spent(line: Line, amount: str = "3000.00", **fields: Any) -> Spending:
    """What a line has cost over the first quarter of its year."""
    year = line.programme.year
    given = {
        "line": line,
        "starts_on": date(year, 1, 1),
        "ends_on": date(year, 3, 31),
        "amount": Decimal(amount),
        "own_funding": Decimal(amount),
        "valued": Decimal(amount),
        "at": timezone.now(),
        **fields,
    }
    return Spending.objects.create(**given)


def some_dwellings(cast: Cast, **fields: Any) -> Dwellings:
    """Les Tilleuls: 200 dwellings of which 180 abated, this year."""
    given = {
        "landlord": cast.landlord,
        "residence": cast.tilleuls,
        "commune": cast.anzin,
        "quartier": cast.rives,
        "tax_year": this_year(),
        "reason": "exonere_avant",
        "total": 200,
        "abated": 180,
        **fields,
    }
    return Dwellings.objects.create(**given)
