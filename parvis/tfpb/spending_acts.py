"""Writing what lines have cost, and moving planned money between them during the year."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.partners.rights import Refused
from parvis.tfpb.axes import valuation_choices, valuation_rules
from parvis.tfpb.bilan_models import Bilan, Spending
from parvis.tfpb.holding import held
from parvis.tfpb.programme_models import Line, Programme, Transfer
from parvis.tfpb.programme_things import LINE
from parvis.tfpb.sums import moved_by_line
from parvis.tfpb.workflow import BILAN_WRITTEN, SPENT
from parvis.thread.acts import Happening, record, record_many
from parvis.ui.words import euros_in_words

TRANSFERS = "virement"  # the rule of data/valuation.toml


def why_closed(programme: Programme, bilan: Bilan | None) -> str:
    """Why nothing may be spent on this programme now, in words; empty when it may."""
    if programme.state not in SPENT:
        return (
            f"Ce programme est {programme.get_state_display()} : les dépenses se saisissent quand "
            "il est annexé à la convention ou en cours."
        )
    if bilan is not None and bilan.state not in BILAN_WRITTEN:
        return f"Le bilan est {bilan.get_state_display()} : les dépenses ne changent plus."
    return ""


def _open(programme: Programme) -> Programme:
    """The programme in hand, as long as money may be told; Refused otherwise."""
    fresh = held(programme)
    why = why_closed(fresh, Bilan.objects.filter(programme=fresh).first())
    if why:
        raise Refused(f"{why} Ce que vous venez d’écrire n’a pas été enregistré.")
    return fresh


def write_spending(
    programme: Programme, *, actor: Actor, spending: Spending | None = None, **fields: Any
) -> Spending:
    """Write down what a line has cost over a period, or correct it. `own_funding` left out is what
    others did not pay.

    ValidationError by field when amounts or days contradict each other.
    """
    with transaction.atomic():
        fresh = _open(programme)
        given = spending or Spending(at=timezone.now())
        for name, value in fields.items():
            setattr(given, name, value)
        if given.own_funding is None:
            given.own_funding = max(given.amount - given.other_funding, Decimal(0))
        check_spending(fresh, given)
        given.full_clean()
        given.save()
        _tell(actor, given.line_id, given.amount)
    return given


def check_spending(programme: Programme, given: Spending) -> None:
    """ValidationError by field when this spending is not one of this programme."""
    faults: dict[str, str] = {}
    if given.line.programme_id != programme.pk:
        faults["line"] = "Cette ligne est d’un autre programme."
    if {given.starts_on.year, given.ends_on.year} != {programme.year}:
        faults["ends_on"] = (
            f"La période est celle du travail payé, en {programme.year}, même si la facture est "
            "venue après."
        )
    if given.own_funding + given.other_funding != given.amount:
        faults["other_funding"] = (
            "Le financement du bailleur et celui des autres font ensemble la dépense : "
            f"{euros_in_words(given.amount)}."
        )
    if given.valued > given.amount:
        faults["valued"] = "On ne valorise pas plus que ce qui a été dépensé."
    if faults:
        raise ValidationError(faults)


def add_spendings(
    programme: Programme, found: Iterable[Spending], *, actor: Actor
) -> list[Spending]:
    """Keep these entries of an accounting extract, those that are not counted already."""
    with transaction.atomic():
        fresh = _open(programme)
        known = set(
            Spending.objects.filter(line__programme=fresh)
            .exclude(reference="")
            .values_list("line_id", "reference")
        )
        kept = []
        for one in found:
            if (one.line_id, one.reference) in known:
                continue
            known.add((one.line_id, one.reference))
            check_spending(fresh, one)
            one.clean_fields(exclude=["line"])
            kept.append(one)
        Spending.objects.bulk_create(kept)
        record_many(
            actor,
            [
                Happening(LINE, line, "spent", new=f"{amount:.2f}", public=False)
                for line, amount in _by_line(kept).items()
            ],
        )
    return kept


def _by_line(kept: list[Spending]) -> dict[int, Decimal]:
    found: dict[int, Decimal] = {}
    for one in kept:
        found[one.line_id] = found.get(one.line_id, Decimal(0)) + one.amount
    return found


def remove_spending(programme: Programme, *, actor: Actor, spending: Spending) -> None:
    """It was written there by mistake."""
    with transaction.atomic():
        _open(programme)
        line, amount = spending.line_id, spending.amount
        spending.delete()
        _tell(actor, line, -amount)


def _tell(actor: Actor, line: int, amount: Decimal) -> None:
    record(actor, LINE, line, "spent", new=f"{amount:.2f}", public=False)


def transfer_rule(programme: Programme) -> tuple[str, str]:
    """What the convention says of transfers between lines: allowed, justify or refused; and the
    same in words. Where it says nothing, or there is none, the default of data/valuation.toml."""
    said = programme.convention.valuation if programme.convention else {}
    default = next(rule.default for rule in valuation_rules() if rule.code == TRANSFERS)
    choice = str(said.get(TRANSFERS) or default)
    words = valuation_choices().get(choice, choice)
    return choice, f"{words}{'' if TRANSFERS in said else ' (règle par défaut)'}"


def transfer(
    programme: Programme,
    *,
    actor: Actor,
    source: Line,
    target: Line,
    amount: Decimal,
    reason: str = "",
    on: date | None = None,
) -> Transfer:
    """Move planned money from one line to another, when the convention lets it. What was planned
    stays as it was sent; tables show it, the transfers, and what is planned after them."""
    with transaction.atomic():
        fresh = _open(programme)
        choice, _ = transfer_rule(fresh)
        if choice == "refused":
            raise Refused(
                "La convention refuse les virements d’une ligne à l’autre en cours d’année : "
                "demandez d’abord un avenant."
            )
        if choice == "justify" and not reason.strip():
            raise ValidationError(
                {"reason": "La convention demande de justifier : dites pourquoi."}
            )
        if fresh.pk not in (source.programme_id,) or source.programme_id != target.programme_id:
            raise ValidationError({"target": "Les deux lignes sont de ce programme."})
        left = source.spending + moved_by_line(fresh.lines.all()).get(source.pk, Decimal(0))
        if amount > left:
            raise ValidationError(
                {"amount": f"Il ne reste que {euros_in_words(left)} prévus sur cette ligne."}
            )
        made = Transfer(
            programme=fresh,
            source=source,
            target=target,
            amount=amount,
            reason=reason.strip(),
            on=on or timezone.localdate(),
            organisation_id=actor.organisation_id or 0,
        )
        made.full_clean(exclude=["organisation"])
        made.save()
        figure = f"{amount:.2f}"
        record_many(
            actor,
            [
                Happening(LINE, source.pk, "transferred", new=f"-{figure}", public=False),
                Happening(LINE, target.pk, "transferred", new=figure, public=False),
            ],
        )
    return made
