"""What stands in a body on a day: its colleges, its seats, who holds them, as a reader may know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q

from parvis.councils.body_models import Body, College, CouncilSeat, Member, Term
from parvis.councils.regimes import label_of, regime_of
from parvis.partners.actors import Actor
from parvis.places.models import Quartier

RESIDENTS = "habitants"


@dataclass(frozen=True)
class SeatLine:
    """A seat and the term that runs on it; `name` is what this reader may read of its holder."""

    seat: CouncilSeat
    term: Term | None = None
    name: str = ""
    known: bool = False  # the reader may open the member's page
    old_regime: str = ""  # under which rules they sit, when these are no longer the body's

    @property
    def titulaire(self) -> bool:
        return self.seat.kind == CouncilSeat.Kind.TITULAIRE


@dataclass(frozen=True)
class CollegeShown:
    """A college with its seats in their order, titulaires first."""

    pk: int
    code: str
    label: str
    lines: list[SeatLine]

    @property
    def titulaires(self) -> list[SeatLine]:
        return [one for one in self.lines if one.titulaire]

    @property
    def suppleants(self) -> list[SeatLine]:
        return [one for one in self.lines if not one.titulaire]

    @property
    def members(self) -> list[SeatLine]:
        return [one for one in self.lines if one.term is not None]

    @property
    def vacant(self) -> int:
        return sum(one.term is None for one in self.lines)


@dataclass(frozen=True)
class Composition:
    """The colleges of a body on a day."""

    colleges: list[CollegeShown]

    def lines(self) -> Iterator[SeatLine]:
        """Every seat, college after college."""
        for college in self.colleges:
            yield from college.lines

    def of(self, code: str) -> list[SeatLine]:
        """The seats of titulaires in one college."""
        return [
            one for college in self.colleges if college.code == code for one in college.titulaires
        ]

    @property
    def vacant(self) -> int:
        return sum(one.vacant for one in self.colleges)

    @property
    def members(self) -> int:
        return sum(one.term is not None for one in self.lines())


def composition_of(actor: Actor, body: Body, day: date) -> Composition:
    """The body as it is composed that day, in the words that this actor may read. Four queries."""
    return compositions_of(actor, [body], day)[body.pk]


def compositions_of(actor: Actor, bodies: list[Body], day: date) -> dict[int, Composition]:
    """Several bodies as they are composed that day, by their id. Four queries for all of them."""
    ids = [one.pk for one in bodies]
    regimes = {one.pk: one.regime for one in bodies}
    open_seats = CouncilSeat.objects.filter(
        Q(closed_on=None) | Q(closed_on__gt=day), college__body__in=ids
    )
    seats = list(
        open_seats.select_related("college", "quartier")
        .defer("quartier__outline")
        .order_by("college__body", "-college__code", "-kind", "number")
    )
    terms = {
        one.seat_id: one
        for one in Term.objects.on(day)
        .filter(seat__college__body__in=ids)
        .select_related("member__contact", "member__organisation", "member__quartier")
        .defer("member__quartier__outline")
    }
    knows = Member.objects.allowed(actor, "know").filter(body__in=ids)
    known = set(knows.values_list("pk", flat=True))
    found: dict[int, dict[int, CollegeShown]] = {pk: {} for pk in ids}
    for body_id, pk, code in _colleges(ids):
        found[body_id][pk] = CollegeShown(pk, code, label_of("college", code), [])
    for seat in seats:
        line = _line(seat, terms.get(seat.pk), known, regimes[seat.college.body_id])
        found[seat.college.body_id][seat.college_id].lines.append(line)
    return {pk: Composition(list(colleges.values())) for pk, colleges in found.items()}


def _colleges(bodies: list[int]) -> Any:
    rows = College.objects.filter(body__in=bodies).order_by("body", "-code", "pk")
    return rows.values_list("body_id", "pk", "code")


def _line(seat: CouncilSeat, term: Term | None, known: set[int], regime: str) -> SeatLine:
    if term is None:
        return SeatLine(seat)
    mine = term.member_id in known
    name = term.member.name if mine else term.member.public_name
    return SeatLine(seat, term, name, mine, old_regime(term.regime, regime))


def old_regime(held: str, now: str) -> str:
    """What a term's regime is called when it is no longer the body's; nothing when it is."""
    if held == now:
        return ""
    year = regime_of(held).starts_on.year
    if year != regime_of(now).starts_on.year:
        return f"régime de {year}"
    return f"régime « {regime_of(held).label} »"


@dataclass(frozen=True)
class Balance:
    """Seats of titulaires and who holds them, for one quartier of a body."""

    quartier: str
    seats: int
    holders: int
    vacant: int


def balance_of(quartiers: Iterable[Quartier], composition: Composition) -> list[Balance]:
    """By quartier of the body: the seats that are for it, and the members who come from it. What
    belongs to none of them stands in a last line."""
    lines = [one for one in composition.lines() if one.titulaire]
    names: dict[int | None, str] = {one.pk: one.name for one in quartiers}
    rows = []
    for pk, name in [*names.items(), (None, "")]:
        seats = [one for one in lines if _place(one.seat.quartier_id, names) == pk]
        held = [one for one in lines if one.term and _place(_from(one), names) == pk]
        if pk is not None or seats or held:
            empty = sum(one.term is None for one in seats)
            rows.append(Balance(name, len(seats), len(held), empty))
    return rows


def _place(pk: int | None, names: dict[int | None, str]) -> int | None:
    return pk if pk in names else None


def _from(line: SeatLine) -> int | None:
    if line.term is None:
        return None
    return line.term.member.quartier_id or line.seat.quartier_id


def counts_of(bodies: list[int], day: date) -> dict[int, tuple[int, int]]:
    """By body, how many members sit that day and how many seats are vacant. Two queries."""
    seats = CouncilSeat.objects.filter(
        Q(closed_on=None) | Q(closed_on__gt=day), college__body__in=bodies
    )
    opened = dict(_counted(seats, "college__body"))
    held = dict(_counted(Term.objects.on(day).filter(seat__in=seats), "seat__college__body"))
    return {pk: (held.get(pk, 0), opened.get(pk, 0) - held.get(pk, 0)) for pk in bodies}


def _counted(rows: Any, by: str) -> Any:
    return rows.order_by().values(by).annotate(count=Count("pk")).values_list(by, "count")
