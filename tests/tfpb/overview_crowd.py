"""Many programmes at once, for figures: landlords x quartiers x years x lines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.utils import timezone

from parvis.partners.models import Organisation
from parvis.places.models import Quartier
from parvis.tfpb.models import Line, Programme, Spending
from tests.cast import Cast, box

AXES = (
    "presence", "formation", "sur_entretien", "dechets",
    "tranquillite", "concertation", "animation", "petits_travaux",
)  # fmt: skip
AT_ONCE = 20_000  # lines held in memory while they are made
LAST_YEAR = 2026


def crowd(cast: Cast, *, landlords: int, quartiers: int, years: int, lines: int) -> int:
    """Programmes that their landlords have sent in Anzin, two lines in three with a spending; how
    many lines there are. Called again, it adds to what is there."""
    who = Organisation.objects.bulk_create(
        Organisation(name=f"Bailleur {_next(Organisation) + n}", kind=Organisation.Kind.BAILLEUR)
        for n in range(landlords)
    )
    first = _next(Quartier)
    where = Quartier.objects.bulk_create(
        Quartier(code=f"QX{first + n}", name=f"Quartier {first + n}", generation=2024, **box(*BOX))
        for n in range(quartiers)
    )
    now = timezone.now()
    programmes = Programme.objects.bulk_create(
        Programme(
            landlord=landlord,
            commune=cast.anzin,
            quartier=quartier,
            year=LAST_YEAR - back,
            state="running",
            dwellings=100 + number,
            forecast=Decimal("20000.10") + number,
            real=Decimal("19000.37") if back else None,
            moved_at=now,
            created_at=now,
        )
        for number, landlord in enumerate(who)
        for quartier in where
        for back in range(years)
    )
    made = 0
    some: list[Line] = []
    for line in _lines(programmes, lines):
        some.append(line)
        if len(some) == AT_ONCE:
            made += _write(some)
            some = []
    return made + _write(some)


BOX = (3.50, 50.37, 3.52, 50.39)


def _next(model: type) -> int:
    return int(model.objects.count())  # type: ignore[attr-defined]


def _lines(programmes: list[Programme], lines: int) -> Iterator[Line]:
    for programme in programmes:
        for number in range(lines):
            yield Line(
                programme=programme,
                position=number,
                axis=AXES[number % len(AXES)],
                title=f"Action {number} du quartier",
                place="pieds d’immeubles",
                quantity=Decimal(number + 1),
                unit="passages",
                spending=Decimal("1000.01") + number,
                own_funding=Decimal("900.01") + number,
                other_funding=Decimal(100),
                valued=Decimal("700.03"),
            )


def _write(lines: list[Line]) -> int:
    made = Line.objects.bulk_create(lines)
    now = timezone.now()
    Spending.objects.bulk_create(
        Spending(
            line=line,
            starts_on=date(line.programme.year, 1, 1),
            ends_on=date(line.programme.year, 6, 30),
            amount=Decimal("500.07"),
            own_funding=Decimal("500.07"),
            valued=Decimal("350.11"),
            at=now,
        )
        for number, line in enumerate(made)
        if number % 3
    )
    return len(made)
