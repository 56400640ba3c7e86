"""The conventions of abatement of the demonstration, in every state, and the contrat de ville to
which they are annexed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from parvis.partners.actors import NOBODY
from parvis.partners.models import Agreement, Organisation, Signature, start_of_day
from parvis.places.models import Commune, Quartier
from parvis.tfpb.models import Caution, Convention
from parvis.thread.acts import record

USUAL_SPAN = (date(2025, 1, 1), date(2030, 12, 31))


def load_conventions(
    facts: dict[str, Any],
    organisations: dict[str, Organisation],
    communes: dict[str, Commune],
    quartiers: dict[str, Quartier],
    today: date,
) -> dict[str, Convention]:
    """The conventions by their code."""
    contract = _load_contract(facts["contract"], organisations, quartiers)
    made: dict[str, Convention] = {}
    for row in facts["convention"]:
        starts_on, ends_on = row.get("span", USUAL_SPAN)
        amended = made.get(row.get("amends", ""))
        agreement = Agreement.objects.create(
            kind=Agreement.Kind.CONVENTION_TFPB,
            code=row["code"],
            title=row["title"],
            starts_on=starts_on,
            ends_on=ends_on,
            amends=amended.agreement if amended else None,
        )
        agreement.communes.set([communes[code] for code in row["communes"]])
        agreement.quartiers.set([quartiers[code] for code in row["quartiers"]])
        _sign(agreement, row, organisations, today)
        convention = Convention.objects.create(
            agreement=agreement,
            landlord=organisations[row["landlord"]],
            contract=None if "span" in row else contract,
            held_previous_year="span" not in row,
            declared_on=row.get("declared"),
        )
        begun = min(
            _day(one, today) for one in [*row["signed"].values(), *row["voted"].values(), 7]
        )
        record(
            NOBODY,
            "tfpb_convention",
            convention.pk,
            "opened",
            public=False,
            at=start_of_day(begun - timedelta(days=30)),
        )
        if "caution" in row:
            days, reason = row["caution"]
            Caution.objects.create(
                convention=convention,
                kind=Caution.Kind.WARNING,
                said_on=today - timedelta(days=days),
                by=organisations["etat"],
                reason=reason,
            )
        made[row["code"]] = convention
    return made


def _load_contract(
    row: dict[str, Any], organisations: dict[str, Organisation], quartiers: dict[str, Quartier]
) -> Agreement:
    signatories = row.pop("signatories")
    contract = Agreement.objects.create(**row)
    contract.quartiers.set(quartiers.values())
    contract.communes.set(
        Commune.objects.filter(
            quartiers__isnull=False, epci_siren=organisations["agglomeration"].siren
        ).distinct()
    )
    Signature.objects.bulk_create(
        Signature(agreement=contract, organisation=organisations[key], signed_on=contract.starts_on)
        for key in signatories
    )
    return contract


def _sign(
    agreement: Agreement, row: dict[str, Any], organisations: dict[str, Organisation], today: date
) -> None:
    """Each party with the day on which it voted and signed, or refused."""
    refused: dict[str, list[Any]] = row.get("refused", {})
    for key in (row["landlord"], *row["communes"], "agglomeration", "etat"):
        days, why = refused.get(key, (None, ""))
        Signature.objects.create(
            agreement=agreement,
            organisation=organisations[key],
            voted_on=_day(row["voted"][key], today) if key in row["voted"] else None,
            signed_on=_day(row["signed"][key], today) if key in row["signed"] else None,
            refused_on=_day(days, today) if days is not None else None,
            refusal=why,
        )


def _day(told: date | int, today: date) -> date:
    """A day, or so many days ago."""
    return told if isinstance(told, date) else today - timedelta(days=told)
