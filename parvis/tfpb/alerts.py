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
from django.db.models.functions import Coalesce
from django.utils import timezone

from parvis.partners.models import Agreement, Signature
from parvis.partners.rights import NOTHING
from parvis.places.models import Quartier
from parvis.tfpb.convention_models import Convention
from parvis.tfpb.convention_state import current, suspensions, with_state
from parvis.tfpb.convention_year import last_day, next_limit
from parvis.tfpb.law import LastDay, Territory
from parvis.tfpb.programme_models import Programme
from parvis.tfpb.workflow import ProgrammeState

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


def programme_year(on: date) -> int:
    """The tax year whose programme is looked for: this one, then the next once it is asked for."""
    following = on.year + 1
    ahead = timedelta(days=_file()["programme"]["ahead"])
    return following if programme_day(following) - ahead <= on else on.year


def watched(rows: Any, on: date | None = None) -> Any:
    """These conventions `with_state`, and `alert`, the most serious of what is to watch, with the
    day by which it is due. What is over, or was replaced by an avenant, is not watched."""
    on = on or timezone.localdate()
    year = programme_year(on)
    rows = with_state(rows, on).annotate(
        in_use=Exists(current(Convention.objects.filter(pk=OuterRef("pk")))), lacks=_lacks(year)
    )
    refusals = Signature.objects.filter(
        agreement_id=OuterRef("agreement_id"), refused_on__isnull=False
    ).order_by("refused_on")
    to_declare = Q(declared_on=None) | Q(declared_on__gt=on)
    return rows.annotate(
        alert=Case(
            When(Q(agreement__ends_on__lt=on) | Q(in_use=False), then=Value("")),
            When(suspended=True, then=Value(SUSPENDED)),
            When(refused=True, then=Value(REFUSED)),
            When(Q(awaited=True) | Q(begun=False), then=Value(TO_SIGN)),
            When(to_declare, then=Value(TO_DECLARE)),
            When(lacks=True, then=Value(NO_PROGRAMME)),
            default=Value(""),
            output_field=CharField(),
        ),
        # In the same order, and of what has an alert alone: SQL writes it again many times.
        alert_due_on=Coalesce(
            Subquery(suspensions(on).values("said_on")[:1]),
            Subquery(refusals.values("refused_on")[:1]),
            Case(
                *_by_territory(Q(awaited=True), "signed", on),
                *_by_territory(to_declare, "declared", on),
                When(Q(awaited=True) | to_declare, then=Value(None)),
                default=Value(programme_day(year)),
                output_field=DateField(null=True),
            ),
        ),
    )


def alerts_of(rows: list[Any], on: date | None = None) -> dict[int, list[Alert]]:
    """Everything to watch over these conventions (read by `watched`), the most serious first, by
    their id; four queries for places without a programme, none when no place lacks one."""
    on = on or timezone.localdate()
    year = programme_year(on)
    lacking = [one for one in rows if one.lacks and one.alert in (TO_DECLARE, NO_PROGRAMME)]
    places = places_without_programme(lacking, year)
    words, day = labels(), programme_day(year)
    found: dict[int, list[Alert]] = {one.pk: [] for one in rows}
    for one in rows:
        if one.alert and one.alert != NO_PROGRAMME:
            late = one.alert in (SUSPENDED, REFUSED)
            found[one.pk].append(Alert(one.alert, words[one.alert], one.alert_due_on, late))
    for one in lacking:
        label, there = f"{words[NO_PROGRAMME]} {year}", tuple(places.get(one.pk, ()))
        found[one.pk].append(Alert(NO_PROGRAMME, label, day, day < on, year, there))
    return found


def places_without_programme(
    conventions: Iterable[Convention], tax_year: int
) -> dict[int, list[str]]:
    """« Rives (Anzin) » for each crossing of these conventions (read with their landlord) that has
    no programme of its landlord for that year, by convention; four queries, or none."""
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
        # A draft is its landlord's own affair: it tells nobody that there is a programme.
        Programme.objects.filter(year=tax_year, landlord_id__in=landlords)
        .exclude(state=ProgrammeState.DRAFT)
        .values_list("landlord_id", "commune_id", "quartier_id")
    )
    found: dict[int, list[str]] = {}
    for agreement, (pk, ours) in held.items():
        for quartier, name in quartiers.get(agreement, {}).items():
            for commune, town in communes.get(agreement, {}).items():
                if (quartier, commune) not in crossings:
                    continue
                if not any((one, commune, quartier) in known for one in ours):
                    found.setdefault(pk, []).append(f"{name} ({town})")
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
    ).exclude(state=ProgrammeState.DRAFT)
    empty = Quartier.communes.through.objects.filter(Exists(here), Exists(named), ~Exists(written))
    limits = {territory: last_day("signed", tax_year, territory) for territory in Territory}
    days = {territory: limit.day for territory, limit in limits.items() if limit is not None}
    in_time = NOTHING
    for day, where in _together(days).items():
        in_time = in_time | (where & Q(last_signed__lte=day))
    covers = (
        Q(agreement__starts_on=None) | Q(agreement__starts_on__lte=date(tax_year, 12, 31))
    ) & (Q(agreement__ends_on=None) | Q(agreement__ends_on__gte=date(tax_year, 1, 1)))
    return Case(
        When(covers & in_time & Exists(empty), then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )


def _by_territory(condition: Q, what: str, on: date) -> list[When]:
    """In SQL: the next last day to do this, in each territory; once when it is the same in all."""
    limits = {territory: next_limit(what, territory, on) for territory in Territory}
    days = {territory: limit.day for territory, limit in limits.items() if limit is not None}
    return [When(condition & where, then=Value(day)) for day, where in _together(days).items()]


def _together(days: dict[Territory, date]) -> dict[date, Q]:
    """Each of these days with the territories where it holds."""
    found: dict[date, Q] = {}
    for day in sorted(set(days.values())):
        there = [territory for territory, one in days.items() if one == day]
        found[day] = Q() if len(there) == len(Territory) else Q(territory__in=there)
    return found
