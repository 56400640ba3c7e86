"""What is to watch over conventions of abatement: unsigned, refused, suspended, not declared,
without the programme of the year. One rule in SQL, for « À traiter », lists, pages and mails."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    DateField,
    Exists,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.utils import timezone

from parvis.partners.models import Agreement, Signature
from parvis.partners.rights import NOTHING
from parvis.places.models import Quartier
from parvis.tfpb.convention_models import Convention
from parvis.tfpb.convention_state import (
    IN_FORCE,
    ConventionState,
    current,
    suspensions,
    with_state,
)
from parvis.tfpb.convention_year import last_day, next_limit
from parvis.tfpb.law import LastDay, Territory
from parvis.tfpb.programme_models import Programme

FILE = Path(__file__).parent / "data" / "alerts.toml"
SUSPENDED, REFUSED, TO_SIGN, NO_PROGRAMME, TO_DECLARE = (
    "suspended",
    "refused",
    "to_sign",
    "no_programme",
    "to_declare",
)


@dataclass(frozen=True)
class Alert:
    """One thing to watch: in words, by which day, and where, when it is about some places."""

    code: str
    label: str
    due_on: date | None
    late: bool
    tax_year: int | None = None
    places: tuple[str, ...] = field(default=())


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def labels() -> dict[str, str]:
    """The words of each alert by its code."""
    return dict(_file()["labels"])


def near() -> timedelta:
    """How long before a last day people are told of it."""
    return timedelta(days=_file()["near"])


def programme_day(tax_year: int) -> date:
    """By when the programme of that tax year is expected: a usage, not a rule of law."""
    line = _file()["programme"]
    return LastDay(line["year"], line["month"], line["day"]).of(tax_year)


def year_to_come(on: date) -> int | None:
    """The next tax year, once its programme is asked for."""
    following = on.year + 1
    ahead = timedelta(days=_file()["programme"]["ahead"])
    return following if programme_day(following) - ahead <= on else None


def watched(rows: Any, on: date | None = None) -> Any:
    """These conventions `with_state`, and `alert`, the most serious of what is to watch, with the
    day by which it is due. What is over, or was replaced by an avenant, is not watched."""
    on = on or timezone.localdate()
    coming = year_to_come(on)
    rows = with_state(rows, on).annotate(
        in_use=Exists(current(Convention.objects.filter(pk=OuterRef("pk")))),
        lacks_now=_lacks(on.year),
        lacks_next=_lacks(coming) if coming else Value(False),
    )
    turned_down = Signature.objects.filter(
        agreement_id=OuterRef("agreement_id"), refused_on__isnull=False
    )
    unsigned = Q(awaited=True) | Q(begun=False)
    # Both annotations try the same conditions in the same order: the first that holds wins.
    order: list[tuple[Q, str, Any]] = [
        (Q(agreement__ends_on__lt=on) | Q(in_use=False), "", None),
        (Q(suspended=True), SUSPENDED, Subquery(suspensions(on).values("said_on")[:1])),
        (
            Q(refused=True),
            REFUSED,
            Subquery(turned_down.order_by("refused_on").values("refused_on")[:1]),
        ),
        (unsigned, TO_SIGN, _by_territory("signed", on)),
        (Q(lacks_now=True), NO_PROGRAMME, programme_day(on.year)),
        (
            Q(declared_on=None) | Q(declared_on__gt=on),
            TO_DECLARE,
            _by_territory("declared", on),
        ),
        (Q(lacks_next=True), NO_PROGRAMME, programme_day(on.year + 1)),
    ]
    return rows.annotate(
        alert=Case(
            *(When(condition, then=Value(code)) for condition, code, _ in order),
            default=Value(""),
            output_field=CharField(),
        ),
        alert_due_on=Case(
            *(
                When(condition, then=day if hasattr(day, "resolve_expression") else Value(day))
                for condition, _, day in order
            ),
            default=Value(None),
            output_field=DateField(null=True),
        ),
    )


def alerts_of(rows: list[Any], on: date | None = None) -> dict[int, list[Alert]]:
    """Everything to watch over these conventions (read by `watched`), the most serious first, by
    their id; four queries for places without a programme, none when no place lacks one."""
    on = on or timezone.localdate()
    lacking = [one for one in rows if _in_force(one) and (one.lacks_now or one.lacks_next)]
    coming = year_to_come(on)
    years = [on.year, *([coming] if coming else [])]
    places = places_without_programme(lacking, years)
    return {one.pk: _all_of(one, places, on) for one in rows}


def _in_force(row: Any) -> bool:
    """Whether what it lacks counts: it is signed, and not suspended, refused, over nor replaced."""
    return bool(row.alert) and row.state in IN_FORCE


def _all_of(row: Any, places: dict[tuple[int, int], list[str]], on: date) -> list[Alert]:
    if not row.alert:
        return []
    words = labels()
    found = []
    if row.alert in (SUSPENDED, REFUSED, TO_SIGN):
        due_on = row.alert_due_on
        late = row.alert != TO_SIGN
        found.append(Alert(row.alert, words[row.alert], due_on, late))
    for lacks, year in ((row.lacks_now, on.year), (row.lacks_next, on.year + 1)):
        if lacks and _in_force(row):
            day = programme_day(year)
            there = tuple(places.get((row.pk, year), ()))
            label = f"{words[NO_PROGRAMME]} {year}"
            found.append(Alert(NO_PROGRAMME, label, day, day < on, year, there))
    if row.state == ConventionState.SIGNED:
        limit = next_limit("declared", row.territory, on)
        found.append(
            Alert(
                TO_DECLARE,
                words[TO_DECLARE],
                limit.day if limit else None,
                late=False,
                tax_year=limit.tax_year if limit else None,
            )
        )
    # The most serious first, as in SQL.
    return sorted(found, key=lambda one: one.code != row.alert)


def places_without_programme(
    conventions: Iterable[Convention], years: Iterable[int]
) -> dict[tuple[int, int], list[str]]:
    """« Rives (Anzin) » for each crossing of these conventions (read with their landlord) that has
    no programme of its landlord, by convention and year; four queries, none for no convention."""
    wanted = list(years)
    held = {
        one.agreement_id: (one.pk, {one.landlord_id, one.landlord.successor_id} - {None})
        for one in conventions
    }
    if not held:
        return {}
    communes = _names_by(Agreement.communes.through, "commune", held)
    quartiers = _names_by(Agreement.quartiers.through, "quartier", held)
    named = {quartier for some in quartiers.values() for quartier in some}
    crossings = set(
        Quartier.communes.through.objects.filter(quartier_id__in=named).values_list(
            "quartier_id", "commune_id"
        )
    )
    landlords = {landlord for _, some in held.values() for landlord in some}
    known = set(
        Programme.objects.filter(year__in=wanted, landlord_id__in=landlords).values_list(
            "landlord_id", "commune_id", "quartier_id", "year"
        )
    )
    found: dict[tuple[int, int], list[str]] = {}
    for agreement, (pk, ours) in held.items():
        for quartier, name in quartiers.get(agreement, {}).items():
            for commune, town in communes.get(agreement, {}).items():
                if (quartier, commune) not in crossings:
                    continue
                for year in wanted:
                    if not any((one, commune, quartier, year) in known for one in ours):
                        found.setdefault((pk, year), []).append(f"{name} ({town})")
    return found


def _names_by(through: Any, what: str, agreements: Iterable[int]) -> dict[int, dict[int, str]]:
    """The names of the communes, or quartiers, of these agreements, by agreement and id."""
    rows = through.objects.filter(agreement_id__in=list(agreements)).order_by(f"{what}__name")
    found: dict[int, dict[int, str]] = {}
    for agreement, pk, name in rows.values_list("agreement_id", f"{what}_id", f"{what}__name"):
        found.setdefault(agreement, {})[pk] = name
    return found


def _lacks(tax_year: int) -> Any:
    """In SQL: signed by all, it would open that tax year, and a crossing of its communes and
    quartiers has no programme of its landlord for it."""
    here = Agreement.communes.through.objects.filter(
        agreement_id=OuterRef(OuterRef("agreement_id")), commune_id=OuterRef("commune_id")
    )
    named = Agreement.quartiers.through.objects.filter(
        agreement_id=OuterRef(OuterRef("agreement_id")), quartier_id=OuterRef("quartier_id")
    )
    written = Programme.objects.filter(
        Q(landlord_id=OuterRef(OuterRef("landlord_id")))
        | Q(landlord_id=OuterRef(OuterRef("landlord__successor_id"))),
        commune_id=OuterRef("commune_id"),
        quartier_id=OuterRef("quartier_id"),
        year=tax_year,
    )
    empty = Quartier.communes.through.objects.filter(Exists(here), Exists(named), ~Exists(written))
    in_time = NOTHING
    for territory in Territory:
        limit = last_day("signed", tax_year, territory)
        if limit is not None:
            in_time = in_time | Q(territory=territory, last_signed__lte=limit.day)
    covers = (
        Q(agreement__starts_on=None) | Q(agreement__starts_on__lte=date(tax_year, 12, 31))
    ) & (Q(agreement__ends_on=None) | Q(agreement__ends_on__gte=date(tax_year, 1, 1)))
    return Case(
        When(covers & in_time & Exists(empty), then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )


def _by_territory(what: str, on: date) -> Any:
    """In SQL: the next last day to do this, in each territory."""
    limits = {territory: next_limit(what, territory, on) for territory in Territory}
    return Case(
        *(
            When(territory=territory, then=Value(limit.day))
            for territory, limit in limits.items()
            if limit is not None
        ),
        default=Value(None),
        output_field=DateField(null=True),
    )
